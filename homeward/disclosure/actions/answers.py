"""Deciding what a family is told."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.contact import actions as contact
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure import queries, texts
from homeward.disclosure.deeds import Deed
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import Answer, CallOutcome, CallTry, Level, Wish
from homeward.enquiries.models import Enquiry
from homeward.lib.refusals import Refusal
from homeward.tracing.models import PotentialMatch


class NotProposable(Refusal):
    """The enquiry, or the man's state, does not allow this answer."""


class CaseChanged(Refusal):
    """What was proposed no longer fits the case."""


def payload_of(enquiry: Enquiry, match: PotentialMatch, kind: Kind) -> dict[str, Any]:
    """Exactly what leaves: to whom, about whom, on what ground, in which words."""
    language = enquiry.language
    return {
        "enquiry": enquiry.reference,
        "sought": match.sought.reference,
        "match": match.reference,
        "entry": match.entry.reference,
        "entry_state": match.entry.state,
        "kind": str(kind),
        "language": language,
        "text": texts.text_of(kind, language),
    }


def _check_may_be_told(enquiry: Enquiry, kind: Kind) -> None:
    """Refuse a fate below kinship level 2, or against his wish; the database refuses the same."""
    if kind == Kind.NO_INFORMATION:
        return
    if queries.kinship_level(enquiry) < Level.VERIFIED:
        raise NotProposable(
            _("Kinship is not at level 2. Nothing may be told before a kin verifier has established it.")
        )
    wish = queries.wish_of(enquiry)
    if wish == Wish.NOT:
        raise NotProposable(_("He does not wish this relative to be told."))
    if wish == Wish.LATER and kind != Kind.CALL:
        raise NotProposable(_("He wishes this relative to be told later. Ask him again."))


@transaction.atomic
def propose_answer(enquiry: Enquiry, *, kind: Kind, by: Staff) -> Proposal:
    """Propose what this enquirer is told; somebody else decides within 24 hours."""
    possible = queries.proposable(enquiry)
    if possible is None:
        raise NotProposable(_("Nobody has confirmed who he is yet."))
    if kind not in possible.kinds:
        raise NotProposable(_("What the register says of him does not allow this answer."))
    _check_may_be_told(enquiry, kind)
    if Answer.objects.filter(enquiry=enquiry, withdrawn_at__isnull=True).exists():
        raise NotProposable(_("This family already has an answer."))
    payload = payload_of(enquiry, possible.match, kind)
    return decisions.propose(queries.PROPOSAL_KIND, subject=enquiry.reference, payload=payload, by=by)


@transaction.atomic
def approve_answer(proposal: Proposal, *, payload_hash: str, by: Staff) -> Answer:
    """The second person's yes over exactly what she read; the answer stands from now on."""
    enquiry = Enquiry.objects.select_for_update().select_related("sought").get(reference=proposal.subject)
    payload = proposal.payload
    match = queries.confirmed_match(enquiry)
    if match is None or payload != payload_of(enquiry, match, Kind(payload["kind"])):
        raise CaseChanged(_("The case has changed since this was proposed. It has to be proposed anew."))

    def judged(staff: Staff) -> str:
        if staff.pk in (match.same_said_by_id, match.same_confirmed_by_id):
            return _("You judged who he is; someone else has to decide what is told.")
        if staff.pk in queries.verifiers_of(enquiry):
            return _("You verified her kinship; someone else has to decide what is told.")
        return ""

    kind = Kind(payload["kind"])
    _check_may_be_told(enquiry, kind)
    decisions.approve(proposal, payload_hash, by, unless=judged)
    answer = Answer.objects.create(
        enquiry=enquiry,
        match=None if kind == Kind.NO_INFORMATION else match,
        kind=kind,
        text=payload["text"] or None,
        payload_hash=proposal.payload_hash,
        proposal=proposal,
    )
    if answer.text is not None and kind != Kind.NO_INFORMATION:
        # The doorbell rings for nothing new as well: by itself it means nothing.
        contact.ring(enquiry.reference, because="disclosure.answer")
    return answer


def refuse_answer(proposal: Proposal, *, reason: str, note: str = "", by: Staff) -> None:
    """The second person's no, with its reason."""
    decisions.refuse(proposal, by, reason, note=note)


@transaction.atomic
def note_call(
    answer: Answer, *, outcome: CallOutcome, note: str = "", next_on: date | None = None, by: Staff
) -> CallTry:
    """What became of a try to call. Told once: the family then leaves the call list."""
    answer = Answer.objects.select_for_update().get(pk=answer.pk)
    if answer.kind != Kind.CALL or answer.withdrawn_at is not None:
        raise NotProposable(_("This family is not on the call list."))
    if answer.tries.filter(outcome=CallOutcome.TOLD).exists():
        raise NotProposable(_("This family has been told already."))
    made = CallTry.objects.create(answer=answer, outcome=outcome, note=note or None, next_on=next_on, called_by=by)
    deed = Deed.CALL_MADE if outcome == CallOutcome.TOLD else Deed.CALL_TRIED
    audit.record(deed, by=by, about=answer.enquiry.reference)
    return made
