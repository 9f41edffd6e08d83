"""Reads of proposals."""

from django.db.models import Q, QuerySet

from homeward.access.models import Staff
from homeward.decisions.hashing import Payload, is_hash_of
from homeward.decisions.models import Proposal
from homeward.lib import clock


def open_proposals(kind: str | None = None) -> QuerySet[Proposal]:
    """What waits for a second person, oldest first."""
    waiting = Proposal.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gte=clock.now()),
        approved_at__isnull=True,
        refused_at__isnull=True,
        voided_at__isnull=True,
    )
    if kind is not None:
        waiting = waiting.filter(kind=kind)
    return waiting.select_related("proposed_by").order_by("proposed_at", "id")


def proposals_waiting_for(staff: Staff, kind: str | None = None) -> QuerySet[Proposal]:
    """What this person could decide: not her own."""
    return open_proposals(kind).exclude(proposed_by=staff)


def is_approved(proposal: Proposal, payload: Payload) -> bool:
    """Whether exactly this content stands approved by a second person, as the database has it now."""
    now = Proposal.objects.filter(pk=proposal.pk, approved_at__isnull=False, voided_at__isnull=True).first()
    return now is not None and now.proposed_by_id != now.approved_by_id and is_hash_of(now.payload_hash, payload)
