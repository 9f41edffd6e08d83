"""Sabotage: whatever is done to single events of a log, the verifier names the place."""

import io
import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from homeward import audit
from homeward.audit import tree, verify
from homeward.audit.actions import checkpoint
from homeward.audit.checkpoints import NoteBroken, public_key, read_note
from homeward.audit.models import Event, Head
from homeward.audit.verify import Ending, Log, Record, newest_note, stored_log, verify_stored
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SIZE = 600


@pytest.fixture
def log(db):
    """600 events of two people, two checkpoints within, one at the end."""
    cleo, dov = make_staff("tracer"), make_staff("registrar")
    # Making an account is recorded too.
    for first in range(Event.objects.count(), SIZE, 100):
        entries = [audit.Entry("a.b", f"{n}", {"n": n}) for n in range(first, min(first + 100, SIZE))]
        audit.record_many(entries, by=(cleo, dov)[first % 2])
    checkpoint()
    assert verify_stored().is_sound
    return Event.objects.count()


COLUMNS = {
    "happened_at": "2020-01-01 00:00:00",
    "actor": "1.00000000000000000000000000000000",
    "roles": "auditor",
    "deed": "a.c",
    "about": "elsewhere",
    "detail": '{"n":-1}',
    "purpose": "none",
}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 2, 255, 256, 257, 400, SIZE])
def test_an_altered_event_is_named(log, tamper, column, number):
    with tamper() as cursor:
        cursor.execute(f"UPDATE audit_event SET {column} = %s WHERE number = %s", [COLUMNS[column], number])

    assert verify_stored().fault_at == number


@pytest.mark.parametrize("number", [1, 2, 255, 256, 257, 400, SIZE])
def test_a_deleted_event_is_named(log, tamper, number):
    with tamper() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE number = %s", [number])

    assert verify_stored().fault_at == number


@pytest.mark.parametrize("number", [1, 255, 256, 400, SIZE - 1])
def test_a_deleted_event_is_named_though_the_rest_moved_up(log, tamper, number):
    with tamper() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE number = %s", [number])
        for later in range(number + 1, SIZE + 1):
            cursor.execute("UPDATE audit_event SET number = %s WHERE number = %s", [later - 1, later])

    assert verify_stored().fault_at == number


@pytest.mark.parametrize("number", [1, 256, 400])
def test_an_event_altered_with_a_fitting_hash_is_named_by_its_seal(log, tamper, number):
    event = Event.objects.get(number=number)
    event.about = "elsewhere"
    with tamper() as cursor:
        cursor.execute(
            "UPDATE audit_event SET about = %s, leaf_hash = %s WHERE number = %s",
            [event.about, tree.leaf_hash(event.leaf()), number],
        )

    verdict = verify_stored()

    assert verdict.fault_at == number
    assert "seal" in verdict.fault


def test_without_the_key_a_fitting_hash_is_still_found_by_the_signed_root(log, tamper):
    event = Event.objects.get(number=300)
    event.about = "elsewhere"
    with tamper() as cursor:
        cursor.execute(
            "UPDATE audit_event SET about = %s, leaf_hash = %s WHERE number = 300",
            [event.about, tree.leaf_hash(event.leaf())],
        )

    verdict = verify.verify(stored_log(), with_keys=False)

    assert not verdict.is_sound
    assert "257 to 512" in verdict.fault


@pytest.mark.parametrize(("one", "other"), [(1, 2), (256, 257), (10, 590)])
def test_two_exchanged_events_are_named(log, tamper, one, other):
    with tamper() as cursor:
        for old, new in ((one, 9999), (other, one), (9999, other)):
            cursor.execute("UPDATE audit_event SET number = %s WHERE number = %s", [new, old])

    assert verify_stored().fault_at == one


@pytest.mark.parametrize("number", [1, 300, SIZE])
def test_an_inserted_event_is_named(log, tamper, number):
    copy = "happened_at, actor, roles, deed, about, detail, purpose, leaf_hash, seal"
    with tamper() as cursor:
        for later in range(SIZE, number - 1, -1):
            cursor.execute("UPDATE audit_event SET number = %s WHERE number = %s", [later + 1, later])
        source = number + 1
        cursor.execute(
            f"INSERT INTO audit_event (number, {copy}) SELECT {number}, {copy} FROM audit_event WHERE number = {source}"
        )

    verdict = verify_stored()

    # A copy of the very event that stood there is that event; what follows it is one too many.
    assert verdict.fault_at == number + 1


@pytest.mark.parametrize("kept", [0, 1, 255, 256, 599])
def test_a_log_cut_short_is_named(log, tamper, kept):
    with tamper() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE number > %s", [kept])

    assert verify_stored().fault_at == kept + 1


def test_a_log_cut_short_with_its_checkpoints_and_head_is_named(log, tamper):
    kept = tree.CompactRange()
    for hashed in Event.objects.filter(number__lte=520).order_by("number").values_list("leaf_hash", flat=True):
        kept.append(bytes(hashed))
    with tamper() as cursor:
        cursor.execute("DELETE FROM audit_event WHERE number > 520")
        cursor.execute("DELETE FROM audit_checkpoint WHERE size > 520")
        cursor.execute("UPDATE audit_head SET size = 520, peaks = %s", [kept.pack()])

    verdict = verify_stored()

    assert verdict.fault_at == 520
    assert "without the key" in verdict.fault


def test_a_log_put_back_to_an_older_state_is_found_by_a_filed_checkpoint(log):
    old = stored_log()
    old.records = list(old.records)
    audit.record("a.b", by=None)
    checkpoint()
    filed = read_note(newest_note())

    # What an older backup put in place of the log would show: it agrees with itself ...
    assert verify.verify(old).is_sound
    # ... but not with the checkpoint that was printed and filed since.
    assert verify.verify(old, filed=[filed]).fault_at == log + 1


def test_a_checkpoint_of_another_key_is_named(log, tamper):
    with tamper() as cursor:
        cursor.execute("UPDATE audit_checkpoint SET signature = %s WHERE size = 256", [bytes(64)])

    assert verify_stored().fault_at == 256


@pytest.mark.parametrize(
    ("size", "places"), [(300, range(299)), (10_000, random.Random(7).sample(range(9_999), 40))], ids=["all", "long"]
)
def test_every_single_event_counts(size, places):
    """In memory: each of the five sabotages, at every place of a log and at chosen places of a long one."""
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    leaves = [verify.leaf_of(n, moment, "", "", "a.b", str(n), "", "") for n in range(1, size + 1)]
    records = [Record(n, leaf, tree.leaf_hash(leaf), b"") for n, leaf in enumerate(leaves, 1)]
    compact = tree.CompactRange()
    for record in records:
        compact.append(record.leaf_hash)
    ending = Ending(compact.size, compact.pack(), b"")

    for place in places:
        before, this, after = records[:place], records[place], records[place + 1 :]
        altered = Record(this.number, this.leaf + b"x", this.leaf_hash, b"")
        sabotages = {
            "delete": ([*before, *after], place + 1),
            "alter": ([*before, altered, *after], place + 1),
            "insert": ([*before, this, this, *after], place + 2),
            "truncate": (before, place + 1),
            "reorder": ([*before, after[0], this, *after[1:]], place + 1),
        }
        for kind, (broken, expected) in sabotages.items():
            assert verify.verify(Log(broken, [], ending, {}), with_keys=False).fault_at == expected, kind


def test_an_export_is_verified_without_the_house(log, tmp_path, monkeypatch):
    path = tmp_path / "log.jsonl"
    call_command("verify_audit", export=path, stdout=io.StringIO())
    key = public_key(1).hex()
    said = io.StringIO()
    monkeypatch.setattr("homeward.audit.verify._own_keys", lambda: (None, None))

    call_command("verify_audit", path, key=key, stdout=said)

    assert f"Sound: {log} events" in said.getvalue()
    assert " 0 events since the last" in said.getvalue()


@pytest.mark.parametrize("place", [1, 300, SIZE])
def test_an_altered_export_is_refused(log, tmp_path, place):
    path = tmp_path / "log.jsonl"
    call_command("verify_audit", export=path, stdout=io.StringIO())
    lines = path.read_text().splitlines()
    line = json.loads(lines[place])
    line["event"][5] = "elsewhere"
    lines[place] = json.dumps(line)
    path.write_text("\n".join(lines) + "\n")
    said = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_audit", path, stdout=said)

    assert f"FAULT at {place}:" in said.getvalue()


def test_an_export_signed_by_another_key_is_refused(log, tmp_path):
    path = tmp_path / "log.jsonl"
    call_command("verify_audit", export=path, stdout=io.StringIO())

    with pytest.raises(SystemExit):
        call_command("verify_audit", path, key="00" * 32, stdout=io.StringIO())


def test_an_empty_log_is_sound(db):
    if not Head.objects.exists():
        assert verify_stored().is_sound


def test_a_note_is_read_as_it_was_written(log):
    note = read_note(newest_note())

    assert note.size == log
    assert note.is_signed_by(public_key(1))
    with pytest.raises(NoteBroken):
        read_note("homeward/audit\nfive\n")


def test_time_does_not_move_the_order(log):
    with clock.freeze(datetime(2020, 1, 1, tzinfo=UTC)):
        audit.record("a.b", by=None)
    with clock.freeze(datetime(2020, 1, 1, tzinfo=UTC) - timedelta(days=2)):
        audit.record("a.b", by=None)

    assert verify_stored().is_sound
