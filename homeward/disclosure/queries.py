"""What waits for an answer, for approval, for a call."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

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
    PaperKind,
    ScamWave,
    Warning,
    Wish,
)
from homeward.enquiries.models import Enquiry, State
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib import clock
from homeward.tracing.models import MatchState, PotentialMatch

PROPOSAL_KIND = "disclosure.answer"
# One kind a level, so that the database can tell an approval of level 2 from one of level 3.
LEVEL_KINDS: dict[int, str] = {Level.VERIFIED: "disclosure.kinship_2", Level.PROVEN: "disclosure.kinship_3"}


# From the first opening an answer stays this long, unless she keeps it.
STAYS = timedelta(hours=72)
# What is written, and the states of the register in which it is still so. Grave news and "no information" are not here:
# their page is that of everybody who waits.
_STILL_SO: dict[Kind, tuple[str, ...]] = {
    Kind.IN_CAPTIVITY: ("in_custody", "transferred"),
    Kind.IN_HOSPITAL: ("in_hospital",),
    Kind.RELEASED: ("released", "repatriated"),
}


def readable_answer(enquiry: Enquiry) -> Answer | None:
    """What this family may read now, in one statement whatever the register knows; None is the page of all who wait.

    Unread, it must still be true: who died since is told of by a person. Once read it stays its 72 hours, for a
    text that vanished early would be news too.
    """
    still_so = Q()
    for kind, states in _STILL_SO.items():
        still_so |= Q(kind=kind, match__entry__state__in=states)
    unread = Q(reading__isnull=True) & still_so
    read = Q(reading__kept_at__isnull=False) | Q(reading__opened_at__gt=clock.now() - STAYS)
    return (
        Answer.objects.filter(
            unread | read,
            enquiry=enquiry,
            withdrawn_at__isnull=True,
            kind__in=list(_STILL_SO),
            enquiry__kinship__level__gte=Level.VERIFIED,
            match__state=MatchState.CONFIRMED,
            match__sought=F("enquiry__sought"),
        )
        .exclude(enquiry__kinship__wish__in=[Wish.NOT, Wish.LATER])
        .select_related("reading")
        .first()
    )


def told_captivity(enquiry: Enquiry) -> bool:
    """Whether an answer stands that he is in captivity."""
    kinds = [Kind.IN_CAPTIVITY, Kind.IN_HOSPITAL]
    return Answer.objects.filter(enquiry=enquiry, kind__in=kinds, withdrawn_at__isnull=True).exists()


def paper_kind(kind: str) -> str:
    """The kind of proposal a paper is proposed under."""
    return f"disclosure.paper.{kind}"


# An invitation is decided and put on her page in the room `returns`.
_DECIDED_HERE = [f"disclosure.paper.{kind}" for kind in PaperKind.values if kind != PaperKind.INVITATION]


def paper_proposals() -> QuerySet[Proposal]:
    """Papers that wait for a second person, the oldest first."""
    return open_proposals().filter(kind__in=_DECIDED_HERE)


def papers_to_print() -> QuerySet[Proposal]:
    """Approved papers nobody has printed yet."""
    return (
        Proposal.objects.filter(
            kind__in=_DECIDED_HERE,
            approved_at__isnull=False,
            voided_at__isnull=True,
            paper__isnull=True,
        )
        .select_related("proposed_by", "approved_by")
        .order_by("approved_at")
    )


def kinship_waiting(staff: Staff) -> QuerySet[Enquiry]:
    """Enquiries whose kinship may soon be needed. Which of them were found, the list does not say."""
    may_need_it = [State.POTENTIAL_MATCH, State.VERIFYING, State.FATE_ESTABLISHED]
    enough = Kinship.objects.filter(enquiry=OuterRef("pk"), level__gte=Level.VERIFIED)
    return (
        enquiries_visible_to(staff)
        .filter(withdrawn_at__isnull=True, sought__state__in=may_need_it)
        .exclude(Exists(enough))
        .select_related("kinship")
        .order_by("received_at", "pk")
    )


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


_SINCE_CONFIRMED = [
    state for state in State.values if state not in ("received", "searching", "potential_match", "verifying")
]


def awaiting_proposal(staff: Staff) -> QuerySet[Enquiry]:
    """Enquiries about a man whose fate two people confirmed, with neither a standing answer nor an open proposal."""
    answered = Answer.objects.filter(enquiry=OuterRef("pk"), withdrawn_at__isnull=True)
    proposed = open_proposals(PROPOSAL_KIND).filter(subject=OuterRef("reference")).order_by()
    return (
        enquiries_visible_to(staff)
        # His state is a quicker way to the few than looking for a confirmed match of everybody.
        .filter(Exists(_confirmed()), withdrawn_at__isnull=True, sought__state__in=_SINCE_CONFIRMED)
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


WARNING_KIND = "disclosure.warning"


def current_warning() -> Warning | None:
    """What the family site warns of now; the same for everybody."""
    return Warning.objects.filter(ended_at__isnull=True).first()


def waves() -> QuerySet[ScamWave]:
    """The waves, the latest first."""
    return ScamWave.objects.order_by("-last_at", "-pk")


def warning_proposals() -> QuerySet[Proposal]:
    """Warnings that wait for a second person."""
    return open_proposals(WARNING_KIND)
