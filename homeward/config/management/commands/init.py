"""`homeward init`: keyring, database, style sheets; and, where there is none yet, the first administrator."""

import secrets
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from homeward.access.actions import make_account
from homeward.access.models import Staff
from homeward.config.messages import compile_messages
from homeward.lib import keys, paths
from homeward.signer import keyring


class Command(BaseCommand):
    """Safe to run again: it makes only what is missing."""

    help = "Creates the keyring, the database and the files both sites serve. Makes only what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to make the first administrator."""
        parser.add_argument(
            "--administrator", metavar="NAME", help="make this first administrator if there is no staff"
        )

    def handle(self, *args: Any, administrator: str | None = None, **options: Any) -> None:
        """Make what is missing and say where it is."""
        if keys.make_keyring() and options["verbosity"]:
            self.stdout.write(
                f"The keyring is in {keys.folder()}. Without it nothing here can be read: keep a copy apart."
            )
        if keys.may_hold("signing") and keyring.make() and options["verbosity"]:
            self.stdout.write("The signing key is embedded: passes say TRAINING. For real ones see docs/production.md.")
        compile_messages()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        (paths.home() / "lists").mkdir(mode=0o700, exist_ok=True)
        if administrator and not Staff.objects.exists():
            password = "-".join(secrets.token_hex(2) for _ in range(4))
            make_account(administrator, name=administrator, roles=["administrator"], password=password, by=None)
            self.stdout.write(f"First administrator: {administrator}, password {password} (shown once).")
