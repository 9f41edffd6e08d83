"""`homeward serve`: the sites, and on one machine the matcher and the worker with them."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from homeward.config.processes import Process, Supervisor, command_process, site_process, telegram_process


def addresses() -> dict[str, str]:
    """Where each site listens: loopback, unless HOMEWARD_BIND says otherwise; a reverse proxy stands before it."""
    host = os.environ.get("HOMEWARD_BIND", "127.0.0.1")
    return {
        "family": f"{host}:{os.environ.get('HOMEWARD_FAMILY_PORT', '8000')}",
        "staff": f"{host}:{os.environ.get('HOMEWARD_STAFF_PORT', '8001')}",
    }


class Command(BaseCommand):
    """Serve one site or both."""

    help = "Serves the family site, the staff site or both; with --all also the matcher, the worker and, where a token is set, Telegram."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which processes."""
        parser.add_argument("--site", choices=["family", "staff", "both"], default="both")
        parser.add_argument("--all", action="store_true", help="start the matcher and the worker too")
        parser.add_argument("--workers", type=int, default=1, help="processes for each site (default 1)")

    def handle(self, *args: Any, site: str, workers: int, **options: Any) -> None:
        """Start, watch, stop."""
        chosen = ["family", "staff"] if site == "both" else [site]
        processes: list[Process] = []
        if options["all"]:
            processes += [command_process("matcher"), command_process("worker"), *telegram_process()]
        where = addresses()
        processes += [site_process(each, where[each], workers) for each in chosen]
        Supervisor(processes, self.stderr.write).run()
