from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from homeward.audit.models import Event
from homeward.contact.actions import (
    NotHerHours,
    forget_wishes,
    link_address,
    ring,
    ring_soon,
    set_wishes,
    unlink_address,
)
from homeward.contact.models import Address, Message, Wishes
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ADA = "1234-5678-4"
MORNING = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def wished(**changes: object) -> Wishes:
    said = {
        "language": "uk",
        "addresses": [("sms", "050 123 45 67"), ("email", "Ada@example.org")],
        "by": None,
    } | changes
    wishes = set_wishes(ADA, **said)  # type: ignore[arg-type]
    assert wishes is not None
    return wishes


def test_the_default_is_no_contact() -> None:
    ring(ADA, because="answer")

    assert Message.objects.count() == 0
    assert not Event.objects.filter(about=ADA).exists()


def test_addresses_stand_in_her_order_and_cannot_be_read_in_the_database() -> None:
    wishes = wished()

    rows = list(wishes.addresses.order_by("place"))
    assert [(row.channel, row.address) for row in rows] == [("sms", "+380501234567"), ("email", "ada@example.org")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, address_index FROM contact_address")
        assert all(b"0501234567" not in bytes(value) and b"ada" not in bytes(value) for row in cursor for value in row)


def test_two_addresses_change_places() -> None:
    wished()
    wishes = wished(addresses=[("email", "ada@example.org"), ("sms", "+380501234567")])

    assert [row.channel for row in wishes.addresses.order_by("place")] == ["email", "sms"]


def test_no_address_means_no_contact() -> None:
    wished()
    ring(ADA, because="answer")

    assert set_wishes(ADA, language="uk", addresses=[], by=make_staff("case_worker")) is None

    assert not Wishes.objects.exists()
    assert not Message.objects.exists()


def test_a_number_nobody_can_have_is_kept_as_wrong() -> None:
    wishes = wished(addresses=[("sms", "12"), ("telegram", "@ada"), ("email", "no mail")])

    assert {row.state for row in wishes.addresses.all()} == {"wrong"}


@pytest.mark.parametrize(
    "changes", [{"from_hour": 20, "to_hour": 9}, {"quiet_days": range(1, 8)}, {"time_zone": "Nowhere/Land"}]
)
def test_hours_that_never_come_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(NotHerHours):
        wished(**changes)


def test_ringing_writes_for_her_next_day_in_her_hours() -> None:
    with clock.freeze(MORNING):
        wished(from_hour=18, to_hour=20, quiet_days=[4])  # 5 March 2026 is a Thursday
        ring(ADA, because="answer")

    message = Message.objects.get()
    local = message.due_at.astimezone(ZoneInfo("Europe/Kyiv"))
    assert local.date().isoformat() == "2026-03-06"
    assert 18 <= local.hour < 20
    assert message.must_arrive


def test_one_message_a_day_whatever_it_rings_for() -> None:
    with clock.freeze(MORNING):
        wished()
        ring(ADA, because="answer")
        ring(ADA, because="question")

    assert Message.objects.count() == 1
    assert Event.objects.filter(about=ADA, deed="contact.rung").count() == 2


def test_ringing_stands_or_falls_with_the_callers_transaction() -> None:
    wished()

    def ring_and_fail() -> None:
        with transaction.atomic():
            ring(ADA, because="answer")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ring_and_fail()

    assert not Message.objects.exists()


def test_on_the_road_it_rings_within_a_quarter_of_an_hour() -> None:
    with clock.freeze(MORNING):
        wished()
        ring_soon(ADA, because="closure")
        ring_soon(ADA, because="closure")

    assert MORNING <= Message.objects.get().due_at < MORNING + timedelta(minutes=15)


def test_a_chat_comes_first_when_she_writes_from_it_and_goes_when_she_says_so() -> None:
    wished()
    link_address(ADA, language="uk", channel="telegram", address="77")
    assert [row.channel for row in Address.objects.order_by("place")] == ["telegram", "sms", "email"]

    unlink_address(ADA, channel="telegram", address="77")

    assert [row.channel for row in Address.objects.order_by("place")] == ["sms", "email"]
    forget_wishes(ADA, by=None)
    assert not Address.objects.exists()


def test_the_audit_says_what_was_done_and_names_no_address() -> None:
    wished()
    ring(ADA, because="answer")

    lines = list(Event.objects.filter(about=ADA).values_list("deed", "detail"))
    assert [deed for deed, _detail in lines] == ["contact.wishes_set", "contact.rung"]
    assert not any("380" in str(detail) or "example" in str(detail) for _deed, detail in lines)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO contact_message (reference, wishes_id, on_day, due_at, must_arrive, state, channel, made_at) "
        "SELECT 'x', wishes_id, on_day, due_at, must_arrive, state, channel, made_at FROM contact_message",
        "UPDATE contact_message SET state = 'told'",
        "UPDATE contact_wishes SET from_hour = 22",
        "UPDATE contact_address SET channel = 'pigeon'",
    ],
)
def test_direct_sql_cannot_break_the_rules(statement: str) -> None:
    wished()
    ring(ADA, because="answer")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_family_process_reads_and_sets_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_ZONE", "family")

    wished(cover_phrase="the library")
    ring(ADA, because="answer")

    assert Wishes.objects.get().cover_phrase == "the library"
    assert Address.objects.order_by("place")[0].address == "+380501234567"
