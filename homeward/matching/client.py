"""Asking the matcher process."""

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from homeward.lib import paths
from homeward.lib.refusals import Refusal
from homeward.matching import protocol
from homeward.matching.server import Answerer
from namesake import Comparison, Person


class MatcherAway(Refusal):
    """The matcher does not answer: it is starting, or it is not running. Nothing is lost; the search comes later."""

    status = 503


class Found(NamedTuple):
    """A row that resembles the person: its key, the evidence in bits, the probability that it is him."""

    key: int
    bits: float
    probability: float


class Answer(NamedTuple):
    """What was found, among how many rows, as of which line of the change log."""

    found: list[Found]
    size: int
    as_of: int


class Status(NamedTuple):
    """Whether both sides are read, the last change applied, and how many rows each side holds."""

    loaded: bool
    applied: int
    sizes: dict[str, int]


_local = threading.local()
# Set by tests, which ask without a process between.
in_process: Answerer | None = None


@contextmanager
def _connection(seconds: float) -> Iterator[socket.socket]:
    """This thread's connection to the matcher; made anew after a fork or a fault."""
    connection: socket.socket | None = getattr(_local, "connection", None)
    if connection is None or _local.pid != os.getpid() or _local.path != str(paths.matcher_socket()):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        connection.connect(str(paths.matcher_socket()))
        _local.connection, _local.pid, _local.path = connection, os.getpid(), str(paths.matcher_socket())
    connection.settimeout(seconds)
    try:
        yield connection
    except BaseException:
        _local.connection = None
        connection.close()
        raise


def _ask(question: dict[str, Any], seconds: float = 10.0) -> Any:
    answer = in_process.answer(question) if in_process is not None else _ask_process(question, seconds)
    if "ok" in answer:
        return answer["ok"]
    if answer.get("no") == "loading":
        raise MatcherAway(_("The matcher is still reading the lists. Try again in a moment."))
    raise MatcherAway(_("The matcher did not answer. Nothing is lost: the search will be made as soon as it does."))


def _ask_process(question: dict[str, Any], seconds: float) -> dict[str, Any]:
    # Once more on a fresh connection: the matcher may have been started anew since the last question.
    for attempt in (1, 2):
        try:
            with _connection(seconds) as connection:
                protocol.send(connection, question)
                answer = protocol.receive(connection)
                if answer is None:
                    raise protocol.Broken
                return answer
        except (OSError, protocol.Broken) as fault:
            if attempt == 2 or isinstance(fault, TimeoutError):
                break
    raise MatcherAway(_("The matcher is not running. Nothing is lost: the search will be made as soon as it is."))


def search(side: str, person: Person, limit: int = 10, *, at_least: int | None = None) -> Answer:
    """The rows of the side that resemble the person most, at most `limit`. Raises MatcherAway."""
    said = _ask(
        {"ask": "search", "side": side, "person": protocol.person_out(person), "limit": limit, "at_least": at_least}
    )
    return Answer([Found(*each) for each in said["found"]], said["size"], said["as_of"])


def search_many(
    side: str, persons: Sequence[Person], limit: int = 10, *, at_least: int | None = None
) -> list[list[Found]]:
    """The same for many persons at once. Raises MatcherAway."""
    if not persons:
        return []
    question = {
        "ask": "search_many",
        "side": side,
        "persons": [protocol.person_out(person) for person in persons],
        "limit": limit,
        "at_least": at_least,
    }
    return [[Found(*each) for each in found] for found in _ask(question, seconds=120.0)["found"]]


def compare_many(side: str, pairs: Sequence[tuple[Person, Person]]) -> list[Comparison]:
    """Evidence for each pair (sought, recorded), weighed with the name frequencies of the side. Raises MatcherAway."""
    said = [[protocol.person_out(left), protocol.person_out(right)] for left, right in pairs]
    return [protocol.comparison_in(each) for each in _ask({"ask": "compare", "side": side, "pairs": said})]


def compare(sought: Person, recorded: Person) -> Comparison:
    """Evidence field by field, weighed with the name frequencies of the register. Raises MatcherAway."""
    return compare_many("register", [(sought, recorded)])[0]


def frequency(side: str, *, surname: str = "", given: str = "") -> int:
    """How many rows of the side bear the name. Raises MatcherAway."""
    names = {name: value for name, value in (("surname", surname), ("given", given)) if value}
    answer: int = _ask({"ask": "frequency", "side": side, "names": names})
    return answer


def status() -> Status:
    """How far the matcher is. Raises MatcherAway where it is not running."""
    return Status(**_ask({"ask": "status"}))
