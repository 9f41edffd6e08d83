"""Few at once, on the whole machine: heavy work passes a gate of file locks, and whoever finds the queue full is turned away.

The locks are the kernel's (`flock`): they hold between processes and threads alike, and go with a process that is killed.
"""

import fcntl
import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from homeward.lib import paths


class GateFull(Exception):
    """So many wait already that waiting would be no service."""


class Gate:
    """At most `at_once` inside, at most `queue` waiting."""

    def __init__(self, name: str, *, at_once: int, queue: int, patience: float = 30.0) -> None:
        self.name, self.at_once, self.queue, self.patience = name, at_once, queue, patience

    @contextmanager
    def passing(self, *, places: int | None = None, look_every: float = 0.005) -> Iterator[None]:
        """Wait for one's turn. With `places`, only the first so many of the queue may be taken. Raises GateFull."""
        # Whoever may use the whole queue begins at its end, so that the first places are left to the others.
        order = range(places) if places is not None else range(self.queue - 1, -1, -1)
        waiting = self._take("queue", list(order))
        if waiting is None:
            raise GateFull
        try:
            inside = self._wait(look_every)
        finally:
            os.close(waiting)
        try:
            yield
        finally:
            os.close(inside)

    @contextmanager
    def passing_when_idle(self) -> Iterator[bool]:
        """Go in only where nobody else would have to wait for it; False where somebody would."""
        inside = self._take("inside", range(self.at_once))
        try:
            yield inside is not None
        finally:
            if inside is not None:
                os.close(inside)

    def _wait(self, look_every: float) -> int:
        until = time.monotonic() + self.patience
        numbers = list(range(self.at_once))
        while True:
            random.shuffle(numbers)
            inside = self._take("inside", numbers)
            if inside is not None:
                return inside
            if time.monotonic() > until:
                raise GateFull
            time.sleep(look_every)

    def _take(self, kind: str, numbers: Sequence[int]) -> int | None:
        folder = paths.home() / "gates"
        for number in numbers:
            # Opened anew each time: a lock belongs to the opening, not to the process, so threads exclude each other too.
            try:
                opened = os.open(folder / f"{self.name}-{kind}-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except FileNotFoundError:
                with suppress(FileExistsError):
                    folder.mkdir(mode=0o700)
                return self._take(kind, numbers)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(opened)
                continue
            return opened
        return None
