"""Reads of journeys: what may this person see, who is where, who is late, who arrives today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from homeward.access.models import Staff
from homeward.enquiries.models import Enquiry
from homeward.journeys.models import (
    ENDED,
    TRAVELLING,
    UNDER_WAY,
    Alarm,
    Closure,
    Journey,
    JourneyLeg,
    NewWay,
    State,
    Step,
)  # fmt: skip
from homeward.lib import clock
from homeward.returns.models import Return
from homeward.returns.models import State as ReturnState


def journeys_visible_to(staff: Staff) -> QuerySet[Journey]:
    """The journeys of the person's desk."""
    return Journey.objects.filter(enquiry__sought__desk=staff.desk).select_related("enquiry__sought")


def on_the_board(staff: Staff) -> QuerySet[Journey]:
    """Journeys that are planned or under way, those in trouble and those late first, then by what is due next."""
    late = Q(state=State.OVERDUE) | Q(trouble_at__isnull=False)
    return (
        journeys_visible_to(staff)
        .exclude(state__in=ENDED)
        .annotate(is_late=Count("pk", filter=late))
        .prefetch_related(Prefetch("legs", queryset=JourneyLeg.objects.order_by("position")))
        .order_by("-is_late", "due_at", "planned_at")
    )


def is_on_the_way(staff: Staff) -> int:
    """How many families of the desk are under way."""
    return journeys_visible_to(staff).filter(state__in=UNDER_WAY).count()


def late(staff: Staff) -> QuerySet[Journey]:
    """Families nobody has heard of in time, and those that asked for help."""
    return (
        journeys_visible_to(staff)
        .filter(Q(state=State.OVERDUE) | Q(trouble_at__isnull=False), state__in=TRAVELLING)
        .order_by("due_at")
    )


def open_alarms(staff: Staff) -> QuerySet[Alarm]:
    """Calls to make about journeys, the duty officer's first."""
    return (
        Alarm.objects.filter(
            settled_at__isnull=True, journey__enquiry__sought__desk=staff.desk, step__in=[Step.CALL, Step.DUTY]
        )
        .select_related("journey__enquiry")
        .order_by("-step", "raised_at")
    )


def ways_to_release(staff: Staff) -> QuerySet[NewWay]:
    """New ways that wait for a coordinator; those who travel before those at home."""
    return (
        NewWay.objects.filter(state=NewWay.State.WAITING, journey__enquiry__sought__desk=staff.desk)
        .select_related("journey__enquiry", "closure")
        .order_by("-keeps", "journey__due_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Who is awaited at one border on one day."""

    place: str
    rows: list[JourneyLeg]

    @property
    def people(self) -> int:
        """How many persons that is."""
        return sum(row.journey.party for row in self.rows)


def arrivals_today(staff: Staff) -> list[Arrivals]:
    """The border legs of journeys that end today, by place."""
    start = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        JourneyLeg.objects.filter(
            kind="border", arrives_at__gte=start, arrives_at__lt=start + timedelta(days=1), journey__state__in=TRAVELLING,
            journey__enquiry__sought__desk=staff.desk,
        )
        .select_related("journey__enquiry")
        .order_by("end", "arrives_at")
    )  # fmt: skip
    found: dict[str, list[JourneyLeg]] = {}
    for row in rows:
        found.setdefault(row.end, []).append(row)
    return [Arrivals(place, those) for place, those in found.items()]


def journey_of(enquiry: Enquiry) -> Journey | None:
    """The journey a family may read: sent, and under way or just ended; the way back before the way there."""
    recently = clock.now() - timedelta(days=7)
    return (
        Journey.objects.filter(enquiry=enquiry, sent_at__isnull=False)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=recently))
        .order_by("is_back", "pk")
        .last()
    )


def closures_shown() -> Sequence[Closure]:
    """Closures for the page: those that stand first."""
    return list(Closure.objects.select_related("made_by").order_by("lifted_at", "-since")[:300])


def returns_to_plan(staff: Staff) -> QuerySet[Return]:
    """Returns whose family comes, and for which no journey stands."""
    return (
        Return.objects.filter(enquiry__sought__desk=staff.desk, state=ReturnState.ACCEPTED)
        .exclude(journeys__in=Journey.objects.exclude(state__in=ENDED))
        .select_related("enquiry")
        .order_by("state_on", "pk")
    )


def journeys_to(returns: Iterable[Return]) -> dict[int, Journey]:
    """The journey by which each of these families comes or came, by the key of the return: the one that stands, else the last."""
    found: dict[int, Journey] = {}
    rows = Journey.objects.filter(returning__in=list(returns), is_back=False, sent_at__isnull=False)
    for journey in rows.order_by("pk"):
        if journey.returning_id is not None:
            found[journey.returning_id] = journey
    return found


def returns_left_behind(staff: Staff) -> QuerySet[Journey]:
    """Families on the way whose return could not follow: his wish is too old, say. Nothing is handed over before it does."""
    return (
        journeys_visible_to(staff)
        .filter(returning__state=ReturnState.ACCEPTED, is_back=False, state__in=[*UNDER_WAY, State.RECEIVED])
        .select_related("returning__enquiry", "returning__entry")
        .order_by("heard_at", "pk")
    )


def named_anew(staff: Staff) -> list[Journey]:
    """Journeys of which the family has named other people since: what stands on page, list and pass is not who comes."""
    rows = (
        journeys_visible_to(staff)
        .filter(returning__isnull=False, is_back=False, state__in=[State.PLANNED, State.SENT])
        .select_related("returning")
        .prefetch_related("travellers", "returning__invitations__travellers")
        .order_by("planned_at")
    )
    return [journey for journey in rows[:500] if _is_named_anew(journey)]


def _is_named_anew(journey: Journey) -> bool:
    assert journey.returning is not None
    standing = [each for each in journey.returning.invitations.all() if each.cancelled_at is None]
    if not standing:
        return False
    said = [
        (each.name, each.document_number) for each in sorted(standing[0].travellers.all(), key=lambda each: each.place)
    ]
    return bool(said) and said != [(each.name, each.document or "") for each in journey.travellers.all()]


def due_by(moment: datetime) -> QuerySet[Journey]:
    """Journeys of which a sign was due."""
    return Journey.objects.filter(state__in=TRAVELLING, due_at__lte=moment)
