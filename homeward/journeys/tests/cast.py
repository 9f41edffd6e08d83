"""Ada's way from Moscow, planned on a fixed day."""

from datetime import UTC, date, datetime
from typing import Any

from homeward.access.models import Staff
from homeward.enquiries.models import Enquiry
from homeward.enquiries.tests.cast import make_enquiry
from homeward.journeys import actions, planning
from homeward.journeys.models import Journey
from homeward.testing import make_staff

TODAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DAY = date(2026, 12, 7)


def plan_for(enquiry: Enquiry, *, origin: str = "MOW", by: Staff | None = None, **changes: Any) -> Journey:
    """The first way of the day."""
    wanted = planning.wanted_for(party=changes.get("party", 1), nationality="RU", step_free=False)
    way = planning.ways_for(origin, "KYIV", DAY, wanted=wanted).ways[0]
    return actions.plan_journey(enquiry, way, by=by or make_staff("journey_coordinator"), **changes)


def make_journey(**changes: Any) -> Journey:
    """Ada's journey, planned."""
    return plan_for(make_enquiry(), **changes)


def sent_journey(**changes: Any) -> Journey:
    """Ada's journey, on her page."""
    return actions.send(make_journey(**changes), by=make_staff("journey_coordinator"))
