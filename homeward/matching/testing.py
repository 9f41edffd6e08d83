"""For tests of the rooms above: the matcher without a process of its own."""

from collections.abc import Iterator

import pytest

from homeward.matching import client, sides
from homeward.matching.memory import Memory
from homeward.matching.server import Answerer


class FollowingAnswerer(Answerer):
    """Applies what changed before it answers, as the process does within moments."""

    def answer(self, question: dict) -> dict:  # type: ignore[type-arg]
        """The answer as of now."""
        while self.memory.follow():
            pass
        return super().answer(question)


@pytest.fixture
def in_process_matcher(db: None) -> Iterator[Memory]:
    """The client asks an index in this very process, which follows the test's own transaction."""
    memory = Memory(sides.registered())
    memory.build()
    client.in_process = FollowingAnswerer(memory)
    yield memory
    client.in_process = None
