"""Lists of camps and hospitals as rows of the register."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from homeward.access.models import Staff
from homeward.intake.models import Batch
from homeward.intake.target import Deed, Field, Kind, Outcome, Row
from homeward.lib import clock
from homeward.lib.changes.models import Side, note_changes
from homeward.register.models import (
    Entry,
    EventKind,
    Statement,
    StatementKind,
    StatusEvent,
)
from homeward.register.particulars import BY_CODE
from homeward.register.states import derived, settle_state, settle_whole
from homeward.work.actions import enqueue

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

# What a list calls a state, as the event that leads there.
_EVENT_OF_STATUS: dict[str, EventKind] = {
    "captured": EventKind.CAPTURED,
    "in_custody": EventKind.CAPTURED,
    "in_hospital": EventKind.HOSPITAL,
    "transferred": EventKind.MOVED,
    "escaped": EventKind.ESCAPED,
    "released": EventKind.RELEASED,
    "repatriated": EventKind.REPATRIATED,
    "deceased": EventKind.DIED,
}
# Doubts that are kept beside the value and need nobody's look: the value itself says how sure it is.
_HARMLESS = frozenset(("approximate", "two_digit_year", "from_age", "serial_date", "initials"))
# Above this many entries the search for the same man in other lists is left to the person's page.
_LOOKED_UP = 20_000


class RegisterList:
    """See `homeward.intake.target.Target`."""

    code = "register"
    label: str | Lazy = _("Register")
    key_class = "register"
    fields: tuple[Field, ...] = (
        Field("own_id", _("Number in the list"), Kind.NUMBER),
        Field("full_name", _("Name in one column"), Kind.FULL_NAME),
        Field("surname", _("Surname"), Kind.NAME),
        Field("given", _("First names"), Kind.NAME),
        Field("patronymic", _("Patronymic"), Kind.NAME),
        Field("born", _("Date of birth"), Kind.BIRTH),
        Field("birthplace", _("Place of birth"), Kind.TEXT),
        Field("father", _("First name of the father"), Kind.NAME),
        Field("mother_maiden", _("Maiden name of the mother"), Kind.NAME),
        Field("aliases", _("Other spellings of the name"), Kind.TEXT),
        Field("sex", _("Sex"), Kind.SEX),
        Field("rank", _("Rank"), Kind.RANK),
        Field("service_number", _("Service number"), Kind.NUMBER),
        Field("unit", _("Unit"), Kind.UNIT),
        Field("power", _("Power on which he depends"), Kind.TEXT),
        Field("status", _("State"), Kind.STATUS),
        Field("status_on", _("Date of the state"), Kind.DATE),
        Field("captured_on", _("Taken prisoner on"), Kind.DATE),
        Field("captured_at", _("Taken prisoner at"), Kind.TEXT),
        Field("deceased_on", _("Date of death"), Kind.DATE),
        Field("health", _("State of health"), Kind.HEALTH),
        Field("camp", _("Camp or hospital"), Kind.TEXT),
        Field("place", _("Place"), Kind.TEXT),
        Field("marks", _("Distinguishing marks"), Kind.TEXT),
        Field("next_of_kin", _("Next of kin: address"), Kind.TEXT),
        Field("address", _("Address for his mail"), Kind.TEXT),
        Field("remarks", _("Remarks of the list"), Kind.TEXT),
    )
    identity: tuple[str, ...] = ("surname", "given", "patronymic", "born")
    identity_needs: tuple[str, ...] = ("surname", "given", "born")
    reasons: Mapping[str, str | Lazy] = {"no_name": _("There is no name in this row.")}
    silences: Mapping[str, str | Lazy] = {
        "in_custody": _("in custody"),
        "in_hospital": _("in hospital"),
        "deceased": _("deceased"),
    }

    def is_silent(self, row: Row) -> bool:
        """Whether the row leaves open what became of him."""
        return _stated(row) is None and "deceased_on" not in row.values

    def check(self, row: Row) -> str:
        """A row without any name cannot become an entry."""
        return "" if row.text("surname") or row.text("given") else "no_name"

    def apply(self, batch: Batch, rows: Sequence[Row], *, by: Staff | None) -> Sequence[Outcome]:
        """New rows become entries; rows known from this source add a statement to theirs."""
        moment = clock.now()
        known = {
            entry.reference: entry
            for entry in Entry.objects.select_for_update().filter(
                reference__in=[row.known for row in rows if row.known]
            )
        }
        entries, fresh, changed = [], [], []
        for row in rows:
            entry = known.get(row.known) if row.known else None
            if entry is None:
                entry = Entry(made_at=moment)
                fresh.append(entry)
            elif entry not in changed:
                changed.append(entry)
            entry.is_doubtful = entry.is_doubtful or any(doubt.code not in _HARMLESS for doubt in row.doubts)
            entries.append(entry)
        # A row that comes again and still says nothing changes nothing.
        happened = [_events(row, "" if row.known else batch.silence) for row in rows]
        for entry, events in zip(entries, happened, strict=True):
            if entry.pk is None and events:
                entry.state = derived((kind, day) for kind, day, _place in events)
        Entry.objects.bulk_create(fresh, batch_size=100)
        Statement.objects.bulk_create(
            [
                Statement(
                    entry=entry,
                    kind=StatementKind.LIST_ROW,
                    source_id=batch.source_id,
                    particulars=_particulars(row),
                    doubts=[list(doubt) for doubt in row.doubts] or None,
                    batch=batch.reference,
                    row=row.number,
                    entered_by=by,
                    stated_at=moment,
                )
                for row, entry in zip(rows, entries, strict=True)
            ],
            batch_size=80,
        )
        StatusEvent.objects.bulk_create(
            [
                StatusEvent(
                    entry=entry,
                    kind=kind,
                    happened_on=day,
                    place=place or None,
                    source_id=batch.source_id,
                    batch=batch.reference,
                    recorded_by=by,
                    recorded_at=moment,
                )
                for entry, events in zip(entries, happened, strict=True)
                for kind, day, place in events
            ],
            batch_size=70,
        )
        touched = [entry.reference for entry in fresh]
        for entry in changed:
            touched += _settle(entry)
        note_changes(Side.REGISTER, dict.fromkeys(touched))
        return [
            Outcome(Deed.UPDATED if row.known else Deed.NEW, entry.reference)
            for row, entry in zip(rows, entries, strict=True)
        ]

    def finished(self, batch: Batch) -> None:
        """Look for the same men in other lists, in the background: the matcher is not asked while rows come in."""
        if batch.rows_total <= _LOOKED_UP:
            enqueue("register.twins", subject=batch.reference, once_key=f"register.twins {batch.reference}")

    def undo(self, batch: Batch, *, new: Sequence[str], updated: Sequence[str], by: Staff | None) -> Collection[str]:
        """Withdraw what this batch said. An entry that a person has worked on since stays, and is named."""
        moment = clock.now()
        references = [*new, *updated]
        entries = {
            entry.reference: entry for entry in Entry.objects.select_for_update().filter(reference__in=references)
        }
        worked_on = {reference for reference, entry in entries.items() if entry.version > 0}
        worked_on |= set(
            Statement.objects.filter(entry__reference__in=new, withdrawn_at__isnull=True)
            .exclude(batch=batch.reference)
            .values_list("entry__reference", flat=True)
        ) & set(new)
        taken = [entry for reference, entry in entries.items() if reference not in worked_on]
        keys = [entry.pk for entry in taken]
        Statement.objects.filter(entry__in=keys, batch=batch.reference).update(withdrawn_at=moment)
        StatusEvent.objects.filter(entry__in=keys, batch=batch.reference).update(cancelled_at=moment, cancelled_by=by)
        gone = [entry.pk for entry in taken if entry.reference in set(new)]
        Entry.objects.filter(pk__in=gone).update(withdrawn_at=moment)
        touched = [entry.reference for entry in taken]
        for entry in taken:
            if entry.pk not in gone or entry.joined_into_id is not None:
                touched += _settle(entry)
        note_changes(Side.REGISTER, dict.fromkeys(touched))
        return worked_on

    def url_of(self, reference: str) -> str:
        """The person's page."""
        from django.urls import reverse

        return reverse("register:person", args=[reference])


def _settle(entry: Entry) -> list[str]:
    settle_state(entry)
    entry.save(update_fields=["state", "is_doubtful"])
    return settle_whole(entry)


def _particulars(row: Row) -> dict[str, str]:
    found = {code: row.text(code) for code in BY_CODE if code in row.values}
    born = row.values.get("born")
    if born is not None and not isinstance(born, str):
        # The date as it is known; as it was written where it makes no date, with its doubt beside it.
        found["born"] = getattr(born, "iso", "") or born.text
    if "place" in row.values and "camp" not in found:
        found["camp"] = row.text("place")
    if "own_id" in row.values:
        found["own_id"] = row.text("own_id")
    return {code: text for code, text in found.items() if text}


def _stated(row: Row) -> EventKind | None:
    return _EVENT_OF_STATUS.get(getattr(row.values.get("status"), "code", ""))


def _events(row: Row, silence: str) -> list[tuple[str, str, str]]:
    """(kind, day, place) of what the row says happened, or where it is silent, what its list as a whole says.

    Custody is where everybody in the register stands of whom nothing else is known: it needs no event.
    """
    events: list[tuple[str, str, str]] = []
    place = row.text("camp") or row.text("place")
    if "captured_on" in row.values:
        events.append((EventKind.CAPTURED, _day(row, "captured_on"), row.text("captured_at")))
    kind = _stated(row)
    if "deceased_on" in row.values:
        events.append((EventKind.DIED, _day(row, "deceased_on"), place))
    elif kind is not None and not (kind == EventKind.CAPTURED and events):
        events.append((kind, _day(row, "status_on"), place))
    elif kind is None and silence in ("in_hospital", "deceased"):
        events.append((_EVENT_OF_STATUS[silence], _day(row, "status_on"), place))
    return events


def _day(row: Row, code: str) -> str:
    value = row.values.get(code)
    return "" if value is None or isinstance(value, str) else str(getattr(value, "iso", "")).removeprefix("~")
