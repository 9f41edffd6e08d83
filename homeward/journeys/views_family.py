"""Her journey: what to do now, the map, leg by leg, who waits for her. Nothing here says for whom or why she travels."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward.enquiries.family import FamilyRequest, requires_family
from homeward.journeys import actions, hooks, networks, queries, showing, telling
from homeward.journeys.models import Journey, State, Via
from homeward.journeys.papers import journey_paper
from homeward.journeys.planner.times import minute_of
from homeward.lib.refusals import Refusal


def _journey(request: FamilyRequest) -> Journey:
    found = queries.journey_of(request.enquiry)
    if found is None:
        raise Http404
    return found


@requires_family
@require_safe
def journey(request: FamilyRequest) -> HttpResponse:
    """The page she reads on the way."""
    return _page(request, _journey(request))


def _page(request: FamilyRequest, found: Journey, refusal: str = "", status: int = 200) -> HttpResponse:
    network = networks.network_of(found.network)
    legs = list(found.legs.all())
    steps = showing.steps_of(network, showing.rows_of(legs), found.nationality)
    following = next((leg for leg in legs if leg.done_at is None), None)
    language = (get_language() or "en").split("-")[0]
    meeting = network.places[found.meeting]
    context = {
        "bureau_name": _("Your journey"),
        "journey": found,
        "span": showing.span(steps),
        "days": showing.days_of(steps),
        "next": next((step for step in steps if not step.is_done), None),
        "here": following.end if following else "",
        "here_name": network.places[following.end].name(language) if following else "",
        "may_leave": found.state == State.SENT,
        "origin": found.origin,
        "is_travelling": found.is_travelling,
        "has_arrived": found.state == State.RECEIVED,
        "is_over": found.state == State.ABORTED,
        "meeting": meeting.name(language),
        "from_when": telling.at(network, found.meeting, minute_of(found.window_from)),
        "until_when": telling.at(network, found.meeting, minute_of(found.window_until)),
        "codes": hooks.codes_of(found) if found.is_travelling else [],
        "refusal": refusal,
        "asked_for_help": found.trouble_at is not None,
        **showing.picture(found, legs),
    }
    return render(request, "journeys/family/journey.html", context, status=status)


@requires_family
@require_POST
def here(request: FamilyRequest) -> HttpResponse:
    """One tap: I am there."""
    found = _journey(request)
    try:
        actions.check_in(found, request.POST.get("place", "")[:40], by=None, via=Via.PAGE)
    except Refusal as refusal:
        return _page(request, found, str(refusal), status=refusal.status)
    return redirect("journeys_family:journey")


@requires_family
@require_POST
def help_me(request: FamilyRequest) -> HttpResponse:
    """One tap: something is wrong. Somebody calls."""
    found = _journey(request)
    try:
        actions.say_something_is_wrong(found, by=None, via=Via.PAGE)
    except Refusal as refusal:
        return _page(request, found, str(refusal), status=refusal.status)
    return redirect("journeys_family:journey")


@requires_family
@require_safe
def paper(request: FamilyRequest) -> HttpResponse:
    """To print: A5, black on white."""
    response = HttpResponse(journey_paper(_journey(request), language=get_language()), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="journey.pdf"'
    return response
