import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure import actions, queries
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import Answer, CallOutcome
from homeward.disclosure.tests.cast import confirmed_and_kin
from homeward.lib.refusals import Refusal
from homeward.matching.memory import Memory
from homeward.register import actions as register
from homeward.register.models import EventKind
from homeward.testing import make_staff, sign_in
from homeward.tracing.models import PotentialMatch
from homeward.tracing.tests.cast import a_pair

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def confirmed(matcher: Memory) -> PotentialMatch:
    return confirmed_and_kin(matcher)


def proposed(match: PotentialMatch, kind: Kind = Kind.IN_CAPTIVITY) -> Proposal:
    return actions.propose_answer(match.enquiry, kind=kind, by=make_staff("case_worker"))


def died(match: PotentialMatch) -> None:
    entry = match.entry
    entry.refresh_from_db()
    register.record_event(entry, kind=EventKind.DIED, version=entry.version, by=make_staff("registrar"))


def test_a_second_person_approves_exactly_the_words_shown(in_process_matcher: Memory) -> None:
    proposal = proposed(confirmed(in_process_matcher))

    answer = actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))

    assert answer.kind == Kind.IN_CAPTIVITY
    assert answer.text == proposal.payload["text"]
    assert queries.open_proposals(queries.PROPOSAL_KIND).count() == 0


def test_nothing_is_proposed_before_two_people_confirmed(in_process_matcher: Memory) -> None:
    match = a_pair(in_process_matcher)

    with pytest.raises(actions.NotProposable):
        proposed(match)


def test_the_proposer_cannot_approve(in_process_matcher: Memory) -> None:
    proposal = proposed(confirmed(in_process_matcher))

    with pytest.raises(decisions.SecondPersonNeeded):
        actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=proposal.proposed_by)


def test_who_judged_the_match_cannot_approve(in_process_matcher: Memory) -> None:
    match = confirmed(in_process_matcher)
    proposal = proposed(match)
    assert match.same_confirmed_by is not None

    with pytest.raises(decisions.NotImpartial):
        actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=match.same_confirmed_by)


def test_a_change_of_the_case_voids_the_proposal(in_process_matcher: Memory) -> None:
    match = confirmed(in_process_matcher)
    proposal = proposed(match)
    died(match)

    with pytest.raises(actions.CaseChanged):
        actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))


def test_another_hash_is_not_approved(in_process_matcher: Memory) -> None:
    proposal = proposed(confirmed(in_process_matcher))

    with pytest.raises(Refusal):
        actions.approve_answer(proposal, payload_hash="0" * 64, by=make_staff("approver"))


def test_a_death_allows_no_text_and_goes_to_the_call_list(in_process_matcher: Memory) -> None:
    match = confirmed(in_process_matcher)
    died(match)
    with pytest.raises(actions.NotProposable):
        proposed(match, Kind.IN_CAPTIVITY)
    proposal = proposed(match, Kind.CALL)

    answer = actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))

    assert answer.text is None
    assert list(queries.call_list()) == [answer]
    cleo = make_staff("case_worker")
    actions.note_call(answer, outcome=CallOutcome.NOT_REACHED, by=cleo)
    assert list(queries.call_list()) == [answer]
    actions.note_call(answer, outcome=CallOutcome.TOLD, by=cleo)
    assert list(queries.call_list()) == []
    with pytest.raises(actions.NotProposable):
        actions.note_call(answer, outcome=CallOutcome.TOLD, by=cleo)


COLUMNS = "reference, enquiry_id, match_id, kind, payload_hash, proposal_id, approved_at, text"


@pytest.mark.parametrize("sabotage", ["no approval", "another hash", "another man", "a death in writing"])
def test_direct_sql_cannot_disclose(in_process_matcher: Memory, sabotage: str) -> None:
    match = confirmed(in_process_matcher)
    proposal = proposed(match)
    kind, text, content = "in_captivity", b"x", proposal.payload_hash
    if sabotage != "no approval":
        decisions.approve(proposal, proposal.payload_hash, make_staff("approver"))
    if sabotage == "another hash":
        content = "0" * 64
    if sabotage == "a death in writing":
        kind = "call"
    with transaction.atomic(), connection.cursor() as cursor:
        if sabotage == "another man":
            cursor.execute("UPDATE tracing_potentialmatch SET state = 'potential'")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO disclosure_answer ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            ["1-1", match.enquiry_id, match.pk, kind, content, proposal.pk, "2026-01-01 00:00:00+00:00", text],
        )


def test_the_content_of_an_answer_cannot_be_changed_by_sql(in_process_matcher: Memory) -> None:
    proposal = proposed(confirmed(in_process_matcher))
    actions.approve_answer(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_answer SET kind = 'released'")


def test_the_answer_goes_through_the_pages(in_process_matcher: Memory, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    match = confirmed(in_process_matcher)
    cleo, abel = sign_in(Client(), make_staff("case_worker")), sign_in(Client(), make_staff("approver"))

    page = cleo.get(f"/answers/propose/{match.enquiry.reference}").content.decode()
    cleo.post(f"/answers/propose/{match.enquiry.reference}", {"kind": "in_captivity"})
    proposal = Proposal.objects.get(kind=queries.PROPOSAL_KIND)
    shown = abel.get(f"/answers/decide/{proposal.reference}").content.decode()
    abel.post(f"/answers/decide/{proposal.reference}", {"payload_hash": proposal.payload_hash})

    assert "in_captivity" in page
    assert proposal.payload["text"][:40] in shown
    assert Answer.objects.get().enquiry_id == match.enquiry_id


def test_a_refusal_keeps_its_reason(in_process_matcher: Memory, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    proposal = proposed(confirmed(in_process_matcher))
    abel = sign_in(Client(), make_staff("approver"))

    abel.post(f"/answers/decide/{proposal.reference}/refuse", {"reason": "harm", "note": "ask first"})

    proposal.refresh_from_db()
    assert proposal.refusal_reason == "harm"
    assert not Answer.objects.exists()
