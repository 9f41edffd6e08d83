"""What is changed on a joined entry shows on the entry it stands under."""

import pytest
from django.urls import reverse

from homeward.lib.changes.models import Change
from homeward.register import actions
from homeward.register.models import Entry, EventKind, State
from homeward.register.tests.cast import FIRST, enter, happen, take_in
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_cancelling_the_joined_mans_event_on_the_page_of_the_whole_changes_its_state(client):
    ada = make_staff("registrar")
    kept, other = enter(ada), enter(ada, surname="Vyhadanko")
    happen(other, EventKind.DIED, "2026-06-01", ada)
    actions.join_entries(kept, other, version=kept.version, by=ada)
    kept.refresh_from_db()
    assert kept.state == State.DECEASED
    death = other.events.latest("pk")

    sign_in(client, ada).post(reverse("register:cancel_event", args=[kept.reference, death.reference]))

    kept.refresh_from_db()
    assert kept.state == State.IN_CUSTODY


def test_a_later_list_about_the_joined_entry_reaches_the_whole():
    ada = make_staff("registrar")
    take_in(FIRST, ada)
    other = Entry.objects.order_by("pk").first()
    kept = enter(ada)
    actions.join_entries(kept, other, version=kept.version, by=ada)
    before = Change.objects.order_by("-number").first().number

    take_in(FIRST.replace("полон,01.03.2026", "втік,04.05.2026"), ada)

    kept.refresh_from_db()
    assert kept.state == State.ESCAPED
    assert kept.reference in Change.objects.filter(number__gt=before).values_list("reference", flat=True)
