"""Staff pages of the hotline: the operator's desk, the calls the house owes, spoken messages, the supervisor's board."""

import base64
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.enquiries import queries as enquiries
from homeward.enquiries.deeds import Deed as EnquiryDeed
from homeward.enquiries.facts import person_typed
from homeward.enquiries.models import Enquiry, Relation
from homeward.enquiries.passphrases import give_digits
from homeward.hotline import actions, care, figures, queries
from homeward.hotline.deeds import Deed
from homeward.hotline.forms import FIRST, THEN, DeskForm, EndForm, SurgeForm, TellingForm
from homeward.hotline.models import AtDesk, Call, CallBack, SpokenMessage
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.matching.client import MatcherAway

_ANSWERS = (Right.CALLS_ANSWER, Right.CALLS_CARE)
_TYPED = (*FIRST, *THEN, "relation", "language", "enquirer_name", "call_her", "telephone", "safe_hours", "cover_phrase")


def _cover(call: Call) -> str:
    owed = call.answers or call.call_backs.order_by("pk").first()
    return str(owed.get_cover_display()) if owed is not None and owed.cover != "none" else ""


@requires(*_ANSWERS)
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """The call in hand, or who waits."""
    call = queries.current_call(request.user)
    if call is None:
        context = {
            "desk": queries.at_desk(request.user),
            "waiting": queries.waiting().count(),
            "due": queries.due().count(),
            "taken": queries.taken_today(request.user),
            "load": queries.LOAD,
            "surge": queries.line().surge,
        }
        return render(request, "hotline/staff/desk.html", context)
    return _call_page(request, call)


def _call_page(
    request: SignedInRequest,
    call: Call,
    *,
    form: TellingForm | None = None,
    end: EndForm | None = None,
    **more: Any,
) -> HttpResponse:
    draft = call.draft or {}
    form = form or TellingForm(initial={"language": call.language, **draft})
    context = {
        "call": call,
        "form": form,
        "end": end or EndForm(initial={"outcome": call.outcome or "no_news", "note": call.note or ""}),
        "number": enquiries.masked(call.number or "") if call.number else "",
        "cover": _cover(call),
        "earlier_calls": queries.earlier_calls(call),
        "waiting": queries.waiting().count(),
        "alphabets": care.ALPHABETS.items(),
        "situations": care.SITUATIONS,
        **_earlier(request, form.data or draft),
        **more,
    }
    return render(request, "hotline/staff/call.html", context)


def _earlier(request: SignedInRequest, typed: Any) -> dict[str, Any]:
    person = person_typed(typed)
    if person is None:
        return {"too_little": True}
    try:
        found = enquiries.earlier_enquiries(person, request.user)
    except MatcherAway as away:
        return {"away": str(away)}
    if found:
        with transaction.atomic():
            audit.record(EnquiryDeed.SEARCHED, by=request.user, detail={"shown": len(found)})
    return {"earlier": found[:5], "chosen": typed.get("sought", "")}


@requires(*_ANSWERS)
@require_POST
def earlier(request: SignedInRequest) -> HttpResponse:
    """Earlier enquiries on the same man, at each key. Nothing of the register is in it."""
    return render(request, "hotline/staff/_earlier.html", _earlier(request, request.POST))


@requires(*_ANSWERS)
@require_POST
def draft(request: SignedInRequest) -> HttpResponse:
    """What is typed so far, kept."""
    call = queries.current_call(request.user)
    if call is None:
        return HttpResponse(status=409)
    actions.save_draft(call, {key: request.POST.get(key, "")[:2000] for key in _TYPED}, by=request.user)
    return render(request, "hotline/staff/_saved.html", {"at": clock.now()})


@requires(*_ANSWERS)
@require_POST
def set_state(request: SignedInRequest) -> HttpResponse:
    """Ready, pausing, away."""
    form = DeskForm(request.POST)
    try:
        if form.is_valid():
            address = form.cleaned_data["sip_address"] if "sip_address" in request.POST else None
            actions.sit_down(form.cleaned_data["state"], sip_address=address, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("hotline:desk")


@requires(Right.CALLS_ANSWER)
@require_POST
def take_next(request: SignedInRequest) -> HttpResponse:
    """The next call."""
    try:
        if actions.take_next(by=request.user) is None:
            messages.info(request, _("Nobody waits at this moment."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("hotline:desk")


@requires(Right.CALLS_ANSWER)
@require_POST
def file(request: SignedInRequest) -> HttpResponse:
    """What she told becomes an enquiry; the call goes on."""
    call = queries.current_call(request.user)
    if call is None:
        return redirect("hotline:desk")
    form = TellingForm(request.POST)
    if not form.is_valid():
        return _call_page(request, call, form=form)
    said = form.cleaned_data
    sought = None
    if said["sought"]:
        sought = enquiries.sought_visible_to(request.user).filter(reference=said["sought"]).first()
    try:
        filed = actions.file_from_call(
            call, form.facts(), relation=Relation(said["relation"]), language=said["language"], enquirer=form.enquirer(),
            call_her=said["call_her"] or bool(said["telephone"]), sought=sought, by=request.user,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _call_page(request, call, form=form)
    messages.success(request, _("Filed. The number to say: %(reference)s.") % {"reference": filed.reference})
    return redirect("hotline:desk")


@requires(Right.CALLS_ANSWER)
@require_POST
def digits(request: SignedInRequest) -> HttpResponse:
    """Twenty digits with which she comes back by telephone; shown once. Only for an enquiry filed in this call."""
    call = queries.current_call(request.user)
    if call is None or call.enquiry is None:
        return redirect("hotline:desk")
    enquiry: Enquiry = call.enquiry
    with transaction.atomic():
        given = give_digits(enquiry, language=call.language)
    return _call_page(request, call, digits=given)


@requires(*_ANSWERS)
@require_POST
def number(request: SignedInRequest) -> HttpResponse:
    """The number, for the one who calls it back now."""
    call = queries.current_call(request.user)
    if call is None:
        return redirect("hotline:desk")
    try:
        shown = actions.show_number(call, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("hotline:desk")
    return _call_page(request, call, shown=shown)


@requires(*_ANSWERS)
@require_POST
def distress(request: SignedInRequest) -> HttpResponse:
    """She cannot bear it alone."""
    call = queries.current_call(request.user)
    if call is not None:
        actions.flag_distress(call, by=request.user)
        messages.success(request, _("Noted. The psychologist calls her where she left a number."))
    return redirect("hotline:desk")


@requires(*_ANSWERS)
@require_POST
def hung_up(request: SignedInRequest) -> HttpResponse:
    """The caller is gone; everything typed is kept."""
    call = queries.current_call(request.user)
    if call is not None:
        kept = {key: request.POST.get(key, "")[:2000] for key in _TYPED}
        if any(kept.get(key) for key in (*FIRST, *THEN)):
            actions.save_draft(call, kept, by=request.user)
        actions.caller_hung_up(call, by=request.user)
        messages.success(request, _("Kept. She is called back where she left a number."))
    return redirect("hotline:desk")


@requires(*_ANSWERS)
@require_POST
def end(request: SignedInRequest) -> HttpResponse:
    """The call is over."""
    call = queries.current_call(request.user)
    if call is None:
        return redirect("hotline:desk")
    form = EndForm(request.POST)
    if not form.is_valid():
        return _call_page(request, call, end=form)
    said = form.cleaned_data
    try:
        actions.end_call(
            call, outcome=said["outcome"], note=said["note"], next_step=said["next_step"], result=said["result"],
            later=said["later"], by=request.user,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _call_page(request, call, end=form)
    return redirect("hotline:desk")


@requires(*_ANSWERS, Right.CALLS_SUPERVISE)
@require_safe
def care_words(request: SignedInRequest) -> HttpResponse:
    """What to say and not to say."""
    language = request.GET.get("language", request.user.language)
    language = language if language in ("uk", "ru", "en", "fr") else "uk"
    words = [(each, each.words[language]) for each in care.SITUATIONS]
    context = {"words": words, "language": language, "languages": ("uk", "ru", "en", "fr")}
    return render(request, "hotline/staff/care.html", context)


@requires(Right.CALLS_ANSWER, Right.CALLS_SUPERVISE)
@require_safe
def call_backs(request: SignedInRequest) -> HttpResponse:
    """The calls the house owes."""
    due = set(queries.due().values_list("pk", flat=True))
    context = {
        "rows": [(each, each.pk in due) for each in queries.open_call_backs()[:100]],
        "care": False,
        "may_take": request.user.may(Right.CALLS_ANSWER),
    }
    return render(request, "hotline/staff/call_backs.html", context)


@requires(Right.CALLS_CARE)
@require_safe
def care_queue(request: SignedInRequest) -> HttpResponse:
    """Whom the psychologist calls."""
    due = set(queries.due(care=True).values_list("pk", flat=True))
    rows = [(each, each.pk in due) for each in queries.open_call_backs(care=True)[:100]]
    return render(request, "hotline/staff/call_backs.html", {"rows": rows, "care": True, "may_take": True})


@requires(*_ANSWERS)
@require_POST
def take_call_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """This one now."""
    found = get_object_or_404(CallBack, reference=reference)
    wanted = Right.CALLS_CARE if found.kind == CallBack.Kind.CARE else Right.CALLS_ANSWER
    if not request.user.may(wanted):
        return redirect("hotline:desk")
    try:
        actions.take_call_back(found, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("hotline:desk")


@requires(*_ANSWERS)
@require_POST
def hand_on(request: SignedInRequest) -> HttpResponse:
    """The end of a shift."""
    actions.hand_on(by=request.user)
    messages.success(request, _("What you could not finish waits for the next shift."))
    return redirect("hotline:desk")


@requires(Right.CALLS_LISTEN)
@require_safe
def spoken(request: SignedInRequest) -> HttpResponse:
    """Spoken messages, those nobody has heard first."""
    rows = SpokenMessage.objects.select_related("call").defer("sealed").order_by("heard_at", "-left_at")[:100]
    return render(request, "hotline/staff/messages.html", {"rows": rows})


@requires(Right.CALLS_LISTEN)  # type: ignore[type-var]
@require_POST
@csp_update({"media-src": ["data:"]})  # type: ignore[arg-type, type-var]
def listen(request: SignedInRequest, reference: str) -> HttpResponse:
    """One message, played within the page: a sound with an address of its own could be opened without a trace."""
    found = get_object_or_404(SpokenMessage.objects.select_related("call"), reference=reference)
    sound = base64.b64encode(actions.hear_message(found, by=request.user)).decode()
    context = {"message": found, "sound": f"data:audio/wav;base64,{sound}"}
    return render(request, "hotline/staff/listen.html", context)


@requires(Right.CALLS_SUPERVISE)
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """The line now, its day and week, tomorrow."""
    today = clock.today()
    context = {
        "now": figures.board(),
        "desks": AtDesk.objects.select_related("staff").exclude(state="away").order_by("state", "since"),
        "line": queries.line(),
        "day": figures.day_chart(today),
        "week": figures.week_chart(today),
        "needs": figures.tomorrow(),
        "surge_form": SurgeForm(initial={"partner_lines": queries.line().partner_lines}),
    }
    return render(request, "hotline/staff/board.html", context)


@requires(Right.CALLS_SUPERVISE)
@require_safe
def board_now(request: SignedInRequest) -> HttpResponse:
    """The figures of this moment, asked for every few seconds."""
    return render(request, "hotline/staff/_now.html", {"now": figures.board()})


@requires(Right.CALLS_SUPERVISE)
@require_POST
def surge(request: SignedInRequest) -> HttpResponse:
    """The switch."""
    form = SurgeForm(request.POST)
    if form.is_valid():
        actions.switch_surge(form.cleaned_data["on"], partner_lines=form.cleaned_data["partner_lines"], by=request.user)
    return redirect("hotline:board")


@requires(Right.CALLS_SUPERVISE)
@require_safe
def export(request: SignedInRequest) -> HttpResponse:
    """The figures of four weeks as a file, without persons."""
    with transaction.atomic():
        audit.record(Deed.EXPORTED, by=request.user)
    answer = HttpResponse(figures.exported(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="hotline.csv"'
    return answer
