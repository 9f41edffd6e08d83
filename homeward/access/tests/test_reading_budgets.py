"""Nobody opens record after record: reading budgets, their alarms, and who settles them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from homeward.access import reading
from homeward.access.models import Opening, ReadingAlarm
from homeward.audit.models import Event
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.register.tests.cast import enter
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def small_budgets(settings):
    settings.READING_HOUR, settings.READING_DAY = 3, 5
    settings.TRAINING = True  # no second factor to set up first


def open_records(staff, count, *, start=0):
    for number in range(start, start + count):
        reading.read("register.read", about=f"R-{number}", by=staff)


def an_hour_passes(staff):
    Opening.objects.filter(staff=staff).update(opened_at=clock.now() - timedelta(minutes=61))


def test_the_hour_s_budget_stops_a_person_until_the_hour_has_passed():
    cleo = make_staff("registrar")
    open_records(cleo, 3)

    with pytest.raises(reading.BudgetSpent):
        open_records(cleo, 1, start=3)

    assert list(ReadingAlarm.objects.values_list("staff", "step")) == [(cleo.pk, "hour")]
    assert Event.objects.filter(deed="register.read").count() == 3, "what was refused was not read"
    an_hour_passes(cleo)
    open_records(cleo, 1, start=3)


def test_a_record_opened_again_is_not_a_new_one():
    cleo = make_staff("registrar")

    for _time in range(10):
        open_records(cleo, 3)

    assert Opening.objects.count() == 3
    assert Event.objects.filter(deed="register.read").count() == 30, "each reading has its line all the same"


def test_the_day_s_budget_stops_her_until_an_administrator_has_asked():
    cleo, adam = make_staff("registrar"), make_staff("administrator")
    open_records(cleo, 3)
    an_hour_passes(cleo)
    open_records(cleo, 2, start=3)
    an_hour_passes(cleo)

    for _time in range(2):
        with pytest.raises(reading.BudgetSpent):
            open_records(cleo, 1, start=5)

    alarms = ReadingAlarm.objects.order_by("pk")
    assert [alarm.step for alarm in alarms] == ["near", "day"], "each is raised once"
    reading.lift(alarms[1], by=adam)
    open_records(cleo, 1, start=5)
    assert not ReadingAlarm.objects.filter(lifted_at__isnull=True).exists()


def test_one_person_s_reading_does_not_stop_another():
    cleo, eli = make_staff("registrar"), make_staff("tracer")
    open_records(cleo, 3)

    open_records(eli, 3)

    assert not ReadingAlarm.objects.exists()


def test_nobody_settles_an_alarm_about_herself_not_even_by_direct_sql():
    adam = make_staff("administrator")
    alarm = ReadingAlarm.objects.create(staff=adam, step="day")

    with pytest.raises(Refusal):
        reading.lift(alarm, by=adam)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingAlarm.objects.filter(pk=alarm.pk).update(lifted_by=adam, lifted_at=clock.now())


def test_a_robot_with_a_stolen_session_sees_no_more_than_the_budget(client, settings):
    settings.READING_HOUR, settings.READING_DAY = 4, 100
    rosa = make_staff("registrar")
    entries = [enter(rosa) for _number in range(8)]
    sign_in(client, rosa)

    answers = [client.get(entry.get_absolute_url()).status_code for entry in entries]

    assert answers == [200] * 4 + [429] * 4


def test_the_administrator_sees_the_alarm_and_settles_it(client):
    cleo, adam = make_staff("registrar"), make_staff("administrator")
    alarm = ReadingAlarm.objects.create(staff=cleo, step="day")
    sign_in(client, adam)

    assert "Reading alarms" in client.get("/").content.decode()
    assert cleo.name in client.get("/staff/alarms").content.decode()
    client.post(f"/staff/alarms/{alarm.reference}")

    alarm.refresh_from_db()
    assert alarm.lifted_by == adam
    assert Event.objects.filter(deed="access.alarm_lifted", about=cleo.reference).count() == 1
