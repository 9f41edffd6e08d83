"""What is learnt: from answers, and without them; more agreement is never worth less."""

from __future__ import annotations

import random

import pytest

from namesake import Index, Person
from namesake.learn import learn, learn_unlabelled
from namesake.weights import Weights

STEMS = (
    "Щерб",
    "Ткач",
    "Гус",
    "Лебед",
    "Кова",
    "Мельн",
    "Бойк",
    "Орл",
    "Волк",
    "Зайц",
    "Жук",
    "Дуб",
    "Рыб",
    "Мороз",
    "Громык",
)
SURNAMES = [stem + ending for stem in STEMS for ending in ("енко", "ов", "ович", "анский", "юк", "ак", "ицын")]
GIVEN = ["Остап", "Сергей", "Николай", "Пётр", "Олег", "Андрей", "Павел", "Юрий"]


def register_and_enquiries() -> tuple[Index, list[Person], list[int | None]]:
    draw = random.Random(5)
    recorded = [
        Person(
            surname=draw.choice(SURNAMES), given=draw.choice(GIVEN),
            born=f"{draw.randrange(1970, 2000)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
        )
        for _ in range(1500)
    ]  # fmt: skip
    index = Index()
    index.add_many(enumerate(recorded[:750]))
    index.settle()
    asked: list[Person] = []
    answers: list[int | None] = []
    for key in draw.sample(range(1500), 300):
        him = recorded[key]
        # Every tenth date is wrong throughout.
        born = him.born if draw.random() < 0.9 else "1965-01-31"
        asked.append(Person(surname=him.surname, given=him.given, born=born))
        answers.append(key if key < 750 else None)
    return index, asked, answers


@pytest.fixture(scope="module")
def learnt() -> tuple[Index, Weights, Weights]:
    index, asked, answers = register_and_enquiries()
    return (
        index,
        learn(index, asked, answers, origin="invented", rounds=60),
        learn_unlabelled(index, asked, origin="EM"),
    )


def test_without_answers_nearly_the_same_is_learnt(learnt: tuple[Index, Weights, Weights]) -> None:
    index, _, unlabelled = learnt

    # Half of those asked about are in the register, and nobody said so; one in ten of them has a date that is no help,
    # and with nothing but a name he cannot be told from somebody who is absent. The search began with four in five.
    assert index.weights.present == 0.8
    assert unlabelled.present == pytest.approx(0.475, abs=0.06)
    assert unlabelled.origin["learnt"] == "EM"


@pytest.mark.parametrize("manner", [1, 2])
def test_more_agreement_is_never_worth_less(learnt: tuple[Index, Weights, Weights], manner: int) -> None:
    weights: Weights = learnt[manner]  # type: ignore[assignment]
    for trait in ("surname", "given", "patronymic", "birthplace"):
        falling = [
            weights.bits[trait][level] for level in ("same", "within 0.5", "within 0.9", "within 1.4", "different")
        ]
        assert falling == sorted(falling, reverse=True)
        steeper = [weights.rarity[trait][level] for level in ("same", "within 0.3", "within 2.6")]
        assert steeper == sorted(steeper, reverse=True)


def test_what_was_learnt_is_read_back(learnt: tuple[Index, Weights, Weights], tmp_path) -> None:
    for weights in learnt[1:]:
        weights.save(tmp_path / "weights.json")
        assert Weights.load(tmp_path / "weights.json") == weights
