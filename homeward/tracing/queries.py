"""What tracers may see: the worklist, and one pair with all that speaks for and against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from homeward.access.models import Staff
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib.changes.models import Side
from homeward.matching import client, sides
from homeward.tracing.models import WORTH_A_LOOK, EntryQuestion, Judgement, MatchState, PotentialMatch
from namesake import Comparison, Evidence, Person

PAGE = 50


def matches_visible_to(staff: Staff) -> QuerySet[PotentialMatch]:
    """Matches of the sought persons this person may see."""
    visible = enquiries_visible_to(staff).filter(sought=OuterRef("sought"))
    return PotentialMatch.objects.filter(Exists(visible)).select_related("sought", "entry", "enquiry")


def waiting_for_judgement(staff: Staff) -> QuerySet[PotentialMatch]:
    """Unjudged pairs worth a look, the strongest first."""
    return (
        matches_visible_to(staff)
        .filter(
            state=MatchState.POTENTIAL,
            probability__gte=WORTH_A_LOOK,
            same_said_by__isnull=True,
            waits_for_answer=False,
        )
        .order_by("-probability", "id")
    )


def waiting_for_judgement_by_age(staff: Staff) -> QuerySet[PotentialMatch]:
    """The same for whoever asks for the oldest of them.

    The sum keeps the database from reading and sorting all that are likely enough; by age the first few tell.
    """
    return (
        matches_visible_to(staff)
        .annotate(likely=F("probability") + 0.0)
        .filter(state=MatchState.POTENTIAL, likely__gte=WORTH_A_LOOK, same_said_by__isnull=True, waits_for_answer=False)
        .order_by("first_seen_at")
    )


def waiting_for_second_person(staff: Staff) -> QuerySet[PotentialMatch]:
    """Pairs that somebody else called the same, the oldest first."""
    return (
        matches_visible_to(staff)
        .filter(state=MatchState.POTENTIAL, same_said_by__isnull=False)
        .exclude(same_said_by=staff)
        .order_by("first_seen_at", "id")
    )


def waiting_for_answers(staff: Staff) -> QuerySet[PotentialMatch]:
    """Pairs on which a question is open."""
    return matches_visible_to(staff).filter(state=MatchState.POTENTIAL, waits_for_answer=True).order_by("scored_at")


def settled(staff: Staff) -> QuerySet[PotentialMatch]:
    """Judged pairs, the latest first."""
    judged = Judgement.objects.filter(match=OuterRef("pk"), undone_at__isnull=True)
    return (
        matches_visible_to(staff)
        .filter(Exists(judged), state__in=[MatchState.CONFIRMED, MatchState.NOT_THE_SAME, MatchState.RESOLVED])
        .order_by("-scored_at", "-id")
    )


def open_entry_questions() -> QuerySet[EntryQuestion]:
    """Questions that wait for a registrar, the oldest first."""
    return (
        EntryQuestion.objects.filter(answered_at__isnull=True)
        .select_related("match__entry", "asked_by")
        .order_by("asked_at")
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """One pair laid side by side: the person as each enquiry tells, as each source records, and the best evidence."""

    sought: tuple[Person, ...]
    recorded: tuple[Person, ...]
    comparison: Comparison | None

    def evidence(self, trait: str) -> Evidence | None:
        """What this trait says; None where it is silent."""
        if self.comparison is None:
            return None
        return next((each for each in self.comparison.evidence if each.trait == trait), None)


def lay_side_by_side(match: PotentialMatch) -> Compared:
    """Both sides of a pair and the evidence, weighed as of now; no evidence while the matcher is away."""
    references = list(match.sought.enquiries.order_by("received_at").values_list("reference", flat=True))
    sought = persons_of(Side.SOUGHT, references)
    recorded = persons_of(Side.REGISTER, [match.entry.reference])
    pairs = [(left, right) for left in sought for right in recorded]
    try:
        compared = client.compare_many(Side.REGISTER, pairs) if pairs else []
    except client.MatcherAway:
        compared = []
    return Compared(sought, recorded, max(compared, key=lambda each: each.bits, default=None))


def persons_of(side: str, references: Sequence[str]) -> tuple[Person, ...]:
    """The persons these rows describe, in the order of the references."""
    items = {item.reference: item for item in sides.registered()[side].some(references)}
    return tuple(person for reference in references if reference in items for person in items[reference].persons)


def siblings(match: PotentialMatch) -> QuerySet[PotentialMatch]:
    """The other candidates for the same sought person, the strongest first."""
    return (
        PotentialMatch.objects.filter(sought=match.sought_id)
        .exclude(pk=match.pk)
        .select_related("entry", "enquiry")
        .order_by("-probability", "-bits")
    )


def also_sought(match: PotentialMatch) -> QuerySet[PotentialMatch]:
    """Other sought persons for whom the same entry is a candidate worth a look, or confirmed."""
    return (
        PotentialMatch.objects.filter(entry=match.entry_id)
        .filter(Q(state=MatchState.CONFIRMED) | Q(state=MatchState.POTENTIAL, probability__gte=WORTH_A_LOOK))
        .exclude(pk=match.pk)
        .select_related("sought")
        .order_by("-probability")[:8]
    )
