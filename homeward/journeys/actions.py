"""What is done to the network, to closures and to journeys. Each change has its audit line in its own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.contact.actions import ring_soon
from homeward.enquiries.models import Enquiry
from homeward.journeys import hooks, networks, phrases, planning
from homeward.journeys.deeds import Deed
from homeward.journeys.models import (
    ENDED,
    TRAVELLING,
    UNDER_WAY,
    Alarm,
    CheckIn,
    Closure,
    Journey,
    JourneyLeg,
    NetworkVersion,
    NewWay,
    State,
    Step,
    Traveller,
    Via,
    later,
)  # fmt: skip
from homeward.journeys.planner.network import Kind, Network, NetworkFaulty, Role, faults_of
from homeward.journeys.planner.times import moment_of
from homeward.journeys.planner.ways import Way
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.returns import actions as returns
from homeward.returns import queries as invitations
from homeward.returns.models import Return
from homeward.returns.models import State as ReturnState

# Between an alarm's steps.
CLIMBS_AFTER = {Step.DOORBELL: timedelta(0), Step.CALL: timedelta(minutes=45), Step.DUTY: timedelta(minutes=120)}


class NetworkRefused(Refusal):
    """The document is not a network."""


class NotNow(Refusal):
    """The journey is not where this can be done."""


class SomebodyElseChanged(Refusal):
    """The journey has changed since the page was opened."""


# --- the network -----------------------------------------------------------------------------------------------------


@transaction.atomic
def lay_down_shipped() -> NetworkVersion:
    """The network and the closures that come with the house, as version 1."""
    found = NetworkVersion.objects.order_by("-number").first()
    if found is not None:
        return found
    return import_network(networks.shipped(), why="as shipped", by=None)


@transaction.atomic
def import_network(document: Mapping[str, Any], *, why: str, by: Staff | None) -> NetworkVersion:
    """A whole document as the next version. Its closures are noted where they are not yet."""
    faults = faults_of(document)
    if faults:
        raise NetworkRefused(_("This is not a network: %(fault)s") % {"fault": faults[0]})
    kept = {key: value for key, value in document.items() if key != "closures"}
    version = _next_version(kept, why=why, by=by)
    known = set(Closure.objects.values_list("what", "since"))
    for said in document.get("closures", ()):
        since = datetime.fromisoformat(said["since"])
        if (said["what"], since) not in known:
            Closure.objects.create(
                what=said["what"], since=since, until=datetime.fromisoformat(said["until"]) if said.get("until") else None,
                reason=said["reason"], source=said.get("source") or "-", is_confirmed=said["fact"]["confirmed"], made_by=by,
            )  # fmt: skip
    return version


def _next_version(document: dict[str, Any], *, why: str, by: Staff | None) -> NetworkVersion:
    last = NetworkVersion.objects.select_for_update().order_by("-number").first()
    version = NetworkVersion.objects.create(
        number=(last.number if last else 0) + 1, document=document, why=why[:200], made_by=by
    )
    audit.record(Deed.NETWORK_CHANGED, by=by, about=f"network-{version.number}")
    return version


@transaction.atomic
def change_network(part: str, said: Mapping[str, Any], *, on_number: int, by: Staff) -> NetworkVersion:
    """One place or leg (`part`: places, legs) as a person corrected it; all the rest stays."""
    last = NetworkVersion.objects.select_for_update().order_by("-number").first()
    if last is None or last.number != on_number:
        raise SomebodyElseChanged(_("Somebody has changed the network meanwhile. Look at it again."))
    document = dict(last.document)
    rows = list(document[part])
    index = next((number for number, row in enumerate(rows) if row["code"] == said["code"]), None)
    if index is None:
        rows.append(dict(said))
    else:
        rows[index] = dict(said)
    document[part] = rows
    faults = faults_of(document)
    if faults:
        raise NetworkRefused(_("This is not a network: %(fault)s") % {"fault": faults[0]})
    return _next_version(document, why=f"{part} {said['code']}", by=by)


# --- closures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shutting:
    """A closure as somebody types it."""

    what: str
    since: datetime
    until: datetime | None
    reason: Mapping[str, str]
    source: str


@transaction.atomic
def close(shutting: Shutting, *, by: Staff) -> tuple[Closure, int]:
    """Note a closure and plan all journeys it touches anew; how many wait to be looked at. Nobody is told yet."""
    closure = Closure.objects.create(
        what=shutting.what, since=shutting.since, until=shutting.until, reason=dict(shutting.reason),
        source=shutting.source, is_confirmed=True, made_by=by,
    )  # fmt: skip
    touched = planning.touched_by(networks.shut_of(closure))
    made = lay_new_ways(touched, closure=closure, by=by)
    audit.record(Deed.CLOSED, by=by, about=closure.reference, detail={"what": closure.what, "touched": made})
    return closure, made


def lay_new_ways(touched: Sequence[planning.Touched], *, closure: Closure | None, by: Staff | None) -> int:
    """A new way beside each touched journey, to be released or dropped; an earlier one that waits is replaced."""
    if not touched:
        return 0
    now = clock.now()
    NewWay.objects.filter(journey__in=[each.journey.pk for each in touched], state=NewWay.State.WAITING).update(
        state=NewWay.State.DROPPED, decided_at=now
    )
    ways = planning.new_ways_for(touched)
    NewWay.objects.bulk_create(
        [
            NewWay(
                journey=each.journey, closure=closure, keeps=each.keeps, made_at=now,
                legs=None if way is None else planning.written(way),
                gateway="" if way is None else way.gateway, crossing="" if way is None else way.crossing,
            )
            for each, way in zip(touched, ways, strict=True)
        ],
        batch_size=200,
    )  # fmt: skip
    audit.record_many(
        [
            audit.Entry(Deed.REPLANNED, each.journey.reference, {"way": way is not None})
            for each, way in zip(touched, ways, strict=True)
        ],
        by=by,
    )
    return len(touched)


@transaction.atomic
def lift(closure: Closure, *, by: Staff) -> None:
    """What was shut is open again. Journeys that go another way by now keep it."""
    closure = Closure.objects.select_for_update().get(pk=closure.pk)
    if closure.lifted_at is not None:
        raise NotNow(_("This closure has been lifted already."))
    closure.lifted_at, closure.lifted_by = clock.now(), by
    closure.save(update_fields=["lifted_at", "lifted_by"])
    audit.record(Deed.REOPENED, by=by, about=closure.reference)


@transaction.atomic
def release_way(new_way: NewWay, *, by: Staff) -> Journey:
    """The coordinator lets a new way go out: the journey now has these legs, and the family hears that there is something to read."""
    new_way = NewWay.objects.select_for_update().select_related("journey").get(pk=new_way.pk)
    journey = Journey.objects.select_for_update().get(pk=new_way.journey_id)
    if new_way.state != NewWay.State.WAITING or journey.state in ENDED:
        raise NotNow(_("This new way has been decided already."))
    if new_way.legs is None:
        raise NotNow(_("There is no other way. Call the family, and end the journey or wait for the road to open."))
    done = journey.legs.filter(done_at__isnull=False).count()
    if done > new_way.keeps:
        raise NotNow(_("The family has gone further meanwhile. Plan again."))
    way = planning.read_way(networks.current(), new_way.legs, new_way.gateway, new_way.crossing)
    _lay_legs(journey, way, keeps=new_way.keeps)
    if way.rides[0].leg.kind != Kind.ESCORT or not new_way.keeps:
        # Another crossing has another meeting point, and another hour.
        journey.meeting, awaited = planning.meeting_of(networks.current(), way)
        journey.window_from, journey.window_until = moment_of(awaited[0]), moment_of(awaited[1])
    journey.gateway = new_way.gateway or journey.gateway
    journey.crossing = new_way.crossing or journey.crossing
    _set_due(journey)
    journey.save()
    new_way.state, new_way.decided_by, new_way.decided_at = NewWay.State.RELEASED, by, clock.now()
    new_way.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(Deed.RELEASED, by=by, about=journey.reference)
    if journey.is_travelling:
        ring_soon(journey.enquiry.reference, because="journeys.new_way")
        hooks.tell(journey, by=by)
    return journey


@transaction.atomic
def drop_way(new_way: NewWay, *, by: Staff) -> None:
    """The journey stays as it is."""
    new_way = NewWay.objects.select_for_update().get(pk=new_way.pk)
    if new_way.state != NewWay.State.WAITING:
        raise NotNow(_("This new way has been decided already."))
    new_way.state, new_way.decided_by, new_way.decided_at = NewWay.State.DROPPED, by, clock.now()
    new_way.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(Deed.DROPPED, by=by, about=new_way.journey.reference)


# --- journeys ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who travels, as typed."""

    name: str
    born: str = ""
    nationality: str = "RU"
    document: str = ""


@transaction.atomic
def plan_journey(
    enquiry: Enquiry,
    way: Way,
    *,
    party: int = 1,
    nationality: str = "RU",
    step_free: bool = False,
    is_back: bool = False,
    call: str = "",
    returning: Return | None = None,
    people: Iterable[Person] = (),
    by: Staff | None,
) -> Journey:
    """Write down the way that was chosen, and who travels. The family knows nothing of it yet.

    Who accepted an invitation travels as she named herself there, unless `people` says otherwise. Raises NotNow where more come than
    the way was looked for: seats were counted for `party`.
    """
    if Journey.objects.filter(enquiry=enquiry, is_back=is_back).exclude(state__in=ENDED).exists():
        raise NotNow(_("This family has a journey already."))
    people = list(people) or _invited(returning, is_back=is_back)
    if len(people) > party:
        raise NotNow(_("%(people)d people come. Look for a way for all of them.") % {"people": len(people)})
    network = networks.current()
    meeting, awaited = planning.meeting_of(network, way)
    ours, hers = phrases.new_pair(enquiry.language)
    journey = Journey(
        enquiry=enquiry, returning=returning, desk=enquiry.sought.desk, is_back=is_back, language=enquiry.language,
        nationality=nationality, party=party, step_free=step_free, origin=way.rides[0].leg.start,
        goal=way.rides[-1].leg.end, gateway=way.gateway, crossing=way.crossing, meeting=meeting,
        network=networks.current_version(), window_from=moment_of(awaited[0]), window_until=moment_of(awaited[1]),
        phrase_ours=ours, phrase_hers=hers, call=call or None, planned_by=by,
    )  # fmt: skip
    journey.save()
    _lay_legs(journey, way, keeps=0)
    _name(journey, people)
    audit.record(Deed.PLANNED, by=by, about=journey.reference, detail={"enquiry": enquiry.reference})
    return journey


def _invited(returning: Return | None, *, is_back: bool) -> list[Person]:
    if returning is None or is_back:
        return []
    return [
        Person(each.name, each.born, each.nationality, each.document_number)
        for each in invitations.travellers_of(returning)
    ]


def _lay_legs(journey: Journey, way: Way, *, keeps: int) -> None:
    journey.legs.filter(position__gt=keeps).delete()
    rows = []
    for number, ride in enumerate(way.rides, keeps + 1):
        sleeps = number - keeps <= len(way.changes) and way.changes[number - keeps - 1].sleeps
        rows.append(
            JourneyLeg(
                journey=journey, position=number, code=ride.leg.code, kind=ride.leg.kind, start=ride.leg.start,
                end=ride.leg.end, leaves_at=moment_of(ride.leaves), arrives_at=moment_of(ride.arrives),
                alarm_at=moment_of(ride.arrives + planning.margin_of(ride.leg)), sleeps_after=sleeps,
            )
        )  # fmt: skip
    JourneyLeg.objects.bulk_create(rows)


def _name(journey: Journey, people: Iterable[Person]) -> None:
    people = list(people)
    if len(people) > 3:
        raise NotNow(_("At most three people can come."))
    journey.travellers.all().delete()
    for place, person in enumerate(people, 1):
        Traveller.objects.create(
            journey=journey, position=place, name=person.name, born=person.born or None,
            nationality=person.nationality, document=person.document or None,
        )  # fmt: skip


@transaction.atomic
def name_travellers(journey: Journey, people: Sequence[Person], *, by: Staff | None) -> None:
    """Who comes, as she said."""
    journey = _locked(journey)
    if journey.state in ENDED:
        raise NotNow(_("This journey has ended."))
    _name(journey, people)
    audit.record(Deed.TRAVELLER_NAMED, by=by, about=journey.reference, detail={"people": len(people)})
    if journey.is_travelling and by is not None:
        hooks.tell(journey, by=by)


@transaction.atomic
def take_over_names(journey: Journey, *, by: Staff) -> None:
    """Who comes as the family named them last, on the page of its invitation. Raises NotNow where more come than the way has seats for."""
    journey = _locked(journey)
    people = _invited(journey.returning, is_back=journey.is_back)
    if len(people) > journey.party:
        raise NotNow(
            _(
                "%(people)d people come now, more than this way was looked for. End this journey and plan for all of them."
            )
            % {"people": len(people)}
        )
    name_travellers(journey, people, by=by)


@transaction.atomic
def send(journey: Journey, *, by: Staff) -> Journey:
    """The journey stands on her page from now on, and she hears that there is something to read."""
    journey = _locked(journey)
    if journey.state != State.PLANNED:
        raise NotNow(_("This journey has been sent already."))
    if journey.returning is not None and not journey.is_back and journey.returning.state != ReturnState.ACCEPTED:
        raise NotNow(_("The family has not yet said that it comes."))
    first = journey.legs.first()
    if first is None or first.leaves_at <= clock.now():
        raise NotNow(_("The first leg has left already. Plan again."))
    journey.state, journey.sent_at = State.SENT, clock.now()
    _set_due(journey)
    journey.save()
    audit.record(Deed.SENT, by=by, about=journey.reference)
    ring_soon(journey.enquiry.reference, because="journeys.sent")
    hooks.tell(journey, by=by)
    return journey


@transaction.atomic
def check_in(journey: Journey, point: str, *, by: Staff | None = None, via: str, at: datetime | None = None) -> Journey:
    """A sign that she is at a place of her way: everything before it is done. The same sign twice is one.

    `by` is None where she gives it herself; `via` is one of `Via`; `at`: when it was, where it is told later (a scan whose log is
    handed in). A refused sign (a place that is not on her way) changes nothing.
    """
    journey = _locked(journey)
    if journey.state not in TRAVELLING:
        raise NotNow(_("This journey is not under way."))
    legs = list(journey.legs.all())
    network = networks.network_of(journey.network, ())
    reached = next((leg.position for leg in reversed(legs) if leg.end == point), None)
    if reached is None and point != journey.origin:
        raise NotNow(_("This place is not on the way."))
    now = clock.now()
    # A clock that runs ahead puts no sign into the future.
    when = now if at is None else min(at, now)
    if reached is None and journey.state != State.SENT:
        return journey
    if reached is not None and legs[reached - 1].done_at is not None:
        return journey
    CheckIn.objects.create(journey=journey, place=point, via=Via(via), said_by=by, at=when)
    journey.legs.filter(position__lte=reached or 0, done_at__isnull=True).update(done_at=when)
    journey.place_known, journey.heard_at = point, later(when, journey.heard_at)
    if journey.trouble_at is not None and when >= journey.trouble_at:
        journey.trouble_at = None
    journey.state = _state_at(network, journey, point)
    if journey.state == State.RECEIVED:
        journey.ended_at = now
    _set_due(journey)
    journey.save()
    journey.alarms.filter(settled_at__isnull=True).update(settled_at=now, outcome="heard")
    audit.record(Deed.CHECKED_IN, by=by, about=journey.reference, detail={"place": point, "via": str(via)})
    _tell_return(journey, by=by)
    return journey


def _state_at(network: Network, journey: Journey, point: str) -> State:
    if point in (journey.goal, journey.meeting):
        return State.RECEIVED
    place = network.places.get(point)
    if place is not None and point == journey.gateway:
        return State.AT_GATEWAY
    if place is not None and place.role == Role.CROSSING:
        return State.AT_CROSSING
    return State.DEPARTED


def _tell_return(journey: Journey, *, by: Staff | None) -> None:
    """Her return is under way. That she is received is for the officer who looks at her document (`handover`).

    A sign of her is kept whatever stands on the other side: where his wish is too old, say, it is the return that waits.
    """
    returning = journey.returning
    if returning is None or journey.is_back or returning.state != ReturnState.ACCEPTED:
        return
    if journey.state not in (*UNDER_WAY, State.RECEIVED):
        return
    try:
        with transaction.atomic():
            returns.move_on(returning, ReturnState.TRAVELLING, by=by)
    except Refusal:
        audit.record(Deed.RETURN_WAITS, by=by, about=journey.reference, detail={"return": returning.reference})


@transaction.atomic
def let_return_follow(journey: Journey, *, by: Staff) -> None:
    """The return is brought to where its family is, after what stood in the way was cleared up. Raises what still does."""
    journey = _locked(journey)
    if journey.returning is None or journey.is_back or journey.state not in (*UNDER_WAY, State.RECEIVED):
        raise NotNow(_("This journey is not under way."))
    returns.move_on(journey.returning, ReturnState.TRAVELLING, by=by)


@transaction.atomic
def say_something_is_wrong(journey: Journey, *, by: Staff | None = None, via: str) -> Journey:
    """She needs somebody: a call is due at once, to whoever coordinates."""
    journey = _locked(journey)
    if journey.state not in TRAVELLING:
        raise NotNow(_("This journey is not under way."))
    now = clock.now()
    CheckIn.objects.create(
        journey=journey, place=journey.place_known, via=Via(via), is_trouble=True, said_by=by, at=now
    )
    journey.trouble_at = journey.heard_at = now
    journey.save()
    Alarm.objects.create(journey=journey, place=journey.place_known, due_at=now, step=Step.CALL)
    audit.record(Deed.TROUBLE, by=by, about=journey.reference, detail={"via": str(via)})
    return journey


def _set_due(journey: Journey) -> None:
    if journey.state in ENDED or journey.state == State.PLANNED:
        journey.due_at = None
        return
    following = journey.legs.filter(done_at__isnull=True).first()
    journey.due_at = following.alarm_at if following is not None else None


@transaction.atomic
def raise_alarm(journey: Journey) -> bool:
    """The next step of a late journey's alarm, if its time has come. Each step is taken once; the house itself does it."""
    journey = _locked(journey)
    now = clock.now()
    if journey.state not in TRAVELLING or journey.due_at is None or journey.due_at > now:
        return False
    leg = journey.legs.filter(done_at__isnull=True).first()
    if leg is None:
        return False
    taken = set(journey.alarms.filter(place=leg.end, due_at=leg.alarm_at).values_list("step", flat=True))
    for step in Step:
        if step in taken:
            continue
        if now < leg.alarm_at + CLIMBS_AFTER[step]:
            break
        settled = now if step == Step.DOORBELL else None
        Alarm.objects.create(
            journey=journey, place=leg.end, due_at=leg.alarm_at, step=step, raised_at=now, settled_at=settled
        )
        audit.record(Deed.ALARM, by=None, about=journey.reference, detail={"step": str(step), "place": leg.end})
        if step == Step.DOORBELL:
            ring_soon(journey.enquiry.reference, because="journeys.late")
        taken.add(step)
    journey.state = State.OVERDUE
    left = [CLIMBS_AFTER[step] for step in Step if step not in taken]
    journey.due_at = leg.alarm_at + min(left) if left else None
    journey.save()
    return True


@transaction.atomic
def settle_alarm(alarm: Alarm, *, outcome: str, by: Staff) -> None:
    """Somebody has called, and says what came of it."""
    alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if alarm.settled_at is not None:
        raise NotNow(_("Somebody has done this already."))
    alarm.settled_at, alarm.settled_by, alarm.outcome = clock.now(), by, outcome
    alarm.save(update_fields=["settled_at", "settled_by", "outcome"])
    audit.record(Deed.CALLED, by=by, about=alarm.journey.reference, detail={"outcome": outcome})


@transaction.atomic
def abort(journey: Journey, *, reason: str, by: Staff) -> Journey:
    """The journey ends before its end: she turned back, the way is shut, or the bureau calls it off."""
    journey = _locked(journey)
    if journey.state in ENDED:
        raise NotNow(_("This journey has ended."))
    was_sent = journey.sent_at is not None
    journey.state, journey.ended_at, journey.end_reason, journey.due_at = State.ABORTED, clock.now(), reason, None
    journey.save()
    journey.alarms.filter(settled_at__isnull=True).update(settled_at=clock.now(), outcome="aborted")
    journey.new_ways.filter(state=NewWay.State.WAITING).update(state=NewWay.State.DROPPED, decided_at=clock.now())
    audit.record(Deed.ABORTED, by=by, about=journey.reference, detail={"reason": reason})
    if was_sent:
        ring_soon(journey.enquiry.reference, because="journeys.aborted")
    returning = journey.returning
    if returning is not None and not journey.is_back and returning.state == ReturnState.TRAVELLING:
        returns.move_on(returning, ReturnState.ACCEPTED, by=by)
    hooks.tell(journey, by=by)
    return journey


def _locked(journey: Journey) -> Journey:
    return (
        Journey.objects.select_for_update(of=("self",))
        .select_related("enquiry__sought", "returning", "network")
        .get(pk=journey.pk)
    )


__all__ = ["NetworkFaulty", "check_in", "close", "import_network", "lift", "plan_journey", "release_way", "send"]
