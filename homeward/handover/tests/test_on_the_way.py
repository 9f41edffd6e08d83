"""From the accepted invitation to the meeting point: nothing is typed twice, and who is on the way is expected."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from homeward.handover import actions, queries
from homeward.handover.actions import Car
from homeward.handover.models import Arrival, ArrivalState, Vehicle
from homeward.handover.tests.cast import hana
from homeward.journeys import actions as journeys
from homeward.journeys import planning
from homeward.journeys.models import ENDED, Journey, Via
from homeward.journeys.models import State as JourneyState
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.returns import actions as returns
from homeward.returns.actions import NotNow
from homeward.returns.models import Invitation, Return, Says, State
from homeward.returns.tests.cast import COMER, accepted
from homeward.testing import make_staff, sign_in

pytestmark = pytest.mark.django_db


def planned(return_of: Return | None = None, *, party: int = 1) -> Journey:
    one = return_of or accepted()
    wanted = planning.wanted_for(party=party, nationality=COMER.nationality, step_free=False)
    way = planning.ways_for("MSQ", "KYIV", timezone.localdate(clock.now()) + timedelta(days=2), wanted=wanted).ways[0]
    return journeys.plan_journey(
        one.enquiry,
        way,
        party=party,
        nationality=COMER.nationality,
        returning=one,
        by=make_staff("journey_coordinator"),
    )


def sent() -> Journey:
    return journeys.send(planned(), by=make_staff("journey_coordinator"))


def test_who_accepted_is_in_the_journey() -> None:
    journey = planned()

    only = journey.travellers.get()
    assert (only.name, only.born, only.nationality, only.document) == (
        COMER.name, COMER.born, COMER.nationality, COMER.document_number,
    )  # fmt: skip


def test_a_way_for_fewer_than_come_is_refused() -> None:
    one = accepted()
    wanted = planning.wanted_for(party=1, nationality="UA", step_free=False)
    way = planning.ways_for("MSQ", "KYIV", timezone.localdate(clock.now()) + timedelta(days=2), wanted=wanted).ways[0]
    two = [journeys.Person("A", document="1"), journeys.Person("B", document="2")]

    with pytest.raises(Refusal):
        journeys.plan_journey(one.enquiry, way, people=two, returning=one, by=make_staff("journey_coordinator"))
    assert not Journey.objects.exists()


def test_who_was_sent_a_journey_is_expected_and_received() -> None:
    journey = sent()
    arrival = Arrival.objects.get(return_of=journey.returning)
    assert arrival.expected_at == journey.window_from
    assert arrival.people == 1

    journeys.check_in(journey, journey.gateway or journey.origin, via=Via.PAGE)
    actions.receive(arrival, document_number=COMER.document_number, saw_face=True, by=hana())

    journey.refresh_from_db()
    assert journey.state == JourneyState.RECEIVED
    assert Return.objects.get().state == State.RECEIVED


def test_her_own_sign_at_the_meeting_point_does_not_stand_in_the_way() -> None:
    journey = sent()
    journeys.check_in(journey, journey.meeting, via=Via.PAGE)

    actions.receive(Arrival.objects.get(), document_number=COMER.document_number, saw_face=True, by=hana())

    assert Return.objects.get().state == State.RECEIVED
    assert Arrival.objects.get().state == ArrivalState.RECEIVED


def test_a_sign_of_her_is_kept_though_the_return_may_not_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_old(*_args: object, **_more: object) -> None:
        raise NotNow("his wish is older than thirty days")

    journey = sent()
    monkeypatch.setattr(returns, "move_on", too_old)

    journeys.check_in(journey, journey.gateway or journey.origin, via=Via.PAGE)

    journey.refresh_from_db()
    assert journey.check_ins.count() == 1
    assert Return.objects.get().state == State.ACCEPTED


def test_the_coordinator_sees_which_return_could_not_follow_and_why(settings: Any) -> None:
    settings.TRAINING = True
    journey = sent()
    one = journey.returning
    assert one is not None
    with clock.freeze(clock.now() + timedelta(days=31)):
        journeys.check_in(journey, journey.gateway or journey.origin, via=Via.PAGE)
        client = sign_in(Client(), make_staff("journey_coordinator"))
        page = client.get("/journeys/").content.decode()
        assert one.reference in page
        assert "older than thirty days" in page

        returns.record_wish(
            one, says=Says.TO_GO, said_on=clock.today(), was_alone=True, by=make_staff("return_officer")
        )
        client.post(f"/journeys/j/{journey.reference}/follow")

        assert Return.objects.get().state == State.TRAVELLING
        assert "The return cannot follow" not in client.get("/journeys/").content.decode()


def test_people_named_anew_are_carried_on(settings: Any) -> None:
    settings.TRAINING = True
    journey = sent()
    other = replace(COMER, name="SZCZERBACKA NINA", document_number="FA 999")
    returns.accept_invitation(Invitation.objects.get(), [other])
    client = sign_in(Client(), make_staff("journey_coordinator"))
    assert "Other people come" in client.get("/journeys/").content.decode()

    client.post(f"/journeys/j/{journey.reference}/names")

    assert journey.travellers.get().name == other.name
    assert "Other people come" not in client.get("/journeys/").content.decode()
    returns.accept_invitation(Invitation.objects.get(), [other, COMER])
    answer = client.post(f"/journeys/j/{journey.reference}/names", follow=True)
    assert "more than this way was looked for" in answer.content.decode()
    assert journey.travellers.get().name == other.name


def test_a_convoy_finds_its_families_by_the_place_and_not_by_its_name() -> None:
    one = accepted()
    arrival = actions.expect(one, place="дорогуськ", at=clock.now() + timedelta(hours=1), by=hana())
    assert (arrival.point, arrival.place) == ("DORO", "Dorohusk")
    actions.receive(arrival, document_number=COMER.document_number, saw_face=True, by=hana())
    now = clock.now()
    for place in ("DORO", "Medyka"):
        actions.plan_convoy(
            from_place=place, to_place="KYIV", leaves_at=now + timedelta(hours=2), arrives_at=now + timedelta(hours=9),
            cars=[Car("Van", 7)], escorts=[make_staff("escort")], by=hana(),
        )  # fmt: skip
    near, far = Vehicle.objects.order_by("pk")
    arrival.refresh_from_db()
    assert queries.cars_to_take(arrival) == [near]
    with pytest.raises(Refusal):
        actions.give_seat(arrival, far, by=hana())

    actions.seat_families(by=hana())

    arrival.refresh_from_db()
    assert arrival.vehicle == near


def test_a_journey_called_off_is_not_expected_and_can_be_planned_again() -> None:
    journey = sent()
    journeys.abort(journey, reason="ill", by=make_staff("journey_coordinator"))
    assert Arrival.objects.get().state == ArrivalState.TURNED_BACK

    again = sent_again(journey)

    assert Arrival.objects.filter(state=ArrivalState.EXPECTED).get().expected_at == again.window_from


def sent_again(journey: Journey) -> Journey:
    one = Return.objects.get(pk=journey.returning_id)
    return journeys.send(planned(one), by=make_staff("journey_coordinator"))


def test_who_turns_back_at_the_meeting_point_ends_her_journey() -> None:
    journey = sent()
    journeys.check_in(journey, journey.origin, via=Via.PAGE)

    actions.do_not_receive(Arrival.objects.get(), state=ArrivalState.TURNED_BACK, by=hana())

    journey.refresh_from_db()
    assert journey.state in ENDED
    assert Return.objects.get().state == State.ACCEPTED


def test_she_who_never_got_her_journey_is_received_all_the_same() -> None:
    journey = planned()
    one = Return.objects.get(pk=journey.returning_id)
    arrival = actions.expect(one, place="Yahodyn", at=clock.now(), by=hana())

    actions.receive(arrival, document_number=COMER.document_number, saw_face=True, by=hana())

    journey.refresh_from_db()
    assert journey.state == JourneyState.ABORTED
    assert Return.objects.get().state == State.RECEIVED


def test_the_list_shows_where_her_journey_stands(settings: Any) -> None:
    settings.TRAINING = True
    journey = sent()
    Journey.objects.filter(pk=journey.pk).update(state=JourneyState.OVERDUE, place_known=journey.origin)
    Arrival.objects.update(expected_at=clock.now())

    page = sign_in(Client(), hana()).get(reverse("handover:list")).content.decode()

    assert COMER.name in page
    assert "overdue" in page
    assert "Minsk" in page
