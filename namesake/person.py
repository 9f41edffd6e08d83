"""The values that travel: who is asked about, who was found, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from namesake.dates import PartialDate

TRAITS = (
    "surname", "given", "patronymic", "born", "birthplace", "unit", "service_number", "father", "mother_maiden",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A person as somebody described him, every text as written; an empty trait was not given.

    `full` is an undivided name in any order, `aliases` are other spellings of the whole name or of the
    surname. `born` is a text ("1990-05-28", "28.05.1990", "1990", "~1985") or a PartialDate.
    """

    surname: str = ""
    given: str = ""
    patronymic: str = ""
    full: str = ""
    born: str | PartialDate = ""
    birthplace: str = ""
    unit: str = ""
    service_number: str = ""
    father: str = ""
    mother_maiden: str = ""
    aliases: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Person(…)"  # names never reach a log or a traceback by way of a repr


class ReasonCode(StrEnum):
    """What was seen when two traits were laid side by side. `Reason.values` holds what a sentence needs."""

    SURNAME_SAME = "surname_same"
    SURNAME_ROMANISED = "surname_romanised"  # the same sounds, written in another script or manner
    SURNAME_CLOSE = "surname_close"  # values: edits (weighted, 1.0 = one unrelated letter)
    SURNAME_PART = "surname_part"  # one part of a compound surname, or a feminine or inflected form
    SURNAME_DIFFERENT = "surname_different"
    GIVEN_SAME = "given_same"
    GIVEN_ROMANISED = "given_romanised"
    GIVEN_EQUIVALENT = "given_equivalent"  # Микола, Николай, Мікалай
    GIVEN_DIMINUTIVE = "given_diminutive"  # Саша, Александр
    GIVEN_CLOSE = "given_close"
    GIVEN_INITIAL = "given_initial"
    GIVEN_DIFFERENT = "given_different"
    PATRONYMIC_SAME = "patronymic_same"
    PATRONYMIC_ROMANISED = "patronymic_romanised"
    PATRONYMIC_EQUIVALENT = "patronymic_equivalent"
    PATRONYMIC_CLOSE = "patronymic_close"
    PATRONYMIC_INITIAL = "patronymic_initial"
    PATRONYMIC_DIFFERENT = "patronymic_different"
    BORN_SAME = "born_same"
    BORN_DAY_MONTH_SWAPPED = "born_day_month_swapped"
    BORN_OFF_BY_A_YEAR = "born_off_by_a_year"  # the same day of another year; values: years
    BORN_OFF_BY_DAYS = "born_off_by_days"  # the same month; values: days
    BORN_OTHER_MONTH = "born_other_month"  # the same year and day
    BORN_SAME_MONTH = "born_same_month"  # year and month, no more is known
    BORN_SAME_YEAR = "born_same_year"  # the year, no more is known
    BORN_ABOUT = "born_about"  # an uncertain year that fits; values: years
    BORN_YEAR_CLOSE = "born_year_close"  # values: years
    BORN_DIFFERENT_DAY = "born_different_day"  # the same year, and another day
    BORN_DIFFERENT = "born_different"
    BIRTHPLACE_SAME = "birthplace_same"
    BIRTHPLACE_CLOSE = "birthplace_close"
    BIRTHPLACE_DIFFERENT = "birthplace_different"
    UNIT_SAME = "unit_same"
    UNIT_ONE_DIGIT = "unit_one_digit"
    UNIT_DIFFERENT = "unit_different"
    SERVICE_NUMBER_SAME = "service_number_same"
    SERVICE_NUMBER_ONE_DIGIT = "service_number_one_digit"
    SERVICE_NUMBER_DIFFERENT = "service_number_different"
    FATHER_SAME = "father_same"
    FATHER_CLOSE = "father_close"
    FATHER_DIFFERENT = "father_different"
    MOTHER_MAIDEN_SAME = "mother_maiden_same"
    MOTHER_MAIDEN_CLOSE = "mother_maiden_close"
    MOTHER_MAIDEN_DIFFERENT = "mother_maiden_different"


REASON_CODES = tuple(ReasonCode)
_NO_VALUES: Mapping[str, str | int | float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the values a sentence about it needs.

    Common values: `one_in` (the recorded trait is borne by one in so many), `edits`, `years`, `days`,
    `swapped` (1 where surname and given name stood in each other's field), `alias` (1 where another
    spelling matched).
    """

    code: ReasonCode
    values: Mapping[str, str | int | float] = field(default_factory=lambda: _NO_VALUES)


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """How far one trait speaks for a pair (bits above zero) or against it, and why."""

    trait: str
    bits: float
    reason: Reason
    left: str
    right: str

    def __repr__(self) -> str:
        return f"Evidence({self.trait}, {self.bits:+.2f}, {self.reason.code})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two descriptions laid side by side. `bits` is the sum of the evidence; silent traits are absent.

    `probability` is that the two are one person, given how many persons the index holds and how often
    a person asked about is among them; without an index it stands for a register of a million.
    """

    bits: float
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One found in the index. `probability` weighs him against all his namesakes, and against nobody."""

    key: int
    bits: float
    probability: float
