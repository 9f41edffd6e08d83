"""Two descriptions of persons laid side by side, with every reason."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from namesake import encode, kernels
from namesake.dates import as_date
from namesake.encode import Name, Written
from namesake.person import REASON_CODES, TRAITS, Comparison, Evidence, Person, Reason, ReasonCode

if TYPE_CHECKING:
    from namesake.index import Index

_R = ReasonCode
_NAMED = {"surname": "SURNAME", "given": "GIVEN", "patronymic": "PATRONYMIC", "birthplace": "BIRTHPLACE",
          "father": "FATHER", "mother_maiden": "MOTHER_MAIDEN"}  # fmt: skip
_BORN_CODES = (
    _R.BORN_SAME, _R.BORN_DAY_MONTH_SWAPPED, _R.BORN_OFF_BY_A_YEAR, _R.BORN_OFF_BY_DAYS, _R.BORN_OFF_BY_DAYS, _R.BORN_OFF_BY_A_YEAR,
    _R.BORN_OTHER_MONTH, _R.BORN_SAME_MONTH, _R.BORN_SAME_YEAR, _R.BORN_ABOUT, _R.BORN_YEAR_CLOSE, _R.BORN_ABOUT,
    _R.BORN_DIFFERENT_DAY, _R.BORN_YEAR_CLOSE, _R.BORN_YEAR_CLOSE, _R.BORN_DIFFERENT,
)  # fmt: skip


def _code_for(trait: str, level: int) -> ReasonCode:
    if trait == "born":
        return _BORN_CODES[level]
    if trait in ("unit", "service_number"):
        return ReasonCode(f"{trait}_{('same', 'one_digit', 'different')[min(level, 2)]}")
    if level == kernels.SAME:
        word = "same"
    elif level == kernels.EQUIVALENT:
        word = "equivalent" if trait in ("given", "patronymic") else "same"
    elif level == kernels.INITIAL_FITS:
        word = "initial" if trait in ("given", "patronymic") else "close"
    elif level < kernels.DIFFERENT:
        word = "close"
    else:
        word = "different"
    return ReasonCode(f"{trait}_{word}")


def code_of_level() -> npt.NDArray[np.uint8]:
    """[trait, level] -> number of the reason code; the row of a silent level is 255."""
    table = np.full((len(TRAITS), 256), kernels.SILENT, np.uint8)
    for number, trait in enumerate(TRAITS):
        for level in range(kernels.LEVELS):
            table[number, level] = REASON_CODES.index(_code_for(trait, level))
    return table


def _script(text: str) -> str:
    for letter in text:
        if letter.isalpha():
            return unicodedata.name(letter, "").partition(" ")[0]
    return ""


_DIMINUTIVE_ENDS = ("ша", "шка", "ня", "ся", "ля", "ка", "ик", "ок", "чик", "нька", "ька", "ко")


def _reason(trait: str, level: int, distance: float, rarity: float, left: str, right: str, swapped: bool) -> Reason:
    code = _code_for(trait, level)
    values: dict[str, str | int | float] = {}
    if code is ReasonCode.SURNAME_SAME and _script(left) != _script(right):
        code = ReasonCode.SURNAME_ROMANISED
    elif code is ReasonCode.GIVEN_SAME and _script(left) != _script(right):
        code = ReasonCode.GIVEN_ROMANISED
    elif code is ReasonCode.PATRONYMIC_SAME and _script(left) != _script(right):
        code = ReasonCode.PATRONYMIC_ROMANISED
    elif code is ReasonCode.GIVEN_EQUIVALENT and min(len(left), len(right)) <= 0.7 * max(len(left), len(right)):
        code = ReasonCode.GIVEN_DIMINUTIVE
    if trait in _NAMED:
        if kernels.FIRST_BIN <= level < kernels.INITIAL_FITS:
            values["edits"] = round(distance, 2)
        if trait == "surname" and level == kernels.FIRST_BIN and abs(len(left) - len(right)) >= 3:
            code = ReasonCode.SURNAME_PART
    if trait != "born" and level not in (kernels.DIFFERENT, kernels.INITIAL_OTHER) and rarity > 0:
        values["one_in"] = max(1, round(2.0**rarity))
    if swapped:
        values["swapped"] = 1
    return Reason(code, values)


def _born_reason(level: int, left: Person, right: Person) -> Reason:
    a, b = as_date(left.born), as_date(right.born)
    values: dict[str, str | int | float] = {}
    if a.year != b.year:
        values["years"] = abs(a.year - b.year)
    if level in (kernels.B_DAY_CLOSE, kernels.B_DAY_OFF):
        values["days"] = abs(a.day - b.day)
    return Reason(_BORN_CODES[level], values)


def _as_said(person: Person, trait: str, w: Written) -> str:
    if trait == "born":
        return str(as_date(person.born))
    said = str(getattr(person, trait, ""))
    if not said and trait in ("surname", "given", "patronymic"):
        return person.full
    return said


def compare(a: Person, b: Person, index: Index | None = None) -> Comparison:
    """Lay two descriptions side by side; with an index, in the light of how frequent the names are in it."""
    from namesake.index import _Names

    ground = index if index is not None else _no_index()
    best: tuple[float, Any] | None = None
    for left_place, left in enumerate(encode.spellings(a)):
        query, born, rarities, _ = ground._query(left)
        for right_place, right in enumerate(encode.spellings(b)):
            vocabularies = []
            entries = []
            for trait, name in (("surname", right.surname), ("given", right.given), ("patronymic", right.patronymic),
                                ("place", right.place)):  # fmt: skip
                v, entry = _single(ground, trait, name, _Names)
                vocabularies.append(v)
                entries.append(entry)
            for trait, digits in (("unit", right.unit), ("number", right.number)):
                v, entry = _single_number(ground, trait, digits, _Names)
                vocabularies.append(v)
                entries.append(entry)
            v, mother = _single(ground, "mother", right.mother, _Names)
            vocabularies.append(v)
            one = lambda value: np.array([value], np.int32)  # noqa: E731
            extras = kernels.Extras(np.array([0, entries[5]], np.int32), np.array([0, mother], np.int32))
            for swapped in (0, 1):
                if swapped and not (_may_be_swapped(left) and _may_be_swapped(right)):
                    continue
                bits, levels, values = np.zeros((1, 9)), np.zeros((1, 9), np.uint8), np.zeros((1, 9, 2))
                kernels.explain(
                    np.frombuffer(query, np.uint8), born, np.array(rarities), *vocabularies, extras, float(len(ground)),
                    ground._scales, one(entries[0]), one(entries[1]), one(entries[2]), np.array([right.born], np.uint32),
                    one(entries[3]), one(entries[4]), one(1), np.array([swapped], np.uint8), bits, levels, values,
                )  # fmt: skip
                total = float(bits[0].sum())
                if best is None or total > best[0]:
                    best = (total, (left, right, swapped, bits[0], levels[0], values[0], left_place or right_place))
    assert best is not None
    left, right, swapped, bits, levels, values, _alias = best[1]
    evidence = []
    for number, trait in enumerate(TRAITS):
        level = int(levels[number])
        if level == kernels.SILENT:
            if bits[number]:  # the price of swapped fields, where there is no surname to carry it
                pass
            continue
        named = "father" if trait == "patronymic" and (left.father_known or right.father_known) else trait
        mine, theirs = _as_said(a, trait, left), _as_said(b, trait, right)
        if named == "father":
            mine = a.father if left.father_known else mine
            theirs = b.father if right.father_known else theirs
        if swapped and trait in ("surname", "given"):
            mine = _as_said(a, "given" if trait == "surname" else "surname", left)
        if trait == "born":
            reason = _born_reason(level, a, b)
        else:
            reason = _reason(
                trait,
                level,
                float(values[number, 0]),
                float(values[number, 1]),
                mine,
                theirs,
                bool(swapped) and trait == "surname",
            )
            if named == "father":
                reason = Reason(_father_code(level), reason.values)
        evidence.append(Evidence(named, float(bits[number]), reason, mine, theirs))
    people = max(len(ground), 1) if index is not None else 1_000_000
    odds = float(np.exp2(min(best[0], 1000.0))) / (people * float(ground._scales.limits[kernels.LIMIT_ABSENT]))
    return Comparison(best[0], odds / (1.0 + odds), tuple(evidence))


def _father_code(level: int) -> ReasonCode:
    if level in (kernels.SAME, kernels.EQUIVALENT):
        return ReasonCode.FATHER_SAME
    return ReasonCode.FATHER_CLOSE if level < kernels.DIFFERENT else ReasonCode.FATHER_DIFFERENT


def _may_be_swapped(w: Written) -> bool:
    return (
        w.surname is not None and w.given is not None
        and w.surname.readings[0][0] != kernels.INITIAL and w.given.readings[0][0] != kernels.INITIAL
    )  # fmt: skip


def _single(ground: Index, trait: str, name: Name | None, names_type: Any) -> tuple[kernels.Vocabulary, int]:
    """A vocabulary of one name, with the frequency it has in the index."""
    names = names_type(2)
    entry = names.entry(name)
    if name is not None:
        names.v.group_count[1] = ground._names[trait].count_of(name.group)
    return names.v, entry


def _single_number(ground: Index, trait: str, number: bytes, names_type: Any) -> tuple[kernels.Vocabulary, int]:
    names = names_type(2)
    entry = names.number_entry(number)
    if entry:
        names.v.group_count[1] = ground._names[trait].count_of(number)
    return names.v, entry


_empty: list[Index] = []


def _no_index() -> Index:
    from namesake.index import Index

    if not _empty:
        _empty.append(Index())
    return _empty[0]
