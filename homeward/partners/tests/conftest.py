import pytest

from homeward.matching.testing import in_process_matcher
from homeward.partners import api
from homeward.partners.rates import Buckets

__all__ = ["in_process_matcher"]


@pytest.fixture(autouse=True)
def _full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "BUCKETS", Buckets())
    monkeypatch.setattr("homeward.partners.rates.BURST", 10_000)
