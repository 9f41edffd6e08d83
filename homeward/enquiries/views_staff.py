"""Pages of enquiries."""

import base64
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeward import audit
from homeward.access import reading
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.enquiries import actions, pictures, queries
from homeward.enquiries.deeds import Deed
from homeward.enquiries.facts import name_of, person_typed
from homeward.enquiries.forms import (
    AnswerForm,
    ChangeForm,
    EnquiryForm,
    JoinForm,
    LookForm,
    SightingForm,
    UnmaskForm,
)
from homeward.enquiries.models import Channel, Document, Enquiry, Joining, Reach, Relation, State
from homeward.lib import clock, references
from homeward.lib.refusals import Refusal
from homeward.matching.client import MatcherAway

_EITHER = (Right.ENQUIRIES_READ, Right.ENQUIRIES_FILE)


@requires(*_EITHER)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Enquiries, the newest first; a number finds its enquiry."""
    number = references.tidy(request.GET.get("number", ""))
    if number:
        found = queries.enquiries_visible_to(request.user).filter(reference=number).first()
        if found:
            return redirect(found)
        messages.info(request, _("There is no enquiry with this number at your desk."))
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    state = state if state in State.values else ""
    channel = channel if channel in Channel.values else ""
    before = references.tidy(request.GET.get("before", ""))
    page = queries.enquiries_page(
        request.user,
        state=state,
        channel=channel,
        before=before,
    )
    shown = page[: queries.PAGE]
    filters = f"&state={state}" * bool(state) + f"&channel={channel}" * bool(channel)
    context = {
        "lines": queries.lines_of(shown),
        "states": State.choices if request.user.may(Right.ENQUIRIES_READ) else (),
        "channels": Channel.choices,
        "state": state,
        "channel": channel,
        "pager": {
            "newer": "?" + filters.removeprefix("&") if before else "",
            "older": f"?before={shown[-1].reference}{filters}" if len(page) > queries.PAGE else "",
        },
    }
    return render(request, "enquiries/staff/list.html", context)


@requires(Right.ENQUIRIES_FILE)
def file(request: SignedInRequest) -> HttpResponse:
    """File an enquiry. "Look first" shows earlier ones without a script; filing needs the second button."""
    form = EnquiryForm(request.POST or None)
    looking = request.method == "POST" and "look" in request.POST
    if request.method == "POST" and not looking and form.is_valid():
        filed = _file(request, form)
        if filed is not None:
            messages.success(request, _("Filed. The number to keep: %(reference)s.") % {"reference": filed.reference})
            return redirect(filed)
    context: dict[str, Any] = {"form": form, **_earlier(request)} if request.method == "POST" else {"form": form}
    return render(request, "enquiries/staff/file.html", context)


def _file(request: SignedInRequest, form: EnquiryForm) -> Enquiry | None:
    said = form.cleaned_data
    sought = None
    if said["sought"]:
        sought = queries.sought_visible_to(request.user).filter(reference=said["sought"]).first()
        if sought is None:
            form.add_error(
                None, _("The sought person chosen belongs to another desk. File it as a new one; they will be joined.")
            )
            return None
    try:
        filed = actions.file_enquiry(
            form.facts(), channel=Channel(said["channel"]), relation=Relation(said["relation"]),
            language=said["language"], enquirer=form.enquirer(), reach=Reach(said["reach"]), sought=sought,
            filing_token=said["filing_token"], sighting=said["sighting"], sighting_link=said["sighting_link"],
            by=request.user,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    return filed


def _earlier(request: SignedInRequest) -> dict[str, Any]:
    person = person_typed(request.POST)
    if person is None:
        return {"too_little": True}
    try:
        found = queries.earlier_enquiries(person, request.user)
    except MatcherAway as away:
        return {"away": str(away)}
    if found:
        # Names of other enquiries came on her screen: that is reading, also while she types.
        with transaction.atomic():
            audit.record(Deed.SEARCHED, by=request.user, detail={"shown": len(found)})
    return {"earlier": found, "chosen": request.POST.get("sought", "")}


@requires(Right.ENQUIRIES_FILE)
@require_POST
def earlier(request: SignedInRequest) -> HttpResponse:
    """Earlier enquiries on the same man, while he is being typed. Nothing of the register is in it."""
    return render(request, "enquiries/staff/_earlier.html", _earlier(request))


def _enquiry(request: SignedInRequest, reference: str) -> Enquiry:
    return get_object_or_404(
        queries.enquiries_visible_to(request.user).select_related("sought", "partner", "filed_by"), reference=reference
    )


@requires(*_EITHER)
@require_safe
def enquiry(request: SignedInRequest, reference: str) -> HttpResponse:
    """One enquiry; the enquirer's contacts masked."""
    return _enquiry_page(request, _enquiry(request, reference))


def _enquiry_page(request: SignedInRequest, found: Enquiry, *, unmasked: bool = False) -> HttpResponse:
    reading.read(Deed.READ, about=found.reference, by=request.user)
    left = found.enquirer or {}
    names = {
        "name": _("Name"), "telephone": _("Telephone"), "email": _("E-mail"), "telegram": _("Telegram"),
        "address": _("Address"), "safe_hours": _("Safe hours"), "cover_phrase": _("Say you are from ..."),
        "remarks": _("Remarks"),
    }  # fmt: skip
    contacts = [
        (label, left[key] if unmasked else queries.masked(left[key])) for key, label in names.items() if left.get(key)
    ]
    reads = request.user.may(Right.ENQUIRIES_READ)
    context = {
        "enquiry": found,
        "name": name_of(found.facts),
        "parts": queries.told_of([found]),
        "contacts": contacts,
        "unmasked": unmasked,
        "unmask_form": UnmaskForm(),
        "may_unmask": request.user.may(Right.ENQUIRIES_CONTACTS) and contacts and not unmasked,
        "sightings": found.sightings.select_related("added_by").order_by("added_at"),
        "sighting_form": SightingForm(),
        "may_write": found.withdrawn_at is None,
        "may_wish": found.withdrawn_at is None
        and (request.user.may(Right.ENQUIRIES_FILE) or request.user.may(Right.ENQUIRIES_CONTACTS)),
        "documents": found.documents.count() if request.user.may(Right.ENQUIRIES_DOCUMENTS) else 0,
        # Where his case stands says whether he may have been found: only for those who trace.
        "reads": reads,
        "may_leave_message": left.get("may_leave_message") == "yes",
        "corrections": [
            (each, queries.told_of_facts(each.facts_before))
            for each in found.corrections.select_related("corrected_by").order_by("-pk")[:20]
        ],
        # The history tells what tracing and disclosure did with it: only for those who trace.
        "history": history_of(found.reference) if reads and "history" in request.GET else None,
    }
    return render(request, "enquiries/staff/enquiry.html", context)


@requires(Right.ENQUIRIES_CONTACTS)
@require_POST
def contacts(request: SignedInRequest, reference: str) -> HttpResponse:
    """The contacts in the clear, for a reason that is recorded."""
    found = _enquiry(request, reference)
    form = UnmaskForm(request.POST)
    if not form.is_valid():
        return redirect(found)
    with transaction.atomic():
        audit.record(Deed.CONTACTS_SHOWN, by=request.user, about=found.reference, purpose=form.cleaned_data["purpose"])
    return _enquiry_page(request, found, unmasked=True)


@requires(Right.ENQUIRIES_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: SignedInRequest, reference: str) -> HttpResponse:
    """The family's photos and papers: named at first, shown for a reason that is recorded, marked with who looked."""
    found = _enquiry(request, reference)
    form = LookForm(request.POST or None)
    kept = list(found.documents.order_by("pk"))
    shown: list[tuple[Document, list[str]]] = []
    if request.method == "POST" and form.is_valid() and kept:
        with transaction.atomic():
            audit.record_many(
                [
                    audit.Entry(
                        Deed.DOCUMENT_READ, found.reference, {"document": each.reference}, form.cleaned_data["purpose"]
                    )
                    for each in kept
                ],
                by=request.user,
            )
        code = f"{request.user.reference} {timezone.localtime(clock.now()):%d.%m.%Y %H:%M}"
        shown = [
            (each, [_as_address(pictures.marked(page, code)) for page in pictures.pages_of(each)]) for each in kept
        ]
    context = {"enquiry": found, "documents": kept, "shown": shown, "form": form}
    return render(request, "enquiries/staff/documents.html", context)


def _as_address(page: bytes) -> str:
    # Within the page itself: a picture with an address of its own could be opened without the reason.
    return f"data:image/jpeg;base64,{base64.b64encode(page).decode()}"


@requires(Right.ENQUIRIES_FILE)
def change(request: SignedInRequest, reference: str) -> HttpResponse:
    """She tells more, or tells it rightly."""
    found = _enquiry(request, reference)
    form = ChangeForm(request.POST or None, initial={**found.facts, "version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_facts(found, form.facts(), version=form.cleaned_data["version"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Changed. He is being looked for anew."))
            return redirect(found)
    return render(request, "enquiries/staff/change.html", {"enquiry": found, "form": form})


@requires(*_EITHER)
@require_POST
def sighting(request: SignedInRequest, reference: str) -> HttpResponse:
    """Somebody saw him."""
    found = _enquiry(request, reference)
    form = SightingForm(request.POST)
    try:
        if form.is_valid():
            actions.add_sighting(found, what=form.cleaned_data["what"], link=form.cleaned_data["link"], by=request.user)
            messages.success(request, _("Added."))
        else:
            messages.error(request, _("Write who saw him, where and when."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect(found)


@requires(*_EITHER)
@require_POST
def withdraw(request: SignedInRequest, reference: str) -> HttpResponse:
    """She takes her question back."""
    found = _enquiry(request, reference)
    version = request.POST.get("version", "")
    try:
        actions.withdraw_enquiry(found, version=int(version) if version.isdecimal() else -1, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn. Nobody looks for him on this enquirer's behalf any more."))
    return redirect(found)


@requires(Right.ENQUIRIES_READ)
@require_safe
def sought(request: SignedInRequest, reference: str) -> HttpResponse:
    """All enquiries about one man, side by side."""
    found = get_object_or_404(queries.sought_visible_to(request.user), reference=reference)
    enquiries = list(found.enquiries.select_related("partner").order_by("received_at", "pk")[:12])
    reading.read(Deed.SOUGHT_READ, about=found.reference, by=request.user)
    context = {
        "sought": found,
        "enquiries": enquiries,
        "name": name_of(enquiries[0].facts) if enquiries else "—",
        "parts": queries.told_of(enquiries),
        "questions": found.questions.order_by("asked_at"),
        "joinings": queries.joinings_of(found) if request.user.may(Right.ENQUIRIES_JOIN) else (),
        "join_form": JoinForm(),
        "may_join": request.user.may(Right.ENQUIRIES_JOIN),
        # On demand: the page itself stays within few queries.
        "history": history_of(found.reference) if "history" in request.GET else None,
    }
    return render(request, "enquiries/staff/sought.html", context)


@requires(Right.ENQUIRIES_JOIN)
@require_POST
def join(request: SignedInRequest, reference: str) -> HttpResponse:
    """Another sought person is the same man."""
    kept = get_object_or_404(queries.sought_visible_to(request.user), reference=reference)
    number = references.tidy(request.POST.get("other", ""))
    left = queries.sought_visible_to(request.user).filter(reference=number).first()
    if left is None:
        messages.error(request, _("There is no sought person with this number at your desk."))
        return redirect(kept)
    try:
        actions.join_sought_persons(kept, left, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Joined. It can be undone below."))
    return redirect(kept)


@requires(Right.ENQUIRIES_JOIN)
@require_POST
def undo_joining(request: SignedInRequest, reference: str) -> HttpResponse:
    """They are two men after all."""
    visible = queries.sought_visible_to(request.user)
    joining = get_object_or_404(Joining.objects.select_related("kept", "left"), reference=reference, kept__in=visible)
    try:
        actions.undo_joining(joining, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Everything is where it was before."))
    return redirect(joining.left if joining.kind == Joining.Kind.SEPARATED else joining.kept)


@requires(Right.ENQUIRIES_JOIN)
@require_POST
def separate(request: SignedInRequest, reference: str) -> HttpResponse:
    """This enquirer seeks another man."""
    found = _enquiry(request, reference)
    try:
        apart = actions.separate_enquiry(found, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(found.sought)
    messages.success(request, _("Separated. The enquiry stands by itself now."))
    return redirect(apart)


@requires(Right.ENQUIRIES_FILE)
@require_safe
def questions(request: SignedInRequest) -> HttpResponse:
    """What families are to be asked at the next contact."""
    return render(
        request, "enquiries/staff/questions.html", {"questions": queries.open_questions(request.user)[: queries.PAGE]}
    )


@requires(Right.ENQUIRIES_FILE)
def answer(request: SignedInRequest, reference: str) -> HttpResponse:
    """Write down what the family answered."""
    question = get_object_or_404(queries.open_questions(request.user), reference=reference)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_answer(question, answer=form.cleaned_data["answer"], by=request.user)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Written down. Whoever asked sees it."))
        return redirect("enquiries:questions")
    enquiries = queries.enquiries_visible_to(request.user).filter(sought=question.sought, withdrawn_at__isnull=True)
    context = {"question": question, "form": form, "enquiries": enquiries.order_by("received_at")[:12]}
    return render(request, "enquiries/staff/answer.html", context)
