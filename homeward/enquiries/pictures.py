"""Photos and papers from families: drawn anew in a child process, sealed in a file under a key of their own."""

import os
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from homeward.enquiries import picture_child
from homeward.enquiries.models import Document
from homeward.lib import paths
from homeward.lib.gate import Gate, GateFull
from homeward.lib.refusals import Refusal
from homeward.lib.sealed import SealBroken

LARGEST = 15_000_000
LONGEST_WAIT = 40
MOST_DOCUMENTS = 8
GATE = Gate("pictures", at_once=2, queue=12)
_CHILD = Path(__file__).resolve().parent / "picture_child.py"


class NotTaken(Refusal):
    """The file cannot be taken; the sentence says what can."""

    status = 400


def drawn_anew(content: bytes) -> list[bytes]:
    """Each page as a JPEG that holds nothing but its pixels. Raises NotTaken."""
    if len(content) > LARGEST:
        raise NotTaken(_too_large())
    if not picture_child.kind_of(content[:16]):
        raise NotTaken(
            _(
                "This kind of file cannot be taken. A photo can (JPEG, PNG, WebP, HEIC), and so can a PDF of up to 12 pages."
            )
        )
    try:
        with GATE.passing():
            done = subprocess.run(
                [sys.executable, "-I", str(_CHILD)],
                input=content, capture_output=True, timeout=LONGEST_WAIT, check=False, env={"LC_ALL": "C.UTF-8"},
            )  # fmt: skip
    except GateFull:
        raise NotTaken(_("Many files are coming in at this moment. Try again in a minute.")) from None
    except subprocess.TimeoutExpired:
        raise NotTaken(_too_large()) from None
    if done.returncode:
        raise NotTaken(_said_of(done.returncode))
    pages, rest = [], done.stdout
    while (length := struct.unpack(">I", rest[:4])[0]) > 0:
        pages.append(rest[4 : 4 + length])
        rest = rest[4 + length :]
    return pages


def _too_large() -> str:
    return _("This file is too large. A photo taken with a telephone is just right.")


def _said_of(code: int) -> str:
    if code == picture_child.LOCKED:
        return _("This PDF is locked with a password. Take a photo of the paper instead.")
    if code in (picture_child.TOO_LARGE, -6, -9, -24):
        return _too_large()
    return _("This file could not be opened. Try another photo of the same paper.")


def keep(pages: list[bytes], document: Document) -> None:
    """Seal the pages into the file of this document and write its key, count and size into the row. The row is not saved."""
    key = os.urandom(32)
    plain = b"".join(struct.pack(">I", len(page)) + page for page in pages)
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, plain, document.reference.encode())
    target = path_of(document.reference)
    aside = target.with_suffix(".new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, target)
    document.key, document.pages, document.size = key.hex(), len(pages), len(sealed)


def pages_of(document: Document) -> list[bytes]:
    """The pages again. Raises SealBroken where the file is gone or was altered."""
    try:
        sealed = path_of(document.reference).read_bytes()
        plain = AESGCM(bytes.fromhex(str(document.key))).decrypt(sealed[:12], sealed[12:], document.reference.encode())
    except (FileNotFoundError, InvalidTag) as broken:
        raise SealBroken(f"document {document.reference} does not open") from broken
    pages, position = [], 0
    while position < len(plain):
        (length,) = struct.unpack_from(">I", plain, position)
        pages.append(plain[position + 4 : position + 4 + length])
        position += 4 + length
    return pages


def path_of(reference: str) -> Path:
    """Where the pages of this document lie."""
    folder = paths.home() / "papers"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{reference}.sealed"


def forget(references: list[str]) -> None:
    """Remove the files; without the key in the row they were unreadable already."""
    for reference in references:
        path_of(reference).unlink(missing_ok=True)


def marked(page: bytes, code: str) -> bytes:
    """The page with the code of whoever looks laid over it again and again, so that a photograph of the screen names her."""
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(BytesIO(page), formats=["JPEG"]) as picture:
        below = picture.convert("RGB")
    size = max(14, below.width // 45)
    over = Image.new("L", (below.width, below.height), 0)
    draw, font = ImageDraw.Draw(over), ImageFont.load_default(size)
    for row, top in enumerate(range(0, below.height, size * 7)):
        for left in range(-(row % 2) * size * 8, below.width, size * 18):
            draw.text((left, top), code, fill=96, font=font)
    below.paste(Image.new("RGB", below.size, "white"), mask=over)
    below.paste(Image.new("RGB", below.size, "black"), (1, 1), mask=over)
    out = BytesIO()
    below.save(out, "JPEG", quality=80)
    return out.getvalue()
