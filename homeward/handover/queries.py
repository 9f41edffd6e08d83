"""Reads of the meeting point: who comes today, which convoys drive, what is needed for a handover, what follows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from homeward.access.models import Staff
from homeward.disclosure.queries import kinship_level
from homeward.handover.models import Arrival, ArrivalState, Convoy, FollowUp, Handover, Outcome, Vehicle
from homeward.journeys import networks
from homeward.journeys.models import Journey
from homeward.journeys.models import State as JourneyState
from homeward.journeys.planner.network import Role as PlaceRole
from homeward.lib import clock
from homeward.returns import queries as returns
from homeward.returns.models import Packet, Return, State, Traveller, Wish

MEETING = (PlaceRole.MEETING, PlaceRole.CROSSING, PlaceRole.HUB, PlaceRole.CAPITAL)


def place_called(said: str) -> tuple[str, str]:
    """The code and the English name of the network's place that somebody calls so; no code where the network has none of it."""
    places = networks.current(()).places
    found = places.get(said) or next(
        (each for each in places.values() if each.role in MEETING and said.strip().lower() in map(str.lower, each.names.values())),
        None,
    )  # fmt: skip
    return (found.code, found.name("en")) if found is not None else ("", said.strip())


def places_to_meet(language: str) -> list[tuple[str, str]]:
    """Where families may be expected and convoys leave from or drive to: meeting points first."""
    places = [each for each in networks.current(()).places.values() if each.role in MEETING and each.is_on]
    places.sort(key=lambda each: (MEETING.index(each.role), each.name(language)))
    return [(each.code, each.name(language)) for each in places]


def cars_to_take(arrival: Arrival) -> list[Vehicle]:
    """Vehicles of convoys still to leave from where this family waits."""
    cars = Vehicle.objects.filter(
        convoy__desk=arrival.return_of.enquiry.sought.desk,
        convoy__left_at__isnull=True,
        convoy__cancelled_at__isnull=True,
    ).select_related("convoy")
    return [car for car in cars.order_by("convoy__leaves_at", "pk") if car.convoy.meets_at == arrival.meets_at]


def arrivals_visible_to(staff: Staff) -> QuerySet[Arrival]:
    """The arrivals of the person's desk."""
    return Arrival.objects.filter(return_of__enquiry__sought__desk=staff.desk).select_related(
        "return_of__enquiry__sought", "return_of__entry", "vehicle__convoy", "checked_by"
    )


def _day(day: date) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time()))
    return start, start + timedelta(days=1)


def arrivals_on(staff: Staff, day: date) -> QuerySet[Arrival]:
    """Who is expected or came on that day; and who was expected earlier and has neither come nor been given up."""
    start, end = _day(day)
    standing = Q(expected_at__gte=start, expected_at__lt=end)
    if day == clock.today():
        # Whose journey says that she is at the meeting point stands there, on whatever day she was awaited.
        there = Journey.objects.filter(returning=OuterRef("return_of"), is_back=False, state=JourneyState.RECEIVED)
        standing |= Q(state=ArrivalState.EXPECTED) & (Q(expected_at__lt=start) | Exists(there)) | Q(
            state=ArrivalState.RECEIVED, return_of__state__in=[State.RECEIVED, State.ESCORTED]
        )
    return arrivals_visible_to(staff).filter(standing).order_by("expected_at", "pk")


def expected_today(staff: Staff) -> QuerySet[Arrival]:
    """Families to be received today."""
    return arrivals_on(staff, clock.today()).filter(state=ArrivalState.EXPECTED)


def not_yet_expected(staff: Staff) -> QuerySet[Return]:
    """Families who come, and for whom no arrival is written at a meeting point."""
    standing = Arrival.objects.filter(
        return_of=OuterRef("pk"), state__in=[ArrivalState.EXPECTED, ArrivalState.RECEIVED]
    )
    return (
        returns.returns_visible_to(staff)
        .filter(state__in=[State.ACCEPTED, State.TRAVELLING])
        .exclude(Exists(standing))
        .order_by("state_on", "pk")
    )


def convoys_visible_to(staff: Staff) -> QuerySet[Convoy]:
    """The convoys of the desk; an escort sees those she escorts as well."""
    escorted = Convoy.escorts.through.objects.filter(staff=staff).values("convoy")
    seats = (
        Vehicle.objects.filter(convoy=OuterRef("pk")).order_by().values("convoy").annotate(n=Sum("seats")).values("n")
    )
    return (
        Convoy.objects.filter(Q(desk=staff.desk) | Q(pk__in=escorted))
        .annotate(seats=Subquery(seats))
        .prefetch_related("vehicles", "escorts")
    )


def convoys_to_drive(staff: Staff) -> QuerySet[Convoy]:
    """Convoys planned and not arrived yet."""
    return convoys_visible_to(staff).filter(came_at__isnull=True, cancelled_at__isnull=True).order_by("leaves_at")


def to_be_seated(staff: Staff) -> QuerySet[Arrival]:
    """Received, and without a seat."""
    return arrivals_visible_to(staff).filter(
        state=ArrivalState.RECEIVED, vehicle__isnull=True, return_of__state=State.RECEIVED
    )


def to_be_handed_over(staff: Staff) -> QuerySet[Return]:
    """Families whom a convoy brought to the place of the handover."""
    return returns.returns_visible_to(staff).filter(state=State.ESCORTED).order_by("state_on", "pk")


def handovers_visible_to(staff: Staff) -> QuerySet[Handover]:
    """The handovers of the person's desk."""
    return Handover.objects.filter(return_of__enquiry__sought__desk=staff.desk).select_related(
        "return_of__entry", "return_of__enquiry", "first_officer", "second_officer", "wish"
    )


def follow_ups_due(staff: Staff) -> QuerySet[FollowUp]:
    """Contacts after a handover that are due."""
    return (
        FollowUp.objects.filter(
            done_at__isnull=True, due_on__lte=clock.today(), return_of__enquiry__sought__desk=staff.desk
        )
        .select_related("return_of__enquiry")
        .order_by("due_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class Needed:
    """What the handover of one return rests on, as it stands now."""

    kinship: int
    wish: Wish | None
    travellers: tuple[Traveller, ...]
    packets: tuple[Packet, ...]
    done: Handover | None


def needed_for(return_of: Return) -> Needed:
    """What the page of a handover shows before anybody signs."""
    return Needed(
        kinship_level(return_of.enquiry),
        returns.current_wish(return_of),
        tuple(returns.travellers_of(return_of)),
        tuple(returns.packets_of(return_of.entry)),
        return_of.handovers.filter(outcome=Outcome.DONE).first(),
    )
