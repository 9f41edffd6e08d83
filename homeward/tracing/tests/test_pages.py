import pytest
from django.test import Client

from homeward.audit.models import Event
from homeward.matching import client as matcher
from homeward.matching.memory import Memory
from homeward.testing import make_staff, sign_in
from homeward.tracing.models import EntryQuestion, MatchState
from homeward.tracing.tests.cast import a_pair

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _training(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]


def test_the_worklist_shows_what_waits_and_hides_it_from_another_desk(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)

    own = sign_in(Client(), make_staff("tracer")).get("/tracing/")
    other = sign_in(Client(), make_staff("tracer", desk="2")).get("/tracing/")

    assert match.get_absolute_url() in own.content.decode()
    assert match.get_absolute_url() not in other.content.decode()


def test_the_comparison_shows_both_sides_bits_and_words(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)

    page = sign_in(Client(), make_staff("tracer")).get(match.get_absolute_url()).content.decode()

    for words in ("Szczerbacki", "Щербацький", "Surname", "+", "The same day."):
        assert words in page
    assert Event.objects.filter(deed="tracing.compared", about=match.reference).count() == 1


def test_the_comparison_stands_without_the_matcher(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    matcher.in_process = None

    answer = sign_in(Client(), make_staff("tracer")).get(match.get_absolute_url())

    assert answer.status_code == 200
    assert "The matcher does not answer just now" in answer.content.decode()


def test_strangers_to_the_desk_find_nothing(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)

    assert sign_in(Client(), make_staff("tracer", desk="2")).get(match.get_absolute_url()).status_code == 404
    assert sign_in(Client(), make_staff("operator")).get(match.get_absolute_url()).status_code == 403


def test_two_people_confirm_through_the_pages(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    url = f"{match.get_absolute_url()}/same"

    sign_in(Client(), make_staff("tracer")).post(url, {"version": match.version, "note": "scar"})
    match.refresh_from_db()
    answer = sign_in(Client(), make_staff("verifier")).post(url, {"version": match.version})

    match.refresh_from_db()
    assert answer.status_code == 302
    assert match.state == MatchState.CONFIRMED


def test_a_question_to_the_registrar_is_answered_through_the_pages(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)
    sign_in(Client(), make_staff("tracer")).post(
        f"{match.get_absolute_url()}/unsure", {"version": match.version, "ask_registrar": "Is it 45216?"}
    )
    question = EntryQuestion.objects.get()
    registrar = sign_in(Client(), make_staff("registrar"))

    listed = registrar.get("/tracing/questions").content.decode()
    registrar.post(f"/tracing/questions/{question.reference}", {"answer": "It is."})

    assert "Is it 45216?" in listed
    question.refresh_from_db()
    assert question.answer == "It is."


def test_unsure_without_a_question_keeps_what_was_typed(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)

    answer = sign_in(Client(), make_staff("tracer")).post(
        f"{match.get_absolute_url()}/unsure", {"version": match.version, "note": "n"}
    )

    assert answer.status_code == 200
    assert "Write the question" in answer.content.decode()


def test_candidates_appear_while_an_enquiry_is_typed_for_tracing_staff_only(in_process_matcher: Memory) -> None:
    a_pair(in_process_matcher)
    typed = {"surname": "Щербацкий", "given": "Остап", "born": "1990"}

    seen = sign_in(Client(), make_staff("case_worker")).post("/tracing/candidates-now", typed)
    refused = sign_in(Client(), make_staff("operator")).post("/tracing/candidates-now", typed)

    assert "Щербацький" in seen.content.decode()
    assert refused.status_code == 403
