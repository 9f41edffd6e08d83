"""The demo's returns: some in each state, and many all the way."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from homeward.demo import loading, on_the_road, way_home
from homeward.handover.models import Convoy, Handover
from homeward.journeys.models import Journey, NewWay
from homeward.journeys.models import State as JourneyState
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.matching.memory import Memory
from homeward.matching.testing import in_process_matcher
from homeward.returns.models import Return, State
from homeward.testing import make_staff, sign_in
from homeward.tracing.tests.cast import follow

__all__ = ["in_process_matcher"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairs(in_process_matcher: Memory) -> list[way_home.Pair]:
    loading.make_staff(lambda done, whole: None)
    made = way_home.new_pairs(12)
    follow()
    way_home.confirm(made)
    return made


def test_all_arrive(pairs: list[way_home.Pair]) -> None:
    done = way_home.drive_all(pairs, lambda done, whole: None, a_list=6)

    assert done == 12
    assert set(Return.objects.values_list("state", flat=True)) == {State.HANDED_OVER}
    assert Handover.objects.exclude(receipt="").count() == 12


def test_the_scenario_has_one_at_each_place_and_only_once(pairs: list[way_home.Pair]) -> None:
    for _twice in range(2):
        way_home.some_in_each_state(lambda done, whole: None)

    assert sorted(Return.objects.values_list("state", flat=True)) == sorted(way_home.FAR)


# By day, by night, and on the evening before: the hours of the ways differ, and all that shall be seen is there.
@pytest.mark.parametrize("hour", [3, 11, 22])
def test_the_road_shows_each_kind_of_journey_at_any_hour_and_only_once(
    in_process_matcher: Memory, hour: int, settings: Any
) -> None:
    settings.TRAINING = True
    with clock.freeze(datetime(2026, 12, 3, hour, 20, tzinfo=UTC)):
        loading.make_staff(lambda done, whole: None)
        made = way_home.new_pairs(9)
        follow()
        way_home.confirm(made[:5])
        way_home.some_in_each_state(lambda done, whole: None)
        for _twice in range(2):
            on_the_road.some_journeys(lambda done, whole: None)

        states = Counter(Journey.objects.values_list("state", flat=True))
        assert states[JourneyState.AT_CROSSING] == 1
        assert states[JourneyState.OVERDUE] == 1
        assert states[JourneyState.PLANNED] == states[JourneyState.SENT] == 1
        assert sum(states.values()) == 5
        assert Return.objects.filter(state=State.TRAVELLING).count() == 1
        assert NewWay.objects.filter(state="waiting", legs__isnull=False).exists()
        assert Convoy.objects.filter(left_at=None).count() == 1
        page = sign_in(Client(), make_staff("journey_coordinator", "operator")).get("/journeys/").content.decode()
        assert "To call now" in page


def test_men_the_matching_did_not_find_are_not_driven(in_process_matcher: Memory) -> None:
    loading.make_staff(lambda done, whole: None)

    with pytest.raises(way_home.NotPaired):
        way_home.confirm(way_home.new_pairs(1))
    assert not issubclass(way_home.NotPaired, Refusal)
