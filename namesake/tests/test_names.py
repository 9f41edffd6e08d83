"""Pairs of whole names: this pair above that one, these two never the same."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from namesake.names import compare_names, score_pairs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Щербач Сергій Миколайович", "Chtcherbatch Sergueï"),
        ("Иванов Сергей Петрович", "Sergey Petrovich IVANOV"),
        ("Володимир Ковальчук", "Владимир Ковальчук"),
        ("Саша Бондаренко", "Oleksandr Bondarenko"),
        ("Магомедов Ахмед", "Mahomedov, Akhmad"),
        ("Хрущёв", "Khrushchev"),
    ],
)
def test_one_person_written_twice(one: str, other: str) -> None:
    assert compare_names(one, other) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванов Сергей", "Иванов Николай"),
        ("Иванов Сергей", "Петров Сергей"),
        ("Sergey Petrov", "Yevgeny Petrov"),
        ("Бондаренко Олександр", "Klimenko Oleksandr"),
        ("Иванов", "Сидоров"),
    ],
)
def test_two_persons(one: str, other: str) -> None:
    assert compare_names(one, other) < 0


def test_order_and_initials_cost_little() -> None:
    assert compare_names("Иванов Сергей Петрович", "Ivanov S. P.") > compare_names(
        "Иванов Сергей Петрович", "Ivanov N. P."
    )
    assert compare_names("Ковальчук Андрій", "Andriy Kovalchuk") > 0


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
def test_the_order_of_the_two_does_not_matter(one: str, other: str) -> None:
    score = compare_names(one, other)

    assert np.isfinite(score)
    assert score == compare_names(other, one)


def test_many_are_scored_as_each() -> None:
    left = ["Иванов Сергей", "", "Petro\nHryhorenko", "х" * 1000, "Ющенко Віктор"]
    right = ["Sergey Ivanov", "Ivanov", "Петро Григоренко", "kh" * 1000, "Viktor Iouchtchenko"]

    together = score_pairs(left, right)

    assert together.tolist() == [compare_names(a, b) for a, b in zip(left, right, strict=True)]


@pytest.mark.parametrize("piece", ["а", "ab ", "ие", "-", "\u0301", "sch", "\U0001f600 "])
def test_hostile_lengths_stay_cheap(piece: str) -> None:
    compare_names("а", "b")
    text = piece * 20_000

    start = time.process_time()
    compare_names(text, text[1:])

    assert time.process_time() - start < 0.05


def test_lists_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError):
        score_pairs(["a"], [])
    assert score_pairs([], []).size == 0
