"""Reads of the hotline: who waits, how long, what is due, what an operator sees of a call."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from homeward.access.models import Staff
from homeward.hotline.models import AtDesk, Call, CallBack, Line
from homeward.lib import clock

USUAL_HANDLING = timedelta(minutes=6)
TELL_EVERY = timedelta(seconds=30)
# What one person may take in a day before the desk asks for somebody else.
LOAD = int(os.environ.get("HOMEWARD_HOTLINE_LOAD", "40"))


def line() -> Line:
    """How the line stands."""
    return Line.objects.filter(pk=1).first() or Line(pk=1)


def waiting() -> QuerySet[Call]:
    """Calls in the queue, in the order in which they are answered: distress first, then who came first."""
    return Call.objects.filter(state="queue", ended_at__isnull=True).order_by("-distress", "queued_at", "pk")


def due(moment: datetime | None = None, *, care: bool = False) -> QuerySet[CallBack]:
    """Call-backs to be made now, in her hours; those for the psychologist stand in a queue of their own."""
    moment = moment or clock.now()
    hour = timezone.localtime(moment).hour
    rows = CallBack.objects.filter(state="waiting", due_at__lte=moment, from_hour__lte=hour, to_hour__gt=hour)
    rows = rows.filter(kind="care") if care else rows.exclude(kind="care")
    return rows.order_by("-distress", "since", "pk")


def open_call_backs(*, care: bool = False) -> QuerySet[CallBack]:
    """Every call-back the house still owes."""
    rows = CallBack.objects.filter(state__in=["waiting", "taken"]).select_related("call", "taken_by")
    rows = rows.filter(kind="care") if care else rows.exclude(kind="care")
    return rows.order_by("due_at", "pk")


def next_one() -> Call | CallBack | None:
    """What the next free operator takes: who has waited longest, on the line or for the call back she was promised."""
    call, call_back = waiting().first(), due().first()
    if call is None or call_back is None:
        return call or call_back
    first = (not call_back.distress, call_back.since) < (not call.distress, call.queued_at)
    return call_back if first else call


def place_of(call: Call) -> int:
    """Her place: who is answered before her, and she herself."""
    queued = call.queued_at or clock.now()
    before = Q(queued_at__lt=queued) | Q(queued_at=queued, pk__lt=call.pk)
    owed = Q(since__lt=queued)
    if call.distress:
        before, owed = before & Q(distress=True), owed & Q(distress=True)
    else:
        before, owed = before | Q(distress=True), owed | Q(distress=True)
    return waiting().filter(before).count() + due().filter(owed).count() + 1


def usual_handling() -> timedelta:
    """How long a call takes, as the last fifty did."""
    rows = Call.objects.filter(taken_at__isnull=False, closed_at__isnull=False).order_by("-closed_at")
    lengths = [closed - taken for taken, closed in rows.values_list("taken_at", "closed_at")[:50] if taken and closed]
    return sum(lengths, timedelta()) / len(lengths) if lengths else USUAL_HANDLING


def expected_minutes(place: int) -> int | None:
    """How many minutes somebody at this place waits; None while nobody is at work, for nobody can know."""
    people = AtDesk.objects.filter(state__in=["ready", "talking"]).count()
    if not people:
        return None
    return max(1, -(-int(usual_handling().total_seconds() * place / people) // 60))


def longest_wait() -> timedelta:
    """How long the one who has waited longest waits, now."""
    first = Call.objects.filter(state="queue", ended_at__isnull=True).order_by("queued_at").first()
    return clock.now() - first.queued_at if first and first.queued_at else timedelta()


def taken_today(staff: Staff) -> int:
    """How many calls somebody has taken since midnight."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return Call.objects.filter(operator=staff, taken_at__gte=midnight).count()


def current_call(staff: Staff) -> Call | None:
    """The call somebody has in hand."""
    rows = Call.objects.filter(operator=staff, closed_at__isnull=True)
    return rows.select_related("keyed", "enquiry", "answers").first()


def at_desk(staff: Staff) -> AtDesk:
    """Her state at the desk."""
    return AtDesk.objects.filter(staff=staff).first() or AtDesk(staff=staff)


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """A call that came from the same number: when, what came of it, the note."""

    call: Call
    note: str


def earlier_calls(call: Call) -> Sequence[EarlierCall]:
    """The last calls from her number, the newest first."""
    if call.number_index is None:
        return []
    rows = Call.objects.filter(number_index=call.number_index, came_at__lt=call.came_at).exclude(pk=call.pk)
    return [EarlierCall(each, each.note or "") for each in rows.order_by("-came_at")[:5]]
