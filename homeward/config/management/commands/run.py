"""`homeward run` (`./dev run`): everything on this machine, with the invented scenario unless told otherwise."""

import socket
import threading
import time
import urllib.request
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from homeward.config.management.commands.serve import addresses
from homeward.config.processes import Process, Supervisor, command_process, site_process, telegram_process
from homeward.lib import paths


class Command(BaseCommand):
    """Set up, load the scenario, start both sites, the matcher and the worker, and say where they are."""

    help = "Starts the whole house on this machine, with an invented scenario (--empty: without)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Without the scenario."""
        parser.add_argument("--empty", action="store_true", help="start without the invented scenario")

    def handle(self, *args: Any, empty: bool = False, **options: Any) -> None:
        """Everything, until Ctrl-C."""
        console = Console(stderr=True)
        where = addresses()
        for site, address in where.items():
            _refuse_if_taken(site, address)
        if not empty and not (paths.home() / "homeward.sqlite3").exists():
            # Said before the first process reads the settings: training stands for the whole life of this data folder.
            (paths.home() / "training").touch()
        console.print("[bold]Homeward[/bold]: preparing keyring and database ...")
        call_command("init", verbosity=0, administrator="administrator" if empty else None)
        supervisor = Supervisor(
            [
                command_process("matcher"),
                command_process("worker"),
                *telegram_process(),
                *(site_process(site, address) for site, address in where.items()),
            ],
            lambda line: console.print(line, style="yellow"),
        )

        def once_started() -> None:
            threading.Thread(target=self._welcome, args=(console, where, supervisor, empty), daemon=True).start()

        supervisor.run(once_started)
        console.print("Stopped.")

    def _welcome(self, console: Console, where: dict[str, str], supervisor: Supervisor, empty: bool) -> None:
        for address in where.values():
            _wait_for(f"http://{address}/healthy")
        training = (paths.home() / "training").exists()
        if training and not empty:
            # In a process of its own: the supervisor only watches.
            load = Process("demo", [*command_process("demo").command, "load"], "command")
            load.start()
            while not supervisor.stopping and load.running is not None and load.running.poll() is None:
                time.sleep(0.2)
            if supervisor.stopping and load.running is not None:
                load.running.terminate()
                return
        console.print(f"\nFamily site  [bold]http://{where['family']}/[/bold]")
        console.print(f"Staff site   [bold]http://{where['staff']}/[/bold]")
        if training:
            from homeward.demo import sign_ins

            for line in sign_ins.lines():
                console.print(line, highlight=False)
        console.print("Ctrl-C stops everything.\n")


def _refuse_if_taken(site: str, address: str) -> None:
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as taken:
            name = f"HOMEWARD_{site.upper()}_PORT"
            raise CommandError(
                f"Port {port} for the {site} site is taken. Choose another: {name}=8100 ./dev run"
            ) from taken


def _wait_for(url: str, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  our own address
                return
        except OSError:
            time.sleep(0.1)
