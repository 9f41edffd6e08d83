"""The two-person rule by direct SQL: what no code path, forgotten or hostile, gets past the database."""

import os
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from homeward.decisions import actions
from homeward.decisions.models import Proposal
from homeward.decisions.triggers import require_approval
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = [pytest.mark.both_databases]

WHAT = {"answer": "in_captivity"}


@pytest.fixture
def people(db):
    return make_staff("case_worker"), make_staff("approver"), make_staff("verifier")


def refused_by_the_database(statement, values=()):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def run(statement, values=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def columns_of(proposal, **changes):
    """An INSERT of a copy of the row with changes."""
    names = [field.column for field in Proposal._meta.fields if field.column != "id"]
    chosen = [f"%({name})s" if name in changes else name for name in names]
    statement = (
        f"INSERT INTO decisions_proposal ({', '.join(names)}) "
        f"SELECT {', '.join(chosen)} FROM decisions_proposal WHERE id = {proposal.pk}"
    )
    return statement, changes


def test_the_proposer_cannot_be_the_approver(people):
    eli, _cleo, _dov = people
    proposal = actions.propose("k", "s", WHAT, eli)

    refused_by_the_database(
        "UPDATE decisions_proposal SET approved_by_id = %s, approved_at = %s WHERE id = %s",
        [eli.pk, clock.now(), proposal.pk],
    )
    refused_by_the_database(
        "UPDATE decisions_proposal SET refused_by_id = %s, refused_at = %s, refusal_reason = 'other' WHERE id = %s",
        [eli.pk, clock.now(), proposal.pk],
    )


def test_a_proposal_cannot_be_inserted_already_approved(people):
    eli, cleo, _dov = people
    proposal = actions.propose("k", "s", WHAT, eli)
    statement, values = columns_of(
        proposal, reference="1", subject="t", approved_by_id=cleo.pk, approved_at=clock.now()
    )

    refused_by_the_database(statement, values)
    # The same row undecided may be inserted: it is the approval that is refused.
    statement, values = columns_of(proposal, reference="1", subject="t")
    run(statement, values)


CONTENT = {
    "kind": "'other'",
    "subject": "'other'",
    "payload_hash": "'1.00'",
    "case_version": "7",
    "reference": "'1'",
    "proposed_by_id": "(SELECT MAX(id) FROM access_staff)",
    "proposed_at": "expires_at",
    "expires_at": "NULL",
}


@pytest.mark.parametrize("column", CONTENT)
@pytest.mark.parametrize("approved", [False, True])
def test_what_was_proposed_cannot_be_changed(people, column, approved):
    eli, cleo, _dov = people
    proposal = actions.propose("k", "s", WHAT, eli)
    if approved:
        actions.approve(proposal, proposal.payload_hash, by=cleo)

    refused_by_the_database(f"UPDATE decisions_proposal SET {column} = {CONTENT[column]} WHERE id = {proposal.pk}")


def test_an_approval_cannot_be_given_twice_moved_or_taken_away(people):
    eli, cleo, dov = people
    proposal = actions.propose("k", "s", WHAT, eli)
    actions.approve(proposal, proposal.payload_hash, by=cleo)

    refused_by_the_database(f"UPDATE decisions_proposal SET approved_by_id = {dov.pk} WHERE id = {proposal.pk}")
    refused_by_the_database(
        f"UPDATE decisions_proposal SET approved_by_id = NULL, approved_at = NULL WHERE id = {proposal.pk}"
    )


def test_an_expired_proposal_cannot_be_approved(people):
    eli, cleo, _dov = people
    proposal = actions.propose("k", "s", WHAT, eli)

    refused_by_the_database(
        "UPDATE decisions_proposal SET approved_by_id = %s, approved_at = %s WHERE id = %s",
        [cleo.pk, clock.now() + timedelta(hours=25), proposal.pk],
    )


@pytest.mark.parametrize("end", ["refuse", "void"])
def test_a_closed_proposal_cannot_be_approved_or_opened(people, end):
    eli, cleo, dov = people
    proposal = actions.propose("k", "s", WHAT, eli)
    if end == "refuse":
        actions.refuse(proposal, by=cleo, reason="other")
    else:
        actions.void(proposal, by=eli)

    refused_by_the_database(
        "UPDATE decisions_proposal SET approved_by_id = %s, approved_at = %s WHERE id = %s",
        [dov.pk, clock.now(), proposal.pk],
    )
    refused_by_the_database(
        f"UPDATE decisions_proposal SET refused_by_id = NULL, refused_at = NULL, refusal_reason = '' "
        f"WHERE id = {proposal.pk} AND refused_at IS NOT NULL"
        if end == "refuse"
        else f"UPDATE decisions_proposal SET voided_at = NULL WHERE id = {proposal.pk}"
    )


def test_the_same_pair_cannot_decide_again_by_sql(people):
    eli, cleo, _dov = people
    actions.refuse(actions.propose("k", "s", WHAT, eli), by=cleo, reason="other")
    second = actions.propose("k", "s", WHAT, eli)

    refused_by_the_database(
        "UPDATE decisions_proposal SET approved_by_id = %s, approved_at = %s WHERE id = %s",
        [cleo.pk, clock.now(), second.pk],
    )


def test_nothing_is_removed_or_replaced(people):
    eli, cleo, _dov = people
    proposal = actions.propose("k", "s", WHAT, eli)
    actions.approve(proposal, proposal.payload_hash, by=cleo)

    refused_by_the_database("DELETE FROM decisions_proposal")
    refused_by_the_database(f"DELETE FROM decisions_proposal WHERE id = {proposal.pk}")
    if connection.vendor == "sqlite":
        names = ", ".join(field.column for field in Proposal._meta.fields)
        undone = names.replace("approved_by_id", "NULL").replace("approved_at", "NULL")
        refused_by_the_database(f"REPLACE INTO decisions_proposal ({names}) SELECT {undone} FROM decisions_proposal")
    else:
        refused_by_the_database("TRUNCATE decisions_proposal CASCADE")


@pytest.fixture
def answers(db):
    """A scratch table of a room that acts on approvals."""
    with connection.schema_editor() as editor:
        key = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "serial PRIMARY KEY"
        editor.execute(
            f"CREATE TABLE scratch_answer (id {key}, proposal_id bigint, payload_hash varchar(80), state varchar(10))"
        )
        rules = require_approval("scratch_answer", kind="disclosure.answer", when="NEW.state = 'approved'")
        for rule in rules:
            rule.code(None, editor)
    yield
    with connection.schema_editor() as editor:
        for rule in rules:
            rule.reverse_code(None, editor)
        editor.execute("DROP TABLE scratch_answer")


INSERT = "INSERT INTO scratch_answer (proposal_id, payload_hash, state) VALUES (%s, %s, %s)"


@pytest.mark.django_db(transaction=True)
def test_a_row_without_the_approval_of_its_content_is_refused(answers):
    eli, cleo = make_staff("case_worker"), make_staff("approver")
    waiting = actions.propose("disclosure.answer", "1", WHAT, eli)
    refused = actions.refuse(actions.propose("disclosure.answer", "2", WHAT, eli), by=cleo, reason="other")
    of_another_kind = actions.propose("register.erase", "3", WHAT, eli)
    actions.approve(of_another_kind, of_another_kind.payload_hash, by=cleo)
    taken_back = actions.propose("disclosure.answer", "4", WHAT, eli)
    actions.approve(taken_back, taken_back.payload_hash, by=cleo)
    actions.void(taken_back, by=eli)
    good = actions.propose("disclosure.answer", "5", WHAT, eli)
    actions.approve(good, good.payload_hash, by=cleo)

    for proposal in (waiting, refused, of_another_kind, taken_back):
        refused_by_the_database(INSERT, [proposal.pk, proposal.payload_hash, "approved"])
    refused_by_the_database(INSERT, [good.pk, "1.another", "approved"])
    refused_by_the_database(INSERT, [None, good.payload_hash, "approved"])
    run(INSERT, [waiting.pk, waiting.payload_hash, "draft"])
    refused_by_the_database("UPDATE scratch_answer SET state = 'approved'")
    run(INSERT, [good.pk, good.payload_hash, "approved"])
    refused_by_the_database("UPDATE scratch_answer SET payload_hash = 'x' WHERE state = 'approved'")


DECIDE = """
import sys, time, django
django.setup()
from homeward.access.models import Staff
from homeward.decisions import actions
from homeward.decisions.models import Proposal
proposal, person = Proposal.objects.get(), Staff.objects.get(pk=sys.argv[1])
print("ready", flush=True)
time.sleep(max(0, float(sys.stdin.readline()) - time.time()))
try:
    actions.approve(proposal, proposal.payload_hash, by=person)
    print("approved")
except actions.AlreadyDecided:
    print("too late")
"""


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does(transactional_db, tmp_path):
    eli = make_staff("case_worker")
    approvers = [make_staff("approver"), make_staff("verifier")]
    actions.propose("k", "s", WHAT, eli)
    if connection.vendor == "sqlite":
        # The tests' own database lives in memory; two processes meet in a copy of it on disk.
        with sqlite3.connect(tmp_path / "house.sqlite3") as copy:
            connection.connection.backup(copy)
        url = f"sqlite:///{tmp_path / 'house.sqlite3'}"
    else:
        parts = connection.settings_dict
        url = f"postgresql://{parts['USER']}@/{parts['NAME']}?host={parts['OPTIONS'].get('host', parts['HOST'])}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "homeward.config.settings"}

    processes = [
        subprocess.Popen(
            [sys.executable, "-c", DECIDE, str(person.pk)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for person in approvers
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    moment = f"{time.time() + 0.2}\n"
    outcomes = [process.communicate()[0].strip() for process in _all_told(processes, moment)]

    assert sorted(outcomes) == ["approved", "too late"]


def _all_told(processes, moment):
    for process in processes:
        process.stdin.write(moment)
        process.stdin.flush()
    return processes
