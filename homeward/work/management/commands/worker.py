"""`homeward worker`: does the background work."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from homeward.work.worker import Worker


class Command(BaseCommand):
    """Runs jobs and followers until it is told to end."""

    help = "Do the background work: jobs from the database, and the functions that follow its changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="end when nothing is left to do")
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
        worker.run(until_idle=options["until_idle"])

    @staticmethod
    def _end(worker: Worker) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        worker.end()
