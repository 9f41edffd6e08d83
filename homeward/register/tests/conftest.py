"""What all tests of this room stand on."""

from typing import Any

import pytest

from homeward.matching.testing import in_process_matcher  # noqa: F401


@pytest.fixture(autouse=True)
def _in_training(settings: Any) -> None:
    settings.TRAINING = True  # no second factor to set up first
