"""Reads a GTFS Schedule feed: its trips become timetable legs, between all stops or between the stops that stand for places of ours."""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from homeward.journeys.planner.network import Fact, Kind, Leg, Network, Place, Role, Service, Timed
from homeward.journeys.planner.times import day_number

# GTFS route types; extended types (hundreds) fall into the same kinds.
_KINDS = {0: Kind.TRAIN, 1: Kind.TRAIN, 2: Kind.TRAIN, 3: Kind.BUS, 4: Kind.BUS, 11: Kind.BUS, 12: Kind.TRAIN}
# What opens as small as a feed may be large; more than this in one table is refused.
_LARGEST = 1 << 30
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class FeedFaulty(Exception):
    """The file is not a feed; the sentence says why."""


def _kind(route_type: str) -> Kind:
    number = int(route_type or 3)
    if 100 <= number < 200:
        return Kind.TRAIN
    if 1100 <= number < 1200:
        return Kind.FLIGHT
    return _KINDS.get(number, Kind.BUS)


class Feed:
    """A feed, its tables read as they are asked for."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as fault:
            raise FeedFaulty(f"{path.name} is no zip archive") from fault
        self._names = {name.rsplit("/", 1)[-1]: name for name in self._zip.namelist()}
        for needed in ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt"):
            if needed not in self._names:
                raise FeedFaulty(f"{path.name} has no {needed}")

    def rows(self, table: str) -> Iterable[dict[str, str]]:
        """The rows of a table; none where the feed leaves it out."""
        name = self._names.get(table)
        if name is None:
            return
        if self._zip.getinfo(name).file_size > _LARGEST:
            raise FeedFaulty(f"{table} is too large")
        with self._zip.open(name) as file:
            yield from csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""))

    def services(self) -> dict[str, Service]:
        """The calendars, exceptions included."""
        plus: dict[str, set[int]] = defaultdict(set)
        minus: dict[str, set[int]] = defaultdict(set)
        for row in self.rows("calendar_dates.txt"):
            (plus if row["exception_type"].strip() == "1" else minus)[row["service_id"]].add(_day(row["date"]))
        found = {}
        for row in self.rows("calendar.txt"):
            code = row["service_id"]
            days = frozenset(number for number, name in enumerate(_WEEKDAYS) if row[name].strip() == "1")
            found[code] = Service(
                days, _day(row["start_date"]), _day(row["end_date"]), frozenset(plus[code]), frozenset(minus[code])
            )
        for code in plus:
            found.setdefault(code, Service(frozenset(), plus=frozenset(plus[code])))
        return found

    def trips(self) -> Iterable[tuple[str, Kind, list[tuple[str, int, int]]]]:
        """Each trip: its service, its kind, its calls (stop, arrives, leaves) in order. Calls without a time are passed over."""
        kinds = {row["route_id"]: _kind(row.get("route_type", "")) for row in self.rows("routes.txt")}
        trips = {row["trip_id"]: (row["service_id"], kinds[row["route_id"]]) for row in self.rows("trips.txt")}
        calls: dict[str, list[tuple[int, str, int, int]]] = defaultdict(list)
        for row in self.rows("stop_times.txt"):
            arrives, leaves = row.get("arrival_time", "").strip(), row.get("departure_time", "").strip()
            if arrives or leaves:
                calls[row["trip_id"]].append(
                    (int(row["stop_sequence"]), row["stop_id"], _up(arrives or leaves), _down(leaves or arrives))
                )
        for code, (service, kind) in trips.items():
            yield service, kind, [(stop, a, d) for _place, stop, a, d in sorted(calls.get(code, []))]

    def zone(self) -> str:
        """The time zone of the feed's clocks."""
        return next((row["agency_timezone"].strip() for row in self.rows("agency.txt")), "UTC")


def _day(text: str) -> int:
    text = text.strip()
    return day_number(date(int(text[:4]), int(text[4:6]), int(text[6:8])))


def _seconds(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _down(text: str) -> int:
    # A departure at 07:10:30 is not missed by who is there at 07:10: minutes begin early, and end late.
    return _seconds(text) // 60


def _up(text: str) -> int:
    return -(-_seconds(text) // 60)


def network_of(feed: Feed, *, on: str) -> Network:
    """The whole feed as a network of its own: each stop a place, each pair of stops that follow each other a leg."""
    zone = feed.zone()
    fact = Fact("the operator's feed (GTFS)", on, True)
    places = {
        row["stop_id"]: Place(
            row["stop_id"], {"en": row.get("stop_name", row["stop_id"])}, "", float(row.get("stop_lat") or 0),
            float(row.get("stop_lon") or 0), zone, Role.HUB, fact=fact,
        )
        for row in feed.rows("stops.txt")
    }  # fmt: skip
    services = feed.services()
    timed: dict[tuple[str, str, Kind], set[tuple[int, int, str]]] = defaultdict(set)
    for service, kind, calls in feed.trips():
        for (stop, _a, leaves), (following, arrives, _d) in pairwise(calls):
            if stop != following and service in services:
                # Some operators write neighbouring stops with one and the same minute.
                timed[stop, following, kind].add((leaves, max(arrives - leaves, 0), service))
    legs = []
    for (start, end, kind), departures in timed.items():
        lasts = [takes for _leaves, takes, _service in departures]
        legs.append(
            Leg(
                code=f"{start}>{end}:{kind}", start=start, end=end, kind=kind, least=min(lasts), usual=max(1, min(lasts)),
                most=max(1, *lasts), fact=fact,
                times=tuple(Timed(leaves, takes, services[service]) for leaves, takes, service in sorted(departures)),
            )
        )  # fmt: skip
    return Network(places.values(), legs)


def legs_between(feed: Feed, joined: Mapping[str, str], *, on: str, tag: str = "GTFS") -> list[dict[str, Any]]:
    """Legs, as the network document writes them, between stops that stand for places of ours (stop -> place)."""
    services = feed.services()
    found: dict[tuple[str, str, Kind], dict[tuple[int, int], set[str]]] = defaultdict(lambda: defaultdict(set))
    for service, kind, calls in feed.trips():
        ours = [(joined[stop], arrives, leaves) for stop, arrives, leaves in calls if stop in joined]
        for index, (start, _a, leaves) in enumerate(ours):
            for end, arrives, _d in ours[index + 1 :]:
                if start != end and arrives > leaves and service in services:
                    found[start, end, kind][leaves, arrives - leaves].add(service)
    legs = []
    for (start, end, kind), departures in sorted(found.items()):
        lasts = [takes for _leaves, takes in departures]
        times = [
            {"at": f"{leaves // 60:02d}:{leaves % 60:02d}", "takes": takes, **_said(services[service])}
            for (leaves, takes), codes in sorted(departures.items())
            for service in sorted(codes)
        ]
        legs.append(
            {
                "code": f"{start}-{end}-{kind.upper()}-{tag}", "from": start, "to": end, "kind": str(kind),
                "minutes": [min(lasts), sorted(lasts)[len(lasts) // 2], max(lasts)], "times": times,
                "fact": {"origin": "the operator's feed (GTFS)", "on": on, "confirmed": True},
            }
        )  # fmt: skip
    return legs


def _said(service: Service) -> dict[str, Any]:
    from homeward.journeys.planner.times import day_of

    said: dict[str, Any] = {}
    if service.days != frozenset(range(7)) and service.days:
        said["days"] = "".join(str(number + 1) for number in sorted(service.days))
    if service.first is not None:
        said["first_day"] = day_of(service.first).isoformat()
    if service.last is not None:
        said["last_day"] = day_of(service.last).isoformat()
    if not service.days:
        # Runs on the days named only: a calendar that ended before the first of them says so.
        said["last_day"] = day_of(min(service.plus) - 1).isoformat()
    if service.plus:
        said["also_on"] = [day_of(number).isoformat() for number in sorted(service.plus)]
    if service.minus:
        said["not_on"] = [day_of(number).isoformat() for number in sorted(service.minus)]
    return said
