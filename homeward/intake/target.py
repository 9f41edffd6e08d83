"""What intake asks of the room that owns the rows: its fields, how to take rows in and how to take them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

    from homeward.access.models import Staff
    from homeward.intake.models import Batch
    from homeward.intake.values import Value


class Kind(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    NAME = "name"
    FULL_NAME = "full_name"
    DATE = "date"
    BIRTH = "birth"  # a date of birth, or an age
    UNIT = "unit"
    NUMBER = "number"  # service number, telephone: digits kept as text
    RANK = "rank"
    STATUS = "status"
    HEALTH = "health"
    SEX = "sex"
    RELATION = "relation"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a list may say; `label` is what the registrar reads in the select."""

    code: str
    label: str | Lazy
    kind: Kind = Kind.TEXT


class Doubt(NamedTuple):
    """A value that was kept but not understood for certain; the page puts the code in words."""

    field: str
    code: str
    text: str


@dataclass(slots=True)
class Row:
    """One line of a list, read. `known` is the reference of the same row taken in earlier, "" if it is new."""

    number: int
    cells: Sequence[str]
    values: dict[str, Value] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    key: bytes = b""
    digest: bytes = b""
    known: str = ""

    def text(self, code: str) -> str:
        """What was written under this field, "" when nothing was."""
        value = self.values.get(code)
        if value is None:
            return ""
        return value if isinstance(value, str) else value.text


class Deed(StrEnum):
    """What became of a row."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class Outcome(NamedTuple):
    """A target's answer for one row: its reference, or the code of the reason why it was not taken."""

    deed: Deed
    reference: str = ""
    reason: str = ""


class Target(Protocol):
    """The room that owns the rows of a kind of list."""

    code: str  # "register" or "enquiries"
    label: str | Lazy
    key_class: str  # the key class that seals rejected rows and keys the digests: "register" or "family"
    fields: tuple[Field, ...]
    identity: tuple[str, ...]  # fields that tell who a row is about when the list has no number of its own
    identity_needs: tuple[str, ...]  # of these, the ones without which nobody is told from another
    reasons: Mapping[str, str | Lazy]  # sentences for the target's own rejection codes
    # What rows may mean that say no state, the usual meaning first; empty where nothing is taken from silence.
    silences: Mapping[str, str | Lazy]

    def check(self, row: Row) -> str: ...

    def is_silent(self, row: Row) -> bool: ...

    def apply(self, batch: Batch, rows: Sequence[Row], *, by: Staff | None) -> Sequence[Outcome]: ...

    def undo(
        self, batch: Batch, *, new: Sequence[str], updated: Sequence[str], by: Staff | None
    ) -> Collection[str]: ...

    def finished(self, batch: Batch) -> None: ...

    def url_of(self, reference: str) -> str: ...


_offered: dict[str, Target] = {}


def offer(target: Target) -> None:
    """Called once by the owning room when the house starts."""
    _offered[target.code] = target


def target_called(code: str) -> Target:
    """The target with this code; a KeyError means that its room is not installed."""
    return _offered[code]
