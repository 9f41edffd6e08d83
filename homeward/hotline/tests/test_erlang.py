"""Erlang C against its own definition, summed term by term in exact fractions."""

import math
from fractions import Fraction

import pytest

from homeward.hotline import erlang

# People and load in tenths of an Erlang: twenty points from a desk of one to a hall of sixty.
POINTS = [
    (1, 5), (1, 9), (2, 5), (2, 15), (3, 20), (3, 28), (4, 30), (5, 40), (6, 33), (7, 60), (8, 71), (10, 80), (12, 105),
    (15, 130), (18, 160), (20, 180), (25, 200), (30, 275), (40, 350), (60, 555),
]  # fmt: skip


def by_definition(people: int, load: Fraction) -> Fraction:
    """The sum as A. K. Erlang wrote it, in whole numbers."""
    waits = load**people / math.factorial(people) * (people / (people - load))
    return waits / (sum(load**n / math.factorial(n) for n in range(people)) + waits)


@pytest.mark.parametrize(("people", "tenths"), POINTS)
def test_it_is_the_sum_of_its_definition(people: int, tenths: int) -> None:
    load = Fraction(tenths, 10)

    assert erlang.waiting(float(load), people) == pytest.approx(float(by_definition(people, load)), rel=1e-12)


def test_one_person_waits_as_often_as_she_is_busy() -> None:
    assert erlang.waiting(0.25, 1) == pytest.approx(0.25)


def test_too_few_people_never_come_through() -> None:
    assert erlang.waiting(5, 5) == 1
    assert erlang.mean_wait(5, 5, handling=60) == math.inf
    assert erlang.answered_within(6, 5, seconds=20, handling=60) == 0


def test_people_for_is_the_fewest_that_suffice() -> None:
    for calls in (1, 10, 33, 120, 800):
        people = erlang.people_for(calls, handling=360)
        load = calls * 360 / 3600
        assert erlang.answered_within(load, people, seconds=20, handling=360) >= 0.8
        assert erlang.answered_within(load, people - 1, seconds=20, handling=360) < 0.8
    assert erlang.people_for(0, handling=360) == 0
