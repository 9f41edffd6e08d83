"""What waits, who is expected, what the kits saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from homeward.access.models import Staff
from homeward.checkpoint.kit.log import Entry, breaks
from homeward.checkpoint.models import DayList, KitEntry, Pass
from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals, proposals_waiting_for
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.signer.passes import KIND as PROPOSAL_KIND

__all__ = ["PROPOSAL_KIND", "open_proposals"]


def moment(seconds: int) -> datetime:
    """The moment of so many seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def awaiting_approval(staff: Staff) -> QuerySet[Proposal]:
    """Proposed passes this person may decide: not her own."""
    return proposals_waiting_for(staff, PROPOSAL_KIND)


def standing() -> QuerySet[Pass]:
    """Passes that hold or will hold."""
    return Pass.objects.filter(revoked_at__isnull=True, expires_at__gt=clock.now())


def pass_for_journey(journey: str) -> Pass | None:
    """The standing pass of a journey, by the journey's reference; where it has several travellers, the first made out."""
    return passes_for_journey(journey).first()


def passes_for_journey(journey: str) -> QuerySet[Pass]:
    """The standing passes of all who travel on a journey, in the order they were made out."""
    return (
        standing().filter(journey=journey).select_related("proposal").order_by("approved_at", "pk")
        if journey
        else Pass.objects.none()
    )


def proposals_for_journey(journey: str) -> list[Proposal]:
    """Passes of a journey that wait for a second person. What a proposal says lies sealed in it, so all that wait are opened."""
    return [each for each in open_proposals(PROPOSAL_KIND) if each.payload.get("journey") == journey]


def passes_on_her_page(enquiry: Enquiry) -> QuerySet[Pass]:
    """What the family of this enquiry may open and print: standing passes with a signed code, in the order they were made out."""
    return standing().filter(enquiry=enquiry, signed_at__isnull=False).order_by("approved_at", "pk")


def to_be_signed() -> QuerySet[Pass]:
    """Approved passes for which a code was wished and not signed yet, the oldest first."""
    return standing().filter(with_code=True, signed_at__isnull=True).select_related("proposal").order_by("approved_at")


def _day(day: date) -> tuple[datetime, datetime]:
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return begins, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def expected(day: date, point: str) -> QuerySet[Pass]:
    """Who is expected at this checkpoint in the course of this day."""
    begins, ends = _day(day)
    return (
        Pass.objects.filter(point=point, revoked_at__isnull=True, window_from__lt=ends, window_until__gt=begins)
        .select_related("proposal")
        .order_by("window_from", "pk")
    )


@dataclass(frozen=True, slots=True)
class PointToday:
    """A checkpoint and its day."""

    point: str
    expected: int
    newest: DayList | None


def points_of(day: date) -> Sequence[PointToday]:
    """The checkpoints at which anybody is expected on this day, with the newest list made for each."""
    begins, ends = _day(day)
    counted = (
        Pass.objects.filter(revoked_at__isnull=True, window_from__lt=ends, window_until__gt=begins)
        .values("point")
        .annotate(n=Count("pk"))
        .order_by("point")
    )
    newest: dict[str, DayList] = {}
    for each in DayList.objects.filter(day=day).defer("file").order_by("made_at"):
        newest[each.point] = each
    return [PointToday(row["point"], row["n"], newest.get(row["point"])) for row in counted]


def used_twice() -> list[tuple[Pass | None, list[KitEntry]]]:
    """Passes let through more than once, with where and when, the latest first; None for a pass that is forgotten here."""
    ids = list(
        KitEntry.objects.filter(through=True)
        .exclude(pass_id="")
        .values("pass_id")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .values_list("pass_id", flat=True)
    )
    found: dict[str, list[KitEntry]] = {}
    for each in KitEntry.objects.filter(pass_id__in=ids, through=True).order_by("checked_at", "pk"):
        found.setdefault(each.pass_id, []).append(each)
    passes = {each.pass_id: each for each in Pass.objects.filter(pass_id__in=ids)}
    return [
        (passes.get(name), entries)
        for name, entries in sorted(found.items(), key=lambda pair: pair[1][-1].checked_at, reverse=True)
    ]


def checks_of(travel_pass: Pass) -> QuerySet[KitEntry]:
    """What the kits recorded of this pass, in order."""
    return KitEntry.objects.filter(pass_id=travel_pass.pass_id).order_by("checked_at", "pk")


def as_entry(row: KitEntry) -> Entry:
    """The line as the kit wrote it."""
    return Entry(
        row.kit,
        row.number,
        int(row.checked_at.timestamp()),
        row.kind,
        row.pass_id,
        row.colour,
        row.reason,
        row.through,
        row.before,
    )


def gaps() -> list[tuple[str, int]]:
    """Where the log of a kit that was handed in does not hold together: a part is missing or was altered."""
    return breaks(as_entry(row) for row in KitEntry.objects.order_by("kit", "number"))


def found(words: str) -> QuerySet[Pass]:
    """Passes by printed number or reference; the newest where nothing is asked."""
    digits = "".join(each for each in words if each.isdigit())
    every = Pass.objects.order_by("-approved_at")
    return (
        every.filter(Q(number=digits) | Q(reference=words.strip()) | Q(journey=words.strip()))
        if words.strip()
        else every
    )
