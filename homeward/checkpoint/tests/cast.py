"""Halyna's journey to Medyka tomorrow, and who makes it out."""

from datetime import date, timedelta
from typing import Any

from homeward.access.models import Staff
from homeward.checkpoint import actions
from homeward.checkpoint.models import Pass
from homeward.decisions.models import Proposal
from homeward.lib import clock
from homeward.testing import make_staff


def propose(by: Staff | None = None, **changes: Any) -> Proposal:
    begins = clock.now() + timedelta(hours=1)
    said: dict[str, Any] = {
        "name": "Vyhadanko Halyna", "born": date(1971, 3, 9), "document": "FA 123456", "point": "medyka",
        "window": (begins, begins + timedelta(hours=6)), "companions": 1, "journey": "1234-5678-9012-3", "portrait": b"a picture",
    }  # fmt: skip
    return actions.propose_pass(**{**said, **changes}, by=by or make_staff("return_officer"))


def make_pass(**changes: Any) -> Pass:
    proposal = propose(**changes)
    return actions.approve_pass(proposal, payload_hash=proposal.payload_hash, by=make_staff("release_approver"))
