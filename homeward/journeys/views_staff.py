"""The coordinator's pages: the board, a journey, planning, new ways, closures, the network."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward import audit
from homeward.access.guards import SignedInRequest, requires
from homeward.access.rights import Right
from homeward.audit.queries import history_of
from homeward.journeys import actions, networks, planning, queries, showing, telling
from homeward.journeys.deeds import Deed
from homeward.journeys.documents import KINDS, country_name
from homeward.journeys.forms import (
    AbortForm,
    CheckInForm,
    ChooseForm,
    ClosureForm,
    LegForm,
    PlaceForm,
    PlanForm,
    SettleForm,
    TravellersForm,
)  # fmt: skip
from homeward.journeys.models import Alarm, Closure, Journey, NewWay, State, Via
from homeward.journeys.papers import journey_paper
from homeward.journeys.planner.network import Closure as Shut
from homeward.journeys.planner.network import Role
from homeward.journeys.planner.times import minute_of
from homeward.journeys.planner.ways import Answer
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.returns.actions import what_stands_in_the_way

SHOWN = 100


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _journey(request: SignedInRequest, reference: str) -> Journey:
    rows = queries.journeys_visible_to(request.user).select_related("network", "returning", "planned_by")
    return get_object_or_404(rows, reference=reference)


# --- the board ---------------------------------------------------------------------------------------------------------


@requires(Right.JOURNEYS_READ, Right.JOURNEYS_CHECK_IN)
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """Who is where, who is late, who arrives today."""
    network, language = networks.current(), _language()
    rows = []
    for journey in queries.on_the_board(request.user)[:SHOWN]:
        legs = list(journey.legs.all())
        following = next((leg for leg in legs if leg.done_at is None), None)
        rows.append(
            {
                "journey": journey,
                "here": _name(network, journey.place_known or journey.origin, language),
                "next": _name(network, following.end, language) if following else "",
                "due": following.arrives_at if following else None,
                "done": sum(1 for leg in legs if leg.done_at is not None),
                "legs": len(legs),
            }
        )
    arrivals = [(_name(network, each.place, language), each) for each in queries.arrivals_today(request.user)]
    context = {
        "rows": rows,
        "arrivals": arrivals,
        "alarms": [
            (alarm, _name(network, alarm.place, language)) for alarm in queries.open_alarms(request.user)[:SHOWN]
        ],
        "settle_form": SettleForm(),
        "left_behind": [
            (each, each.returning, what_stands_in_the_way(each.returning))
            for each in queries.returns_left_behind(request.user)[:SHOWN]
            if each.returning is not None
        ],
        "named_anew": queries.named_anew(request.user) if request.user.may(Right.JOURNEYS_COORDINATE) else [],
        "waiting_ways": queries.ways_to_release(request.user).count(),
        "to_plan": queries.returns_to_plan(request.user)[:SHOWN] if request.user.may(Right.JOURNEYS_COORDINATE) else [],
        "may_coordinate": request.user.may(Right.JOURNEYS_COORDINATE),
    }
    return render(request, "journeys/staff/board.html", context)


def _name(network: Any, code: str, language: str) -> str:
    place = network.places.get(code)
    return place.name(language) if place is not None else code


@requires(Right.JOURNEYS_COORDINATE, Right.JOURNEYS_CHECK_IN)
@require_POST
def settle(request: SignedInRequest, reference: str) -> HttpResponse:
    """Somebody has called."""
    alarm = get_object_or_404(queries.open_alarms(request.user), reference=reference)
    form = SettleForm(request.POST)
    if form.is_valid():
        actions.settle_alarm(alarm, outcome=form.cleaned_data["outcome"], by=request.user)
        messages.success(request, _("Noted."))
    return redirect("journeys:board")


# --- a journey ---------------------------------------------------------------------------------------------------------


@requires(Right.JOURNEYS_READ, Right.JOURNEYS_CHECK_IN)
@require_safe
def journey(request: SignedInRequest, reference: str) -> HttpResponse:
    """One journey: the map, the legs, the signs, and what can be done."""
    found = _journey(request, reference)
    legs = list(found.legs.all())
    network = networks.network_of(found.network)
    language = _language()
    with transaction.atomic():
        audit.record(Deed.LOOKED, by=request.user, about=found.reference)
    places = [(leg.end, _name(network, leg.end, language)) for leg in legs if leg.done_at is None]
    if found.state == State.SENT:
        places.insert(0, (found.origin, _name(network, found.origin, language)))
    context = {
        "journey": found,
        "days": showing.days_of(showing.steps_of(network, showing.rows_of(legs), found.nationality)),
        "meeting": _name(network, found.meeting, language),
        "check_ins": [
            (each, _name(network, each.place, language)) for each in found.check_ins.select_related("said_by")
        ],
        "check_in_form": CheckInForm(places=places),
        "abort_form": AbortForm(),
        "travellers": list(found.travellers.all()),
        "new_way": found.new_ways.filter(state=NewWay.State.WAITING).first(),
        "may_coordinate": request.user.may(Right.JOURNEYS_COORDINATE),
        "history": history_of(found.reference),
        **showing.picture(found, legs),
    }
    return render(request, "journeys/staff/journey.html", context)


def _do(request: SignedInRequest, found: Journey, word: str, do: Any) -> HttpResponse:
    try:
        do()
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, word)
    return redirect(found)


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def send(request: SignedInRequest, reference: str) -> HttpResponse:
    """Put it on her page."""
    found = _journey(request, reference)
    return _do(
        request, found, _("Sent. The family reads it on its page."), lambda: actions.send(found, by=request.user)
    )


@requires(Right.JOURNEYS_CHECK_IN)
@require_POST
def check_in(request: SignedInRequest, reference: str) -> HttpResponse:
    """She called and said where she is."""
    found = _journey(request, reference)
    point = request.POST.get("place", "")
    via = Via.HOTLINE if not request.user.may(Right.JOURNEYS_COORDINATE) else Via.STAFF
    return _do(
        request, found, _("Noted where she is."), lambda: actions.check_in(found, point, by=request.user, via=via)
    )


@requires(Right.JOURNEYS_CHECK_IN)
@require_POST
def wrong(request: SignedInRequest, reference: str) -> HttpResponse:
    """She called: something is wrong."""
    found = _journey(request, reference)
    return _do(
        request, found, _("A call is due at once."),
        lambda: actions.say_something_is_wrong(found, by=request.user, via=Via.HOTLINE),
    )  # fmt: skip


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def end(request: SignedInRequest, reference: str) -> HttpResponse:
    """End it before its end."""
    found = _journey(request, reference)
    form = AbortForm(request.POST)
    if not form.is_valid():
        raise Http404
    reason = form.cleaned_data["reason"]
    return _do(
        request, found, _("The journey has ended."), lambda: actions.abort(found, reason=reason, by=request.user)
    )


@requires(Right.JOURNEYS_COORDINATE)
def people(request: SignedInRequest, reference: str) -> HttpResponse:
    """Who travels."""
    found = _journey(request, reference)
    named = [
        actions.Person(each.name, each.born or "", each.nationality, each.document or "")
        for each in found.travellers.all()
    ]
    form = TravellersForm(request.POST or None, people=named)
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_travellers(found, form.people(), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down."))
            return redirect(found)
    return render(request, "journeys/staff/people.html", {"journey": found, "form": form})


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def take_names(request: SignedInRequest, reference: str) -> HttpResponse:
    """Who comes, as the family named them last."""
    found = _journey(request, reference)
    return _do(request, found, _("Written down."), lambda: actions.take_over_names(found, by=request.user))


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def follow(request: SignedInRequest, reference: str) -> HttpResponse:
    """The return is brought to where its family is."""
    found = _journey(request, reference)
    return _do(request, found, _("The return follows."), lambda: actions.let_return_follow(found, by=request.user))


@requires(Right.JOURNEYS_COORDINATE)
@require_safe
def paper(request: SignedInRequest, reference: str) -> HttpResponse:
    """The journey on paper, in her language."""
    found = _journey(request, reference)
    with transaction.atomic():
        audit.record(Deed.PRINTED, by=request.user, about=found.reference)
    response = HttpResponse(journey_paper(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.reference}.pdf"'
    return response


# --- planning ------------------------------------------------------------------------------------------------------------


@requires(Right.JOURNEYS_COORDINATE)
def plan(request: SignedInRequest) -> HttpResponse:
    """Ask for ways; each on a map, with what it rests on and why others are not offered."""
    network, language = networks.current(), _language()
    asked = request.GET if request.GET.get("on") else None
    initial = {
        "on": timezone.localdate(clock.now()),
        "enquiry": request.GET.get("enquiry", ""),
        "origin": "MOW",
        "goal": "KYIV",
    }
    form = PlanForm(asked, network=network, language=language, staff=request.user, initial=initial)
    context: dict[str, Any] = {"form": form, "choose_form": ChooseForm(), "answer": None}
    if asked is not None and form.is_valid():
        said = form.cleaned_data
        answer = _answer(said)
        context |= {
            "answer": answer,
            "ways": [
                {
                    "number": number,
                    "way": way,
                    "by": ", ".join(_name(network, code, language) for code in (way.gateway, way.crossing) if code),
                    "leaves": telling.at(network, way.rides[0].leg.start, way.leaves),
                    "arrives": telling.at(network, way.rides[-1].leg.end, way.arrives),
                    "lasts": telling.duration(way.minutes),
                    "prices": telling.prices(way),
                    "weakest": _name(network, way.weakest.place, language) if way.weakest else "",
                    "days": showing.days_of(showing.steps_of(network, _with_done(way), said["nationality"])),
                    "token": _token(said, way),
                    **showing.picture_of_way(network, way),
                }
                for number, way in enumerate(answer.ways)
            ],
            "not_offered": [telling.why_not(network, each, language) for each in answer.not_offered],
            "enquiry": said["enquiry"],
        }
    return render(request, "journeys/staff/plan.html", context)


def _with_done(way: Any) -> list[tuple[str, int, int, bool, bool]]:
    return [(code, leaves, arrives, sleeps, False) for code, leaves, arrives, sleeps in planning.written(way)]


def _answer(said: dict[str, Any]) -> Answer:
    wanted = planning.wanted_for(party=said["party"], nationality=said["nationality"], step_free=said["step_free"])
    return planning.ways_for(said["origin"], said["goal"], said["on"], wanted=wanted)


_SALT = "journeys.way"


def _token(said: dict[str, Any], way: Any) -> str:
    """The way as the page shows it, signed: what is chosen is what was seen."""
    content = {
        "enquiry": said["enquiry"].reference if said["enquiry"] else "", "party": said["party"],
        "nationality": said["nationality"], "step_free": said["step_free"], "legs": planning.written(way),
        "gateway": way.gateway, "crossing": way.crossing, "back": said["origin"] == "KYIV",
    }  # fmt: skip
    return signing.dumps(content, salt=_SALT, compress=True)


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def choose(request: SignedInRequest) -> HttpResponse:
    """Write down the way that was chosen."""
    try:
        said = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=4 * 3600)
    except signing.BadSignature as fault:
        raise PermissionDenied from fault
    form = PlanForm(
        {"enquiry": said["enquiry"], "origin": "MOW", "goal": "KYIV", "on": "2000-01-01", "party": 1, "nationality": "RU"},
        network=networks.current(), language="en", staff=request.user,
    )  # fmt: skip
    if not form.is_valid() or form.cleaned_data["enquiry"] is None:
        messages.warning(request, _("Say first whose journey this is."))
        return redirect("journeys:plan")
    enquiry = form.cleaned_data["enquiry"]
    way = planning.read_way(networks.current(), said["legs"], said["gateway"], said["crossing"])
    returning = queries.returns_to_plan(request.user).filter(enquiry=enquiry).first()
    try:
        made = actions.plan_journey(
            enquiry, way, party=said["party"], nationality=said["nationality"], step_free=said["step_free"],
            is_back=said["back"], call=request.POST.get("call", "")[:60], returning=returning, by=request.user,
        )  # fmt: skip
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("journeys:plan")
    messages.success(request, _("Planned. The family does not see it before you send it."))
    return redirect(made)


# --- new ways ----------------------------------------------------------------------------------------------------------


@requires(Right.JOURNEYS_COORDINATE)
@require_safe
def new_ways(request: SignedInRequest) -> HttpResponse:
    """What closures did to whom: the new ways, to be looked through and released."""
    network, language = networks.current(), _language()
    rows = []
    waiting = queries.ways_to_release(request.user)
    for each in waiting[:SHOWN]:
        legs = each.legs or []
        last = legs[-1] if legs else None
        old = each.journey.legs.order_by("-position").first()
        arrives = telling.at(network, network.legs[last[0]].end, last[2]) if last else None
        rows.append(
            {
                "way": each,
                "from": _name(network, network.legs[legs[0][0]].start, language) if legs else "",
                "by": ", ".join(_name(network, code, language) for code in (each.gateway, each.crossing) if code),
                "arrives": arrives,
                "later": telling.duration(abs(last[2] - minute_of(old.arrives_at))) if last and old else "",
                "is_later": bool(last and old and last[2] > minute_of(old.arrives_at)),
                "legs": [_line(network, code, leaves, language) for code, leaves, _arrives, _sleeps in legs],
            }
        )
    return render(request, "journeys/staff/new_ways.html", {"rows": rows, "waiting": waiting.count(), "shown": SHOWN})


def _line(network: Any, code: str, leaves: int, language: str) -> str:
    leg = network.legs[code]
    start, end = _name(network, leg.start, language), _name(network, leg.end, language)
    return f"{telling.at(network, leg.start, leaves):%d.%m %H:%M} {start} - {end}"


def _new_way(request: SignedInRequest, reference: str) -> NewWay:
    return get_object_or_404(queries.ways_to_release(request.user), reference=reference)


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def release(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let one go out."""
    way = _new_way(request, reference)
    try:
        actions.release_way(way, by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Released. The family reads the new way on its page."))
    return redirect("journeys:new_ways")


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def release_all(request: SignedInRequest) -> HttpResponse:
    """Let all that were shown go out; what cannot, stays."""
    chosen = set(request.POST.getlist("way"))
    released = refused = 0
    for way in queries.ways_to_release(request.user)[:SHOWN]:
        if way.reference not in chosen:
            continue
        try:
            actions.release_way(way, by=request.user)
            released += 1
        except Refusal:
            refused += 1
    messages.success(
        request, _("%(released)d released, %(refused)d could not be.") % {"released": released, "refused": refused}
    )
    return redirect("journeys:new_ways")


@requires(Right.JOURNEYS_COORDINATE)
@require_POST
def drop(request: SignedInRequest, reference: str) -> HttpResponse:
    """The journey stays as it is."""
    actions.drop_way(_new_way(request, reference), by=request.user)
    messages.success(request, _("Dropped. The journey stays as it was."))
    return redirect("journeys:new_ways")


# --- closures ------------------------------------------------------------------------------------------------------------


@requires(Right.NETWORK_KEEP)
@require_safe
def closures(request: SignedInRequest) -> HttpResponse:
    """What is shut."""
    network, language = networks.current(), _language()
    now = clock.now()
    rows = [
        {
            "closure": each,
            "what": _what(network, each.what, language),
            "reason": each.reason.get(language) or each.reason.get("en", ""),
            "stands": each.lifted_at is None and (each.until is None or each.until > now),
        }
        for each in queries.closures_shown()
    ]
    return render(request, "journeys/staff/closures.html", {"rows": rows})


def _what(network: Any, what: str, language: str) -> str:
    kind, _colon, code = what.partition(":")
    if kind == "place":
        return _name(network, code, language)
    if kind == "leg" and code in network.legs:
        leg = network.legs[code]
        return f"{_name(network, leg.start, language)} - {_name(network, leg.end, language)} ({KINDS[leg.kind]})"
    if kind == "air":
        known = code in network.places
        return _("flights: %(place)s") % {"place": _name(network, code, language) if known else country_name(code)}
    return country_name(code)


@requires(Right.NETWORK_KEEP)
def close(request: SignedInRequest) -> HttpResponse:
    """Note a closure: before it is saved the page shows whom it touches, and their new ways."""
    network, language = networks.current(), _language()
    form = ClosureForm(
        request.POST or None, network=network, language=language, initial={"since": timezone.localtime(clock.now())}
    )
    context: dict[str, Any] = {"form": form, "preview": None}
    if request.method == "POST" and form.is_valid():
        shutting = form.shutting()
        if "save" in request.POST:
            _closure, touched = actions.close(shutting, by=request.user)
            messages.success(request, _("Noted. %(touched)d new ways wait for you.") % {"touched": touched})
            return redirect("journeys:new_ways" if touched else "journeys:closures")
        shut = Shut(
            shutting.what, minute_of(shutting.since), minute_of(shutting.until) if shutting.until else None,
            shutting.reason.get("en", ""), shutting.source,
        )  # fmt: skip
        touched_rows = planning.touched_by(shut)
        ways = planning.new_ways_for(touched_rows, closures=[shut])
        context["preview"] = [
            {
                "journey": each.journey,
                "stands": _name(network, each.place, language),
                "way": way,
                "by": ", ".join(_name(network, code, language) for code in (way.gateway, way.crossing) if code)
                if way
                else "",
                "arrives": telling.at(network, way.rides[-1].leg.end, way.arrives) if way else None,
            }
            for each, way in list(zip(touched_rows, ways, strict=True))[:SHOWN]
        ]
        context["touched"] = len(touched_rows)
        context["no_way"] = sum(1 for way in ways if way is None)
    return render(request, "journeys/staff/close.html", context)


@requires(Right.NETWORK_KEEP)
@require_POST
def lift(request: SignedInRequest, reference: str) -> HttpResponse:
    """It is open again."""
    try:
        actions.lift(get_object_or_404(Closure, reference=reference), by=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Open again."))
    return redirect("journeys:closures")


# --- the network ---------------------------------------------------------------------------------------------------------


@requires(Right.NETWORK_KEEP)
@require_safe
def network(request: SignedInRequest) -> HttpResponse:
    """Places and legs, what is confirmed and what is not."""
    version = networks.current_version()
    found, language = networks.network_of(version), _language()
    role = request.GET.get("role", "")
    at = request.GET.get("at", "")
    places = [place for place in found.places.values() if not role or place.role == role]
    legs = [leg for leg in found.legs.values() if at and at in (leg.start, leg.end)]
    waiting, facts = networks.unconfirmed(version.document)
    context = {
        "version": version,
        "waiting": waiting,
        "facts": facts,
        "roles": [str(each) for each in Role],
        "role": role,
        "at": _name(found, at, language) if at else "",
        "places": sorted(((place.name(language), place) for place in places), key=lambda pair: pair[0]),
        "legs": [
            {
                "leg": leg,
                "start": _name(found, leg.start, language),
                "end": _name(found, leg.end, language),
                "kind": KINDS[leg.kind],
                "usual": telling.duration(leg.usual),
            }
            for leg in legs
        ],
    }
    return render(request, "journeys/staff/network.html", context)


def _said(part: str, code: str) -> tuple[dict[str, Any], int]:
    version = networks.current_version()
    said = next((each for each in version.document[part] if each["code"] == code), None)
    if said is None:
        raise Http404
    return dict(said), version.number


def _fact(said: dict[str, Any]) -> dict[str, Any]:
    fact = said["fact"]
    return {"confirmed": fact["confirmed"], "origin": fact["origin"], "as_of": fact["on"]}


def _change(request: SignedInRequest, form: Any, part: str, said: dict[str, Any]) -> bool:
    said["fact"] = {
        "origin": form.cleaned_data["origin"], "on": form.cleaned_data["as_of"].isoformat(),
        "confirmed": form.cleaned_data["confirmed"],
    }  # fmt: skip
    try:
        actions.change_network(part, said, on_number=int(request.POST.get("number", 0) or 0), by=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Kept as a new version of the network."))
    return True


@requires(Right.NETWORK_KEEP)
def place(request: SignedInRequest, code: str) -> HttpResponse:
    """Correct a place."""
    said, number = _said("places", code)
    initial = {
        "is_on": said.get("on", True), "beds": said.get("beds", False), "change": said.get("change", 0),
        "step_free": said.get("step_free", True), **_fact(said),
    }  # fmt: skip
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        said |= {
            "on": typed["is_on"],
            "beds": typed["beds"],
            "change": typed["change"],
            "step_free": typed["step_free"],
        }
        if _change(request, form, "places", said):
            return redirect("journeys:network")
    name = said["names"].get(_language()) or said["names"]["en"]
    return render(request, "journeys/staff/place.html", {"form": form, "said": said, "name": name, "number": number})


@requires(Right.NETWORK_KEEP)
def leg(request: SignedInRequest, code: str) -> HttpResponse:
    """Correct a leg."""
    said, number = _said("legs", code)
    runs = {key: said[key] for key in LegForm.RUNS if key in said}
    price = said.get("price") or {}
    least, usual, most = said["minutes"]
    initial = {
        "is_on": said.get("on", True), "least": least, "usual": usual, "most": most,
        "runs": json.dumps(runs, ensure_ascii=False), "amount": price.get("amount"), "currency": price.get("currency", ""),
        "pays": said.get("pays", "family"), "step_free": said.get("step_free", True), **_fact(said),
    }  # fmt: skip
    form = LegForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        for key in LegForm.RUNS:
            said.pop(key, None)
        said |= {
            **typed["runs"], "on": typed["is_on"], "minutes": [typed["least"], typed["usual"], typed["most"]],
            "pays": typed["pays"], "step_free": typed["step_free"],
        }  # fmt: skip
        said.pop("price", None)
        if typed["amount"]:
            said["price"] = {"amount": typed["amount"], "currency": typed["currency"]}
        if _change(request, form, "legs", said):
            return redirect("journeys:network")
    return render(request, "journeys/staff/leg.html", {"form": form, "said": said, "number": number})


__all__ = ["Alarm", "datetime"]
