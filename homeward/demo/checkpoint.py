"""Some passes for today and tomorrow, so that the checkpoint's pages, the list and the kit show something. The travellers are invented."""

from collections.abc import Callable
from datetime import date, timedelta

from homeward.access.models import Staff
from homeward.checkpoint import actions, queries
from homeward.decisions.models import Proposal
from homeward.lib import clock

Told = Callable[[int, int], None]
# Name, birth date, document, point, hours from now, companions, with a code.
TRAVELLERS = (
    ("VYHADANKO HALYNA", date(1971, 3, 9), "XA100001", "yaho", 2, 0, True),
    ("PRYKLADENKO OLHA", date(1966, 11, 30), "XA100002", "yaho", 3, 1, True),
    ("VYDUMANSKA NINA", date(1975, 6, 2), "XA100003", "shehyni", 4, 0, True),
    ("NIBYTOVA RAISA", date(1969, 1, 17), "XA100004", "yaho", 5, 2, False),
    ("UIAVNA TAMARA", date(1958, 8, 21), "XA100005", "yaho", 26, 0, True),
)


def some_passes(told: Told) -> None:
    """Four made out, of which one carries no code, and one that waits for a second person."""
    if Proposal.objects.filter(kind=queries.PROPOSAL_KIND).exists():
        return
    officer, approver = (Staff.objects.get(username=name) for name in ("returns", "release"))
    now = clock.now()
    for done, (name, born, document, point, hours, companions, with_code) in enumerate(TRAVELLERS, 1):
        begins = now + timedelta(hours=hours)
        proposal = actions.propose_pass(
            name=name, born=born, document=document, point=point, window=(begins, begins + timedelta(hours=4)),
            companions=companions, with_code=with_code, by=officer,
        )  # fmt: skip
        if done < len(TRAVELLERS):
            actions.approve_pass(proposal, payload_hash=proposal.payload_hash, by=approver)
        told(done, len(TRAVELLERS))
