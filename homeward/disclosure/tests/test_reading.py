from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeward.disclosure import actions, queries
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import Answer, KinshipStep, Level
from homeward.disclosure.tests.cast import at_level, confirmed, confirmed_and_kin
from homeward.disclosure.tests.test_kinship import answered
from homeward.lib import clock
from homeward.matching.memory import Memory
from homeward.register import actions as register
from homeward.register.models import EventKind
from homeward.testing import make_staff
from homeward.tracing.models import PotentialMatch
from homeward.tracing.tests.cast import ask

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def died(match: PotentialMatch) -> None:
    entry = match.entry
    entry.refresh_from_db()
    register.record_event(entry, kind=EventKind.DIED, version=entry.version, by=make_staff("registrar"))


def test_she_reads_an_approved_answer_for_72_hours_from_the_first_opening(in_process_matcher: Memory) -> None:
    match = confirmed_and_kin(in_process_matcher)
    answer = answered(match)
    with clock.freeze(clock.now() + timedelta(days=40)):
        assert actions.open_answer(match.enquiry) == answer
    opened = Answer.objects.get().reading.opened_at

    with clock.freeze(opened + timedelta(hours=71)):
        assert actions.open_answer(match.enquiry) == answer
    with clock.freeze(opened + timedelta(hours=73)):
        assert queries.readable_answer(match.enquiry) is None
        assert actions.open_answer(match.enquiry) is None
        assert actions.keep_answer(match.enquiry) is None


def test_she_may_keep_it_and_put_it_away(in_process_matcher: Memory) -> None:
    match = confirmed_and_kin(in_process_matcher)
    answer = answered(match)
    assert actions.keep_answer(match.enquiry) is None
    actions.open_answer(match.enquiry)
    actions.keep_answer(match.enquiry)

    with clock.freeze(clock.now() + timedelta(days=400)):
        assert queries.readable_answer(match.enquiry) == answer
        actions.put_away_answer(match.enquiry)
        assert queries.readable_answer(match.enquiry) is None


def test_who_died_before_she_opened_it_is_told_of_by_a_person(in_process_matcher: Memory) -> None:
    match = confirmed_and_kin(in_process_matcher)
    answered(match)

    died(match)

    assert queries.readable_answer(match.enquiry) is None


def test_what_she_has_read_does_not_vanish_early(in_process_matcher: Memory) -> None:
    match = confirmed_and_kin(in_process_matcher)
    answer = answered(match)
    actions.open_answer(match.enquiry)

    died(match)

    assert queries.readable_answer(match.enquiry) == answer


@pytest.mark.parametrize("kind", [Kind.CALL, Kind.NO_INFORMATION])
def test_grave_news_and_silence_are_never_on_her_page(in_process_matcher: Memory, kind: Kind) -> None:
    match = confirmed_and_kin(in_process_matcher)
    if kind == Kind.CALL:
        died(match)

    answered(match, kind)

    assert queries.readable_answer(match.enquiry) is None


def test_an_answer_goes_with_the_kinship_it_rests_on(in_process_matcher: Memory) -> None:
    match = confirmed_and_kin(in_process_matcher)
    answered(match)
    actions.open_answer(match.enquiry)
    actions.keep_answer(match.enquiry)

    actions.lower_level(match.enquiry, level=Level.CLAIM, why=KinshipStep.Why.FORGED, by=make_staff("kin_verifier"))

    assert queries.readable_answer(match.enquiry) is None


@pytest.mark.parametrize("level", [0, 1])
def test_below_level_2_the_same_single_statement_finds_nothing(in_process_matcher: Memory, level: int) -> None:
    unknown = ask({"surname": "Nobody", "given": "Known"})
    held = confirmed(in_process_matcher)
    statements = []
    for enquiry, dead in ((unknown, False), (held.enquiry, False), (held.enquiry, True)):
        if dead:
            died(held)
        if queries.kinship_level(enquiry) < level:
            at_level(enquiry, level)
        with CaptureQueriesContext(connection) as caught:
            assert queries.readable_answer(enquiry) is None
        statements.append([query["sql"].replace(str(enquiry.pk), "") for query in caught])

    assert [len(each) for each in statements] == [1, 1, 1]
