"""What waits for an answer, for approval, for a call."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from homeward.access.models import Staff
from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals, proposals_waiting_for
from homeward.disclosure.kinds import Kind, kinds_for
from homeward.disclosure.models import Answer, CallOutcome, CallTry
from homeward.enquiries.models import Enquiry
from homeward.enquiries.queries import enquiries_visible_to
from homeward.tracing.models import MatchState, PotentialMatch

PROPOSAL_KIND = "disclosure.answer"


def _confirmed() -> QuerySet[PotentialMatch]:
    return PotentialMatch.objects.filter(sought=OuterRef("sought"), state=MatchState.CONFIRMED)


def awaiting_proposal(staff: Staff) -> QuerySet[Enquiry]:
    """Enquiries about a man whose fate two people confirmed, with neither a standing answer nor an open proposal."""
    answered = Answer.objects.filter(enquiry=OuterRef("pk"), withdrawn_at__isnull=True)
    proposed = open_proposals(PROPOSAL_KIND).filter(subject=OuterRef("reference")).order_by()
    return (
        enquiries_visible_to(staff)
        .filter(Exists(_confirmed()), withdrawn_at__isnull=True)
        .exclude(Exists(answered))
        .exclude(Exists(proposed))
        .select_related("sought")
        .order_by("received_at", "pk")
    )


def awaiting_approval(staff: Staff) -> QuerySet[Proposal]:
    """Proposed answers this person may decide: not her own."""
    return proposals_waiting_for(staff, PROPOSAL_KIND)


def call_list() -> QuerySet[Answer]:
    """Families to be told by a person, the longest waiting first."""
    told = CallTry.objects.filter(answer=OuterRef("pk"), outcome=CallOutcome.TOLD)
    return (
        Answer.objects.filter(kind=Kind.CALL, withdrawn_at__isnull=True)
        .exclude(Exists(told))
        .select_related("enquiry__sought")
        .order_by("approved_at")
    )


def confirmed_match(enquiry: Enquiry) -> PotentialMatch | None:
    """The match two people confirmed for the man of this enquiry."""
    return (
        PotentialMatch.objects.filter(sought=enquiry.sought_id, state=MatchState.CONFIRMED)
        .select_related("entry", "sought")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Proposable:
    """An enquiry, and the answers that may be proposed for it."""

    enquiry: Enquiry
    match: PotentialMatch
    kinds: tuple[Kind, ...]


def proposable(enquiry: Enquiry) -> Proposable | None:
    """What may be proposed for this enquiry; None while no fate is confirmed."""
    match = confirmed_match(enquiry)
    return Proposable(enquiry, match, kinds_for(match.entry.state)) if match else None
