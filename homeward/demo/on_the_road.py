"""Journeys of the demo: one at the border, one late, one on its way, one that a closure touches, one planned; and a convoy to be filled.

The ways are those of the network that comes with the house; each was sent on an earlier day, so that its hours fit the present one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from homeward.access.models import Staff
from homeward.enquiries.models import Enquiry
from homeward.handover import actions as handover
from homeward.handover.actions import Car
from homeward.journeys import actions, networks, planning
from homeward.journeys.actions import Person, Shutting
from homeward.journeys.models import Journey, Step, Via
from homeward.journeys.planner.network import Network, Role
from homeward.journeys.planner.search import Wanted
from homeward.journeys.planner.times import moment_of
from homeward.journeys.planner.ways import Way
from homeward.lib import clock
from homeward.returns.models import Return, State
from homeward.returns.queries import travellers_of

Told = Callable[[int, int], None]
ORIGINS = ("MSQ", "KGD", "MOW", "LED")
PEOPLE = (
    (Person("VYHADANA OLENA", "1969-02-11", "UA", "XB 200001"),),
    (Person("PRYKLADNA MARIIA", "1972-10-05", "UA", "XB 200002"), Person("PRYKLADNA IRYNA", "1999-07-30", "UA", "XB 200003")),
    (Person("NIBYTO HANNA", "1964-12-24", "UA", "XB 200004"),),
    (Person("VYDUMANA SOFIIA", "1975-04-17", "UA", "XB 200005"),),
)  # fmt: skip
CLOSED = {
    "uk": "Міст перевіряють.", "ru": "Мост проверяют.", "en": "The bridge is being inspected.", "fr": "Le pont est en cours de contrôle.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hour:
    """A way as it stands at this hour: how many legs are behind her."""

    way: Way
    passed: int

    @property
    def is_quiet(self) -> bool:
        """Whether the next sign of her is not due for some time."""
        if self.passed >= len(self.way.rides):
            return False
        following = self.way.rides[self.passed]
        due = moment_of(following.arrives + planning.margin_of(following.leg))
        return due > clock.now() + timedelta(minutes=20)

    @property
    def reached(self) -> str:
        """Where she is, or was last."""
        return self.way.rides[self.passed - 1].leg.end


def some_journeys(told: Told) -> None:
    """A second time there is nothing to do."""
    if Journey.objects.exists():
        return
    by = Staff.objects.get(username="coordinator")
    with transaction.atomic():
        hours = list(_hours(clock.now()))
        network = networks.current()
        families = Enquiry.objects.filter(withdrawn_at__isnull=True, returns__isnull=True).order_by("pk")
        people = list(zip(families.select_related("sought")[: len(PEOPLE)], PEOPLE, strict=False))
        coming = Return.objects.filter(state=State.ACCEPTED).select_related("enquiry__sought").first()

        going = [hour for hour in hours if hour.passed and not _is_met(network, hour)]
        borders = [border for hour in going if (border := _last_border(network, hour)) is not None]
        # At an hour at which nobody is between a border and the meeting point: who has just been met is shown as not yet met.
        borders = borders or [border for hour in hours if (border := _last_border(network, hour)) is not None]
        roads = [hour for hour in going if network.places[hour.reached].role != Role.CROSSING]
        borders.sort(key=_fits)
        roads.sort(key=_fits)
        # At the border: the family of a return, so that the arrivals of the meeting point show it too.
        if borders and coming is not None:
            _under_way(coming.enquiry, borders[0], (), returning=coming, by=by)
        told(1, 6)
        if roads and people:
            _under_way(people[0][0], roads[0], people[0][1], by=by)
        told(2, 6)
        if len(people) > 1:
            # Late: of a leg that should be behind her nobody has heard, and the call is due.
            silent = [
                Hour(hour.way, passed) for hour in hours for passed in range(hour.passed) if _is_due(hour.way, passed)
            ]
            made = _under_way(people[1][0], max(silent, key=lambda hour: hour.passed), people[1][1], by=by)
            for _step in range(2):
                actions.raise_alarm(made)
        told(3, 6)
        days = timezone.localdate(clock.now())
        for number, (enquiry, named) in enumerate(people[2:4]):
            way = planning.ways_for(
                ORIGINS[number], "KYIV", days + timedelta(days=3), wanted=Wanted(nationality="UA")
            ).ways[0]
            made = actions.plan_journey(enquiry, way, nationality="UA", people=named, by=by)
            if number == 0:
                actions.send(made, by=by)
                until = clock.now() + timedelta(days=9)
                where = made.crossing or made.meeting
                actions.close(
                    Shutting(f"place:{where}", clock.now() + timedelta(days=2), until, CLOSED, "Training"), by=by
                )
            told(4 + number, 6)
        _a_convoy()
    told(6, 6)


def _is_due(way: Way, passed: int) -> bool:
    """Whether, with so many legs behind her, a call is due: nobody has heard for longer than the alarm's first step lasts."""
    ride = way.rides[passed]
    alarm = moment_of(ride.arrives + planning.margin_of(ride.leg)) + actions.CLIMBS_AFTER[Step.CALL]
    return alarm <= clock.now() and not _is_met(networks.current(), Hour(way, passed))


def _fits(hour: Hour) -> tuple[bool, int]:
    """Those of whom no sign is overdue first, and of these who was heard of last."""
    return not hour.is_quiet, -hour.way.rides[hour.passed - 1].arrives


def _last_border(network: Network, hour: Hour) -> Hour | None:
    """The same way as far as the border she came to last."""
    meeting, _window = planning.meeting_of(network, hour.way)
    ends = [ride.leg.end for ride in hour.way.rides]
    for passed in range(min(hour.passed, ends.index(meeting)), 0, -1):
        if network.places[hour.way.rides[passed - 1].leg.end].role == Role.CROSSING:
            return Hour(hour.way, passed)
    return None


def _is_met(network: Network, hour: Hour) -> bool:
    meeting, _window = planning.meeting_of(network, hour.way)
    return any(ride.leg.end == meeting for ride in hour.way.rides[: hour.passed])


def _hours(now: datetime) -> Iterator[Hour]:
    today = timezone.localdate(now)
    for origin in ORIGINS:
        for back in (0, 1, 2):
            found = planning.ways_for(
                origin, "KYIV", today - timedelta(days=back), wanted=Wanted(party=2, nationality="UA")
            )
            for way in found.ways:
                passed = sum(1 for ride in way.rides if moment_of(ride.arrives) <= now)
                yield Hour(way, passed)


def _under_way(
    enquiry: Enquiry, hour: Hour, people: tuple[Person, ...], *, returning: Return | None = None, by: Staff
) -> Journey:
    party = len(people) or (len(travellers_of(returning)) if returning is not None else 1)
    # As it was on the evening before: a journey that has begun is not sent any more.
    with clock.freeze(moment_of(hour.way.leaves) - timedelta(hours=14)):
        made = actions.plan_journey(
            enquiry, hour.way, party=party, nationality="UA", people=people, returning=returning,
            call="+380 00 000 00 00", by=by,
        )  # fmt: skip
        actions.send(made, by=by)
    first = hour.way.rides[0]
    actions.check_in(made, first.leg.start, by=by, via=Via.HOTLINE, at=moment_of(hour.way.leaves))
    for ride in hour.way.rides[: hour.passed]:
        actions.check_in(made, ride.leg.end, by=by, via=Via.HOTLINE, at=moment_of(ride.arrives))
    return Journey.objects.get(pk=made.pk)


def _a_convoy() -> None:
    officer, escort = (Staff.objects.get(username=name) for name in ("handover", "escort"))
    now = clock.now()
    handover.plan_convoy(
        from_place="DORO", to_place="KYIV", leaves_at=now + timedelta(hours=4), arrives_at=now + timedelta(hours=15),
        cars=[Car("Bus 7", 16, step_free=True), Car("Van 2", 7)], escorts=[escort], by=officer,
    )  # fmt: skip
