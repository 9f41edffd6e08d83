"""What this room hears of journeys: who is expected here, where and when."""

from homeward.access.models import Staff
from homeward.handover import actions
from homeward.journeys.hooks import when_a_journey_changes
from homeward.journeys.models import Journey


@when_a_journey_changes
def expect_who_is_on_the_way(journey: Journey, by: Staff) -> None:
    """The arrivals list follows every journey that was sent."""
    actions.expect_by_journey(journey, by=by)
