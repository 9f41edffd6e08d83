"""What is done at the meeting point: expected, received, seated, driven, handed over, and what follows."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.enquiries import actions as enquiries
from homeward.handover import queries, seating
from homeward.handover.deeds import Deed
from homeward.handover.models import (
    Arrival,
    ArrivalState,
    Convoy,
    FollowUp,
    FollowUpOutcome,
    Handover,
    Outcome,
    Role,
    Signature,
    Vehicle,
)
from homeward.handover.signatures import Signed
from homeward.journeys import actions as journeys
from homeward.journeys.models import ENDED, Journey, Via
from homeward.journeys.models import State as JourneyState
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.register import actions as register
from homeward.register.models import EventKind
from homeward.returns import actions as returns
from homeward.returns import effects, notices
from homeward.returns.models import Basis, NoticeKind, Return, Says, State
from homeward.returns.queries import kinship_of, travellers_of

# Contacts after a handover: after a week and after a month.
FOLLOW_UPS = (timedelta(days=7), timedelta(days=30))
NEEDED = (Role.HANDING, Role.SECOND, Role.RECEIVER, Role.WITNESS)
# A sheet written without a network may come in this much later.
LATEST_SYNC = timedelta(hours=72)
_ID = re.compile(r"[0-9a-f]{32}")


class NotReceived(Refusal):
    """The family cannot be received so."""


class NoSeat(Refusal):
    """The vehicle has no seat for the whole family, or leaves too early."""


class NotHandedOver(Refusal):
    """Something that a handover needs is missing."""


# --- reception -------------------------------------------------------------------------------------------------------


@transaction.atomic
def expect(return_of: Return, *, place: str, at: datetime, by: Staff | None) -> Arrival:
    """The family is expected at this meeting point, by its code or its name; written anew when its journey changes."""
    return_of = Return.objects.select_for_update().get(pk=return_of.pk)
    if return_of.state not in (State.ACCEPTED, State.TRAVELLING):
        raise NotReceived(_("Only a family that comes is expected."))
    comers = travellers_of(return_of)
    point, place = queries.place_called(place)
    values = {
        "point": point, "place": place, "expected_at": at, "people": max(len(comers), 1),
        "step_free": any(each.step_free for each in comers),
    }  # fmt: skip
    arrival = Arrival.objects.filter(return_of=return_of, state=ArrivalState.EXPECTED).first()
    if arrival is None:
        arrival = Arrival.objects.create(return_of=return_of, **values)
    else:
        for name, value in values.items():
            setattr(arrival, name, value)
        arrival.save()
    audit.record(Deed.EXPECTED, by=by, about=return_of.reference)
    return arrival


@transaction.atomic
def expect_by_journey(journey: Journey, *, by: Staff) -> Arrival | None:
    """A journey that was sent or goes another way now: expected where and when it says. One that ended early: not expected any more.

    None where nobody is expected by it: the way back, a journey that belongs to no return, a family that stands here already.
    """
    return_of = journey.returning
    if return_of is None or journey.is_back:
        return None
    return_of = Return.objects.select_for_update().get(pk=return_of.pk)
    if journey.state == JourneyState.ABORTED:
        gone = Arrival.objects.filter(return_of=return_of, state=ArrivalState.EXPECTED)
        if gone.update(state=ArrivalState.TURNED_BACK, checked_by=by):
            audit.record(
                Deed.NOT_RECEIVED, by=by, about=return_of.reference, detail={"state": str(ArrivalState.TURNED_BACK)}
            )
        return None
    if return_of.state not in (State.ACCEPTED, State.TRAVELLING):
        return None
    return expect(return_of, place=journey.meeting, at=journey.window_from, by=by)


@transaction.atomic
def receive(arrival: Arrival, *, document_number: str, saw_face: bool, by: Staff) -> Arrival:
    """An officer laid the document beside the face and the name: the family is received."""
    arrival = _locked(arrival)
    if arrival.state != ArrivalState.EXPECTED:
        raise NotReceived(_("This family is not expected any more."))
    comers = travellers_of(arrival.return_of)
    if not comers or _plain(comers[0].document_number) != _plain(document_number):
        raise NotReceived(
            _("This document is not the one she named. Look again; if it is another person, say so below.")
        )
    if not saw_face:
        raise NotReceived(_("Compare the face with the document first."))
    arrival.state, arrival.came_at, arrival.checked_by = ArrivalState.RECEIVED, clock.now(), by
    arrival.checked = {"document_kind": comers[0].document_kind, "document_number": document_number.strip()}
    arrival.save()
    return_of = arrival.return_of
    _end_journey(return_of, by=by)
    return_of.refresh_from_db(fields=["state"])
    if return_of.state == State.ACCEPTED:
        # She stands here, so she has travelled, whether or not anybody wrote it down on the way.
        return_of = returns.move_on(return_of, State.TRAVELLING, by=by)
    returns.move_on(return_of, State.RECEIVED, by=by)
    audit.record(Deed.RECEIVED, by=by, about=return_of.reference)
    return arrival


def _end_journey(return_of: Return, *, by: Staff) -> None:
    """She stands here, so her journey is at its meeting point. One that she never got is called off: she came another way."""
    journey = return_of.journeys.filter(is_back=False).exclude(state__in=ENDED).first()
    if journey is None:
        return
    if journey.state == JourneyState.PLANNED:
        journeys.abort(journey, reason="other", by=by)
    else:
        journeys.check_in(journey, journey.meeting, by=by, via=Via.STAFF)


@transaction.atomic
def do_not_receive(arrival: Arrival, *, state: ArrivalState, by: Staff) -> Arrival:
    """Nobody came, somebody else came, or she turned back. Another person stops the return until it is cleared up."""
    arrival = _locked(arrival)
    if arrival.state != ArrivalState.EXPECTED or state in (ArrivalState.EXPECTED, ArrivalState.RECEIVED):
        raise NotReceived(_("This family is not expected any more."))
    arrival.state, arrival.checked_by = state, by
    arrival.save(update_fields=["state", "checked_by"])
    if state == ArrivalState.TURNED_BACK:
        journey = arrival.return_of.journeys.filter(is_back=False).exclude(state__in=ENDED).first()
        if journey is not None:
            journeys.abort(journey, reason="turned_back", by=by)
            arrival.return_of.refresh_from_db(fields=["state"])
    if state == ArrivalState.WRONG_PERSON:
        returns.suspend(arrival.return_of, reason="identity", by=by)
    elif arrival.return_of.state == State.TRAVELLING:
        returns.move_on(arrival.return_of, State.ACCEPTED, by=by)
    audit.record(Deed.NOT_RECEIVED, by=by, about=arrival.return_of.reference, detail={"state": str(state)})
    return arrival


def _locked(arrival: Arrival) -> Arrival:
    return (
        Arrival.objects.select_for_update().select_related("return_of__entry", "return_of__enquiry").get(pk=arrival.pk)
    )


def _plain(number: str) -> str:
    return re.sub(r"[^0-9A-Za-zА-Яа-яІЇЄҐіїєґ]", "", number).upper()


# --- convoys ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle to be planned."""

    label: str
    seats: int
    step_free: bool = False
    driver: str = ""


@transaction.atomic
def plan_convoy(
    *, from_place: str, to_place: str, leaves_at: datetime, arrives_at: datetime, cars: Sequence[Car],
    escorts: Sequence[Staff], by: Staff,
) -> Convoy:  # fmt: skip
    """A drive with its vehicles and those who escort it."""
    if not cars or not escorts:
        raise NoSeat(_("A convoy needs a vehicle and an escort."))
    if arrives_at <= leaves_at:
        raise NoSeat(_("A convoy arrives after it left."))
    if len({car.label for car in cars}) != len(cars):
        raise NoSeat(_("Two vehicles have the same name."))
    (point, start), (_to, end) = queries.place_called(from_place), queries.place_called(to_place)
    convoy = Convoy.objects.create(
        desk=by.desk, from_point=point, from_place=start, to_place=end, leaves_at=leaves_at, arrives_at=arrives_at,
        made_by=by,
    )  # fmt: skip
    convoy.escorts.set(escorts)
    for car in cars:
        Vehicle.objects.create(
            convoy=convoy, label=car.label, seats=car.seats, step_free=car.step_free, driver=car.driver or None
        )
    audit.record(Deed.CONVOY_PLANNED, by=by, about=convoy.reference)
    return convoy


@transaction.atomic
def seat_families(*, by: Staff) -> seating.Plan[int, int]:
    """Seats for everybody who was received and waits, over the convoys still to leave: the best plan there is."""
    waiting = {each.pk: each for each in queries.to_be_seated(by).select_for_update(of=("self",))}
    cars = list(
        Vehicle.objects.select_for_update(of=("self",))
        .filter(convoy__desk=by.desk, convoy__left_at__isnull=True, convoy__cancelled_at__isnull=True)
        .filter(convoy__leaves_at__gte=clock.now())
        .select_related("convoy")
        .order_by("pk")
    )
    taken = _taken(cars)
    places = {each.meets_at for each in waiting.values()}
    plan: seating.Plan[int, int] = seating.Plan({}, (), 0, 0, True)
    for place in sorted(places):
        parties = [
            seating.Party(pk, each.people, _minute(each.came_at or each.expected_at), each.step_free)
            for pk, each in waiting.items()
            if each.meets_at == place
        ]
        vans = [
            seating.Van(car.pk, car.seats - taken[car.pk], _minute(car.convoy.leaves_at), car.step_free)
            for car in cars
            if car.convoy.meets_at == place
        ]
        found = seating.seat(parties, vans)
        plan = seating.Plan(
            {**plan.seats, **found.seats}, (*plan.left, *found.left), max(plan.longest_wait, found.longest_wait),
            plan.total_wait + found.total_wait, plan.is_best and found.is_best,
        )  # fmt: skip
    for pk, car_pk in plan.seats.items():
        waiting[pk].vehicle_id = car_pk
        waiting[pk].save(update_fields=["vehicle"])
    audit.record(Deed.SEATED, by=by, detail={"families": len(plan.seats), "left": len(plan.left)})
    return plan


@transaction.atomic
def give_seat(arrival: Arrival, vehicle: Vehicle | None, *, by: Staff) -> Arrival:
    """A person's own choice of vehicle for a family, or none."""
    arrival = _locked(arrival)
    if arrival.state != ArrivalState.RECEIVED or arrival.return_of.state != State.RECEIVED:
        raise NoSeat(_("Only a family that was received and waits takes a seat."))
    if vehicle is not None:
        vehicle = Vehicle.objects.select_for_update(of=("self",)).select_related("convoy").get(pk=vehicle.pk)
        aboard = sum(vehicle.arrivals.exclude(pk=arrival.pk).values_list("people", flat=True))
        if aboard + arrival.people > vehicle.seats:
            raise NoSeat(_("There is no room for the whole family in this vehicle."))
        if vehicle.convoy.left_at is not None or vehicle.convoy.cancelled_at is not None:
            raise NoSeat(_("This convoy has left."))
        if vehicle.convoy.meets_at != arrival.meets_at:
            raise NoSeat(_("This convoy leaves from another place than where the family waits."))
        if arrival.step_free and not vehicle.step_free:
            raise NoSeat(_("Somebody of this family needs a step-free vehicle."))
    arrival.vehicle = vehicle
    arrival.save(update_fields=["vehicle"])
    audit.record(Deed.SEATED, by=by, about=arrival.return_of.reference)
    return arrival


def _taken(cars: Sequence[Vehicle]) -> dict[int, int]:
    taken = {car.pk: 0 for car in cars}
    for car_pk, people in Arrival.objects.filter(vehicle__in=cars).values_list("vehicle_id", "people"):
        taken[car_pk] += people
    return taken


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


@transaction.atomic
def convoy_leaves(convoy: Convoy, *, by: Staff) -> int:
    """It left: all families aboard are escorted now. How many."""
    convoy = Convoy.objects.select_for_update().get(pk=convoy.pk)
    if convoy.left_at is not None or convoy.cancelled_at is not None:
        raise NoSeat(_("This convoy has left."))
    aboard = Arrival.objects.filter(vehicle__convoy=convoy, return_of__state=State.RECEIVED).select_related("return_of")
    families = 0
    for arrival in aboard:
        returns.move_on(arrival.return_of, State.ESCORTED, by=by)
        families += 1
    convoy.left_at = clock.now()
    convoy.save(update_fields=["left_at"])
    audit.record(Deed.LEFT, by=by, about=convoy.reference, detail={"families": families})
    return families


@transaction.atomic
def convoy_comes(convoy: Convoy, *, by: Staff) -> None:
    """It came."""
    convoy = Convoy.objects.select_for_update().get(pk=convoy.pk)
    if convoy.left_at is None or convoy.came_at is not None:
        raise NoSeat(_("This convoy is not on the way."))
    convoy.came_at = clock.now()
    convoy.save(update_fields=["came_at"])
    audit.record(Deed.CAME, by=by, about=convoy.reference)


# --- the handover ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """What two officers wrote down at the moment itself, on a page with or without a network."""

    receipt_id: str
    outcome: Outcome
    happened_at: datetime
    place: str
    second_officer: Staff | None = None
    # What he said when asked once more, alone.
    says: Says | None = None
    asked_alone: bool = False
    interpreter: str = ""
    his_document: str = ""
    relative_document: str = ""
    receiver: str = ""
    identities_agree: bool = False
    effects_agree: bool = False
    medical_note: str = ""
    observer: str = ""
    goes_to: str = ""
    note: str = ""
    signatures: Sequence[Signed] = field(default_factory=tuple)


def record_handover(return_of: Return, sheet: Sheet, *, by: Staff) -> Handover:
    """The moment and everything that follows from it, in one transaction; the same sheet sent again is the same handover."""
    if not _ID.fullmatch(sheet.receipt_id):
        raise NotHandedOver(_("This sheet has no number of its own. Open the page anew."))
    handover, is_new = _written(return_of, sheet, by=by)
    if is_new and handover.outcome == Outcome.DONE:
        from homeward.handover.receipts import sign_if_possible

        sign_if_possible(handover)
    return handover


@transaction.atomic
def _written(return_of: Return, sheet: Sheet, *, by: Staff) -> tuple[Handover, bool]:
    # The return is locked first: of two devices that send at once, one finds what the other wrote.
    return_of = Return.objects.select_for_update().get(pk=return_of.pk)
    earlier = Handover.objects.filter(receipt_id=sheet.receipt_id).first()
    if earlier is not None:
        if earlier.return_of_id != return_of.pk:
            raise NotHandedOver(_("This sheet belongs to another return."))
        audit.record(Deed.SYNCED_AGAIN, by=by, about=return_of.reference)
        return earlier, False
    now = clock.now()
    if not now - LATEST_SYNC <= sheet.happened_at <= now + timedelta(minutes=15):
        raise NotHandedOver(_("The time on this sheet cannot be right. It is taken in within 72 hours."))
    if return_of.state != State.ESCORTED:
        raise NotHandedOver(_("This return does not stand at the handover."))
    if sheet.outcome == Outcome.DONE:
        return _done(return_of, sheet, by=by), True
    return _otherwise(return_of, sheet, by=by), True


def _done(return_of: Return, sheet: Sheet, *, by: Staff) -> Handover:
    second = sheet.second_officer
    if second is None or second.pk == by.pk:
        raise NotHandedOver(_("Two officers check who he is and who receives him."))
    if not second.may(Right.HANDOVER_RECORD):
        raise NotHandedOver(_("The second officer has not the right to hand over."))
    if not sheet.identities_agree:
        raise NotHandedOver(_("Both officers have to find that each is the person named."))
    comers = travellers_of(return_of)
    if not comers or _plain(comers[0].document_number) != _plain(sheet.relative_document):
        raise NotHandedOver(_("The document of the relative is not the one she named."))
    if sheet.says != Says.TO_GO or not sheet.asked_alone:
        raise NotHandedOver(_("Ask him once more, alone. Without his yes nothing is signed."))
    if kinship_of(return_of.enquiry) < returns.KINSHIP_TO_HAND_OVER:
        raise NotHandedOver(_("The kinship has to be at level 3: seen in person, or by biometric or DNA comparison."))
    signed = {each.role for each in sheet.signatures}
    if not signed >= set(NEEDED):
        raise NotHandedOver(_("A signature is missing: both officers, the one who receives him, and a witness sign."))
    packets = effects.give_packets(return_of.entry)
    if packets and not sheet.effects_agree:
        raise NotHandedOver(_("Go through the list of his effects with both."))
    day = timezone.localdate(sheet.happened_at)
    wish = returns.record_wish(
        return_of, says=Says.TO_GO, said_on=day, was_alone=True, interpreter=sheet.interpreter,
        with_whom=sheet.receiver, by=by,
    )  # fmt: skip
    for each in sheet.signatures:
        _sign(sheet.receipt_id, each)
    handover = _row(return_of, sheet, by=by, day=day, wish=wish)
    handover.packets.set(packets)
    returns.move_on(return_of, State.HANDED_OVER, on=day, by=by)
    repatriated = return_of.basis in (Basis.REPATRIATION, Basis.AGREEMENT, Basis.END)
    kind = EventKind.REPATRIATED if repatriated else EventKind.RELEASED
    entry = return_of.entry
    register.record_event(
        entry, kind=kind, happened_on=day.isoformat(), place=sheet.place, version=entry.version, by=by
    )
    event = {
        "happened_on": day.isoformat(), "place": sheet.place, "basis": return_of.basis, "category": return_of.category,
        "return": return_of.reference, "receipt": sheet.receipt_id, "packets": [each.seal_number for each in packets],
    }  # fmt: skip
    notices.queue_notices(
        entry, kind=NoticeKind.REPATRIATED if repatriated else NoticeKind.RELEASED, event=event, by=by
    )
    enquiries.set_states([return_of.enquiry.sought_id], "closed")
    for after in FOLLOW_UPS:
        FollowUp.objects.create(return_of=return_of, due_on=day + after)
    audit.record(
        Deed.SIGNED, by=by, about=return_of.reference, detail={"receipt": sheet.receipt_id, "second": second.reference}
    )
    return handover


def _otherwise(return_of: Return, sheet: Sheet, *, by: Staff) -> Handover:
    day = timezone.localdate(sheet.happened_at)
    for each in sheet.signatures:
        _sign(sheet.receipt_id, each)
    wish = None
    if sheet.outcome == Outcome.HE_REFUSED:
        says = sheet.says if sheet.says in (Says.NOT_TO_GO, Says.LATER) else Says.NOT_TO_GO
        wish = returns.record_wish(
            return_of, says=says, said_on=day, was_alone=sheet.asked_alone, interpreter=sheet.interpreter,
            note=sheet.note, by=by,
        )  # fmt: skip
    else:
        reasons = {
            Outcome.FAMILY_REFUSED: "refused_there",
            Outcome.POSTPONED: "postponed",
            Outcome.WRONG_PERSON: "identity",
        }
        returns.suspend(return_of, reason=reasons[sheet.outcome], note=sheet.note, by=by)
    state = ArrivalState.WRONG_PERSON if sheet.outcome == Outcome.WRONG_PERSON else ArrivalState.TURNED_BACK
    arrival = return_of.arrivals.select_for_update().filter(state=ArrivalState.RECEIVED).first()
    if arrival is not None:
        arrival.state, arrival.vehicle = state, None
        arrival.save(update_fields=["state", "vehicle"])
    handover = _row(return_of, sheet, by=by, day=day, wish=wish)
    audit.record(Deed.NOT_DONE, by=by, about=return_of.reference, detail={"outcome": str(sheet.outcome)})
    return handover


def _row(return_of: Return, sheet: Sheet, *, by: Staff, day: date, wish: Any) -> Handover:
    record = {
        "his_document": sheet.his_document, "relative_document": sheet.relative_document, "receiver": sheet.receiver,
        "identities_agree": sheet.identities_agree, "effects_agree": sheet.effects_agree,
        "medical_note": sheet.medical_note, "observer": sheet.observer, "goes_to": sheet.goes_to, "note": sheet.note,
        "signatures": {
            str(each.role): [str(each.method), each.name, hashlib.sha256(each.picture).hexdigest()]
            for each in sheet.signatures
        },
    }  # fmt: skip
    return Handover.objects.create(
        receipt_id=sheet.receipt_id, return_of=return_of, outcome=sheet.outcome, happened_at=sheet.happened_at,
        happened_on=day, place=sheet.place, first_officer=by, second_officer=sheet.second_officer, wish=wish,
        record=record,
        record_hash=hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )  # fmt: skip


def _sign(receipt_id: str, each: Signed) -> None:
    Signature.objects.create(
        receipt_id=receipt_id, role=each.role, method=each.method, name=each.name or "—",
        picture=base64.b64encode(each.picture).decode(), picture_hash=hashlib.sha256(each.picture).hexdigest(),
    )  # fmt: skip


# --- afterwards ------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_follow_up(
    contact: FollowUp, *, outcome: FollowUpOutcome, note: str = "", again_on: date | None = None, by: Staff
) -> FollowUp:
    """How they are; and when somebody calls again."""
    contact = FollowUp.objects.select_for_update().get(pk=contact.pk)
    if contact.done_at is not None:
        raise NotHandedOver(_("This contact has been noted already."))
    contact.outcome, contact.note, contact.done_by, contact.done_at = outcome, note or None, by, clock.now()
    contact.save()
    if again_on is not None and outcome != FollowUpOutcome.NO_MORE:
        FollowUp.objects.create(return_of=contact.return_of, due_on=again_on)
    if outcome == FollowUpOutcome.NO_MORE:
        FollowUp.objects.filter(return_of=contact.return_of, done_at__isnull=True).delete()
    audit.record(Deed.FOLLOWED_UP, by=by, about=contact.return_of.reference, detail={"outcome": str(outcome)})
    return contact
