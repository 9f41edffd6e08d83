"""Pages of the meeting point: reception, convoys, the handover itself, and the contact afterwards."""

import base64
import secrets
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward.access import reading
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.handover import actions, papers, queries
from homeward.handover.deeds import Deed
from homeward.handover.forms import (
    CarFormSet,
    ConvoyForm,
    ExpectForm,
    FollowUpForm,
    NotReceivedForm,
    ReceiveForm,
    SeatForm,
    SheetForm,
    first_place,
)
from homeward.handover.models import Arrival, ArrivalState, Convoy, FollowUp, FollowUpOutcome, Signature, Vehicle
from homeward.handover.receipts import sign_if_possible
from homeward.journeys import networks
from homeward.journeys.models import Journey
from homeward.journeys.models import State as JourneyState
from homeward.journeys.planner.network import Network
from homeward.journeys.queries import journeys_to
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.register.queries import lines_of
from homeward.returns.models import Return, State
from homeward.returns.queries import returns_visible_to, travellers_of

SHOWN = 200


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@requires(Right.HANDOVER_READ)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """Today: who comes, who waits for a seat, which convoys drive, who is to be handed over."""
    may_receive = request.user.may(Right.HANDOVER_RECEIVE)
    arrivals = list(queries.arrivals_on(request.user, clock.today())[:SHOWN]) if may_receive else []
    ways = journeys_to(each.return_of for each in arrivals)
    network, language = networks.current(), _language()
    context = {
        "arrivals": [
            (each, _first_name(each.return_of), _on_the_way(ways.get(each.return_of_id), network, language))
            for each in arrivals
        ],
        "not_expected": list(queries.not_yet_expected(request.user)[:SHOWN]) if may_receive else [],
        "waiting": queries.to_be_seated(request.user).count() if may_receive else 0,
        "convoys": queries.convoys_to_drive(request.user)[:SHOWN],
        "handovers": list(queries.to_be_handed_over(request.user)[:SHOWN]) if may_receive else [],
        "due": queries.follow_ups_due(request.user).count() if may_receive else 0,
        "may_receive": may_receive,
    }
    return render(request, "handover/staff/list.html", context)


def _on_the_way(journey: Journey | None, network: Network, language: str) -> dict[str, Any] | None:
    """Where her journey stands, for the line of an arrival."""
    if journey is None:
        return None
    place = network.places.get(journey.place_known)
    return {
        "journey": journey,
        "is_late": journey.state == JourneyState.OVERDUE or (journey.trouble_at is not None and journey.is_travelling),
        "place": place.name(language) if place is not None and journey.is_travelling else "",
    }


def _first_name(return_of: Return) -> str:
    comers = travellers_of(return_of)
    return comers[0].name if comers else "—"


# --- reception -------------------------------------------------------------------------------------------------------


@requires(Right.HANDOVER_RECEIVE)
def expect(request: SignedInRequest, reference: str) -> HttpResponse:
    """Where and when a family is expected."""
    return_of = get_object_or_404(returns_visible_to(request.user), reference=reference)
    form = ExpectForm(request.POST or None, language=_language())
    if request.method == "POST" and form.is_valid():
        try:
            actions.expect(return_of, place=form.cleaned_data["place"], at=form.cleaned_data["at"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Expected."))
            return redirect("handover:list")
    return render(request, "handover/staff/expect.html", {"of": return_of, "form": form})


def _arrival(request: SignedInRequest, reference: str) -> Arrival:
    return get_object_or_404(queries.arrivals_visible_to(request.user), reference=reference)


@requires(Right.HANDOVER_RECEIVE)
def arrival(request: SignedInRequest, reference: str) -> HttpResponse:
    """One family at the meeting point: the document beside the name."""
    found = _arrival(request, reference)
    form = ReceiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.receive(found, document_number=said["document_number"], saw_face=said["saw_face"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Received."))
            return redirect("handover:list")
    return _arrival_page(request, found, form)


def _arrival_page(request: SignedInRequest, found: Arrival, form: ReceiveForm) -> HttpResponse:
    reading.read(Deed.LOOKED, about=found.return_of.reference, by=request.user)
    context = {
        "of": found,
        "form": form,
        "not_form": NotReceivedForm(),
        "travellers": travellers_of(found.return_of),
        "is_expected": found.state == ArrivalState.EXPECTED,
        "takes_seat": found.state == ArrivalState.RECEIVED and found.return_of.state == State.RECEIVED,
        "cars": queries.cars_to_take(found),
        "history": history_of(found.return_of.reference),
    }
    return render(request, "handover/staff/arrival.html", context)


@requires(Right.HANDOVER_RECEIVE)
@require_POST
def not_received(request: SignedInRequest, reference: str) -> HttpResponse:
    """Not come, another person, turned back."""
    found = _arrival(request, reference)
    form = NotReceivedForm(request.POST)
    if not form.is_valid():
        return _arrival_page(request, found, ReceiveForm())
    try:
        actions.do_not_receive(found, state=ArrivalState(form.cleaned_data["state"]), by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect("handover:list")


@requires(Right.HANDOVER_RECEIVE)
@require_POST
def seat(request: SignedInRequest, reference: str) -> HttpResponse:
    """A person's own choice of vehicle."""
    found = _arrival(request, reference)
    form = SeatForm(request.POST)
    wanted = form.cleaned_data["vehicle"] if form.is_valid() else ""
    vehicle = get_object_or_404(Vehicle, reference=wanted, convoy__desk=request.user.desk) if wanted else None
    try:
        actions.give_seat(found, vehicle, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("handover:arrival", found.reference)


@requires(Right.HANDOVER_RECEIVE)
@require_POST
def seats(request: SignedInRequest) -> HttpResponse:
    """Seats for everybody who waits."""
    plan = actions.seat_families(by=request.user)
    said = _("%(seated)s families have seats; %(left)s stay for a later convoy. The longest wait is %(wait)s minutes.")
    messages.success(request, said % {"seated": len(plan.seats), "left": len(plan.left), "wait": plan.longest_wait})
    if not plan.is_best:
        messages.warning(request, _("So many families came that there may be a better plan. Look through it."))
    return redirect("handover:list")


# --- convoys ---------------------------------------------------------------------------------------------------------


@requires(Right.HANDOVER_RECEIVE)
def new_convoy(request: SignedInRequest) -> HttpResponse:
    """Plan a drive."""
    form = ConvoyForm(request.POST or None, desk=request.user.desk, language=_language())
    cars = CarFormSet(request.POST or None, prefix="car")
    if request.method == "POST" and form.is_valid() and cars.is_valid():
        said = form.cleaned_data
        wanted = [car for line in cars if (car := line.car()) is not None]
        try:
            made = actions.plan_convoy(
                from_place=said["from_place"], to_place=said["to_place"], leaves_at=said["leaves_at"],
                arrives_at=said["arrives_at"], cars=wanted, escorts=list(said["escorts"]), by=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    return render(request, "handover/staff/new_convoy.html", {"form": form, "cars": cars})


def _convoy(request: SignedInRequest, reference: str) -> Convoy:
    return get_object_or_404(queries.convoys_visible_to(request.user), reference=reference)


@requires(Right.HANDOVER_READ)
@require_safe
def convoy(request: SignedInRequest, reference: str) -> HttpResponse:
    """One drive: who rides where."""
    found = _convoy(request, reference)
    vehicles = []
    for vehicle in found.vehicles.all():
        aboard = list(vehicle.arrivals.select_related("return_of").order_by("came_at", "pk"))
        taken = sum(each.people for each in aboard)
        vehicles.append((vehicle, [(each, travellers_of(each.return_of)) for each in aboard], taken))
    context = {
        "of": found,
        "vehicles": vehicles,
        "may_drive": request.user.may(Right.HANDOVER_RECEIVE) or request.user in found.escorts.all(),
        "history": history_of(found.reference),
    }
    return render(request, "handover/staff/convoy.html", context)


def _drive(request: SignedInRequest, reference: str, act: Any) -> HttpResponse:
    found = _convoy(request, reference)
    if not (request.user.may(Right.HANDOVER_RECEIVE) or request.user in found.escorts.all()):
        raise Http404
    try:
        act(found, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect(found)


@requires(Right.HANDOVER_RECEIVE, Right.HANDOVER_ESCORT)
@require_POST
def convoy_left(request: SignedInRequest, reference: str) -> HttpResponse:
    """It left."""
    return _drive(request, reference, actions.convoy_leaves)


@requires(Right.HANDOVER_RECEIVE, Right.HANDOVER_ESCORT)
@require_POST
def convoy_came(request: SignedInRequest, reference: str) -> HttpResponse:
    """It came."""
    return _drive(request, reference, actions.convoy_comes)


@requires(Right.HANDOVER_READ)
@require_safe
def convoy_paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """The escort's sheet."""
    return HttpResponse(papers.escort_sheet(_convoy(request, reference)), content_type="application/pdf")


# --- the handover ----------------------------------------------------------------------------------------------------


@requires(Right.HANDOVER_RECORD)
@require_safe
def worker(request: SignedInRequest) -> HttpResponse:
    """The script that keeps opened sheets at hand without a network; served here so that it may serve these pages only."""
    script = Path(__file__).parent / "static" / "handover" / "worker.js"
    answer = HttpResponse(script.read_bytes(), content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@requires(Right.HANDOVER_RECORD)
@require_safe
def token(request: SignedInRequest) -> HttpResponse:
    """A fresh form token: a sheet kept over a sign-in comes in with it."""
    return JsonResponse({"token": get_token(request)})


@requires(Right.HANDOVER_RECORD)
def sheet(request: SignedInRequest, reference: str) -> HttpResponse:
    """The sheet that two officers fill in. Sent by the page itself or by a plain form; the same one twice is one."""
    return_of = get_object_or_404(returns_visible_to(request.user), reference=reference)
    asks_json = request.headers.get("Accept") == "application/json"
    if request.method == "POST":
        form = SheetForm(request.POST, request.FILES, staff=request.user)
        if form.is_valid():
            try:
                handover = actions.record_handover(return_of, form.sheet(), by=request.user)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                if asks_json:
                    return JsonResponse({"ok": True, "url": handover.get_absolute_url()})
                return redirect(handover)
        if asks_json:
            said = [str(error) for errors in form.errors.values() for error in errors]
            return JsonResponse({"ok": False, "refusal": " ".join(said)}, status=409)
    else:
        form = SheetForm(
            staff=request.user,
            initial={
                "receipt_id": secrets.token_hex(16), "place": first_place(return_of), "receiver": _first_name(return_of),
                "handing_name": request.user.name,
            },
        )  # fmt: skip
    reading.read(Deed.LOOKED, about=return_of.reference, by=request.user)
    needed = queries.needed_for(return_of)
    context = {
        "of": return_of,
        "line": lines_of([return_of.entry])[0],
        "needed": needed,
        "form": form,
        "stands_here": return_of.state == State.ESCORTED,
    }
    return render(request, "handover/staff/sheet.html", context)


@requires(Right.HANDOVER_RECORD, Right.RETURNS_READ)
@require_safe
def record(request: SignedInRequest, reference: str) -> HttpResponse:
    """A handover as it was written, with its receipt."""
    found = get_object_or_404(queries.handovers_visible_to(request.user), reference=reference)
    reading.read(Deed.LOOKED, about=found.return_of.reference, by=request.user)
    signatures = [
        {"role": each.get_role_display(), "method": each.get_method_display(), "name": each.name,
         "picture": f"data:image/png;base64,{each.picture}", "bytes": len(base64.b64decode(each.picture))}
        for each in Signature.objects.filter(receipt_id=found.receipt_id).order_by("pk")
    ]  # fmt: skip
    context = {
        "of": found,
        "line": lines_of([found.return_of.entry])[0],
        "travellers": travellers_of(found.return_of),
        "signatures": signatures,
        "contacts": found.return_of.follow_ups.order_by("due_on"),
        "history": history_of(found.return_of.reference),
    }
    return render(request, "handover/staff/record.html", context)


@requires(Right.HANDOVER_RECORD)
@require_POST
def sign(request: SignedInRequest, reference: str) -> HttpResponse:
    """Sign the receipt, where the signer was away."""
    found = get_object_or_404(queries.handovers_visible_to(request.user), reference=reference)
    try:
        done = sign_if_possible(found)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        if not done and not found.receipt:
            messages.warning(request, _("The signer does not answer. Try again later; the handover stands."))
    return redirect(found)


@requires(Right.HANDOVER_RECORD, Right.RETURNS_READ)
@require_safe
def receipt_paper(request: SignedInRequest, reference: str, language: str) -> HttpResponse:
    """One of the two copies."""
    found = get_object_or_404(queries.handovers_visible_to(request.user), reference=reference, outcome="done")
    if language not in ("en", "uk"):
        raise Http404
    return HttpResponse(papers.receipt(found, first=language), content_type="application/pdf")


# --- afterwards ------------------------------------------------------------------------------------------------------


@requires(Right.HANDOVER_RECORD)
@require_safe
def contacts(request: SignedInRequest) -> HttpResponse:
    """Families to be called after a handover."""
    return render(request, "handover/staff/contacts.html", {"due": queries.follow_ups_due(request.user)[:SHOWN]})


@requires(Right.HANDOVER_RECORD)
def contact(request: SignedInRequest, reference: str) -> HttpResponse:
    """One contact."""
    found = get_object_or_404(
        FollowUp.objects.filter(return_of__enquiry__sought__desk=request.user.desk).select_related("return_of__enquiry"),
        reference=reference, done_at__isnull=True,
    )  # fmt: skip
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.note_follow_up(
                found, outcome=FollowUpOutcome(said["outcome"]), note=said["note"], again_on=said["again_on"],
                by=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Noted."))
        return redirect("handover:contacts")
    return render(request, "handover/staff/contact.html", {"of": found, "form": form})
