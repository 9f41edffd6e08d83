"""The demo's returns: some in each state, and many all the way."""

import pytest

from homeward.demo import loading, way_home
from homeward.handover.models import Handover
from homeward.lib.refusals import Refusal
from homeward.matching.memory import Memory
from homeward.matching.testing import in_process_matcher
from homeward.returns.models import Return, State
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


def test_men_the_matching_did_not_find_are_not_driven(in_process_matcher: Memory) -> None:
    loading.make_staff(lambda done, whole: None)

    with pytest.raises(way_home.NotPaired):
        way_home.confirm(way_home.new_pairs(1))
    assert not issubclass(way_home.NotPaired, Refusal)
