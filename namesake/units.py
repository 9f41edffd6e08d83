"""Numbers of military units and of persons: what remains when punctuation and words are taken away."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_NUMBER = 16  # signs kept of a number
_WORDS = re.compile(
    r"\b(?:в\s*[/.\\-]?\s*ч|войсков\w+|військов\w+|частина?ь?|часть|v\s*/\s*ch|unit|military|no|№)\b\.?|№|№",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[^\W_]", re.UNICODE)
_LOOKALIKE = str.maketrans("АВСЕНІКМОРТХУ", "ABCEHIKMOPTXY")


@lru_cache(maxsize=1 << 16)
def number_of(text: str) -> bytes:
    """The signs of a number that count, in capitals and in one script: "в/ч А-1234" gives b"A1234"."""
    text = text[:100]
    if not text.isdecimal():
        text = _WORDS.sub(" ", text)
    signs = "".join(_SIGN.findall(text.upper())).translate(_LOOKALIKE)
    # Letters of other scripts are kept apart by their code, so that a number never equals another by accident.
    return b"".join(s.encode() if s.isascii() else (b"%x" % ord(s))[-2:] for s in signs)[:LONGEST_NUMBER]
