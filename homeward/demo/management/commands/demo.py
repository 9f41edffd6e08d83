"""`homeward demo load`: the invented scenario; `homeward demo staff`: only its staff."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from homeward.access.models import Staff
from homeward.demo import loading, sign_ins, way_home


class Command(BaseCommand):
    """Safe to run again, also after it was killed."""

    help = (
        "Loads the invented scenario (load), or only the staff who work in it (staff); "
        "drives returns from the first wish to the receipt (returns)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to load."""
        parser.add_argument("what", choices=["load", "staff", "returns"])
        parser.add_argument("--count", type=int, default=240, help="returns to drive (returns)")

    def handle(self, *args: Any, what: str, count: int, **options: Any) -> None:
        """Load what is missing."""
        self._only_in_training()
        if what == "staff":
            loading.make_staff(lambda done, whole: None)
            return
        if what == "returns":
            self._drive_returns(count)
            return
        if loading.is_loaded():
            self.stderr.write("The scenario is loaded already.")
            return
        console = Console(stderr=True)
        looks = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*looks, console=console) as bar:
            for title, work in loading.steps():
                line = bar.add_task(title, total=None)
                try:
                    work(lambda done, whole, line=line: bar.update(line, completed=done, total=whole))  # type: ignore[misc]
                except loading.MatcherNeeded:
                    raise CommandError(
                        "The matcher does not answer. Start it (homeward matcher) and run this again: it goes on."
                    ) from None
                total = bar.tasks[line].total or 1
                bar.update(line, completed=total, total=total)
        loading.mark_loaded()
        if options["verbosity"] > 1:
            for text in sign_ins.lines():
                console.print(text, highlight=False)

    def _drive_returns(self, count: int) -> None:
        """So many men more, sought and found, and each brought home."""
        began = time.monotonic()
        loading.make_staff(lambda done, whole: None)
        console = Console(stderr=True)
        looks = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*looks, console=console) as bar:
            pairs = way_home.new_pairs(count)
            line = bar.add_task("Matching", total=None)
            try:
                loading.match_everything(lambda done, whole: bar.update(line, completed=done, total=whole))
            except loading.MatcherNeeded:
                raise CommandError(
                    "The matcher does not answer. Start the house (homeward run) and try again."
                ) from None
            way_home.confirm(pairs)
            line = bar.add_task("On their way home", total=count)
            arrived = way_home.drive_all(pairs, lambda done, whole: bar.update(line, completed=done))
        self.stdout.write(f"{arrived} of {count} handed over, in {time.monotonic() - began:.0f} s")
        if arrived != count:
            raise CommandError("Not all arrived.")

    def _only_in_training(self) -> None:
        if settings.PRODUCTION:
            raise CommandError("The invented scenario is never loaded into production.")
        if loading.is_training_folder():
            return
        if Staff.objects.exists():
            raise CommandError("This data folder is in use without the scenario. Name another one with HOMEWARD_HOME.")
        loading.mark_training_folder()
