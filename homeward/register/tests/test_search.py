"""Searching by name: two facts, at most twenty answers, nothing in the address."""

import pytest
from django.urls import reverse

from homeward.audit.models import Event
from homeward.register import queries
from homeward.register.tests.cast import enter
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def search(client, **facts):
    return client.post(reverse("register:list"), facts)


def test_any_spelling_finds_him_and_the_search_is_recorded(client, in_process_matcher):
    ada = make_staff("registrar")
    entry = enter(ada)
    enter(ada, surname="Домислюк", given="Панас", patronymic="", born="1970-01-01", unit="")

    answer = search(sign_in(client, make_staff("tracer")), surname="Vyhadanko", given="Orest", born="1991")

    assert [line.entry for line in answer.context["lines"]][:1] == [entry]
    line = Event.objects.get(deed="register.searched")
    assert set(line.details) == {"shown"}


def test_one_fact_alone_finds_nobody(client, in_process_matcher):
    enter(make_staff("registrar"))

    answer = search(sign_in(client, make_staff("tracer")), surname="Вигаданко")

    assert "at least two facts" in answer.content.decode()
    assert "lines" not in answer.context


def test_a_name_in_an_address_is_not_searched(client, in_process_matcher):
    ada = make_staff("registrar")
    enter(ada)
    sign_in(client, ada)

    answer = client.get(reverse("register:list"), {"surname": "Ніхтонезнає", "given": "Орест"})

    assert answer.context["searched"] is False
    assert not Event.objects.filter(deed="register.searched").exists()


def test_never_more_than_twenty(client, in_process_matcher):
    ada = make_staff("registrar")
    for _ in range(queries.HITS + 5):
        enter(ada)

    answer = search(sign_in(client, ada), surname="Вигаданко", given="Орест")

    assert len(answer.context["lines"]) == queries.HITS
    assert "pager" not in answer.context


def test_without_the_matcher_the_page_says_so(client):
    answer = search(sign_in(client, make_staff("tracer")), surname="Вигаданко", given="Орест")

    assert "matcher is not running" in answer.content.decode()
