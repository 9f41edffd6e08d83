"""The network in force, kept in memory by its number: the document is read once a process, its timetables laid out once."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from homeward.journeys.models import Closure, NetworkVersion
from homeward.journeys.planner.network import Closure as Shut
from homeward.journeys.planner.network import Network, network_from
from homeward.journeys.planner.times import minute_of
from homeward.lib import clock

SHIPPED = Path(__file__).with_name("network.json")


def shipped() -> dict[str, Any]:
    """The network that comes with the house."""
    document: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return document


def current_version() -> NetworkVersion:
    """The version in force; the one that comes with the house is written down when first asked for."""
    version = NetworkVersion.objects.order_by("-number").defer("document").first()
    if version is None:
        from homeward.journeys.actions import lay_down_shipped

        version = lay_down_shipped()
    return version


@lru_cache(maxsize=4)
def _laid_out(pk: int, number: int) -> Network:
    return network_from(NetworkVersion.objects.get(pk=pk).document)


@lru_cache(maxsize=8)
def _with(pk: int, number: int, closures: tuple[Shut, ...]) -> Network:
    return _laid_out(pk, number).with_closures(closures)


def network_of(version: NetworkVersion, closures: Iterable[Shut] | None = None) -> Network:
    """A version as the planner reads it, under the closures that stand or those given."""
    found = tuple(standing() if closures is None else closures)
    return _with(version.pk, version.number, found)


def current(closures: Iterable[Shut] | None = None) -> Network:
    """The network in force."""
    return network_of(current_version(), closures)


def standing_rows(now: datetime | None = None) -> list[Closure]:
    """Closures that stand or will."""
    moment = now or clock.now()
    current_version()  # the closures that come with the house are noted with its network
    return list(
        Closure.objects.filter(Q(until__isnull=True) | Q(until__gt=moment), lifted_at__isnull=True).order_by("since")
    )


def shut_of(row: Closure) -> Shut:
    """A closure as the planner reads it."""
    return Shut(
        row.what,
        minute_of(row.since),
        None if row.until is None else minute_of(row.until),
        str(row.reason.get("en", "")),
        row.source,
        row.reference,
    )


def standing() -> list[Shut]:
    """The standing closures as the planner reads them."""
    return [shut_of(row) for row in standing_rows()]


def closures_of(document: dict[str, Any]) -> list[Shut]:
    """The closures a document begins with, for planning without a database."""
    return [
        Shut(
            said["what"],
            minute_of(datetime.fromisoformat(said["since"])),
            minute_of(datetime.fromisoformat(said["until"])) if said.get("until") else None,
            said["reason"]["en"],
            said.get("source", ""),
        )
        for said in document.get("closures", ())
    ]


def unconfirmed(document: dict[str, Any]) -> tuple[int, int]:
    """How many facts of a document nobody of the bureau has confirmed, of how many."""
    facts = [said["fact"] for part in ("places", "legs", "closures") for said in document.get(part, ())]
    return sum(1 for fact in facts if not fact["confirmed"]), len(facts)
