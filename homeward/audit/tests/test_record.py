"""Writing to the log."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from homeward import audit
from homeward.audit.actions import NotACode, checkpoint, checkpoint_is_due, pseudonym
from homeward.audit.models import Checkpoint, Event, Head
from homeward.audit.queries import history_of
from homeward.audit.verify import newest_note, verify_stored
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def last():
    return Event.objects.order_by("-number").first()


def test_an_event_carries_a_pseudonym_and_codes_only():
    cleo = make_staff("tracer", name="Cleo Lindqvist")

    audit.record("tracing.judged", by=cleo, about="1234-5678-4", detail={"bits": 12, "verdict": "same"}, purpose="case")

    event = last()
    assert event.actor == pseudonym(cleo.reference)
    assert cleo.reference not in event.actor
    assert event.roles == "tracer"
    assert event.details == {"bits": 12, "verdict": "same"}
    assert b"Cleo" not in event.leaf()


def test_numbers_have_no_gap_even_after_a_rollback():
    audit.record("a.b", by=None)
    first = last().number
    with transaction.atomic():
        audit.record("a.b", by=None)
        transaction.set_rollback(True)
    audit.record("a.b", by=None)

    assert last().number == first + 1
    assert verify_stored().is_sound


@pytest.mark.parametrize(
    "wrong",
    [
        {"deed": "two words"},
        {"deed": "a.b", "about": "Зубрицький"},
        {"deed": "a.b", "purpose": "the mother called again"},
        {"deed": "a.b", "detail": {"note": "he is held in the north"}},
        {"deed": "a.b", "detail": {"name": "Остап"}},
        {"deed": "a.b", "detail": {"weight": 1.5}},
        {"deed": "x" * 61},
    ],
)
def test_names_and_sentences_cannot_be_written(wrong):
    deed = wrong.pop("deed")

    with pytest.raises(NotACode), transaction.atomic():
        audit.record(deed, by=None, **wrong)

    assert not Event.objects.filter(deed=deed).exists()


def test_many_events_are_written_with_their_checkpoints():
    before = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0

    audit.record_many([audit.Entry("register.entered", f"{n:04}-0000-0000-0") for n in range(600)], by=None)

    assert Event.objects.count() == before + 600
    assert Checkpoint.objects.count() >= 2
    verdict = verify_stored()
    assert verdict.is_sound
    assert verdict.size == before + 600
    assert verdict.sealed


def test_a_checkpoint_comes_five_minutes_after_the_last():
    start = datetime(2026, 11, 23, 10, tzinfo=UTC)
    with clock.freeze(start):
        audit.record("a.b", by=None)
        assert not checkpoint_is_due()
        assert not checkpoint(only_when_due=True)
    with clock.freeze(start + timedelta(minutes=5)):
        assert checkpoint_is_due()
        assert checkpoint(only_when_due=True)
        assert not checkpoint(only_when_due=True)
        assert not checkpoint()
    assert f"\n{last().number}\n" in newest_note()


def test_the_history_of_a_thing_says_who_did_what():
    cleo = make_staff("tracer", name="Cleo Lindqvist")
    audit.record("decisions.proposed", by=cleo, about="1234-5678-4")
    audit.record("decisions.expired", by=None, about="1234-5678-4")
    audit.record("decisions.proposed", by=cleo, about="9999-9999-4")

    lines = history_of("1234-5678-4")

    assert [(line.who, line.what) for line in lines] == [
        ("", "the proposal expired"),
        ("Cleo Lindqvist", "proposed"),
    ]


STATEMENTS = [
    "UPDATE audit_event SET deed = 'x' WHERE number = 2",
    "DELETE FROM audit_event WHERE number = 2",
    "DELETE FROM audit_event",
    "UPDATE audit_checkpoint SET size = 9999",
    "DELETE FROM audit_checkpoint",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET size = 0",
    "INSERT INTO audit_event SELECT number + 1000000, happened_at, actor, roles, deed, about, detail, purpose,"
    " leaf_hash, seal FROM audit_event WHERE number = 2",
    "INSERT INTO audit_event SELECT number, happened_at, actor, roles, deed, about, detail, purpose,"
    " leaf_hash, seal FROM audit_event WHERE number = 2",
]
ON_SQLITE = [
    "REPLACE INTO audit_event SELECT * FROM audit_event WHERE number = 2",
    "REPLACE INTO audit_head SELECT id, 0, peaks, seal, checkpoint_size, checkpoint_at FROM audit_head",
    "REPLACE INTO audit_checkpoint SELECT * FROM audit_checkpoint",
    "UPDATE OR REPLACE audit_event SET number = 3 WHERE number = 2",
]
ON_POSTGRESQL = ["TRUNCATE audit_event", "TRUNCATE audit_checkpoint", "TRUNCATE audit_head CASCADE"]


@pytest.mark.parametrize("statement", STATEMENTS + ON_SQLITE + ON_POSTGRESQL)
def test_the_database_refuses_to_change_the_log(statement):
    if statement in (ON_SQLITE if connection.vendor != "sqlite" else ON_POSTGRESQL):
        pytest.skip("not a statement of this database")
    for _ in range(5):
        audit.record("a.b", by=None)
    checkpoint()
    before = list(Event.objects.values_list("number", "deed"))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert list(Event.objects.values_list("number", "deed")) == before
    assert verify_stored().is_sound
