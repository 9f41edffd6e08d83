"""From a person as written to the numbers the kernels read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from namesake.dates import PartialDate, as_date
from namesake.kernels import BLOCK, INITIAL, READINGS, WIDTH
from namesake.person import Person
from namesake.places import town_of
from namesake.reading import father_of, fold_token, given_class, patronymic_of, split_name
from namesake.units import number_of

# Penalties, in hundredths of an unrelated letter, for what is not the first reading of the whole name.
_OTHER_READING = 6
_OTHER_FORM = 15
_ONE_PART = 90
_FIRST_WORD = 40
_FEMININE = (("ova", "ov"), ("eva", "ev"), ("skaia", "ski"), ("ckaia", "cki"), ("ina", "in"), ("aia", "i"))
_LETTERS = "abcdefghijklmnopqrstuvwz"
_FEMININE_SOUNDS = tuple(
    (bytes(_LETTERS.index(c) + 1 for c in a), bytes(_LETTERS.index(c) + 1 for c in b)) for a, b in _FEMININE
)


class Name(NamedTuple):
    """One written name, read: the block for queries, and what a vocabulary keeps of it."""

    block: bytes
    readings: tuple[bytes, ...]
    penalties: bytes
    classes: tuple[int, ...]
    group: bytes  # names of one group are one name as far as frequency goes


class Written(NamedTuple):
    """One spelling of a person, read. None and empty bytes are traits not given."""

    surname: Name | None
    given: Name | None
    patronymic: Name | None
    place: Name | None
    mother: Name | None
    unit: bytes
    number: bytes
    born: int
    father_known: bool  # the patronymic was made from the father's name


def _name(readings: Iterable[tuple[bytes, int]], classes: tuple[int, ...]) -> Name | None:
    best: dict[bytes, int] = {}
    for sounds, penalty in readings:
        kept = sounds[:WIDTH]
        if kept and (kept not in best or penalty < best[kept]):
            best.setdefault(kept, penalty)
            best[kept] = min(best[kept], penalty)
    if not best:
        return None
    several = tuple(best)[:READINGS]
    penalties = bytes(best[reading] for reading in several)
    classes = classes[:4]
    head = bytes((len(several), *(len(reading) for reading in several))).ljust(1 + READINGS, b"\0")
    block = b"".join(
        (
            head,
            penalties.ljust(READINGS, b"\0"),
            b"".join(number.to_bytes(2, "little") for number in classes).ljust(8, b"\0"),
            *(reading.ljust(WIDTH, b"\0") for reading in several),
        )
    ).ljust(BLOCK, b"\0")
    group = b"\0%d" % classes[0] if classes else several[0]
    return Name(block, several, penalties, classes, group)


def _is_initial(token: str) -> bool:
    return len(token) == 1


def _readings(token: str) -> list[tuple[bytes, int]]:
    folded = fold_token(token)
    return [(sounds, _OTHER_READING if place else 0) for place, sounds in enumerate(folded)]


def _forms(readings: list[tuple[bytes, int]]) -> list[tuple[bytes, int]]:
    """The masculine forms of surnames that look feminine."""
    forms = []
    for sounds, penalty in readings[:2]:
        for feminine, masculine in _FEMININE_SOUNDS:
            if len(sounds) > len(feminine) + 2 and sounds.endswith(feminine):
                forms.append((sounds[: -len(feminine)] + masculine, penalty + _OTHER_FORM))
                break
    return forms


def _joined(tokens: tuple[str, ...]) -> list[tuple[bytes, int]]:
    several = [fold_token(token) for token in tokens]
    manners = max(len(readings) for readings in several)
    return [
        (b"".join(readings[min(manner, len(readings) - 1)] for readings in several), _OTHER_READING if manner else 0)
        for manner in range(min(manners, 3))
    ]


@lru_cache(maxsize=1 << 18)
def surname(tokens: tuple[str, ...]) -> Name | None:
    """A surname, also as one of the parts of a compound one and, if feminine, as the father bears it."""
    if len(tokens) == 1:
        token = tokens[0]
        if _is_initial(token):
            return _initial(token)
        readings = _readings(token)
        return _name(readings + _forms(readings), _classes(token))
    words = tuple(token for token in tokens if len(token) > 1)
    if len(words) < 2:
        return surname(words or tokens[:1])
    parts = [
        (sounds, penalty + _ONE_PART) for token in words for sounds, penalty in _readings(token)[:2] if len(token) > 2
    ]
    readings = _joined(words)
    return _name(readings + _forms(readings)[:1] + parts, ())


def _initial(token: str) -> Name | None:
    sounds = fold_token(token)[0]
    return _name([(bytes((INITIAL,)) + sounds[:2], 0)], ()) if sounds else None


def _classes(token: str) -> tuple[int, ...]:
    return tuple(number + 1 for number in given_class(token))


@lru_cache(maxsize=1 << 16)
def given(tokens: tuple[str, ...]) -> Name | None:
    """A given name; of several, the first speaks for itself too."""
    token = tokens[0]
    if len(tokens) == 1:
        return _initial(token) if _is_initial(token) else _name(_readings(token), _classes(token))
    if _is_initial(token):
        return _initial(token)
    words = tuple(word for word in tokens if len(word) > 1)
    readings = _joined(words)[:2] + [(sounds, penalty + _FIRST_WORD) for sounds, penalty in _readings(words[0])[:2]]
    return _name(readings, _classes(words[0]))


@lru_cache(maxsize=1 << 16)
def patronymic(tokens: tuple[str, ...]) -> Name | None:
    """A patronymic; its classes are those of the father's given name."""
    token = tokens[0]
    if len(tokens) == 1 and _is_initial(token):
        return _initial(token)
    fathers = father_of(token)
    classes: list[int] = []
    for father in fathers[:4] or (token,):
        classes += [number for number in _classes(father) if number not in classes]
    readings = _readings(token) if len(tokens) == 1 else _joined(tokens)
    return _name(readings, tuple(classes))


@lru_cache(maxsize=1 << 14)
def _patronymic_from(father: str) -> Name | None:
    token = (father.split() or [""])[0]
    made = patronymic_of(token)
    if not made:
        return None
    readings = [(sounds, 10 * place) for place, form in enumerate(made[:3]) for sounds in fold_token(form)[:2]]
    return _name(readings, _classes(token))


@lru_cache(maxsize=1 << 16)
def place(text: str) -> Name | None:
    """A place of birth: the town as one word."""
    words = town_of(text)
    if not words:
        return None
    if len(words) == 1:
        return _name(_readings(words[0])[:4], ())
    readings = _joined(words) + [
        (sounds, _ONE_PART) for word in words[:2] if len(word) > 3 for sounds in fold_token(word)[:1]
    ]
    return _name(readings, ())


def _simple(text: str) -> bool:
    return text.isalpha()


def written(person: Person) -> Written:
    """A person's traits, read."""
    s, g, p = person.surname, person.given, person.patronymic
    if s.isalpha() and g.isalpha() and (p == "" or p.isalpha()) and not person.full:
        surnames: tuple[str, ...] = (s,)
        givens: tuple[str, ...] = (g,)
        patronymics: tuple[str, ...] = (p,) if p else ()
    elif s or g or p or person.full:
        parts = split_name(full=person.full, surname=s, given=g, patronymic=p)
        surnames, givens, patronymics = parts.surname, parts.given, parts.patronymic
    else:
        surnames = givens = patronymics = ()
    middle = patronymic(patronymics) if patronymics else None
    father_known = False
    if middle is None and person.father:
        middle = _patronymic_from(person.father[:60])
        father_known = True
    date = as_date(person.born)
    mother = split_name(surname=person.mother_maiden).surname if person.mother_maiden else ()
    return Written(
        surname(surnames) if surnames else None,
        given(givens) if givens else None,
        middle,
        place(person.birthplace) if person.birthplace else None,
        surname(mother) if mother else None,
        number_of(person.unit) if person.unit else b"",
        number_of(person.service_number) if person.service_number else b"",
        date.packed() if date.year else 0,
        father_known,
    )


def spellings(person: Person) -> list[Written]:
    """The person as written, and once more for every alias: a whole name, or a surname where it is one word."""
    main = written(person)
    if not person.aliases:
        return [main]
    several = [main]
    for alias in person.aliases[:16]:
        parts = split_name(full=alias)
        if not parts.surname and not parts.given:
            continue
        if len(alias.split()) == 1:
            words = parts.surname or parts.given
            other = main._replace(surname=surname(words))
        else:
            other = main._replace(
                surname=surname(parts.surname) if parts.surname else main.surname,
                given=given(parts.given) if parts.given else main.given,
                patronymic=patronymic(parts.patronymic) if parts.patronymic else main.patronymic,
            )
        if other not in several:
            several.append(other)
    return several


class Names(NamedTuple):
    """One trait of many persons: each distinct name once, and which of them each person bears (0: none)."""

    names: list[Name | None]  # the first is None
    places: npt.NDArray[np.int64]


class Numbers(NamedTuple):
    """The same of units and service numbers; the first is empty."""

    numbers: list[bytes]
    places: npt.NDArray[np.int64]


class Many(NamedTuple):
    """Many persons, read."""

    surname: Names
    given: Names
    patronymic: Names
    place: Names
    mother: Names
    unit: Numbers
    number: Numbers
    born: npt.NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many."""
        return int(self.born.size)


class _Gathered:
    """Distinct names in the order they come."""

    def __init__(self) -> None:
        self.names: list[Name | None] = [None]
        self._places: dict[bytes, int] = {}

    def place(self, name: Name | None) -> int:
        if name is None:
            return 0
        place = self._places.setdefault(name.block, len(self.names))
        if place == len(self.names):
            self.names.append(name)
        return place


def many_of(several: Sequence[Written]) -> Many:
    """Persons read one by one, gathered."""

    def names(each: Iterable[Name | None]) -> Names:
        gathered = _Gathered()
        places = np.array([gathered.place(name) for name in each], np.int64)
        return Names(gathered.names, places)

    def numbers(each: Iterable[bytes]) -> Numbers:
        distinct: dict[bytes, int] = {b"": 0}
        places = np.array([distinct.setdefault(one, len(distinct)) for one in each], np.int64)
        return Numbers(list(distinct), places)

    return Many(
        names(w.surname for w in several), names(w.given for w in several), names(w.patronymic for w in several),
        names(w.place for w in several), names(w.mother for w in several), numbers(w.unit for w in several),
        numbers(w.number for w in several), np.array([w.born for w in several], np.int64),
    )  # fmt: skip


def _distinct(column: Any) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The distinct texts of a column (a sequence of texts, or of Arrow), and which of them each row has."""
    if hasattr(column, "dictionary_encode"):
        encoded = column.dictionary_encode()
        if hasattr(encoded, "combine_chunks"):
            encoded = encoded.combine_chunks()
        return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    distinct: dict[str, int] = {}
    places = [distinct.setdefault(str(text) if text else "", len(distinct)) for text in column]
    return list(distinct), np.array(places, np.int64)


def many_from(columns: Mapping[str, Any]) -> Many:
    """Rows of columns named as the fields of Person (no aliases), read: each distinct text once."""
    texts = {field: _distinct(columns[field]) for field in Person.__slots__ if field in columns and field != "aliases"}
    n = next(iter(texts.values()))[1].size if texts else 0
    nothing = ([""], np.zeros(n, np.int64))

    def said(field: str) -> tuple[list[str], npt.NDArray[np.int64]]:
        return texts.get(field, nothing)

    def rows_where(field: str, holds: Any) -> npt.NDArray[np.bool_]:
        distinct, places = said(field)
        return np.array([holds(text) for text in distinct], bool)[places]

    plain = rows_where("surname", str.isalpha) & rows_where("given", str.isalpha)
    plain &= rows_where("patronymic", lambda text: text == "" or text.isalpha())
    plain &= rows_where("full", lambda text: text == "")
    parts = []
    for field, read in (("surname", surname), ("given", given), ("patronymic", patronymic)):
        gathered, places = _Gathered(), np.zeros(n, np.int64)
        distinct, of = said(field)
        if plain.any():
            met = np.zeros(len(distinct), np.int64)
            for one in np.unique(of[plain]).tolist():
                met[one] = gathered.place(read((distinct[one],))) if distinct[one] else 0
            places[plain] = met[of[plain]]
        parts.append((gathered, places))
    _read_parts(parts, np.flatnonzero(~plain), *(said(field) for field in ("full", "surname", "given", "patronymic")))
    _read_fathers(parts[2], *said("father"))
    dates, of = said("born")
    packed = np.array([date.packed() if date.year else 0 for date in map(as_date, dates)], np.int64)
    return Many(
        Names(parts[0][0].names, parts[0][1]), Names(parts[1][0].names, parts[1][1]), Names(parts[2][0].names, parts[2][1]),
        _read_each(*said("birthplace"), lambda text: place(text)), _read_each(*said("mother_maiden"), _maiden),
        _numbers(*said("unit")), _numbers(*said("service_number")), packed[of],
    )  # fmt: skip


def _read_parts(
    parts: list[tuple[_Gathered, npt.NDArray[np.int64]]], rows: npt.NDArray[np.int64],
    *fields: tuple[list[str], npt.NDArray[np.int64]],
) -> None:  # fmt: skip
    """Take apart the names of rows that are more than one word a field; the same texts once."""
    known: dict[tuple[int, ...], tuple[int, int, int]] = {}
    several = zip(*(places[rows].tolist() for _, places in fields), strict=True)
    for row, which in zip(rows.tolist(), several, strict=True):
        found = known.get(which)
        if found is None:
            full, s, g, p = (texts[one] for (texts, _), one in zip(fields, which, strict=True))
            found = (0, 0, 0)
            if s or g or p or full:
                split = split_name(full=full, surname=s, given=g, patronymic=p)
                found = (
                    parts[0][0].place(surname(split.surname) if split.surname else None),
                    parts[1][0].place(given(split.given) if split.given else None),
                    parts[2][0].place(patronymic(split.patronymic) if split.patronymic else None),
                )
            known[which] = found
        for (_, places), one in zip(parts, found, strict=True):
            places[row] = one


def _read_fathers(part: tuple[_Gathered, npt.NDArray[np.int64]], texts: list[str], of: npt.NDArray[np.int64]) -> None:
    """Where no patronymic is known, the one made from the father's name."""
    gathered, places = part
    for row in np.flatnonzero((places == 0) & (np.array([bool(text) for text in texts], bool)[of])).tolist():
        places[row] = gathered.place(_patronymic_from(texts[of[row]][:60]))


def _maiden(text: str) -> Name | None:
    words = split_name(surname=text).surname
    return surname(words) if words else None


def _read_each(texts: list[str], of: npt.NDArray[np.int64], read: Any) -> Names:
    gathered = _Gathered()
    met = np.array([gathered.place(read(text)) if text else 0 for text in texts], np.int64)
    return Names(gathered.names, met[of])


def _numbers(texts: list[str], of: npt.NDArray[np.int64]) -> Numbers:
    distinct: dict[bytes, int] = {b"": 0}
    met = np.array([distinct.setdefault(number_of(text) if text else b"", len(distinct)) for text in texts], np.int64)
    return Numbers(list(distinct), met[of])


__all__ = [
    "Many", "Name", "Names", "Numbers", "PartialDate", "Written", "given", "many_from", "many_of", "patronymic", "place",
    "spellings", "surname", "written",
]  # fmt: skip
