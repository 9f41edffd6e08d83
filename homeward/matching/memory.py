"""What the matcher knows: an index of each side, as of a line of the change log."""

import dataclasses
import os
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.db.models import Max

import namesake
from homeward.lib import paths, sealed
from homeward.lib.changes.models import Change, latest_number
from homeward.matching.sides import SPELLINGS, Item, Side
from namesake import Comparison, Index, Person, Weights

_PAGE = 5000
# The share of the men asked about who stand in the register. The library's own figure is that of its training data; at real
# services two to ten in a hundred are found for months, and a probability that says more would be a false promise.
PRESENT = 0.1
_HEAD = struct.Struct(">8sQ")
_MAGIC = b"HWSNAP01"


def weights() -> Weights:
    """The learnt weights, with how often the man is there at all as it is here."""
    return dataclasses.replace(Weights.load(), present=PRESENT)


class Half:
    """The index of one side. Index keys are row key x 16 + spelling, so every recorded spelling finds the row."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.index = Index(weights())
        # Only rows with more than one spelling are listed: they are few.
        self.spellings: dict[int, int] = {}
        self.rows = 0

    def _forget(self, key: int) -> None:
        for place in range(self.spellings.pop(key, 1)):
            if key * SPELLINGS + place in self.index:
                self.index.remove(key * SPELLINGS + place)
                self.rows -= place == 0

    def put(self, items: Sequence[Item]) -> None:
        """Make the index say about these rows what the items say."""
        fresh: list[tuple[int, Person]] = []
        for item in items:
            self._forget(item.key)
            for place, person in enumerate(item.persons[:SPELLINGS]):
                fresh.append((item.key * SPELLINGS + place, person))
            if item.persons:
                self.rows += 1
            if len(item.persons) > 1:
                self.spellings[item.key] = min(len(item.persons), SPELLINGS)
        self.index.add_many(fresh)

    def load(self, told: Callable[[int], None]) -> None:
        """Read every row of the side."""
        after = 0
        while items := self.side.every(after, _PAGE):
            after = items[-1].key
            self.put(items)
            told(self.rows)


class Memory:
    """Both halves and the number of the last change applied. One thread follows; any number may ask."""

    def __init__(self, sides: dict[str, Side]) -> None:
        self.halves = {code: Half(side) for code, side in sides.items()}
        self.applied = 0
        self.loaded = False
        self._moved = threading.Condition()
        self._following = threading.Lock()

    def build(self) -> None:
        """Read both sides whole, as of the newest change line; what happens meanwhile is followed afterwards."""
        # Whatever the first question has to compile (on a new machine: half a minute) is there before anybody asks.
        namesake.warm()
        as_of = latest_number()
        for half in self.halves.values():
            half.load(lambda rows: None)
        self.applied = as_of
        self.loaded = True

    def follow(self, limit: int = 2000) -> int:
        """Apply the next lines of the change log; how many there were."""
        with self._following:
            lines = list(
                Change.objects.filter(number__gt=self.applied)
                .order_by("number")
                .values_list("number", "side", "reference")[:limit]
            )
            if not lines:
                return 0
            for code, half in self.halves.items():
                # A row that changed twice is read once: as it stands now is as it must be known.
                references = list(dict.fromkeys(reference for _n, side, reference in lines if side == code))
                if references:
                    half.put(half.side.some(references))
            with self._moved:
                self.applied = lines[-1][0]
                self._moved.notify_all()
            return len(lines)

    def wait_for(self, number: int, seconds: float = 5.0) -> bool:
        """Whether line `number` has been applied, waiting for it at most so long."""
        with self._moved:
            return self._moved.wait_for(lambda: self.applied >= number, timeout=seconds)

    def search(self, code: str, person: Person, limit: int) -> list[tuple[int, float, float]]:
        """The rows that resemble the person most: (key, bits, probability), the likeliest first."""
        return self._by_row(code, self.halves[code].index.search(person, limit=self._reach(code, limit)), limit)

    def search_many(self, code: str, persons: Sequence[Person], limit: int) -> list[list[tuple[int, float, float]]]:
        """The same for many persons at once, on two threads."""
        found = self.halves[code].index.search_many(persons, limit=self._reach(code, limit), threads=2)
        return [self._by_row(code, candidates, limit) for candidates in found]

    def _reach(self, code: str, limit: int) -> int:
        # Other spellings of one row take places in the index's answer.
        return limit + (limit if self.halves[code].spellings else 0)

    def _by_row(self, code: str, candidates: Sequence[object], limit: int) -> list[tuple[int, float, float]]:
        """The spellings of one row are one candidate: its best evidence, their probabilities together."""
        rows: dict[int, tuple[float, float]] = {}
        for candidate in candidates:
            key = candidate.key // SPELLINGS  # type: ignore[attr-defined]
            bits, probability = rows.get(key, (-1e9, 0.0))
            rows[key] = (
                max(bits, candidate.bits),  # type: ignore[attr-defined]
                min(1.0, probability + candidate.probability),  # type: ignore[attr-defined]
            )
        ordered = sorted(rows.items(), key=lambda row: (-row[1][1], -row[1][0], row[0]))
        return [(key, bits, probability) for key, (bits, probability) in ordered[:limit]]

    def compare(self, code: str, sought: Person, recorded: Person) -> Comparison:
        """The evidence field by field, with the name frequencies of that side."""
        return self.halves[code].index.compare(sought, recorded)

    def frequency(self, code: str, **names: str) -> int:
        """How many of the side bear the name."""
        return self.halves[code].index.frequency(**names)

    # Snapshots: sealed under the index key class, one file a side and a head that says as of which line.

    def save(self) -> None:
        """Write a sealed snapshot of both halves; the head is written last, so a half-written one is not believed."""
        if not self.loaded:
            return
        folder = snapshot_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        with self._following:
            head = folder / "head"
            head.unlink(missing_ok=True)
            for code, half in self.halves.items():
                half.index.save(folder / code, seal=_seal(code))
                spellings = b"".join(struct.pack(">QB", key, count) for key, count in half.spellings.items())
                _write(folder / f"{code}.spellings", struct.pack(">Q", half.rows) + spellings)
            _write(head, _seal("head")(_HEAD.pack(_MAGIC, self.applied)))

    def restore(self) -> bool:
        """Take the snapshot up where it stands; False where there is none that opens or that this code can read."""
        folder = snapshot_folder()
        try:
            magic, applied = _HEAD.unpack(_unseal("head")((folder / "head").read_bytes()))
            newest = Change.objects.aggregate(newest=Max("number"))["newest"] or 0
            # A snapshot from a database that was since put back to an earlier day knows too much: build anew.
            if magic != _MAGIC or applied > newest:
                return False
            for code, half in self.halves.items():
                half.index = Index.load(folder / code, unseal=_unseal(code), weights=weights())
                known = (folder / f"{code}.spellings").read_bytes()
                half.rows = struct.unpack(">Q", known[:8])[0]
                half.spellings = dict(_pairs(known[8:]))
        except (OSError, ValueError, struct.error, sealed.SealBroken):
            for code in self.halves:
                self.halves[code] = Half(self.halves[code].side)
            return False
        self.applied = applied
        self.loaded = True
        return True


def _pairs(known: bytes) -> Iterator[tuple[int, int]]:
    yield from struct.iter_unpack(">QB", known)


def snapshot_folder() -> Path:
    """Where the sealed snapshot lies."""
    return paths.home() / "matcher"


def _seal(part: str) -> Callable[[bytes], bytes]:
    return lambda plain: sealed.seal(plain, key_class="index", purpose="snapshot", about=part)


def _unseal(part: str) -> Callable[[bytes], bytes]:
    return lambda value: sealed.unseal(value, key_class="index", purpose="snapshot", about=part)


def _write(path: Path, content: bytes) -> None:
    aside = path.with_suffix(".new")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
