"""The single-use code of a paper: sixteen random digits and a check digit, spoken or typed; kept only as a keyed hash."""

import re

from homeward.lib import references
from homeward.lib.sealed import blind_index


def new() -> str:
    """A fresh code such as `1234-5678-9012-3456-7` (53 bits)."""
    return references.new(16)


def tidy(typed: str) -> str:
    """The digits of a code that may exist; "" for what cannot be one (length or check digit)."""
    digits = re.sub(r"[\s.\-‐-―]", "", typed[:60])
    if not re.fullmatch(r"[0-9]{17}", digits) or references.check_digit(digits) != "0":
        return ""
    return digits


def index_of(digits: str) -> bytes:
    """By which a code is found again without being kept."""
    return blind_index("family", "paper code", digits)
