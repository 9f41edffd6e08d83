"""Staff pages: partners, their keys and their load; PFIF in and out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.decisions import actions as decisions
from homeward.decisions.models import RefusalReason
from homeward.enquiries.models import Partner
from homeward.enquiries.queries import enquiries_visible_to
from homeward.lib import references
from homeward.lib.refusals import Refusal
from homeward.partners import actions, pfif, queries
from homeward.partners.forms import AgreementForm, PfifForm, RecordForm
from homeward.partners.models import Agreement, Clearance

SHOWN = 200


@requires(Right.PARTNERS_MANAGE)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """All partners, what each brought and what waits."""
    return render(request, "partners/staff/list.html", {"partners": queries.partners_with_load()[:SHOWN]})


@requires(Right.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A partner to work with."""
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        partner = actions.agree(**form.cleaned_data, by=request.user)
        return redirect("partners:partner", partner.reference)
    return render(request, "partners/staff/agreement.html", {"form": form})


@requires(Right.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: SignedInRequest, reference: str) -> HttpResponse:
    """One partner: agreement and keys."""
    held = get_object_or_404(queries.partners_with_load(), reference=reference)
    return _page(request, held)


def _page(request: SignedInRequest, held: Partner, *, key: str = "") -> HttpResponse:
    agreement = Agreement.objects.filter(partner=held).first() or Agreement(partner=held)
    initial = {name: getattr(agreement, name) for name in ("a_minute", "a_day", "is_open", "receives_records")}
    form = AgreementForm(
        request.POST if request.method == "POST" and not key else None,
        initial={"name": held.name, "desk": held.desk, **initial},
    )
    if form.is_bound and form.is_valid():
        actions.agree(**{**form.cleaned_data, "name": held.name}, by=request.user)
        messages.success(request, _("Changed."))
        return redirect("partners:partner", held.reference)
    keys = held.keys.select_related("made_by").order_by("-pk")[:20]
    return render(request, "partners/staff/partner.html", {"partner": held, "form": form, "keys": keys, "key": key})


@requires(Right.PARTNERS_MANAGE)
@require_POST
def make_key(request: SignedInRequest, reference: str) -> HttpResponse:
    """A fresh key, shown on this answer only."""
    held = get_object_or_404(queries.partners_with_load(), reference=reference)
    return _page(request, held, key=actions.make_key(held, by=request.user))


@requires(Right.PARTNERS_MANAGE)
@require_POST
def end_keys(request: SignedInRequest, reference: str) -> HttpResponse:
    """All its keys end now."""
    held = get_object_or_404(Partner, reference=reference)
    actions.end_keys(held, by=request.user)
    messages.success(request, _("All keys of this partner have ended."))
    return redirect("partners:partner", reference)


@requires(Right.ENQUIRIES_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: SignedInRequest) -> HttpResponse:
    """A PFIF file, with what became of each record."""
    form = PfifForm(request.POST or None, request.FILES or None)
    mine = Partner.objects.filter(desk=request.user.desk).order_by("name")
    form.fields["partner"].queryset = mine  # type: ignore[attr-defined]
    report: list[pfif.Row] = []
    if request.method == "POST" and form.is_valid():
        try:
            report = pfif.bring(form.cleaned_data["file"].read(pfif.MOST_BYTES + 1), form.cleaned_data["partner"])
        except pfif.Unreadable:
            form.add_error("file", _("This file cannot be read as PFIF 1.1 to 1.4."))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "partners/staff/bring.html", {"form": form, "report": report})


@requires(Right.DISCLOSURE_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def records(request: SignedInRequest) -> HttpResponse:
    """Which record goes to which partner."""
    may_propose = request.user.may(Right.DISCLOSURE_PROPOSE)
    form = RecordForm(request.POST or None) if may_propose else None
    if form is not None and request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        enquiry = enquiries_visible_to(request.user).filter(reference=references.tidy(said["reference"])).first()
        try:
            if enquiry is None:
                raise actions.NotCleared(_("No enquiry of your desk has this number."))
            actions.propose_record(
                enquiry, said["partner"], status=said["status"], consent=said["consent"], by=request.user
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Someone else decides within 24 hours."))
            return redirect("partners:records")
    names = dict(Partner.objects.values_list("reference", "name"))
    waiting = [
        (proposal, proposal.payload, names.get(proposal.payload["partner"], ""))
        for proposal in queries.clearance_proposals()[:SHOWN]
    ]
    context = {
        "form": form,
        "waiting": waiting,
        "standing": Clearance.objects.select_related("partner", "enquiry").order_by("-pk")[:SHOWN],
        "may_propose": may_propose,
        "may_decide": request.user.may(Right.DISCLOSURE_APPROVE),
    }
    return render(request, "partners/staff/records.html", context)


@requires(Right.DISCLOSURE_APPROVE)
@require_POST
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """Yes or no to a record going out."""
    proposal = get_object_or_404(queries.clearance_proposals(), reference=reference)
    try:
        if request.POST.get("answer") == "yes":
            actions.approve_record(proposal, payload_hash=request.POST.get("payload_hash", ""), by=request.user)
            messages.success(request, _("Cleared for 90 days."))
        else:
            decisions.refuse(proposal, request.user, RefusalReason.DISAGREES)
            messages.success(request, _("Refused."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("partners:records")


@requires(Right.DISCLOSURE_PROPOSE)
@require_POST
def end_clearance(request: SignedInRequest, reference: str) -> HttpResponse:
    """The partner may not have it any more."""
    visible = enquiries_visible_to(request.user)
    held = get_object_or_404(
        Clearance.objects.filter(enquiry__in=visible).select_related("enquiry"), reference=reference
    )
    actions.end_clearance(held, by=request.user)
    return redirect("partners:records")
