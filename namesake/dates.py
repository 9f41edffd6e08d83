"""Birth dates as people give them: whole, partial, uncertain, mistyped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_MONTHS = {
    "янв": 1, "січ": 1, "сту": 1, "jan": 1, "фев": 2, "лют": 2, "feb": 2, "мар": 3, "бер": 3, "сак": 3, "mar": 3,
    "апр": 4, "кві": 4, "кра": 4, "apr": 4, "май": 5, "мая": 5, "тра": 5, "may": 5, "июн": 6, "чер": 6, "jun": 6,
    "июл": 7, "лип": 7, "ліп": 7, "jul": 7, "авг": 8, "сер": 8, "жні": 8, "aug": 8, "сен": 9, "вер": 9, "sep": 9,
    "окт": 10, "жов": 10, "кас": 10, "oct": 10, "ноя": 11, "лис": 11, "nov": 11, "дек": 12, "гру": 12, "сне": 12,
    "сне́": 12, "dec": 12, "mai": 5, "okt": 10, "dez": 12, "juin": 6, "juil": 7, "aoû": 8, "avr": 4, "fév": 2, "déc": 12,
}  # fmt: skip
_ABOUT = re.compile(r"[~≈±?]|\b(?:около|ок|прибл|приблизно|близько|примерно|circa|ca|about|approx)\b", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./\s](\d{1,2})[-./\s](\d{4}|\d{2})(?!\d)")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-./](\d{4})(?!\d)")
_WORDED = re.compile(r"(?:(\d{1,2})\W{0,3})?([^\W\d_]{3,12})\W{0,3}(?:(\d{1,2}),\W{0,2})?(\d{4}|\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_FIRST_YEAR, _LAST_YEAR = 1850, 2099
_TWO_DIGIT_TURN = 25  # 00..25 are read as 2000..2025, above as 1926..1999
ABOUT_YEARS = 3  # what "about 1985" is taken to mean when nothing else is said
LONGEST_DATE = 60


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which parts may be unknown (0). `spread` is by how many years the year may be off.

    Days that no calendar has ("31.02.1990") are kept as written: the clerk mistyped something, and the
    rest of the date still speaks.
    """

    year: int = 0
    month: int = 0
    day: int = 0
    spread: int = 0

    def __bool__(self) -> bool:
        return self.year > 0

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date a text gives; an empty one where nothing is to be read. Never raises."""
        return _parse(text[:LONGEST_DATE])

    @classmethod
    def from_age(cls, age: int, year: int) -> PartialDate:
        """The birth year of somebody said to be of this age in that year: known to about a year."""
        return cls(year - age, spread=1) if _FIRST_YEAR < year - age <= _LAST_YEAR else cls()

    @property
    def is_whole(self) -> bool:
        return self.year > 0 and self.month > 0 and self.day > 0 and self.spread == 0

    def packed(self) -> int:
        """The date in 24 bits, as the kernels read it."""
        return self.year << 12 | self.month << 8 | self.day << 3 | min(self.spread, 7)

    def __str__(self) -> str:
        if not self.year:
            return ""
        parts = f"{self.year:04d}"
        if self.month:
            parts += f"-{self.month:02d}"
            if self.day:
                parts += f"-{self.day:02d}"
        return "~" + parts if self.spread else parts


def _checked(year: int, month: int, day: int, spread: int) -> PartialDate:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return PartialDate()
    if month > 12 and day <= 12:
        month, day = day, month
    if not 1 <= month <= 12:
        return PartialDate(year, 0, 0, spread)
    return PartialDate(year, month, day if 1 <= day <= 31 else 0, spread)


def _whole_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year <= _TWO_DIGIT_TURN else 1900 + year


@lru_cache(maxsize=1 << 16)
def _parse(text: str) -> PartialDate:
    if len(text) == 10 and text[4] == "-" and text[7] == "-":  # by far the commonest form
        year, month, day = text[:4], text[5:7], text[8:]
        if year.isdecimal() and month.isdecimal() and day.isdecimal():
            return _checked(int(year), int(month), int(day), 0)
    spread = ABOUT_YEARS if _ABOUT.search(text) else 0
    if match := _DAY_FIRST.search(text):
        return _checked(_whole_year(match[3]), int(match[2]), int(match[1]), spread)
    if match := _ISO.search(text):
        return _checked(int(match[1]), int(match[2]), int(match[3] or 0), spread)
    if match := _MONTH_FIRST.search(text):
        return _checked(int(match[2]), int(match[1]), 0, spread)
    for match in _WORDED.finditer(text.lower()):
        in_words = _MONTHS.get(match[2][:4]) or _MONTHS.get(match[2][:3])
        if in_words:
            return _checked(_whole_year(match[4]), in_words, int(match[1] or match[3] or 0), spread)
    if match := _YEAR.search(text):
        return _checked(int(match[1]), 0, 0, spread)
    return PartialDate()


def as_date(born: str | PartialDate) -> PartialDate:
    """Whatever form a birth date came in, as a PartialDate."""
    return born if isinstance(born, PartialDate) else _parse(born[:LONGEST_DATE]) if born else _NOTHING


_NOTHING = PartialDate()
