"""The shared body of `homeward import-register` and `homeward import-enquiries`."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from homeward.intake import actions, queries
from homeward.intake.models import Batch, Source
from homeward.intake.reading import LARGEST_TEXT
from homeward.intake.refusals import ROW_REASONS
from homeward.intake.target import target_called
from homeward.intake.values import doubt_sentence
from homeward.lib.refusals import Refusal


class ImportCommand(BaseCommand):
    """A command says which target it fills and how its option for the source is called."""

    target: ClassVar[str]
    source_option: ClassVar[str] = "--source"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(self.source_option, dest="source", required=True, help="who sent the list")
        parser.add_argument("--sheet", help="the sheet to take; default: the one that looks most like a list of people")
        parser.add_argument("--header-row", type=int, help="the row of the header; 0 if there is none")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="header or number of a column, and its field",
        )
        if target_called(self.target).silences:
            parser.add_argument(
                "--silence",
                choices=list(target_called(self.target).silences),
                default="",
                help="what rows mean that say no state; default: as last said of this source, else the first",
            )
        parser.add_argument("--dry-run", action="store_true", help="say what would become of the rows, change nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask before the rows come in")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self._console = Console(stderr=True)
        try:
            summary = self._work(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
        else:
            self.stdout.write("  ".join(f"{name} {value}" for name, value in summary.items()))

    def _work(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        began = time.monotonic()
        source = actions.source_called(options["source"], target=self.target, by=None)
        batch = self._batch(path, source)
        if batch.state == Batch.State.LOOKED_AT:
            self._prepare(batch, source, options)
        self._tell(batch)
        if options["dry_run"]:
            looked = queries.dry_run(batch, most=None)
            for name in ("rejected", "doubtful"):
                for row in looked.examples[name]:
                    words = [self._reason(row.reason)] if row.reason else []
                    words += [doubt_sentence(code) for code in (*row.doubts.values(), *row.row_doubts)]
                    self._console.print(f"row {row.number}: {name}: {' '.join(words)}", highlight=False, markup=False)
            if looked.silent:
                means = str(target_called(self.target).silences[batch.silence])
                self._console.print(f"{looked.silent:,} rows say no state: they come in as {means}", highlight=False)
            silent = {"silent": looked.silent, "silence": batch.silence} if batch.silence else {}
            return {"batch": batch.reference, "state": "dry-run", "rows": looked.looked_at} | looked.counts | silent
        if not options["yes"] and batch.state == Batch.State.LOOKED_AT:
            if not sys.stdin.isatty():
                raise CommandError("say --yes to let the rows come in")
            if input("Let these rows come in? [y/N] ").strip().lower() not in ("y", "yes"):
                raise CommandError("nothing came in")
        if batch.state != Batch.State.RUNNING:
            batch = actions.start(batch, by=None, in_background=False)
        with self._bar(batch) as progress:
            batch = actions.run(batch, progress=progress)
        if batch.state == Batch.State.STOPPED and batch.refusal:
            raise CommandError(f"broken off at row {batch.next_row}: {batch.refusal}; run the command again to go on")
        return batch.as_counts() | {"seconds": round(time.monotonic() - began, 1)}

    def _batch(self, path: Path, source: Source) -> Batch:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
            earlier = actions.unfinished(digest.hexdigest(), source)
            if earlier is not None:
                return earlier
            file.seek(0)
            pieces = iter(lambda: file.read(1 << 20), b"")
            return actions.receive(pieces, path.name, target=self.target, by=None, source=source, largest=LARGEST_TEXT)

    def _prepare(self, batch: Batch, source: Source, options: dict[str, Any]) -> None:
        if options["sheet"] or options["header_row"] is not None:
            sheet = options["sheet"] or batch.sheet or ""
            actions.take_another_sheet(batch, sheet=sheet, header_row=options["header_row"], by=None)
        columns = list(batch.columns)
        header = [cell.strip() for cell in queries.header_of(batch)]
        known = {field.code for field in target_called(self.target).fields}
        for pair in options["map"]:
            column, _sign, field = pair.rpartition("=")
            if field and field not in known:
                raise CommandError(f"--map {pair}: fields are {', '.join(sorted(known))}")
            if column.strip() in header:
                index = header.index(column.strip())
            elif column.isdigit() and 1 <= int(column) <= len(columns):
                index = int(column) - 1
            else:
                raise CommandError(f"--map {pair}: no such column")
            columns = ["" if code == field else code for code in columns]
            columns[index] = field
        actions.confirm_columns(batch, columns, source=source, silence=options.get("silence", ""), by=None)

    def _tell(self, batch: Batch) -> None:
        labels = {field.code: str(field.label) for field in target_called(self.target).fields}
        header = queries.header_of(batch)
        shown = [
            f"{header[index].strip() if index < len(header) else index + 1} = {labels.get(code, '-')}"
            for index, code in enumerate(batch.columns)
        ]
        self._console.print(
            f"{batch.form} {(batch.look or {}).get('encoding', '')}, {batch.rows_total:,} rows, "
            f"header in row {batch.header_row}: " + "; ".join(shown),
            highlight=False,
            markup=False,
        )

    def _reason(self, code: str) -> str:
        return str(target_called(self.target).reasons.get(code) or ROW_REASONS.get(code, code))

    @contextlib.contextmanager
    def _bar(self, batch: Batch) -> Iterator[Any]:
        columns = (TextColumn("rows coming in"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task("", total=batch.rows_total, completed=batch.rows_done)
            yield lambda batch: bar.update(task, completed=batch.rows_done)
