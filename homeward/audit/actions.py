"""Writing to the log."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.db import transaction

from homeward.audit import checkpoints
from homeward.audit.models import Checkpoint, Event, Head
from homeward.audit.tree import CompactRange, leaf_hash
from homeward.lib import clock, keys
from homeward.lib.turn import take_turn

CHECKPOINT_EVERY = 256
CHECKPOINT_AFTER = timedelta(minutes=5)
# What an event may carry: codes, references, numbers. A blank would let sentences about people in.
_CODE = re.compile(r"[A-Za-z0-9_.,:;/+=~*#%@-]{0,120}", re.ASCII)

Detail = Mapping[str, str | int | bool]


class Actor(Protocol):
    """What the log needs to know of a member of staff (`access.Staff`; that room lies above)."""

    @property
    def reference(self) -> str: ...

    @property
    def role_codes(self) -> list[str]: ...


class NotACode(ValueError):
    """Somebody tried to write something other than codes, references and numbers into the log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to be recorded with others."""

    deed: str
    about: str = ""
    detail: Detail | None = None
    purpose: str = ""


def record(deed: str, *, by: Actor | None, about: str = "", detail: Detail | None = None, purpose: str = "") -> Event:
    """Write one event, in the caller's transaction where there is one. `by` is None for what the house does itself."""
    return record_many([Entry(deed, about, detail, purpose)], by=by)[0]


@transaction.atomic(savepoint=False)
def record_many(entries: Iterable[Entry], *, by: Actor | None) -> list[Event]:
    """Write many events of one actor at once. All or none stand, with the caller's transaction."""
    take_turn()
    head = Head.objects.filter(pk=1).first() or Head()
    tree = CompactRange.unpack(head.size, bytes(head.peaks))
    actor, roles = pseudonym(by.reference) if by else "", ",".join(by.role_codes) if by else ""
    moment = clock.now()
    sealing_key = keys.key("audit", "event seal")
    events, due = [], []
    for entry in entries:
        event = Event(
            number=tree.size + 1,
            happened_at=moment,
            actor=actor,
            roles=roles,
            deed=_code(str(entry.deed), 60),
            about=_code(entry.about, 60),
            detail=_canonical(entry.detail),
            purpose=_code(entry.purpose, 60),
        )
        event.leaf_hash = leaf_hash(event.leaf())
        event.seal = seal_of(event.leaf_hash, sealing_key)
        tree.append(event.leaf_hash)
        events.append(event)
        if tree.size % CHECKPOINT_EVERY == 0:
            due.append((tree.size, tree.root()))
    Event.objects.bulk_create(events, batch_size=80)  # SQLite's limit of variables a statement
    if not due and head.checkpoint_at and moment - head.checkpoint_at >= CHECKPOINT_AFTER:
        due.append((tree.size, tree.root()))
    for size, root in due:
        _sign(head, size, root)
    _save(head, tree)
    return events


@transaction.atomic
def checkpoint(*, only_when_due: bool = False) -> bool:
    """Sign the log as it stands; False where nothing new is to be signed, or nothing is due yet."""
    # Looked at without the turn first: the worker asks this all day long.
    head = Head.objects.filter(pk=1).first()
    if head is None or not _is_due(head, only_when_due=only_when_due):
        return False
    take_turn()
    head.refresh_from_db()
    if not _is_due(head, only_when_due=only_when_due):
        return False
    tree = CompactRange.unpack(head.size, bytes(head.peaks))
    _sign(head, tree.size, tree.root())
    _save(head, tree)
    return True


def checkpoint_is_due() -> bool:
    """Whether events wait for a signature longer than they should."""
    head = Head.objects.filter(pk=1).first()
    return head is not None and _is_due(head, only_when_due=True)


def _is_due(head: Head, *, only_when_due: bool) -> bool:
    if head.size == head.checkpoint_size:
        return False
    return not only_when_due or head.checkpoint_at is None or clock.now() - head.checkpoint_at >= CHECKPOINT_AFTER


def pseudonym(reference: str, key_id: int | None = None) -> str:
    """What stands in the log for the member of staff of this reference."""
    number = key_id or keys.current_id("audit")
    digest = hmac.new(keys.key("audit", "actor", number), reference.encode(), hashlib.sha256)
    return f"{number}.{digest.hexdigest()[:32]}"


def seal_of(hashed_leaf: bytes, key: bytes) -> bytes:
    """The keyed hash that stands beside the leaf's."""
    return hmac.digest(key, hashed_leaf, "sha256")[:16]


def head_seal(size: int, peaks: bytes, key: bytes) -> bytes:
    """The keyed hash of the head: a shortened log cannot be given a fitting head."""
    return hmac.digest(key, b"%d|" % size + peaks, "sha256")[:16]


def _save(head: Head, tree: CompactRange) -> None:
    head.size, head.peaks = tree.size, tree.pack()
    head.seal = head_seal(tree.size, head.peaks, keys.key("audit", "head seal"))
    if head.checkpoint_at is None:
        head.checkpoint_at = clock.now()  # the five minutes count from the first event
    head.save(force_insert=head._state.adding, force_update=not head._state.adding)


def _sign(head: Head, size: int, root: bytes) -> None:
    key_id = keys.current_id("audit")
    signed = checkpoints.sign(size, root, clock.now(), key_id)
    Checkpoint.objects.create(
        size=size, root=root, signed_at=signed.signed_at, key_id=key_id, signature=signed.signature
    )
    head.checkpoint_size, head.checkpoint_at = size, signed.signed_at


def _code(text: str, limit: int) -> str:
    if len(text) > limit or not _CODE.fullmatch(text):
        raise NotACode("the log takes codes and references only")
    return text


def _canonical(detail: Detail | None) -> str:
    if not detail:
        return ""
    for key, value in detail.items():
        _code(key, 60)
        if isinstance(value, str):
            _code(value, 120)
        elif not isinstance(value, int):
            raise NotACode("the log takes codes, references and whole numbers only")
    return json.dumps(dict(detail), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
