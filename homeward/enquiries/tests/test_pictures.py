"""What families send is drawn anew or refused: nothing of the file itself comes through."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from homeward.enquiries import pictures
from homeward.enquiries.models import Document
from homeward.lib.sealed import SealBroken

MARKER = b"MARKER-50.4501N-30.5234E"


def jpeg(size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG", **options)
    return out.getvalue()


def png(size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG", **options)
    return out.getvalue()


def with_places() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = MARKER.decode()
    exif.get_ifd(0x8825)[2] = (50.0, 27.0, 0.36)
    exif.get_ifd(0x8825)[29] = MARKER.decode()
    return jpeg(exif=exif, comment=MARKER)


def bomb(width: int, height: int) -> bytes:
    """A PNG of these measures in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    row = zlib.compress(b"\0" * min((width * 3 + 1) * min(height, 2000), 50_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def pdf(pages: int = 1, *, script: str = "", side: float = 300) -> bytes:
    """A small PDF by hand, with a script that opens something if anybody lets it."""
    kids = " ".join(f"{3 + number} 0 R" for number in range(pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS ({script}) >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {side} {side}] >>" for _number in range(pages)),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj {body} endobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def macro_document() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("word/vbaProject.bin", MARKER)
    return out.getvalue()


def webp() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (60, 40), (0, 128, 128, 100)).save(out, "WEBP")
    return out.getvalue()


def heic() -> bytes:
    import pillow_heif

    out = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "teal")).save(out, format="HEIF")
    return out.getvalue()


TAKEN = {
    "a photo with places in it": with_places(),
    "a photo with a web page behind its end": jpeg() + b"<script>alert('" + MARKER + b"')</script>",
    "a photo with an archive behind its end": jpeg() + macro_document(),
    "a picture with a text in it": png() + MARKER,
    "a picture of WebP": webp(),
    "a picture as telephones take it": heic(),
    "a paper with a script": pdf(2, script=f"app.alert('{MARKER.decode()}')"),
    "a large photo": jpeg((7000, 5000)),
}
REFUSED = {
    "nothing": b"",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a web page": b"<!doctype html><script>alert(1)</script>",
    "an office file with macros": macro_document(),
    "an old office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MARKER * 40,
    "a program": b"\x7fELF" + MARKER * 40,
    "a moving picture": b"GIF89a" + b"\0" * 60,
    "a web page that says it is a photo": b"\xff\xd8\xff<script>" + MARKER,
    "half a photo": jpeg((600, 400), quality=95)[:400],
    "a paper behind a picture's first bytes": b"GIF89a" + pdf(),
    "a picture of a thousand million pixels": bomb(32000, 32000),
    "a picture larger than forty million": bomb(8000, 5001),
    "a paper of thirteen pages": pdf(13),
    "a paper a mile wide": pdf(side=90_000),
    "a broken paper": b"%PDF-1.7\n" + MARKER * 100,
    "too many bytes": b"\xff\xd8\xff" + b"\0" * pictures.LARGEST,
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_drawn_anew(name: str) -> None:
    pages = pictures.drawn_anew(TAKEN[name])

    for page in pages:
        assert page[:3] == b"\xff\xd8\xff"
        assert page.endswith(b"\xff\xd9")
        assert not any(mark in page for mark in (MARKER, b"script", b"PK\x03\x04", b"Exif", b"%PDF"))
        with Image.open(BytesIO(page)) as picture:
            assert max(picture.size) <= 2200
            assert not picture.getexif()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(pictures.NotTaken) as refused:
        pictures.drawn_anew(REFUSED[name])

    assert str(refused.value).endswith(".")


def test_a_photo_taken_upside_down_comes_out_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = pictures.drawn_anew(jpeg((60, 40), exif=exif))

    with Image.open(BytesIO(page)) as picture:
        assert picture.size == (40, 60)


def test_the_file_tells_nothing_without_the_key_of_its_row() -> None:
    document = Document(kind=Document.Kind.PHOTO)
    pictures.keep([b"\xff\xd8\xff" + MARKER], document)

    assert MARKER not in pictures.path_of(document.reference).read_bytes()
    assert pictures.pages_of(document) == [b"\xff\xd8\xff" + MARKER]
    path = pictures.path_of(document.reference)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(SealBroken):
        pictures.pages_of(document)
    pictures.forget([document.reference])
    with pytest.raises(SealBroken):
        pictures.pages_of(document)
