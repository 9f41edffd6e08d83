"""The cast of returns: Ada's son Ostap is in the register and two people confirmed that it is he; Rhea proposes, Abel approves."""

import itertools
from datetime import date, timedelta

from homeward.access.models import Staff
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.register.models import Entry
from homeward.testing import make_staff
from homeward.tracing import actions as tracing
from homeward.tracing.models import PotentialMatch
from homeward.tracing.tests.cast import ask, record

_numbers = itertools.count(1)


def a_confirmed_pair() -> PotentialMatch:
    """A man and the family that seeks him, confirmed; each call makes another man."""
    number = next(_numbers)
    person = {"surname": f"Щербацький{number}", "given": "Остап", "born": "1990-05-28", "rank": "soldier"}
    entry: Entry = record(person)
    enquiry: Enquiry = ask(person)
    match = PotentialMatch.objects.create(
        sought=enquiry.sought, entry=entry, enquiry=enquiry, bits=30.0, probability=0.99, rank=1
    )
    match = tracing.say_same(match, version=match.version, by=make_staff("tracer"))
    return tracing.confirm_same(match, version=match.version, by=make_staff("verifier"))


def in_days(days: int) -> date:
    """A day from today."""
    return clock.today() + timedelta(days=days)


def rhea() -> Staff:
    return make_staff("return_officer")


def abel() -> Staff:
    return make_staff("release_approver")
