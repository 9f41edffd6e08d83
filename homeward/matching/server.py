"""Answers questions at the unix socket."""

import logging
import os
import socketserver
import threading
from pathlib import Path
from typing import Any

from homeward.matching import protocol
from homeward.matching.memory import Memory

log = logging.getLogger("homeward.matcher")


class Answerer:
    """Turns a question into an answer."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """{"ok": ...}, or {"no": "loading" | "behind" | "not understood"}."""
        word = question.get("ask")
        memory = self.memory
        if word == "status":
            sizes = {code: half.rows for code, half in memory.halves.items()}
            return {"ok": {"loaded": memory.loaded, "applied": memory.applied, "sizes": sizes}}
        if not memory.loaded:
            return {"no": "loading"}
        at_least = question.get("at_least") or 0
        if at_least > memory.applied and not memory.wait_for(at_least):
            return {"no": "behind"}
        code = question.get("side")
        if code not in memory.halves:
            return {"no": "not understood"}
        if word == "search":
            found = memory.search(code, protocol.person_in(question["person"]), int(question["limit"]))
            return {"ok": {"found": found, "size": memory.halves[code].rows, "as_of": memory.applied}}
        if word == "search_many":
            persons = [protocol.person_in(each) for each in question["persons"]]
            found_many = memory.search_many(code, persons, int(question["limit"]))
            return {"ok": {"found": found_many, "size": memory.halves[code].rows, "as_of": memory.applied}}
        if word == "compare":
            pairs = [(protocol.person_in(left), protocol.person_in(right)) for left, right in question["pairs"]]
            return {"ok": [protocol.comparison_out(memory.compare(code, left, right)) for left, right in pairs]}
        if word == "frequency":
            return {"ok": memory.frequency(code, **question["names"])}
        return {"no": "not understood"}


class _Line(socketserver.BaseRequestHandler):
    """One client's connection; it may ask any number of questions."""

    server: "Server"

    def handle(self) -> None:
        self.server.connections.add(self.request)
        try:
            while (question := protocol.receive(self.request)) is not None:
                protocol.send(self.request, self._answer(question))
        except (protocol.Broken, OSError):
            return
        finally:
            self.server.connections.discard(self.request)

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.server.answerer.answer(question)
        except (KeyError, TypeError, ValueError) as fault:
            # A question that is not well formed; its content is not repeated, it may hold names.
            log.error("a question of kind %r could not be answered: %s", question.get("ask"), type(fault).__name__)
            return {"no": "not understood"}


class Server(socketserver.ThreadingUnixStreamServer):
    """The socket: readable by the house's own user only."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, path: Path, memory: Memory) -> None:
        self.answerer = Answerer(memory)
        self.connections: set[Any] = set()
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Line)
        finally:
            os.umask(before)

    def serve_in_background(self) -> threading.Thread:
        """Answer in a thread of its own while the caller follows the change log."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        return thread
