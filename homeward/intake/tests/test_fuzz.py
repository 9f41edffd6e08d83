"""Broken lists are refused whole or come in whole. Three hundred here; ten thousand in `bench/fuzz_lists.py`."""

import pytest

from bench.fuzz_lists import fuzz


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [11, 12])
def test_mutated_lists_crash_nothing_and_lose_no_row(seed: int) -> None:
    tally = fuzz(150, seed)

    assert tally.faults == []
    assert tally.rows > 500
