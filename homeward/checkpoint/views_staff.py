"""Pages of the checkpoint: the day, passes, logs, and the kit's own page."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.checkpoint import actions, papers, queries
from homeward.checkpoint.deeds import Deed
from homeward.checkpoint.forms import DayForm, DecideForm, ListForm, MergeForm, ProposeForm, RefuseForm, RevokeForm
from homeward.checkpoint.kit.words import all_words
from homeward.checkpoint.models import DayList, Pass, RevokedBecause
from homeward.decisions.models import Proposal
from homeward.lib.refusals import Refusal
from homeward.signer import keyring, passes

SHOWN = 100
PAGE = Path(__file__).parent / "page"


@requires(Right.CHECKPOINT_READ, Right.CHECKPOINT_KIT)
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """The day at each checkpoint; what waits for a second person; what went wrong."""
    form = DayForm(request.GET)
    day = form.chosen()
    context = {
        "day": day,
        "points": queries.points_of(day),
        "to_decide": queries.open_proposals(queries.PROPOSAL_KIND)[:SHOWN],
        "unsigned": queries.to_be_signed().count(),
        "twice": queries.used_twice()[:SHOWN],
        "gaps": queries.gaps()[:SHOWN],
        "embedded": keyring.is_embedded(),
        "merge_form": MergeForm(),
    }
    return render(request, "checkpoint/staff/today.html", context)


@requires(Right.CHECKPOINT_READ)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Passes made out, the newest first, or those of a number."""
    words = request.GET.get("q", "")[:60]
    context = {"passes": queries.found(words).select_related("proposal")[:SHOWN], "words": words}
    return render(request, "checkpoint/staff/passes.html", context)


@requires(Right.CHECKPOINT_PROPOSE)
def propose(request: SignedInRequest) -> HttpResponse:
    """A new pass, for a second person to decide."""
    names = ("journey", "enquiry", "point")
    initial: dict[str, Any] = {name: request.GET.get(name, "")[:20] for name in names} | {"with_code": True}
    form = ProposeForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_pass(**form.said(), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. Someone else decides within 24 hours."))
            return redirect("checkpoint:today")
    return render(request, "checkpoint/staff/propose.html", {"form": form})


def _proposal(reference: str) -> Proposal:
    return get_object_or_404(queries.open_proposals(queries.PROPOSAL_KIND), reference=reference)


@requires(Right.CHECKPOINT_APPROVE)
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """The second person reads exactly what the pass will say, and says yes or no."""
    proposal = _proposal(reference)
    form = DecideForm(request.POST if request.method == "POST" and "payload_hash" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.approve_pass(proposal, payload_hash=form.cleaned_data["payload_hash"], by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return redirect("checkpoint:today")
        messages.success(
            request, _("Approved.") if made.signed_at or not made.with_code else _("Approved; waits for the signer.")
        )
        return redirect("checkpoint:pass", made.reference)
    return _decide_page(request, proposal, RefuseForm())


def _decide_page(request: SignedInRequest, proposal: Proposal, refuse_form: RefuseForm) -> HttpResponse:
    with transaction.atomic():
        audit.record(Deed.LOOKED, by=request.user, about=proposal.subject)
    context = {
        "proposal": proposal,
        "payload": proposal.payload,
        "traveller": passes.traveller_of(proposal.payload),
        "window": [queries.moment(proposal.payload[name]) for name in ("window_from", "window_until")],
        "form": DecideForm(initial={"payload_hash": proposal.payload_hash}),
        "refuse_form": refuse_form,
        "mine": proposal.proposed_by_id == request.user.pk,
        "history": history_of(proposal.subject),
    }
    return render(request, "checkpoint/staff/decide.html", context)


@requires(Right.CHECKPOINT_APPROVE)
@require_POST
def refuse(request: SignedInRequest, reference: str) -> HttpResponse:
    """No, and why."""
    proposal = _proposal(reference)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, proposal, form)
    try:
        actions.refuse_pass(
            proposal, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"], by=request.user
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Refused. Your colleague sees your reason."))
    return redirect("checkpoint:today")


@requires(Right.CHECKPOINT_READ)
@require_safe
def one(request: SignedInRequest, reference: str) -> HttpResponse:
    """One pass."""
    found = get_object_or_404(
        Pass.objects.select_related("proposal__proposed_by", "proposal__approved_by"), reference=reference
    )
    with transaction.atomic():
        audit.record(Deed.LOOKED, by=request.user, about=found.reference)
    context = {
        "pass": found,
        "checks": queries.checks_of(found),
        "revoke_form": RevokeForm(),
        "embedded": keyring.is_embedded(),
        "history": history_of(found.reference),
    }
    return render(request, "checkpoint/staff/pass.html", context)


@requires(Right.CHECKPOINT_PROPOSE, Right.CHECKPOINT_APPROVE)
@require_POST
def revoke(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take it back."""
    found = get_object_or_404(Pass, reference=reference)
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            actions.revoke_pass(found, because=RevokedBecause(form.cleaned_data["because"]), by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(
                request, _("Taken back. Kits refuse it as soon as they load a new file; make new lists now.")
            )
    return redirect("checkpoint:pass", reference)


@requires(Right.CHECKPOINT_READ)
@require_safe
def paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """The pass to print."""
    found = get_object_or_404(Pass, reference=reference, revoked_at__isnull=True)
    if found.with_code and not found.text:
        raise Http404
    with transaction.atomic():
        audit.record(Deed.PRINTED, by=request.user, about=found.reference)
    language = request.GET.get("language", "uk")
    content = papers.pass_paper(found, language=language if language in ("uk", "ru", "en", "fr") else "uk")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{found.reference}.pdf"'},
    )


# --- the day's list and the logs -----------------------------------------------------------------------------------


@requires(Right.CHECKPOINT_KIT)
@require_POST
def make_list(request: SignedInRequest) -> HttpResponse:
    """Make the kit file of a day and point; the PIN is shown once, on the page that answers."""
    form = ListForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say for which day and point."))
        return redirect("checkpoint:today")
    made, pin = actions.make_list(
        day=form.cleaned_data["day"], point=form.cleaned_data["point"].lower(), by=request.user
    )
    return render(
        request, "checkpoint/staff/list_made.html", {"list": made, "pin": pin, "embedded": keyring.is_embedded()}
    )


@requires(Right.CHECKPOINT_KIT)
@require_safe
def list_file(request: SignedInRequest, reference: str) -> HttpResponse:
    """The kit file: the list in it opens with the PIN only."""
    found = get_object_or_404(DayList, reference=reference, file__isnull=False)
    assert found.file is not None
    name = f"kit-{found.point}-{found.day:%Y-%m-%d}.json"
    return HttpResponse(
        bytes(found.file),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@requires(Right.CHECKPOINT_KIT)
@require_POST
def merge(request: SignedInRequest) -> HttpResponse:
    """Hand in a kit's log."""
    form = MergeForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.warning(request, _("Choose the file that the kit saved."))
        return redirect("checkpoint:today")
    try:
        done = actions.merge_log(form.cleaned_data["log"].read(), by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("checkpoint:today")
    messages.success(request, _("%(read)d lines read, %(new)d of them new.") % {"read": done.read, "new": done.new})
    if done.used_twice:
        messages.warning(request, _("A pass in this log was let through more than once. See below."))
    return redirect("checkpoint:today")


# --- the kit's page ------------------------------------------------------------------------------------------------

_KIT_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "connect-src": [SELF],
    "img-src": [NONE],
    "worker-src": [SELF],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["kit"],
}
_FILES = {
    "kit.html": "text/html; charset=utf-8",
    "kit.css": "text/css; charset=utf-8",
    "kit.js": "text/javascript; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "worker.js": "text/javascript; charset=utf-8",
    "words.json": "application/json",
}


@lru_cache(maxsize=16)
def _content(name: str) -> bytes:
    if name == "words.json":
        return json.dumps(all_words(), ensure_ascii=False).encode()
    content = (PAGE / name).read_bytes()
    if name == "worker.js":
        # A new version of any file makes a new worker, which fetches all of them anew.
        every = hashlib.sha256(b"".join(_content(each) for each in _FILES if each != name)).hexdigest()[:16]
        content = content.replace(b"__VERSION__", every.encode())
    return content


@requires(Right.CHECKPOINT_KIT)  # type: ignore[type-var]  # the policy's decorator forgets what its view answers
@require_safe
@csp_replace(_KIT_POLICY)  # type: ignore[arg-type]
def kit(request: SignedInRequest, name: str = "kit.html") -> HttpResponse:
    """The kit's page and its few files. They hold nothing about anybody; the browser keeps them and needs no network from then on."""
    if name not in _FILES:
        raise Http404
    content: Any = _content(name)
    if name == "kit.html":
        content = content.replace(b'<html lang="en"', f'<html lang="{get_language() or "en"}"'.encode())
    answer = HttpResponse(content, content_type=_FILES[name])
    answer.headers["Permissions-Policy"] = (
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
    )
    answer.headers["Cache-Control"] = "no-cache"
    return answer
