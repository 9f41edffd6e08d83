"""Signatures as they come in: a drawing from the page or a picture from a file, decoded, made small and drawn anew."""

import base64
import binascii
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from homeward.handover.models import Method, Role
from homeward.lib.refusals import Refusal

_LARGEST_BYTES = 6_000_000
_LARGEST_PIXELS = 40_000_000
_PREFIX = "data:image/png;base64,"


class NotASignature(Refusal):
    """What came in cannot be read as a picture, or nothing is drawn on it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature, its picture as PNG."""

    role: Role
    method: Method
    name: str
    picture: bytes


def drawn(text: str) -> bytes:
    """The picture a canvas sent."""
    if not text.startswith(_PREFIX) or len(text) > _LARGEST_BYTES:
        raise NotASignature(_("A signature could not be read. Draw it again."))
    try:
        return base64.b64decode(text[len(_PREFIX) :], validate=True)
    except binascii.Error:
        raise NotASignature(_("A signature could not be read. Draw it again.")) from None


def as_png(content: bytes, *, wide: int = 900) -> bytes:
    """The picture drawn anew in greys: nothing of the file but what is seen comes in. Refuses what is blank."""
    if len(content) > _LARGEST_BYTES:
        raise NotASignature(_("This picture is too large."))
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"]) as opened:
            if opened.width * opened.height > _LARGEST_PIXELS:
                raise NotASignature(_("This picture is too large."))
            sheet = Image.new("RGBA", opened.size, "white")
            sheet.alpha_composite(opened.convert("RGBA"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NotASignature(_("This file is not a picture that can be read.")) from None
    grey = sheet.convert("L")
    grey.thumbnail((wide, wide))
    darkest, lightest = grey.getextrema()  # type: ignore[misc]
    if lightest - darkest < 40:  # type: ignore[operator]
        raise NotASignature(_("A signature is empty. Draw it, or photograph the paper."))
    written = io.BytesIO()
    grey.save(written, "PNG", optimize=True)
    return written.getvalue()
