"""Telegram's limits: so many messages a second in all, one a second to a chat. Time is given, so tests need not wait."""

from collections.abc import Callable

# Telegram names 30 a second; we stay below.
A_SECOND = 25.0
_AT_ONCE = 5.0
_A_CHAT = 1.0


class Pace:
    """How many may go now, and to which chats not yet."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._left, self._counted_at = _AT_ONCE, now()
        self._last_to: dict[bytes, float] = {}
        self._silent_until = 0.0

    def may_go(self) -> int:
        """How many may go at this moment."""
        moment = self._now()
        if moment < self._silent_until:
            return 0
        self._left = min(_AT_ONCE, self._left + (moment - self._counted_at) * A_SECOND)
        self._counted_at = moment
        return int(self._left + 1e-9)

    def busy_chats(self) -> list[bytes]:
        """Chats that got something less than a second ago."""
        moment = self._now()
        self._last_to = {chat: at for chat, at in self._last_to.items() if moment - at < _A_CHAT - 1e-9}
        return list(self._last_to)

    def went(self, chat: bytes | None) -> None:
        """Something goes now; a text to this chat, or, with None, what the limit of a chat does not count."""
        self._left -= 1
        if chat is not None:
            self._last_to[chat] = self._now()

    def be_silent(self, seconds: float) -> None:
        """Telegram asks us to wait: nothing at all goes until then."""
        self._silent_until = max(self._silent_until, self._now() + seconds)

    @property
    def silent_for(self) -> float:
        """Seconds of silence left."""
        return max(0.0, self._silent_until - self._now())
