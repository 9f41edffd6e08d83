"""From the rows of the house to the planner and back: seats given away, journeys a closure touches, ways on from where somebody is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Sum

from homeward.journeys import networks
from homeward.journeys.models import TRAVELLING, Journey, JourneyLeg, State
from homeward.journeys.planner.network import Closure as Shut
from homeward.journeys.planner.network import Kind, Leg, Network, Role
from homeward.journeys.planner.search import Ride, Shared, Wanted
from homeward.journeys.planner.times import DAY, day_number, from_local, minute_of
from homeward.journeys.planner.ways import Answer, Change, Way, earliest_between, plan, replan
from homeward.lib import clock

# How much later than at its slowest a leg is before anybody worries.
PATIENCE = 30


def margin_of(leg: Leg) -> int:
    """Minutes after the planned arrival until silence is an alarm: as late as the leg ever is, and half an hour."""
    return leg.most - leg.usual + PATIENCE


def seats_taken(since_minute: int | None = None) -> dict[tuple[str, int], int]:
    """Seats given away on escorted legs: (leg, departure) -> people, over all journeys that stand."""
    rows = (
        JourneyLeg.objects.filter(
            kind=Kind.ESCORT, done_at__isnull=True, journey__state__in=[State.PLANNED, *TRAVELLING]
        )
        .values_list("code", "leaves_at")
        .annotate(people=Sum("journey__party"))
    )
    return {(code, minute_of(leaves)): int(people) for code, leaves, people in rows}


def wanted_for(*, party: int, nationality: str, step_free: bool) -> Wanted:
    """What the planner must heed for a family, with the seats others hold."""
    return Wanted(party=party, nationality=nationality, step_free=step_free, taken=seats_taken())


def ways_for(origin: str, goal: str, on: date, *, wanted: Wanted, closures: Sequence[Shut] | None = None) -> Answer:
    """The ways of a day under the closures that stand, and those added."""
    network = networks.current([*networks.standing(), *(closures or ())])
    return plan(network, origin, goal, day_number(on), wanted)


def meeting_of(network: Network, way: Way) -> tuple[str, tuple[int, int]]:
    """Where somebody of ours waits for her, and from when until when: at the first escorted leg, else at the goal."""
    for number, ride in enumerate(way.rides):
        if ride.leg.kind == Kind.ESCORT:
            if number == 0:
                break
            before = way.rides[number - 1]
            return ride.leg.start, (min(before.arrives, ride.leaves) - 60, max(ride.leaves, before.arrives))
    last = way.rides[-1]
    return last.leg.end, (last.arrives - 60, last.arrives + margin_of(last.leg))


def written(way: Way) -> list[list[Any]]:
    """The way as it is kept: leg, leaves, arrives, whether she sleeps after it."""
    rows = []
    for number, ride in enumerate(way.rides):
        sleeps = number < len(way.changes) and way.changes[number].sleeps
        rows.append([ride.leg.code, ride.leaves, ride.arrives, sleeps])
    return rows


def read_way(network: Network, rows: Sequence[Sequence[Any]], gateway: str = "", crossing: str = "") -> Way:
    """The way again."""
    rides = tuple(Ride(network.legs[code], leaves, arrives) for code, leaves, arrives, _sleeps in rows)
    changes = []
    for (ride, row), following in zip(zip(rides, rows, strict=True), rides[1:], strict=False):
        place = network.places[ride.leg.end]
        spare = following.leaves - ride.arrives - place.change
        late = ride.leg.most - ride.leg.usual
        if following.leg.hours:
            spare = max(spare, late + 1)
        changes.append(Change(ride.leg.end, ride.arrives, following.leaves, spare, late, bool(row[3])))
    return Way(rides, tuple(changes), gateway, crossing)


# --- closures ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touched:
    """A journey whose coming legs a closure shuts: how many legs are behind her, where she then stands, and from when."""

    journey: Journey
    keeps: int
    place: str
    since: int


def touched_by(shut: Shut) -> list[Touched]:
    """The journeys a closure touches. Those already past the point are left alone."""
    journeys = (
        Journey.objects.filter(state__in=[State.PLANNED, *TRAVELLING])
        .select_related("enquiry")
        .prefetch_related(Prefetch("legs", queryset=JourneyLeg.objects.order_by("position")))
        .order_by("pk")
    )
    network = networks.current()
    keys: dict[str, frozenset[str]] = {}
    until = shut.until if shut.until is not None else 1 << 40
    now = minute_of(clock.now())
    found = []
    for journey in journeys.iterator(chunk_size=500):
        legs = list(journey.legs.all())
        done = max((leg.position for leg in legs if leg.done_at is not None), default=0)
        # A leg she is on now is behind her as far as planning goes: nobody can be called off a train.
        riding = max(
            (leg.position for leg in legs if leg.position == done + 1 and journey.state != State.PLANNED
             and minute_of(leg.leaves_at) <= now),
            default=done,
        )  # fmt: skip
        coming = [leg for leg in legs if leg.position > riding]
        for leg in coming:
            if leg.code not in keys:
                known = network.legs.get(leg.code)
                keys[leg.code] = network.touched(known) if known is not None else frozenset({f"leg:{leg.code}"})
            if (
                shut.what in keys[leg.code]
                and minute_of(leg.leaves_at) < until
                and shut.since <= minute_of(leg.arrives_at)
            ):
                found.append(_standing(journey, legs, riding, now))
                break
    return found


def _standing(journey: Journey, legs: Sequence[JourneyLeg], keeps: int, now: int) -> Touched:
    if keeps == 0:
        first = legs[0]
        zone = networks.current().places[first.start].zone
        day = (minute_of(first.leaves_at) + _offset(zone, minute_of(first.leaves_at))) // DAY
        return Touched(journey, 0, first.start, max(from_local(zone, day * DAY), now))
    last = legs[keeps - 1]
    return Touched(journey, keeps, last.end, max(minute_of(last.arrives_at), now))


def _offset(zone: str, minute: int) -> int:
    from homeward.journeys.planner.times import offset

    return offset(zone, minute)


def new_ways_for(touched: Sequence[Touched], *, closures: Sequence[Shut] | None = None) -> list[Way | None]:
    """For each the earliest way on under the closures that stand (and those given). Escort seats are given out in order."""
    network = networks.current(None if closures is None else [*networks.standing(), *closures])
    taken = seats_taken()
    for each in touched:
        for leg in each.journey.legs.all():
            seat = (leg.code, minute_of(leg.leaves_at))
            if leg.kind == Kind.ESCORT and leg.position > each.keeps and seat in taken:
                taken[seat] = max(0, taken[seat] - each.journey.party)
    known: dict[tuple[Any, ...], Way | None] = {}
    shared = Shared()
    found: list[Way | None] = []
    for each in touched:
        journey = each.journey
        wanted = Wanted(
            party=journey.party, nationality=journey.nationality, step_free=journey.step_free, taken=dict(taken)
        )
        key = (
            each.place, journey.goal, each.since if each.keeps else each.since // 60, journey.party, journey.nationality,
            journey.step_free, each.keeps == 0,
        )  # fmt: skip
        way = known.get(key)
        if key not in known or (way is not None and not _has_seats(way, taken, journey.party)):
            way = known[key] = _way_on(network, each, wanted, shared)
        found.append(way)
        if way is not None:
            for ride in way.rides:
                if ride.leg.kind == Kind.ESCORT:
                    seat = (ride.leg.code, ride.leaves)
                    taken[seat] = taken.get(seat, 0) + journey.party
    return found


def _has_seats(way: Way, taken: dict[tuple[str, int], int], party: int) -> bool:
    return all(
        ride.leg.seats is None or ride.leg.seats - taken.get((ride.leg.code, ride.leaves), 0) >= party
        for ride in way.rides
    )


def _way_on(network: Network, each: Touched, wanted: Wanted, shared: Shared) -> Way | None:
    if each.keeps:
        return replan(network, each.place, each.journey.goal, each.since, wanted, shared=shared)
    # At home: she leaves rested, on the day that was set or the days after it.
    before = each.since + 2 * DAY
    return earliest_between(network, each.place, each.journey.goal, each.since, before, wanted, shared=shared)


def other_way(journey: Journey, **changes: Any) -> Wanted:
    """The wishes of a journey, changed."""
    return replace(
        wanted_for(party=journey.party, nationality=journey.nationality, step_free=journey.step_free), **changes
    )


def is_soon(journey: Journey) -> bool:
    """Whether it begins within two days."""
    first = journey.legs.first()
    return first is not None and first.leaves_at <= clock.now() + timedelta(days=2)


__all__ = ["Role", "Touched", "new_ways_for", "seats_taken", "touched_by", "ways_for", "written"]
