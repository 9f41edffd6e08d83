"""Establishing kinship: evidence by one person, a level by two, his own word on her."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure import queries
from homeward.disclosure.deeds import Deed
from homeward.disclosure.models import (
    Answer,
    Evidence,
    EvidenceKind,
    Kinship,
    KinshipStep,
    Level,
    PrisonerStatement,
    Wish,
)
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.lib.refusals import Refusal


class NotEnoughEvidence(Refusal):
    """What was checked does not carry this level."""


class KinshipChanged(Refusal):
    """Evidence, level or case changed since."""


def _locked(enquiry: Enquiry) -> Kinship:
    """The kinship of this enquirer, locked; made on first use."""
    Kinship.objects.get_or_create(enquiry=enquiry)
    return Kinship.objects.select_for_update().get(enquiry=enquiry)


@transaction.atomic
def add_evidence(enquiry: Enquiry, *, kind: EvidenceKind, what: str, by: Staff) -> Evidence:
    """What this verifier checked, in her words."""
    if not what.strip():
        raise NotEnoughEvidence(_("Write what you checked, and what it showed."))
    kinship = _locked(enquiry)
    if kind == EvidenceKind.STATEMENT and not queries.is_named_by_him(kinship):
        raise NotEnoughEvidence(_("He has not named her and answered the control question."))
    evidence = Evidence.objects.create(kinship=kinship, kind=kind, what=what.strip(), checked_by=by)
    _moved(kinship)
    audit.record(Deed.EVIDENCE_ADDED, by=by, about=enquiry.reference, detail={"kind": str(kind)})
    return evidence


@transaction.atomic
def set_aside_evidence(evidence: Evidence, *, by: Staff) -> Evidence:
    """It does not count any more; the line stays."""
    evidence = Evidence.objects.select_for_update().select_related("kinship__enquiry").get(pk=evidence.pk)
    if evidence.set_aside_at is not None:
        raise KinshipChanged(_("This has been set aside already."))
    kinship = _locked(evidence.kinship.enquiry)
    evidence.set_aside_by, evidence.set_aside_at = by, clock.now()
    evidence.save(update_fields=["set_aside_by", "set_aside_at"])
    _moved(kinship)
    audit.record(Deed.EVIDENCE_SET_ASIDE, by=by, about=kinship.enquiry.reference, detail={"kind": evidence.kind})
    return evidence


@transaction.atomic
def accept_claim(enquiry: Enquiry, *, by: Staff) -> Kinship:
    """Level 1: one person finds that what she tells is consistent."""
    kinship = _locked(enquiry)
    if kinship.level != Level.CLAIM:
        raise KinshipChanged(_("The level is higher already."))
    if not queries.carrying(kinship, Level.CONSISTENT).exists():
        raise NotEnoughEvidence(_("Write down first what you checked."))
    kinship.verified_by, kinship.verified_at = by, clock.now()
    _step(kinship, Level.CONSISTENT, KinshipStep.Why.CONSISTENT, by=by)
    audit.record(Deed.KINSHIP_RAISED, by=by, about=enquiry.reference, detail={"level": 1})
    return kinship


def level_payload(kinship: Kinship, level: int) -> dict[str, Any]:
    """Exactly what a second person agrees to: whose kinship, which level, on which evidence."""
    return {
        "enquiry": kinship.enquiry.reference,
        "sought": kinship.enquiry.sought.reference,
        "relation": kinship.enquiry.relation,
        "level": int(level),
        "evidence": sorted(queries.standing_evidence(kinship).values_list("reference", flat=True)),
        "version": kinship.version,
    }


@transaction.atomic
def propose_level(enquiry: Enquiry, *, level: Level, by: Staff) -> Proposal:
    """Propose level 2 or 3; another verifier decides within 24 hours."""
    kinship = _locked(enquiry)
    if level not in queries.LEVEL_KINDS or level <= kinship.level:
        raise KinshipChanged(_("This level is not one to propose now."))
    if not queries.carrying(kinship, level).exists():
        raise NotEnoughEvidence(_("What was checked so far does not carry this level."))
    return decisions.propose(
        queries.LEVEL_KINDS[level], subject=enquiry.reference, payload=level_payload(kinship, level), by=by
    )


@transaction.atomic
def approve_level(proposal: Proposal, *, payload_hash: str, by: Staff) -> Kinship:
    """The second verifier's yes over exactly this evidence; the level stands from now on."""
    enquiry = Enquiry.objects.select_related("sought").get(reference=proposal.subject)
    kinship = _locked(enquiry)
    level = Level(proposal.payload["level"])
    if proposal.payload != level_payload(kinship, level) or level <= kinship.level:
        raise KinshipChanged(_("The evidence has changed since this was proposed. It has to be proposed anew."))
    decisions.approve(proposal, payload_hash, by)
    kinship.proposal, kinship.payload_hash = proposal, proposal.payload_hash
    kinship.verified_by, kinship.confirmed_by, kinship.verified_at = proposal.proposed_by, by, clock.now()
    _step(kinship, level, KinshipStep.Why.APPROVED, proposal=proposal, by=by)
    audit.record(Deed.KINSHIP_RAISED, by=by, about=enquiry.reference, detail={"level": int(level)})
    return kinship


def refuse_level(proposal: Proposal, *, reason: str, note: str = "", by: Staff) -> None:
    """The second verifier's no, with its reason."""
    decisions.refuse(proposal, by, reason, note=note)


@transaction.atomic
def lower_level(enquiry: Enquiry, *, level: Level, why: KinshipStep.Why, note: str = "", by: Staff) -> Kinship:
    """Take a level back to 0 or 1: one person may, at once. Whatever rested on it is taken back with it."""
    kinship = _locked(enquiry)
    if level > Level.CONSISTENT or level >= kinship.level:
        raise KinshipChanged(_("A level is taken back to 0 or 1."))
    _withdraw_answers(kinship)
    kinship.proposal = kinship.confirmed_by = None
    kinship.payload_hash = ""
    kinship.verified_by, kinship.verified_at = by, clock.now()
    _step(kinship, level, why, note=note, by=by)
    audit.record(Deed.KINSHIP_LOWERED, by=by, about=enquiry.reference, detail={"level": int(level), "why": str(why)})
    return kinship


@transaction.atomic
def record_statement(
    enquiry: Enquiry,
    *,
    names_her: bool,
    wish: Wish,
    spoken_on: date,
    question: str = "",
    his_answer: str = "",
    answer_agrees: bool = False,
    by: Staff,
) -> PrisonerStatement:
    """What he said of her, spoken with alone. From now on this is his wish; "not" and "later" take a standing answer back."""
    match = queries.confirmed_match(enquiry)
    if match is None:
        raise NotEnoughEvidence(_("Nobody has confirmed who he is yet."))
    if answer_agrees and not (question.strip() and his_answer.strip()):
        raise NotEnoughEvidence(_("Write the control question and what he answered."))
    kinship = _locked(enquiry)
    if wish == Wish.NOT:
        _withdraw_answers(kinship)
    elif wish == Wish.LATER:
        _withdraw_answers(kinship, also_calls=False)
    statement = PrisonerStatement.objects.create(
        kinship=kinship,
        match=match,
        names_her=names_her,
        question=question.strip() or None,
        his_answer=his_answer.strip() or None,
        answer_agrees=answer_agrees,
        wish=wish,
        spoken_on=spoken_on,
        recorded_by=by,
    )
    kinship.wish = wish
    kinship.version += 1
    kinship.save(update_fields=["wish", "version"])
    audit.record(Deed.STATEMENT_RECORDED, by=by, about=enquiry.reference, detail={"wish": str(wish)})
    return statement


def _withdraw_answers(kinship: Kinship, *, also_calls: bool = True) -> None:
    kept = ["no_information"] if also_calls else ["no_information", "call"]
    standing = Answer.objects.filter(enquiry=kinship.enquiry_id, withdrawn_at__isnull=True).exclude(kind__in=kept)
    standing.update(withdrawn_at=clock.now())


def _moved(kinship: Kinship) -> None:
    kinship.version += 1
    kinship.save(update_fields=["version"])


def _step(
    kinship: Kinship,
    level: Level,
    why: KinshipStep.Why,
    *,
    note: str = "",
    proposal: Proposal | None = None,
    by: Staff,
) -> None:
    KinshipStep.objects.create(
        kinship=kinship, before=kinship.level, after=level, why=why, note=note or None, proposal=proposal, made_by=by
    )
    kinship.level = level
    kinship.version += 1
    kinship.save()
