"""A journey as pages and papers show it: day by day, leg by leg, in the language of whoever reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from homeward.journeys import networks, telling
from homeward.journeys.documents import DOES, papers
from homeward.journeys.drawing import Drawing, draw
from homeward.journeys.models import Journey, JourneyLeg
from homeward.journeys.planner.network import Kind, Network, Payer, Role
from homeward.journeys.planner.times import minute_of
from homeward.journeys.planner.ways import Way
from homeward.lib import clock


@dataclass(frozen=True, slots=True)
class Step:
    """One leg in words."""

    does: str
    start: str
    end: str
    end_code: str
    leaves: datetime
    arrives: datetime
    lasts: str
    price: str
    shows: list[str]
    note: str
    is_free: bool
    is_escort: bool
    is_border: bool
    is_done: bool
    sleeps: bool
    is_confirmed: bool
    waits: str


@dataclass(frozen=True, slots=True)
class Day:
    """The legs that leave on one day, by the clocks of the place where each begins."""

    on: date
    steps: list[Step]


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def steps_of(network: Network, rows: Sequence[tuple[str, int, int, bool, bool]], nationality: str) -> list[Step]:
    """Legs (code, leaves, arrives, sleeps, done) in words. A leg no longer in the network is passed over."""
    language = _language()
    steps = []
    for code, leaves, arrives, sleeps, done in rows:
        leg = network.legs.get(code)
        if leg is None:
            continue
        start, end = network.places[leg.start], network.places[leg.end]
        price = f"{leg.price} {leg.currency}" if leg.price and leg.pays == Payer.FAMILY else ""
        waits = ""
        if leg.kind == Kind.BORDER and leg.waits:
            waits = _("Usually %(least)s to %(most)s.") % {
                "least": telling.duration(leg.least), "most": telling.duration(leg.most + max(leg.waits)),
            }  # fmt: skip
        steps.append(
            Step(
                does=str(DOES[leg.kind]) % {"place": end.name(language)}, start=start.name(language), end=end.name(language),
                end_code=leg.end, leaves=telling.at(network, leg.start, leaves), arrives=telling.at(network, leg.end, arrives),
                lasts=telling.duration(arrives - leaves), price=price, shows=papers(leg.papers_for(nationality)),
                note=str(leg.note.get(language) or leg.note.get("en", "")), is_free=leg.pays == Payer.BUREAU,
                is_escort=leg.kind == Kind.ESCORT, is_border=leg.kind == Kind.BORDER, is_done=done, sleeps=sleeps,
                is_confirmed=leg.fact.confirmed, waits=waits,
            )
        )  # fmt: skip
    return steps


def days_of(steps: Iterable[Step]) -> list[Day]:
    """By day."""
    days: list[Day] = []
    for step in steps:
        if not days or days[-1].on != step.leaves.date():
            days.append(Day(step.leaves.date(), []))
        days[-1].steps.append(step)
    return days


def rows_of(legs: Iterable[JourneyLeg]) -> list[tuple[str, int, int, bool, bool]]:
    """The legs of a journey as `steps_of` takes them."""
    return [
        (leg.code, minute_of(leg.leaves_at), minute_of(leg.arrives_at), leg.sleeps_after, leg.done_at is not None)
        for leg in legs
    ]


def span(steps: Sequence[Step]) -> str:
    """ "7 December to 9 December" in words of the language."""
    if not steps:
        return ""
    first, last = steps[0].leaves.date(), steps[-1].arrives.date()
    one = formats.date_format(first, "j E" if _language() in ("uk", "ru") else "j F")
    two = formats.date_format(last, "j E" if _language() in ("uk", "ru") else "j F")
    return one if first == last else _("%(first)s to %(last)s") % {"first": one, "last": two}


def map_of(network: Network, legs: Iterable[tuple[str, str, str, bool]], *, stand: str = "") -> Drawing:
    """The map, with what is shut near the way: the sky over the goal, and borders."""
    legs = list(legs)
    language = _language()
    now = minute_of(clock.now())
    shut: dict[str, str] = {}
    for each in network.closures:
        if each.since > now or (each.until is not None and each.until <= now):
            continue
        kind, _colon, code = each.what.partition(":")
        if kind == "place" and code in network.places and network.places[code].role != Role.ORIGIN:
            shut[code] = ""
    used = {code for start, end, _kind, _sleeps in legs for code in (start, end)}
    return draw(
        network, legs, language=language, shut=[pair for pair in shut.items() if pair[0] not in used], stand=stand
    )


def map_label(network: Network, legs: Iterable[tuple[str, str, str, bool]]) -> str:
    """The way in words, for who does not see the map."""
    language = _language()
    names: list[str] = []
    for start, end, _kind, _sleeps in legs:
        for code in (start, end):
            name = network.places[code].name(language)
            if not names or names[-1] != name:
                names.append(name)
    return _("Map of the way: %(places)s") % {"places": ", ".join(names)}


def picture(journey: Journey, legs: Sequence[JourneyLeg]) -> dict[str, Any]:
    """What the templates of a map need."""
    network = networks.network_of(journey.network)
    rows = [
        (leg.start, leg.end, leg.kind, leg.sleeps_after)
        for leg in legs
        if leg.start in network.places and leg.end in network.places
    ]
    return {
        "map": map_of(network, rows, stand=journey.place_known if journey.place_known in network.places else ""),
        "map_label": map_label(network, rows),
    }


def picture_of_way(network: Network, way: Way) -> dict[str, Any]:
    """The same for a way not yet chosen."""
    rows = [
        (ride.leg.start, ride.leg.end, str(ride.leg.kind), number < len(way.changes) and way.changes[number].sleeps)
        for number, ride in enumerate(way.rides)
    ]
    return {"map": map_of(network, rows), "map_label": map_label(network, rows)}


def here(moment: datetime, zone: str) -> datetime:
    """A moment on the clocks of a zone."""
    return moment.astimezone(ZoneInfo(zone))
