"""What this room has to do with journeys: the codes on their pages, passes taken back with them, scans that are signs of them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.safestring import mark_safe

from homeward import audit
from homeward.access.models import Staff
from homeward.checkpoint import actions, papers, queries
from homeward.checkpoint.deeds import Deed
from homeward.checkpoint.models import KitEntry, Pass, RevokedBecause
from homeward.decisions import actions as decisions
from homeward.journeys import actions as journeys
from homeward.journeys import networks
from homeward.journeys.hooks import Code, codes_for_the_way, when_a_journey_changes
from homeward.journeys.models import Journey, State, Traveller, Via
from homeward.journeys.planner.network import Role
from homeward.lib.refusals import Refusal

# The hours of a pass at a border, around the time at which the way says she is there.
EARLY, LATE = timedelta(hours=2), timedelta(hours=4)


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
def keep_passes_true(journey: Journey, by: Staff) -> None:
    """A journey that ended early lets nobody through any more; one that goes another way, or with other people, has other passes.

    What no longer fits is taken back at once and proposed anew where the way now leads; a second person decides, as over any pass.
    """
    waiting = queries.proposals_for_journey(journey.reference)
    standing = list(queries.passes_for_journey(journey.reference))
    if journey.state == State.ABORTED:
        for proposal in waiting:
            decisions.void(proposal, by=by)
        for each in standing:
            actions.revoke_pass(each, because=RevokedBecause.NOT_TRAVELLING, by=by)
        return
    people = list(journey.travellers.all())
    anew: list[Mapping[str, Any]] = []
    for proposal in waiting:
        if not _fits(proposal.payload, journey, people):
            decisions.void(proposal, by=by)
            anew.append(proposal.payload)
    for each in standing:
        if not _fits(each.proposal.payload, journey, people):
            actions.revoke_pass(each, because=RevokedBecause.OTHER_DAY, by=by)
            anew.append(each.proposal.payload)
    proposed = sum(_propose_anew(payload, journey, people, by=by) for payload in anew)
    if anew:
        detail = {"passes": len(anew), "proposed": proposed}
        audit.record(Deed.FOLLOWED, by=by, about=journey.reference, detail=detail)


def _fits(payload: Mapping[str, Any], journey: Journey, people: Sequence[Traveller]) -> bool:
    """Whether the way still leads past this point within the hours of the pass, with this person and as many with her."""
    place = _place(payload["point"], journey)
    if _is_known(place, journey):
        arrives = _arrives(place, journey)
        if arrives is None or not payload["window_from"] <= arrives.timestamp() <= payload["window_until"]:
            return False
    named = _named(people)
    holder = next((each for each in named if _number(each.document) == payload["document"]), None)
    return not named or (holder is not None and actions.latin_name(holder.name) == payload["name"])


def _named(people: Sequence[Traveller]) -> list[Traveller]:
    """Those who are named as a pass names people: by a document, in Latin letters."""
    return [each for each in people if each.document and each.name.isascii()]


def _propose_anew(payload: Mapping[str, Any], journey: Journey, people: Sequence[Traveller], *, by: Staff) -> bool:
    """The same pass where the way leads now; False where it cannot be (its time lies too far ahead, say): the officer makes it out."""
    named = _named(people)
    holder = next((each for each in named if _number(each.document) == payload["document"]), None)
    holder = holder or (named[0] if named else None)
    place = _place(payload["point"], journey)
    places = networks.network_of(journey.network, ()).places
    if _arrives(place, journey) is None:
        known = places.get(place)
        is_border = known is not None and known.role == Role.CROSSING
        place = journey.crossing if is_border and journey.crossing else journey.meeting
    arrives = _arrives(place, journey)
    window = (journey.window_from, journey.window_until)
    if arrives is not None and place != journey.meeting:
        window = (arrives - EARLY, arrives + LATE)
    name, born, document = payload["name"], payload["born"], payload["document"]
    if holder is not None:
        name, document = holder.name, holder.document or ""
        born = holder.born or (born if _number(document) == payload["document"] else "")
    with suppress(Refusal, ValueError):
        actions.propose_pass(
            name=name, born=date.fromisoformat(born), document=document, document_type=payload["document_type"],
            point=place.lower(), window=window, with_code=payload["code"],
            companions=max(len(people) - 1, 0) if people and payload["companions"] else payload["companions"],
            enquiry=journey.enquiry, journey=journey.reference, by=by,
        )  # fmt: skip
        return True
    return False


def _number(document: str | None) -> str:
    return "".join(each for each in (document or "").upper() if each.isalnum())


def _is_known(place: str, journey: Journey) -> bool:
    return place in networks.network_of(journey.network, ()).places


def _arrives(place: str, journey: Journey) -> datetime | None:
    leg = next((leg for leg in journey.legs.all() if leg.end == place), None)
    return leg.arrives_at if leg is not None else None


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
            at = line.checked_at
            journeys.check_in(journey, _place(travel_pass.point, journey), by=by, via=Via.SCAN, at=at)
            signs += journey.check_ins.count() - before
    return signs


def _place(point: str, journey: Journey) -> str:
    """The place of the network that a pass calls so: by its code, or by its name."""
    places = networks.network_of(journey.network, ()).places
    if point.upper() in places:
        return point.upper()
    return next((code for code, place in places.items() if place.name("en").lower() == point.lower()), point)
