"""Journeys: four ways on the network that comes with the house; 1,000 journeys touched by a closure, planned again and shown.

The first part needs no database; the second makes a house of its own in a temporary folder.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many journeys."""
    parser.add_argument("--journeys", type=int, default=1000)
    parser.add_argument("--days", type=int, default=5, help="days asked for from each origin (default 5)")


def main(options: argparse.Namespace) -> int:
    """Both parts."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOMEWARD_HOME": home, "DJANGO_SETTINGS_MODULE": "homeward.config.settings"}
        environment.pop("DATABASE_URL", None)
        for order in (("migrate",), ("collectstatic", "--noinput")):
            command = [sys.executable, "-m", "homeward", *order, "-v", "0"]
            subprocess.run(command, env=environment, cwd=ROOT, check=True)
        os.environ.update(environment)
        import django

        django.setup()
        ways(options.days)
        closure(options.journeys)
    return 0


def ways(days: int) -> None:
    """Time of a question with four ways, from each origin on several days."""
    from homeward.journeys import networks
    from homeward.journeys.planner.network import Role, network_from
    from homeward.journeys.planner.search import Wanted
    from homeward.journeys.planner.times import day_number
    from homeward.journeys.planner.ways import plan

    document = networks.shipped()
    network = network_from(document, networks.closures_of(document))
    origins = [
        place.code for place in network.places.values() if place.role == Role.ORIGIN or place.code in ("KGD", "MSQ")
    ]
    took, offered = [], []
    first = day_number(date(2026, 12, 7))
    for origin in origins:
        plan(network, origin, "KYIV", first, Wanted())
    for day in range(first, first + days):
        for origin in origins:
            since = time.perf_counter()
            answer = plan(network, origin, "KYIV", day, Wanted())
            took.append((time.perf_counter() - since) * 1000)
            offered.append(len(answer.ways))
    took.sort()
    print(f"{len(took)} questions from {len(origins)} cities: {sum(offered) / len(offered):.2f} ways each")
    print(
        f"  median {statistics.median(took):.1f} ms, p95 {took[int(0.95 * len(took))]:.1f} ms, worst {took[-1]:.1f} ms"
    )


def closure(count: int) -> None:
    """Time from saving a closure to the page with the new ways."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import setup_test_environment

    from homeward.enquiries import actions as enquiries
    from homeward.enquiries.models import Channel
    from homeward.journeys import actions, networks, planning
    from homeward.journeys.models import NewWay
    from homeward.journeys.planner.network import Role
    from homeward.lib import clock
    from homeward.testing import make_staff, sign_in

    setup_test_environment()
    now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with clock.freeze(now):
        coordinator, worker = make_staff("journey_coordinator"), make_staff("case_worker")
        network = networks.current()
        # Seats for all, so that each has a way to lose.
        document = dict(networks.current_version().document)
        document["legs"] = [{**leg, "seats": 500} if "seats" in leg else leg for leg in document["legs"]]
        actions.import_network(document, why="bench", by=None)
        origins = [place.code for place in network.places.values() if place.role == Role.ORIGIN]
        wanted = planning.wanted_for(party=1, nationality="RU", step_free=False)
        made = number = 0
        known = {}
        while made < count:
            origin, day = (
                origins[number % len(origins)],
                date(2026, 12, 7) + timedelta(days=number // len(origins) % 14),
            )
            number += 1
            if (origin, day) not in known:
                answer = planning.ways_for(origin, "KYIV", day, wanted=wanted)
                known[origin, day] = next((way for way in answer.ways if way.gateway == "KGD"), None)
            way = known[origin, day]
            if way is None:
                continue
            enquiry = enquiries.file_enquiry(
                {"surname": f"Invented{made}", "given": "Person"},
                channel=Channel.HOTLINE,
                enquirer={"name": "Ada"},
                by=worker,
            )
            actions.send(actions.plan_journey(enquiry, way, by=coordinator), by=coordinator)
            made += 1
        settings.TRAINING = True  # a second factor is another matter
        client = sign_in(Client(), coordinator)
        shutting = actions.Shutting("place:KGD", now, None, {"en": "closed"}, "bench")
        since, used = time.perf_counter(), time.process_time()
        _closure, touched = actions.close(shutting, by=coordinator)
        saved = time.perf_counter()
        page = client.get("/journeys/new-ways")
        shown = time.perf_counter()
        processor = time.process_time() - used
        assert page.status_code == 200
        without = sum(1 for each in NewWay.objects.all() if each.legs is None)
    print(f"{touched} of {count} journeys touched by one closure; {touched - without} have another way")
    print(
        f"  planned again {saved - since:.2f} s, page {shown - saved:.2f} s, together {shown - since:.2f} s "
        f"({processor:.2f} s of the processor)"
    )
