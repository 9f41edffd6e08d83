"""The dead: what is recorded of a death and a grave, and the last return as the family chooses it (GC III Arts. 120-122)."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.disclosure.models import Answer, CallOutcome, CallTry
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.register.models import Entry
from homeward.register.models import State as EntryState
from homeward.returns import effects, notices
from homeward.returns.deeds import Deed
from homeward.returns.models import (
    DeathRecord,
    DeathRecordKind,
    NoticeKind,
    Remains,
    RemainsState,
    Way,
)

# The notification of death (Annex IV D) and the grave (Art. 120): codes and nothing but text.
DEATH_FIELDS = (
    "authority", "died_on", "died_at", "cause", "buried_on", "burial_place", "grave", "grave_marked", "burial_mode",
    "rites", "examination", "will", "effects", "effects_through", "last_moments", "captured", "witness_1", "witness_2",
    "moved_on", "moved_why",
)  # fmt: skip


class NotYet(Refusal):
    """The family has not been told, or has not chosen."""


def told_answers(staff: Staff) -> QuerySet[Answer]:
    """Families of dead men who have been told by a call, and of whom no last return is written yet."""
    told = CallTry.objects.filter(answer=OuterRef("pk"), outcome=CallOutcome.TOLD)
    begun = Remains.objects.filter(enquiry=OuterRef("enquiry"))
    return (
        Answer.objects.filter(Exists(told), match__isnull=False, enquiry__sought__desk=staff.desk)
        .exclude(Exists(begun))
        .select_related("enquiry__sought", "match__entry")
        .order_by("approved_at")
    )


def remains_visible_to(staff: Staff) -> QuerySet[Remains]:
    """The last returns of the person's desk."""
    return Remains.objects.filter(enquiry__sought__desk=staff.desk).select_related("entry", "enquiry__sought")


def known_of_death(entry: Entry) -> dict[str, str]:
    """What stands now: the later line counts, field by field."""
    known: dict[str, str] = {}
    for line in entry.death_records.order_by("pk"):
        known.update({code: value for code, value in line.particulars.items() if value})
    return known


@transaction.atomic
def record_death(entry: Entry, particulars: Mapping[str, str], *, kind: DeathRecordKind, by: Staff) -> DeathRecord:
    """A line more of what is known: the notification, the burial, a later movement of the grave, a correction."""
    if entry.state != EntryState.DECEASED:
        raise NotYet(_("The register does not say that he died."))
    said = {code: value for code, value in particulars.items() if code in DEATH_FIELDS and value}
    if not said:
        raise NotYet(_("Nothing was written."))
    line = DeathRecord.objects.create(entry=entry, kind=kind, particulars=said, recorded_by=by)
    if kind == DeathRecordKind.NOTIFICATION:
        notices.queue_notices(entry, kind=NoticeKind.DIED, event=said, by=by)
    audit.record(Deed.GRAVE_RECORDED, by=by, about=entry.reference, detail={"kind": str(kind)})
    return line


@transaction.atomic
def begin(answer: Answer, *, with_remains: bool, with_effects: bool, by: Staff) -> Remains:
    """The last return begins; only after a person has told the family."""
    if not answer.tries.filter(outcome=CallOutcome.TOLD).exists() or answer.match is None:
        raise NotYet(_("The family has not been told by a call yet."))
    made, _new = Remains.objects.get_or_create(
        entry=answer.match.entry, enquiry=answer.enquiry,
        defaults={"with_remains": with_remains, "with_effects": with_effects},
    )  # fmt: skip
    audit.record(Deed.FAMILY_CHOSE, by=by, about=made.reference, detail={"way": "begun"})
    return made


@transaction.atomic
def choose(remains: Remains, *, way: Way, on: date | None, wishes: str = "", by: Staff | None) -> Remains:
    """What the family chose, and when (`by` None: on her own page). It may be chosen anew until it is given."""
    remains = Remains.objects.select_for_update().get(pk=remains.pk)
    if remains.state == RemainsState.GIVEN:
        raise NotYet(_("It has been given to the family already."))
    remains.way, remains.wanted_on, remains.wishes = way, on, wishes or None
    remains.chosen_at, remains.chosen_through = clock.now(), by
    remains.state = RemainsState.CHOSEN
    remains.version += 1
    remains.save()
    audit.record(Deed.FAMILY_CHOSE, by=by, about=remains.reference, detail={"way": str(way)})
    return remains


@transaction.atomic
def make_ready(remains: Remains, *, by: Staff) -> Remains:
    """Everything is there and sealed."""
    remains = Remains.objects.select_for_update().get(pk=remains.pk)
    if remains.state != RemainsState.CHOSEN or remains.way == Way.LATER:
        raise NotYet(_("The family has not chosen how."))
    if remains.with_effects and not remains.entry.packets.filter(sealed_at__isnull=False).exists():
        raise NotYet(_("His effects are not in a sealed packet yet."))
    remains.state = RemainsState.READY
    remains.save(update_fields=["state"])
    audit.record(Deed.FAMILY_CHOSE, by=by, about=remains.reference, detail={"way": "ready"})
    return remains


@transaction.atomic
def give(remains: Remains, *, received_by: str, witness: Staff, by: Staff) -> Remains:
    """Given to the family, before a witness; the packets with their lists, and the Agency is told."""
    remains = Remains.objects.select_for_update().select_related("entry").get(pk=remains.pk)
    if remains.state != RemainsState.READY:
        raise NotYet(_("It is not ready yet."))
    if witness.pk == by.pk:
        raise NotYet(_("A second person witnesses it."))
    packets = effects.give_packets(remains.entry) if remains.with_effects else []
    remains.state, remains.given_at, remains.given_by = RemainsState.GIVEN, clock.now(), by
    remains.witnessed_by, remains.received_by = witness, received_by
    remains.save()
    event = {
        "happened_on": clock.today().isoformat(), "way": remains.way, "remains": remains.with_remains,
        "packets": [packet.seal_number for packet in packets],
    }  # fmt: skip
    notices.queue_notices(remains.entry, kind=NoticeKind.REMAINS, event=event, by=by)
    audit.record(Deed.LAST_RETURN, by=by, about=remains.reference, detail={"witness": witness.reference})
    return remains


def last_return_of(enquiry: Enquiry) -> Remains | None:
    """What concerns this family, if a person has told them."""
    return Remains.objects.filter(enquiry=enquiry).select_related("entry").first()
