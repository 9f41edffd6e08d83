"""Pages of messages to many, and of families to be called back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.contact import actions, campaigns, queries
from homeward.contact.forms import CampaignForm, DecideForm, RefuseForm
from homeward.contact.models import Campaign
from homeward.contact.texts import LANGUAGES
from homeward.lib.refusals import Refusal

SHOWN = 100
# The one group there is now: those who ask.
AUDIENCE = "enquiries"


@requires(Right.MESSAGES_READ)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Messages to many, and what arrived of the rest."""
    context = {
        "campaigns": queries.campaigns()[:SHOWN],
        "unsure": queries.unsure()[:SHOWN],
        "call_backs": queries.open_call_backs().count(),
    }
    return render(request, "contact/staff/list.html", context)


@requires(Right.MESSAGES_PROPOSE)
def new(request: SignedInRequest) -> HttpResponse:
    """Write the words and choose the group; "Count" says whom it would reach, nothing is written by it."""
    form = CampaignForm(request.POST or None, audience_code=AUDIENCE)
    counted = None
    if request.method == "POST" and form.is_valid():
        if "propose" in request.POST:
            made = _propose(request, form)
            if made is not None:
                messages.success(request, _("Proposed. Someone else decides within 24 hours."))
                return redirect("contact:campaign", made.reference)
        else:
            counted = campaigns.count(AUDIENCE, form.chosen())
    return render(request, "contact/staff/new.html", {"form": form, "counted": counted})


def _propose(request: SignedInRequest, form: CampaignForm) -> Campaign | None:
    try:
        return campaigns.propose_campaign(
            title=form.cleaned_data["title"],
            texts=form.texts(),
            audience_code=AUDIENCE,
            chosen=form.chosen(),
            by=request.user,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None


def _campaign(reference: str) -> Campaign:
    return get_object_or_404(queries.campaigns(), reference=reference)


@requires(Right.MESSAGES_READ)
@require_safe
def campaign(request: SignedInRequest, reference: str) -> HttpResponse:
    """One message to many: its words, its group, how far it is, or the decision."""
    return _campaign_page(request, _campaign(reference), RefuseForm())


def _campaign_page(request: SignedInRequest, found: Campaign, refuse_form: RefuseForm) -> HttpResponse:
    waits = found.state == Campaign.State.PROPOSED and found.proposal is not None and found.proposal.is_open
    mine = found.proposal is not None and found.proposal.proposed_by_id == request.user.pk
    context = {
        "campaign": found,
        "texts": [(language, found.texts[language]) for language in LANGUAGES],
        "progress": queries.progress_of(found),
        "not_certain": queries.not_certain(found),
        "is_moving": found.state == Campaign.State.RUNNING,
        "is_started": found.state in (Campaign.State.RUNNING, Campaign.State.PAUSED),
        "waits": waits,
        "ran_out": found.state == Campaign.State.PROPOSED and not waits,
        "mine": mine,
        "may_decide": waits and not mine and request.user.may(Right.MESSAGES_APPROVE),
        "may_steer": request.user.may(Right.MESSAGES_PROPOSE) or request.user.may(Right.MESSAGES_APPROVE),
        "form": DecideForm(initial={"payload_hash": found.payload_hash}),
        "refuse_form": refuse_form,
        "history": history_of(found.reference),
    }
    is_part = getattr(request, "htmx", False)
    return render(request, "contact/staff/_progress.html" if is_part else "contact/staff/campaign.html", context)


@requires(Right.MESSAGES_APPROVE)
@require_POST
def approve(request: SignedInRequest, reference: str) -> HttpResponse:
    """Yes to exactly the words and the group the page showed."""
    found, form = _campaign(reference), DecideForm(request.POST)
    if form.is_valid():
        sentence = _("Approved. It goes out at each family's hours, from tomorrow on.")
        _tried(
            request,
            lambda: campaigns.approve_campaign(found, payload_hash=form.cleaned_data["payload_hash"], by=request.user),
            sentence,
        )
    return redirect("contact:campaign", reference)


@requires(Right.MESSAGES_APPROVE)
@require_POST
def refuse(request: SignedInRequest, reference: str) -> HttpResponse:
    """No, and why."""
    found, form = _campaign(reference), RefuseForm(request.POST)
    if not form.is_valid():
        return _campaign_page(request, found, form)
    said = form.cleaned_data
    _tried(
        request,
        lambda: campaigns.refuse_campaign(found, reason=said["reason"], note=said["note"], by=request.user),
        _("Refused. The colleague sees your reason."),
    )
    return redirect("contact:campaign", reference)


@requires(Right.MESSAGES_PROPOSE, Right.MESSAGES_APPROVE)
@require_POST
def pause(request: SignedInRequest, reference: str) -> HttpResponse:
    """Stop it for now. Whoever may propose or approve may stop."""
    found = _campaign(reference)
    _tried(request, lambda: campaigns.pause(found, by=request.user), _("Paused. Nothing more goes out."))
    return redirect("contact:campaign", reference)


@requires(Right.MESSAGES_PROPOSE, Right.MESSAGES_APPROVE)
@require_POST
def resume(request: SignedInRequest, reference: str) -> HttpResponse:
    """Go on."""
    found = _campaign(reference)
    _tried(request, lambda: campaigns.resume(found, by=request.user), _("It goes on."))
    return redirect("contact:campaign", reference)


def _tried(request: HttpRequest, act: Callable[[], object], sentence: str) -> None:
    try:
        act()
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, sentence)


@requires(Right.MESSAGES_CALL)
@require_safe
def call_backs(request: SignedInRequest) -> HttpResponse:
    """Families whom no message reached: a person calls."""
    return render(request, "contact/staff/call_backs.html", {"call_backs": queries.open_call_backs()[:SHOWN]})


@requires(Right.MESSAGES_CALL)
@require_POST
def call_back_done(request: SignedInRequest, reference: str) -> HttpResponse:
    """Somebody has called."""
    found = get_object_or_404(queries.open_call_backs(), reference=reference)
    _tried(request, lambda: actions.finish_call_back(found, by=request.user), _("Noted."))
    return redirect("contact:call_backs")
