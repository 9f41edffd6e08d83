import io
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure import actions, codes
from homeward.disclosure.models import Check, Outcome, Paper, Wish
from homeward.disclosure.tests.cast import confirmed_and_kin
from homeward.disclosure.tests.test_kinship import answered, said
from homeward.disclosure.turnstile import Turnstile
from homeward.lib import clock
from homeward.matching.memory import Memory
from homeward.testing import make_staff, sign_in
from homeward.tracing.models import PotentialMatch

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told(matcher: Memory) -> PotentialMatch:
    match = confirmed_and_kin(matcher)
    answered(match)
    return match


def approved(match: PotentialMatch) -> Proposal:
    proposal = actions.propose_captivity_paper(match.enquiry, by=make_staff("case_worker"))
    return actions.approve_paper(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))


def issued(match: PotentialMatch) -> actions.IssuedPaper:
    return actions.issue_paper(approved(match), by=make_staff("case_worker"))


def test_a_paper_follows_an_answer(in_process_matcher: Memory) -> None:
    match = confirmed_and_kin(in_process_matcher)

    with pytest.raises(actions.PaperNotPossible):
        actions.propose_captivity_paper(match.enquiry, by=make_staff("case_worker"))


def test_a_paper_is_printed_once_and_only_when_approved(in_process_matcher: Memory) -> None:
    match = told(in_process_matcher)
    proposal = actions.propose_captivity_paper(match.enquiry, by=make_staff("case_worker"))
    with pytest.raises(actions.PaperNotPossible):
        actions.issue_paper(proposal, by=make_staff("case_worker"))
    with pytest.raises(decisions.SecondPersonNeeded):
        actions.approve_paper(proposal, payload_hash=proposal.payload_hash, by=proposal.proposed_by)
    actions.approve_paper(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))

    actions.issue_paper(proposal, by=make_staff("case_worker"))

    with pytest.raises(actions.PaperNotPossible):
        actions.issue_paper(proposal, by=make_staff("case_worker"))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_the_paper_says_who_he_is_and_nothing_of_where(in_process_matcher: Memory) -> None:
    match = told(in_process_matcher)

    paper = issued(match)

    text = subprocess.run(["pdftotext", "-", "-"], input=paper.pdf, capture_output=True, check=True).stdout.decode()
    assert "Щербацький" in text
    assert paper.code in text
    assert paper.paper.reference in text
    assert "45216" not in text
    assert len(paper.pdf) < 200_000


def test_the_code_is_kept_nowhere(in_process_matcher: Memory) -> None:
    paper = issued(told(in_process_matcher))
    digits = codes.tidy(paper.code)
    marks = (digits, digits[:16], paper.code)

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            held = io.StringIO()
            for row in cursor.fetchall():
                held.write(" ".join(str(bytes(v)) if isinstance(v, memoryview | bytes) else str(v) for v in row))
            assert not any(mark in held.getvalue() for mark in marks), table


def test_a_code_says_valid_once_then_used(in_process_matcher: Memory) -> None:
    paper = issued(told(in_process_matcher))

    assert actions.check_code(paper.code.replace("-", " ")) == Outcome.VALID
    assert actions.check_code(paper.code) == Outcome.USED
    assert actions.check_code(codes.new()) == Outcome.UNKNOWN
    assert Check.objects.count() == 3


def test_an_old_or_replaced_paper_is_expired(in_process_matcher: Memory) -> None:
    match = told(in_process_matcher)
    first = issued(match)
    second = issued(match)

    assert actions.check_code(first.code) == Outcome.EXPIRED
    with clock.freeze(clock.now() + timedelta(days=181)):
        assert actions.check_code(second.code) == Outcome.EXPIRED
    actions.revoke_paper(second.paper, by=make_staff("case_worker"))
    assert actions.check_code(second.code) == Outcome.EXPIRED


def test_each_answer_of_the_check_takes_the_same_statements(
    in_process_matcher: Memory, django_assert_num_queries: object
) -> None:
    match = told(in_process_matcher)
    old, paper = issued(match), issued(match)
    seen = []
    for code in (paper.code, paper.code, old.code, codes.new()):
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            actions.check_code(code)
        seen.append([query["sql"].split(" ")[0] for query in queries])

    assert seen[0] == seen[1] == seen[2] == seen[3]


def test_his_wish_keeps_the_paper_back(in_process_matcher: Memory) -> None:
    match = told(in_process_matcher)
    proposal = approved(match)
    said(match, Wish.NOT)

    with pytest.raises(actions.PaperNotPossible):
        actions.issue_paper(proposal, by=make_staff("case_worker"))


COLUMNS = "reference, kind, enquiry_id, proposal_id, payload_hash, code_index, issued_by_id, issued_at, expires_at"


@pytest.mark.parametrize("sabotage", ["not approved", "another hash", "another kind", "level 1", "no answer", "wish"])
def test_direct_sql_cannot_print_a_paper(in_process_matcher: Memory, sabotage: str) -> None:
    match = told(in_process_matcher)
    proposal = actions.propose_captivity_paper(match.enquiry, by=make_staff("case_worker"))
    if sabotage != "not approved":
        actions.approve_paper(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))
    content, kind = proposal.payload_hash, "captivity"
    with connection.cursor() as cursor:
        if sabotage in ("level 1", "no answer", "wish"):
            cursor.execute("UPDATE disclosure_answer SET withdrawn_at = approved_at")
        if sabotage == "level 1":
            cursor.execute("UPDATE disclosure_kinship SET level = 1")
        if sabotage == "wish":
            cursor.execute("UPDATE disclosure_kinship SET wish = 'not'")
    if sabotage == "another hash":
        content = "0" * 64
    if sabotage == "another kind":
        kind = "invitation"
    values = ["1", kind, match.enquiry_id, proposal.pk, content, b"1" * 16, proposal.proposed_by_id]

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO disclosure_paper ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*values, "2026-01-01 00:00:00+00:00", "2036-01-01 00:00:00+00:00"],
        )


def test_a_used_code_stays_used(in_process_matcher: Memory) -> None:
    paper = issued(told(in_process_matcher))
    actions.check_code(paper.code)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_paper SET used_at = NULL")


@pytest.mark.urls("homeward.config.urls_family")
def test_the_page_says_what_the_code_says_and_names_nobody(
    in_process_matcher: Memory, client: Client, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from homeward.disclosure import views_family

    settings.SITE = "family"  # type: ignore[attr-defined]
    monkeypatch.setattr(views_family, "TURNSTILE", Turnstile(every=0.0, longest_wait=1.0))
    paper = issued(told(in_process_matcher))

    first = client.post("/verify", {"code": paper.code}).content.decode()
    second = client.post("/verify", {"code": paper.code}).content.decode()
    unknown = client.post("/verify", {"code": codes.new()}).content.decode()
    typo = client.post("/verify", {"code": paper.code[:-1] + str((int(paper.code[-1]) + 1) % 10)}).content.decode()

    assert "Valid." in first
    assert "Already used." in second
    assert "Unknown." in unknown
    assert "not a code of ours" in typo
    for page in (first, second, unknown, typo):
        assert "Щербацький" not in page
        assert paper.paper.enquiry.reference not in page
        assert paper.code not in page
        assert len(page) < 60_000


@pytest.mark.urls("homeward.config.urls_family")
def test_a_flood_of_codes_waits_and_nobody_is_locked_out(
    client: Client, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from homeward.disclosure import views_family

    settings.SITE = "family"  # type: ignore[attr-defined]
    monkeypatch.setattr(views_family, "TURNSTILE", Turnstile(every=1.0, longest_wait=0.05))
    statuses = [client.post("/verify", {"code": codes.new()}).status_code for _ in range(6)]
    refused = client.post("/verify", {"code": codes.new()})

    assert statuses[0] == 200
    assert statuses.count(503) >= 4
    assert int(refused.headers["Retry-After"]) >= 1
    monkeypatch.setattr(views_family, "TURNSTILE", Turnstile(every=0.0, longest_wait=0.05))
    assert client.post("/verify", {"code": codes.new()}).status_code == 200


def test_kinship_and_paper_go_through_the_pages(in_process_matcher: Memory, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    from homeward.disclosure.tests.cast import confirmed

    match = confirmed(in_process_matcher)
    reference = match.enquiry.reference
    kin, second, cleo, abel = (
        sign_in(Client(), make_staff(role)) for role in ("kin_verifier", "kin_verifier", "case_worker", "approver")
    )
    assert reference in kin.get("/answers/kinship").content.decode()
    kin.post(f"/answers/kinship/{reference}/evidence", {"kind": "documents", "what": "Birth certificate"})
    assert "Birth certificate" in kin.get(f"/answers/kinship/{reference}").content.decode()
    kin.post(f"/answers/kinship/{reference}/raise", {"level": "2"})
    proposal = Proposal.objects.get(kind="disclosure.kinship_2")
    assert "Birth certificate" in second.get(f"/answers/kinship/decide/{proposal.reference}").content.decode()
    second.post(f"/answers/kinship/decide/{proposal.reference}", {"payload_hash": proposal.payload_hash})
    statement = {
        "names_her": "yes",
        "wish": "now",
        "spoken_on": "2026-03-01",
        "question": "Dog?",
        "his_answer": "Burko",
    }
    cleo.post(f"/answers/kinship/{reference}/statement", {**statement, "answer_agrees": "on"})
    assert "Burko" in cleo.get(f"/answers/kinship/{reference}").content.decode()
    assert "Burko" not in kin.get(f"/answers/kinship/{reference}").content.decode()
    cleo.post(f"/answers/propose/{reference}", {"kind": "in_captivity"})
    answer = Proposal.objects.get(kind="disclosure.answer")
    abel.post(f"/answers/decide/{answer.reference}", {"payload_hash": answer.payload_hash})
    cleo.post("/answers/papers", {"reference": reference, "second_language": "en"})
    paper = Proposal.objects.get(kind="disclosure.paper.captivity")
    assert "Щербацький" in abel.get(f"/answers/papers/decide/{paper.reference}").content.decode()
    abel.post(f"/answers/papers/decide/{paper.reference}", {"payload_hash": paper.payload_hash})
    pdf = cleo.post(f"/answers/papers/issue/{paper.reference}")

    assert pdf.content.startswith(b"%PDF")
    assert Paper.objects.count() == 1
    cleo.post(f"/answers/papers/revoke/{Paper.objects.get().reference}")
    assert Paper.objects.get().revoked_at is not None
