"""The list of entries, its filters and the search."""

import pytest
from django.urls import reverse

from homeward.audit.models import Event
from homeward.register import queries
from homeward.register.models import Entry, EventKind
from homeward.register.tests.cast import enter, happen
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ada():
    return make_staff("registrar", name="Ada")


def test_the_newest_come_first_and_older_ones_by_key(client, ada, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    entries = [enter(ada, surname=f"Вигаданко{letter}") for letter in "АБВГД"]
    sign_in(client, ada)

    first = client.get(reverse("register:list"))
    second = client.get(reverse("register:list") + first.context["pager"]["older"])

    assert [line.entry for line in first.context["lines"]] == entries[:1:-1]
    assert [line.entry for line in second.context["lines"]] == entries[1::-1]
    assert second.context["pager"]["older"] == ""


def test_a_page_costs_few_queries_however_many_it_shows(client, ada, django_assert_max_num_queries):
    for _ in range(30):
        enter(ada)
    sign_in(client, ada)

    with django_assert_max_num_queries(12):
        client.get(reverse("register:list"))


def test_by_state_and_by_doubt(client, ada):
    dead, doubtful = enter(ada, surname="Домислюк"), enter(ada, surname="Сумнівний")
    happen(dead, EventKind.DIED, "2026", ada)
    Entry.objects.filter(pk=doubtful.pk).update(is_doubtful=True)
    sign_in(client, ada)

    by_state = client.get(reverse("register:list"), {"state": "deceased"})
    by_doubt = client.get(reverse("register:doubtful"))

    assert [line.entry for line in by_state.context["lines"]] == [dead]
    assert [line.entry for line in by_doubt.context["lines"]] == [doubtful]
    assert client.get(reverse("register:list"), {"state": "'; --", "before": "x"}).status_code == 200


def test_doubtful_rows_are_settled_by_a_look(client, ada):
    entry = enter(ada)
    Entry.objects.filter(pk=entry.pk).update(is_doubtful=True)
    sign_in(client, ada)

    client.post(reverse("register:settle", args=[entry.reference]), {"version": entry.version})

    entry.refresh_from_db()
    assert entry.is_doubtful is False
    assert Event.objects.filter(deed="register.doubt_settled", about=entry.reference).exists()


def test_withdrawn_entries_are_not_listed(client, ada):
    entry = enter(ada)
    Entry.objects.filter(pk=entry.pk).update(withdrawn_at=entry.made_at)

    assert sign_in(client, ada).get(reverse("register:list")).context["lines"] == []


@pytest.mark.parametrize("role", ["operator", "partner_clerk", "auditor", "administrator"])
def test_who_has_no_business_in_the_register_sees_none_of_it(client, role):
    sign_in(client, make_staff(role))

    assert client.get(reverse("register:list")).status_code == 403
    assert client.get(reverse("register:doubtful")).status_code == 403
