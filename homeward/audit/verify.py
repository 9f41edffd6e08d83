"""Recomputes the whole log and names the first fault, from the database or, with no house around, from an export.

The export is one JSON object a line: a header, the events, the checkpoints, the head.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from django.db import connection, transaction

from homeward.audit import checkpoints
from homeward.audit.actions import checkpoint, head_seal, seal_of
from homeward.audit.checkpoints import Signed
from homeward.audit.models import Checkpoint, Event, Head, leaf_of
from homeward.audit.tree import EMPTY_ROOT, CompactRange, leaf_hash
from homeward.lib import keys

FORMAT = "homeward audit export 1"


class NotAnExport(ValueError):
    """The file is no export of this log."""


@dataclass(frozen=True, slots=True)
class Record:
    """An event as the verifier reads it; nothing in it is believed yet."""

    number: int
    leaf: bytes
    leaf_hash: bytes
    seal: bytes


@dataclass(frozen=True, slots=True)
class Ending:
    """The head: how far the log says it goes."""

    size: int
    peaks: bytes
    seal: bytes


@dataclass(slots=True)
class Log:
    """What is to be verified. Checkpoints are ordered by size."""

    records: Iterable[Record]
    signed: list[tuple[Signed, int]]  # with the number of the key
    ending: Ending | None
    public_keys: Mapping[int, bytes]


@dataclass(slots=True)
class Verdict:
    """What the verification found. `fault_at` is the number of the first faulty event (or checkpoint's size)."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    checkpoints: int = 0
    unsigned: int = 0
    sealed: bool = False  # whether the keyed hashes could be checked too
    fault_at: int | None = None
    fault: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether no fault was found."""
        return self.fault_at is None


def verify(
    log: Log, *, filed: Iterable[Signed] = (), with_keys: bool = True, tell: Callable[[int], None] | None = None
) -> Verdict:
    """Recompute the log. `filed` are checkpoints kept elsewhere: they show a log cut short or written anew."""
    verdict = Verdict()
    event_key, head_key = _own_keys() if with_keys else (None, None)
    verdict.sealed = event_key is not None
    tree = CompactRange()
    waiting = _by_size(log, filed)
    signed_up_to = 0

    def fault(position: int, words: str) -> Verdict:
        verdict.fault_at, verdict.fault = position, words
        verdict.size, verdict.root = tree.size, tree.root()
        return verdict

    for record in log.records:
        expected = tree.size + 1
        if record.number > expected:
            return fault(expected, f"event {expected} is missing (event {record.number} follows)")
        if record.number < expected:
            return fault(expected, f"event {record.number} stands at position {expected}: doubled or out of order")
        hashed = leaf_hash(record.leaf)
        if hashed != record.leaf_hash:
            return fault(expected, f"event {expected} was altered: its content does not give its hash")
        if event_key is not None and seal_of(hashed, event_key) != record.seal:
            return fault(expected, f"event {expected} was altered and its hash made anew: its seal does not fit")
        tree.append(hashed)
        if tell is not None and tree.size % 4096 == 0:
            tell(tree.size)
        for signed, public_key in waiting.pop(tree.size, ()):
            if public_key is None or not signed.is_signed_by(public_key):
                return fault(tree.size, f"the checkpoint at {tree.size} is not signed by the key of the house")
            if signed.root != tree.root():
                words = f"events {signed_up_to + 1} to {tree.size} are not those that were signed at {tree.size}"
                return fault(signed_up_to + 1, words)
            verdict.checkpoints += 1
            signed_up_to = tree.size
    if waiting:
        return fault(tree.size + 1, f"event {tree.size + 1} is missing: a checkpoint was signed at {max(waiting)}")
    if log.ending is None:
        if tree.size:
            return fault(tree.size, "the head of the log is missing")
    elif log.ending.size != tree.size:
        words = f"event {tree.size + 1} is missing" if log.ending.size > tree.size else f"event {tree.size} was added"
        return fault(min(log.ending.size, tree.size) + 1, f"{words}: the head of the log stands at {log.ending.size}")
    elif log.ending.peaks != tree.pack():
        return fault(signed_up_to + 1, f"events {signed_up_to + 1} to {tree.size} do not give the head of the log")
    elif head_key is not None and head_seal(tree.size, tree.pack(), head_key) != log.ending.seal:
        return fault(tree.size, f"the head at {tree.size} was made without the key of the house")
    verdict.size, verdict.root, verdict.unsigned = tree.size, tree.root(), tree.size - signed_up_to
    return verdict


def _by_size(log: Log, filed: Iterable[Signed]) -> dict[int, list[tuple[Signed, bytes | None]]]:
    waiting: dict[int, list[tuple[Signed, bytes | None]]] = {}
    for signed, key_id in log.signed:
        waiting.setdefault(signed.size, []).append((signed, log.public_keys.get(key_id)))
    for signed in filed:
        known = [key for key in log.public_keys.values() if signed.is_signed_by(key)]
        waiting.setdefault(signed.size, []).append((signed, known[0] if known else None))
    return waiting


def _own_keys() -> tuple[bytes | None, bytes | None]:
    try:
        return keys.key("audit", "event seal"), keys.key("audit", "head seal")
    except keys.KeyMissing:
        return None, None


# From the database.


def stored_log() -> Log:
    """The log as it stands in the database. Read it inside one transaction."""
    rows = Event.objects.order_by("number").values_list(
        "number", "happened_at", "actor", "roles", "deed", "about", "detail", "purpose", "leaf_hash", "seal"
    )
    head = Head.objects.filter(pk=1).first()
    return Log(
        (Record(row[0], leaf_of(*row[:8]), bytes(row[8]), bytes(row[9])) for row in rows.iterator(chunk_size=5000)),
        [(_signed(point), point.key_id) for point in Checkpoint.objects.order_by("size")],
        Ending(head.size, bytes(head.peaks), bytes(head.seal)) if head else None,
        _public_keys(),
    )


def verify_stored(*, filed: Iterable[Signed] = (), tell: Callable[[int], None] | None = None) -> Verdict:
    """Verify the database's log, at one moment of it."""
    with _one_moment():
        return verify(stored_log(), filed=filed, tell=tell)


@contextmanager
def _one_moment() -> Iterator[None]:
    """The events, the checkpoints and the head are read as of one moment, while others write on."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Django's own transactions begin IMMEDIATE here and would hold up every writer for as long as this reads.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield


def _signed(point: Checkpoint) -> Signed:
    return Signed(point.size, bytes(point.root), point.signed_at, bytes(point.signature))


def _public_keys() -> dict[int, bytes]:
    numbers = set(Checkpoint.objects.values_list("key_id", flat=True).distinct())
    return {number: checkpoints.public_key(number) for number in numbers}


def newest_note() -> str:
    """The newest checkpoint as a signed note, for a witness or for the file; '' while there is none."""
    point = Checkpoint.objects.order_by("-size").first()
    return _signed(point).note(checkpoints.public_key(point.key_id)) if point else ""


# Export and reading it again.


def export(file: TextIO, *, tell: Callable[[int], None] | None = None) -> int:
    """Write the whole log, signed to its end; how many events."""
    checkpoint()
    with _one_moment():
        public_keys = {str(number): key.hex() for number, key in _public_keys().items()}
        written = 0
        _line(file, {"format": FORMAT, "origin": checkpoints.ORIGIN, "public_keys": public_keys})
        for event in Event.objects.order_by("number").iterator(chunk_size=5000):
            _line(file, {"event": _event_values(event)})
            written += 1
            if tell is not None and written % 4096 == 0:
                tell(written)
        for point in Checkpoint.objects.order_by("size"):
            note = _signed(point).note(checkpoints.public_key(point.key_id))
            _line(file, {"checkpoint": note, "key": point.key_id})
        head = Head.objects.filter(pk=1).first()
        if head is not None:
            _line(file, {"head": [head.size, _text(head.peaks), _text(head.seal)]})
    return written


def _event_values(event: Event) -> list[Any]:
    return [
        event.number,
        event.happened_at.astimezone(UTC).isoformat(),
        event.actor,
        event.roles,
        event.deed,
        event.about,
        event.detail,
        event.purpose,
        _text(event.leaf_hash),
        _text(event.seal),
    ]


def read_export(path: Path, *, public_key: bytes | None = None) -> tuple[Log, bool]:
    """The log in an export, read as it is verified, and whether its key was taken from the file itself.

    `public_key` is the house's, from a source other than the file. Raises NotAnExport.
    """
    with path.open(encoding="utf-8") as file:
        try:
            header = json.loads(file.readline())
            if header["format"] != FORMAT:
                raise NotAnExport("not an export of the log")
            named = {int(number): bytes.fromhex(key) for number, key in header["public_keys"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as broken:
            raise NotAnExport("not an export of the log") from broken
    points: list[tuple[Signed, int]] = []
    endings: list[Ending] = []
    for line in _lines(path):
        if "checkpoint" in line:
            points.append((checkpoints.read_note(line["checkpoint"]), int(line["key"])))
        elif "head" in line:
            size, peaks, seal = line["head"]
            endings.append(Ending(int(size), base64.b64decode(peaks), base64.b64decode(seal)))
    trusted = _trusted(named, public_key)
    records = (_record(line["event"]) for line in _lines(path) if "event" in line)
    return Log(records, points, endings[-1] if endings else None, trusted or named), not trusted


def _trusted(named: dict[int, bytes], public_key: bytes | None) -> dict[int, bytes]:
    """The keys that can be believed: the one handed over, or those of this house's own keyring."""
    if public_key is not None:
        return dict.fromkeys(named, public_key)
    try:
        return {number: checkpoints.public_key(number) for number in named}
    except keys.KeyMissing:
        return {}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for text in chain(file):
            try:
                line = json.loads(text)
            except ValueError as broken:
                raise NotAnExport("the file is cut short or broken") from broken
            if isinstance(line, dict):
                yield line


def _record(values: list[Any]) -> Record:
    try:
        number, moment, actor, roles, deed, about, detail, purpose, hashed, seal = values
        leaf = leaf_of(number, datetime.fromisoformat(moment), actor, roles, deed, about, detail, purpose)
        return Record(int(number), leaf, base64.b64decode(hashed), base64.b64decode(seal))
    except (ValueError, TypeError) as broken:
        raise NotAnExport("an event of the file is broken") from broken


def _line(file: TextIO, values: dict[str, Any]) -> None:
    file.write(json.dumps(values, ensure_ascii=True, separators=(",", ":")) + "\n")


def _text(value: bytes | memoryview) -> str:
    return base64.b64encode(bytes(value)).decode()
