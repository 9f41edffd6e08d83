"""Joining and separating sought persons: a person's act, undone exactly."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from homeward.audit.models import Event
from homeward.enquiries import actions, queries
from homeward.enquiries.models import Enquiry, Joining, Question, SoughtPerson, State
from homeward.enquiries.tests.cast import make_enquiry
from homeward.lib.changes.models import Change
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def training(settings):
    settings.TRAINING = True


def everything() -> list[Any]:
    """Who hangs where, who was asked about whom, and every state."""
    return [
        sorted(Enquiry.objects.values_list("pk", "sought_id")),
        sorted(Question.objects.values_list("pk", "sought_id")),
        sorted(SoughtPerson.objects.values_list("pk", "state")),
    ]


@pytest.fixture
def cleo():
    return make_staff("tracer")


def test_undoing_a_joining_restores_everything(cleo) -> None:
    kept, left = make_enquiry().sought, make_enquiry().sought
    make_enquiry(sought=left)
    actions.ask_question(left, text="Has he a scar?", by=cleo)
    actions.set_states([left.pk], State.POTENTIAL_MATCH)
    before = everything()

    joining = actions.join_sought_persons(kept, left, by=cleo)

    assert kept.enquiries.count() == 3
    assert kept.questions.count() == 1, "a question goes along, or nobody would ask it"
    actions.undo_joining(joining, by=cleo)
    assert everything() == before


def test_an_enquiry_filed_after_the_joining_stays(cleo) -> None:
    kept, left = make_enquiry().sought, make_enquiry().sought
    joining = actions.join_sought_persons(kept, left, by=cleo)
    later = make_enquiry(sought=kept)

    actions.undo_joining(joining, by=cleo)

    later.refresh_from_db()
    assert later.sought == kept
    assert left.enquiries.count() == 1


def test_separating_and_taking_it_back(cleo) -> None:
    first = make_enquiry()
    second = make_enquiry(sought=first.sought)
    before = everything()

    apart = actions.separate_enquiry(second, by=cleo)

    second.refresh_from_db()
    assert second.sought == apart
    assert list(queries.joinings_of(first.sought)) == list(queries.joinings_of(apart))
    actions.undo_joining(Joining.objects.get(), by=cleo)
    assert everything()[0] == before[0]


def test_a_joining_is_not_undone_over_a_later_one(cleo) -> None:
    a, b, c = (make_enquiry().sought for _ in range(3))
    first = actions.join_sought_persons(b, a, by=cleo)
    second = actions.join_sought_persons(c, b, by=cleo)

    with pytest.raises(actions.NotJoinable):
        actions.undo_joining(first, by=cleo)
    actions.undo_joining(second, by=cleo)
    actions.undo_joining(first, by=cleo)

    assert [each.enquiries.count() for each in (a, b, c)] == [1, 1, 1]


def test_what_cannot_be_joined(cleo) -> None:
    here, there = make_enquiry().sought, make_enquiry(make_staff("operator", desk="2")).sought
    judged = make_enquiry().sought
    actions.set_states([judged.pk], State.FATE_ESTABLISHED)
    empty = SoughtPerson.objects.create()

    for kept, left in ((here, here), (here, there), (here, judged), (here, empty)):
        with pytest.raises(actions.NotJoinable):
            actions.join_sought_persons(kept, left, by=cleo)
    with pytest.raises(actions.NotJoinable):
        actions.separate_enquiry(here.enquiries.get(), by=cleo)


def test_undoing_twice_is_refused(cleo) -> None:
    joining = actions.join_sought_persons(make_enquiry().sought, make_enquiry().sought, by=cleo)
    actions.undo_joining(joining, by=cleo)

    with pytest.raises(actions.NotJoinable):
        actions.undo_joining(joining, by=cleo)


def test_each_is_recorded_and_matched_anew(cleo) -> None:
    kept, left = make_enquiry().sought, make_enquiry().sought
    changes = Change.objects.count()

    actions.undo_joining(actions.join_sought_persons(kept, left, by=cleo), by=cleo)

    assert Change.objects.count() >= changes + 4
    for deed in ("enquiries.joined", "enquiries.joining_undone"):
        assert set(Event.objects.filter(deed=deed).values_list("about", flat=True)) == {kept.reference, left.reference}


@pytest.mark.parametrize("wrong", ["left_id = kept_id", "undone_at = joined_at"])
def test_the_database_refuses(wrong: str, cleo) -> None:
    actions.join_sought_persons(make_enquiry().sought, make_enquiry().sought, by=cleo)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE enquiries_joining SET {wrong}")


def test_the_pages_join_undo_and_separate(client: Client, cleo) -> None:
    kept, left = make_enquiry().sought, make_enquiry().sought
    sign_in(client, cleo)

    client.post(f"/enquiries/sought/{kept.reference}/join", {"other": left.reference.replace("-", " ")})
    assert kept.enquiries.count() == 2
    assert client.get(left.get_absolute_url()).status_code == 200
    client.post(f"/enquiries/joinings/{Joining.objects.get().reference}/undo")
    assert kept.enquiries.count() == 1
    assert client.get(f"/enquiries/sought/{kept.reference}/join").status_code == 405


def test_an_operator_does_not_join(client: Client) -> None:
    kept, left = make_enquiry().sought, make_enquiry().sought
    sign_in(client, make_staff("operator"))

    answer = client.post(f"/enquiries/sought/{kept.reference}/join", {"other": left.reference})

    assert answer.status_code == 403


def test_another_desk_finds_nothing_to_join(client: Client) -> None:
    kept = make_enquiry().sought
    sign_in(client, make_staff("tracer", desk="2"))

    assert client.post(f"/enquiries/sought/{kept.reference}/join", {"other": "1"}).status_code == 404
