from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from homeward.decisions import actions as decisions
from homeward.disclosure import actions, queries
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import Answer, EvidenceKind, Kinship, KinshipStep, Level, Wish
from homeward.disclosure.tests.cast import at_level, confirmed, confirmed_and_kin
from homeward.matching.memory import Memory
from homeward.testing import make_staff
from homeward.tracing.models import PotentialMatch
from homeward.tracing.tests.cast import ask

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def answered(match: PotentialMatch, kind: Kind = Kind.IN_CAPTIVITY) -> Answer:
    proposal = actions.propose_answer(match.enquiry, kind=kind, by=make_staff("case_worker"))
    return actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))


def said(match: PotentialMatch, wish: Wish, *, agrees: bool = True) -> None:
    actions.record_statement(
        match.enquiry, names_her=True, wish=wish, spoken_on=date(2026, 3, 1), question="The dog?", his_answer="Burko",
        answer_agrees=agrees, by=make_staff("case_worker"),
    )  # fmt: skip


def test_nobody_has_looked_is_level_0() -> None:
    assert queries.kinship_level(ask()) == 0


def test_level_1_needs_something_checked() -> None:
    enquiry, kin = ask(), make_staff("kin_verifier")

    with pytest.raises(actions.NotEnoughEvidence):
        actions.accept_claim(enquiry, by=kin)
    actions.add_evidence(enquiry, kind=EvidenceKind.FACTS, what="His school, his unit.", by=kin)
    actions.accept_claim(enquiry, by=kin)

    assert queries.kinship_level(enquiry) == 1


def test_level_2_needs_documents_and_a_second_person() -> None:
    enquiry, kin, second = ask(), make_staff("kin_verifier"), make_staff("kin_verifier")
    actions.add_evidence(enquiry, kind=EvidenceKind.FACTS, what="His school.", by=kin)
    with pytest.raises(actions.NotEnoughEvidence):
        actions.propose_level(enquiry, level=Level.VERIFIED, by=kin)
    actions.add_evidence(enquiry, kind=EvidenceKind.DOCUMENTS, what="Birth certificate.", by=kin)
    proposal = actions.propose_level(enquiry, level=Level.VERIFIED, by=kin)
    with pytest.raises(decisions.SecondPersonNeeded):
        actions.approve_level(proposal, payload_hash=proposal.payload_hash, by=kin)
    assert queries.kinship_level(enquiry) == 0

    actions.approve_level(proposal, payload_hash=proposal.payload_hash, by=second)

    assert queries.kinship_level(enquiry) == 2


def test_documents_do_not_carry_level_3() -> None:
    enquiry = ask()
    at_level(enquiry, 2)

    with pytest.raises(actions.NotEnoughEvidence):
        actions.propose_level(enquiry, level=Level.PROVEN, by=make_staff("kin_verifier"))
    at_level(enquiry, 3)

    assert queries.kinship_level(enquiry) == 3


def test_evidence_set_aside_voids_the_proposal() -> None:
    enquiry, kin = ask(), make_staff("kin_verifier")
    evidence = actions.add_evidence(enquiry, kind=EvidenceKind.DOCUMENTS, what="Birth certificate.", by=kin)
    proposal = actions.propose_level(enquiry, level=Level.VERIFIED, by=kin)
    actions.set_aside_evidence(evidence, by=kin)

    with pytest.raises(actions.KinshipChanged):
        actions.approve_level(proposal, payload_hash=proposal.payload_hash, by=make_staff("kin_verifier"))


def test_he_names_her_and_answers_the_control_question(in_process_matcher: Memory) -> None:
    match, kin = confirmed(in_process_matcher), make_staff("kin_verifier")
    said(match, Wish.NOW, agrees=False)
    with pytest.raises(actions.NotEnoughEvidence):
        actions.add_evidence(match.enquiry, kind=EvidenceKind.STATEMENT, what="He named her.", by=kin)

    said(match, Wish.NOW)
    actions.add_evidence(match.enquiry, kind=EvidenceKind.STATEMENT, what="He named her.", by=kin)
    proposal = actions.propose_level(match.enquiry, level=Level.VERIFIED, by=kin)
    actions.approve_level(proposal, payload_hash=proposal.payload_hash, by=make_staff("kin_verifier"))

    assert queries.kinship_level(match.enquiry) == 2


@pytest.mark.parametrize("level", [0, 1])
def test_no_fate_is_proposed_below_level_2(in_process_matcher: Memory, level: int) -> None:
    match = confirmed(in_process_matcher)
    at_level(match.enquiry, level)

    with pytest.raises(actions.NotProposable):
        actions.propose_answer(match.enquiry, kind=Kind.IN_CAPTIVITY, by=make_staff("case_worker"))


@pytest.mark.parametrize("wish", [Wish.NOT, Wish.LATER])
def test_his_wish_takes_a_standing_answer_back(in_process_matcher: Memory, wish: Wish) -> None:
    match = confirmed_and_kin(in_process_matcher)
    answer = answered(match)

    said(match, wish)

    answer.refresh_from_db()
    assert answer.withdrawn_at is not None
    with pytest.raises(actions.NotProposable):
        answered(match)


def test_lowering_the_level_takes_the_answer_back_and_keeps_the_history(in_process_matcher: Memory) -> None:
    match = confirmed_and_kin(in_process_matcher)
    answer = answered(match)

    actions.lower_level(
        match.enquiry, level=Level.CLAIM, why=KinshipStep.Why.FORGED, note="Seal.", by=make_staff("kin_verifier")
    )

    answer.refresh_from_db()
    assert answer.withdrawn_at is not None
    assert queries.kinship_level(match.enquiry) == 0
    assert [(step.before, step.after) for step in KinshipStep.objects.order_by("pk")] == [(0, 2), (2, 0)]


def test_a_verifier_of_the_case_cannot_approve_its_disclosure(in_process_matcher: Memory) -> None:
    match = confirmed(in_process_matcher)
    kin = make_staff("kin_verifier")
    at_level(match.enquiry, 2, second=kin)
    proposal = actions.propose_answer(match.enquiry, kind=Kind.IN_CAPTIVITY, by=make_staff("case_worker"))

    with pytest.raises(decisions.NotImpartial):
        actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=kin)


COLUMNS = "reference, enquiry_id, match_id, kind, payload_hash, proposal_id, approved_at, text"


@pytest.mark.parametrize("sabotage", ["level 1", "no kinship", "wish not", "wish later", "a verifier approves"])
def test_direct_sql_cannot_disclose_without_kinship_or_against_his_wish(
    in_process_matcher: Memory, sabotage: str
) -> None:
    match = confirmed(in_process_matcher)
    kin = make_staff("kin_verifier")
    at_level(match.enquiry, 2, by=kin)
    proposal = actions.propose_answer(match.enquiry, kind=Kind.IN_CAPTIVITY, by=make_staff("case_worker"))
    approver = kin if sabotage == "a verifier approves" else make_staff("approver")
    decisions.approve(proposal, proposal.payload_hash, approver)
    with connection.cursor() as cursor:
        if sabotage == "level 1":
            cursor.execute("UPDATE disclosure_kinship SET level = 1")
        if sabotage == "no kinship":
            for table in ("disclosure_kinshipstep", "disclosure_evidence", "disclosure_kinship"):
                cursor.execute(f"DELETE FROM {table}")
        if sabotage.startswith("wish"):
            cursor.execute("UPDATE disclosure_kinship SET wish = %s", [sabotage[5:]])
    values = ["1-1", match.enquiry_id, match.pk, "in_captivity", proposal.payload_hash, proposal.pk]

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO disclosure_answer ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [*values, "2026-01-01 00:00:00+00:00", b"x"],
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE disclosure_kinship SET level = 3",
        "UPDATE disclosure_kinship SET level = 1",
        "UPDATE disclosure_kinship SET wish = 'not'",
        "UPDATE disclosure_kinship SET wish = 'later'",
        "UPDATE disclosure_kinship SET confirmed_by_id = verified_by_id",
        "UPDATE disclosure_kinship SET payload_hash = 'x'",
        "UPDATE disclosure_kinshipstep SET after = 1",
    ],
)
def test_direct_sql_cannot_move_a_kinship_that_carries_an_answer(in_process_matcher: Memory, statement: str) -> None:
    answered(confirmed_and_kin(in_process_matcher))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_direct_sql_cannot_raise_a_level_by_another_enquirys_approval() -> None:
    ada, bea = ask(), ask()
    kinship = at_level(ada, 2)
    theirs = Kinship.objects.create(enquiry=bea)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE disclosure_kinship SET level = 2, proposal_id = %s, payload_hash = %s, verified_by_id = %s, "
            "confirmed_by_id = %s WHERE id = %s",
            [kinship.proposal_id, kinship.payload_hash, kinship.verified_by_id, kinship.confirmed_by_id, theirs.pk],
        )
