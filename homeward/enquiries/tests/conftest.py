"""Fixtures of this room's tests."""

import hashlib

import pytest

from homeward.matching.testing import in_process_matcher

__all__ = ["in_process_matcher"]


@pytest.fixture
def quick_derivation(monkeypatch):
    """Passphrases derived in no time, where not the derivation is looked at."""
    from homeward.enquiries import passphrases

    def derive(secret: str, salt: bytes) -> bytes:
        return hashlib.sha256(salt + secret.encode()).digest()

    monkeypatch.setattr(passphrases, "derive", derive)
