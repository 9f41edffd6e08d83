"""The plan of seats against every possible plan."""

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.handover.seating import Party, Plan, Van, seat

PARTIES = st.lists(
    st.builds(Party, key=st.just(0), people=st.integers(1, 3), ready=st.integers(0, 6).map(lambda n: n * 20),
              step_free=st.booleans()),
    max_size=6,
)  # fmt: skip
VANS = st.lists(
    st.builds(Van, key=st.just(0), seats=st.integers(1, 6), leaves=st.integers(0, 8).map(lambda n: n * 20),
              step_free=st.booleans()),
    max_size=4,
)  # fmt: skip


def best_by_trying_all(parties: list[Party[int]], vans: list[Van[int]]) -> tuple[int, int, int]:
    """The least (left behind, longest wait, sum of waits) over every way to seat them."""
    best = None
    for places in itertools.product(range(-1, len(vans)), repeat=len(parties)):
        free = [van.seats for van in vans]
        left = longest = total = 0
        for party, place in zip(parties, places, strict=True):
            if place < 0:
                left += party.people
                continue
            free[place] -= party.people
            wait = vans[place].leaves - party.ready
            if free[place] < 0 or wait < 0 or (party.step_free and not vans[place].step_free):
                break
            longest, total = max(longest, wait), total + wait * party.people
        else:
            cost = (left, longest, total)
            best = cost if best is None or cost < best else best
    assert best is not None
    return best


def cost_of(plan: Plan[int, int], parties: list[Party[int]]) -> tuple[int, int, int]:
    left = sum(party.people for party in parties if party.key in plan.left)
    return left, plan.longest_wait, plan.total_wait


@settings(max_examples=400, deadline=None)
@given(PARTIES, VANS)
def test_the_plan_is_as_good_as_any(parties: list[Party[int]], vans: list[Van[int]]) -> None:
    parties = [Party(number, each.people, each.ready, each.step_free) for number, each in enumerate(parties)]
    vans = [Van(number, each.seats, each.leaves, each.step_free) for number, each in enumerate(vans)]

    plan = seat(parties, vans)

    assert plan.is_best
    assert cost_of(plan, parties) == best_by_trying_all(parties, vans)


@settings(max_examples=200, deadline=None)
@given(PARTIES, VANS)
def test_the_plan_can_be_driven(parties: list[Party[int]], vans: list[Van[int]]) -> None:
    parties = [Party(number, each.people, each.ready, each.step_free) for number, each in enumerate(parties)]
    vans = [Van(number, each.seats, each.leaves, each.step_free) for number, each in enumerate(vans)]

    plan = seat(parties, vans)

    assert {*plan.seats, *plan.left} == {party.key for party in parties}
    assert not {*plan.seats} & {*plan.left}
    for van in vans:
        aboard = [party for party in parties if plan.seats.get(party.key) == van.key]
        assert sum(party.people for party in aboard) <= van.seats
        assert all(party.ready <= van.leaves for party in aboard)
        assert all(van.step_free or not party.step_free for party in aboard)


def test_a_full_day_is_seated_at_once() -> None:
    dice = random.Random(7)
    parties = [
        Party(n, dice.choice((1, 1, 2, 2, 3)), dice.randrange(0, 600, 15), dice.random() < 0.1) for n in range(40)
    ]
    vans = [Van((hour, car), 7, hour * 60, car == 0) for hour in (3, 6, 9, 12) for car in range(3)]

    plan = seat(parties, vans)

    assert len(plan.seats) + len(plan.left) == 40
    # No seat stays empty beside somebody who could have taken it.
    for party in parties:
        if party.key in plan.left:
            for van in vans:
                aboard = sum(each.people for each in parties if plan.seats.get(each.key) == van.key)
                fits = van.leaves >= party.ready and (van.step_free or not party.step_free)
                assert not fits or aboard + party.people > van.seats
