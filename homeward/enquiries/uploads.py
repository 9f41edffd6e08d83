"""What a family uploads stays in memory until it is sealed: it never lies readable on a disk."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from homeward.enquiries.pictures import LARGEST

# Past this nobody sends a photo: the line is cut.
_ABSURD = 6 * LARGEST


class InMemory(FileUploadHandler):
    """Keeps the first bytes of each file, one more than are taken, and lets the rest go by."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin."""
        super().new_file(*args, **kwargs)
        self.kept, self.seen = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what fits."""
        self.seen += len(raw_data)
        if self.seen > _ABSURD:
            raise StopUpload(connection_reset=True)
        if (room := LARGEST + 1 - self.kept.tell()) > 0:
            self.kept.write(raw_data[:room])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, at most one byte longer than is taken."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept, field_name=self.field_name, name="file", content_type="application/octet-stream",
            size=len(self.kept.getvalue()), charset=None,
        )  # fmt: skip
