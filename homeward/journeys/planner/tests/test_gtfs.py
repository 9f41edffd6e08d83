"""A real timetable that nobody here wrote, against a time-expanded graph in networkx that shares no code with the planner."""

import csv
import io
import os
import random
import zipfile
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import networkx as nx
import pytest

from homeward.journeys.planner.gtfs import Feed, FeedFaulty, legs_between, network_of
from homeward.journeys.planner.network import faults_of, leg_from
from homeward.journeys.planner.search import Search, Wanted

FEED = Path(
    os.environ.get("HOMEWARD_GTFS") or Path(__file__).parents[5] / "shared" / "bench" / "gtfs" / "cairns_gtfs.zip"
)
PAIRS = 500
HOURS = 30


def rows(name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(FEED) as feed, feed.open(name) as file:
        return list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")))


class TimeExpanded:
    """Every call of every trip of three days is a node; edges ride on, or wait at the stop for the next one."""

    def __init__(self, day: date) -> None:
        zone = ZoneInfo(rows("agency.txt")[0]["agency_timezone"])
        calendar = {row["service_id"]: row for row in rows("calendar.txt")}
        exceptions = {(row["service_id"], row["date"]): row["exception_type"] for row in rows("calendar_dates.txt")}
        trips = {row["trip_id"]: row["service_id"] for row in rows("trips.txt")}
        calls = defaultdict(list)
        for row in rows("stop_times.txt"):
            calls[row["trip_id"]].append(row)
        self.graph = nx.DiGraph()
        stops = defaultdict(set)
        for shift in (-1, 0, 1):
            on = day + timedelta(days=shift)
            base = datetime(on.year, on.month, on.day, tzinfo=zone).timestamp() / 60
            for trip, said in calls.items():
                if not self.runs(trips[trip], on, calendar, exceptions):
                    continue
                said = [row for row in said if row["arrival_time"].strip() or row["departure_time"].strip()]
                said = sorted(said, key=lambda row: int(row["stop_sequence"]))
                for here, there in pairwise(said):
                    leaves = base + self.minutes(here["departure_time"], up=False)
                    arrives = base + self.minutes(there["arrival_time"], up=True)
                    a, b = (here["stop_id"], leaves), (there["stop_id"], arrives)
                    stops[here["stop_id"]].add(leaves)
                    stops[there["stop_id"]].add(arrives)
                    if a != b:
                        self.graph.add_edge(a, b)
        for stop, times in stops.items():
            ordered = sorted(times)
            for a, b in pairwise(ordered):
                self.graph.add_edge((stop, a), (stop, b))
        self.times = {stop: sorted(times) for stop, times in stops.items()}

    @staticmethod
    def minutes(text: str, *, up: bool) -> int:
        hours, minutes, seconds = map(int, text.split(":"))
        return hours * 60 + minutes + (1 if up and seconds else 0)

    @staticmethod
    def runs(
        service: str, on: date, calendar: dict[str, dict[str, str]], exceptions: dict[tuple[str, str], str]
    ) -> bool:
        text = on.strftime("%Y%m%d")
        exception = exceptions.get((service, text))
        if exception:
            return exception == "1"
        row = calendar.get(service)
        return bool(row) and row["start_date"] <= text <= row["end_date"] and row[on.strftime("%A").lower()] == "1"

    def earliest(self, start: str, end: str, since: float, before: float) -> float | None:
        first = next((time for time in self.times.get(start, ()) if time >= since), None)
        if first is None or first >= before:
            return None
        reached = nx.descendants(self.graph, (start, first)) | {(start, first)}
        arrivals = [time for stop, time in reached if stop == end]
        return min(arrivals, default=None)


@pytest.mark.slow
@pytest.mark.skipif(not FEED.exists(), reason="no feed: set HOMEWARD_GTFS to a GTFS archive")
def test_earliest_arrivals_on_a_real_feed_are_those_of_a_time_expanded_graph() -> None:
    calendar = rows("calendar.txt")
    day = datetime.strptime(max(row["start_date"] for row in calendar), "%Y%m%d").date() + timedelta(days=9)
    graph = TimeExpanded(day)
    feed = Feed(FEED)
    network = network_of(feed, on="2026-01-01")
    zone = ZoneInfo(feed.zone())
    chance = random.Random(20260301)
    stops = sorted(graph.times)
    differ, found = [], 0

    for _number in range(PAIRS):
        start, end = chance.sample(stops, 2)
        begins = datetime(day.year, day.month, day.day, chance.randrange(5, 22), chance.randrange(60), tzinfo=zone)
        since = int(begins.timestamp() // 60)
        expected = graph.earliest(start, end, since, since + 24 * 60)
        search = Search(network, Wanted(awake=None), until=since + HOURS * 60, goal=end, since=since)
        search.stand(start, since, 0)
        arrived = next((label.arrived for label in search.labels() if label.place == end), None)
        if expected is not None and expected > since + HOURS * 60:
            expected = None
        found += expected is not None
        if arrived != expected:
            differ.append((start, end, str(begins), arrived, expected))

    assert differ == []
    assert found > PAIRS / 3


@pytest.mark.skipif(not FEED.exists(), reason="no feed: set HOMEWARD_GTFS to a GTFS archive")
def test_stops_that_stand_for_places_become_legs_of_the_document() -> None:
    feed = Feed(FEED)
    calls = max((calls for _service, _kind, calls in feed.trips()), key=len)

    legs = legs_between(feed, {calls[0][0]: "GDN", calls[-1][0]: "WAW"}, on="2026-01-01")

    assert {(leg["from"], leg["to"]) for leg in legs} >= {("GDN", "WAW")}
    assert all(leg_from(leg).times for leg in legs)
    assert not [fault for fault in faults_of({"places": [], "legs": legs}) if "order" in fault]


def test_a_file_that_is_no_feed_says_so(tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    path.write_bytes(b"not a zip")
    with pytest.raises(FeedFaulty, match="no zip"):
        Feed(path)

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("stops.txt", "stop_id\n")
    with pytest.raises(FeedFaulty, match=r"routes\.txt"):
        Feed(path)
