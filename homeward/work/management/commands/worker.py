"""`homeward worker`: does the background work."""

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from homeward.work.worker import Worker

# A follower that waits so long for another process of the house is helped, when the worker is to work until idle.
_PATIENCE = 1.0


class Helpers:
    """Processes of the house that are not running here but are needed to get idle; they end with the worker."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.missed_since: dict[str, float] = {}
        self.started: dict[str, subprocess.Popen[bytes]] = {}
        self.failed = ""

    def look(self) -> None:
        """Start what has been missing for a while. One that runs elsewhere makes its double end by itself."""
        missing = set(self.worker.waits_for.copy().values())
        for name in list(self.missed_since):
            if name not in missing:
                del self.missed_since[name]
        for name in missing:
            since = self.missed_since.setdefault(name, time.monotonic())
            if name not in self.started and time.monotonic() - since > _PATIENCE:
                environment = {**os.environ, "HOMEWARD_ZONE": name}
                self.started[name] = subprocess.Popen([sys.executable, "-m", "homeward", name], env=environment)
        for name, process in self.started.items():
            if process.poll():
                self.failed = name
                self.worker.end()

    def end(self) -> None:
        """Let them end in order."""
        for process in self.started.values():
            process.terminate()
        for process in self.started.values():
            process.wait()


class Command(BaseCommand):
    """Runs jobs and followers until it is told to end."""

    help = "Do the background work: jobs from the database, and the functions that follow its changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-idle",
            action="store_true",
            help="end when nothing is left to do; a matcher that is needed and not running is started for that time",
        )
        parser.add_argument("--once", action="store_true", help="one round: every follower once, one job")
        parser.add_argument("--threads", type=int, default=2, help="jobs done at the same time (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(threads=options["threads"])
        if options["once"]:
            worker.once()
            return
        # The first signal lets every handler finish its step; the second ends the process as it stands.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda which, frame: self._end(worker))
        if not options["until_idle"]:
            worker.run()
            return
        helpers = Helpers(worker)
        try:
            worker.run(until_idle=True, each_poll=helpers.look)
        finally:
            helpers.end()
        if helpers.failed:
            raise CommandError(f"There is work left that needs `homeward {helpers.failed}`, which does not start.")

    @staticmethod
    def _end(worker: Worker) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        worker.end()
