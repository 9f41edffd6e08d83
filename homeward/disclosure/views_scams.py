"""Staff pages of the scam watch: the waves, their texts, the warning."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.decisions import actions as decisions
from homeward.decisions.models import RefusalReason
from homeward.disclosure import actions, queries
from homeward.disclosure.deeds import Deed
from homeward.disclosure.forms import WarningForm
from homeward.disclosure.models import ScamReport, ScamWave
from homeward.lib.refusals import Refusal

SHOWN = 100
LANGUAGES = ("uk", "ru", "en", "fr")


@requires(Right.SCAMS_READ)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """The waves: how many, since when, in which languages; the warning that stands and who has seen it."""
    waves = list(queries.waves()[:SHOWN])
    languages: dict[int, set[str]] = {wave.pk: set() for wave in waves}
    for wave, language in ScamReport.objects.filter(wave__in=waves).values_list("wave", "language").distinct():
        languages[wave].add(language)
    warning = queries.current_warning()
    context = {
        "waves": [(wave, ", ".join(sorted(languages[wave.pk]))) for wave in waves],
        "most": max((wave.count for wave in waves), default=1),
        "warning": warning,
        "words": [(language, warning.in_language(language)) for language in LANGUAGES] if warning else [],
        "seen": warning.seen.select_related("enquiry").order_by("-pk")[:50] if warning else [],
        "seen_by": warning.seen.count() if warning else 0,
        "waiting": queries.warning_proposals()[:SHOWN],
        "may_propose": request.user.may(Right.DISCLOSURE_PROPOSE),
        "may_decide": request.user.may(Right.DISCLOSURE_APPROVE),
    }
    return render(request, "disclosure/staff/scams.html", context)


@requires(Right.SCAMS_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def wave(request: SignedInRequest, reference: str) -> HttpResponse:
    """One wave with its latest texts; from here a warning is proposed."""
    found = get_object_or_404(ScamWave, reference=reference)
    may_propose = request.user.may(Right.DISCLOSURE_PROPOSE)
    form = WarningForm(request.POST or None) if may_propose else None
    if request.method == "POST" and form is None:
        raise PermissionDenied
    if form is not None and form.is_bound and form.is_valid():
        texts = {language: form.cleaned_data[f"text_{language}"] for language in LANGUAGES}
        try:
            actions.propose_warning(found, texts=texts, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Someone else decides within 24 hours."))
            return redirect("disclosure:scams")
    with transaction.atomic():
        audit.record(Deed.SCAM_READ, by=request.user, about=found.reference)
    reports = found.reports.order_by("-pk")[:20]
    return render(request, "disclosure/staff/scam_wave.html", {"wave": found, "reports": reports, "form": form})


@requires(Right.DISCLOSURE_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """The second person reads the warning in all four languages."""
    proposal = get_object_or_404(queries.warning_proposals(), reference=reference)
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "yes":
                actions.approve_warning(proposal, payload_hash=request.POST.get("payload_hash", ""), by=request.user)
                messages.success(request, _("The warning stands on the family site."))
            else:
                decisions.refuse(proposal, request.user, RefusalReason.CONTENT)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        return redirect("disclosure:scams")
    payload = proposal.payload
    words = [(language, payload[language]) for language in LANGUAGES]
    mine = proposal.proposed_by_id == request.user.pk
    return render(request, "disclosure/staff/decide_warning.html", {"proposal": proposal, "words": words, "mine": mine})


@requires(Right.DISCLOSURE_PROPOSE)
@require_POST
def end(request: SignedInRequest) -> HttpResponse:
    """It has passed."""
    try:
        actions.end_warning(by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("disclosure:scams")
