from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from homeward.audit.models import Event
from homeward.journeys import actions, jobs, networks, planning, queries
from homeward.journeys.models import Alarm, CheckIn, Closure, Journey, NetworkVersion, NewWay, State, Step, Via
from homeward.journeys.tests.cast import TODAY, make_journey, plan_for, sent_journey
from homeward.lib import clock
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _on_a_day(settings: object) -> Iterator[None]:
    settings.TRAINING = True  # type: ignore[attr-defined]
    with clock.freeze(TODAY):
        yield


def shutting(what: str) -> actions.Shutting:
    return actions.Shutting(what, TODAY, None, {"en": "The road is closed"}, "border service")


def ends(journey: Journey) -> list[str]:
    return [leg.end for leg in journey.legs.all()]


def test_a_planned_journey_is_sent_once_and_only_then_hers() -> None:
    journey = make_journey()
    assert queries.journey_of(journey.enquiry) is None

    journey = actions.send(journey, by=make_staff("journey_coordinator"))

    assert journey.state == State.SENT
    assert queries.journey_of(journey.enquiry) == journey
    assert journey.phrase_ours != journey.phrase_hers
    with pytest.raises(actions.NotNow):
        actions.send(journey, by=make_staff("journey_coordinator"))


def test_a_family_has_one_journey_at_a_time() -> None:
    journey = make_journey()

    with pytest.raises(actions.NotNow):
        plan_for(journey.enquiry)
    actions.abort(journey, reason="other", by=make_staff("journey_coordinator"))

    assert plan_for(journey.enquiry).pk != journey.pk


def test_signs_lead_through_the_states_to_the_meeting_point() -> None:
    journey = sent_journey()
    seen = []

    for end in ends(journey):
        journey = actions.check_in(journey, end, via=Via.PAGE)
        seen.append(journey.state)
        if journey.state == State.RECEIVED:
            break

    assert journey.gateway == "KGD"
    assert seen[0] == State.AT_GATEWAY
    assert State.AT_CROSSING in seen
    assert seen[-1] == State.RECEIVED
    assert journey.ended_at == TODAY
    assert journey.due_at is None
    assert CheckIn.objects.filter(journey=journey).count() == len(seen)


def test_the_same_sign_twice_is_one_and_an_earlier_place_changes_nothing() -> None:
    journey = sent_journey()
    places = ends(journey)
    actions.check_in(journey, places[2], via=Via.PAGE)

    actions.check_in(journey, places[2], via=Via.TELEGRAM)
    journey = actions.check_in(journey, places[0], via=Via.PAGE)

    assert journey.place_known == places[2]
    assert CheckIn.objects.count() == 1
    assert journey.legs.filter(done_at__isnull=False).count() == 3


def test_a_place_off_the_way_and_a_journey_not_sent_are_refused() -> None:
    with pytest.raises(actions.NotNow):
        actions.check_in(make_journey(), "KGD", via=Via.PAGE)
    journey = sent_journey()
    with pytest.raises(actions.NotNow):
        actions.check_in(journey, "IST", via=Via.PAGE)

    assert CheckIn.objects.count() == 0


def test_silence_climbs_from_doorbell_to_call_to_duty_officer_and_a_sign_ends_it() -> None:
    journey = sent_journey()
    first = journey.legs.all()[0]

    with clock.freeze(first.alarm_at - timedelta(minutes=1)):
        assert not jobs.raise_alarms()
    with clock.freeze(first.alarm_at):
        assert jobs.raise_alarms()
        assert not jobs.raise_alarms()
    journey.refresh_from_db()
    assert journey.state == State.OVERDUE
    assert [alarm.step for alarm in Alarm.objects.all()] == [Step.DOORBELL]
    with clock.freeze(first.alarm_at + timedelta(minutes=50)):
        jobs.raise_alarms()
    with clock.freeze(first.alarm_at + timedelta(hours=3)):
        jobs.raise_alarms()
        assert not jobs.raise_alarms()
    assert [alarm.step for alarm in Alarm.objects.order_by("pk")] == [Step.DOORBELL, Step.CALL, Step.DUTY]
    with clock.freeze(first.alarm_at + timedelta(hours=4)):
        journey = actions.check_in(journey, first.end, via=Via.HOTLINE, by=make_staff("operator"))

    assert journey.state == State.AT_GATEWAY
    assert not Alarm.objects.filter(settled_at__isnull=True).exists()


def test_help_is_a_call_at_once() -> None:
    journey = actions.say_something_is_wrong(sent_journey(), via=Via.PAGE)

    coordinator = make_staff("journey_coordinator")
    alarm = queries.open_alarms(coordinator).get()
    assert alarm.step == Step.CALL
    assert list(queries.late(coordinator)) == [journey]
    actions.settle_alarm(alarm, outcome="helped", by=coordinator)
    assert not queries.open_alarms(coordinator).exists()


def test_a_closure_plans_anew_and_only_a_release_changes_the_journey() -> None:
    journey = sent_journey()
    before = ends(journey)
    assert "MEDY" in before

    closure, touched = actions.close(shutting("place:MEDY"), by=make_staff("journey_coordinator"))

    assert touched == 1
    assert ends(journey) == before
    way = NewWay.objects.get()
    assert way.closure == closure
    assert way.legs
    journey = actions.release_way(way, by=make_staff("journey_coordinator"))
    assert "MEDY" not in ends(journey)
    assert ends(journey)[-1] == "KYIV"
    with pytest.raises(actions.NotNow):
        actions.release_way(way, by=make_staff("journey_coordinator"))


def test_those_past_the_point_are_left_alone_and_who_is_before_it_goes_on_from_where_she_is() -> None:
    past, before = sent_journey(), sent_journey()
    border = past.legs.get(end="SHEH")
    with clock.freeze(border.leaves_at - timedelta(minutes=30)):
        actions.check_in(past, "SHEH", via=Via.PAGE)
        actions.check_in(before, "PRZ", via=Via.PAGE)

        _closure, touched = actions.close(shutting("place:MEDY"), by=make_staff("journey_coordinator"))

        way = NewWay.objects.get()
        assert touched == 1
        assert way.journey == before
        kept = way.keeps
        assert kept == before.legs.get(end="PRZ").position
        journey = actions.release_way(way, by=make_staff("journey_coordinator"))
        assert journey.legs.get(position=kept + 1).start == "PRZ"
        assert "MEDY" not in ends(journey)


def test_where_there_is_no_other_way_nothing_can_be_released() -> None:
    sent_journey()

    actions.close(shutting("country:PL"), by=make_staff("journey_coordinator"))

    way = NewWay.objects.get()
    assert way.legs is None
    with pytest.raises(actions.NotNow):
        actions.release_way(way, by=make_staff("journey_coordinator"))


def test_convoy_seats_are_given_out_once() -> None:
    journeys = [sent_journey(party=6) for _number in range(3)]

    leaving = [(leg.code, leg.leaves_at) for journey in journeys for leg in journey.legs.filter(kind="escort")]
    taken = planning.seats_taken()

    network = networks.current()
    assert len(leaving) >= 3
    assert all(people <= (network.legs[code].seats or 0) for (code, _minute), people in taken.items())
    assert len(set(leaving)) > 1


def test_a_changed_place_is_a_new_version_and_a_stale_page_is_refused() -> None:
    coordinator = make_staff("journey_coordinator")
    version = networks.current_version()
    said = next(each for each in version.document["places"] if each["code"] == "VNO")

    made = actions.change_network("places", {**said, "on": True}, on_number=version.number, by=coordinator)

    assert made.number == version.number + 1
    assert networks.current().places["VNO"].is_on
    with pytest.raises(actions.SomebodyElseChanged):
        actions.change_network("places", said, on_number=version.number, by=coordinator)
    with pytest.raises(actions.NetworkRefused):
        actions.change_network("places", {**said, "zone": "Nowhere/At_all"}, on_number=made.number, by=coordinator)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journeys_checkin SET place = 'KGD'",
        "DELETE FROM journeys_checkin",
        "UPDATE journeys_networkversion SET why = 'x'",
        "UPDATE journeys_journey SET sent_at = NULL",
        "UPDATE journeys_journey SET state = 'received'",
        "UPDATE journeys_traveller SET position = 4",
    ],
)
def test_direct_sql_is_refused(sql: str) -> None:
    journey = sent_journey(people=[actions.Person("Ada Zubrytska", "1964-02-01", "RU", "70 1234567")])
    actions.check_in(journey, "KGD", via=Via.PAGE)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_ended_journey_stays_ended_by_sql() -> None:
    actions.abort(sent_journey(), reason="other", by=make_staff("journey_coordinator"))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE journeys_journey SET state = 'sent', ended_at = NULL")


def test_no_audit_line_or_row_carries_a_name_in_the_clear() -> None:
    journey = sent_journey(people=[actions.Person("Ada Zubrytska", "1964-02-01", "RU", "70 1234567")])

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, document FROM journeys_traveller")
        for value in cursor.fetchone():
            assert b"Ada" not in bytes(value)
            assert b"1234567" not in bytes(value)
    assert not [event for event in Event.objects.all() if "Ada" in f"{event.about}{event.detail}"]
    assert Event.objects.filter(about=journey.reference).count() >= 2


def test_the_pages_plan_send_close_and_release() -> None:
    coordinator = make_staff("journey_coordinator")
    client = sign_in(Client(), coordinator)
    enquiry = make_journey().enquiry
    actions.abort(Journey.objects.get(), reason="other", by=coordinator)
    question = {
        "origin": "MOW",
        "goal": "KYIV",
        "on": "2026-12-07",
        "party": 1,
        "nationality": "RU",
        "enquiry": enquiry.reference,
    }

    page = client.get("/journeys/plan", question)
    token = page.context["ways"][0]["token"]
    client.post("/journeys/plan/choose", {"token": token, "call": "+48 600 000 000"})
    journey = Journey.objects.get(state=State.PLANNED)
    client.post(f"/journeys/j/{journey.reference}/send")
    closing = {"what": "place:MEDY", "since": "2026-12-01T10:00", "source": "border service", "reason_en": "Closed"}
    preview = client.post("/journeys/network/closures/new", {**closing, "look": "1"})
    assert preview.context["touched"] == 1
    assert not NewWay.objects.exists()
    client.post("/journeys/network/closures/new", {**closing, "save": "1"})
    client.post("/journeys/new-ways/release-all", {"way": [NewWay.objects.get().reference]})

    journey.refresh_from_db()
    assert journey.state == State.SENT
    assert "MEDY" not in ends(journey)
    assert "airspace" in page.content.decode()
    for path in ("/journeys/", f"/journeys/j/{journey.reference}", "/journeys/network", "/journeys/network?at=KGD",
                 "/journeys/network/closures", "/journeys/network/places/KGD", "/journeys/network/legs/KGD-MAMO-BUS",
                 "/journeys/new-ways", f"/journeys/j/{journey.reference}/people"):  # fmt: skip
        assert client.get(path).status_code == 200, path
    assert client.get(f"/journeys/j/{journey.reference}/paper.pdf").content.startswith(b"%PDF")


def test_another_desk_does_not_see_it_and_a_forged_way_is_refused() -> None:
    journey = sent_journey()
    dov = sign_in(Client(), make_staff("journey_coordinator", desk="2"))

    assert dov.get(f"/journeys/j/{journey.reference}").status_code == 404
    assert dov.post("/journeys/plan/choose", {"token": "forged"}).status_code == 403


def test_the_network_goes_out_to_a_file_and_comes_back(tmp_path: object) -> None:
    from django.core.management import call_command

    networks.current()
    path = f"{tmp_path}/network.json"

    call_command("network", "export", path)
    call_command("network", "import", path)

    first, second = NetworkVersion.objects.order_by("number")
    assert first.document["legs"] == second.document["legs"]
    assert Closure.objects.count() == len(networks.shipped()["closures"])
