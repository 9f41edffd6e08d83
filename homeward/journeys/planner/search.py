"""The exact search: earliest arrivals through timetables, hours, waits, closures, nights and seats.

What is promised, and what it rests on:

- She leaves home rested, on any departure of the chosen day. After that she is at most `AWAKE` minutes on her feet: a leg
  on which nobody sleeps must arrive within them. She sleeps `REST` minutes where there are beds, beginning at one of the
  hours in `REST_BEGINS`; or on a leg with berths, which she must board within them.
- Taking one leg, an earlier start never arrives later: for each leg the search takes the best arrival over *all* later
  departures, so overtaking timetables and shrinking waits are no exception (first in, first out is made, not assumed).
- So of two ways to stand at a place, the one that is there no later and rested no longer ago is at least as good; all
  others are kept. Labels come up in the order of their time, hence the first one at the goal is the earliest arrival.
- A leg is shut for a departure when anything it touches is closed at any minute from leaving to arriving.
"""

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from homeward.journeys.planner.network import Closure, Leg, Network, Role
from homeward.journeys.planner.times import DAY, from_local, local

AWAKE = 14 * 60
REST = 8 * 60
REST_BEGINS = (20, 22, 24, 26, 28)  # local hours; 26 is two in the morning

# What tells one way from another: the gateway, the last border, and the countries left behind for good.
Signature = tuple[str, str, frozenset[str]]
PLAIN: Signature = ("", "", frozenset())
FOREVER = 1 << 40
Taken = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody needs of a way."""

    party: int = 1
    nationality: str = "RU"
    papers: frozenset[str] | None = None  # None: she will get what is needed
    step_free: bool = False
    awake: int | None = AWAKE
    taken: Taken = field(default_factory=dict)  # (leg, departure) -> seats given away
    avoid: frozenset[str] = frozenset()  # places she must not touch


class Ride(NamedTuple):
    """A leg as it is taken, leaving and arriving (minutes)."""

    leg: Leg
    leaves: int
    arrives: int


class Label:
    """Standing at a place, ready to go on at `ready`, last rested at `rested`."""

    __slots__ = ("before", "place", "ready", "rested", "ride", "signature")

    def __init__(
        self, ready: int, rested: int, place: str, signature: Signature, ride: Ride | None, before: "Label | None"
    ) -> None:
        self.ready = ready
        self.rested = rested
        self.place = place
        self.signature = signature
        self.ride = ride
        self.before = before

    @property
    def arrived(self) -> int:
        """When the last leg arrived."""
        label: Label | None = self
        while label is not None and label.ride is None:
            label = label.before
        return label.ride.arrives if label is not None and label.ride is not None else self.ready


# Further ahead than any search looks (`HORIZON` and the days on which she may leave).
SHARED_AHEAD = 12 * DAY


class Shared:
    """What many searches over one network have in common while its closures stay as they are: which legs may be used, how soon the goal can
    be reached at best, and the earliest ride of each leg without seats from each minute. No search changes what another finds by it.
    """

    def __init__(self) -> None:
        self.usable: dict[tuple[object, ...], dict[str, list[Leg]]] = {}
        self.ahead: dict[tuple[object, ...], dict[str, int]] = {}
        self.rides: dict[tuple[str, int], Ride | None] = {}


class Search:
    """One search from one place: labels come up in the order of time."""

    def __init__(
        self,
        network: Network,
        wanted: Wanted,
        *,
        until: int,
        signs: Callable[[Signature, Leg], Signature | None] | None = None,
        goal: str | None = None,
        since: int = 0,
        shared: Shared | None = None,
    ) -> None:
        self.network = network
        self.wanted = wanted
        self.until = until
        self.goal = goal
        self.signs = signs
        self.met: dict[str, tuple[Closure, set[str]]] = {}  # closures that stood in the way, and on which legs
        self.no_seat: set[str] = set()
        self.no_papers: set[str] = set()
        self.reached: dict[str, int] = {}
        self._best: dict[tuple[str, Signature], int] = {}
        self._heap: list[tuple[int, int, int, Label, tuple[Leg, Label, int] | None]] = []
        self._count = 0
        self._shared = shared
        kind = (wanted.nationality, wanted.papers, wanted.step_free, wanted.avoid, goal)
        self._usable: dict[str, list[Leg]] = {} if shared is None else shared.usable.setdefault(kind, {})
        self._rides: dict[tuple[str, int], Ride | None] = {}
        # With a goal, labels come up by the earliest time at which they could be there. At any one place that is still
        # the order of their time, so what is promised above holds.
        self._ahead = self._shortest_shared(goal, since, kind) if goal is not None else None

    # --- beginning -----------------------------------------------------------------------------------------------

    def leave(self, place: str, since: int, before: int) -> None:
        """Every departure of the place in [since, before), each left for rested."""
        for leaves, _arrives, leg in first_departures(self.network, place, since, before):
            self.board_first(leg, leaves)

    def board_first(self, leg: Leg, leaves: int) -> None:
        """One departure from home; closed or full ones are passed over."""
        rested = leaves if self.wanted.awake is not None else 0
        here = Label(leaves, rested, leg.start, PLAIN, None, None)
        if not any(leg is usable for usable in self._legs(leg.start)):
            return
        ride = self._ride_at(leg, leaves)
        awake = self.wanted.awake
        if ride is not None and (awake is None or leg.sleeps or ride.arrives - leaves <= awake):
            self._push(here, ride)

    def stand(self, place: str, since: int, rested: int) -> None:
        """Somebody on her way stands at a place, ready from that minute."""
        self._lay(Label(since, rested if self.wanted.awake is not None else 0, place, PLAIN, None, None), None)

    def _lay(self, label: Label, again: tuple[Leg, Label, int] | None) -> None:
        ahead = 0
        if self._ahead is not None:
            found = self._ahead.get(label.place)
            if found is None or label.ready + found > self.until:
                return
            ahead = found
        self._count += 1
        heapq.heappush(self._heap, (label.ready + ahead, -label.rested, self._count, label, again))

    def _shortest_shared(self, goal: str, since: int, kind: tuple[object, ...]) -> dict[str, int]:
        if self._shared is None:
            return self._shortest_to(goal, since)
        shut = tuple(each.until is None and each.since <= since for each in self.network.closures)
        found = self._shared.ahead.get((*kind, shut))
        if found is None:
            found = self._shared.ahead[(*kind, shut)] = self._shortest_to(goal, since)
        return found

    def _shortest_to(self, goal: str, since: int) -> dict[str, int]:
        """For each place, minutes without which nobody gets from there to the goal."""
        coming: dict[str, list[tuple[str, int]]] = {}
        for place in self.network.places:
            for leg in self._legs(place):
                if any(a <= since and b >= FOREVER for a, b, _closure in self.network.shut(leg)):
                    continue
                takes = self._shortest(leg) + (min(leg.waits) if leg.waits else 0)
                coming.setdefault(leg.end, []).append((place, takes + self.network.places[leg.end].change))
        best: dict[str, int] = {}
        heap = [(0, goal)]
        while heap:
            minutes, place = heapq.heappop(heap)
            if place in best:
                continue
            best[place] = minutes
            for before, takes in coming.get(place, ()):
                if before not in best:
                    heapq.heappush(heap, (minutes + takes, before))
        return best

    def labels(self) -> Iterator[Label]:
        """Labels that no earlier one made useless, in the order of their time; more legs are looked at as they are asked for."""
        heap, best = self._heap, self._best
        while heap:
            _ready, _rested, _count, label, again = heapq.heappop(heap)
            if again is not None:
                self._berths(*again)
            key = (label.place, label.signature)
            if label.rested <= best.get(key, -1):
                continue
            best[key] = label.rested
            self.reached.setdefault(label.place, label.ready)
            yield label
            self._go_on(label)

    # --- going on ------------------------------------------------------------------------------------------------

    def _legs(self, place: str) -> list[Leg]:
        found = self._usable.get(place)
        if found is None:
            found = []
            wanted, places = self.wanted, self.network.places
            for leg in self.network.leaving[place]:
                end = places[leg.end]
                if not leg.is_on or not end.is_on or leg.end in wanted.avoid:
                    continue
                if not end.through and leg.end != self.goal:
                    continue
                if wanted.step_free and not (leg.step_free and end.step_free):
                    continue
                papers = leg.papers_for(wanted.nationality)
                if papers is None or (wanted.papers is not None and not wanted.papers.issuperset(papers)):
                    self.no_papers.add(leg.code)
                    continue
                found.append(leg)
            self._usable[place] = found
        return found

    def _go_on(self, label: Label) -> None:
        awake = self.wanted.awake
        ready, rides, shared = label.ready, self._rides, self._shared
        for leg in self._legs(label.place):
            if leg.sleeps and awake is not None:
                self._berths(leg, label, ready)
                continue
            key = (leg.code, ready)
            if shared is not None and leg.seats is None:
                ride = shared.rides[key] if key in shared.rides else self._earliest_shared(shared, leg, ready)
            elif key in rides:
                ride = rides[key]
            else:
                ride = rides[key] = self.earliest(leg, ready)
            if ride is None or (awake is not None and ride.arrives - label.rested > awake):
                continue
            self._push(label, ride)
        if awake is not None:
            place = self.network.places[label.place]
            if place.beds:
                self._sleep(label, place.zone)

    def _berths(self, leg: Leg, label: Label, since: int) -> None:
        """The next departure of a leg with berths; the one after it is looked at when this one's turn has come."""
        awake = self.wanted.awake
        ride = self.next_ride(leg, since)
        if ride is None or awake is None or ride.leaves - label.rested > awake:
            return
        self._push(label, ride, again=(leg, label, ride.leaves + 1))

    def _sleep(self, label: Label, zone: str) -> None:
        wall = local(zone, label.ready)
        day = wall // DAY
        for number in (day - 1, day, day + 1):
            for hour in REST_BEGINS:
                begins = number * DAY + hour * 60
                if wall <= begins < wall + DAY:
                    wakes = from_local(zone, begins) + REST
                    if wakes <= self.until and wakes > self._best.get((label.place, label.signature), -1):
                        self._lay(Label(wakes, wakes, label.place, label.signature, None, label), None)

    def _push(self, before: Label, ride: Ride, again: tuple[Leg, Label, int] | None = None) -> None:
        leg = ride.leg
        end = self.network.places[leg.end]
        ready = ride.arrives + end.change
        if ride.arrives > self.until:
            return
        rested = ride.arrives if leg.sleeps and self.wanted.awake is not None else before.rested
        signature = self.signs(before.signature, leg) if self.signs else before.signature
        if signature is None or (again is None and rested <= self._best.get((leg.end, signature), -1)):
            return
        self._lay(Label(ready, rested, leg.end, signature, ride, before), again)

    # --- one leg -------------------------------------------------------------------------------------------------

    def _is_free(self, leg: Leg, leaves: int) -> bool:
        if leg.seats is None or leg.seats - self.wanted.taken.get((leg.code, leaves), 0) >= self.wanted.party:
            return True
        self.no_seat.add(leg.code)
        return False

    def _blocked(self, leg: Leg, leaves: int, arrives: int) -> int:
        """0 where the leg is open from leaving to arriving, else the minute after which to look again."""
        for since, until, closure in self.network.shut(leg):
            if leaves < until and since <= arrives:
                self.met.setdefault(closure.what, (closure, set()))[1].add(leg.code)
                return until
        return 0

    def _ride_at(self, leg: Leg, leaves: int) -> Ride | None:
        """The leg at exactly that departure."""
        if leg.hours:
            arrives = leaves + self._takes(leg, leaves)
        else:
            arrives = min((a for d, a in self.network.departures(leg, leaves, leaves + 1) if d == leaves), default=-1)
        if arrives < 0 or self._blocked(leg, leaves, arrives) or not self._is_free(leg, leaves):
            return None
        return Ride(leg, leaves, arrives)

    def next_ride(self, leg: Leg, since: int) -> Ride | None:
        """The first possible departure at or after `since` of a leg that runs by timetable or headway."""
        if since > self.until:
            return None
        network = self.network
        last = network.first_day(leg, self.until) + 1 + network.longest[leg.code]
        for number in range(network.first_day(leg, since), last + 1):
            goes, stopped = network.open_on_day(leg, number)
            for closure in stopped:
                self.met.setdefault(closure.what, (closure, set()))[1].add(leg.code)
            for index in range(bisect_left(goes, (since, -1)), len(goes)):
                leaves, arrives = goes[index]
                if leaves > self.until:
                    return None
                if leg.seats is None or self._is_free(leg, leaves):
                    return Ride(leg, leaves, arrives)
        return None

    def earliest(self, leg: Leg, since: int) -> Ride | None:
        """The departure at or after `since` with the earliest arrival, the first of them; None within the horizon."""
        if leg.hours:
            return self._earliest_open(leg, since)
        network = self.network
        if network.even[leg.code] and network.longest[leg.code] == 0:
            return self.next_ride(leg, since)
        best: Ride | None = None
        shortest = self._shortest(leg)
        for leaves, arrives in network.departures(leg, since, self.until + 1):
            if best is not None and leaves + shortest >= best.arrives:
                break
            is_better = best is None or arrives < best.arrives
            if is_better and not self._blocked(leg, leaves, arrives) and self._is_free(leg, leaves):
                best = Ride(leg, leaves, arrives)
        return best

    def _earliest_shared(self, shared: Shared, leg: Leg, since: int) -> Ride | None:
        """As `earliest`, with an horizon of its own, so that every search may use it: what lies beyond its own is not followed anyway."""
        until, self.until = self.until, since + SHARED_AHEAD
        ride = shared.rides[leg.code, since] = self.earliest(leg, since)
        self.until = until
        return ride

    @staticmethod
    def _shortest(leg: Leg) -> int:
        return min([leg.usual, *(timed.takes for timed in leg.times if timed.takes is not None)])

    def _takes(self, leg: Leg, leaves: int) -> int:
        """How long an open-hours leg takes when entered then."""
        if not leg.waits:
            return leg.usual
        return leg.usual + leg.waits[local(self.network.places[leg.start].zone, leaves) % DAY // 60]

    def _window(self, leg: Leg, minute: int) -> int:
        """The minute itself where the leg is open then, else the next opening; -1 within ten days of none."""
        zone = self.network.places[leg.start].zone
        wall = local(zone, minute)
        number = wall // DAY
        for day in range(number, number + 10):
            if not leg.service.runs(day):
                continue
            for first, last in leg.hours:
                if day == number and first <= wall - day * DAY < last:
                    return minute
                if day * DAY + first > wall:
                    return from_local(zone, day * DAY + first)
        return -1

    def _earliest_open(self, leg: Leg, since: int) -> Ride | None:
        """An open-hours leg: the wait is constant within an hour, so only the starts of hours, openings and ends of
        closures can be better than now."""
        best: Ride | None = None
        at = since
        while best is None or at + leg.usual < best.arrives:
            at = self._window(leg, at) if at <= self.until else -1
            if at < 0 or at > self.until or (best is not None and at + leg.usual >= best.arrives):
                break
            arrives = at + self._takes(leg, at)
            again = self._blocked(leg, at, arrives)
            if not again and self._is_free(leg, at) and (best is None or arrives < best.arrives):
                best = Ride(leg, at, arrives)
                if not leg.waits:
                    break
            # Zones differ from UTC by whole quarters of an hour at least: look again at the next full local hour.
            wall = local(self.network.places[leg.start].zone, at)
            following = at + 60 - wall % 60
            at = min(following, again) if again and again > at and leg.waits else (again or following)
        return best


def first_departures(network: Network, place: str, since: int, before: int) -> list[tuple[int, int, Leg]]:
    """What leaves a place in [since, before): every departure of its timetables; a leg with open hours each full hour."""
    found: list[tuple[int, int, Leg]] = []
    for leg in network.leaving[place]:
        if leg.hours:
            zone = network.places[place].zone
            for minute in range(since + (-since) % 60, before, 60):
                wall = local(zone, minute)
                if leg.service.runs(wall // DAY) and any(first <= wall % DAY < last for first, last in leg.hours):
                    found.append((minute, minute + leg.usual, leg))
        else:
            found += [(leaves, arrives, leg) for leaves, arrives in network.departures(leg, since, before)]
    return sorted(found, key=lambda each: (each[0], each[2].code))


def by_gateway_and_crossing(network: Network) -> Callable[[Signature, Leg], Signature | None]:
    """Marks a way by its gateway and the border it crosses into or out of Ukraine; nobody is led back into a country left."""
    steps: dict[str, tuple[str, str, str]] = {}
    for leg in network.legs.values():
        start, end = network.places[leg.start], network.places[leg.end]
        leaves = start.country if start.country != end.country else ""
        crossing = ""
        if leaves and "UA" in (start.country, end.country):
            crossing = start.code if start.role == Role.CROSSING else end.code
        gateway = end.code if end.role == Role.GATEWAY else ""
        if leaves or gateway:
            steps[leg.code] = (leaves, crossing, gateway)

    def signs(signature: Signature, leg: Leg) -> Signature | None:
        step = steps.get(leg.code)
        if step is None:
            return signature
        gateway, crossing, left = signature
        if step[0]:
            if network.places[leg.end].country in left:
                return None
            left |= {step[0]}
            crossing = crossing or step[1]
        # On the way out the last gateway counts, on the way back the first.
        if step[2] and not (gateway and crossing):
            gateway = step[2]
        return (gateway, crossing, left)

    return signs
