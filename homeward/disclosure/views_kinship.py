"""Staff pages on which kinship is established: evidence by one, a level by two, the prisoner's word by the case worker."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.decisions.models import Proposal
from homeward.disclosure import actions, queries
from homeward.disclosure.deeds import Deed
from homeward.disclosure.forms import (
    DecideForm,
    EvidenceForm,
    FindForm,
    LevelForm,
    LowerForm,
    RefuseForm,
    StatementForm,
)
from homeward.disclosure.models import Evidence, EvidenceKind, Kinship, KinshipStep, Level, Wish
from homeward.enquiries.models import Enquiry
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib import references
from homeward.lib.refusals import Refusal

SHOWN = 100


@requires(Right.KINSHIP_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest) -> HttpResponse:
    """What waits for a verifier, and what for a second one."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reference = references.tidy(form.cleaned_data["reference"])
        if enquiries_visible_to(request.user).filter(reference=reference).exists():
            return redirect("disclosure:kinship", reference)
        form.add_error("reference", _("No enquiry of your desk has this number."))
    context = {
        "form": form,
        "to_decide": queries.kinship_proposals()[:SHOWN],
        "waiting": queries.kinship_waiting(request.user)[:SHOWN],
        "may_verify": request.user.may(Right.KINSHIP_VERIFY),
    }
    return render(request, "disclosure/staff/kinships.html", context)


def _enquiry(request: SignedInRequest, reference: str) -> Enquiry:
    return get_object_or_404(enquiries_visible_to(request.user).select_related("sought"), reference=reference)


@requires(Right.KINSHIP_READ)
@require_safe
def kinship(request: SignedInRequest, reference: str) -> HttpResponse:
    """One enquirer: how far it is established, on what, and his word on her."""
    enquiry = _enquiry(request, reference)
    with transaction.atomic():
        audit.record(Deed.KINSHIP_READ, by=request.user, about=enquiry.reference)
    return _page(request, enquiry)


def _page(
    request: SignedInRequest,
    enquiry: Enquiry,
    *,
    evidence_form: EvidenceForm | None = None,
    statement_form: StatementForm | None = None,
    lower_form: LowerForm | None = None,
) -> HttpResponse:
    held = Kinship.objects.filter(enquiry=enquiry).first() or Kinship(enquiry=enquiry)
    is_kept = held.pk is not None
    next_levels = (
        [level for level in queries.LEVEL_KINDS if level > held.level and queries.carrying(held, level).exists()]
        if is_kept
        else []
    )
    speaks_with_him = request.user.may(Right.KINSHIP_STATEMENT)
    context = {
        "enquiry": enquiry,
        "kinship": held,
        "evidence": held.evidence.select_related("checked_by", "set_aside_by").order_by("pk") if is_kept else [],
        "steps": held.steps.select_related("made_by").order_by("-pk") if is_kept else [],
        "statements": held.statements.select_related("recorded_by").order_by("-pk") if is_kept else [],
        "waiting": queries.kinship_proposals().filter(subject=enquiry.reference).first(),
        "may_accept": is_kept and held.level == Level.CLAIM and queries.carrying(held, Level.CONSISTENT).exists(),
        "next_levels": [(level, Level(level).label) for level in next_levels],
        "may_verify": request.user.may(Right.KINSHIP_VERIFY),
        "speaks_with_him": speaks_with_him,
        "is_found": speaks_with_him and queries.confirmed_match(enquiry) is not None,
        "evidence_form": evidence_form or EvidenceForm(),
        "statement_form": statement_form or StatementForm(),
        "lower_form": lower_form or LowerForm(),
        "history": history_of(enquiry.reference),
    }
    return render(request, "disclosure/staff/kinship.html", context)


@requires(Right.KINSHIP_VERIFY)
@require_POST
def add_evidence(request: SignedInRequest, reference: str) -> HttpResponse:
    """What was checked."""
    enquiry = _enquiry(request, reference)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_evidence(enquiry, kind=EvidenceKind(said["kind"]), what=said["what"], by=request.user)
            messages.success(request, _("Noted."))
            return redirect("disclosure:kinship", reference)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _page(request, enquiry, evidence_form=form)


@requires(Right.KINSHIP_VERIFY)
@require_POST
def set_aside(request: SignedInRequest, reference: str) -> HttpResponse:
    """A piece of evidence does not count any more."""
    visible = enquiries_visible_to(request.user)
    evidence = get_object_or_404(Evidence.objects.filter(kinship__enquiry__in=visible), reference=reference)
    try:
        actions.set_aside_evidence(evidence, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("disclosure:kinship", evidence.kinship.enquiry.reference)


@requires(Right.KINSHIP_VERIFY)
@require_POST
def raise_level(request: SignedInRequest, reference: str) -> HttpResponse:
    """Level 1 at once, level 2 and 3 as a proposal."""
    enquiry = _enquiry(request, reference)
    form = LevelForm(request.POST)
    if form.is_valid():
        level = Level(form.cleaned_data["level"])
        try:
            if level == Level.CONSISTENT:
                actions.accept_claim(enquiry, by=request.user)
                messages.success(request, _("The level stands."))
            else:
                actions.propose_level(enquiry, level=level, by=request.user)
                messages.success(request, _("Proposed. Another kin verifier decides within 24 hours."))
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    return redirect("disclosure:kinship", reference)


@requires(Right.KINSHIP_VERIFY)
@require_POST
def lower(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take a level back, at once."""
    enquiry = _enquiry(request, reference)
    form = LowerForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.lower_level(
                enquiry,
                level=Level(said["level"]),
                why=KinshipStep.Why(said["why"]),
                note=said["note"],
                by=request.user,
            )
            messages.success(request, _("Taken back. What rested on it does not stand any more."))
            return redirect("disclosure:kinship", reference)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _page(request, enquiry, lower_form=form)


@requires(Right.KINSHIP_STATEMENT)
@require_POST
def statement(request: SignedInRequest, reference: str) -> HttpResponse:
    """What the prisoner said of her."""
    enquiry = _enquiry(request, reference)
    form = StatementForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.record_statement(
                enquiry,
                names_her=said["names_her"] == "yes",
                wish=Wish(said["wish"]),
                spoken_on=said["spoken_on"],
                question=said["question"],
                his_answer=said["his_answer"],
                answer_agrees=said["answer_agrees"],
                by=request.user,
            )
            messages.success(request, _("Recorded. This is his wish from now on."))
            return redirect("disclosure:kinship", reference)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _page(request, enquiry, statement_form=form)


def _proposal(request: SignedInRequest, reference: str) -> tuple[Proposal, Enquiry]:
    proposal = get_object_or_404(queries.kinship_proposals(), reference=reference)
    return proposal, _enquiry(request, proposal.subject)


@requires(Right.KINSHIP_VERIFY)
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """The second verifier reads the evidence, and says yes or no."""
    proposal, enquiry = _proposal(request, reference)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.approve_level(proposal, payload_hash=form.cleaned_data["payload_hash"], by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The level stands."))
        return redirect("disclosure:kinships")
    return _decide_page(request, proposal, enquiry, RefuseForm())


def _decide_page(request: SignedInRequest, proposal: Proposal, enquiry: Enquiry, no: RefuseForm) -> HttpResponse:
    with transaction.atomic():
        audit.record(Deed.KINSHIP_READ, by=request.user, about=enquiry.reference)
    payload = proposal.payload
    context = {
        "proposal": proposal,
        "enquiry": enquiry,
        "level": Level(payload["level"]),
        "evidence": Evidence.objects.filter(reference__in=payload["evidence"]).select_related("checked_by"),
        "form": DecideForm(initial={"payload_hash": proposal.payload_hash}),
        "refuse_form": no,
        "mine": proposal.proposed_by_id == request.user.pk,
    }
    return render(request, "disclosure/staff/decide_kinship.html", context)


@requires(Right.KINSHIP_VERIFY)
@require_POST
def refuse(request: SignedInRequest, reference: str) -> HttpResponse:
    """No, and why."""
    proposal, enquiry = _proposal(request, reference)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, proposal, enquiry, form)
    try:
        actions.refuse_level(
            proposal, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"], by=request.user
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Refused. The colleague sees your reason."))
    return redirect("disclosure:kinships")
