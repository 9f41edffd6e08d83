"""Which function does which kind of job, and which functions follow in every round."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.module_loading import autodiscover_modules

from homeward.work.task import Task

Handler = Callable[[Task], None]
Follower = Callable[[], bool]
AnyHandler = TypeVar("AnyHandler", bound=Handler)
AnyFollower = TypeVar("AnyFollower", bound=Follower)

ATTEMPTS = 8


class GiveUp(Exception):
    """Raised by a handler: trying again cannot help, the job is dead at once."""


class NotNow(Exception):
    """Raised by a follower: there is work, but the process of the house that it needs does not answer now."""

    def __init__(self, needs: str) -> None:
        super().__init__(needs)
        self.needs = needs  # the command of the house that starts it


@dataclass(frozen=True, slots=True)
class Handling:
    """A handler and how often it may fail."""

    run: Handler
    attempts: int


HANDLERS: dict[str, Handling] = {}
FOLLOWERS: dict[str, Follower] = {}


def handles(kind: str, *, attempts: int = ATTEMPTS) -> Callable[[AnyHandler], AnyHandler]:
    """This function does the jobs of that kind. Put it in `<room>/jobs.py`."""

    def register(function: AnyHandler) -> AnyHandler:
        HANDLERS[kind] = Handling(function, attempts)
        return function

    return register


def follows(name: str) -> Callable[[AnyFollower], AnyFollower]:
    """This function is called in every round, by one worker at a time; it says whether it did something."""

    def register(function: AnyFollower) -> AnyFollower:
        FOLLOWERS[name] = function
        return function

    return register


def find_all() -> None:
    """Load every room's `jobs.py`."""
    autodiscover_modules("jobs")
