"""The log and the background work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.lib import references
from homeward.lib.refusals import Refusal
from homeward.oversight import actions, queries
from homeward.oversight.deeds import Deed
from homeward.work import queries as work

TABS = (
    ("", gettext_lazy("Waiting and running"), gettext_lazy("Nothing waits and nothing runs.")),
    ("dead", gettext_lazy("Failed"), gettext_lazy("Nothing has failed.")),
    ("done", gettext_lazy("Done"), gettext_lazy("Nothing was done in the last 30 days.")),
)


@requires(Right.AUDIT_READ)
@require_safe
def log(request: SignedInRequest) -> HttpResponse:
    """Who did what, newest first; of one reference when it is given."""
    about = references.tidy(request.GET.get("about", "")[:40])
    before = request.GET.get("before", "")
    page = queries.log_page(before=int(before) if before.isdecimal() and len(before) < 16 else None, about=about)
    audit.record(Deed.LOG_READ, by=request.user, about=about)
    older = f"?about={about}&before={page.older}" if page.older else ""
    context = {"lines": page.lines, "about": about, "pager": {"older": older}}
    return render(request, "oversight/staff/log.html", context)


@requires(Right.WORK_MANAGE)
@require_safe
def jobs(request: SignedInRequest) -> HttpResponse:
    """What the worker does and did."""
    show = request.GET.get("show", "")
    tab = next((each for each in TABS if each[0] == show), TABS[0])
    context = {"tabs": TABS, "tab": tab, "jobs": queries.jobs_shown(tab[0]), "counts": work.counts()}
    return render(request, "oversight/staff/jobs.html", context)


@requires(Right.WORK_MANAGE)
@require_POST
def restart(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let a failed or stopped job run again."""
    try:
        actions.restart_job(get_object_or_404(work.jobs(), reference=reference), by=request.user)
        messages.success(request, _("It starts again at once."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("work:list")


@requires(Right.WORK_MANAGE)
@require_POST
def stop(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let a job end its step."""
    try:
        actions.stop_job(get_object_or_404(work.jobs(), reference=reference), by=request.user)
        messages.success(request, _("It ends its step and stops."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("work:list")
