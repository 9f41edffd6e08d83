"""Ways in words: for the terminal, for programs, for pages. Times are local to each place."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from homeward.journeys.planner.network import Network
from homeward.journeys.planner.times import moment_of
from homeward.journeys.planner.ways import Answer, NotOffered, Way, Why


def at(network: Network, place: str, minute: int) -> datetime:
    """What the clocks of that place show. Without a zone: templates would turn the moment into the bureau's own time."""
    return moment_at(network, place, minute).replace(tzinfo=None)


def moment_at(network: Network, place: str, minute: int) -> datetime:
    """The moment, in the zone of that place."""
    return moment_of(minute).astimezone(ZoneInfo(network.places[place].zone))


def duration(minutes: int) -> str:
    """ "35 h 10 min" in words of the language."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def prices(way: Way) -> str:
    """What one traveller pays, by currency."""
    return ", ".join(
        f"{amount:,} {currency}".replace(",", "\u00a0") for currency, amount in way.prices().items() if amount
    )


def why_not(network: Network, each: NotOffered, language: str) -> str:
    """The reason why something is not offered."""
    place = network.places[each.code].name(language)
    if each.why == Why.CLOSED and each.closure is not None:
        reason = reason_of(each.closure.reference, each.closure.reason, language)
        since = moment_of(each.closure.since).date().isoformat()
        if each.legs:
            return _("No flights to %(place)s: %(reason)s (since %(since)s).") % {
                "place": place, "reason": reason, "since": since,
            }  # fmt: skip
        return _("%(place)s: %(reason)s (since %(since)s).") % {"place": place, "reason": reason, "since": since}
    sentences = {
        Why.OFF: _("%(place)s: not switched on by the bureau."),
        Why.PAPERS: _("%(place)s: not with the papers of these travellers."),
        Why.NO_SEAT: _("%(place)s: no seat is left with an escort."),
        Why.NOT_STEP_FREE: _("%(place)s: not without steps."),
        Why.LATER: _("%(place)s: possible, but later than the ways shown."),
        Why.NO_WAY: _("%(place)s: no connection on these days."),
    }
    if each.why == Why.LATER and each.later_by < 24 * 60:
        return _("%(place)s: possible, but %(later)s later than the first way.") % {
            "place": place, "later": duration(each.later_by),
        }  # fmt: skip
    return sentences.get(each.why, sentences[Why.NO_WAY]) % {"place": place}


def reason_of(reference: str, english: str, language: str) -> str:
    """The closure's reason in the language, where the house has it."""
    if not reference or language == "en":
        return english
    from homeward.journeys.models import Closure

    row = Closure.objects.filter(reference=reference).only("reason").first()
    return str((row.reason.get(language) if row else "") or english)


def lines(network: Network, answer: Answer) -> Iterator[str]:
    """The answer for the terminal."""
    for number, way in enumerate(answer.ways, 1):
        start, end = way.rides[0].leg.start, way.rides[-1].leg.end
        by = ", ".join(network.places[code].name("en") for code in (way.gateway, way.crossing) if code)
        leaves, arrives = at(network, start, way.leaves), at(network, end, way.arrives)
        yield f"{number}. {leaves:%a %d %b %H:%M} to {arrives:%a %d %b %H:%M}, {duration(way.minutes)}, by {by}"
        weakest = way.weakest
        facts = [f"{len(way.rides) - 1} changes", f"{way.nights} nights in a bed", prices(way) or "nothing to pay"]
        if weakest is not None:
            facts.append(f"weakest at {network.places[weakest.place].name('en')}, {weakest.margin} min of margin")
        if not way.is_confirmed:
            facts.append("to be confirmed by the bureau")
        yield "   " + "; ".join(facts)
        for index, ride in enumerate(way.rides):
            leaves, arrives = at(network, ride.leg.start, ride.leaves), at(network, ride.leg.end, ride.arrives)
            night = "  (night there)" if index < len(way.changes) and way.changes[index].sleeps else ""
            a, b = network.places[ride.leg.start].name("en"), network.places[ride.leg.end].name("en")
            yield f"     {leaves:%d.%m %H:%M} - {arrives:%d.%m %H:%M}  {ride.leg.kind:<7} {a} - {b}{night}"
    if not answer.ways:
        yield "No way on this day."
    if answer.not_offered:
        yield "Not offered:"
        for each in answer.not_offered:
            yield f"   {why_not(network, each, 'en')}"


def as_json(network: Network, answer: Answer) -> dict[str, Any]:
    """The answer for programs."""
    return {
        "ways": [
            {
                "gateway": way.gateway, "crossing": way.crossing, "minutes": way.minutes, "nights": way.nights,
                "leaves": moment_at(network, way.rides[0].leg.start, way.leaves).isoformat(),
                "arrives": moment_at(network, way.rides[-1].leg.end, way.arrives).isoformat(),
                "changes": len(way.rides) - 1, "price": way.prices(), "confirmed": way.is_confirmed,
                "weakest": None if way.weakest is None else {"place": way.weakest.place, "margin": way.weakest.margin},
                "legs": [
                    {
                        "code": ride.leg.code, "kind": str(ride.leg.kind), "from": ride.leg.start, "to": ride.leg.end,
                        "leaves": moment_at(network, ride.leg.start, ride.leaves).isoformat(),
                        "arrives": moment_at(network, ride.leg.end, ride.arrives).isoformat(),
                    }
                    for ride in way.rides
                ],
            }
            for way in answer.ways
        ],
        "not_offered": [
            {"what": each.code, "why": str(each.why), "sentence": why_not(network, each, "en")}
            for each in answer.not_offered
        ],
    }  # fmt: skip
