"""What the database itself refuses, asked by direct SQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from homeward.decisions import actions as decisions
from homeward.disclosure.tests.cast import at_level
from homeward.lib import clock
from homeward.returns.models import NEXT, WITH_FAMILY, Release, Return, State, Wish
from homeward.returns.tests.cast import a_confirmed_pair, abel, in_days, rhea

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def listed(*, release: Release | None = None) -> Return:
    match = a_confirmed_pair()
    release = release or Release.objects.create(made_by=rhea())
    return Return.objects.create(
        release=release, entry=match.entry, enquiry=match.enquiry, basis="parole", authority="Order 1", fitness="fit",
        fitness_on=clock.today(), valid_until=in_days(90),
    )  # fmt: skip


def decided(return_of: Return) -> Return:
    release = return_of.release
    proposal = decisions.propose("returns.release", release.reference, {"list": release.reference}, by=release.made_by)
    release.proposal, release.payload_hash = proposal, proposal.payload_hash
    release.save()
    decisions.approve(proposal, proposal.payload_hash, abel())
    return_of.refresh_from_db()
    return return_of


def wish(return_of: Return, *, days_ago: int = 0, says: str = "to_go") -> Wish:
    return Wish.objects.create(
        return_of=return_of,
        says=says,
        said_on=clock.today() - timedelta(days=days_ago),
        was_alone=True,
        asked_by=rhea(),
    )


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def to(return_of: Return, *states: State) -> None:
    for state in states:
        sql("UPDATE returns_return SET state = %s WHERE id = %s", state.value, return_of.pk)


def refused(statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError):
        sql(statement, *values)


def test_nobody_leaves_the_list_without_a_second_persons_approval() -> None:
    one = listed()

    refused("UPDATE returns_return SET state = 'approved' WHERE id = %s", one.pk)


def test_an_approval_of_another_list_is_none() -> None:
    one, other = listed(), decided(listed())

    refused("UPDATE returns_release SET proposal_id = %s, payload_hash = %s WHERE id = %s",
            other.release.proposal_id, other.release.payload_hash, one.release_id)  # fmt: skip
    sql("UPDATE returns_release SET proposal_id = NULL WHERE id = %s", one.release_id)
    refused("UPDATE returns_return SET state = 'approved' WHERE id = %s", one.pk)


def test_another_hash_is_not_what_was_approved() -> None:
    one = decided(listed())

    refused("UPDATE returns_release SET payload_hash = '1.00' WHERE id = %s", one.release_id)


def test_a_withdrawn_approval_approves_nothing() -> None:
    one = decided(listed())
    assert one.release.proposal is not None
    decisions.void(one.release.proposal, by=None)

    refused("UPDATE returns_return SET state = 'approved' WHERE id = %s", one.pk)


def test_nobody_slips_onto_a_decided_list() -> None:
    one = decided(listed())

    with pytest.raises(IntegrityError), transaction.atomic():
        listed(release=one.release)
    other = listed()
    refused("UPDATE returns_return SET release_id = %s WHERE id = %s", one.release_id, other.pk)
    refused("UPDATE returns_return SET enquiry_id = %s WHERE id = %s", other.enquiry_id, one.pk)
    refused("DELETE FROM returns_return WHERE id = %s", one.pk)


def test_no_state_is_jumped_over() -> None:
    # Walk the whole way with everything in order, and at each place try every state that does not follow.
    one = decided(listed())
    at_level(one.enquiry, 3)
    wish(one)
    way = [State.PROPOSED, State.APPROVED, State.WISH_RECORDED, *WITH_FAMILY]
    for here, following in zip(way, [*way[1:], None], strict=True):
        for other in State:
            if other != here and other not in NEXT[here]:
                refused("UPDATE returns_return SET state = %s WHERE id = %s", other.value, one.pk)
        if following is None or following == State.HANDED_OVER:
            break
        to(one, following)


@pytest.mark.parametrize("sabotage", ["none", "old", "tomorrow", "withdrawn", "not_to_go", "later", "of another"])
def test_no_family_is_invited_without_his_current_wish(sabotage: str) -> None:
    one = decided(listed())
    at_level(one.enquiry, 3)
    if sabotage == "of another":
        wish(listed())
    elif sabotage == "tomorrow":
        wish(one, days_ago=-1)
    elif sabotage != "none":
        said = wish(one, days_ago=31 if sabotage == "old" else 1)
        if sabotage == "withdrawn":
            sql("UPDATE returns_wish SET withdrawn_at = said_on, withdrawn_by_id = asked_by_id WHERE id = %s", said.pk)
        if sabotage in ("not_to_go", "later"):
            wish(one, says=sabotage)
    to(one, State.APPROVED, State.WISH_RECORDED)

    refused("UPDATE returns_return SET state = 'invited' WHERE id = %s", one.pk)


@pytest.mark.parametrize("level", [0, 1])
def test_no_family_is_invited_below_kinship_two(level: int) -> None:
    one = decided(listed())
    wish(one)
    at_level(one.enquiry, level)
    to(one, State.APPROVED, State.WISH_RECORDED)

    refused("UPDATE returns_return SET state = 'invited' WHERE id = %s", one.pk)


def test_nobody_is_handed_over_without_a_handover() -> None:
    one = decided(listed())
    at_level(one.enquiry, 3)
    wish(one)
    to(one, State.APPROVED, State.WISH_RECORDED, *WITH_FAMILY[:-1])

    refused("UPDATE returns_return SET state = 'handed_over' WHERE id = %s", one.pk)


def test_the_day_of_a_state_never_runs_backwards_to_save_an_old_wish() -> None:
    one = decided(listed())
    at_level(one.enquiry, 3)
    wish(one, days_ago=31)
    to(one, State.APPROVED, State.WISH_RECORDED)

    refused(
        "UPDATE returns_return SET state = 'invited', state_on = %s WHERE id = %s",
        clock.today() - timedelta(days=2),
        one.pk,
    )


def test_a_wish_said_in_company_is_no_wish() -> None:
    one = decided(listed())
    with pytest.raises(IntegrityError), transaction.atomic():
        Wish.objects.create(return_of=one, says="to_go", said_on=clock.today(), was_alone=False, asked_by=rhea())


def test_what_he_said_is_not_rewritten() -> None:
    said = wish(decided(listed()), says="not_to_go")

    refused("UPDATE returns_wish SET says = 'to_go' WHERE id = %s", said.pk)
    refused("UPDATE returns_wish SET said_on = %s WHERE id = %s", in_days(1), said.pk)
    refused("DELETE FROM returns_wish WHERE id = %s", said.pk)


def test_a_release_that_ran_out_invites_nobody() -> None:
    one = decided(listed())
    at_level(one.enquiry, 3)
    wish(one)
    to(one, State.APPROVED, State.WISH_RECORDED)

    refused("UPDATE returns_return SET state = 'invited', state_on = %s WHERE id = %s", in_days(91), one.pk)


def test_who_is_not_fit_does_not_travel() -> None:
    one = decided(listed())
    at_level(one.enquiry, 3)
    wish(one)
    sql("UPDATE returns_return SET fitness = 'not_fit' WHERE id = %s", one.pk)
    to(one, State.APPROVED, State.WISH_RECORDED)

    refused("UPDATE returns_return SET state = 'invited' WHERE id = %s", one.pk)


def test_a_man_stands_on_one_list_at_a_time() -> None:
    one = listed()

    with pytest.raises(IntegrityError), transaction.atomic():
        Return.objects.create(
            release=one.release, entry=one.entry, enquiry=one.enquiry, basis="parole", authority="x", fitness="fit",
            fitness_on=clock.today(), valid_until=in_days(1),
        )  # fmt: skip
