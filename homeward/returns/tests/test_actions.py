"""The way of a return up to the family's answer."""

from datetime import timedelta

import pytest

from homeward.decisions import actions as decisions
from homeward.disclosure.tests.cast import at_level
from homeward.lib import clock
from homeward.returns import actions, queries
from homeward.returns.models import Basis, DocumentKind, Fitness, Invitation, Return, Says, State
from homeward.returns.tests.cast import (
    COMER,
    TERMS,
    a_confirmed_pair,
    a_return,
    abel,
    asked,
    decided_list,
    invited,
    rhea,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_list_of_many_is_decided_at_once_and_each_is_still_asked() -> None:
    by = rhea()
    release = actions.open_list("Convoy of May", by=by)
    for _number in range(5):
        match = a_confirmed_pair()
        actions.put_on_list(release, entry=match.entry, enquiry=match.enquiry, terms=TERMS(), by=by)
    proposal = actions.propose_list(release, by=by)

    approved = actions.approve_list(proposal, payload_hash=proposal.payload_hash, by=abel())

    assert approved == 5
    assert {each.state for each in Return.objects.all()} == {State.APPROVED}
    for each in Return.objects.all():
        with pytest.raises(actions.NotNow):
            actions.invite(each, by=by)


def test_the_proposer_does_not_approve() -> None:
    by = rhea()
    release = a_return(by=by).release
    proposal = actions.propose_list(release, by=by)

    with pytest.raises(decisions.SecondPersonNeeded):
        actions.approve_list(proposal, payload_hash=proposal.payload_hash, by=by)


def test_who_confirmed_the_man_does_not_approve() -> None:
    match = a_confirmed_pair()
    by = rhea()
    release = actions.open_list(by=by)
    actions.put_on_list(release, entry=match.entry, enquiry=match.enquiry, terms=TERMS(), by=by)
    proposal = actions.propose_list(release, by=by)
    assert match.same_confirmed_by is not None

    with pytest.raises(decisions.NotImpartial):
        actions.approve_list(proposal, payload_hash=proposal.payload_hash, by=match.same_confirmed_by)


def test_a_man_who_died_meanwhile_voids_the_list() -> None:
    from homeward.register import actions as register
    from homeward.register.models import EventKind
    from homeward.testing import make_staff

    one = a_return()
    proposal = actions.propose_list(one.release, by=rhea())
    register.record_event(one.entry, kind=EventKind.DIED, version=one.entry.version, by=make_staff("registrar"))

    with pytest.raises(actions.CaseChanged):
        actions.approve_list(proposal, payload_hash=proposal.payload_hash, by=abel())


def test_a_refused_list_sets_its_men_free() -> None:
    one = a_return()
    proposal = actions.propose_list(one.release, by=rhea())

    actions.refuse_list(proposal, reason="not_now", by=abel())

    one.refresh_from_db()
    assert one.state == State.REFUSED
    again = actions.put_on_list(
        actions.open_list(by=rhea()), entry=one.entry, enquiry=one.enquiry, terms=TERMS(), by=rhea()
    )
    assert again.state == State.PROPOSED


def test_only_a_man_two_people_confirmed_is_listed() -> None:
    one, other = a_confirmed_pair(), a_confirmed_pair()

    with pytest.raises(actions.NotReleasable):
        actions.put_on_list(
            actions.open_list(by=rhea()), entry=one.entry, enquiry=other.enquiry, terms=TERMS(), by=rhea()
        )


def test_the_wounded_need_their_category() -> None:
    match = a_confirmed_pair()

    with pytest.raises(actions.NotReleasable):
        actions.put_on_list(
            actions.open_list(by=rhea()), entry=match.entry, enquiry=match.enquiry,
            terms=TERMS(basis=Basis.REPATRIATION), by=rhea(),
        )  # fmt: skip


def test_a_wish_in_company_does_not_count() -> None:
    one = decided_list(a_return())

    with pytest.raises(actions.NoWish):
        actions.record_wish(one, says=Says.TO_GO, said_on=clock.today(), was_alone=False, by=rhea())


def test_an_old_wish_does_not_carry_an_invitation() -> None:
    one = decided_list(a_return())
    at_level(one.enquiry, 2)
    asked(one, days_ago=31)
    one.refresh_from_db()
    assert one.state == State.APPROVED
    asked(one, days_ago=29)
    one.refresh_from_db()
    assert one.state == State.WISH_RECORDED
    later = clock.now() + timedelta(days=2)

    with clock.freeze(later), pytest.raises(actions.NoWish):
        actions.invite(one, by=rhea())


def test_no_invitation_below_level_two() -> None:
    one = asked(decided_list(a_return()))
    at_level(one.enquiry, 1)

    with pytest.raises(actions.NoKinship):
        actions.invite(one, by=rhea())


def test_the_family_accepts_and_names_who_comes() -> None:
    one = invited()
    invitation = Invitation.objects.get(return_of=one)

    actions.accept_invitation(invitation, [COMER, COMER], by=None)

    one.refresh_from_db()
    assert one.state == State.ACCEPTED
    assert [each.place for each in queries.travellers_of(one)] == [1, 2]
    assert queries.travellers_of(one)[0].name == COMER.name


def test_at_most_three_come() -> None:
    invitation = Invitation.objects.get(return_of=invited())

    with pytest.raises(actions.NotNow):
        actions.accept_invitation(invitation, [COMER] * 4, by=None)
    with pytest.raises(actions.NotNow):
        actions.accept_invitation(invitation, [], by=None)


def test_a_family_that_declines_stops_the_return_and_it_can_be_taken_up_again() -> None:
    one = invited()
    actions.decline_invitation(Invitation.objects.get(return_of=one), by=None)
    one.refresh_from_db()
    assert (one.state, one.reason) == (State.SUSPENDED, "family_declined")

    one = actions.resume(one, by=rhea())

    assert one.state == State.WISH_RECORDED
    actions.invite(one, by=rhea())


def test_he_takes_his_wish_back_at_any_time_and_everything_towards_the_family_stops() -> None:
    one = invited()
    actions.accept_invitation(Invitation.objects.get(return_of=one), [COMER], by=None)
    actions.move_on(one, State.TRAVELLING, by=None)

    actions.withdraw_wish(one, by=rhea())

    one.refresh_from_db()
    assert one.state == State.WITHDRAWN
    assert queries.standing_invitation(one) is None
    with pytest.raises(actions.NotNow):
        actions.move_on(one, State.RECEIVED, by=None)
    asked(one)
    one.refresh_from_db()
    assert one.state == State.WISH_RECORDED


def test_who_is_not_fit_stands_still() -> None:
    one = invited()

    one = actions.note_fitness(one, fitness=Fitness.NOT_FIT, on=clock.today(), by=rhea())

    assert (one.state, one.reason) == (State.SUSPENDED, "fitness")


def test_revoked_is_the_end() -> None:
    one = actions.revoke(invited(), by=rhea())

    with pytest.raises(actions.NotNow):
        actions.resume(one, by=rhea())
    with pytest.raises(actions.NotNow):
        asked(one)


def test_the_document_kinds_are_three() -> None:
    assert len(DocumentKind.values) == 3
