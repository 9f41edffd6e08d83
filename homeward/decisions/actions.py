"""Proposing, and a second person's yes or no."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.decisions.deeds import Deed
from homeward.decisions.hashing import Payload, is_hash_of, payload_hash
from homeward.decisions.models import Proposal, RefusalReason
from homeward.lib import clock
from homeward.lib.refusals import Refusal

__all__ = ["approve", "payload_hash", "propose", "refuse", "void", "void_expired"]

STANDS = timedelta(hours=24)


class AlreadyProposed(Refusal):
    """The same thing waits for a second person already."""


class AlreadyDecided(Refusal):
    """Somebody approved, refused or took it back."""


class Expired(Refusal):
    """The time of the proposal ran out."""


class ContentChanged(Refusal):
    """What the approver saw, or the case, is not what was proposed."""


class SecondPersonNeeded(Refusal):
    """The proposer cannot decide."""


class SamePairAgain(Refusal):
    """These two people have decided this already."""


class NotImpartial(Refusal):
    """This person has a part in the case that keeps her from deciding."""


def propose(
    kind: str,
    subject: str,
    payload: Payload,
    by: Staff,
    expires_in: timedelta | None = STANDS,
    case_version: int = 0,
) -> Proposal:
    """Propose exactly this content; a second person decides. `expires_in` None: stands until somebody decides."""
    with transaction.atomic():
        now = clock.now()
        # Taken first, so that two proposals at once meet here and not at the database's constraint.
        waiting = _open(kind, subject)
        if waiting is not None and waiting.is_expired:
            _void(waiting, None, Deed.EXPIRED)
        elif waiting is not None:
            raise AlreadyProposed(_("This has been proposed already and waits for a second person."))
        proposal = Proposal.objects.create(
            kind=kind,
            subject=subject,
            payload=dict(payload),
            payload_hash=payload_hash(payload),
            case_version=case_version,
            proposed_by=by,
            proposed_at=now,
            expires_at=now + expires_in if expires_in is not None else None,
        )
        audit.record(Deed.PROPOSED, by=by, about=subject, detail={"kind": kind, "proposal": proposal.reference})
        return proposal


def approve(
    proposal: Proposal,
    payload_hash: str,
    by: Staff,
    *,
    case_version: int | None = None,
    unless: Callable[[Staff], str] | None = None,
) -> Proposal:
    """A second person's yes to the content whose hash she saw.

    `case_version`: as the case stands now; it must be that of the proposal. `unless` says, in a translated sentence,
    why this person may not decide ("" if she may): she verified the kinship, entered the record.
    """
    with transaction.atomic():
        locked = _undecided(proposal, by, unless)
        if locked.payload_hash != payload_hash or not is_hash_of(locked.payload_hash, locked.payload):
            raise ContentChanged(_("The content has changed since it was proposed. It has to be proposed again."))
        if case_version is not None and case_version != locked.case_version:
            raise ContentChanged(_("The case has changed since this was proposed. It has to be proposed again."))
        locked.approved_by, locked.approved_at = by, clock.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        _record(Deed.APPROVED, locked, by)
    return _mirrored(proposal, locked)


def refuse(
    proposal: Proposal,
    by: Staff,
    reason: str,
    *,
    note: str = "",
    unless: Callable[[Staff], str] | None = None,
) -> Proposal:
    """A second person's no, with a reason from the list; her own words are sealed."""
    with transaction.atomic():
        locked = _undecided(proposal, by, unless)
        locked.refused_by, locked.refused_at = by, clock.now()
        locked.refusal_reason = RefusalReason(reason)
        locked.refusal_note = note or None
        locked.save(update_fields=["refused_by", "refused_at", "refusal_reason", "refusal_note"])
        _record(Deed.REFUSED, locked, by)
    return _mirrored(proposal, locked)


def void(proposal: Proposal, by: Staff | None) -> Proposal:
    """Take it back: an open proposal, or an approval that shall no longer hold. A refusal stays."""
    with transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if locked.voided_at or locked.refused_at:
            raise AlreadyDecided(_("This has been decided or taken back already."))
        _void(locked, by, Deed.VOIDED)
    return _mirrored(proposal, locked)


def void_expired() -> int:
    """Close what nobody decided in time; how many."""
    late = Proposal.objects.filter(
        approved_at__isnull=True, refused_at__isnull=True, voided_at__isnull=True, expires_at__lt=clock.now()
    )
    closed = 0
    for number in list(late.values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            locked = late.select_for_update().filter(pk=number).first()
            if locked is not None:
                _void(locked, None, Deed.EXPIRED)
                closed += 1
    return closed


def _open(kind: str, subject: str) -> Proposal | None:
    return (
        Proposal.objects.select_for_update()
        .filter(kind=kind, subject=subject, approved_at__isnull=True, refused_at__isnull=True, voided_at__isnull=True)
        .first()
    )


def _undecided(proposal: Proposal, by: Staff, unless: Callable[[Staff], str] | None) -> Proposal:
    """The proposal, locked, if this person may decide it now. The row is locked so that of two at once one decides."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.approved_at or locked.refused_at or locked.voided_at:
        raise AlreadyDecided(_("This has been decided or taken back already."))
    if locked.is_expired:
        raise Expired(_("The time to decide this has run out. It has to be proposed again."))
    if locked.proposed_by_id == by.pk:
        raise SecondPersonNeeded(_("You proposed this yourself. Someone else has to decide."))
    pair = Q(proposed_by=locked.proposed_by_id, refused_by=by.pk) | Q(
        proposed_by=by.pk, refused_by=locked.proposed_by_id
    )
    if Proposal.objects.filter(pair, kind=locked.kind, subject=locked.subject, refused_at__isnull=False).exists():
        raise SamePairAgain(_("The two of you have decided this once: it was refused. Someone else has to decide now."))
    because = unless(by) if unless else ""
    if because:
        raise NotImpartial(because)
    return locked


def _void(locked: Proposal, by: Staff | None, deed: Deed) -> None:
    locked.voided_at = clock.now()
    locked.save(update_fields=["voided_at"])
    _record(deed, locked, by)


def _record(deed: Deed, proposal: Proposal, by: Staff | None) -> None:
    audit.record(deed, by=by, about=proposal.subject, detail={"kind": proposal.kind, "proposal": proposal.reference})


def _mirrored(proposal: Proposal, locked: Proposal) -> Proposal:
    """The caller's object shows what was decided."""
    for name in ("approved_by", "approved_at", "refused_by", "refused_at", "refusal_reason", "voided_at"):
        setattr(proposal, name, getattr(locked, name))
    return locked
