"""Staff pages on which official papers are proposed, decided, printed and revoked."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.decisions.models import Proposal
from homeward.disclosure import actions, queries
from homeward.disclosure.deeds import Deed
from homeward.disclosure.forms import DecideForm, PaperForm, RefuseForm
from homeward.disclosure.models import Check, Paper
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib import references
from homeward.lib.refusals import Refusal

SHOWN = 100


@requires(Right.DISCLOSURE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest) -> HttpResponse:
    """Papers to decide, to print, and those that are out."""
    may_propose = request.user.may(Right.DISCLOSURE_PROPOSE)
    form = PaperForm(request.POST or None) if may_propose else None
    if form is not None and request.method == "POST" and form.is_valid():
        reference = references.tidy(form.cleaned_data["reference"])
        enquiry = enquiries_visible_to(request.user).filter(reference=reference).select_related("sought").first()
        try:
            if enquiry is None:
                raise actions.PaperNotPossible(_("No enquiry of your desk has this number."))
            actions.propose_captivity_paper(
                enquiry, second_language=form.cleaned_data["second_language"], by=request.user
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Someone else decides within 24 hours."))
            return redirect("disclosure:papers")
    context = {
        "form": form,
        "to_decide": queries.paper_proposals()[:SHOWN],
        "to_print": queries.papers_to_print()[:SHOWN],
        "out": Paper.objects.select_related("enquiry", "issued_by").order_by("-pk")[:SHOWN],
        "unknown": Check.objects.filter(outcome="unknown").count(),
        "may_propose": may_propose,
        "may_decide": request.user.may(Right.DISCLOSURE_APPROVE),
    }
    return render(request, "disclosure/staff/papers.html", context)


@requires(Right.DISCLOSURE_APPROVE)
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """The approver reads exactly what will be printed."""
    proposal = get_object_or_404(queries.paper_proposals(), reference=reference)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.approve_paper(proposal, payload_hash=form.cleaned_data["payload_hash"], by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Approved. The case worker prints it."))
        return redirect("disclosure:papers")
    return _decide_page(request, proposal, RefuseForm())


def _decide_page(request: SignedInRequest, proposal: Proposal, no: RefuseForm) -> HttpResponse:
    with transaction.atomic():
        audit.record(Deed.LOOKED, by=request.user, about=proposal.subject)
    context = {
        "proposal": proposal,
        "payload": proposal.payload,
        "form": DecideForm(initial={"payload_hash": proposal.payload_hash}),
        "refuse_form": no,
        "mine": proposal.proposed_by_id == request.user.pk,
    }
    return render(request, "disclosure/staff/decide_paper.html", context)


@requires(Right.DISCLOSURE_APPROVE)
@require_POST
def refuse(request: SignedInRequest, reference: str) -> HttpResponse:
    """No, and why."""
    proposal = get_object_or_404(queries.paper_proposals(), reference=reference)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, proposal, form)
    try:
        actions.refuse_paper(
            proposal, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"], by=request.user
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("disclosure:papers")


@requires(Right.DISCLOSURE_PROPOSE)
@require_POST
def issue(request: SignedInRequest, reference: str) -> HttpResponse:
    """Print it: the only time this paper and its code can be had."""
    proposal = get_object_or_404(queries.papers_to_print(), reference=reference)
    get_object_or_404(enquiries_visible_to(request.user), reference=proposal.subject)
    try:
        issued = actions.issue_paper(proposal, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("disclosure:papers")
    return HttpResponse(
        issued.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="paper-{issued.paper.reference}.pdf"'},
    )


@requires(Right.DISCLOSURE_PROPOSE)
@require_POST
def revoke(request: SignedInRequest, reference: str) -> HttpResponse:
    """It was lost, or must not be used."""
    visible = enquiries_visible_to(request.user)
    paper = get_object_or_404(Paper.objects.filter(enquiry__in=visible).select_related("enquiry"), reference=reference)
    try:
        actions.revoke_paper(paper, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Revoked. Its code says from now on that it is not in force."))
    return redirect("disclosure:papers")
