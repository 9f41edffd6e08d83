"""`homeward network export|import|check|places|import-gtfs`: the network as a file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from homeward.journeys import actions, networks
from homeward.journeys.models import Closure
from homeward.journeys.planner.gtfs import Feed, FeedFaulty, legs_between
from homeward.journeys.planner.network import faults_of
from homeward.lib import clock
from homeward.lib.refusals import Refusal


class Command(BaseCommand):
    """The network out, in, checked, and with timetables of operators."""

    help = (
        "Writes the network to a file, reads one as the next version, checks one, or takes timetables from a GTFS feed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        tasks = parser.add_subparsers(dest="task", required=True)
        export = tasks.add_parser("export", help="write the network in force, with its closures")
        export.add_argument("out", nargs="?", type=Path, help="file to write (default: the terminal)")
        taken = tasks.add_parser("import", help="take a file as the next version of the network")
        taken.add_argument("file", type=Path)
        taken.add_argument("--why", default="from a file")
        check = tasks.add_parser(
            "check", help="say what is wrong with a file, or with the network that comes with the house"
        )
        check.add_argument("file", nargs="?", type=Path)
        tasks.add_parser("places", help="list the places of the network in force")
        gtfs = tasks.add_parser("import-gtfs", help="take the timetables between our places from an operator's feed")
        gtfs.add_argument("feed", type=Path, help="the feed's zip archive")
        gtfs.add_argument(
            "--join",
            action="append",
            default=[],
            metavar="STOP=PLACE",
            help="this stop of the feed is that place of ours",
        )
        gtfs.add_argument(
            "--tag", default="GTFS", help="end of the new legs' codes; a second import with it replaces them"
        )
        gtfs.add_argument("--dry-run", action="store_true", help="only show the legs")

    def handle(self, *args: Any, task: str, **options: Any) -> None:
        """Do it."""
        getattr(self, f"_{task.replace('-', '_')}")(**options)

    def _export(self, *, out: Path | None, **options: Any) -> None:
        version = networks.current_version()
        document = dict(version.document)
        document["closures"] = [
            {
                "what": row.what, "since": row.since.isoformat(), **({"until": row.until.isoformat()} if row.until else {}),
                "reason": row.reason, "source": row.source,
                "fact": {"origin": row.source, "on": row.made_at.date().isoformat(), "confirmed": row.is_confirmed},
            }
            for row in Closure.objects.filter(lifted_at__isnull=True).order_by("pk")
        ]  # fmt: skip
        text = json.dumps(document, ensure_ascii=False, indent=1)
        if out is None:
            self.stdout.write(text)
        else:
            out.write_text(text + "\n", encoding="utf-8")
            self.stdout.write(f"Version {version.number} is in {out}.")

    def _import(self, *, file: Path, why: str, **options: Any) -> None:
        try:
            version = actions.import_network(_read(file), why=why, by=None)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The network is version {version.number} now.")

    def _check(self, *, file: Path | None, **options: Any) -> None:
        document = networks.shipped() if file is None else _read(file)
        faults = faults_of(document)
        for fault in faults:
            self.stdout.write(fault)
        waiting, facts = networks.unconfirmed(document)
        self.stdout.write(
            f"{len(document.get('places', ()))} places, {len(document.get('legs', ()))} legs, "
            f"{len(document.get('closures', ()))} closures; {waiting} of {facts} facts are still to be confirmed by the bureau."
        )
        if faults:
            sys.exit(1)

    def _places(self, **options: Any) -> None:
        for place in networks.current().places.values():
            on = "" if place.is_on else "  (off)"
            self.stdout.write(f"{place.code:<6} {place.role:<9} {place.country}  {place.name('en')}{on}")

    def _import_gtfs(self, *, feed: Path, join: list[str], tag: str, dry_run: bool, **options: Any) -> None:
        try:
            found = Feed(feed)
            joined = dict(pair.split("=", 1) for pair in join)
            stops = {row["stop_id"]: row.get("stop_name", "") for row in found.rows("stops.txt")}
        except (FeedFaulty, ValueError) as fault:
            raise CommandError(str(fault)) from fault
        unknown = [stop for stop in joined if stop not in stops]
        if unknown or not joined:
            for stop, name in sorted(stops.items(), key=lambda pair: pair[1]):
                self.stdout.write(f"{stop}\t{name}")
            raise CommandError(
                f"the feed has no stop {unknown[0]}"
                if unknown
                else "say which stops are which places: --join STOP=PLACE"
            )
        version = networks.current_version()
        places = {said["code"] for said in version.document["places"]}
        if wrong := [place for place in joined.values() if place not in places]:
            raise CommandError(f"no place is called {wrong[0]}")
        legs = legs_between(found, joined, on=clock.today().isoformat(), tag=tag)
        for leg in legs:
            self.stdout.write(f"{leg['code']}: {len(leg['times'])} departures, {leg['minutes'][1]} min")
        if dry_run or not legs:
            self.stdout.write("Nothing was changed." if dry_run else "No trip serves two of these stops.")
            return
        kept = [leg for leg in version.document["legs"] if not leg["code"].endswith(f"-{tag}")]
        document = {**version.document, "legs": [*kept, *legs]}
        try:
            made = actions.import_network(document, why=f"timetables of {feed.name}", by=None)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The network is version {made.number} now.")


def _read(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise CommandError(f"{file} cannot be read as JSON") from fault
    if not isinstance(document, dict):
        raise CommandError(f"{file} holds no network")
    return document
