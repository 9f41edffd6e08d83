"""Fixtures of this room's tests."""

from homeward.matching.testing import in_process_matcher

__all__ = ["in_process_matcher"]
