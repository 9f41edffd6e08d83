"""Reads of the log, for pages. What a person may see of it is decided by the page's guard."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from homeward.audit.actions import pseudonym
from homeward.audit.labels import label_of
from homeward.audit.models import Event
from homeward.lib import keys

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a page shows it."""

    number: int
    happened_at: datetime
    who: str
    what: str
    about: str
    detail: dict[str, Any]


def events() -> QuerySet[Event]:
    """The whole log, newest first."""
    return Event.objects.order_by("-number")


def history_of(reference: str, *, limit: int = SHOWN) -> list[Line]:
    """What happened to the thing of this reference, newest first: for the history tab of its page."""
    return lines_of(Event.objects.filter(about=reference).order_by("-number")[:limit])


def lines_of(found: QuerySet[Event]) -> list[Line]:
    """Events in words."""
    rows = list(found)
    names = _names(rows)
    return [
        Line(
            event.number,
            event.happened_at,
            names.get(event.actor, ""),
            label_of(event.deed),
            event.about,
            event.details,
        )
        for event in rows
    ]


def _names(rows: list[Event]) -> dict[str, str]:
    """The name behind each pseudonym on the page, found by making everyone's pseudonym again; the log keeps none."""
    wanted = {event.actor for event in rows} - {""}
    if not wanted:
        return {}
    names: dict[str, str] = {}
    staff = list(get_user_model().objects.values_list("reference", "name"))
    for actor, reference, name in _pseudonyms(wanted, staff):
        names[actor] = name or reference
    return names


def _pseudonyms(wanted: set[str], staff: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for key_id in {int(actor.partition(".")[0]) for actor in wanted}:
        try:
            keys.key("audit", "actor", key_id)
        except keys.KeyMissing:
            continue  # a key thrown away on purpose: those lines stay without a name
        for reference, name in staff:
            actor = pseudonym(reference, key_id)
            if actor in wanted:
                yield actor, reference, name
