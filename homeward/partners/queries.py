"""Reads of this room: who holds a key, what a partner sees, what waits."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals
from homeward.disclosure.models import AnswerReading, CallOutcome, CallTry
from homeward.enquiries.models import Partner
from homeward.lib import clock
from homeward.lib.sealed import blind_index
from homeward.partners.models import Clearance, Key, Referral

CLEARANCE_KIND = "partners.record"
PAGE = 200


def key_index(key: str) -> bytes:
    """By which a key is found without being kept."""
    return blind_index("family", "partner key", key)


def partner_of_key(key: str) -> Key | None:
    """The key row of this key, if it may still be used."""
    return (
        Key.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now()), key_index=key_index(key[:200]))
        .select_related("partner__agreement")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a partner sees of one referral: nothing else leaves."""

    number: str
    state: str
    received_on: date


def seen_by(partner: Partner) -> QuerySet[Referral]:
    """The partner's own referrals, each with whether its family has been told; one statement whatever is known."""
    told = AnswerReading.objects.filter(answer__enquiry=OuterRef("enquiry"))
    called = CallTry.objects.filter(answer__enquiry=OuterRef("enquiry"), outcome=CallOutcome.TOLD)
    return (
        Referral.objects.filter(partner=partner)
        .annotate(is_told=Exists(told) | Exists(called))
        .select_related("enquiry")
        .defer("content", "enquiry__facts", "enquiry__enquirer")
        .order_by("pk")
    )


def seen(referral: Referral) -> Seen:
    """One of five words: received, searching, informed (by whatever news), withdrawn, refused."""
    if referral.state == Referral.State.WAITING:
        state = "received"
    elif referral.state == Referral.State.REFUSED:
        state = "refused"
    elif referral.enquiry is None or referral.enquiry.withdrawn_at is not None:
        state = "withdrawn"
    else:
        state = "informed" if referral.is_told else "searching"  # type: ignore[attr-defined]
    return Seen(referral.number, state, referral.received_at.date())


def referred_today(partner: Partner) -> int:
    """How many this partner has brought within a day."""
    return Referral.objects.filter(partner=partner, received_at__gt=clock.now() - timedelta(days=1)).count()


def partners_with_load() -> QuerySet[Partner]:
    """All partners with what they brought and what waits."""
    day = clock.now() - timedelta(days=1)
    return (
        Partner.objects.select_related("agreement")
        .annotate(
            brought=Count("referrals"),
            waiting=Count("referrals", filter=Q(referrals__state="waiting")),
            today=Count("referrals", filter=Q(referrals__received_at__gt=day)),
        )
        .order_by("name")
    )


def standing_clearances(partner: Partner) -> QuerySet[Clearance]:
    """Records this partner may receive; an expired one stays a placeholder for 30 days."""
    gone = clock.now() - timedelta(days=30)
    return (
        Clearance.objects.filter(partner=partner, expires_at__gt=gone)
        .select_related("enquiry", "partner")
        .order_by("cleared_at", "pk")
    )


def clearance_proposals() -> QuerySet[Proposal]:
    """Clearances that wait for a second person."""
    return open_proposals().filter(kind=CLEARANCE_KIND)
