"""`homeward import-pfif FILE --partner NAME`: a PFIF document, each person a referral of that partner."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from homeward.enquiries.actions import partner_called
from homeward.lib.refusals import Refusal
from homeward.partners import pfif


class Command(BaseCommand):
    """See `homeward import-pfif --help`."""

    help = "Brings a PFIF document (1.1 to 1.4) in: each person becomes a referral; prints one line a record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--partner", required=True, help="whose list it is")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            report = pfif.bring(content, partner_called(options["partner"]))
        except (OSError, pfif.Unreadable, Refusal) as no:
            raise CommandError(str(no)) from no
        for row in report:
            self.stdout.write(f"{row.record}\t{row.outcome}\t{' '.join(row.faults)}")
        accepted = sum(row.outcome == "accepted" for row in report)
        self.stdout.write(f"{len(report)} records, {accepted} accepted. The worker files them.")
