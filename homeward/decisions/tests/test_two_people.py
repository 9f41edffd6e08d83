"""Proposing, approving, refusing, taking back: what is done and each thing that is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from homeward.audit.models import Event
from homeward.decisions import actions, queries
from homeward.decisions.hashing import is_hash_of, payload_hash
from homeward.decisions.models import Proposal
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WHAT = {"answer": "in_captivity", "to": "1234-5678-4", "items": [1, 2], "urgent": False}


@pytest.fixture
def eli(db):
    return make_staff("case_worker", name="Eli")


@pytest.fixture
def cleo(db):
    return make_staff("approver", name="Cleo")


def propose(by, subject="1111-1111-1", **changes):
    return actions.propose("disclosure.answer", subject, {**WHAT, **changes}, by)


def deeds():
    return list(Event.objects.filter(about="1111-1111-1").order_by("number").values_list("deed", flat=True))


def test_a_second_person_approves_exactly_what_was_proposed(eli, cleo):
    proposal = propose(eli)
    assert not queries.is_approved(proposal, WHAT)

    actions.approve(proposal, payload_hash(WHAT), by=cleo)

    assert queries.is_approved(proposal, WHAT)
    assert proposal.approved_by == cleo
    assert not queries.is_approved(proposal, {**WHAT, "answer": "deceased"})
    assert deeds() == ["decisions.proposed", "decisions.approved"]


def test_the_hash_does_not_depend_on_the_order_of_writing():
    assert payload_hash({"a": 1, "b": 2}) == payload_hash({"b": 2, "a": 1})
    assert is_hash_of(payload_hash(WHAT), dict(reversed(WHAT.items())))
    assert payload_hash({"a": "1"}) != payload_hash({"a": 1})


@pytest.mark.parametrize("wrong", [{"a": 1.5}, {1: "a"}, {"a": datetime(2026, 1, 1)}, {"a": {2: 3}}])
def test_a_payload_that_would_not_survive_sealing_is_refused(wrong, eli):
    with pytest.raises(TypeError):
        actions.propose("k", "s", wrong, eli)


def test_nobody_decides_alone(eli):
    proposal = propose(eli)

    with pytest.raises(actions.SecondPersonNeeded):
        actions.approve(proposal, proposal.payload_hash, by=eli)
    with pytest.raises(actions.SecondPersonNeeded):
        actions.refuse(proposal, by=eli, reason="content")

    assert not queries.is_approved(proposal, WHAT)


def test_another_content_than_the_one_seen_is_not_approved(eli, cleo):
    proposal = propose(eli)

    with pytest.raises(actions.ContentChanged):
        actions.approve(proposal, payload_hash({**WHAT, "answer": "deceased"}), by=cleo)


def test_a_changed_case_voids_what_was_proposed(eli, cleo):
    proposal = actions.propose("k", "s", WHAT, eli, case_version=3)

    with pytest.raises(actions.ContentChanged):
        actions.approve(proposal, proposal.payload_hash, by=cleo, case_version=4)

    actions.approve(proposal, proposal.payload_hash, by=cleo, case_version=3)


def test_what_expired_cannot_be_approved_and_can_be_proposed_again(eli, cleo):
    start = datetime(2026, 11, 23, 10, tzinfo=UTC)
    with clock.freeze(start):
        proposal = propose(eli)
    with clock.freeze(start + timedelta(hours=24, seconds=1)):
        assert list(queries.open_proposals()) == []
        with pytest.raises(actions.Expired):
            actions.approve(proposal, proposal.payload_hash, by=cleo)
        again = propose(eli)
        actions.approve(again, again.payload_hash, by=cleo)

    assert deeds() == ["decisions.proposed", "decisions.expired", "decisions.proposed", "decisions.approved"]


def test_the_worker_closes_what_expired(eli):
    start = datetime(2026, 11, 23, 10, tzinfo=UTC)
    with clock.freeze(start):
        proposal = propose(eli)
        standing = actions.propose("k", "s", WHAT, eli, expires_in=None)
        assert actions.void_expired() == 0
    with clock.freeze(start + timedelta(days=300)):
        assert actions.void_expired() == 1
        assert list(queries.open_proposals()) == [standing]

    proposal.refresh_from_db()
    assert proposal.voided_at


def test_one_thing_waits_once(eli, cleo):
    propose(eli)

    with pytest.raises(actions.AlreadyProposed):
        propose(cleo)


def test_what_is_decided_stays_decided(eli, cleo):
    dov = make_staff("verifier")
    proposal = propose(eli)
    actions.approve(proposal, proposal.payload_hash, by=cleo)

    for again in (
        lambda: actions.approve(proposal, proposal.payload_hash, by=dov),
        lambda: actions.refuse(proposal, by=dov, reason="content"),
    ):
        with pytest.raises(actions.AlreadyDecided):
            again()


def test_an_approval_can_be_taken_back(eli, cleo):
    proposal = propose(eli)
    actions.approve(proposal, proposal.payload_hash, by=cleo)

    actions.void(proposal, by=eli)

    assert not queries.is_approved(proposal, WHAT)
    with pytest.raises(actions.AlreadyDecided):
        actions.void(proposal, by=eli)


def test_a_refusal_has_a_reason_and_the_same_two_do_not_decide_again(eli, cleo):
    proposal = propose(eli)
    actions.refuse(proposal, by=cleo, reason="evidence", note="The unit does not fit.")
    stored = Proposal.objects.get(pk=proposal.pk)
    assert (stored.refusal_reason, stored.refusal_note) == ("evidence", "The unit does not fit.")

    second = propose(eli)
    with pytest.raises(actions.SamePairAgain):
        actions.approve(second, second.payload_hash, by=cleo)
    actions.void(second, by=eli)
    turned = propose(cleo)
    with pytest.raises(actions.SamePairAgain):
        actions.approve(turned, turned.payload_hash, by=eli)

    dov = make_staff("verifier")
    actions.approve(turned, turned.payload_hash, by=dov)
    assert queries.is_approved(turned, WHAT)


def test_a_reason_that_is_none_is_refused(eli, cleo):
    with pytest.raises(ValueError):
        actions.refuse(propose(eli), by=cleo, reason="because")


def test_who_has_a_part_in_the_case_cannot_decide(eli, cleo):
    proposal = propose(eli)

    def verified(person):
        return "You verified the kinship in this case." if person == cleo else ""

    with pytest.raises(actions.NotImpartial, match="kinship"):
        actions.approve(proposal, proposal.payload_hash, by=cleo, unless=verified)

    actions.approve(proposal, proposal.payload_hash, by=make_staff("verifier"), unless=verified)


def test_what_waits_is_shown_to_others_than_the_proposer(eli, cleo):
    proposal = propose(eli)

    assert list(queries.proposals_waiting_for(cleo)) == [proposal]
    assert list(queries.proposals_waiting_for(eli)) == []
    assert list(queries.open_proposals("other.kind")) == []


def test_nothing_personal_lies_open(eli):
    proposal = propose(eli, answer="deceased")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT payload, payload_hash FROM decisions_proposal WHERE id = %s", [proposal.pk])
        payload, stored_hash = cursor.fetchone()

    assert b"deceased" not in bytes(payload)
    # Nobody without the key finds the content by trying the few there are.
    import hashlib

    import cbor2

    plain = hashlib.sha256(cbor2.dumps({**WHAT, "answer": "deceased"}, canonical=True)).hexdigest()
    assert plain not in stored_hash
