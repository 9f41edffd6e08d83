"""The kit's log: one line a check, each holding the hash of the one before. Lines are added and flushed before a verdict is shown.

A line holds codes, numbers and a pass's random id, never a name. Its hash is its identity: the same line merged twice is one.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST = "0" * 64
_HEX64 = re.compile(r"[0-9a-f]{64}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX16 = re.compile(r"[0-9a-f]{16}")
_CODE = re.compile(r"[a-z_]{1,24}")
KINDS = ("pass", "document", "phone")


class NotALog(ValueError):
    """A line is no line of a kit's log, or was altered."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line."""

    kit: str
    number: int
    at: int
    kind: str  # by pass, by document, or let through after a telephone call
    pass_id: str  # hex, "" where nobody was recognised
    colour: int
    reason: str
    through: bool
    before: str

    def _said(self) -> dict[str, Any]:
        return {
            "at": self.at, "before": self.before, "colour": self.colour, "kind": self.kind, "kit": self.kit, "number": self.number,
            "pass": self.pass_id, "reason": self.reason, "through": self.through,
        }  # fmt: skip

    @property
    def hash(self) -> str:
        """SHA-256 of the line without its hash: its identity."""
        return hashlib.sha256(_canonical(self._said())).hexdigest()

    def line(self) -> bytes:
        """As it stands in the file."""
        return _canonical({**self._said(), "hash": self.hash}) + b"\n"


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def read_line(line: bytes) -> Entry:
    """The entry of one line, if its hash is right. Raises NotALog."""
    try:
        said = json.loads(line)
        entry = Entry(
            kit=said["kit"], number=said["number"], at=said["at"], kind=said["kind"], pass_id=said["pass"], colour=said["colour"],
            reason=said["reason"], through=said["through"], before=said["before"],
        )  # fmt: skip
        good = (
            _HEX16.fullmatch(entry.kit)
            and all(isinstance(each, int) and not isinstance(each, bool) for each in (entry.number, entry.at, entry.colour))
            and 0 < entry.number < 2**31 and 0 < entry.at < 2**33 and entry.colour in (0, 1, 2)
            and entry.kind in KINDS
            and (entry.pass_id == "" or _HEX32.fullmatch(entry.pass_id))
            and _CODE.fullmatch(entry.reason)
            and isinstance(entry.through, bool)
            and _HEX64.fullmatch(entry.before)
            and line.rstrip(b"\n") == entry.line().rstrip(b"\n")
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as fault:
        raise NotALog("this is no line of a kit's log") from fault
    if not good:
        raise NotALog("a line of the log was altered")
    return entry


def read_lines(content: bytes) -> list[Entry]:
    """All entries of a log, or of several put together. Raises NotALog."""
    return [read_line(line) for line in content.splitlines() if line.strip()]


def breaks(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    """Where a kit's chain does not hold: (kit, number) of lines whose predecessor is missing or another."""
    by_kit: dict[str, dict[int, Entry]] = {}
    found = []
    for each in entries:
        known = by_kit.setdefault(each.kit, {})
        if each.number in known and known[each.number] != each:
            found.append((each.kit, each.number))
        known[each.number] = each
    for kit, known in by_kit.items():
        for number, each in sorted(known.items()):
            expected = known[number - 1].hash if number - 1 in known else (FIRST if number == 1 else None)
            if each.before != expected:
                found.append((kit, number))
    return sorted(set(found))


def merged(*logs: Iterable[Entry]) -> list[Entry]:
    """Each entry once, in the order of their time."""
    return sorted({each.hash: each for log in logs for each in log}.values(), key=lambda e: (e.at, e.kit, e.number))


def uses(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries with which each pass was let through, the earliest first."""
    found: dict[str, list[Entry]] = {}
    for each in sorted(entries, key=lambda e: (e.at, e.kit, e.number)):
        if each.through and each.pass_id:
            found.setdefault(each.pass_id, []).append(each)
    return found


class Log:
    """The log file of one kit."""

    def __init__(self, path: Path, kit: str) -> None:
        self.path, self.kit = path, kit

    def entries(self) -> list[Entry]:
        """What stands. A last line that a lost battery cut short is not part of it; it is put aside at the next check."""
        content = self.path.read_bytes() if self.path.exists() else b""
        return read_lines(content[: content.rfind(b"\n") + 1])

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """One check at a time, from looking who was let through to the line that says so."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Turn(self, descriptor)
        finally:
            os.close(descriptor)


class Turn:
    """The log while it is held."""

    def __init__(self, log: Log, descriptor: int) -> None:
        self.log, self.descriptor = log, descriptor
        content = log.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        self.entries = read_lines(content[:whole])
        self._torn, self._whole = content[whole:], whole

    def add(self, **said: Any) -> Entry:
        """Write one line, and return when it is on the disk."""
        if self._torn:
            with self.log.path.with_suffix(".torn").open("ab") as aside:
                aside.write(self._torn + b"\n")
                aside.flush()
                os.fsync(aside.fileno())
            os.ftruncate(self.descriptor, self._whole)
            self._torn = b""
        before = self.entries[-1].hash if self.entries else FIRST
        entry = Entry(kit=self.log.kit, number=len(self.entries) + 1, before=before, **said)
        line = entry.line()
        os.lseek(self.descriptor, 0, os.SEEK_END)
        written = 0
        while written < len(line):
            written += os.write(self.descriptor, line[written:])
        os.fsync(self.descriptor)
        self.entries.append(entry)
        self._whole += len(line)
        return entry
