"""Who rides in which vehicle: families stay together, as few as possible are left behind, nobody waits longer than needed.

Plain functions over frozen dataclasses; no database, no clock. The plan sought is the best in this order: fewest people left
behind; the longest wait of any family as short as it can be; the sum of all waits as small as it can be. It is found exactly, family by
family over the seats that are still free (dynamic programming); vehicles that leave together are interchangeable, which keeps
the table small. Should it outgrow its limit all the same, the best part of it is kept and the plan says that it may not be the best.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")
VanKey = TypeVar("VanKey")

# States kept at each step: a dozen families and four vehicles need fewer; above it the plan says that it may not be the best.
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Party(Generic[Key]):
    """A family: how many they are, from which minute on they can leave, whether someone needs a step-free vehicle."""

    key: Key
    people: int
    ready: int
    step_free: bool = False


@dataclass(frozen=True, slots=True)
class Van(Generic[VanKey]):
    """A vehicle with its free seats and the minute it leaves."""

    key: VanKey
    seats: int
    leaves: int
    step_free: bool = False


@dataclass(frozen=True, slots=True)
class Plan(Generic[Key, VanKey]):
    """Who rides where; who is left behind; the longest wait, and all waits together in minutes of people."""

    seats: dict[Key, VanKey]
    left: tuple[Key, ...]
    longest_wait: int
    total_wait: int
    is_best: bool


_Chain = tuple[int, "_Chain"] | None  # type: ignore[misc]


def seat(parties: Iterable[Party[Key]], vans: Sequence[Van[VanKey]]) -> Plan[Key, VanKey]:
    """The best plan."""
    # Large families first, so that free seats differ less between the states; the order changes nothing in the outcome.
    queue = sorted(parties, key=lambda party: (-party.people, party.ready))
    at_once = _each_by_the_first(queue, vans)
    if at_once is not None:
        return at_once
    longest_first, exact = _search(queue, vans, None)
    if longest_first is None:
        return Plan({}, (), 0, 0, True)
    (_left, longest), _chain = longest_first
    best, exact_again = _search(queue, vans, longest)
    assert best is not None
    chain, chosen = best[1], []
    while chain is not None:
        place, chain = chain
        chosen.append(place)
    chosen.reverse()
    seats = {party.key: vans[place].key for party, place in zip(queue, chosen, strict=True) if place >= 0}
    left = tuple(party.key for party, place in zip(queue, chosen, strict=True) if place < 0)
    waits = [(vans[at].leaves - party.ready, party.people) for party, at in zip(queue, chosen, strict=True) if at >= 0]
    return Plan(
        seats,
        left,
        max((wait for wait, _people in waits), default=0),
        sum(wait * people for wait, people in waits),
        exact and exact_again,
    )


def _each_by_the_first(queue: Sequence[Party[Key]], vans: Sequence[Van[VanKey]]) -> Plan[Key, VanKey] | None:
    """Every family in the first vehicle that leaves after it came: where the seats allow that, no plan is better."""
    free = [van.seats for van in vans]
    chosen: dict[Key, VanKey] = {}
    longest = total = 0
    # Who needs a step-free vehicle takes it first, the others fill up; large families before small ones.
    for party in sorted(queue, key=lambda party: (not party.step_free, -party.people)):
        able = [n for n, van in enumerate(vans) if van.leaves >= party.ready and (van.step_free or not party.step_free)]
        first = min((vans[n].leaves for n in able), default=None)
        fitting = [n for n in able if vans[n].leaves == first and free[n] >= party.people]
        if not fitting:
            return None
        # The fullest one that still fits, an ordinary one before a step-free one.
        place = min(fitting, key=lambda n: (vans[n].step_free, free[n]))
        free[place] -= party.people
        chosen[party.key] = vans[place].key
        wait = vans[place].leaves - party.ready
        longest, total = max(longest, wait), total + wait * party.people
    return Plan(chosen, (), longest, total, True)


def _search(
    queue: Sequence[Party[Key]], vans: Sequence[Van[VanKey]], at_most: int | None
) -> tuple[tuple[tuple[int, int], _Chain] | None, bool]:
    """The least (people left, longest wait), or under a given longest wait the least (people left, sum of waits).

    Both pairs can only grow from family to family, and of two that reach the same free seats the smaller stays the
    smaller: that is what makes the table exact.
    """
    if not queue:
        return None, True
    states: dict[tuple[int, ...], tuple[tuple[int, int], tuple[int, ...], _Chain]] = {
        (): ((0, 0), tuple(van.seats for van in vans), None)
    }
    alike: dict[tuple[int, bool], list[int]] = {}
    for number, van in enumerate(vans):
        alike.setdefault((van.leaves, van.step_free), []).append(number)
    groups = list(alike.values())
    exact = True
    to_come = sum(party.people for party in queue)
    for party in queue:
        to_come -= party.people
        following: dict[tuple[int, ...], tuple[tuple[int, int], tuple[int, ...], _Chain]] = {}
        for (left, waited), free, chain in states.values():
            tried: set[tuple[int, bool, int]] = set()
            for number, van in enumerate(vans):
                wait = van.leaves - party.ready
                kind = (van.leaves, van.step_free, free[number])
                if (
                    free[number] < party.people
                    or wait < 0
                    or (at_most is not None and wait > at_most)
                    or (party.step_free and not van.step_free)
                    or kind in tried
                ):
                    continue
                tried.add(kind)
                cost = (left, max(waited, wait) if at_most is None else waited + wait * party.people)
                now = (*free[:number], free[number] - party.people, *free[number + 1 :])
                _keep(following, cost, now, (number, chain), groups, to_come)
            _keep(following, (left + party.people, waited), free, (-1, chain), groups, to_come)
        if len(following) > LIMIT:
            exact = False
            following = dict(sorted(following.items(), key=lambda item: (item[1][0], -sum(item[1][1])))[:LIMIT])
        states = following
    cost, _free, chain = min(states.values(), key=lambda state: state[0])
    return (cost, chain), exact


def _keep(
    states: dict[tuple[int, ...], tuple[tuple[int, int], tuple[int, ...], _Chain]],
    cost: tuple[int, int],
    free: tuple[int, ...],
    chain: _Chain,
    groups: Sequence[Sequence[int]],
    to_come: int,
) -> None:
    # More free seats than people still to come are as good as exactly so many.
    same = tuple(seats for group in groups for seats in sorted(min(free[number], to_come) for number in group))
    known = states.get(same)
    if known is None or cost < known[0]:
        states[same] = (cost, free, chain)
