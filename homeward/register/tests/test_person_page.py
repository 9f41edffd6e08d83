"""The page of one person."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from homeward.audit.models import Event
from homeward.register import actions
from homeward.register.models import Entry, EventKind
from homeward.register.tests.cast import FIRST, enter, happen, take_in
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_page_tells_everything_with_its_source_and_reading_is_recorded(client):
    take_in(FIRST)
    entry = Entry.objects.order_by("pk").first()
    sign_in(client, make_staff("tracer"))

    page = client.get(entry.get_absolute_url()).content.decode()

    for words in ("Вигаданко Орест Лук&#x27;янович", "Camp North", "row 2", "1991-04-07", "taken prisoner"):
        assert words in page
    assert Event.objects.get(deed="register.read").about == entry.reference


def test_a_reader_is_offered_no_changes(client):
    entry = enter(make_staff("registrar"))

    page = sign_in(client, make_staff("tracer")).get(entry.get_absolute_url()).content.decode()

    for action in ("correct", "event", "settle", "join"):
        assert (
            reverse(f"register:{action}", args=[entry.reference, *(["rank"] if action == "correct" else [])])
            not in page
        )


def test_a_long_history_costs_no_more_queries(client):
    ada = make_staff("registrar")
    entry = enter(ada)
    for value in ("солдат", "сержант", "старшина"):
        entry = actions.correct_field(entry, code="rank", value=value, version=entry.version, by=ada)
    for day in ("2026-01-01", "2026-02-01", "2026-03-01"):
        happen(entry, EventKind.MOVED, day, ada)
    sign_in(client, make_staff("tracer"))

    with CaptureQueriesContext(connection) as asked:
        client.get(entry.get_absolute_url())

    # Savepoints exist in tests only: outside them the transaction is the view's own.
    sent = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(sent) <= 12


def test_a_reference_that_does_not_exist_is_not_found(client):
    sign_in(client, make_staff("registrar"))

    assert client.get(reverse("register:person", args=["0000-0000-0000-1"])).status_code == 404


@pytest.mark.parametrize("role", ["operator", "auditor", "administrator"])
def test_others_do_not_open_it(client, role):
    entry = enter(make_staff("registrar"))

    assert sign_in(client, make_staff(role)).get(entry.get_absolute_url()).status_code == 403


def test_a_possible_duplicate_is_shown_to_registrars(client, in_process_matcher):
    ada = make_staff("registrar")
    enter(ada)
    entry = enter(ada, surname="Vyhadanko", given="Orest", patronymic="Lukianovych")
    for number in range(60):  # enough others that the name is rare
        enter(ada, surname=f"Інший{number}", given="Панас", patronymic="", born="1980", unit="", birthplace="")

    sign_in(client, ada)
    address = reverse("register:similar", args=[entry.reference])
    assert f'hx-get="{address}"' in client.get(entry.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()

    assert "The same man: join" in page


def test_where_he_is_held_and_whom_he_wants_told_is_for_the_registrar(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    said = {"surname": "Мельник", "given": "Остап", "camp": "Camp Nowhere", "health": "wounded", "informed_name": "Ada"}
    entry = actions.enter_capture_card(said, by=make_staff("registrar"))

    kept = sign_in(Client(), make_staff("registrar")).get(entry.get_absolute_url()).content.decode()
    read = sign_in(Client(), make_staff("tracer")).get(entry.get_absolute_url()).content.decode()

    for text in ("Camp Nowhere", "wounded", "Ada"):
        assert text in kept
        assert text not in read
    assert sign_in(Client(), make_staff("tracer")).get(f"{entry.get_absolute_url()}/card.pdf").status_code == 403
