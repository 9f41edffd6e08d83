"""`homeward plan ORIGIN --date D`: the ways from a place to Kyiv on a day, as the network and the closures stand."""

import json
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from homeward.journeys import networks, telling
from homeward.journeys.planner.network import FAR, Closure, Network, network_from
from homeward.journeys.planner.search import Wanted
from homeward.journeys.planner.times import day_number
from homeward.journeys.planner.ways import plan


class Command(BaseCommand):
    """Plan and print. Reads the network that comes with the house, or with --house the one the house has in force."""

    help = "Shows up to four ways from a place to Kyiv (or --to), each with time, price, changes and weakest point."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, when, and what is closed."""
        parser.add_argument("origin", help="code or English name of a place, e.g. LED or Moscow")
        parser.add_argument(
            "--date", dest="on", required=True, type=date.fromisoformat, help="day she leaves, YYYY-MM-DD"
        )
        parser.add_argument("--to", default="KYIV", help="where to (default KYIV); from KYIV to a city: the way back")
        parser.add_argument("--people", type=int, default=1, help="how many travel (default 1)")
        parser.add_argument("--nationality", default="RU", help="of the travellers: RU, BY, UA ... (default RU)")
        parser.add_argument("--step-free", action="store_true", help="only where nobody climbs")
        parser.add_argument(
            "--close", action="append", default=[], metavar="CODE",
            help="as if this were closed: a place, a leg, country:XX or air:XX; may be repeated",
        )  # fmt: skip
        parser.add_argument("--house", action="store_true", help="the network and closures of this house's database")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, origin: str, on: date, **options: Any) -> None:
        """Plan."""
        if options["house"]:
            network = networks.current()
            closures = list(networks.standing())
        else:
            document = networks.shipped()
            network, closures = network_from(document), networks.closures_of(document)
        closures += [_as_if(network, code) for code in options["close"]]
        network = network.with_closures(closures)
        start, goal = _place(network, origin), _place(network, options["to"])
        wanted = Wanted(
            party=options["people"], nationality=options["nationality"].upper(), step_free=options["step_free"]
        )
        answer = plan(network, start, goal, day_number(on), wanted)
        if options["json"]:
            self.stdout.write(json.dumps(telling.as_json(network, answer), ensure_ascii=False, indent=1))
        else:
            for line in telling.lines(network, answer):
                self.stdout.write(line)
        if not answer.ways:
            raise SystemExit(1)


def _place(network: Network, said: str) -> str:
    for place in network.places.values():
        if said.casefold() in (place.code.casefold(), *(name.casefold() for name in place.names.values())):
            return place.code
    raise CommandError(f"no place is called {said}; codes are listed by: homeward network places")


def _as_if(network: Network, said: str) -> Closure:
    code = said.upper()
    what = said if ":" in said else f"place:{code}" if code in network.places else f"leg:{code}"
    kind, _colon, name = what.partition(":")
    known = {"place": set(network.places), "leg": set(network.legs)}.get(kind)
    if kind not in ("place", "leg", "country", "air") or (known is not None and name not in known):
        raise CommandError(f"nothing is called {said}")
    since = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp() // 60)
    return Closure(what, since, None, "closed for this question", "--close")


__all__ = ["FAR", "Command"]
