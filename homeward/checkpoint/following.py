"""What this room has to do with journeys: the codes on their pages, passes taken back with them, scans that are signs of them."""

from collections.abc import Iterable
from contextlib import suppress

from django.utils.safestring import mark_safe

from homeward.access.models import Staff
from homeward.checkpoint import actions, papers, queries
from homeward.checkpoint.models import KitEntry, Pass, RevokedBecause
from homeward.journeys import actions as journeys
from homeward.journeys import networks
from homeward.journeys.hooks import Code, codes_for_the_way, when_a_journey_changes
from homeward.journeys.models import Journey, State, Via
from homeward.lib.refusals import Refusal


@codes_for_the_way
def codes_of_passes(journey: Journey) -> list[Code]:
    """The codes of everybody who travels on it and has one."""
    # Drawn here from a signed text in an alphabet of 45 characters: nothing that anybody typed is in it.
    return [
        Code(mark_safe(papers.pass_svg(each)), each.printed_number)  # noqa: S308
        for each in queries.passes_for_journey(journey.reference)[:3]
        if each.text
    ]


@when_a_journey_changes
def take_back_its_passes(journey: Journey, by: Staff) -> None:
    """A journey that ended early lets nobody through any more."""
    if journey.state == State.ABORTED:
        for each in queries.passes_for_journey(journey.reference):
            actions.revoke_pass(each, because=RevokedBecause.NOT_TRAVELLING, by=by)


def check_in_who_was_let_through(entries: Iterable[KitEntry], *, by: Staff) -> int:
    """Each line of a kit that let somebody through is a sign that she was there; how many were signs.

    What cannot be one is none: a journey that has ended, a place that is not on its way, a sign that is known already.
    """
    lines = sorted((each for each in entries if each.through and each.pass_id), key=lambda each: each.checked_at)
    names = sorted({each.pass_id for each in lines})
    passes: dict[str, Pass] = {}
    for start in range(0, len(names), 500):
        for found in Pass.objects.filter(pass_id__in=names[start : start + 500]).exclude(journey=""):
            passes[found.pass_id] = found
    signs = 0
    for line in lines:
        travel_pass = passes.pop(line.pass_id, None)
        journey = Journey.objects.filter(reference=travel_pass.journey).first() if travel_pass else None
        if travel_pass is None or journey is None:
            continue
        with suppress(Refusal):
            before = journey.check_ins.count()
            journeys.check_in(journey, _place(travel_pass.point, journey), by=by, via=Via.SCAN)
            signs += journey.check_ins.count() - before
    return signs


def _place(point: str, journey: Journey) -> str:
    """The place of the network that a pass calls so: by its code, or by its name."""
    places = networks.network_of(journey.network, ()).places
    if point.upper() in places:
        return point.upper()
    return next((code for code, place in places.items() if place.name("en").lower() == point.lower()), point)
