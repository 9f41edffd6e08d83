"""The journey as a paper of two A5 pages, black on white: it can be folded, printed anywhere, and read at a border."""

import json
from pathlib import Path

import typst
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from homeward.journeys import hooks, networks, showing, telling
from homeward.journeys.models import Journey
from homeward.journeys.planner.times import minute_of

_TEMPLATE = Path(__file__).parent / "templates" / "journeys" / "papers" / "journey.typ"


def journey_paper(journey: Journey, *, language: str | None = None) -> bytes:
    """The paper as PDF, in her language unless another is asked for. Neutral words only."""
    with override(language or journey.language):
        return bytes(
            typst.compile(str(_TEMPLATE), sys_inputs={"journey": json.dumps(_content(journey), ensure_ascii=False)})
        )


def _content(journey: Journey) -> dict[str, object]:
    network = networks.network_of(journey.network)
    legs = list(journey.legs.all())
    steps = showing.steps_of(network, showing.rows_of(legs), journey.nationality)
    code = (journey.language or "en").split("-")[0]
    meeting = network.places[journey.meeting]
    awaited_from = telling.at(network, journey.meeting, minute_of(journey.window_from))
    awaited_until = telling.at(network, journey.meeting, minute_of(journey.window_until))
    return {
        "title": _("Your way home, %(span)s") % {"span": showing.span(steps)}
        if journey.is_back
        else _("Your journey, %(span)s") % {"span": showing.span(steps)},
        "number": journey.reference,
        "local": _("All times are local to the place where the leg begins."),
        "travellers": [f"{each.name}{', ' + each.document if each.document else ''}" for each in journey.travellers.all()],
        "days": [
            {
                "day": formats.date_format(day.on, "l, j F"),
                "legs": [
                    {
                        "at": f"{step.leaves:%H:%M}",
                        "does": step.does,
                        "how": _in_words(step),
                        "night": _("Night in %(place)s.") % {"place": step.end} if step.sleeps else "",
                    }
                    for step in day.steps
                ],
            }
            for day in showing.days_of(steps)
        ],
        "waits_title": _("Who waits for you"),
        "waits": _("In %(place)s, %(day)s, from %(since)s to %(until)s local time.") % {
            "place": meeting.name(code), "day": formats.date_format(awaited_from, "l, j F"),
            "since": f"{awaited_from:%H:%M}", "until": f"{awaited_until:%H:%M}",
        },
        "ours_title": _("They say first:"),
        "ours": journey.phrase_ours,
        "hers_title": _("You answer:"),
        "hers": journey.phrase_hers,
        "trust": _("Go with nobody who does not say these words. Nobody of ours asks you for money."),
        "codes_title": _("To show on the way"),
        "codes": [{"svg": str(each.svg), "number": each.number} for each in hooks.codes_of(journey)]
        if journey.is_travelling
        else [],
        "call_title": _("Whom to call") if journey.call else "",
        "call": journey.call or "",
        "carry_title": _("What to carry"),
        "carry": [
            _("Your passport, and the papers named at each border."), _("This page on paper."),
            _("Medicine for a week, warm clothes, something to eat."), _("Money of your own for the legs you pay."),
        ],
    }  # fmt: skip


def _in_words(step: showing.Step) -> str:
    said = [
        _("From %(start)s, %(lasts)s, there at %(at)s.") % {
            "start": step.start, "lasts": step.lasts, "at": f"{step.arrives:%H:%M}",
        }
    ]  # fmt: skip
    if step.price:
        said.append(_("About %(price)s.") % {"price": step.price})
    if step.is_free:
        said.append(_("You pay nothing."))
    if step.shows:
        said.append(_("Show:") + " " + ", ".join(step.shows) + ".")
    if step.note:
        said.append(step.note + ".")
    return " ".join(said)
