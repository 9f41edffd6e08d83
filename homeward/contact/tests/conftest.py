"""Fixtures of this room's tests."""

from collections.abc import Iterator

import pytest

from homeward.channels import configured
from homeward.contact import jobs


@pytest.fixture
def all_channels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Telegram, text message and e-mail can leave the house."""
    monkeypatch.setattr(configured, "available", lambda: frozenset({"telegram", "sms", "email"}))
    jobs._silent.clear()
    jobs._looked_at.clear()
    yield
    jobs._silent.clear()
    jobs._looked_at.clear()
