"""Recording and cancelling what happened; the state follows."""

import pytest
from django.urls import reverse

from homeward.audit.models import Event
from homeward.register import actions
from homeward.register.models import EventKind, State, StatusEvent
from homeward.register.states import derived
from homeward.register.tests.cast import enter, happen
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], State.IN_CUSTODY),
        ([("captured", "2026-03-01"), ("hospital", "2026-03-04")], State.IN_HOSPITAL),
        ([("hospital", "2026-03-04"), ("captured", "2026-03-01")], State.IN_HOSPITAL),
        ([("hospital", "2026-03-04"), ("returned", "2026-04")], State.IN_CUSTODY),
        ([("returned", "2026-04-02"), ("moved", "2026-04")], State.TRANSFERRED),
        ([("released", "2026-05-01"), ("captured", "")], State.IN_CUSTODY),
        ([("died", "2026-03"), ("moved", "2026-04-01")], State.DECEASED),
    ],
)
def test_the_state_follows_from_the_days_and_death_is_the_end(events, state):
    assert derived(events) == state


def test_an_event_changes_the_state_and_is_in_the_audit():
    ada = make_staff("registrar")
    entry = enter(ada)

    happen(entry, EventKind.HOSPITAL, "2026-03-04", ada, place="Hill Hospital", note="by road")

    entry.refresh_from_db()
    event = entry.events.latest("pk")
    assert (entry.state, event.place, event.note) == (State.IN_HOSPITAL, "Hill Hospital", "by road")
    assert Event.objects.get(deed="register.event_recorded").details == {"kind": "hospital"}


def test_a_cancelled_event_stays_in_sight_and_the_state_goes_back():
    ada = make_staff("registrar")
    entry = enter(ada)
    happen(entry, EventKind.DIED, "2026-03-04", ada)
    entry.refresh_from_db()

    actions.cancel_event(entry.events.latest("pk"), version=entry.version, by=ada)

    entry.refresh_from_db()
    event = entry.events.latest("pk")
    assert (entry.state, event.cancelled_by, StatusEvent.objects.count()) == (State.IN_CUSTODY, ada, 2)
    with pytest.raises(actions.NothingSaid):
        actions.cancel_event(event, version=entry.version, by=ada)


def test_an_event_on_an_entry_somebody_changed_meanwhile_is_refused():
    ada = make_staff("registrar")
    entry = enter(ada)
    happen(entry, EventKind.MOVED, "2026-03-04", ada)

    with pytest.raises(actions.SomebodyWasFaster):
        actions.record_event(entry, kind=EventKind.DIED, version=0, by=ada)


@pytest.mark.parametrize(
    ("typed", "kept"), [("14.03.2026", "2026-03-14"), ("2026-03", "2026-03"), ("2026", "2026"), ("", "")]
)
def test_a_day_may_be_known_in_part(client, typed, kept):
    sign_in(client, make_staff("registrar"))
    entry = enter(make_staff("registrar"))

    client.post(
        reverse("register:event", args=[entry.reference]),
        {"version": 0, "kind": "moved", "happened_on": typed, "place": "Camp South"},
    )

    event = entry.events.latest("pk")
    assert (event.kind, event.happened_on, event.place) == ("moved", kept, "Camp South")


def test_what_is_no_date_is_said_and_nothing_is_recorded(client):
    sign_in(client, make_staff("registrar"))
    entry = enter(make_staff("registrar"))

    page = client.post(
        reverse("register:event", args=[entry.reference]),
        {"version": 0, "kind": "moved", "happened_on": "soon"},
        follow=True,
    )

    assert "This is not a date" in page.content.decode()
    assert entry.events.count() == 1


def test_cancelling_through_the_page_needs_the_right_entry_and_the_right(client):
    ada = make_staff("registrar")
    entry, other = enter(ada), enter(ada, surname="Домислюк")
    event = entry.events.get()
    wrong = reverse("register:cancel_event", args=[other.reference, event.reference])
    right = reverse("register:cancel_event", args=[entry.reference, event.reference])

    assert sign_in(client, make_staff("tracer")).post(right).status_code == 403
    sign_in(client, ada)
    assert client.post(wrong).status_code == 404
    assert client.get(right).status_code == 405
    client.post(right)

    event.refresh_from_db()
    assert event.cancelled_by == ada
