import pytest
from django.db import IntegrityError, connection, transaction

from homeward.audit.models import Event
from homeward.enquiries.models import Question, SoughtPerson
from homeward.lib.refusals import Refusal
from homeward.matching.memory import Memory
from homeward.testing import make_staff
from homeward.tracing import actions
from homeward.tracing.models import EntryQuestion, MatchState, PotentialMatch
from homeward.tracing.tests.cast import NAMESAKE, a_pair, ask, follow, match_of, record

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _state(match: PotentialMatch) -> str:
    match.refresh_from_db()
    return match.state


def test_one_person_cannot_confirm_alone(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    vera = make_staff("verifier")
    match = actions.say_same(match, version=match.version, by=vera)

    with pytest.raises(actions.SecondPersonNeeded):
        actions.confirm_same(match, version=match.version, by=vera)

    assert _state(match) == MatchState.POTENTIAL


def test_two_people_confirm_and_the_siblings_are_settled(in_process_matcher: Memory) -> None:
    other = record(NAMESAKE)
    match = a_pair(in_process_matcher)
    match = actions.say_same(match, version=match.version, by=make_staff("tracer"))
    assert SoughtPerson.objects.get(pk=match.sought_id).state == "verifying"

    match = actions.confirm_same(match, version=match.version, by=make_staff("verifier"))

    assert _state(match) == MatchState.CONFIRMED
    assert PotentialMatch.objects.get(sought=match.sought_id, entry=other).state == MatchState.SUPERSEDED
    assert SoughtPerson.objects.get(pk=match.sought_id).state == "fate_established"


def test_undoing_a_confirmation_restores_the_siblings(in_process_matcher: Memory) -> None:
    other = record(NAMESAKE)
    match = a_pair(in_process_matcher)
    match = actions.say_same(match, version=match.version, by=make_staff("tracer"))
    match = actions.confirm_same(match, version=match.version, by=make_staff("verifier"))

    match = actions.undo(match, version=match.version, by=make_staff("verifier"))

    assert _state(match) == MatchState.POTENTIAL
    assert PotentialMatch.objects.get(sought=match.sought_id, entry=other).state == MatchState.POTENTIAL
    assert match.judgements.filter(undone_at__isnull=True).count() == 0
    assert match.judgements.count() == 2
    assert SoughtPerson.objects.get(pk=match.sought_id).state in ("potential_match", "searching")


def test_a_tracer_cannot_confirm(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    match = actions.say_same(match, version=match.version, by=make_staff("tracer"))

    with pytest.raises(Refusal):
        actions.confirm_same(match, version=match.version, by=make_staff("tracer"))


def test_a_verifier_may_disagree(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    match = actions.say_same(match, version=match.version, by=make_staff("tracer"))

    match = actions.say_not_the_same(match, version=match.version, by=make_staff("verifier"))

    assert _state(match) == MatchState.NOT_THE_SAME


def test_a_page_that_is_out_of_date_judges_nothing(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    seen = match.version
    actions.say_unsure(match, version=seen, ask_family="?", by=make_staff("tracer"))

    with pytest.raises(actions.SomebodyWasFaster):
        actions.say_same(match, version=seen, by=make_staff("tracer"))


def test_unsure_asks_the_family_and_the_registrar_and_comes_back(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)

    match = actions.say_unsure(
        match, version=match.version, ask_family="Has he a scar?", ask_registrar="Is the day legible?",
        by=make_staff("tracer"),
    )  # fmt: skip

    assert match.waits_for_answer
    assert Question.objects.get().text == "Has he a scar?"
    question = EntryQuestion.objects.get()
    actions.answer_entry_question(question, answer="Yes, it is.", by=make_staff("registrar"))
    match.refresh_from_db()
    assert not match.waits_for_answer
    assert EntryQuestion.objects.get().answer == "Yes, it is."


def test_unsure_without_a_question_is_refused(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)

    with pytest.raises(Refusal):
        actions.say_unsure(match, version=match.version, by=make_staff("tracer"))


def test_only_one_match_of_a_man_is_confirmed(in_process_matcher: Memory) -> None:
    other = record(NAMESAKE)
    match = a_pair(in_process_matcher)
    match = actions.say_same(match, version=match.version, by=make_staff("tracer"))
    actions.confirm_same(match, version=match.version, by=make_staff("verifier"))
    second = PotentialMatch.objects.get(sought=match.sought_id, entry=other)

    with pytest.raises(actions.AlreadyJudged):
        actions.say_same(second, version=second.version, by=make_staff("tracer"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tracing_potentialmatch SET state = 'confirmed'",
        "UPDATE tracing_potentialmatch SET state = 'confirmed', same_said_by_id = {staff}, same_confirmed_by_id = {staff}",
        "UPDATE tracing_potentialmatch SET state = 'confirmed', same_said_by_id = {staff}, same_confirmed_by_id = {other}",
        "UPDATE tracing_potentialmatch SET state = 'certain'",
        "UPDATE tracing_potentialmatch SET probability = 1.5",
    ],
)
def test_direct_sql_cannot_confirm(in_process_matcher: Memory, sql: str) -> None:
    a_pair(in_process_matcher)
    staff, other = make_staff("verifier"), make_staff("verifier")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(staff=staff.pk, other=other.pk))


def test_judging_leaves_lines_in_the_log(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    match = actions.say_same(match, version=match.version, by=make_staff("tracer"))
    match = actions.confirm_same(match, version=match.version, by=make_staff("verifier"))
    actions.undo(match, version=match.version, by=make_staff("verifier"))

    assert Event.objects.filter(about=match.reference).count() >= 3


def test_several_relatives_speak_for_one_man(in_process_matcher: Memory) -> None:
    entry = record()
    first = ask()
    second = ask({"surname": "Щербацкий", "given": "Остап", "born": "1990"}, sought=first.sought)

    follow()

    assert PotentialMatch.objects.filter(sought=first.sought_id, entry=entry).count() == 1
    assert match_of(second, entry).enquiry_id == first.pk
