"""`homeward matcher`: holds both sides in memory and answers at the socket."""

import fcntl
import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

import namesake
from homeward.lib import paths
from homeward.matching import sides
from homeward.matching.memory import Memory
from homeward.matching.server import Server

log = logging.getLogger("homeward.matcher")
_SNAPSHOT_EVERY = 600.0


class Command(BaseCommand):
    """Run until told to stop; then write a snapshot."""

    help = "Holds the index of both sides in memory, follows the change log and answers at a unix socket."

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore or build, then follow."""
        lock = (paths.home() / "matcher.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Two would take the socket from each other.
            log.info("a matcher is running here already")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        memory = Memory(sides.registered())
        server = Server(paths.matcher_socket(), memory)
        server.serve_in_background()
        namesake.warm()
        if not memory.restore():
            memory.build()
        log.info("ready as of change %d", memory.applied)
        saved_at, saved = time.monotonic(), memory.applied
        while not stop.is_set():
            if memory.follow():
                continue
            close_old_connections()
            stop.wait(0.05)
            if time.monotonic() - saved_at > _SNAPSHOT_EVERY and saved != memory.applied:
                memory.save()
                saved_at, saved = time.monotonic(), memory.applied
        server.shutdown()
        if saved != memory.applied:
            memory.save()
        paths.matcher_socket().unlink(missing_ok=True)
