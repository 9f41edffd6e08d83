"""Public names of rows: random digits with a check digit, so they can be spoken and mistyped safely.

The check digit is Damm's (H. M. Damm, *Total anti-symmetrische Quasigruppen*, Marburg 2004): it finds every
single wrong digit and every pair of neighbours that changed places.
"""

import re
import secrets

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """Damm's check digit of a string of decimal digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def new(digits: int = 8) -> str:
    """A fresh reference such as `1234-5678-4`: random digits, then the check digit, written in fours."""
    body = f"{secrets.randbelow(10**digits):0{digits}d}"
    return _in_fours(body + check_digit(body))


def new_long() -> str:
    """A fresh reference of fifteen digits and a check digit, `1234-5678-9012-3456`, for rows that number in the millions.

    Of a million rows two are given the same with a chance of 1 in 2,000 (n²/2N); the column is unique, and the
    work that met it is done again with other digits.
    """
    return new(15)


def tidy(text: str) -> str:
    """The reference in its written form, from whatever spaces, dashes or dots a person typed; '' if it is none."""
    digits = re.sub(r"[\s.\-‐-―]", "", text)
    return _in_fours(digits) if re.fullmatch(r"[0-9]{9}|[0-9]{16}", digits) else ""


def _in_fours(digits: str) -> str:
    return "-".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def is_valid(text: str) -> bool:
    """Whether the text is a reference whose check digit agrees."""
    tidied = tidy(text)
    return bool(tidied) and check_digit(tidied.replace("-", "")) == "0"
