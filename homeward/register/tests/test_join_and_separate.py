"""Two lists, one man: joining and separating again."""

import pytest
from django.urls import reverse

from homeward.audit.models import Event
from homeward.register import actions, queries
from homeward.register.matchable import every, some
from homeward.register.models import Entry, EventKind, State
from homeward.register.tests.cast import enter, happen
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ada():
    return make_staff("registrar", name="Ada")


@pytest.fixture
def pair(ada):
    return enter(ada), enter(ada, surname="Vyhadanko", given="Orest", patronymic="")


def join(pair, ada):
    kept, other = pair
    actions.join_entries(kept, other, version=kept.version, by=ada)
    kept.refresh_from_db()
    other.refresh_from_db()


def test_both_spellings_are_matched_under_one_entry(pair, ada):
    join(pair, ada)

    kept, other = pair
    items = {item.reference: item for item in some([kept.reference, other.reference])}
    assert {person.surname for person in items[kept.reference].persons} == {"Вигаданко", "Vyhadanko"}
    assert items[other.reference].persons == ()
    assert [item.reference for item in every(0, 10)] == [kept.reference]
    assert len(queries.names_by_source(queries.card_of(kept))) == 2
    assert Event.objects.filter(deed="register.joined").count() == 2


def test_what_happened_to_either_leads_to_the_state_of_both(pair, ada):
    kept, other = pair
    happen(other, EventKind.REPATRIATED, "2026-06-01", ada)

    join(pair, ada)

    assert kept.state == State.REPATRIATED


def test_separated_they_are_as_they_were(pair, ada):
    kept, other = pair
    happen(other, EventKind.DIED, "2026-06-01", ada)
    join(pair, ada)

    actions.separate_entry(other, by=ada)

    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.state, other.state, other.joined_into) == (State.IN_CUSTODY, State.DECEASED, None)
    assert [len(item.persons) for item in some([kept.reference, other.reference])] == [1, 1]
    with pytest.raises(actions.NotJoinable):
        actions.separate_entry(other, by=ada)


def test_an_entry_that_does_not_stand_by_itself_is_not_joined(pair, ada):
    kept, other = pair
    third = enter(ada, surname="Домислюк")
    join(pair, ada)

    for left, right in ((kept, kept), (third, other), (other, third)):
        with pytest.raises(actions.NotJoinable):
            actions.join_entries(left, right, version=left.version, by=ada)


def test_who_was_joined_before_moves_along(pair, ada):
    kept, other = pair
    third = enter(ada, surname="Vigadanko")
    actions.join_entries(other, third, version=other.version, by=ada)
    other.refresh_from_db()

    join((kept, other), ada)

    third.refresh_from_db()
    assert third.joined_into == kept


def test_joining_and_separating_on_the_page(client, pair, ada):
    kept, other = pair
    sign_in(client, ada)

    bad = client.post(reverse("register:join", args=[kept.reference]), {"version": 0, "other": "12"}, follow=True)
    assert "no entry with this number" in bad.content.decode()
    spoken = other.reference.replace("-", " ")
    client.post(reverse("register:join", args=[kept.reference]), {"version": kept.version, "other": spoken})
    other.refresh_from_db()
    assert other.joined_into == kept
    assert kept.reference in client.get(other.get_absolute_url()).content.decode()
    client.post(reverse("register:separate", args=[other.reference]))

    assert Entry.objects.get(pk=other.pk).joined_into is None


def test_readers_join_nothing(client, pair):
    kept, other = pair
    sign_in(client, make_staff("verifier"))

    answer = client.post(reverse("register:join", args=[kept.reference]), {"version": 0, "other": other.reference})

    assert answer.status_code == 403
