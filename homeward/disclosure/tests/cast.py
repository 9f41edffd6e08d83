"""Ada's kinship, established as the work does it; for the tests of this room and of those above."""

from homeward.access.models import Staff
from homeward.disclosure import actions, queries
from homeward.disclosure.models import EvidenceKind, Kinship, Level
from homeward.enquiries.models import Enquiry
from homeward.matching.memory import Memory
from homeward.testing import make_staff
from homeward.tracing import actions as tracing
from homeward.tracing.models import PotentialMatch
from homeward.tracing.tests.cast import a_pair, ask, record


def confirmed(matcher: Memory) -> PotentialMatch:
    """Ada's question and the camp's entry, confirmed by two."""
    match = a_pair(matcher)
    match = tracing.say_same(match, version=match.version, by=make_staff("tracer"))
    return tracing.confirm_same(match, version=match.version, by=make_staff("verifier"))


def confirmed_by_hand() -> PotentialMatch:
    """The same pair, without a search: where not the matching is looked at."""
    enquiry, entry = ask(), record()
    match = PotentialMatch.objects.create(
        sought=enquiry.sought, entry=entry, enquiry=enquiry, bits=20.0, probability=0.99, rank=1
    )
    match = tracing.say_same(match, version=match.version, by=make_staff("tracer"))
    return tracing.confirm_same(match, version=match.version, by=make_staff("verifier"))


def at_level(enquiry: Enquiry, level: int, *, by: Staff | None = None, second: Staff | None = None) -> Kinship:
    """Her kinship at this level, by two kin verifiers."""
    by, second = by or make_staff("kin_verifier"), second or make_staff("kin_verifier")
    if level == Level.CLAIM:
        return Kinship.objects.get_or_create(enquiry=enquiry)[0]
    kind = {1: EvidenceKind.FACTS, 2: EvidenceKind.DOCUMENTS, 3: EvidenceKind.IN_PERSON}[level]
    actions.add_evidence(enquiry, kind=kind, what="Birth certificate, seen.", by=by)
    if level == Level.CONSISTENT:
        return actions.accept_claim(enquiry, by=by)
    proposal = actions.propose_level(enquiry, level=Level(level), by=by)
    return actions.approve_level(proposal, payload_hash=proposal.payload_hash, by=second)


def confirmed_and_kin(matcher: Memory, level: int = 2) -> PotentialMatch:
    """Both: who he is, and who she is to him."""
    match = confirmed(matcher)
    at_level(match.enquiry, level)
    assert queries.kinship_level(match.enquiry) == level
    return match
