"""What registrars do."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.intake.models import Source
from homeward.lib import clock
from homeward.lib.changes.models import Side, note_changes
from homeward.lib.refusals import Refusal
from homeward.register.deeds import Deed
from homeward.register.models import Apart, Entry, EventKind, Statement, StatementKind, StatusEvent
from homeward.register.particulars import BY_CODE, MATCHED
from homeward.register.states import settle_state, settle_whole


class SomebodyWasFaster(Refusal):
    """The entry changed since the page was opened."""


class NotJoinable(Refusal):
    """These entries cannot be joined or separated."""


class NothingSaid(Refusal):
    """A card without a name, or a correction that changes nothing."""


def _locked(entry: Entry, version: int) -> Entry:
    locked = Entry.objects.select_for_update().get(pk=entry.pk)
    if locked.version != version:
        raise SomebodyWasFaster(
            _("Somebody changed this entry while you looked. Look again; nothing you typed was saved.")
        )
    return locked


def _keep(entry: Entry) -> None:
    entry.version += 1
    entry.save(update_fields=["state", "is_doubtful", "withdrawn_at", "joined_into", "version"])


def _only_known(particulars: Mapping[str, str]) -> dict[str, str]:
    return {code: value for code, value in particulars.items() if code in BY_CODE and value}


@transaction.atomic
def enter_capture_card(
    particulars: Mapping[str, str], *, source: Source | None = None, captured_on: str = "", by: Staff
) -> Entry:
    """A new entry from a capture card (GC III Art. 70)."""
    said = _only_known(particulars)
    if not said.get("surname") and not said.get("given"):
        raise NothingSaid(_("A card needs a name, or at least one part of it."))
    entry = Entry.objects.create()
    Statement.objects.create(
        entry=entry, kind=StatementKind.CAPTURE_CARD, source=source, particulars=said, entered_by=by
    )
    StatusEvent.objects.create(
        entry=entry, kind=EventKind.CAPTURED, happened_on=captured_on, source=source, recorded_by=by
    )
    note_changes(Side.REGISTER, [entry.reference])
    audit.record(Deed.ENTERED, by=by, about=entry.reference)
    return entry


@transaction.atomic
def correct_field(
    entry: Entry, *, code: str, value: str, version: int, source: Source | None = None, by: Staff
) -> Entry:
    """Say what is right about one field. What stood there stays in its history."""
    entry = _locked(entry, version)
    if code not in BY_CODE or not value:
        raise NothingSaid(_("Say what is right, or that it is unknown or that he declined to state it."))
    Statement.objects.create(
        entry=entry, kind=StatementKind.CORRECTION, source=source, particulars={code: value}, entered_by=by
    )
    _keep(entry)
    if code in MATCHED:
        note_changes(Side.REGISTER, settle_whole(entry))
    audit.record(Deed.CORRECTED, by=by, about=entry.reference, detail={"field": code})
    return entry


@transaction.atomic
def record_event(
    entry: Entry, *, kind: EventKind, happened_on: str = "", place: str = "", note: str = "",
    source: Source | None = None, version: int, by: Staff,
) -> StatusEvent:  # fmt: skip
    """Something happened to him; his state follows."""
    entry = _locked(entry, version)
    event = StatusEvent.objects.create(
        entry=entry, kind=kind, happened_on=happened_on, place=place or None, note=note or None, source=source,
        recorded_by=by,
    )  # fmt: skip
    settle_state(entry)
    _keep(entry)
    note_changes(Side.REGISTER, settle_whole(entry))
    audit.record(Deed.EVENT_RECORDED, by=by, about=entry.reference, detail={"kind": str(kind)})
    return event


@transaction.atomic
def cancel_event(event: StatusEvent, *, version: int, by: Staff) -> None:
    """The event did not happen; it stays in the history, and the state is derived anew."""
    entry = _locked(event.entry, version)
    event = StatusEvent.objects.select_for_update().get(pk=event.pk)
    if event.cancelled_at is not None:
        raise NothingSaid(_("This event has been cancelled already."))
    event.cancelled_by, event.cancelled_at = by, clock.now()
    event.save(update_fields=["cancelled_by", "cancelled_at"])
    settle_state(entry)
    _keep(entry)
    # The event may stand on the page of another entry, into which this one is joined.
    note_changes(Side.REGISTER, settle_whole(entry))
    audit.record(Deed.EVENT_CANCELLED, by=by, about=entry.reference, detail={"event": event.reference})


@transaction.atomic
def join_entries(entry: Entry, other: Entry, *, version: int, by: Staff) -> Entry:
    """Both are one man: the other entry is shown and matched under this one from now on."""
    entry = _locked(entry, version)
    other = Entry.objects.select_for_update().get(pk=other.pk)
    if entry.pk == other.pk or other.joined_into_id or entry.joined_into_id or other.withdrawn_at or entry.withdrawn_at:
        raise NotJoinable(_("These two entries cannot be joined: one of them does not stand by itself."))
    Entry.objects.filter(joined_into=other).update(joined_into=entry)
    # Whoever joins them has thought better of it.
    low, high = sorted((entry.pk, other.pk))
    Apart.objects.filter(low=low, high=high).delete()
    other.joined_into, other.is_doubtful = entry, False
    _keep(other)
    settle_state(entry)
    _keep(entry)
    note_changes(Side.REGISTER, [entry.reference, other.reference])
    audit.record(Deed.JOINED, by=by, about=entry.reference, detail={"other": other.reference})
    audit.record(Deed.JOINED, by=by, about=other.reference, detail={"other": entry.reference})
    return entry


@transaction.atomic
def separate_entry(other: Entry, *, by: Staff) -> Entry:
    """They are two men after all: the entry stands by itself again, as it was."""
    other = Entry.objects.select_for_update().get(pk=other.pk)
    if other.joined_into_id is None:
        raise NotJoinable(_("This entry is not joined into another."))
    entry = Entry.objects.select_for_update().get(pk=other.joined_into_id)
    other.joined_into = None
    settle_state(other)
    _keep(other)
    settle_state(entry)
    _keep(entry)
    note_changes(Side.REGISTER, [entry.reference, other.reference])
    audit.record(Deed.SEPARATED, by=by, about=other.reference, detail={"other": entry.reference})
    audit.record(Deed.SEPARATED, by=by, about=entry.reference, detail={"other": other.reference})
    return other


@transaction.atomic
def tell_apart(entry: Entry, other: Entry, *, by: Staff) -> None:
    """Somebody compared the two: they are two men, and are never proposed as one again."""
    if entry.pk == other.pk:
        raise NotJoinable(_("This is one and the same entry."))
    if entry.joined_into_id == other.pk or other.joined_into_id == entry.pk:
        raise NotJoinable(_("These two are joined. Separate them first."))
    low, high = sorted((entry.pk, other.pk))
    _apart, is_new = Apart.objects.get_or_create(low_id=low, high_id=high, defaults={"told_by": by})
    if is_new:
        audit.record(Deed.TOLD_APART, by=by, about=entry.reference, detail={"other": other.reference})
        audit.record(Deed.TOLD_APART, by=by, about=other.reference, detail={"other": entry.reference})


@transaction.atomic
def settle_doubt(entry: Entry, *, version: int, by: Staff) -> Entry:
    """A registrar looked: the entry may stand as it is."""
    entry = _locked(entry, version)
    entry.is_doubtful = False
    _keep(entry)
    audit.record(Deed.DOUBT_SETTLED, by=by, about=entry.reference)
    return entry
