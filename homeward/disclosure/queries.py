"""What waits for an answer, for approval, for a call."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from homeward.access.models import Staff
from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals, proposals_waiting_for
from homeward.disclosure.kinds import Kind, kinds_for
from homeward.disclosure.models import (
    ENOUGH_FOR,
    Answer,
    CallOutcome,
    CallTry,
    Evidence,
    Kinship,
    Level,
    Wish,
)
from homeward.enquiries.models import Enquiry
from homeward.enquiries.queries import enquiries_visible_to
from homeward.tracing.models import MatchState, PotentialMatch

PROPOSAL_KIND = "disclosure.answer"
# One kind a level, so that the database can tell an approval of level 2 from one of level 3.
LEVEL_KINDS: dict[int, str] = {Level.VERIFIED: "disclosure.kinship_2", Level.PROVEN: "disclosure.kinship_3"}


def kinship_level(enquiry: Enquiry) -> int:
    """How far kinship is established, 0 to 3; 0 where nobody has looked."""
    return Kinship.objects.filter(enquiry=enquiry).values_list("level", flat=True).first() or 0


def wish_of(enquiry: Enquiry) -> Wish:
    """What the prisoner wishes this enquirer to be told."""
    return Wish(Kinship.objects.filter(enquiry=enquiry).values_list("wish", flat=True).first() or Wish.NOT_ASKED)


def standing_evidence(kinship: Kinship) -> QuerySet[Evidence]:
    """What counts, oldest first."""
    return kinship.evidence.filter(set_aside_at__isnull=True).select_related("checked_by").order_by("checked_at", "pk")


def carrying(kinship: Kinship, level: int) -> QuerySet[Evidence]:
    """The standing evidence that carries this level."""
    return standing_evidence(kinship).filter(kind__in=ENOUGH_FOR[level])


def is_named_by_him(kinship: Kinship) -> bool:
    """Whether he, by his last statement, named her and answered the control question rightly."""
    last = kinship.statements.order_by("-recorded_at", "-pk").first()
    return last is not None and last.names_her and last.answer_agrees


def verifiers_of(enquiry: Enquiry) -> set[int]:
    """Everybody who had a hand in this kinship: none of them approves what is told."""
    kinship = Kinship.objects.filter(enquiry=enquiry).first()
    if kinship is None:
        return set()
    people = {kinship.verified_by_id, kinship.confirmed_by_id}
    people |= set(kinship.evidence.values_list("checked_by_id", flat=True))
    return {person for person in people if person is not None}


def kinship_proposals() -> QuerySet[Proposal]:
    """Levels that wait for a second verifier, the oldest first."""
    return open_proposals().filter(kind__in=LEVEL_KINDS.values())


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
