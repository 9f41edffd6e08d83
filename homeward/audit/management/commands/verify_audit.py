"""`homeward verify-audit`: recomputes the log and names the first fault."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from homeward.audit import verify
from homeward.audit.checkpoints import NoteBroken, Signed, read_note


class Command(BaseCommand):
    """Exit code 0: sound; 1: a fault, named on standard output."""

    help = "Verify the audit log of this house, or an export of one, and name the first fault."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="an export to verify instead of the database")
        parser.add_argument("--export", type=Path, metavar="FILE", help="write the whole log, signed to its end")
        parser.add_argument("--note", action="store_true", help="print the newest signed checkpoint, to file elsewhere")
        parser.add_argument(
            "--filed", type=Path, action="append", default=[], metavar="NOTE", help="a checkpoint that was filed before"
        )
        parser.add_argument("--key", metavar="HEX", help="the house's public key, from another source than the file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            filed = [read_note(path.read_text()) for path in options["filed"]]
            if options["file"] is not None:
                verdict = self._verify_file(options["file"], options["key"], filed)
            else:
                verdict = verify.verify_stored(filed=filed)
        except (OSError, NoteBroken, verify.NotAnExport) as fault:
            raise CommandError(str(fault)) from fault
        self._say(verdict)
        if not verdict.is_sound:
            raise SystemExit(1)
        if options["export"] is not None:
            self._export(options["export"])
        if options["note"]:
            self.stdout.write(verify.newest_note(), ending="")

    def _verify_file(self, path: Path, key: str | None, filed: list[Signed]) -> verify.Verdict:
        log, key_is_the_files_own = verify.read_export(path, public_key=bytes.fromhex(key) if key else None)
        verdict = verify.verify(log, filed=filed, with_keys=key is None and not key_is_the_files_own)
        if key_is_the_files_own:
            verdict.notes.append(
                "The key was taken from the file itself: this shows that the file agrees with itself, not who made it. "
                "Give the house's key with --key."
            )
        return verdict

    def _say(self, verdict: verify.Verdict) -> None:
        if not verdict.is_sound:
            self.stdout.write(f"FAULT at {verdict.fault_at}: {verdict.fault}")
        else:
            self.stdout.write(
                f"Sound: {verdict.size} events, {verdict.checkpoints} signed checkpoints, "
                f"{verdict.unsigned} events since the last; root {verdict.root.hex()}"
            )
            if not verdict.sealed:
                self.stdout.write("The keyed seals were not checked: this process holds no audit key.")
        for note in verdict.notes:
            self.stdout.write(note)

    def _export(self, path: Path) -> None:
        # Written aside and moved into place: a file of that name is always a whole export.
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            written = verify.export(file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        self.stdout.write(f"{written} events written to {path}")
