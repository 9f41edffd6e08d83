"""Correcting, sightings, questions, withdrawing."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from homeward.audit.models import Event
from homeward.enquiries import actions, queries
from homeward.enquiries.matchable import every, some
from homeward.enquiries.models import Correction, Question, SoughtPerson, State
from homeward.enquiries.tests.cast import OSTAP, make_enquiry
from homeward.lib.changes.models import Change
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def training(settings):
    settings.TRAINING = True


def test_a_correction_keeps_what_stood_there_and_is_matched_anew() -> None:
    enquiry = make_enquiry()
    changes = Change.objects.count()

    actions.change_facts(enquiry, {**OSTAP, "born": "1991"}, version=0, by=enquiry.filed_by)

    enquiry.refresh_from_db()
    assert enquiry.facts["born"] == "1991"
    assert Correction.objects.get().facts_before["born"] == "1990-05-28"
    assert Change.objects.count() == changes + 1
    assert Event.objects.get(deed="enquiries.corrected").details == {"fields": "born"}


def test_a_fact_the_matcher_does_not_read_starts_no_search() -> None:
    enquiry = make_enquiry()
    changes = Change.objects.count()

    actions.change_facts(enquiry, {**OSTAP, "marks": "a scar"}, version=0, by=enquiry.filed_by)

    assert Change.objects.count() == changes


def test_the_later_of_two_correctors_is_told() -> None:
    enquiry = make_enquiry()
    actions.change_facts(enquiry, {**OSTAP, "born": "1991"}, version=0, by=enquiry.filed_by)

    with pytest.raises(actions.SomebodyWasFaster):
        actions.change_facts(enquiry, {**OSTAP, "born": "1992"}, version=0, by=enquiry.filed_by)


def test_a_withdrawn_enquiry_describes_nobody_any_more() -> None:
    enquiry = make_enquiry()
    assert every(0, 10)[0].persons[0].surname == "Зубрицький"

    actions.withdraw_enquiry(enquiry, version=0, by=enquiry.filed_by)

    assert some([enquiry.reference])[0].persons == ()
    assert every(0, 10) == []
    assert SoughtPerson.objects.get().state == State.WITHDRAWN
    with pytest.raises(actions.NothingSaid):
        actions.withdraw_enquiry(enquiry, version=1, by=enquiry.filed_by)


def test_a_man_whom_another_still_seeks_is_not_withdrawn() -> None:
    first = make_enquiry()
    make_enquiry(sought=first.sought)

    actions.withdraw_enquiry(first, version=0, by=first.filed_by)

    assert SoughtPerson.objects.get().state == State.RECEIVED


def test_a_question_is_open_until_answered_once() -> None:
    tracer, operator = make_staff("tracer"), make_staff("operator")
    question = actions.ask_question(make_enquiry().sought, text="Has he a scar?", by=tracer)
    assert list(queries.open_questions(operator)) == [question]
    assert list(queries.open_questions(make_staff("operator", desk="2"))) == []

    actions.record_answer(question, answer="Over the brow.", by=operator)

    assert Question.objects.get().answer == "Over the brow."
    assert list(queries.open_questions(operator)) == []
    with pytest.raises(actions.AlreadyAnswered):
        actions.record_answer(question, answer="No.", by=operator)


def test_an_answer_without_its_time_is_refused_by_the_database() -> None:
    question = actions.ask_question(make_enquiry().sought, text="?", by=make_staff("tracer"))
    question.answer = "Yes"

    with pytest.raises(IntegrityError), transaction.atomic():
        question.save()


def test_a_sighting_says_something(client: Client) -> None:
    enquiry = make_enquiry()
    with pytest.raises(actions.NothingSaid):
        actions.add_sighting(enquiry, what=" ", by=enquiry.filed_by)
    sign_in(client, enquiry.filed_by)

    client.post(
        f"/enquiries/{enquiry.reference}/sighting", {"what": "Seen alive", "link": "https://example.org/marker-7"}
    )

    page = client.get(enquiry.get_absolute_url()).content.decode()
    assert "Seen alive" in page
    assert "marker-7" not in page, "the link is evidence and is never shown"


def test_the_pages_change_answer_and_withdraw(client: Client) -> None:
    enquiry = make_enquiry()
    question = actions.ask_question(enquiry.sought, text="Has he a scar?", by=make_staff("tracer"))
    sign_in(client, make_staff("operator"))

    assert client.get(f"/enquiries/{enquiry.reference}/change").status_code == 200
    client.post(f"/enquiries/{enquiry.reference}/change", {**OSTAP, "unit": "A1234", "version": "0"})
    assert "Has he a scar?" in client.get("/enquiries/questions").content.decode()
    client.post(f"/enquiries/questions/{question.reference}", {"answer": "Yes"})
    client.post(f"/enquiries/{enquiry.reference}/withdraw", {"version": "1"})

    enquiry.refresh_from_db()
    question.refresh_from_db()
    assert enquiry.facts["unit"] == "A1234"
    assert question.answer == "Yes"
    assert enquiry.withdrawn_at is not None


@pytest.mark.parametrize("what", ["", "/change", "/contacts", "/sighting", "/separate", "/withdraw"])
def test_another_desk_finds_no_such_enquiry(client: Client, what: str) -> None:
    enquiry = make_enquiry()
    sign_in(client, make_staff("case_worker", desk="2"))

    answer = client.get(enquiry.get_absolute_url()) if not what else client.post(enquiry.get_absolute_url() + what)

    assert answer.status_code == 404
