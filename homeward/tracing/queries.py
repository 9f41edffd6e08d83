"""What tracers may see: the worklist, and one pair with all that speaks for and against it."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from homeward.access.models import Staff
from homeward.enquiries.facts import person_of
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib.changes.models import Side
from homeward.matching import client
from homeward.tracing.models import WORTH_A_LOOK, EntryQuestion, Judgement, MatchState, PotentialMatch, Verdict
from namesake import Comparison, Evidence, Person

PAGE = 50
SIBLINGS, ALSO_SOUGHT = 10, 8


def matches_visible_to(staff: Staff) -> QuerySet[PotentialMatch]:
    """Matches of the sought persons this person may see."""
    visible = enquiries_visible_to(staff).filter(sought=OuterRef("sought"))
    return PotentialMatch.objects.filter(Exists(visible)).select_related("sought", "entry", "enquiry", "same_said_by")


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


def lay_side_by_side(match: PotentialMatch, recorded: tuple[Person, ...]) -> Compared:
    """Both sides of a pair and the evidence, weighed as of now; no evidence while the matcher is away."""
    enquiries = match.sought.enquiries.filter(withdrawn_at__isnull=True).order_by("received_at")
    sought = tuple(person_of(enquiry.facts) for enquiry in enquiries)
    pairs = [(left, right) for left in sought for right in recorded]
    try:
        compared = client.compare_many(Side.REGISTER, pairs) if pairs else []
    except client.MatcherAway:
        compared = []
    return Compared(sought, recorded, max(compared, key=lambda each: each.bits, default=None))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The pairs around one: the other candidates for the same sought person, and others whose candidate the entry is."""

    siblings: list[PotentialMatch]
    also_sought: list[PotentialMatch]


def neighbours(match: PotentialMatch) -> Neighbours:
    """The strongest of either kind; the entry's only where worth a look, or confirmed."""
    worth = Q(state=MatchState.CONFIRMED) | Q(state=MatchState.POTENTIAL, probability__gte=WORTH_A_LOOK)
    found = (
        PotentialMatch.objects.filter(Q(sought=match.sought_id) | Q(entry=match.entry_id) & worth)
        .exclude(pk=match.pk)
        .select_related("sought", "entry", "enquiry")
        .order_by("-probability", "-bits")
    )
    pairs = list(found)
    return Neighbours(
        [each for each in pairs if each.sought_id == match.sought_id][:SIBLINGS],
        [each for each in pairs if each.sought_id != match.sought_id][:ALSO_SOUGHT],
    )


def with_judgements(staff: Staff, reference: str) -> tuple[PotentialMatch, list[Judgement]] | None:
    """A pair this person may see and what people said about it, the latest first; together where anything was said."""
    found = list(
        Judgement.objects.filter(match__reference=reference, match__in=matches_visible_to(staff))
        .select_related(
            "judged_by", "undone_by", "match__sought", "match__entry", "match__enquiry", "match__same_said_by"
        )
        .order_by("-judged_at", "-pk")
    )
    match = found[0].match if found else matches_visible_to(staff).filter(reference=reference).first()
    return (match, found) if match else None


def questions_on(match: PotentialMatch, judgements: list[Judgement]) -> list[EntryQuestion]:
    """What the registrar was asked about this pair. One asks by being unsure, so mostly there is nothing to look for."""
    if all(each.verdict != Verdict.UNSURE for each in judgements):
        return []
    return list(match.entry_questions.select_related("asked_by", "answered_by").order_by("asked_at"))
