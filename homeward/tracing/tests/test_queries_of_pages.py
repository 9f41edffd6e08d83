"""What the comparison page asks the database, with a pair that has a past."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from homeward.matching.memory import Memory
from homeward.register import actions as register
from homeward.testing import make_staff, sign_in
from homeward.tracing import actions
from homeward.tracing.tests.cast import ASKED, NAMESAKE, RECORDED, ask, follow, match_of, record

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_pair_with_a_past_costs_twelve_queries_at_most(in_process_matcher: Memory, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    registrar, tracer, other = make_staff("registrar"), make_staff("tracer"), make_staff("tracer")
    entry = record(by=registrar)
    again = record({**RECORDED, "given": "Ostap", "surname": "Szczerbackyj"}, by=registrar)
    entry = register.join_entries(entry, again, version=entry.version, by=registrar) or entry
    entry.refresh_from_db()
    register.correct_field(entry, code="rank", value="сержант", version=entry.version, by=registrar)
    for number in range(4):
        record({**NAMESAKE, "patronymic": "Іванович", "unit": f"4526{number}"}, by=registrar)
    enquiry = ask()
    for number in range(3):
        ask({**ASKED, "unit": f"4621{number}"})
    follow()
    match = match_of(enquiry, entry)
    for question in ("Is it 45216?", "Has he a scar?"):
        match.refresh_from_db()
        actions.say_unsure(
            match, version=match.version, ask_family=question, ask_registrar=question, note="", by=tracer
        )
        match.refresh_from_db()
        actions.undo(match, version=match.version, by=tracer)
    match.refresh_from_db()
    actions.say_same(match, version=match.version, note="the unit", by=other)

    assert match.judgements.count() == 3
    assert match.entry_questions.count() == 2
    assert match.sought.matches.count() > 3
    for role in ("tracer", "verifier", "case_worker"):
        client = sign_in(Client(), make_staff(role))
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get(match.get_absolute_url())
        assert page.status_code == 200
        for words in ("Has he a scar?", "the unit", "taken back by"):
            assert words in page.content.decode()
        # Savepoints, and a matcher that reads changes in the page's own process, exist in tests only;
        # taking the turn begins the writing transaction: on SQLite with BEGIN IMMEDIATE, on PostgreSQL with a lock.
        sent = [
            query["sql"]
            for query in asked.captured_queries
            if not any(each in query["sql"] for each in ("SAVEPOINT", "changes_change", "pg_advisory_xact_lock"))
        ]
        assert len(sent) <= 12, "\n".join(each[:300] for each in sent)
