"""`homeward signer`: the process that holds the signing keys and answers at a unix socket."""

import json
import logging
import os
import signal
import socketserver
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from homeward.lib import keys
from homeward.signer import client, keyring

log = logging.getLogger("homeward.signer")
LONGEST_QUESTION = 2_000_000


class _Line(socketserver.StreamRequestHandler):
    """One question, one answer."""

    timeout = 15

    def handle(self) -> None:
        question: dict[str, Any] = {}
        try:
            question = json.loads(self.rfile.readline(LONGEST_QUESTION))
            said = client.answer(question)
        except Exception as fault:
            # The content is not repeated: it may name somebody.
            log.error("a question could not be answered: %s", type(fault).__name__)
            said = {"no": "fault"}
        finally:
            close_old_connections()
        if "no" in said:
            log.warning("refused to sign (%s %s)", said["no"], said.pop("why", ""))
        self.wfile.write(json.dumps(said).encode() + b"\n")


class Server(socketserver.UnixStreamServer):
    """The socket: for the house's own group. One question after the other, for the numbers of lists follow each other."""

    request_queue_size = 32

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        before = os.umask(0o117)
        try:
            super().__init__(str(path), _Line)
        finally:
            os.umask(before)


class Command(BaseCommand):
    """Run until told to stop."""

    help = "Holds the signing keys and signs what an approved decision covers, at the socket HOMEWARD_SIGNER."

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer."""
        if keyring.is_embedded():
            raise CommandError("HOMEWARD_SIGNER must name the socket to answer at.")
        if not keys.may_hold("signing"):
            raise CommandError("Run it with HOMEWARD_ZONE=signer.")
        keyring.key_set()  # a signer without keys, or with a set its root did not sign, does not start
        path = Path(os.environ["HOMEWARD_SIGNER"])
        server = Server(path)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
        log.info("signing at %s", path)
        server.serve_forever(poll_interval=0.1)
        server.server_close()
        path.unlink(missing_ok=True)
