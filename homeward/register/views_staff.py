"""Pages of the register."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeward import audit
from homeward.access import reading
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.lib import references
from homeward.lib.refusals import Refusal
from homeward.matching.client import MatcherAway
from homeward.register import actions, papers, queries
from homeward.register.deeds import Deed
from homeward.register.forms import CaptureCardForm, CorrectionForm, EventForm, JoinForm, SearchForm
from homeward.register.models import Entry, EventKind, State, StatusEvent
from homeward.register.particulars import BY_CODE, said


@requires(Right.REGISTER_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest) -> HttpResponse:
    """The newest entries; or, with two facts at least, the few that resemble.

    A search is posted: an address with a name in it would lie in histories and in the logs of proxies.
    """
    searched = request.method == "POST"
    form = SearchForm(request.POST if searched else None)
    context: dict[str, object] = {"form": form, "states": State.choices, "state": "", "searched": searched}
    if searched:
        if form.is_valid():
            try:
                context["lines"] = queries.found_by(form.person())
            except MatcherAway as away:
                form.add_error(None, str(away))
            found = context.get("lines")
            with transaction.atomic():
                shown = len(found) if isinstance(found, list) else 0
                audit.record(Deed.SEARCHED, by=request.user, detail={"shown": shown})
        return render(request, "register/staff/list.html", context)
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    return _page(request, context | {"state": state}, state=state)


@requires(Right.REGISTER_WRITE)
@require_safe
def doubtful(request: SignedInRequest) -> HttpResponse:
    """Entries that need a look."""
    context = {"form": SearchForm(), "states": State.choices, "doubtful": True}
    return _page(request, context, doubtful=True)


def _page(
    request: SignedInRequest, context: dict[str, object], *, state: str = "", doubtful: bool = False
) -> HttpResponse:
    before = request.GET.get("before", "")
    page = queries.entries_page(
        state=state, doubtful=doubtful, before=int(before) if before.isdecimal() and len(before) < 18 else None
    )
    shown = page[: queries.PAGE]
    filters = f"&state={state}" if state else ""
    context["lines"] = queries.lines_of(shown)
    context["pager"] = {
        "newer": "?" + filters.removeprefix("&") if before else "",
        "older": f"?before={shown[-1].pk}{filters}" if len(page) > queries.PAGE else "",
    }
    return render(request, "register/staff/list.html", context)


def _entry(reference: str) -> Entry:
    return get_object_or_404(
        Entry.objects.select_related("joined_into"), reference=references.tidy(reference) or reference
    )


@requires(Right.REGISTER_READ)
@require_safe
def person(request: SignedInRequest, reference: str) -> HttpResponse:
    """Everything recorded about one person. Reading it is recorded."""
    entry = _entry(reference)
    keeps = request.user.may(Right.REGISTER_WRITE)
    card = queries.card_of(entry, whole=keeps)
    reading.read(Deed.READ, about=entry.reference, by=request.user)
    context = {
        "entry": entry,
        "card": card,
        "sources": queries.names_by_source(card),
        "events": queries.events_of(card.keys),
        "joined": Entry.objects.filter(pk__in=card.keys[1:]),
        # Asked for by itself: the page does not wait for the matcher.
        "look_for_similar": keeps and entry.joined_into_id is None and entry.withdrawn_at is None,
        "history": history_of(entry.reference) if request.GET.get("show") == "history" else None,
        "event_form": EventForm(initial={"version": entry.version}),
        "may_write": request.user.may(Right.REGISTER_WRITE),
    }
    return render(request, "register/staff/person.html", context)


@requires(Right.REGISTER_WRITE)
@require_safe
def similar(request: SignedInRequest, reference: str) -> HttpResponse:
    """Other entries that may be the same man: a part of his page, or where no script runs a page of its own."""
    entry = _entry(reference)
    context: dict[str, object] = {"entry": entry}
    try:
        context["lines"] = queries.may_be_the_same(entry, queries.card_of(entry))
    except MatcherAway as away:
        context["away"] = str(away)
    page = "_similar" if request.headers.get("HX-Request") else "similar"
    return render(request, f"register/staff/{page}.html", context)


@requires(Right.REGISTER_WRITE)
@require_POST
def apart(request: SignedInRequest, reference: str) -> HttpResponse:
    """These two entries are two men; nobody is asked about them again."""
    entry = _entry(reference)
    try:
        actions.tell_apart(entry, _entry(request.POST.get("other", "")), by=request.user)
        messages.success(request, _("Remembered: two men."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect(entry)


@requires(Right.REGISTER_WRITE)
def new(request: SignedInRequest) -> HttpResponse:
    """Enter a capture card."""
    form = CaptureCardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said_now = form.particulars()
        try:
            entry = actions.enter_capture_card(
                said_now, captured_on=_day(said(said_now, "captured_on")), by=request.user
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Entered. The families who seek him are being looked for now."))
            return redirect(entry)
    return render(request, "register/staff/new.html", {"form": form})


def _day(text: str) -> str:
    from namesake import PartialDate

    return str(PartialDate.parse(text)).removeprefix("~")


@requires(Right.REGISTER_WRITE)
def correct(request: SignedInRequest, reference: str, code: str) -> HttpResponse:
    """Correct one field; what stood there stays in its history."""
    entry = _entry(reference)
    if code not in BY_CODE:
        raise Http404
    form = CorrectionForm(request.POST or None, code=code, initial={"version": entry.version})
    card = queries.card_of(entry)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_field(
                entry, code=code, value=form.value_said(), version=form.cleaned_data["version"], by=request.user
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected. What stood there before is in the history of the field."))
            return redirect(entry)
    story = next(story for _label, stories in card.parts for story in stories if story.field.code == code)
    return render(request, "register/staff/correct.html", {"entry": entry, "form": form, "story": story, "card": card})


@requires(Right.REGISTER_WRITE)
@require_POST
def event(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record something that happened."""
    entry = _entry(reference)
    form = EventForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect(entry)
    told = form.cleaned_data
    try:
        actions.record_event(
            entry, kind=EventKind(told["kind"]), happened_on=told["happened_on"], place=told["place"],
            note=told["note"], version=told["version"], by=request.user,
        )  # fmt: skip
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Recorded."))
    return redirect(entry)


@requires(Right.REGISTER_WRITE)
@require_POST
def cancel_event(request: SignedInRequest, reference: str, event: str) -> HttpResponse:
    """The event did not happen."""
    entry = _entry(reference)
    found = get_object_or_404(StatusEvent.objects.select_related("entry"), reference=event)
    if found.entry_id != entry.pk and found.entry.joined_into_id != entry.pk:
        raise Http404
    try:
        actions.cancel_event(found, version=found.entry.version, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Cancelled. It stays in the history."))
    return redirect(entry)


@requires(Right.REGISTER_WRITE)
@require_POST
def join(request: SignedInRequest, reference: str) -> HttpResponse:
    """Another entry is the same man."""
    entry = _entry(reference)
    form = JoinForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the number of the other entry."))
        return redirect(entry)
    other = Entry.objects.filter(reference=references.tidy(form.cleaned_data["other"])).first()
    if other is None:
        messages.error(request, _("There is no entry with this number."))
        return redirect(entry)
    try:
        actions.join_entries(entry, other, version=form.cleaned_data["version"], by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Joined. Both sources stand on this page now; it can be undone."))
    return redirect(entry)


@requires(Right.REGISTER_WRITE)
@require_POST
def separate(request: SignedInRequest, reference: str) -> HttpResponse:
    """They are two men after all."""
    entry = _entry(reference)
    try:
        actions.separate_entry(entry, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Separated. The entry stands by itself again."))
    return redirect(entry)


@requires(Right.REGISTER_WRITE)
@require_POST
def settle(request: SignedInRequest, reference: str) -> HttpResponse:
    """The doubts have been looked at."""
    entry = _entry(reference)
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise PermissionDenied
    try:
        actions.settle_doubt(entry, version=int(version), by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted: the entry may stand as it is."))
    return redirect(entry)


@requires(Right.REGISTER_WRITE)
@require_safe
def card(request: SignedInRequest, reference: str) -> HttpResponse:
    """The capture card as a paper, in the layout of Annex IV B."""
    entry = _entry(reference)
    paper = papers.capture_card(queries.card_of(entry).particulars, reference=entry.reference)
    with transaction.atomic():
        audit.record(Deed.PRINTED, by=request.user, about=entry.reference)
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="card-{entry.reference}.pdf"'},
    )
