"""`homeward export-matches OUT.csv`: the potential matches with the lists' own numbers, for checking and statistics."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from homeward.register.queries import own_numbers
from homeward.tracing.models import MatchState, PotentialMatch


class Command(BaseCommand):
    """Write one line a pair: enquiry, entry, rank, bits, probability. No name leaves."""

    help = (
        "Writes potential matches as CSV: enquiry, entry, rank, bits, probability (the files' own numbers, no names)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many an enquiry."""
        parser.add_argument("out", type=Path)
        parser.add_argument("--top", type=int, default=10, help="candidates for each enquiry (default 10)")

    def handle(self, *args: Any, out: Path, top: int, **options: Any) -> None:
        """Stream the pairs in the order of the enquiries."""
        matches = (
            PotentialMatch.objects.filter(state__in=[MatchState.POTENTIAL, MatchState.CONFIRMED], rank__lte=top)
            .order_by("enquiry_id", "rank")
            .values_list(
                "enquiry__partner_number", "enquiry__reference", "entry_id", "entry__reference", "rank", "bits",
                "probability",
            )
        )  # fmt: skip
        with out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["enquiry", "entry", "rank", "bits", "probability"])
            page: list[tuple[Any, ...]] = []
            for row in matches.iterator(chunk_size=5000):
                page.append(row)
                if len(page) == 5000:
                    _write(writer, page)
                    page = []
            _write(writer, page)


def _write(writer: Any, page: list[tuple[Any, ...]]) -> None:
    numbers = own_numbers([row[2] for row in page])
    for own, reference, entry, entry_reference, rank, bits, probability in page:
        writer.writerow(
            [own or reference, numbers.get(entry) or entry_reference, rank, f"{bits:.4f}", f"{probability:.6f}"]
        )
