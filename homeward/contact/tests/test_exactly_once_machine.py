"""A state machine of updates that come twice and out of order, and of processes that die anywhere between inbox and wire.

`./dev bench messages` runs 150 examples of it.
"""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from homeward.channels import carrying
from homeward.contact import inbox, posting
from homeward.contact.models import Incoming, Posting
from homeward.lib import clock

CHATS = ["7", "8", "9"]


class Died(BaseException):
    """kill -9, as far as the database can tell: whatever was not committed is gone."""


class Doors(RuleBasedStateMachine):
    """`brought` is what Telegram brought, `wire` what arrived at people, by the text's own number."""

    @initialize()
    def begin(self):
        Posting.objects.all().delete()
        Incoming.objects.all().delete()
        self.moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
        self.brought: set[int] = set()
        self.acted: dict[int, int] = {}
        self.wire: dict[str, int] = {}
        self.process = 1
        self.in_hand: list[Posting] = []

    @property
    def name(self):
        return f"elsewhere:{self.process}:1"

    @rule(number=st.integers(1, 20), times=st.integers(1, 5))
    def an_update_comes(self, number, times):
        self.brought.add(number)
        with clock.freeze(self.moment):
            for _ in range(times):
                new = inbox.New(str(number), number, {"chat": CHATS[number % 3], "text": f"said {number}"})
                inbox.keep("telegram", [new])

    def _act(self, content):
        number = int(content["text"].split()[1])
        posting.say("telegram", content["chat"], {"text": f"answer {number}"})
        return number

    @rule(dies=st.booleans())
    def one_is_handled(self, dies):
        waiting = inbox.next_incoming("telegram")
        if waiting is None:
            return

        def act(content):
            number = self._act(content)
            if dies:
                raise Died
            self.acted[number] = self.acted.get(number, 0) + 1

        with clock.freeze(self.moment):
            try:
                inbox.handle(waiting, act)
            except Died:
                return

    @rule(most=st.integers(1, 4))
    def some_begin(self, most):
        with clock.freeze(self.moment):
            self.in_hand += posting.claim("telegram", self.name, most=most)

    @rule(
        outcome=st.sampled_from(["carried", "later", "unclear and arrived", "unclear and lost", "blocked"]),
        which=st.integers(0, 3),
    )
    def one_goes_over_the_wire(self, outcome, which):
        if not self.in_hand:
            return
        one = self.in_hand.pop(which % len(self.in_hand))
        text = one.content["text"]
        with clock.freeze(self.moment):
            if outcome in ("carried", "unclear and arrived"):
                self.wire[text] = self.wire.get(text, 0) + 1
            if outcome == "carried":
                posting.carried(one, "1")
            elif outcome == "later":
                posting.not_carried(one, carrying.Later("429", wait=3))
            elif outcome == "blocked":
                posting.not_carried(one, carrying.Blocked("403"))
            else:
                posting.not_carried(one, carrying.Unclear("line_broke"))

    @rule(arrived=st.lists(st.booleans(), min_size=4, max_size=4))
    def the_sender_dies(self, arrived):
        """With texts on the wire, some of which arrive after its death."""
        for one, did in zip(self.in_hand, arrived, strict=False):
            if did:
                text = one.content["text"]
                self.wire[text] = self.wire.get(text, 0) + 1
        self.in_hand = []
        self.process += 1
        self.moment += timedelta(minutes=11)
        with clock.freeze(self.moment):
            posting.recover("telegram")

    @rule(seconds=st.integers(1, 30))
    def time_passes(self, seconds):
        self.moment += timedelta(seconds=seconds)

    @invariant()
    def nothing_arrives_twice(self):
        assert all(times == 1 for times in self.wire.values()), self.wire

    @invariant()
    def each_update_is_acted_on_once(self):
        assert all(times == 1 for times in self.acted.values())
        assert Incoming.objects.count() == len(self.brought)
        assert Posting.objects.count() == len(self.acted)

    def teardown(self):
        """In the end a process that lives does all that is left, and nothing is silently not sent."""
        self.process += 1
        self.in_hand = []
        self.moment += timedelta(minutes=11)
        with clock.freeze(self.moment):
            posting.recover("telegram")
            while (waiting := inbox.next_incoming("telegram")) is not None:
                inbox.handle(waiting, lambda content: self.acted.update({self._act(content): 1}))
        for _ in range(100):
            self.moment += timedelta(seconds=5)
            with clock.freeze(self.moment):
                begun = posting.claim("telegram", self.name, most=10)
                for one in begun:
                    text = one.content["text"]
                    self.wire[text] = self.wire.get(text, 0) + 1
                    posting.carried(one, "1")
            if not begun:
                break
        self.nothing_arrives_twice()
        self.each_update_is_acted_on_once()
        assert set(self.acted) == self.brought
        ended = list(Posting.objects.values_list("state", flat=True))
        assert set(ended) <= {"done", "unsure", "failed"}
        assert ended.count("done") <= len(self.wire) <= ended.count("done") + ended.count("unsure")


@pytest.mark.django_db
@pytest.mark.both_databases
def test_each_update_is_answered_once_whatever_dies():
    run_state_machine_as_test(
        Doors,
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES", "25")),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
