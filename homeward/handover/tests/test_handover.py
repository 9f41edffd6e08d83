"""The moment itself: what it needs, what follows, how else it ends; also against direct SQL."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from homeward.decisions import actions as decisions
from homeward.enquiries.models import SoughtPerson
from homeward.handover import actions
from homeward.handover.models import Arrival, ArrivalState, FollowUp, Handover, Outcome, Role, Signature
from homeward.handover.tests.cast import a_sheet, escorted, expected, hana, received, signed
from homeward.lib import clock
from homeward.register.models import State as EntryState
from homeward.returns import actions as returns
from homeward.returns import effects
from homeward.returns.effects import Thing
from homeward.returns.models import Custodian, ItemKind, Notice, Packet, Return, Says, State
from homeward.returns.tests.cast import COMER, rhea
from homeward.signer.client import trust
from homeward.signer.verify import check_receipt
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_everything_in_order_and_everything_that_follows() -> None:
    one = escorted()
    packet = effects.list_packet(
        one.entry, [Thing(ItemKind.EFFECT, "a watch"), Thing(ItemKind.MONEY, "notes", currency="UAH", amount=12_500)],
        seal_number="S-1", by=rhea(),
    )  # fmt: skip
    effects.seal_packet(packet, by=rhea())

    handover = actions.record_handover(one, a_sheet(), by=hana())

    one.refresh_from_db()
    one.entry.refresh_from_db()
    assert one.state == State.HANDED_OVER
    assert one.entry.state == EntryState.RELEASED
    assert Notice.objects.filter(entry=one.entry, sent_at__isnull=True).count() == 2
    assert SoughtPerson.objects.get(pk=one.enquiry.sought_id).state == "closed"
    assert FollowUp.objects.filter(return_of=one).count() == 2
    assert Packet.objects.get().custodian == Custodian.GIVEN
    assert list(handover.packets.all()) == [packet]
    assert Signature.objects.filter(receipt_id=handover.receipt_id).count() == 4


def test_the_receipt_is_signed_and_reads_back() -> None:
    handover = actions.record_handover(escorted(), a_sheet(), by=hana())

    verdict, receipt = check_receipt(handover.receipt, _keys())

    assert handover.receipt.startswith("HR1:")
    assert receipt is not None, verdict
    assert receipt.receipt_id.hex() == handover.receipt_id
    assert receipt.place == "kyiv"


def _keys() -> Any:
    from homeward.signer.trust import read_key_set

    root, signed_set = trust()
    return read_key_set(signed_set, root)


MISSING: dict[str, dict[str, Any]] = {
    "no second officer": {"second_officer": None},
    "identities": {"identities_agree": False},
    "not asked": {"says": None},
    "he says no": {"says": Says.NOT_TO_GO},
    "not alone": {"asked_alone": False},
    "another document": {"relative_document": "XX 000000"},
    "no receiver's signature": {"signatures": signed(Role.HANDING, Role.SECOND, Role.WITNESS)},
    "no officer's signature": {"signatures": signed(Role.SECOND, Role.RECEIVER, Role.WITNESS)},
    "no witness": {"signatures": signed(Role.HANDING, Role.SECOND, Role.RECEIVER)},
    "no number": {"receipt_id": "x"},
    "an old sheet": {"happened_at": clock.now() - timedelta(hours=73)},
    "a sheet of tomorrow": {"happened_at": clock.now() + timedelta(hours=2)},
}


def test_nothing_is_signed_while_something_is_missing() -> None:
    one, by = escorted(), hana()
    for change in MISSING.values():
        with pytest.raises(actions.NotHandedOver):
            actions.record_handover(one, a_sheet(**change), by=by)
    with pytest.raises(actions.NotHandedOver):
        actions.record_handover(one, a_sheet(second_officer=by), by=by)
    with pytest.raises(actions.NotHandedOver):
        actions.record_handover(one, a_sheet(second_officer=make_staff("escort")), by=by)

    one.refresh_from_db()
    assert one.state == State.ESCORTED
    assert not Handover.objects.exists()
    assert not Signature.objects.exists()


def test_kinship_at_two_is_not_enough() -> None:
    one = escorted(level=2)

    with pytest.raises(actions.NotHandedOver):
        actions.record_handover(one, a_sheet(), by=hana())


def test_a_voided_approval_hands_nobody_over() -> None:
    one = escorted()
    assert one.release.proposal is not None
    decisions.void(one.release.proposal, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.record_handover(one, a_sheet(), by=hana())


def test_the_same_sheet_sent_again_is_the_same_handover() -> None:
    one, sheet, by = escorted(), a_sheet(), hana()
    first = actions.record_handover(one, sheet, by=by)

    again = actions.record_handover(one, sheet, by=by)

    assert again.pk == first.pk
    assert Handover.objects.count() == 1
    assert Notice.objects.count() == 2


def test_another_sheet_of_the_same_return_is_refused() -> None:
    one, by = escorted(), hana()
    actions.record_handover(one, a_sheet(), by=by)

    with pytest.raises(actions.NotHandedOver):
        actions.record_handover(one, a_sheet(), by=by)


@pytest.mark.parametrize(
    ("outcome", "state", "arrival"),
    [
        (Outcome.HE_REFUSED, State.WITHDRAWN, ArrivalState.TURNED_BACK),
        (Outcome.FAMILY_REFUSED, State.SUSPENDED, ArrivalState.TURNED_BACK),
        (Outcome.POSTPONED, State.SUSPENDED, ArrivalState.TURNED_BACK),
        (Outcome.WRONG_PERSON, State.SUSPENDED, ArrivalState.WRONG_PERSON),
    ],
)
def test_it_may_end_otherwise(outcome: Outcome, state: State, arrival: ArrivalState) -> None:
    one = escorted()

    actions.record_handover(one, a_sheet(outcome=outcome, second_officer=None, signatures=(), says=None), by=hana())

    one.refresh_from_db()
    assert one.state == state
    assert Arrival.objects.get().state == arrival
    assert not Notice.objects.exists()
    assert one.entry.state == EntryState.IN_CUSTODY


def test_put_off_today_and_done_another_day() -> None:
    one, by = escorted(), hana()
    actions.record_handover(one, a_sheet(outcome=Outcome.POSTPONED, signatures=(), second_officer=None), by=by)
    one = returns.resume(one, by=rhea())
    assert one.state == State.ACCEPTED
    arrival = expected(one)
    actions.receive(arrival, document_number=COMER.document_number, saw_face=True, by=by)
    returns.move_on(one, State.ESCORTED, by=by)

    actions.record_handover(one, a_sheet(), by=by)

    one.refresh_from_db()
    assert one.state == State.HANDED_OVER


def test_another_person_at_the_meeting_point_is_not_received() -> None:
    arrival = expected()

    with pytest.raises(actions.NotReceived):
        actions.receive(arrival, document_number="FA 999999", saw_face=True, by=hana())
    with pytest.raises(actions.NotReceived):
        actions.receive(arrival, document_number=COMER.document_number, saw_face=False, by=hana())
    actions.do_not_receive(arrival, state=ArrivalState.WRONG_PERSON, by=hana())

    assert Return.objects.get().state == State.SUSPENDED


def test_a_convoy_takes_whom_it_has_seats_for() -> None:
    families = [received() for _ in range(3)]
    now = clock.now()
    convoy = actions.plan_convoy(
        from_place="Dorohusk", to_place="Kyiv", leaves_at=now + timedelta(hours=2), arrives_at=now + timedelta(hours=9),
        cars=[actions.Car("Van 1", 2)], escorts=[make_staff("escort")], by=hana(),
    )  # fmt: skip

    plan = actions.seat_families(by=hana())

    assert (len(plan.seats), len(plan.left)) == (2, 1)
    left = Arrival.objects.get(vehicle__isnull=True)
    with pytest.raises(actions.NoSeat):
        actions.give_seat(left, convoy.vehicles.get(), by=hana())
    assert actions.convoy_leaves(convoy, by=hana()) == 2
    assert sorted(Return.objects.values_list("state", flat=True)) == [State.ESCORTED, State.ESCORTED, State.RECEIVED]
    assert len(families) == 3


# --- direct SQL ------------------------------------------------------------------------------------------------------

COLUMNS = (
    "reference, receipt_id, return_of_id, outcome, happened_at, happened_on, place, first_officer_id, second_officer_id, "
    "wish_id, record, record_hash, receipt, written_at"
)
SABOTAGE = [
    "nothing", "no wish", "old wish", "no approval", "kinship", "receiver", "handing", "second_officer", "witness",
    "not there", "one officer",
]  # fmt: skip


@pytest.mark.parametrize("sabotage", SABOTAGE)
def test_direct_sql_hands_nobody_over(sabotage: str) -> None:
    one = escorted()
    if sabotage == "kinship":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE disclosure_kinship SET level = 1")
    if sabotage == "no approval":
        assert one.release.proposal is not None
        decisions.void(one.release.proposal, by=None)
    if sabotage == "not there":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE returns_return SET state = 'received'")
    receipt, officer = secrets.token_hex(16), hana()
    for each in signed():
        if each.role != sabotage:
            actions._sign(receipt, each)
    day = clock.today()
    wish = returns.record_wish(one, says=Says.TO_GO, said_on=day, was_alone=True, by=officer)
    if sabotage == "old wish":
        day += timedelta(days=31)
    second = officer if sabotage == "one officer" else hana()
    values = [
        "1-1", receipt, one.pk, "done", clock.now(), day, "Kyiv", officer.pk, second.pk,
        None if sabotage == "no wish" else wish.pk, b"x", "h", "", clock.now(),
    ]  # fmt: skip

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO handover_handover ({COLUMNS}) VALUES ({marks})", values)

    if sabotage == "nothing":
        insert()  # so that the others are refused for what they lack, and nothing else
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE returns_return SET state = 'handed_over'")
        return
    with pytest.raises(IntegrityError):
        insert()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE returns_return SET state = 'handed_over'")


def test_a_handover_and_its_signatures_are_not_changed_by_sql() -> None:
    handover = actions.record_handover(escorted(), a_sheet(), by=hana())
    for statement in (
        "UPDATE handover_handover SET outcome = 'postponed'",
        "UPDATE handover_handover SET receipt = 'HR1:X'",
        f"DELETE FROM handover_handover WHERE id = {handover.pk}",
        "UPDATE handover_signature SET picture_hash = 'x'",
        "DELETE FROM handover_signature",
        "UPDATE returns_return SET state = 'accepted'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
