"""The cast of returns: Ada's son Ostap is in the register and two people confirmed that it is he; Rhea proposes, Abel approves."""

import itertools
from datetime import date, timedelta
from typing import Any

from homeward.access.models import Staff
from homeward.disclosure.tests.cast import at_level
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.register.models import Entry
from homeward.returns import actions
from homeward.returns.actions import Comer, Terms
from homeward.returns.models import Basis, DocumentKind, Fitness, Invitation, Return, Says
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


COMER = Comer("SZCZERBACKA ADA", "1968-03-02", "UA", DocumentKind.PASSPORT, "FA 123456")


def TERMS(**changes: Any) -> Terms:
    """Parole, by an order, for ninety days."""
    values: dict[str, Any] = {
        "basis": Basis.PAROLE, "authority": "Order 12", "valid_until": in_days(90), "fitness": Fitness.FIT,
        "fitness_on": clock.today(),
    }  # fmt: skip
    return Terms(**{**values, **changes})


def a_return(*, by: Staff | None = None, **changes: Any) -> Return:
    """Ostap on a list of his own, not yet proposed."""
    by = by or rhea()
    match = a_confirmed_pair()
    return actions.put_on_list(
        actions.open_list(by=by), entry=match.entry, enquiry=match.enquiry, terms=TERMS(**changes), by=by
    )


def decided_list(return_of: Return) -> Return:
    """Proposed and approved."""
    proposal = actions.propose_list(return_of.release, by=rhea())
    actions.approve_list(proposal, payload_hash=proposal.payload_hash, by=abel())
    return_of.refresh_from_db()
    return return_of


def asked(return_of: Return, *, days_ago: int = 0, says: Says = Says.TO_GO) -> Return:
    """He was asked, alone."""
    actions.record_wish(return_of, says=says, said_on=in_days(-days_ago), was_alone=True, by=rhea())
    return_of.refresh_from_db()
    return return_of


def invited(*, level: int = 2) -> Return:
    """His family is invited."""
    one = asked(decided_list(a_return()))
    at_level(one.enquiry, level)
    actions.invite(one, by=rhea())
    one.refresh_from_db()
    return one


def accepted(*, level: int = 2) -> Return:
    """His mother comes."""
    one = invited(level=level)
    actions.accept_invitation(Invitation.objects.get(return_of=one), [COMER], by=None)
    one.refresh_from_db()
    return one
