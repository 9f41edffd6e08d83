"""Up to four really different ways from a door to the goal, what each rests on, and why others are not offered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from homeward.journeys.planner.network import Closure, Kind, Leg, Network, Role
from homeward.journeys.planner.search import (
    REST,
    Label,
    Ride,
    Search,
    Shared,
    Wanted,
    by_gateway_and_crossing,
    first_departures,
)  # fmt: skip
from homeward.journeys.planner.times import DAY, from_local, local

Key = tuple[str, str]  # gateway, last border
HORIZON = 8 * DAY
# A way that arrives later than the first by more than this is named, not offered.
WORTH = 24 * 60
OFFERED = 4


@dataclass(frozen=True, slots=True)
class Change:
    """Where one leg ends and the next begins: how long she waits, how much later than usual she may come, whether she sleeps."""

    place: str
    arrives: int
    leaves: int
    spare: int  # minutes by which the leg before may be later than usual without missing what follows
    needs: int  # minutes by which it is at times later
    sleeps: bool

    @property
    def margin(self) -> int:
        """What is left when the leg before takes as long as it ever does; below zero the connection may break."""
        return self.spare - self.needs


@dataclass(frozen=True, slots=True)
class Way:
    """A way, leg by leg."""

    rides: tuple[Ride, ...]
    changes: tuple[Change, ...]
    gateway: str
    crossing: str

    @property
    def leaves(self) -> int:
        """When she leaves."""
        return self.rides[0].leaves

    @property
    def arrives(self) -> int:
        """When she is there."""
        return self.rides[-1].arrives

    @property
    def minutes(self) -> int:
        """From door to goal."""
        return self.arrives - self.leaves

    @property
    def nights(self) -> int:
        """Nights in a bed."""
        return sum(1 for change in self.changes if change.sleeps)

    @property
    def times_changed(self) -> int:
        """How often she gets from one vehicle into another: a border crossed on foot or by bus is no vehicle of its own."""
        return max(sum(1 for ride in self.rides if ride.leg.kind not in (Kind.BORDER, Kind.FOOT)) - 1, 0)

    def prices(self) -> dict[str, int]:
        """What she pays herself for one traveller, by currency."""
        sums: dict[str, int] = {}
        for ride in self.rides:
            if ride.leg.price and ride.leg.pays == "family":
                sums[ride.leg.currency] = sums.get(ride.leg.currency, 0) + ride.leg.price
        return sums

    @property
    def weakest(self) -> Change | None:
        """The connection most likely to break; None for a single leg."""
        return min(self.changes, key=lambda change: change.margin, default=None)

    @property
    def is_confirmed(self) -> bool:
        """Whether the bureau has confirmed every leg."""
        return all(ride.leg.fact.confirmed for ride in self.rides)


class Why(StrEnum):
    """Why a gateway, a crossing or a direct way is not offered."""

    CLOSED = "closed"
    OFF = "off"
    PAPERS = "papers"
    NO_SEAT = "no_seat"
    NOT_STEP_FREE = "not_step_free"
    LATER = "later"
    NO_WAY = "no_way"


@dataclass(frozen=True, slots=True)
class NotOffered:
    """Something not offered, and why: `code` is the place's code, `legs` the direct legs concerned."""

    code: str
    why: Why
    closure: Closure | None = None
    later_by: int = 0
    legs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The ways offered, best first, and what is not."""

    ways: tuple[Way, ...]
    not_offered: tuple[NotOffered, ...]


def plan(
    network: Network, origin: str, goal: str, day: int, wanted: Wanted, *, not_before: int | None = None
) -> Answer:
    """The ways for somebody who leaves on that local day (days since 1970), not before a minute of it."""
    zone = network.places[origin].zone
    since = from_local(zone, day * DAY)
    before = from_local(zone, (day + 1) * DAY)
    return plan_between(network, origin, goal, max(since, not_before or since), before, wanted)


def plan_between(network: Network, origin: str, goal: str, since: int, before: int, wanted: Wanted) -> Answer:
    """The ways for somebody who leaves in [since, before)."""
    search = Search(
        network, wanted, until=before + HORIZON, signs=by_gateway_and_crossing(network), goal=goal, since=since
    )
    search.leave(origin, since, before)
    found: dict[Key, Label] = {}
    for label in search.labels():
        if label.place != goal or label.ride is None:
            continue
        key = label.signature[:2]
        if not found:
            # From now on only what is worth offering.
            search.until = min(search.until, label.ready + WORTH)
        found.setdefault(key, label)
        if _are_enough(network, found):
            break
    chosen = _different(found)
    later = {key: label for key, label in found.items() if key not in chosen}
    ways = tuple(way_of(network, label, wanted, search) for label in chosen.values())
    return Answer(ways, tuple(_why_not(network, search, origin, goal, chosen, later)))


def _are_enough(network: Network, found: dict[Key, Label]) -> bool:
    gateways = {place.code for place in network.places.values() if place.role == Role.GATEWAY and place.is_on}
    return len(found) >= OFFERED and gateways <= {key[0] for key in found}


def replan(
    network: Network,
    origin: str,
    goal: str,
    since: int,
    wanted: Wanted,
    *,
    rested: int | None = None,
    shared: Shared | None = None,
) -> Way | None:
    """The earliest way on from where somebody stands at a minute; she was last rested then, unless told otherwise."""
    search = Search(
        network, wanted, until=since + HORIZON, signs=by_gateway_and_crossing(network), goal=goal, since=since,
        shared=shared,
    )  # fmt: skip
    search.stand(origin, since, since if rested is None else rested)
    for label in search.labels():
        if label.place == goal:
            return way_of(network, label, wanted, search)
    return None


def earliest_between(
    network: Network, origin: str, goal: str, since: int, before: int, wanted: Wanted, *, shared: Shared | None = None
) -> Way | None:
    """Only the earliest way for somebody who leaves home in [since, before)."""
    search = Search(
        network, wanted, until=before + HORIZON, signs=by_gateway_and_crossing(network), goal=goal, since=since,
        shared=shared,
    )  # fmt: skip
    search.leave(origin, since, before)
    for label in search.labels():
        if label.place == goal:
            return way_of(network, label, wanted, search)
    return None


def latest_for(network: Network, origin: str, convoy: Ride, wanted: Wanted, *, days: int = 5) -> Way | None:
    """The way that leaves home as late as can be and still makes the convoy. None where none makes it in so many days."""
    meeting = convoy.leg.start
    since = convoy.leaves - days * DAY
    signs = by_gateway_and_crossing(network)
    for leaves, _arrives, leg in reversed(first_departures(network, origin, since, convoy.leaves)):
        search = Search(network, wanted, until=convoy.leaves, signs=signs, goal=meeting, since=leaves)
        search.board_first(leg, leaves)
        for label in search.labels():
            if label.ready > convoy.leaves:
                break
            if label.place == meeting and (
                wanted.awake is None or convoy.arrives - label.rested <= wanted.awake or convoy.leg.sleeps
            ):
                signature = signs(label.signature, convoy.leg) or label.signature
                whole = Label(convoy.arrives, label.rested, convoy.leg.end, signature, convoy, label)
                return way_of(network, whole, wanted, search)
    return None


# --- choosing ------------------------------------------------------------------------------------------------------------


def _different(found: dict[Key, Label]) -> dict[Key, Label]:
    """Up to four: the earliest; then the earliest by each other gateway; then by other crossings."""
    order = list(found)  # labels came up in the order of their time
    chosen: list[Key] = []
    gateways: set[str] = set()
    for signature in order:
        if signature[0] not in gateways:
            chosen.append(signature)
            gateways.add(signature[0])
    chosen = chosen[:OFFERED]
    crossings = {signature[1] for signature in chosen}
    for fresh in (True, False):
        for signature in order:
            if len(chosen) < OFFERED and signature not in chosen and (signature[1] not in crossings or not fresh):
                chosen.append(signature)
                crossings.add(signature[1])
    return {signature: found[signature] for signature in order if signature in chosen}


def way_of(network: Network, label: Label, wanted: Wanted, search: Search) -> Way:
    """The way a label stands for, each leg left as late as it may be without losing time or margin."""
    steps: list[tuple[Ride, int | None]] = []  # a ride, and when she lies down after it
    rested: list[int] = []  # when she last got up before each
    lies_down: int | None = None
    at: Label | None = label
    while at is not None:
        if at.ride is None:
            if at.before is not None:
                lies_down = at.rested - REST
        else:
            steps.append((at.ride, lies_down))
            rested.append(at.before.rested if at.before is not None else 0)
            lies_down = None
        at = at.before
    steps.reverse()
    rested.reverse()
    rides = _tightened(network, steps, rested, wanted, search)
    changes = []
    for (ride, (_old, sleeps)), following in zip(zip(rides, steps, strict=True), rides[1:], strict=False):
        place = network.places[ride.leg.end]
        spare = following.leaves - ride.arrives - place.change
        if following.leg.hours:
            # Nothing is missed: what follows leaves whenever she comes.
            spare = max(spare, ride.leg.most - ride.leg.usual + 1)
        late = ride.leg.most - ride.leg.usual
        changes.append(Change(ride.leg.end, ride.arrives, following.leaves, spare, late, sleeps is not None))
    return Way(tuple(rides), tuple(changes), label.signature[0], label.signature[1])


def _tightened(
    network: Network, steps: list[tuple[Ride, int | None]], rested: list[int], wanted: Wanted, search: Search
) -> list[Ride]:
    rides = [ride for ride, _sleeps in steps]
    for index in range(len(rides) - 2, -1, -1):
        ride, sleeps = rides[index], steps[index][1]
        limit = rides[index + 1].leaves if sleeps is None else sleeps
        late = ride.leg.most - ride.leg.usual
        limit -= network.places[ride.leg.end].change + late
        if wanted.awake is not None:
            limit = min(limit, rested[index] + wanted.awake)
        # Who has to wait waits in a town, not at a border post.
        stays = ride.leg.sleeps or not network.places[ride.leg.start].beds
        better = None if stays else _later(network, search, ride, limit)
        if better is not None:
            rides[index] = better
    return rides


def _later(network: Network, search: Search, ride: Ride, limit: int) -> Ride | None:
    """The same leg, left as late as it may be to arrive by `limit`; None where nothing later does."""
    leg = ride.leg
    if ride.arrives >= limit or leg.seats is not None:
        return None
    if leg.hours:
        if leg.waits:
            return None
        moved = search._ride_at(leg, ride.leaves + limit - ride.arrives)
        wall = local(network.places[leg.start].zone, ride.leaves + limit - ride.arrives)
        is_open = leg.service.runs(wall // DAY) and any(a <= wall % DAY < b for a, b in leg.hours)
        return moved if is_open else None
    best = None
    for leaves, arrives in network.departures(leg, ride.leaves + 1, limit):
        if arrives <= limit and not search._blocked(leg, leaves, arrives):
            best = Ride(leg, leaves, arrives)
    return best


# --- why not -------------------------------------------------------------------------------------------------------------


def _why_not(
    network: Network,
    search: Search,
    origin: str,
    goal: str,
    chosen: dict[Key, Label],
    later: dict[Key, Label],
) -> Iterable[NotOffered]:
    used = {code for signature in chosen for code in signature}
    first = min((label.ready for label in chosen.values()), default=0)
    yield from _direct(network, search, goal)
    places = sorted(network.places.values(), key=lambda place: (place.role != Role.GATEWAY, place.code))
    for place in places:
        if place.role not in (Role.GATEWAY, Role.CROSSING) or place.code in used or place.code == origin:
            continue
        if place.role == Role.CROSSING and not _is_last_border(network, place.code):
            # Borders before the last are part of a way; only where one is shut is it worth a word.
            closure = _closure_of(network, search, place.code)
            if closure is not None:
                yield NotOffered(place.code, Why.CLOSED, closure)
            continue
        slower = [label.ready - first for signature, label in later.items() if place.code in signature]
        if slower:
            yield NotOffered(place.code, Why.LATER, later_by=min(slower))
            continue
        yield _reason(network, search, place.code)


def _is_last_border(network: Network, code: str) -> bool:
    return any(
        "UA" in (network.places[leg.start].country, network.places[leg.end].country)
        and network.places[leg.start].country != network.places[leg.end].country
        for leg in network.legs.values()
        if code in (leg.start, leg.end)
    )


def _direct(network: Network, search: Search, goal: str) -> Iterable[NotOffered]:
    """Flights to the goal that a closure keeps on the ground: said first, for everybody asks."""
    shut: dict[str, tuple[Closure, list[str]]] = {}
    for closure, legs in search.met.values():
        for code in legs:
            leg = network.legs[code]
            if leg.kind == Kind.FLIGHT and goal in (leg.start, leg.end):
                shut.setdefault(closure.what, (closure, []))[1].append(code)
    for closure, codes in shut.values():
        yield NotOffered(goal, Why.CLOSED, closure, legs=tuple(sorted(codes)))


def _closure_of(network: Network, search: Search, code: str) -> Closure | None:
    for closure, legs in search.met.values():
        if closure.what == f"place:{code}" or any(
            code in (network.legs[each].start, network.legs[each].end) for each in legs
        ):
            return closure
    return None


def _reason(network: Network, search: Search, code: str) -> NotOffered:
    place = network.places[code]
    around: list[Leg] = [leg for leg in network.legs.values() if code in (leg.start, leg.end)]
    if not place.is_on or (around and not any(leg.is_on for leg in around)):
        return NotOffered(code, Why.OFF)
    closure = _closure_of(network, search, code)
    if closure is not None:
        return NotOffered(code, Why.CLOSED, closure)
    if any(leg.code in search.no_papers for leg in around):
        return NotOffered(code, Why.PAPERS)
    if any(leg.code in search.no_seat for leg in around):
        return NotOffered(code, Why.NO_SEAT)
    if search.wanted.step_free and not all(leg.step_free for leg in around):
        return NotOffered(code, Why.NOT_STEP_FREE)
    if code in search.reached:
        return NotOffered(code, Why.LATER, later_by=WORTH)
    return NotOffered(code, Why.NO_WAY)


def without(wanted: Wanted, *places: str) -> Wanted:
    """The same wishes, keeping away from some places."""
    return replace(wanted, avoid=wanted.avoid | frozenset(places))
