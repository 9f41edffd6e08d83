"""Entering a capture card."""

import pytest
from django.urls import reverse

from homeward.audit.models import Event
from homeward.lib.changes.models import Change
from homeward.register import actions, queries
from homeward.register.models import Entry, State
from homeward.register.particulars import DECLINED, UNKNOWN
from homeward.register.tests.cast import OREST, enter
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_card_makes_an_entry_that_the_matcher_hears_of():
    ada = make_staff("registrar")

    entry = enter(ada)

    assert entry.state == State.IN_CUSTODY
    assert queries.card_of(entry).particulars == OREST
    assert Change.objects.filter(side="register", reference=entry.reference).exists()
    assert Event.objects.filter(deed="register.entered", about=entry.reference).count() == 1


def test_a_card_without_any_name_is_refused_and_leaves_nothing():
    with pytest.raises(actions.NothingSaid):
        actions.enter_capture_card({"born": "1991"}, by=make_staff("registrar"))

    assert not Entry.objects.exists()
    assert not Event.objects.filter(deed="register.entered").exists()


def test_what_he_declined_and_what_is_unknown_stay_apart(client):
    sign_in(client, make_staff("registrar"))
    typed = {"surname": "Вигаданко", "given": "Орест", "born_how": "declined", "birthplace_how": "unknown"}

    answer = client.post(reverse("register:new"), typed, follow=True)

    card = queries.card_of(Entry.objects.get()).particulars
    assert (card["born"], card["birthplace"]) == (DECLINED, UNKNOWN)
    assert "unit" not in card
    page = answer.content.decode()
    assert "declined to state" in page
    assert "nothing said" in page


def test_a_wrong_card_keeps_everything_that_was_typed(client):
    sign_in(client, make_staff("registrar"))
    typed = {"birthplace": "Тихоріг", "marks": "шрам на лівій руці", "sex_how": "declined"}

    page = client.post(reverse("register:new"), typed).content.decode()

    assert "A card needs a name" in page
    assert "Тихоріг" in page
    assert "шрам на лівій руці" in page
    assert '<option value="declined" selected>' in page
    assert not Entry.objects.exists()


def test_a_value_that_is_also_declined_is_not_taken(client):
    sign_in(client, make_staff("registrar"))

    page = client.post(reverse("register:new"), {"surname": "Вигаданко", "rank": "солдат", "rank_how": "declined"})

    assert "not both" in page.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", ["tracer", "operator", "auditor", "administrator"])
def test_only_registrars_enter_cards(client, role):
    assert sign_in(client, make_staff(role)).get(reverse("register:new")).status_code == 403


def test_a_stranger_is_led_to_the_sign_in(client):
    assert client.get(reverse("register:new")).status_code == 302
