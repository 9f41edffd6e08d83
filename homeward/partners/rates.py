"""How often each partner may ask: a bucket for each, in the memory of the process, so that one cannot take another's turn."""

import math
import threading
import time

BURST = 20


class Buckets:
    """One bucket a partner: filled at its own rate, emptied by its own requests."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, partner: int, *, a_minute: int) -> int:
        """0 if this request may pass; else after how many seconds the next one may."""
        rate = max(a_minute, 1) / 60
        with self._lock:
            moment = time.monotonic()
            level, at = self._held.get(partner, (float(BURST), moment))
            level = min(float(BURST), level + (moment - at) * rate)
            if level < 1:
                self._held[partner] = (level, moment)
                return max(1, math.ceil((1 - level) / rate))
            self._held[partner] = (level - 1, moment)
            return 0
