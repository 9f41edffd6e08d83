"""The search against every possible movement, half hour by half hour, on small random networks.

The other side here shares nothing with the search: it asks of each half hour whether a leg may leave in it, and walks all
states (place, time, last rested) there are. All numbers of the random networks are whole half hours, so this is exhaustive.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeward.journeys.planner.network import Closure, Kind, Leg, Network, Place, Role, Service, Timed
from homeward.journeys.planner.search import Ride, Search, Shared, Wanted
from homeward.journeys.planner.ways import Way, latest_for, plan_between

STEP = 30
MONDAY = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() // 60)
LENGTH = 44 * 60
ZONES = ("UTC", "Europe/Minsk", "Europe/Warsaw")


@dataclass
class Case:
    network: Network
    wanted: Wanted
    since: int
    before: int

    def __repr__(self) -> str:
        legs = "\n".join(map(repr, self.network.legs.values()))
        return f"{self.wanted}\n{self.since} {self.before}\n{list(self.network.places.values())}\n{legs}\n{self.network.closures}"


def wall(zone: str, minute: int) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))


class Everything:
    """All that can be done, by the plain meaning of the words."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.network = case.network
        self.until = case.before + LENGTH

    def leaves(self, leg: Leg, minute: int, *, first: bool = False) -> Iterator[int]:
        """Arrivals of the leg when it is boarded at just that minute."""
        clock = wall(self.network.places[leg.start].zone, minute)
        of_day = clock.hour * 60 + clock.minute
        arrivals = []
        is_open = any(a <= of_day < b for a, b in leg.hours) and clock.weekday() in leg.service.days
        if is_open and (not first or minute % 60 == 0):
            arrivals.append(minute + leg.usual + (leg.waits[clock.hour] if leg.waits else 0))
        for back in (0, 1):  # a timetable may speak of 25:30
            day = (clock - timedelta(days=back)).weekday()
            if day not in leg.service.days:
                continue
            for timed in leg.times:
                if timed.minute == of_day + back * 1440 and day in timed.service.days:
                    arrivals.append(minute + (timed.takes or leg.usual))
            if leg.every:
                step, begin, end = leg.every
                at = of_day + back * 1440
                if begin <= at <= end and (at - begin) % step == 0:
                    arrivals.append(minute + leg.usual)
        for arrives in arrivals:
            if arrives <= self.until and not self.shut(leg, minute, arrives) and self.seat(leg, minute):
                yield arrives

    def shut(self, leg: Leg, leaves: int, arrives: int) -> bool:
        places = (leg.start, leg.end)
        countries = {self.network.places[code].country for code in places}
        for closure in self.network.closures:
            kind, code = closure.what.split(":")
            touched = (
                (kind == "leg" and code == leg.code)
                or (kind == "place" and code in places)
                or (kind == "country" and code in countries)
                or (kind == "air" and leg.kind == Kind.FLIGHT and code in {*countries, *leg.over, *places})
            )
            for minute in range(leaves, arrives + 1, STEP) if touched else ():
                if closure.since <= minute and (closure.until is None or minute < closure.until):
                    return True
        return False

    def seat(self, leg: Leg, leaves: int) -> bool:
        wanted = self.case.wanted
        return leg.seats is None or leg.seats - wanted.taken.get((leg.code, leaves), 0) >= wanted.party

    def usable(self, leg: Leg) -> bool:
        end = self.network.places[leg.end]
        wanted = self.case.wanted
        if not end.through and end.code != "D":
            return False
        if not leg.is_on or not end.is_on or (wanted.step_free and not (leg.step_free and end.step_free)):
            return False
        needs = leg.needs.get(wanted.nationality, leg.needs.get("*", ()))
        return needs is not None

    def states(self, starts: list[tuple[str, int, int]]) -> set[tuple[str, int, int]]:
        """All (place, ready at, last rested) that can be."""
        awake = self.case.wanted.awake
        seen: set[tuple[str, int, int]] = set()
        waiting = list(starts)
        while waiting:
            state = waiting.pop()
            if state in seen or state[1] > self.until + 120:
                continue
            seen.add(state)
            code, at, rested = state
            place = self.network.places[code]
            waiting.append((code, at + STEP, rested))
            clock = wall(place.zone, at)
            may_sleep = place.beds and clock.minute == 0 and clock.hour in (20, 22, 0, 2, 4)
            if awake is not None and may_sleep and at + 480 <= self.until:
                waiting.append((code, at + 480, at + 480))
            for leg in self.network.leaving[code]:
                if self.usable(leg):
                    waiting += [each for each, _arrives in self.ride(leg, at, rested)]
        return seen

    def ride(
        self, leg: Leg, at: int, rested: int, *, first: bool = False
    ) -> Iterator[tuple[tuple[str, int, int], int]]:
        awake = self.case.wanted.awake
        for arrives in self.leaves(leg, at, first=first):
            ready = arrives + self.network.places[leg.end].change
            if awake is None:
                yield (leg.end, ready, 0), arrives
            elif leg.sleeps:
                if at - rested <= awake:
                    yield (leg.end, ready, arrives), arrives
            elif arrives - rested <= awake:
                yield (leg.end, ready, rested), arrives

    def starts(self) -> Iterator[tuple[int, tuple[str, int, int]]]:
        awake = self.case.wanted.awake
        for minute in range(self.case.since, self.case.before, STEP):
            for leg in self.network.leaving["A"]:
                if self.usable(leg):
                    rested = minute if awake is not None else 0
                    for state, _arrives in self.ride(leg, minute, rested, first=True):
                        yield minute, state

    def earliest(self) -> int | None:
        change = self.network.places["D"].change
        reached = [
            ready - change
            for code, ready, _rested in self.states([state for _at, state in self.starts()])
            if code == "D" and ready - change <= self.until
        ]
        return min(reached, default=None)


# --- random networks -------------------------------------------------------------------------------------------------

halves = st.integers(0, 47).map(lambda n: n * STEP)
takes = st.integers(1, 12).map(lambda n: n * STEP)
some_days = st.sampled_from([frozenset(range(7)), frozenset({0, 2}), frozenset({1, 2, 3}), frozenset({0, 1})])


@st.composite
def a_leg(draw: st.DrawFn, number: int) -> Leg:
    start, end = draw(st.sampled_from([("A", "B"), ("A", "C"), ("B", "C"), ("C", "B"), ("B", "D"), ("C", "D"), ("B", "E"),
                                       ("E", "D"), ("A", "D"), ("C", "A")]))  # fmt: skip
    usual = draw(takes)
    kind = draw(st.sampled_from([Kind.BUS, Kind.FLIGHT, Kind.BORDER, Kind.ESCORT]))
    shape = draw(st.sampled_from(["times", "times", "every", "hours"]))
    times: tuple[Timed, ...] = ()
    every = None
    hours: tuple[tuple[int, int], ...] = ()
    waits: tuple[int, ...] = ()
    seats = None
    sleeps = False
    if shape == "times":
        minutes = draw(st.lists(st.integers(0, 52).map(lambda n: n * STEP), min_size=1, max_size=4, unique=True))
        times = tuple(Timed(each, draw(st.none() | takes), Service(days=draw(some_days))) for each in sorted(minutes))
        seats = draw(st.none() | st.integers(0, 3)) if kind == Kind.ESCORT else None
        sleeps = draw(st.booleans())
    elif shape == "every":
        first = draw(halves)
        every = (draw(st.integers(1, 8)) * STEP, first, first + draw(st.integers(0, 20)) * STEP)
    else:
        first = draw(st.integers(0, 40)) * STEP
        hours = ((first, min(1440, first + draw(st.integers(1, 30)) * STEP)),)
        if draw(st.booleans()):
            waits = tuple(draw(st.lists(st.integers(0, 6).map(lambda n: n * STEP), min_size=24, max_size=24)))
    return Leg(
        code=f"L{number}", start=start, end=end, kind=kind, least=STEP, usual=usual, most=usual + 2 * STEP, times=times,
        every=every, hours=hours, waits=waits, seats=seats, sleeps=sleeps, service=Service(days=draw(some_days)),
        over=draw(st.sampled_from([(), ("UA",), ("PL", "UA")])) if kind == Kind.FLIGHT else (),
        step_free=draw(st.sampled_from([True, True, False])),
        needs=draw(st.sampled_from([{}, {}, {"RU": None}, {"*": ("passport",), "BY": None}])),
    )  # fmt: skip


@st.composite
def a_case(draw: st.DrawFn) -> Case:
    countries = {"A": "RU", "B": "RU", "C": "PL", "D": "UA", "E": "PL"}
    places = [
        Place(
            code=code, names={"en": code}, country=country, lat=50, lon=20, zone=draw(st.sampled_from(ZONES)),
            role=Role.GATEWAY if code in "BC" else Role.HUB, beds=draw(st.booleans()),
            change=draw(st.sampled_from([0, 0, STEP, 60])), is_on=draw(st.sampled_from([True] * 9 + [False])) or code in "AD",
            step_free=draw(st.sampled_from([True] * 5 + [False])), through=draw(st.sampled_from([True] * 5 + [False])),
        )
        for code, country in countries.items()
    ]  # fmt: skip
    legs = [draw(a_leg(number)) for number in range(draw(st.integers(3, 9)))]
    what = st.sampled_from(
        ["place:B", "place:C", "place:E", "country:PL", "air:UA", "air:PL", "air:B", "leg:L1", "leg:L2"]
    )
    closures = []
    for _number in range(draw(st.integers(0, 3))):
        first = MONDAY + draw(st.integers(-10, 90)) * STEP
        lasts = draw(st.none() | st.integers(1, 60).map(lambda n: n * STEP))
        closures.append(Closure(draw(what), first, None if lasts is None else first + lasts, "closed"))
    since = MONDAY + draw(st.integers(0, 24)) * STEP
    taken = {
        (leg.code, MONDAY + minute): draw(st.integers(0, 2))
        for leg in legs
        if leg.seats
        for minute in draw(st.lists(st.integers(0, 100).map(lambda n: n * STEP), max_size=3))
    }
    wanted = Wanted(
        party=draw(st.integers(1, 3)), nationality=draw(st.sampled_from(["RU", "BY"])), papers=None,
        step_free=draw(st.sampled_from([False, False, True])), awake=draw(st.sampled_from([None, 300, 480, 840])),
        taken=taken,
    )  # fmt: skip
    return Case(Network(places, legs, closures), wanted, since, since + draw(st.integers(1, 30)) * STEP)


def is_possible(way: Way, case: Case) -> bool:
    """Whether a way offered can be gone, by the plain meaning of the words."""
    everything = Everything(case)
    states = {(ride.leg.start, ride.leaves) for ride in way.rides}
    assert states
    here = [("A", way.leaves, way.leaves if case.wanted.awake is not None else 0)]
    for number, ride in enumerate(way.rides):
        arrived = []
        reachable = set(here)
        if number:
            # Waiting and sleeping at the place, nothing else.
            alone = Everything(Case(Network(case.network.places.values(), []), case.wanted, case.since, case.before))
            reachable = alone.states(here)
        for code, at, rested in reachable:
            if code == ride.leg.start and at == ride.leaves:
                arrived += [
                    state
                    for state, arrives in everything.ride(
                        ride.leg, at, rested, first=number == 0 and bool(ride.leg.hours)
                    )
                    if arrives == ride.arrives
                ]
        here = arrived
    return bool(here)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(a_case())
def test_the_earliest_arrival_is_that_of_all_possible_movements(case: Case) -> None:
    everything = Everything(case)

    search = Search(case.network, case.wanted, until=everything.until, goal="D", since=case.since)
    search.leave("A", case.since, case.before)
    found = next((label.arrived for label in search.labels() if label.place == "D"), None)

    assert found == everything.earliest()
    # What searches share, warmed from another place and a later hour, changes nothing that one finds.
    shared = Shared()
    for place, later in (("B", 5 * STEP), ("A", 0)):
        search = Search(
            case.network, case.wanted, until=everything.until, goal="D", since=case.since + later, shared=shared
        )
        search.leave(place, case.since + later, case.before + later)
        again = next((label.arrived for label in search.labels() if label.place == "D"), None)
    assert again == found


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(a_case())
def test_every_way_offered_can_be_gone_and_the_first_is_the_earliest(case: Case) -> None:
    # Ways offered never lead back into a country left behind: legs that do are taken out, for both sides.
    legs = [leg for leg in case.network.legs.values() if (leg.start, leg.end) not in (("C", "A"), ("C", "B"))]
    network = Network(case.network.places.values(), legs, case.network.closures)
    case = Case(network, case.wanted, case.since, case.before)
    answer = plan_between(case.network, "A", "D", case.since, case.before, case.wanted)

    earliest = Everything(case).earliest()
    if earliest is not None:
        assert answer.ways
        assert answer.ways[0].arrives == earliest
    assert all(is_possible(way, case) for way in answer.ways)
    assert len({(way.gateway, way.crossing) for way in answer.ways}) == len(answer.ways) <= 4


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(a_case(), st.integers(10, 80))
def test_the_latest_way_to_a_convoy_is_that_of_all_possible_movements(case: Case, later: int) -> None:
    leaves = case.since + later * STEP
    leg = Leg("CONVOY", "D", "B", Kind.ESCORT, STEP, STEP, STEP, hours=((0, 1440),))
    convoy = Ride(leg, leaves, leaves + STEP)
    case = Case(case.network, case.wanted, leaves - 2 * 1440, leaves)
    everything = Everything(case)
    everything.until = leaves
    awake = case.wanted.awake
    expected = None
    for first in sorted({at for at, _state in everything.starts()}, reverse=True):
        states = everything.states([state for at, state in everything.starts() if at == first])
        if any(
            code == "D" and at <= leaves and (awake is None or convoy.arrives - rested <= awake)
            for code, at, rested in states
        ):
            expected = first
            break

    way = latest_for(case.network, "A", convoy, case.wanted, days=2)

    assert (way.leaves if way else None) == expected
