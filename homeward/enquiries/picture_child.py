"""Draws a photo or a paper anew in a process of its own, so that a hostile file can take down nothing but this process.

Started by `pictures.py` with a plain interpreter (nothing of the house is imported here): the file comes on standard
input; on standard output comes, for each page, a length and a JPEG that was drawn from its pixels alone. What else was in
the file (places, telephones, scripts, other files behind its end) does not come out.
"""

import io
import resource
import struct
import sys
from typing import Any

MEMORY = 1_400_000_000
SECONDS = 25
MOST_PIXELS = 40_000_000
MOST_PAGES = 12
LONGEST_SIDE = 2200
QUALITY = 82

REFUSED, TOO_LARGE, DAMAGED, LOCKED = 3, 4, 5, 6


def kind_of(content: bytes) -> str:
    """What the first bytes say it is; '' for everything that is not taken. A name or a declared type is never believed."""
    if content[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"):
        return "HEIF"
    return "PDF" if content[:5] == b"%PDF-" else ""


def as_jpeg(picture: Any) -> bytes:
    """The pixels alone, upright, not larger than a page has to be."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture) or picture
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        ground = Image.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright)
        upright = ground
    plain = Image.new("RGB", upright.size)
    plain.paste(upright.convert("RGB"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def pages_of(content: bytes) -> list[bytes]:
    """Each page of the file as a JPEG."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    kind = kind_of(content)
    if kind == "PDF":
        return _pages_of_pdf(content)
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    if not kind:
        sys.exit(REFUSED)
    with Image.open(io.BytesIO(content), formats=[kind]) as picture:
        # Asked before anything is unpacked: a bomb says how large it is.
        if picture.width * picture.height > MOST_PIXELS:
            sys.exit(TOO_LARGE)
        if kind == "JPEG":
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        return [as_jpeg(picture)]


def _pages_of_pdf(content: bytes) -> list[bytes]:
    import pypdfium2

    try:
        paper = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        sys.exit(LOCKED if "password" in str(fault).lower() else DAMAGED)
    if len(paper) > MOST_PAGES:
        sys.exit(TOO_LARGE)
    pages = []
    for page in paper:
        width, height = page.get_size()
        if not 1 <= min(width, height) <= max(width, height) <= 20_000:
            sys.exit(TOO_LARGE)
        pages.append(as_jpeg(page.render(scale=min(2.0, LONGEST_SIDE / max(width, height))).to_pil()))
        page.close()
    return pages


def main() -> int:
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))
    from PIL import Image, UnidentifiedImageError

    try:
        pages = pages_of(sys.stdin.buffer.read())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return TOO_LARGE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, IndexError, KeyError, struct.error, RuntimeError):
        return DAMAGED
    if not pages:
        return DAMAGED
    for page in pages:
        sys.stdout.buffer.write(struct.pack(">I", len(page)) + page)
    sys.stdout.buffer.write(struct.pack(">I", 0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
