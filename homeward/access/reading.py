"""Reading budgets: a person who opens record after record is stopped before she has seen the register (SECURITY.md row 3).

    reading.read(Deed.READ, about=entry.reference, by=request.user)     # instead of audit.record, on a sensitive page

The audit line of the reading and the count stand in one transaction. A record opened again within the hour is not a new one.
Alarms come in steps: near the day's budget; the hour's spent (reading goes on by itself when the hour has passed); the
day's spent (an administrator has to say that it may go on, or the day has to pass).
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from homeward.access.deeds import Deed
from homeward.access.models import Opening, ReadingAlarm, Staff
from homeward.audit import actions as audit
from homeward.lib import clock
from homeward.lib.refusals import Refusal

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
# Openings older than the longest budget say nothing any more; they go at every so manieth opening of the same person.
_KEPT, _TIDIED = 2 * DAY, 50
Step = ReadingAlarm.Step


class BudgetSpent(Refusal):
    """So many records were opened in so short a time that a person has to look at why."""

    status = 429


def read(deed: str, *, about: str, by: Staff) -> None:
    """Record that this person opens this record; refused when her budget of the hour or the day is spent."""
    moment = clock.now()
    since_day, since_hour = moment - DAY, moment - HOUR
    in_hour = Q(opened_at__gt=since_hour)
    opened = Opening.objects.filter(staff=by, opened_at__gt=since_day).aggregate(
        day=Count("about", distinct=True),
        hour=Count("about", distinct=True, filter=in_hour),
        known=Count("pk", filter=in_hour & Q(about=about)),
    )
    if not opened["known"]:
        if opened["day"] >= settings.READING_DAY:
            _alarm(Step.DAY, by, since=since_day)
            raise BudgetSpent(
                _(
                    "You have opened more records today than anybody's work asks for. An administrator can let you go on."
                )
            )
        if opened["hour"] >= settings.READING_HOUR:
            _alarm(Step.HOUR, by, since=since_hour)
            raise BudgetSpent(_("You have opened very many records within an hour. Go on in a while."))
        if opened["day"] + 1 >= settings.READING_DAY * 0.8:
            _alarm(Step.NEAR, by, since=since_day)
    with transaction.atomic():
        if not opened["known"]:
            opening = Opening.objects.create(staff=by, about=about, opened_at=moment)
            if opening.pk % _TIDIED == 0:
                Opening.objects.filter(opened_at__lt=moment - _KEPT).delete()
        audit.record(deed, by=by, about=about)


def _alarm(step: str, staff: Staff, *, since: object) -> None:
    """Raise it once in the time it stands for."""
    if ReadingAlarm.objects.filter(staff=staff, step=step, raised_at__gt=since, lifted_at__isnull=True).exists():
        return
    with transaction.atomic():
        ReadingAlarm.objects.create(staff=staff, step=step)
        audit.record(Deed.READING_ALARM, by=staff, about=staff.reference, detail={"step": step})


@transaction.atomic
def lift(alarm: ReadingAlarm, *, by: Staff) -> None:
    """An administrator asked why and it is in order: counting begins anew, and her open alarms are settled."""
    staff = Staff.objects.select_for_update().get(pk=alarm.staff_id)
    if staff.pk == by.pk:
        raise Refusal(_("Nobody settles an alarm about herself."))
    moment = clock.now()
    ReadingAlarm.objects.filter(staff=staff, lifted_at__isnull=True).update(lifted_at=moment, lifted_by=by)
    Opening.objects.filter(staff=staff).delete()
    audit.record(Deed.ALARM_LIFTED, by=by, about=staff.reference)
