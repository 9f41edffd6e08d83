"""Lets strangers in one after the other at a steady pace, so that codes cannot be tried by the million.

Nobody is locked out, for an enemy would lock out mothers: who comes when the queue is full is told when to come again. The
queue is short, because who waits in it holds one of the few threads of the site.
"""

import math
import threading
import time


class Turnstile:
    """A pace, and how long one may wait for one's turn."""

    def __init__(self, *, every: float, longest_wait: float) -> None:
        self.every, self.longest_wait = every, longest_wait
        self._free_at = 0.0
        self._lock = threading.Lock()

    def enter(self) -> int:
        """0 once it was this one's turn; else, at once, after how many seconds to come again."""
        with self._lock:
            moment = time.monotonic()
            turn_at = max(moment, self._free_at)
            wait = turn_at - moment
            if wait > self.longest_wait:
                return max(1, math.ceil(wait))
            self._free_at = turn_at + self.every
        if wait > 0:
            time.sleep(wait)
        return 0
