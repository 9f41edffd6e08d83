"""What the worker follows for this room: journeys of which nobody has heard in time."""

from homeward.journeys import actions
from homeward.journeys.models import TRAVELLING, Journey
from homeward.lib import clock
from homeward.work import follows

AT_ONCE = 50


@follows("journeys.late")
def raise_alarms() -> bool:
    """Take the next step of every alarm that is due; True while there was one."""
    due = Journey.objects.filter(state__in=TRAVELLING, due_at__lte=clock.now()).order_by("due_at")[:AT_ONCE]
    raised = [actions.raise_alarm(journey) for journey in due]
    return any(raised)
