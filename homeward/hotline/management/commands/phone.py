"""`homeward phone`: answers a SIP trunk or telephone exchange."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from homeward.hotline import prompts, spoken
from homeward.hotline.speaking import Speech


class Command(BaseCommand):
    """Answer the telephone."""

    help = "Answers calls that come by SIP: speaks, hears keys, keeps messages, puts through to operators."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where calls come in."""
        parser.add_argument("--listen", default="127.0.0.1:5060", metavar="HOST:PORT", help="where calls come in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGINT or SIGTERM."""
        host, _, port = options["listen"].rpartition(":")
        if not host or not port.isdigit():
            raise CommandError("--listen takes HOST:PORT")
        try:
            from homeward.hotline.telephone import Phone
        except ImportError:
            raise CommandError(
                "the library pjsua2 is not installed: install Homeward with its extra `phone` (Linux, Python 3.11 or 3.12), "
                "or use a hosted provider (docs/runbook.md)"
            ) from None
        try:
            for code, texts in spoken.TEXTS.items():
                for language, words in texts.items():
                    if "{" not in words:
                        prompts.spoken([Speech(code, language, words)])
        except prompts.CannotSpeak as refusal:
            raise CommandError(str(refusal)) from None
        phone = Phone(host, int(port))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: phone.end())
        self.stdout.write(f"The telephone answers at sip:{host}:{port}")
        self.stdout.flush()
        phone.run()
