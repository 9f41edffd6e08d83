"""Official papers: proposed, approved over the exact words, printed once with a code that anybody can check once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure import codes, papers, queries
from homeward.disclosure.deeds import Deed
from homeward.disclosure.models import Check, Level, Outcome, Paper, PaperKind, Wish
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.lib.refusals import Refusal


class PaperNotPossible(Refusal):
    """The case does not allow this paper."""


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper as it leaves: the PDF and the code exist only here; the house keeps neither."""

    paper: Paper
    code: str
    pdf: bytes


@transaction.atomic
def propose_paper(enquiry: Enquiry, *, content: papers.Content, by: Staff) -> Proposal:
    """Propose a paper with exactly this content; somebody else decides within 24 hours."""
    _check_may_leave(enquiry, content.kind)
    payload = {"enquiry": enquiry.reference, **content.payload()}
    return decisions.propose(queries.paper_kind(content.kind), subject=enquiry.reference, payload=payload, by=by)


@transaction.atomic
def propose_captivity_paper(enquiry: Enquiry, *, second_language: str = "en", by: Staff) -> Proposal:
    """Propose the confirmation of captivity for a family that has been told."""
    match = queries.confirmed_match(enquiry)
    if match is None:
        raise PaperNotPossible(_("Nobody has confirmed who he is yet."))
    content = papers.captivity(enquiry, match.entry, second_language=second_language)
    return propose_paper(enquiry, content=content, by=by)


@transaction.atomic
def approve_paper(proposal: Proposal, *, payload_hash: str, by: Staff) -> Proposal:
    """The second person's yes over exactly what will be printed."""
    enquiry = Enquiry.objects.get(reference=proposal.subject)
    _check_may_leave(enquiry, PaperKind(proposal.payload["paper"]))

    def verified(staff: Staff) -> str:
        mine = staff.pk in queries.verifiers_of(enquiry)
        return _("You verified her kinship; someone else has to decide what is told.") if mine else ""

    return decisions.approve(proposal, payload_hash, by, unless=verified)


def refuse_paper(proposal: Proposal, *, reason: str, note: str = "", by: Staff) -> None:
    """The second person's no, with its reason."""
    decisions.refuse(proposal, by, reason, note=note)


@transaction.atomic
def issue_paper(proposal: Proposal, *, by: Staff) -> IssuedPaper:
    """Print an approved paper, once, with a fresh code. A lost paper is proposed anew; the old code is revoked then."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    payload: dict[str, Any] = proposal.payload
    if proposal.approved_at is None or proposal.voided_at is not None:
        raise PaperNotPossible(_("Nobody has approved this paper yet."))
    if Paper.objects.filter(proposal=proposal).exists():
        raise PaperNotPossible(_("This paper has been printed already. Propose it anew."))
    enquiry = Enquiry.objects.get(reference=payload["enquiry"])
    kind = PaperKind(payload["paper"])
    _check_may_leave(enquiry, kind)
    moment = clock.now()
    Paper.objects.filter(enquiry=enquiry, kind=kind, revoked_at=None).update(revoked_at=moment)
    code = codes.new()
    paper = Paper.objects.create(
        kind=kind,
        enquiry=enquiry,
        proposal=proposal,
        payload_hash=proposal.payload_hash,
        code_index=codes.index_of(codes.tidy(code)),
        issued_by=by,
        issued_at=moment,
        expires_at=moment + timedelta(days=payload["valid_days"]),
    )
    pdf = papers.print_paper(payload, reference=paper.reference, code=code, on=clock.today())
    audit.record(
        Deed.PAPER_ISSUED, by=by, about=enquiry.reference, detail={"paper": paper.reference, "kind": str(kind)}
    )
    return IssuedPaper(paper, code, pdf)


@transaction.atomic
def revoke_paper(paper: Paper, *, by: Staff) -> None:
    """From now on its code says that it is no longer in force."""
    if not Paper.objects.filter(pk=paper.pk, revoked_at=None).update(revoked_at=clock.now()):
        raise PaperNotPossible(_("This paper is not in force any more."))
    audit.record(Deed.PAPER_REVOKED, by=by, about=paper.enquiry.reference, detail={"paper": paper.reference})


@transaction.atomic
def check_code(typed: str) -> Outcome:
    """What the code says of its paper; the first asking uses it up. The same steps and writes whatever it is."""
    moment = clock.now()
    index = codes.index_of(codes.tidy(typed) or "none")
    found = Paper.objects.filter(code_index=index)
    now_used = found.filter(used_at=None, revoked_at=None, expires_at__gt=moment).update(used_at=moment)
    states = list(found.values_list("used_at", "revoked_at"))
    if now_used:
        outcome = Outcome.VALID
    elif not states:
        outcome = Outcome.UNKNOWN
    else:
        ((used_at, revoked_at),) = states
        outcome = Outcome.USED if used_at is not None and revoked_at is None else Outcome.EXPIRED
    Check.objects.create(asked_at=moment, outcome=outcome)
    return outcome


def _check_may_leave(enquiry: Enquiry, kind: PaperKind) -> None:
    if queries.kinship_level(enquiry) < Level.VERIFIED:
        raise PaperNotPossible(
            _("Kinship is not at level 2. Nothing may be told before a kin verifier has established it.")
        )
    if queries.wish_of(enquiry) in (Wish.NOT, Wish.LATER):
        raise PaperNotPossible(_("He does not wish this relative to be told now."))
    if kind == PaperKind.CAPTIVITY and not queries.told_captivity(enquiry):
        raise PaperNotPossible(_("The paper follows an approved answer that he is in captivity."))
