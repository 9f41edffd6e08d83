"""What the supervisor sees: the line now, its days and weeks, and how many people tomorrow needs."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from homeward.hotline import erlang, queries
from homeward.hotline.models import AtDesk, Call
from homeward.lib import clock

WEEKS = 4
IN_TIME = 20


@dataclass(frozen=True, slots=True)
class Now:
    """The board at this moment. `abandoned`: percent of today's callers who waited and left without an answer or a call-back."""

    waiting: int
    longest: int
    desks: dict[str, int]
    due: int
    owed: int
    came: int
    answered: int
    abandoned: int
    languages: list[tuple[str, int]]


def midnight_of(day: date) -> datetime:
    """When that day begins in the bureau."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def board() -> Now:
    """The line as it stands."""
    midnight = midnight_of(clock.today())
    today = Call.objects.filter(came_at__gte=midnight, answers__isnull=True)
    waited = today.filter(queued_at__isnull=False)
    left = waited.filter(taken_at__isnull=True, ended_at__isnull=False, call_backs__isnull=True).count()
    asked = waited.count()
    return Now(
        waiting=queries.waiting().count(),
        longest=int(queries.longest_wait().total_seconds()),
        desks=dict(AtDesk.objects.values_list("state").annotate(Count("pk"))),
        due=queries.due().count(),
        owed=queries.open_call_backs().count(),
        came=today.count(),
        answered=today.filter(taken_at__isnull=False).count(),
        abandoned=round(100 * left / asked) if asked else 0,
        languages=list(today.values_list("language").annotate(n=Count("pk")).order_by("-n")),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour or day: how many called, how many of them spoke with somebody."""

    label: str
    came: int
    answered: int
    x: int
    high: int
    high_answered: int

    @property
    def top(self) -> int:
        """Where the bar begins in a drawing 100 high."""
        return 110 - self.high

    @property
    def top_answered(self) -> int:
        """Where the answered part begins."""
        return 110 - self.high_answered


def _bars(labels: list[str], came: Counter[int], answered: Counter[int], *, step: int) -> list[Bar]:
    most = max([*came.values(), 1])
    return [
        Bar(label, came[n], answered[n], 10 + n * step, round(100 * came[n] / most), round(100 * answered[n] / most))
        for n, label in enumerate(labels)
    ]


def day_chart(day: date) -> list[Bar]:
    """Calls by hour."""
    came, answered = Counter[int](), Counter[int]()
    rows = Call.objects.filter(came_at__gte=midnight_of(day), came_at__lt=midnight_of(day + timedelta(days=1)))
    for at, taken in rows.filter(answers__isnull=True).values_list("came_at", "taken_at"):
        hour = timezone.localtime(at).hour
        came[hour] += 1
        answered[hour] += taken is not None
    return _bars([str(hour) for hour in range(24)], came, answered, step=26)


def week_chart(last: date) -> list[Bar]:
    """Calls by day, seven days to that one."""
    first = last - timedelta(days=6)
    came, answered = Counter[int](), Counter[int]()
    rows = Call.objects.filter(came_at__gte=midnight_of(first), came_at__lt=midnight_of(last + timedelta(days=1)))
    for at, taken in rows.filter(answers__isnull=True).values_list("came_at", "taken_at"):
        number = (timezone.localtime(at).date() - first).days
        came[number] += 1
        answered[number] += taken is not None
    return _bars([f"{first + timedelta(days=n):%d.%m}" for n in range(7)], came, answered, step=90)


@dataclass(frozen=True, slots=True)
class Need:
    """One hour of tomorrow: how many calls are to be expected, how many people they need."""

    hour: int
    calls: float
    people: int
    in_time: int  # percent answered within twenty seconds


def tomorrow() -> list[Need]:
    """From the same weekday of the last four weeks; hours without calls are left out."""
    day = clock.today() + timedelta(days=1)
    handling = queries.usual_handling().total_seconds()
    seen, weeks = Counter[int](), 0
    for back in range(1, WEEKS + 1):
        then = day - timedelta(days=7 * back)
        rows = Call.objects.filter(came_at__gte=midnight_of(then), came_at__lt=midnight_of(then + timedelta(days=1)))
        hours = [
            timezone.localtime(at).hour for at in rows.filter(answers__isnull=True).values_list("came_at", flat=True)
        ]
        weeks += bool(hours)
        seen.update(hours)
    needs = []
    for hour in sorted(seen):
        calls = seen[hour] / weeks
        people = erlang.people_for(calls, handling=handling, seconds=IN_TIME)
        share = erlang.answered_within(calls * handling / 3600, people, seconds=IN_TIME, handling=handling)
        needs.append(Need(hour, round(calls, 1), people, int(100 * share)))
    return needs


def exported(days: int = 28) -> str:
    """A line a day and hour, without persons: calls, answered, mean wait."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["day", "hour", "calls", "answered", "mean_wait_seconds"])
    rows = Call.objects.filter(came_at__gte=midnight_of(clock.today() - timedelta(days=days)), answers__isnull=True)
    groups: dict[tuple[str, int], list[float | None]] = {}
    for at, queued, taken in rows.order_by("came_at").values_list("came_at", "queued_at", "taken_at"):
        local = timezone.localtime(at)
        wait = (taken - queued).total_seconds() if taken and queued else None
        groups.setdefault((f"{local:%Y-%m-%d}", local.hour), []).append(wait)
    for (day, hour), waits in groups.items():
        known = [wait for wait in waits if wait is not None]
        writer.writerow([day, hour, len(waits), len(known), round(sum(known) / len(known)) if known else ""])
    return out.getvalue()
