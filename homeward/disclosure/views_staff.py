"""Pages on which answers are proposed, decided, and grave news is called."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals
from homeward.disclosure import actions, queries, texts
from homeward.disclosure.deeds import Deed
from homeward.disclosure.forms import CallForm, DecideForm, ProposeForm, RefuseForm
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import CallOutcome
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib.refusals import Refusal

SHOWN = 100


@requires(Right.DISCLOSURE_READ)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """What waits to be proposed, and what waits for a second person."""
    context = {
        "to_propose": queries.awaiting_proposal(request.user)[:SHOWN],
        "to_decide": open_proposals(queries.PROPOSAL_KIND)[:SHOWN],
        "calls": queries.call_list()[:SHOWN],
        "may_propose": request.user.may(Right.DISCLOSURE_PROPOSE),
        "may_decide": request.user.may(Right.DISCLOSURE_APPROVE),
    }
    return render(request, "disclosure/staff/list.html", context)


@requires(Right.DISCLOSURE_PROPOSE)
def propose(request: SignedInRequest, reference: str) -> HttpResponse:
    """Propose the answer of one enquirer; the page shows word for word what each choice would tell."""
    enquiry = get_object_or_404(enquiries_visible_to(request.user).select_related("sought"), reference=reference)
    possible = queries.proposable(enquiry)
    if possible is None:
        raise Http404
    form = ProposeForm(request.POST or None, kinds=possible.kinds)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_answer(enquiry, kind=Kind(form.cleaned_data["kind"]), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Someone else decides within 24 hours."))
            return redirect("disclosure:list")
    words = [(kind.label, texts.text_of(kind, enquiry.language)) for kind in possible.kinds]
    context = {"enquiry": enquiry, "possible": possible, "form": form, "words": words}
    return render(request, "disclosure/staff/propose.html", context)


def _proposal(reference: str) -> Proposal:
    return get_object_or_404(open_proposals(queries.PROPOSAL_KIND), reference=reference)


@requires(Right.DISCLOSURE_APPROVE)
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """The approver reads exactly what leaves, and says yes or no."""
    proposal = _proposal(reference)
    return _decide_page(request, proposal, RefuseForm())


def _decide_page(request: SignedInRequest, proposal: Proposal, refuse_form: RefuseForm) -> HttpResponse:
    form = DecideForm(request.POST if request.method == "POST" and "payload_hash" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            actions.approve_answer(proposal, payload_hash=form.cleaned_data["payload_hash"], by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Approved. The answer stands."))
        return redirect("disclosure:list")
    with transaction.atomic():
        audit.record(Deed.LOOKED, by=request.user, about=proposal.subject)
    payload = proposal.payload
    context = {
        "proposal": proposal,
        "payload": payload,
        "kind": Kind(payload["kind"]),
        "form": DecideForm(initial={"payload_hash": proposal.payload_hash}),
        "refuse_form": refuse_form,
        "mine": proposal.proposed_by_id == request.user.pk,
        "history": history_of(proposal.subject),
    }
    return render(request, "disclosure/staff/decide.html", context)


@requires(Right.DISCLOSURE_APPROVE)
@require_POST
def refuse(request: SignedInRequest, reference: str) -> HttpResponse:
    """No, and why."""
    proposal = _proposal(reference)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, proposal, form)
    try:
        actions.refuse_answer(
            proposal, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"], by=request.user
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Refused. The case worker sees your reason."))
    return redirect("disclosure:list")


@requires(Right.DISCLOSURE_CALL)
@require_safe
def calls(request: SignedInRequest) -> HttpResponse:
    """Families whom a person calls."""
    return render(request, "disclosure/staff/calls.html", {"calls": queries.call_list()[:SHOWN]})


@requires(Right.DISCLOSURE_CALL)
def call(request: SignedInRequest, reference: str) -> HttpResponse:
    """One family: what to bear in mind, and what became of the call."""
    answer = get_object_or_404(queries.call_list(), reference=reference)
    if not enquiries_visible_to(request.user).filter(pk=answer.enquiry_id).exists():
        raise PermissionDenied
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.note_call(
                answer,
                outcome=CallOutcome(said["outcome"]),
                note=said["note"],
                next_on=said["next_on"],
                by=request.user,
            )
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Noted."))
        return redirect("disclosure:calls")
    tries = answer.tries.select_related("called_by").order_by("-called_at")
    return render(request, "disclosure/staff/call.html", {"answer": answer, "form": form, "tries": tries})
