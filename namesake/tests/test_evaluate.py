"""The measures are what their definitions say, on answers small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pytest

from namesake.diagram import reliability_diagram
from namesake.evaluate import ABSENT, DEEPEST, Answers, calibration_error, judge, reliability


def answers(*rows: tuple[int, list[tuple[int, float]]]) -> Answers:
    keys = np.full((len(rows), DEEPEST), ABSENT, np.int64)
    probabilities = np.zeros((len(rows), DEEPEST))
    for row, (_, found) in enumerate(rows):
        for place, (key, probability) in enumerate(found):
            keys[row, place], probabilities[row, place] = key, probability
    return Answers(np.array([row[0] for row in rows]), keys, probabilities, np.full(len(rows), 0.002))


def test_recall_and_mean_reciprocal_rank() -> None:
    figures = judge(answers((1, [(1, 0.9)]), (2, [(5, 0.6), (2, 0.4)]), (3, []), (ABSENT, [(1, 0.1)])))

    assert figures.answerable == 3
    assert figures.recall[1] == pytest.approx(1 / 3)
    assert figures.recall[10] == pytest.approx(2 / 3)
    assert figures.mrr == pytest.approx(0.5)
    assert figures.p50_ms == pytest.approx(2.0)


def test_confirmation_keeps_within_the_false_ones_allowed() -> None:
    absent = [(ABSENT, [(9, n / 1000)]) for n in range(200)]  # one in a hundred may pass: two, those above 0.197
    asked = [(1, [(1, 0.1975)]), (2, [(2, 0.19)]), (3, [(4, 0.5)]), (5, [(5, 0.99)])]

    at_one_percent, at_a_half, at_a_tenth = judge(answers(*asked, *absent)).confirmed

    assert (at_one_percent.right, at_one_percent.wrong) == (0.5, 0.25)
    assert (at_a_half.right, at_a_half.wrong) == (0.25, 0.25)  # one may pass: those above 0.198
    assert (at_a_tenth.right, at_a_tenth.wrong) == (0.25, 0.25)


def test_the_best_f1_is_over_all_limits_and_never_cuts_a_tie() -> None:
    figures = judge(answers((1, [(1, 0.9)]), (2, [(2, 0.8)]), (3, [(9, 0.8)]), (ABSENT, [(4, 0.1)])))

    assert figures.best_precision == pytest.approx(2 / 3)
    assert figures.best_f1 == pytest.approx(2 / 3)
    assert figures.recall_at_precision[0.99] == pytest.approx(1 / 3)


def test_the_calibration_error_is_nought_for_honest_probabilities() -> None:
    probability = np.full(100, 0.75)
    right = np.arange(100) < 75

    assert calibration_error(reliability(probability, right)) == pytest.approx(0.0)
    assert calibration_error(reliability(probability, np.ones(100, np.bool_))) == pytest.approx(0.25)


def test_the_diagram_shows_every_bin_with_candidates() -> None:
    bins = reliability(np.array([0.1, 0.5, 1.0]), np.array([False, True, True]))

    drawn = reliability_diagram(bins, "A < B")

    assert drawn.count("<circle") == 3
    assert "A &lt; B" in drawn
