"""Posts what waits for Telegram, as fast as its limits let us; driven step by step, so that tests give the time."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence

from homeward.channels import carrying
from homeward.channels.carrying import Channel
from homeward.channels.telegram.line import Line
from homeward.channels.telegram.pace import Pace
from homeward.contact import posting
from homeward.contact.models import Posting
from homeward.work.leases import worker_name

log = logging.getLogger("homeward.contact.telegram")
# The number Telegram gave the message, or why it has none.
Outcome = str | carrying.Undelivered
_STEP, _IDLE = 0.2, 0.5
_LONGEST_PAUSE = 60.0
_RECOVER_EVERY = 30.0


class Sender:
    """Claims, hands over, writes down what became of it.

    When the line is down nothing is risked on it: until Telegram answers a question that does no harm, no text is begun.
    Only the wire runs in the loop; the database is spoken to outside it.
    """

    def __init__(
        self, line: Line, loop: asyncio.AbstractEventLoop, now: Callable[[], float], *, name: str = ""
    ) -> None:
        self.line, self.loop, self.now = line, loop, now
        self.name = name or worker_name("#telegram")
        self.pace = Pace(now)
        self._probe_at: float | None = 0.0  # asked before the first text
        self._fails = 0
        self._is_trusted = False  # until a text came through, only one at a time is risked
        self._recovered_at = now() - _RECOVER_EVERY

    def step(self) -> float:
        """Do what may be done now; the seconds after which to come again."""
        if self.now() - self._recovered_at >= _RECOVER_EVERY:
            self._recovered_at = self.now()
            posting.recover(Channel.TELEGRAM)
        if self._probe_at is not None:
            if self.now() < self._probe_at:
                return self._probe_at - self.now()
            if not self.loop.run_until_complete(self.line.is_up()):
                return self._line_is_down()
            self._probe_at = None
        most = self.pace.may_go()
        if not most:
            return max(self.pace.silent_for, _STEP)
        if not self._is_trusted:
            most = 1
        begun = posting.claim(Channel.TELEGRAM, self.name, most=most, no_texts_to=self.pace.busy_chats())
        if not begun:
            return _IDLE
        for one in begun:
            self.pace.went(bytes(one.address_index) if one.method == Posting.Method.SEND else None)
        contents = [self._resolved(one) for one in begun]
        for one, outcome in zip(begun, self.loop.run_until_complete(self._hand_over(begun, contents)), strict=True):
            self._write_down(one, outcome)
        return 0.0 if self._probe_at is not None or self.pace.may_go() else _STEP

    def _line_is_down(self) -> float:
        self._fails += 1
        self._is_trusted = False
        pause = min(_LONGEST_PAUSE, 2.0**self._fails) * random.uniform(0.5, 1)
        self._probe_at = self.now() + pause
        return pause

    async def _hand_over(self, begun: Sequence[Posting], contents: Sequence[Mapping[str, object]]) -> list[Outcome]:
        return list(
            await asyncio.gather(*(self._one(one.method, what) for one, what in zip(begun, contents, strict=True)))
        )

    async def _one(self, method: str, content: Mapping[str, object]) -> Outcome:
        try:
            return await self.line.do(method, content)
        except carrying.Undelivered as outcome:
            return outcome

    def _write_down(self, one: Posting, outcome: Outcome) -> None:
        if isinstance(outcome, str):
            posting.carried(one, outcome)
            self._is_trusted, self._fails = True, 0
            return
        if outcome.wait is not None:
            self.pace.be_silent(outcome.wait)
        if isinstance(outcome, (carrying.LineDown, carrying.Unclear)) and self._probe_at is None:
            log.warning("Telegram does not answer (%s); asking until it does", outcome.code)
            self._line_is_down()
        posting.not_carried(one, outcome)

    @staticmethod
    def _resolved(one: Posting) -> dict[str, object]:
        """The content with the numbers of our own messages, which are known only once they were sent."""
        content = dict(one.content)
        ours = content.pop("ours", None)
        if ours:
            numbers = Posting.objects.filter(pk__in=ours).exclude(external_id="").values_list("external_id", flat=True)
            content["messages"] = [*content.get("messages", []), *(int(number) for number in numbers)]
        return content
