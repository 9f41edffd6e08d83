"""The index: every person of one side in memory, found by what somebody remembers of him.

Persons are rows of numbers into vocabularies. The bulk lies *settled*, sorted by surname; what came since is
*fresh* and chained. `add`, `change` and `remove` touch only the fresh part and never rebuild; `add_many` settles
when the fresh part has outgrown the settled one. Any number of threads may search while one changes.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from namesake import encode, kernels
from namesake.encode import Many, Name, Names, Written
from namesake.kernels import BLOCK, QUERY, WIDTH, Extras, Fresh, Scratch, Settled, Vocabulary
from namesake.person import TRAITS, Candidate, Comparison, Person
from namesake.weights import Weights

FORMAT = b"namesake index 1\n"
_SETTLE_AT = 1 << 16  # fresh rows below which add_many never settles
_SETTLE_BY = 2_000_000  # and above which it always does: they take more memory than settled ones
_CHUNK = 1 << 14
_EXTRA_FOUND = 8  # rows kept beyond the limit, so that several spellings of one person do not crowd others out
_NO_ROWS = np.empty(0, np.int32)


class StaleIndex(ValueError):
    """A saved index this version of the library does not read; it has to be built again."""


def _grown(array: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    bigger = np.zeros(size, array.dtype)
    bigger[: array.size] = array
    return bigger


class _Names:
    """A vocabulary that grows. Replaces its arrays when they are full, so readers of the old ones are not disturbed."""

    def __init__(self, capacity: int = 64) -> None:
        self.ids: dict[bytes, int] = {}
        self.groups: dict[bytes, int] = {}
        self.size = 1
        self.group_size = 1
        self.alt_size = 0
        self.v = Vocabulary(
            np.zeros(capacity * WIDTH, np.uint8), np.zeros(capacity, np.uint8), np.zeros(capacity, np.int32),
            np.zeros(capacity, np.uint8), np.zeros(capacity * WIDTH, np.uint8), np.zeros(capacity, np.uint8),
            np.zeros(capacity, np.uint8), np.zeros(capacity, np.int32), np.zeros(capacity, np.int32),
            np.zeros(capacity * 4, np.int16), np.zeros(capacity, np.uint64), np.zeros(capacity, np.uint64),
            np.zeros(capacity, np.uint8),
        )  # fmt: skip
        self.replaced = False

    def _make_room(self, alternatives: int) -> None:
        v = self.v
        if self.size >= v.lengths.size:
            n = v.lengths.size * 2
            v = v._replace(
                sounds=_grown(v.sounds, n * WIDTH), lengths=_grown(v.lengths, n), alt_start=_grown(v.alt_start, n),
                alt_count=_grown(v.alt_count, n), group=_grown(v.group, n), classes=_grown(v.classes, n * 4),
                signature0=_grown(v.signature0, n), signature1=_grown(v.signature1, n), signature_size=_grown(v.signature_size, n),
            )  # fmt: skip
            self.replaced = True
        if self.group_size >= v.group_count.size:
            v = v._replace(group_count=_grown(v.group_count, v.group_count.size * 2))
            self.replaced = True
        if self.alt_size + alternatives > v.alt_lengths.size:
            n = max(v.alt_lengths.size * 2, self.alt_size + alternatives)
            v = v._replace(
                alt_sounds=_grown(v.alt_sounds, n * WIDTH), alt_lengths=_grown(v.alt_lengths, n),
                alt_penalties=_grown(v.alt_penalties, n),
            )  # fmt: skip
            self.replaced = True
        self.v = v

    def group_of(self, group: bytes) -> int:
        number = self.groups.get(group)
        if number is None:
            number = self.groups[group] = self.group_size
            self.group_size += 1
        return number

    def entry(self, name: Name | None) -> int:
        """The entry of a name, made when it is new; 0 for none."""
        if name is None:
            return 0
        key = name.block
        found = self.ids.get(key)
        if found is not None:
            return found
        self._make_room(len(name.readings))
        v, x = self.v, self.size
        first = name.readings[0]
        v.sounds[x * WIDTH : x * WIDTH + len(first)] = np.frombuffer(first, np.uint8)
        v.lengths[x] = len(first)
        v.alt_start[x] = self.alt_size
        v.alt_count[x] = len(name.readings) - 1
        for place, reading in enumerate(name.readings[1:], start=1):
            a = self.alt_size
            v.alt_sounds[a * WIDTH : a * WIDTH + len(reading)] = np.frombuffer(reading, np.uint8)
            v.alt_lengths[a] = len(reading)
            v.alt_penalties[a] = name.penalties[place]
            self.alt_size += 1
        v.group[x] = self.group_of(name.group)
        v.classes[x * 4 : x * 4 + len(name.classes)] = name.classes
        pairs = np.zeros(2, np.uint64)
        block = np.frombuffer(name.block, np.uint8)
        for place, reading in enumerate(name.readings):
            kernels.signature(block, kernels.SOUNDS_AT + place * WIDTH, len(reading), pairs)
        v.signature0[x], v.signature1[x] = pairs
        v.signature_size[x] = int(pairs[0]).bit_count() + int(pairs[1]).bit_count()
        self.size += 1
        self.ids[key] = x
        return x

    def number_entry(self, number: bytes) -> int:
        """The entry of a unit or service number; 0 for none."""
        if not number:
            return 0
        key = number
        found = self.ids.get(key)
        if found is not None:
            return found
        self._make_room(0)
        v, x = self.v, self.size
        v.sounds[x * WIDTH : x * WIDTH + len(number)] = np.frombuffer(number, np.uint8)
        v.lengths[x] = len(number)
        v.group[x] = self.group_of(number)
        self.size += 1
        self.ids[key] = x
        return x

    def count_of(self, group: bytes) -> int:
        number = self.groups.get(group)
        return int(self.v.group_count[number]) if number is not None else 0

    def trimmed(self) -> Vocabulary:
        n, a, g = self.size, self.alt_size, self.group_size
        v = self.v
        return Vocabulary(
            v.sounds[: n * WIDTH], v.lengths[:n], v.alt_start[:n], v.alt_count[:n], v.alt_sounds[: a * WIDTH], v.alt_lengths[:a],
            v.alt_penalties[:a], v.group[:n], v.group_count[:g], v.classes[: n * 4], v.signature0[:n], v.signature1[:n],
            v.signature_size[:n],
        )  # fmt: skip

    @classmethod
    def restored(cls, v: Vocabulary, numbers: bool) -> _Names:
        names = cls(1)
        names.v = v
        names.size, names.group_size, names.alt_size = v.lengths.size, v.group_count.size, v.alt_lengths.size
        for x in range(1, names.size):
            first = v.sounds[x * WIDTH : x * WIDTH + int(v.lengths[x])].tobytes()
            if numbers:
                names.ids[first] = x
                names.groups[first] = int(v.group[x])
                continue
            start, count = int(v.alt_start[x]), int(v.alt_count[x])
            readings = [first] + [
                v.alt_sounds[a * WIDTH : a * WIDTH + int(v.alt_lengths[a])].tobytes()
                for a in range(start, start + count)
            ]
            penalties = [0] + [int(v.alt_penalties[a]) for a in range(start, start + count)]
            classes = tuple(int(c) for c in v.classes[x * 4 : x * 4 + 4] if c)
            name = encode._name(zip(readings, penalties, strict=True), classes)
            if name is not None:
                names.ids[name.block] = x
                names.groups[name.group] = int(v.group[x])
        return names


class _Known:
    """How near the names of a vocabulary are to names asked about before: a row of levels for each of these.

    Enquiries ask for the same given names, fathers and towns over and over. When the rows are used up all are
    forgotten; searches that still hold the old ones are not disturbed.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._held: tuple[npt.NDArray[np.uint8], dict[bytes, int]] = (np.zeros((1, 0), np.uint8), {})

    def places(self, names: Sequence[Name | None], width: int) -> tuple[npt.NDArray[np.uint8], Sequence[int]]:
        """The table, and which of its rows belongs to each name: -1 to none, and to those for whom no room is left."""
        table, held = self._held
        try:
            if table.shape[1] >= width:
                return table, [-1 if name is None else held[name.block] for name in names]
        except KeyError:
            pass
        with self._lock:
            table, held = self._held
            lacking = {name.block for name in names if name is not None and name.block not in held}
            if table.shape[1] < width or len(held) + len(lacking) > self._rows:
                # Zeros take no memory before something else is written there.
                table, held = np.zeros((self._rows, width), np.uint8), {}
                self._held = table, held
            rows = []
            for name in names:
                row = -1
                if name is not None:
                    row = held.get(name.block, -1)
                    if row < 0 and len(held) < self._rows:
                        row = held[name.block] = len(held)
                rows.append(row)
            return table, rows


class _State(NamedTuple):
    """Everything a search reads, of one moment."""

    surname: Vocabulary
    given: Vocabulary
    patronymic: Vocabulary
    place: Vocabulary
    unit: Vocabulary
    number: Vocabulary
    mother: Vocabulary
    settled: Settled
    fresh: Fresh
    extras: Extras
    sizes: npt.NDArray[np.int64]


def _memo(entries: int) -> npt.NDArray[np.float64]:
    memo = np.full(2 * entries + 1, np.nan)
    memo[-1] = 0.0
    return memo


def _scratch_for(state: _State, breadth: int) -> Scratch:
    # Some room to grow, so that a single new name does not ask for new arrays.
    n = [v.lengths.size for v in (state.given, state.patronymic, state.place, state.unit)]
    surnames = -(-state.surname.lengths.size // 8) * 8
    scores = np.zeros(surnames, np.uint8)
    return Scratch(
        _memo(n[0]), _memo(n[1]), _memo(n[2]), _memo(n[3]), np.zeros(surnames, np.uint8), scores,
        np.zeros(breadth, np.int32), np.empty(breadth), np.zeros(10, np.uint64), np.empty((3, WIDTH + 2)), np.zeros(4),
        np.zeros(4, np.int64), np.zeros(257, np.int32), np.zeros(2 * breadth, np.int32),
        scores.view(np.uint64), np.zeros(surnames, np.int32), np.zeros(surnames, np.uint8),
        np.zeros(kernels.READINGS * 32, np.uint64),
    )  # fmt: skip


def _fits(scratch: Scratch, state: _State) -> bool:
    return (
        scratch.seen.size >= state.surname.lengths.size and scratch.given.size > 2 * state.given.lengths.size
        and scratch.patronymic.size > 2 * state.patronymic.lengths.size and scratch.place.size > 2 * state.place.lengths.size
        and scratch.unit.size > 2 * state.unit.lengths.size
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What `search_columns` found: one row per query, best first; key -1 where fewer were found."""

    keys: npt.NDArray[np.int64]
    bits: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]
    trait_bits: npt.NDArray[np.float32]  # [query, place, trait]; NaN where silent
    trait_codes: npt.NDArray[np.uint8]  # [query, place, trait] -> REASON_CODES; 255 where silent


def _empty_settled() -> Settled:
    i = lambda n=0: np.zeros(n, np.int32)  # noqa: E731
    return Settled(
        np.zeros(0, np.int64),
        i(),
        i(),
        np.zeros(0, np.uint32),
        i(),
        i(),
        np.zeros(0, np.uint8),
        i(),
        i(1),
        i(),
        i(),
        i(1),
        i(1),
        i(),
    )


def _empty_fresh(rows: int, surnames: int) -> Fresh:
    i = lambda n: np.zeros(n, np.int32)  # noqa: E731
    return Fresh(
        np.zeros(rows, np.int64), i(rows), i(rows), i(rows), np.zeros(rows, np.uint32), i(rows), i(rows), np.zeros(rows, np.uint8),
        i(rows), i(rows), i(rows), i(surnames), i(kernels.DOOR_DAYS + 1),
    )  # fmt: skip


class Index:
    """Persons by key, found by description."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights if weights is not None else Weights.load()
        self._scales = self.weights.scales()
        self._priors: list[float] = self._scales.prior.tolist()
        self._changing = threading.RLock()
        self._local = threading.local()
        self._names = {
            trait: _Names(4096 if trait == "surname" else 1024)
            for trait in ("surname", "given", "patronymic", "place", "unit", "number", "mother")
        }
        self._settled = _empty_settled()
        self._by_key = np.zeros(0, np.int32)  # settled rows in order of their keys
        self._keys_sorted = np.zeros(0, np.int64)
        self._ascending = True
        self._fresh = _empty_fresh(1024, 4096)
        self._fresh_rows: dict[int, list[int]] = {}
        self._fresh_dead = 0
        self._extras = Extras(np.zeros(64, np.int32), np.zeros(64, np.int32))
        self._extra_size = 1
        self._by_number: dict[int, set[int]] = {}  # entry of a service number -> rows (fresh ones as -row - 1)
        self._people = 0
        self._sizes = np.zeros(7, np.int64)
        self._known = (_Known(4096), _Known(2048), _Known(2048))
        self._publish()

    # -- reading ------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self._people

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, int):
            return False
        with self._changing:
            return key in self._fresh_rows or bool(self._settled_rows(key))

    @property
    def nbytes(self) -> int:
        """Bytes of memory the index holds, without the dictionaries of names (about 300 bytes a distinct name)."""
        state = self._state
        several: list[Any] = [*state[:10]]
        return sum(int(a.nbytes) for group in several for a in group) + int(self._by_key.nbytes)

    def search(self, person: Person, limit: int = 10) -> list[Candidate]:
        """The likeliest persons, best first; never more than `limit`, fewer where few are at all alike."""
        several = encode.spellings(person)
        if len(several) == 1:
            return self._search_one(several[0], limit)
        best: dict[int, Candidate] = {}
        for spelling in several:
            for candidate in self._search_one(spelling, limit):
                other = best.get(candidate.key)
                if other is None or candidate.bits > other.bits:
                    best[candidate.key] = candidate
        return sorted(best.values(), key=lambda c: (-c.bits, c.key))[:limit]

    def _search_one(self, spelling: Written, limit: int) -> list[Candidate]:
        state = self._state
        query, born, rarities, more = self._query(spelling)
        scratch = self._scratch(state)
        room = limit + _EXTRA_FOUND
        keys, rows = np.empty((1, room), np.int64), np.empty((1, room), np.int64)
        bits, swapped, found = np.empty((1, room)), np.empty((1, room), np.uint8), np.zeros((1, 3))
        known, slots = self._known_of(spelling.given, spelling.patronymic, spelling.place, state)
        try:
            _run(
                np.frombuffer(query, np.uint8).reshape(1, QUERY), np.array([born]), np.array([rarities]), more,
                np.array([0, more.size]), state.surname, state.given, state.patronymic, state.place, state.unit, state.number,
                state.mother, state.settled, state.fresh, state.extras, state.sizes, self._scales, scratch, *known, slots,
                keys, rows, bits, swapped, found,
            )  # fmt: skip
        finally:
            self._local.scratch.append(scratch)
        count = min(int(found[0, 0]), limit)
        share = self._shares(bits[0, :count], float(found[0, 1]), int(state.sizes[0]))
        return list(map(Candidate, keys[0, :count].tolist(), bits[0, :count].tolist(), share.tolist()))

    def _known_of(
        self, given: Names | Name | None, patronymic: Names | Name | None, place: Names | Name | None, state: _State
    ) -> tuple[list[npt.NDArray[np.uint8]], npt.NDArray[np.int64]]:
        tables, columns = [], []
        for known, names, v in zip(
            self._known, (given, patronymic, place), (state.given, state.patronymic, state.place), strict=True
        ):
            if isinstance(names, Names):
                table, rows = known.places(names.names, v.lengths.size)
                columns.append(np.array(rows, np.int64)[names.places])
            else:
                table, rows = known.places([names], v.lengths.size)
                columns.append(np.array(rows, np.int64))
            tables.append(table)
        return tables, np.ascontiguousarray(np.array(columns).T)

    def _shares(self, bits: npt.NDArray[np.float64], total: float, people: int) -> npt.NDArray[np.float64]:
        # All namesakes and "he is not in this register" share one certainty between them.
        absent = max(people, 1) * float(self._scales.limits[kernels.LIMIT_ABSENT])
        shares: npt.NDArray[np.float64] = np.exp2(bits) / (total + absent)
        return shares

    def _scratch(self, state: _State) -> Scratch:
        # A stack per thread: a search interrupted by another of the same thread (a signal) gets its own.
        stack: list[Scratch] | None = getattr(self._local, "scratch", None)
        if stack is None:
            stack = self._local.scratch = []
        while stack:
            scratch = stack.pop()
            if _fits(scratch, state):
                return scratch
        return _scratch_for(state, 3 * max(self.weights.breadth, self.weights.wide) + 1000)

    def _query(self, w: Written) -> tuple[bytes, int, tuple[float, ...], npt.NDArray[np.int32]]:
        nothing = _NO_BLOCK
        names = self._names
        query = b"".join(
            (
                w.surname.block if w.surname else nothing,
                w.given.block if w.given else nothing,
                w.patronymic.block if w.patronymic else nothing,
                w.place.block if w.place else nothing,
                w.mother.block if w.mother else nothing,
                (bytes((len(w.unit),)) + w.unit).ljust(32, b"\0"),
                (bytes((len(w.number),)) + w.number).ljust(32, b"\0"),
            )
        )
        rarity = self._rarity
        rarities = (
            rarity("surname", w.surname), rarity("given", w.given), rarity("patronymic", w.patronymic), rarity("place", w.place),
            self._number_rarity("unit", w.unit), self._number_rarity("number", w.number), rarity("mother", w.mother),
            rarity("surname", w.given), rarity("given", w.surname),
        )  # fmt: skip
        more = _NO_ROWS
        if w.number:
            entry = names["number"].ids.get(w.number)
            rows = self._by_number.get(entry, ()) if entry else ()
            if rows:
                more = np.array(sorted(rows), np.int32)
        return query, w.born, rarities, more

    def _rarity(self, trait: str, name: Name | None) -> float:
        if name is None:
            return 0.0
        group = name.group
        if trait in ("surname", "place", "mother"):
            group = name.readings[0]
        return self._rarity_of(trait, self._names[trait].count_of(group))

    def _number_rarity(self, trait: str, number: bytes) -> float:
        return self._rarity_of(trait, self._names[trait].count_of(number)) if number else 0.0

    def _rarity_of(self, trait: str, count: int) -> float:
        number = _TRAIT_NUMBER[trait]
        trust = self.weights.trust
        prior = self._priors[number]
        return -math.log2((count + trust * prior) / (self._people + trust))

    def search_many(self, persons: Sequence[Person], limit: int = 10, threads: int = 1) -> list[list[Candidate]]:
        """`search` for many at once, on several threads."""
        found: list[list[Candidate]] = []
        single = [person for person in persons if not person.aliases]
        keys, bits, shares, _, _, _ = self._search_bulk([encode.written(person) for person in single], limit, threads)
        rows = iter(zip(keys.tolist(), bits.tolist(), shares.tolist(), strict=True))
        for person in persons:
            if person.aliases:
                found.append(self.search(person, limit))
                continue
            found.append([Candidate(k, b, p) for k, b, p in zip(*next(rows), strict=True) if k != _NOBODY])
        return found

    def _search_bulk(self, several: Sequence[Written], limit: int, threads: int) -> tuple[Any, ...]:
        return self._search_read(encode.many_of(several), limit, threads)

    def _queries(self, many: Many) -> tuple[Any, ...]:
        """The queries of many persons: bytes, dates, rarities, rows of the same number and where each one's begin."""
        n = many.size
        queries = np.zeros((n, QUERY), np.uint8)
        for at, one in (
            (kernels.AT_SURNAME, many.surname), (kernels.AT_GIVEN, many.given), (kernels.AT_PATRONYMIC, many.patronymic),
            (kernels.AT_PLACE, many.place), (kernels.AT_MOTHER, many.mother),
        ):  # fmt: skip
            if len(one.names) > 1:
                blocks = b"".join([_NO_BLOCK if name is None else name.block for name in one.names])
                queries[:, at : at + BLOCK] = np.frombuffer(blocks, np.uint8).reshape(-1, BLOCK)[one.places]
        for at, number in ((kernels.AT_UNIT, many.unit), (kernels.AT_NUMBER, many.number)):
            if len(number.numbers) > 1:
                signs = b"".join([(bytes((len(said),)) + said).ljust(32, b"\0") for said in number.numbers])
                queries[:, at : at + 32] = np.frombuffer(signs, np.uint8).reshape(-1, 32)[number.places]
        rarities = np.zeros((n, 9))
        for column, (trait, names) in enumerate(
            (("surname", many.surname), ("given", many.given), ("patronymic", many.patronymic), ("place", many.place))
        ):
            rarities[:, column] = self._rarities(trait, names)
        for column, (trait, numbers) in ((4, ("unit", many.unit)), (5, ("number", many.number))):
            each = np.array([self._number_rarity(trait, said) for said in numbers.numbers])
            rarities[:, column] = each[numbers.places]
        rarities[:, 6] = self._rarities("mother", many.mother)
        rarities[:, 7], rarities[:, 8] = self._rarities("surname", many.given), self._rarities("given", many.surname)
        starts = np.zeros(n + 1, np.int64)
        more: list[npt.NDArray[np.int32]] = []
        for row in np.flatnonzero(many.number.places).tolist():
            entry = self._names["number"].ids.get(many.number.numbers[many.number.places[row]])
            rows = self._by_number.get(entry, ()) if entry else ()
            if rows:
                more.append(np.array(sorted(rows), np.int32))
                starts[row + 1] = len(rows)
        # As those of one search, which are bytes: else the kernels would be compiled once more.
        queries.flags.writeable = False
        return queries, many.born, rarities, np.concatenate(more) if more else _NO_ROWS, np.cumsum(starts)

    def _rarities(self, trait: str, names: Names) -> npt.NDArray[np.float64]:
        each: npt.NDArray[np.float64] = np.array([self._rarity(trait, name) for name in names.names])[names.places]
        return each

    def _search_read(self, many: Many, limit: int, threads: int) -> tuple[Any, ...]:
        n, room = many.size, limit + _EXTRA_FOUND
        state = self._state
        with self._changing:
            queries, born, rarities, more, starts = self._queries(many)
        keys, rows = np.full((n, room), _NOBODY, np.int64), np.zeros((n, room), np.int64)
        bits, swapped = np.full((n, room), -np.inf), np.zeros((n, room), np.uint8)
        states = np.zeros((n, 3))
        known, slots = self._known_of(many.given, many.patronymic, many.place, state)

        def part(first: int, last: int) -> None:
            scratch = self._scratch(state)
            _run(
                queries[first:last], born[first:last], rarities[first:last], more, starts[first : last + 1], state.surname,
                state.given, state.patronymic, state.place, state.unit, state.number, state.mother, state.settled, state.fresh,
                state.extras, state.sizes, self._scales, scratch, *known, slots[first:last], keys[first:last],
                rows[first:last], bits[first:last], swapped[first:last], states[first:last],
            )  # fmt: skip
            self._local.scratch.append(scratch)

        step = max(1, min(256, -(-n // max(threads, 1))))
        pieces = [(first, min(first + step, n)) for first in range(0, n, step)]
        if threads <= 1 or len(pieces) == 1:
            for first, last in pieces:
                part(first, last)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda piece: part(*piece), pieces))
        counts, totals = states[:, 0], states[:, 1]
        absent = max(int(state.sizes[0]), 1) * float(self._scales.limits[kernels.LIMIT_ABSENT])
        keys[np.arange(room)[None, :] >= counts[:, None]] = _NOBODY
        bits[np.arange(room)[None, :] >= counts[:, None]] = -np.inf
        with np.errstate(over="ignore"):
            shares = np.exp2(bits) / (totals + absent)[:, None]
        return (
            keys[:, :limit],
            bits[:, :limit],
            shares[:, :limit],
            rows[:, :limit],
            swapped[:, :limit],
            (queries, born, rarities, state),
        )

    def search_columns(self, columns: Mapping[str, Any], limit: int = 10, threads: int = 1) -> Found:
        """Search for rows of columns (texts, or Arrow's, named as the fields of Person); with the weight and reason of every trait."""
        keys, bits, shares, rows, swapped, (queries, born, rarities, state) = self._search_read(
            encode.many_from(columns), limit, threads
        )
        n = keys.shape[0]
        trait_bits = np.full((n, limit, len(TRAITS)), np.nan, np.float32)
        trait_codes = np.full((n, limit, len(TRAITS)), kernels.SILENT, np.uint8)
        listed = keys != _NOBODY
        counts = listed.sum(axis=1)
        if counts.any():
            flat = int(counts.sum())
            exact, levels, values = np.zeros((flat, 9)), np.zeros((flat, 9), np.uint8), np.zeros((flat, 9, 2))
            kernels.explain_many(
                queries, born, rarities, *state[:7], state.extras, float(state.sizes[0]), self._scales, counts,
                *self._entries(state, rows[listed]), swapped[listed], exact, levels, values,
            )  # fmt: skip
            codes = _CODE_TABLE[np.arange(9)[None, :], levels]
            exact[codes == kernels.SILENT] = np.nan
            trait_bits[listed], trait_codes[listed] = exact, codes
        return Found(
            np.ascontiguousarray(keys),
            np.ascontiguousarray(bits),
            np.ascontiguousarray(shares),
            trait_bits,
            trait_codes,
        )

    def _entries(self, state: _State, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[Any], ...]:
        """Entries of the rows found: surname, given, patronymic, date, place, unit, extra."""
        s, f = state.settled, state.fresh
        settled = rows >= 0
        n = rows.size
        out = [np.zeros(n, np.uint32 if place == 3 else np.int32) for place in range(7)]
        if s.keys.size:
            a = np.where(settled, rows, 0)
            pair = s.pair[a]
            extra = s.extra[a] if s.extra.size else np.zeros(n, np.int32)
            columns = (
                s.pair_surname[pair],
                s.pair_given[pair],
                s.patronymic[a],
                s.born[a],
                s.place[a],
                s.unit[a],
                extra,
            )
            for column, values in zip(out, columns, strict=True):
                column[settled] = values[settled]
        if not settled.all():
            b = np.where(settled, 0, -rows - 1)
            columns = (f.surname[b], f.given[b], f.patronymic[b], f.born[b], f.place[b], f.unit[b], f.extra[b])
            for column, values in zip(out, columns, strict=True):
                column[~settled] = values[~settled]
        return tuple(out)

    def compare(self, sought: Person, recorded: Person) -> Comparison:
        """Lay two descriptions side by side, with the name frequencies of this index."""
        from namesake.score import compare

        return compare(sought, recorded, index=self)

    def frequency(self, surname: str = "", given: str = "", patronymic: str = "") -> int:
        """How many persons of the index bear the name, however spelt; several parts: all of them together."""
        w = encode.written(Person(surname=surname, given=given, patronymic=patronymic))
        asked = [
            (trait, name.readings[0] if trait == "surname" else name.group)
            for trait, name in (("surname", w.surname), ("given", w.given), ("patronymic", w.patronymic))
            if name is not None
        ]
        if not asked:
            return 0
        if len(asked) == 1:
            return self._names[asked[0][0]].count_of(asked[0][1])
        with self._changing:
            s, f, count = self._settled, self._fresh, int(self._sizes[2])
            columns = {"surname": (s.pair_surname, f.surname), "given": (s.pair_given, f.given)}
            settled, fresh = s.alive.astype(bool), f.alive[:count].astype(bool)
            for trait, group in asked:
                names = self._names[trait]
                borne = np.zeros(names.v.lengths.size, bool)
                borne[1 : names.size] = names.v.group[1 : names.size] == names.groups.get(group, -1)
                if trait == "patronymic":
                    settled &= borne[s.patronymic]
                    fresh &= borne[f.patronymic[:count]]
                elif s.keys.size:
                    settled &= borne[columns[trait][0]][s.pair]
                    fresh &= borne[columns[trait][1][:count]]
                else:
                    fresh &= borne[columns[trait][1][:count]]
            return int(settled.sum() + fresh.sum())

    # -- changing -----------------------------------------------------------------------------------------------

    def add(self, key: int, person: Person) -> None:
        """Add somebody; a key that is known already is refused with KeyError."""
        several = encode.spellings(person)
        with self._changing:
            if key in self:
                raise KeyError(key)
            self._fresh_rows[key] = [self._append(key, spelling) for spelling in several]
            self._people += 1
            self._publish()

    def change(self, key: int, person: Person) -> None:
        """Replace what is known of somebody; an unknown key is refused with KeyError."""
        several = encode.spellings(person)
        with self._changing:
            if key not in self:
                raise KeyError(key)
            # The new rows come first: a reader meanwhile finds him once or twice, never not at all.
            old = self._fresh_rows.get(key)
            settled = self._settled_rows(key)
            rows = [self._append(key, spelling) for spelling in several]
            self._publish()
            self._bury(old or (), settled)
            self._fresh_rows[key] = rows
            self._publish()

    def remove(self, key: int) -> None:
        """Forget somebody; an unknown key is refused with KeyError."""
        with self._changing:
            if key not in self:
                raise KeyError(key)
            self._bury(self._fresh_rows.pop(key, ()), self._settled_rows(key))
            self._people -= 1
            self._publish()

    def add_many(self, items: Iterable[tuple[int, Person]]) -> None:
        """Add many; a known key is refused with KeyError, and those before it stay added."""
        with self._changing:
            coming = iter(items)
            while several := list(islice(coming, _CHUNK)):
                self._add_chunk(several)
                if int(self._sizes[2]) > min(max(_SETTLE_AT, self._settled.keys.size), _SETTLE_BY):
                    self.settle()

    def _add_chunk(self, several: list[tuple[int, Person]]) -> None:
        keys = np.array([key for key, _ in several], np.int64)
        known = np.zeros(keys.size, bool)
        if self._keys_sorted.size:
            at = np.minimum(np.searchsorted(self._keys_sorted, keys), self._keys_sorted.size - 1)
            known = self._keys_sorted[at] == keys
        names, rows_of = self._names, self._fresh_rows
        surname, given, patronymic = names["surname"].entry, names["given"].entry, names["patronymic"].entry
        place, unit, written = names["place"].entry, names["unit"].number_entry, encode.written
        plain: list[tuple[int, int, int, int, int, int, int]] = []
        first = row = int(self._sizes[2])
        try:
            for (key, person), suspect in zip(several, known.tolist(), strict=True):
                if key in rows_of or (suspect and self._settled_rows(key)):
                    raise KeyError(key)
                if person.aliases or person.service_number or person.mother_maiden:
                    self._append_rows(plain)
                    plain = []
                    rows_of[key] = [self._append(key, spelling) for spelling in encode.spellings(person)]
                    row = int(self._sizes[2])
                else:
                    w = written(person)
                    plain.append(
                        (
                            key,
                            surname(w.surname),
                            given(w.given),
                            patronymic(w.patronymic),
                            w.born,
                            place(w.place),
                            unit(w.unit),
                        )
                    )
                    rows_of[key] = [row]
                    row += 1
                self._people += 1
        finally:
            self._append_rows(plain)
            self._publish()
        assert int(self._sizes[2]) == row >= first

    def _append_rows(self, rows: list[tuple[int, int, int, int, int, int, int]] | npt.NDArray[np.int64]) -> None:
        """Append rows without extras: key, surname, given name, patronymic, date, place, unit."""
        if not len(rows):
            return
        first = int(self._sizes[2])
        self._make_room(first + len(rows))
        f, here = self._fresh, slice(first, first + len(rows))
        table = np.asarray(rows, np.int64)
        columns: tuple[npt.NDArray[Any], ...] = (f.keys, f.surname, f.given, f.patronymic, f.born, f.place, f.unit)
        for column, values in zip(columns, table.T, strict=True):
            column[here] = values
        f.extra[here] = 0
        f.alive[here] = 1
        for trait, place in (("surname", 1), ("given", 2), ("patronymic", 3), ("place", 5), ("unit", 6)):
            v = self._names[trait].v
            added = np.bincount(v.group[table[:, place]], minlength=1)
            v.group_count[: added.size] += added.astype(np.int32)
        self._sizes[2] = first + len(rows)
        kernels.chain(
            f.surname, f.born, f.same_surname, f.same_day, f.surname_head, f.day_head, first, first + len(rows)
        )

    def _make_room(self, rows: int) -> None:
        """Replace the fresh arrays where they are too short for so many rows, or for the surnames there are."""
        f = self._fresh
        surnames = self._names["surname"].v.lengths.size
        if rows > f.keys.size:
            n = max(f.keys.size * 2, rows)
            columns: list[npt.NDArray[Any]] = [*f]
            grown = [_grown(column, n) for column in columns[:11]]
            f = Fresh._make([*grown, f.surname_head.copy(), f.day_head.copy()])
        if surnames > f.surname_head.size:
            f = f._replace(surname_head=_grown(f.surname_head, surnames), day_head=f.day_head.copy())
        if f is not self._fresh:
            self._fresh = f
            self._sizes = self._sizes.copy()  # who still reads the old arrays keeps the old number of rows

    def add_columns(self, keys: npt.NDArray[np.int64], columns: Mapping[str, Any]) -> None:
        """Add rows of columns named as the fields of Person (texts, or Arrow's); a known key is refused with KeyError."""
        many = encode.many_from(columns)
        if many.size != keys.size:
            raise ValueError("as many keys as rows are needed")
        with self._changing:
            self._refuse_known(keys)
            names, first = self._names, int(self._sizes[2])
            table = np.empty((7, keys.size), np.int64)
            table[0], table[4] = keys, many.born
            for place, trait, column in (
                (1, "surname", many.surname), (2, "given", many.given), (3, "patronymic", many.patronymic), (5, "place", many.place),
            ):  # fmt: skip
                entries = np.array([names[trait].entry(name) for name in column.names], np.int64)
                table[place] = entries[column.places]
            table[6] = np.array([names["unit"].number_entry(one) for one in many.unit.numbers], np.int64)[
                many.unit.places
            ]
            self._append_rows(table.T)
            self._fresh_rows.update(zip(keys.tolist(), ([row] for row in range(first, first + keys.size))))
            for row in np.flatnonzero(many.number.places | many.mother.places).tolist():
                self._append_extra(
                    first + row,
                    many.number.numbers[many.number.places[row]],
                    many.mother.names[many.mother.places[row]],
                )
            self._people += keys.size
            self._publish()
            if int(self._sizes[2]) > min(max(_SETTLE_AT, self._settled.keys.size), _SETTLE_BY):
                self.settle()

    def _refuse_known(self, keys: npt.NDArray[np.int64]) -> None:
        distinct, counts = np.unique(keys, return_counts=True)
        for key in distinct[counts > 1].tolist():
            raise KeyError(key)
        suspects = [] if not self._fresh_rows else [key for key in distinct.tolist() if key in self._fresh_rows]
        if self._keys_sorted.size:
            at = np.minimum(np.searchsorted(self._keys_sorted, distinct), self._keys_sorted.size - 1)
            suspects += [key for key in distinct[self._keys_sorted[at] == distinct].tolist() if self._settled_rows(key)]
        for key in suspects:
            raise KeyError(key)

    def _append_extra(self, row: int, digits: bytes, mother: Name | None) -> None:
        """Note what few persons have, of a fresh row that has been appended without it."""
        extra = self._new_extra(row, digits, mother)
        self._fresh.extra[row] = extra
        self._count_extra(extra, 1)

    def _new_extra(self, row: int, digits: bytes, mother: Name | None) -> int:
        if not digits and mother is None:
            return 0
        names = self._names
        if self._extra_size >= self._extras.number.size:
            size = self._extra_size * 2
            self._extras = Extras(_grown(self._extras.number, size), _grown(self._extras.mother, size))
            self._sizes = self._sizes.copy()
        extra = self._extra_size
        number = names["number"].number_entry(digits)
        self._extras.number[extra], self._extras.mother[extra] = number, names["mother"].entry(mother)
        self._extra_size += 1
        if number:
            self._by_number.setdefault(number, set()).add(-row - 1)
        return extra

    def _append(self, key: int, w: Written) -> int:
        row = int(self._sizes[2])
        names = self._names
        s, g, p = (
            names["surname"].entry(w.surname),
            names["given"].entry(w.given),
            names["patronymic"].entry(w.patronymic),
        )
        place, unit = names["place"].entry(w.place), names["unit"].number_entry(w.unit)
        extra = self._new_extra(row, w.number, w.mother)
        self._make_room(row + 1)
        f = self._fresh
        f.keys[row], f.surname[row], f.given[row], f.patronymic[row] = key, s, g, p
        f.born[row], f.place[row], f.unit[row], f.extra[row] = w.born, place, unit, extra
        f.alive[row] = 1
        f.same_surname[row] = f.surname_head[s]
        day = _door(w.born)
        if day >= 0:
            f.same_day[row] = f.day_head[day]
        self._count(s, g, p, place, unit, extra, 1)
        self._sizes[2] = row + 1
        f.surname_head[s] = row + 1
        if day >= 0:
            f.day_head[day] = row + 1
        return row

    def _count(self, s: int, g: int, p: int, place: int, unit: int, extra: int, by: int) -> None:
        for trait, entry in (("surname", s), ("given", g), ("patronymic", p), ("place", place), ("unit", unit)):
            v = self._names[trait].v
            v.group_count[v.group[entry]] += by
        self._count_extra(extra, by)

    def _count_extra(self, extra: int, by: int) -> None:
        if extra:
            for trait, entry in (
                ("number", int(self._extras.number[extra])),
                ("mother", int(self._extras.mother[extra])),
            ):
                v = self._names[trait].v
                v.group_count[v.group[entry]] += by

    def _bury(self, fresh: Iterable[int], settled: Iterable[int]) -> None:
        f, s = self._fresh, self._settled
        for row in fresh:
            f.alive[row] = 0
            extra = int(f.extra[row])
            self._count(
                int(f.surname[row]),
                int(f.given[row]),
                int(f.patronymic[row]),
                int(f.place[row]),
                int(f.unit[row]),
                extra,
                -1,
            )
            self._forget_number(extra, -row - 1)
            self._fresh_dead += 1
        for row in settled:
            s.alive[row] = 0
            extra = int(s.extra[row]) if s.extra.size else 0
            pair = int(s.pair[row])
            self._count(
                int(s.pair_surname[pair]),
                int(s.pair_given[pair]),
                int(s.patronymic[row]),
                int(s.place[row]),
                int(s.unit[row]),
                extra,
                -1,
            )
            self._forget_number(extra, row)
        if self._fresh_dead > 1 << 17 and self._fresh_dead > 4 * len(self._fresh_rows):
            self.settle()

    def _forget_number(self, extra: int, row: int) -> None:
        if extra and (number := int(self._extras.number[extra])):
            rows = self._by_number.get(number)
            if rows is not None:
                rows.discard(row)
                if not rows:
                    del self._by_number[number]

    def _settled_rows(self, key: int) -> list[int]:
        """Living settled rows of a key."""
        keys = self._keys_sorted
        if not keys.size:
            return []
        first = int(np.searchsorted(keys, key))
        rows = []
        while first < keys.size and keys[first] == key:
            row = int(self._by_key[first])
            if self._settled.alive[row]:
                rows.append(row)
            first += 1
        return rows

    def _publish(self) -> None:
        """Show readers the present moment."""
        names = self._names
        sizes = self._sizes
        sizes[0] = self._people
        state: _State | None = getattr(self, "_state", None)
        sizes[1] = names["surname"].size
        sizes[3], sizes[4], sizes[5], sizes[6] = (
            names["patronymic"].size, names["place"].size, names["unit"].size, names["given"].size,
        )  # fmt: skip
        if (
            state is not None and state.sizes is sizes and state.fresh is self._fresh and state.settled is self._settled
            and not any(one.replaced for one in names.values())
        ):  # fmt: skip
            return
        if any(one.replaced for one in names.values()) and state is not None and state.sizes is sizes:
            # The old arrays are shorter than the new sizes: whoever still reads them must not see those.
            sizes = self._sizes = sizes.copy()
        for one in names.values():
            one.replaced = False
        self._state = _State(
            names["surname"].v, names["given"].v, names["patronymic"].v, names["place"].v, names["unit"].v, names["number"].v,
            names["mother"].v, self._settled, self._fresh, self._extras, sizes,
        )  # fmt: skip

    def settle(self) -> None:
        """Merge what is fresh into what is settled, sorted anew. Takes about a second a million."""
        with self._changing:
            s, f, count = self._settled, self._fresh, int(self._sizes[2])
            old, new = s.alive.astype(bool), f.alive[:count].astype(bool)
            pair = s.pair[old]
            surnames = np.concatenate((s.pair_surname[pair], f.surname[:count][new]))
            givens = np.concatenate((s.pair_given[pair], f.given[:count][new]))
            order = np.argsort(surnames.astype(np.int64) << 32 | givens, kind="stable")
            merged = {
                field: np.concatenate((getattr(s, field)[old], getattr(f, field)[:count][new]))[order]
                for field in ("keys", "patronymic", "born", "place", "unit")
            }
            old_extra = s.extra[old] if s.extra.size else np.zeros(int(old.sum()), np.int32)
            extra = np.concatenate((old_extra, f.extra[:count][new]))[order]
            self._settled, self._keys_sorted, self._by_key = _settled_from(
                merged, surnames[order], givens[order], extra, self._names["surname"].size
            )
            self._fresh = _empty_fresh(1024, self._names["surname"].v.lengths.size)
            self._fresh_rows = {}
            self._fresh_dead = 0
            self._by_number = {}
            self._number_doors()
            self._sizes = self._sizes.copy()
            self._sizes[2] = 0
            self._publish()

    def _number_doors(self) -> None:
        extra = self._settled.extra
        for row in np.flatnonzero(extra).tolist() if extra.size else ():
            number = int(self._extras.number[extra[row]])
            if number:
                self._by_number.setdefault(number, set()).add(row)

    # -- keeping ------------------------------------------------------------------------------------------------

    def save(self, path: str | Path, seal: Callable[[bytes], bytes] | None = None) -> None:
        """Write the index to one file. Sealed, the whole file passes through `seal` and cannot be memory-mapped."""
        with self._changing:
            if int(self._sizes[2]):
                self.settle()
            arrays: dict[str, npt.NDArray[Any]] = {}
            for trait, names in self._names.items():
                for field, array in names.trimmed()._asdict().items():
                    arrays[f"{trait}.{field}"] = array
            for field, array in self._settled._asdict().items():
                arrays[f"settled.{field}"] = array
            arrays["by_key"], arrays["keys_sorted"] = self._by_key, self._keys_sorted
            arrays["extras.number"] = self._extras.number[: self._extra_size]
            arrays["extras.mother"] = self._extras.mother[: self._extra_size]
            people = self._people
        places: dict[str, tuple[str, int, int]] = {}
        at = 0
        for name, array in arrays.items():
            places[name] = (array.dtype.str, at, array.size)
            at += -(-array.nbytes // 64) * 64
        said = json.dumps({"reading": _fingerprint(), "people": people, "arrays": places}).encode()
        head = FORMAT + len(said).to_bytes(8, "little") + said
        head += b"\0" * (-len(head) % 64)
        path = Path(path)
        partial = path.with_name(path.name + ".part")
        with partial.open("wb") as file:
            if seal is None:
                file.write(head)
                for array in arrays.values():
                    file.write(np.ascontiguousarray(array).data)
                    file.write(b"\0" * (-array.nbytes % 64))
            else:
                whole = [head]
                for array in arrays.values():
                    whole += [array.tobytes(), b"\0" * (-array.nbytes % 64)]
                file.write(seal(b"".join(whole)))
        partial.replace(path)

    @classmethod
    def load(
        cls, path: str | Path, unseal: Callable[[bytes], bytes] | None = None, weights: Weights | None = None
    ) -> Index:
        """Read a saved index; memory-mapped unless sealed. Changes stay in memory, the file is never written to."""
        with Path(path).open("rb") as file:
            if unseal is not None:
                raw: Any = bytearray(unseal(file.read()))
            else:
                try:
                    raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
                except ValueError as fault:
                    raise StaleIndex("this is not a saved index") from fault
        if bytes(raw[: len(FORMAT)]) != FORMAT:
            raise StaleIndex("this is not an index saved by this version of namesake")
        size = int.from_bytes(raw[len(FORMAT) : len(FORMAT) + 8], "little")
        start = len(FORMAT) + 8
        said = json.loads(bytes(raw[start : start + size]))
        if said["reading"] != _fingerprint():
            raise StaleIndex("the index was saved by another version of namesake, which reads names differently")
        start += size
        start += -start % 64
        arrays = {
            name: np.frombuffer(raw, np.dtype(kind), count, start + at) if count else np.zeros(0, np.dtype(kind))
            for name, (kind, at, count) in said["arrays"].items()
        }
        index = cls(weights)
        index._names = {
            trait: _Names.restored(
                Vocabulary(*(arrays[f"{trait}.{field}"] for field in Vocabulary._fields)), trait in ("unit", "number")
            )
            for trait in index._names
        }
        index._settled = Settled(*(arrays[f"settled.{field}"] for field in Settled._fields))
        index._by_key, index._keys_sorted = arrays["by_key"], arrays["keys_sorted"]
        index._extras = Extras(arrays["extras.number"], arrays["extras.mother"])
        index._extra_size = index._extras.number.size
        index._fresh = _empty_fresh(1024, max(index._names["surname"].v.lengths.size, 1))
        index._people = said["people"]
        index._sizes = np.zeros(7, np.int64)
        index._number_doors()
        index._publish()
        return index


_entries: list[Callable[..., None]] = []


def _run(*arguments: Any) -> None:
    """Run the compiled search. Working out the types of its 150 arrays anew would cost more than many a search."""
    if _entries:
        _entries[0](*arguments)
        return
    kernels.search(*arguments)
    compiled = list(kernels.search.overloads.values())
    if len(compiled) == 1:  # every array of an index always has the same type
        _entries.append(compiled[0].entry_point)


_NOBODY = np.iinfo(np.int64).min
_NO_BLOCK = bytes(BLOCK)
_TRAIT_NUMBER = {
    "surname": kernels.SURNAME, "given": kernels.GIVEN, "patronymic": kernels.PATRONYMIC, "place": kernels.PLACE,
    "unit": kernels.UNIT, "number": kernels.NUMBER, "mother": kernels.MOTHER,
}  # fmt: skip


def _door(born: int) -> int:
    year, month, day = born >> 12, (born >> 8) & 15, (born >> 3) & 31
    if day == 0 or born & 7 or not kernels.FIRST_DOOR_YEAR <= year <= kernels.LAST_DOOR_YEAR:
        return -1
    return ((year - kernels.FIRST_DOOR_YEAR) * 12 + month - 1) * 31 + day - 1


def _settled_from(
    merged: dict[str, npt.NDArray[Any]], surnames: npt.NDArray[np.int32], givens: npt.NDArray[np.int32],
    extra: npt.NDArray[np.int32], surname_count: int,
) -> tuple[Settled, npt.NDArray[np.int64], npt.NDArray[np.int32]]:  # fmt: skip
    n = surnames.size
    fresh_pair = np.ones(n, bool)
    fresh_pair[1:] = (surnames[1:] != surnames[:-1]) | (givens[1:] != givens[:-1])
    first = np.flatnonzero(fresh_pair).astype(np.int32)
    pair = (np.cumsum(fresh_pair) - 1).astype(np.int32)
    pair_surname = surnames[first].astype(np.int32)
    surname_start = np.searchsorted(pair_surname, np.arange(surname_count + 1)).astype(np.int32)
    born = merged["born"].astype(np.int64)
    year, month, day = born >> 12, (born >> 8) & 15, (born >> 3) & 31
    days = ((year - kernels.FIRST_DOOR_YEAR) * 12 + month - 1) * 31 + day - 1
    open_door = (day > 0) & (born & 7 == 0) & (year >= kernels.FIRST_DOOR_YEAR) & (year <= kernels.LAST_DOOR_YEAR)
    day_rows = np.flatnonzero(open_door).astype(np.int32)
    whole = days[day_rows]
    day_rows = day_rows[np.argsort(whole, kind="stable")]
    day_start = np.concatenate(([0], np.cumsum(np.bincount(whole, minlength=kernels.DOOR_DAYS)))).astype(np.int32)
    by_key = np.argsort(merged["keys"], kind="stable").astype(np.int32)
    keys_sorted = merged["keys"][by_key]
    settled = Settled(
        merged["keys"], pair, merged["patronymic"], merged["born"], merged["place"], merged["unit"], np.ones(n, np.uint8),
        extra if extra.any() else np.zeros(0, np.int32), surname_start, pair_surname, givens[first].astype(np.int32),
        np.append(first, np.int32(n)).astype(np.int32), day_start, day_rows,
    )  # fmt: skip
    return settled, keys_sorted, by_key


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    """What a saved index depends on: how names are read and how the arrays are laid out."""
    folder = Path(__file__).parent
    sources = sorted(folder.glob("reading/*.*")) + [
        folder / name for name in ("encode.py", "places.py", "units.py", "dates.py")
    ]
    digest = hashlib.sha256(FORMAT)
    for source in sources:
        if source.suffix in (".py", ".txt", ".tsv", ".json", ".csv"):
            digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _code_table() -> npt.NDArray[np.uint8]:
    from namesake.score import code_of_level

    return code_of_level()


_CODE_TABLE = _code_table()
