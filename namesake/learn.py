"""Learning the weights from enquiries whose answer is known, or (EM) from such whose answer is not.

For every enquiry the candidates the present weights find, and "he is not in this register", share one certainty.
The weights are moved so that the right one gets more of it: a listwise likelihood, the same posterior `search`
reports, so what is learnt is calibrated by construction. More agreement may never be worth less: after every step
the bits are put back in order. What the data say little about stays near where it began.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from namesake import encode, kernels
from namesake.index import Index
from namesake.kernels import LEVELS, TRAIT_COUNT
from namesake.person import TRAITS, Person
from namesake.weights import LEVELS_OF, Weights

_LN2 = float(np.log(2.0))
_FAR_FROM = kernels.FIRST_BIN + 5  # names from this bin on have rarity slopes of their own
_LEARNT = (kernels.SURNAME, kernels.GIVEN, kernels.PATRONYMIC, kernels.BORN, kernels.PLACE, kernels.UNIT)
# Along each chain the bits never rise.
_NAME_CHAIN = (kernels.SAME, *range(kernels.FIRST_BIN, kernels.INITIAL_FITS), kernels.DIFFERENT)
_BORN_CHAINS = (
    (kernels.B_SAME, kernels.B_SWAPPED, kernels.B_YEAR_ONLY, kernels.B_OTHER),
    (kernels.B_SAME, kernels.B_YEAR_OFF, kernels.B_YEARS_OFF, kernels.B_OTHER),
    (kernels.B_YEAR_OFF, kernels.B_YEAR_CLOSE, kernels.B_OTHER),
    (kernels.B_SAME, kernels.B_DAY_CLOSE, kernels.B_DAY_OFF, kernels.B_YEAR_ONLY),
    (kernels.B_SAME, kernels.B_OTHER_MONTH, kernels.B_YEAR_ONLY),
    (
        kernels.B_SAME,
        kernels.B_SAME_MONTH,
        kernels.B_SAME_YEAR,
        kernels.B_YEAR_NEAR,
        kernels.B_YEARS_CLOSE,
        kernels.B_OTHER,
    ),
    (kernels.B_SAME_YEAR, kernels.B_ABOUT_SAME, kernels.B_ABOUT_NEAR, kernels.B_YEARS_CLOSE, kernels.B_OTHER),
)


@dataclass(frozen=True, slots=True)
class Observed:
    """Enquiries laid beside their candidates."""

    levels: npt.NDArray[np.int64]  # [enquiry, candidate, trait]; SILENT where silent
    rarity: npt.NDArray[np.float64]  # [enquiry, candidate, trait] bits
    swapped: npt.NDArray[np.bool_]  # [enquiry, candidate]
    present: npt.NDArray[np.bool_]  # [enquiry, candidate] there is such a candidate
    answer: npt.NDArray[
        np.int64
    ]  # [enquiry] place of the right candidate; the number of candidates where there is none


def observe(index: Index, persons: Sequence[Person], answers: Sequence[int | None], candidates: int = 40) -> Observed:
    """Lay each person beside the candidates the index finds; enquiries whose right answer was not found are left out."""
    keys, _, _, rows, swapped, (queries, born, rarities, state) = index._search_bulk(
        [encode.written(person) for person in persons], candidates, 1
    )
    n = len(persons)
    levels = np.full((n, candidates, TRAIT_COUNT), kernels.SILENT, np.int64)
    rarity = np.zeros((n, candidates, TRAIT_COUNT))
    present = keys != np.iinfo(np.int64).min
    places = np.array([0, 1, 2, 2, 3, 4, 5, 2, 6])  # which rarity of the query belongs to which trait
    for i in range(n):
        count = int(present[i].sum())
        if not count:
            continue
        entries = index._entries(state, np.ascontiguousarray(rows[i, :count]))
        bits, found, values = np.zeros((count, 9)), np.zeros((count, 9), np.uint8), np.zeros((count, 9, 2))
        turned = np.ascontiguousarray(swapped[i, :count])
        kernels.explain(
            queries[i], born[i], rarities[i], *state[:7], state.extras, float(state.sizes[0]), index._scales, *entries, turned,
            bits, found, values,
        )  # fmt: skip
        levels[i, :count] = found
        own = np.broadcast_to(rarities[i][places], (count, 9)).copy()
        own[turned == 1, 0], own[turned == 1, 1] = rarities[i][7], rarities[i][8]
        rarity[i, :count] = np.minimum(own, values[:, :, 1])
    answer = np.full(n, candidates, np.int64)
    known = np.ones(n, bool)
    for i, key in enumerate(answers):
        if key is not None:
            places_found = np.flatnonzero(keys[i] == key)
            known[i] = places_found.size > 0
            answer[i] = places_found[0] if places_found.size else candidates
    return Observed(levels[known], rarity[known], swapped[known].astype(bool), present[known], answer[known])


def _in_order(values: npt.NDArray[np.float64], support: npt.NDArray[np.float64], chain: Sequence[int]) -> None:
    """Make the values fall along the chain: neighbours out of order share their mean (weighted by support)."""
    pools: list[list[float]] = []
    for level in chain:
        pools.append([values[level] * (support[level] + 1.0), support[level] + 1.0, 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] < pools[-1][0] / pools[-1][1]:
            last = pools.pop()
            pools[-1] = [pools[-1][0] + last[0], pools[-1][1] + last[1], pools[-1][2] + last[2]]
    at = 0
    for total, weight, size in pools:
        for level in chain[at : at + int(size)]:
            values[level] = total / weight
        at += int(size)


def _ordered(bits: npt.NDArray[np.float64], slopes: npt.NDArray[np.float64], support: npt.NDArray[np.float64]) -> None:
    for trait in _LEARNT:
        row = bits[trait]
        if trait == kernels.BORN:
            for _ in range(3):
                for chain in _BORN_CHAINS:
                    _in_order(row, support[trait], chain)
        elif trait == kernels.UNIT:
            _in_order(row, support[trait], (0, 1, 2))
        else:
            _in_order(row, support[trait], _NAME_CHAIN)
            row[kernels.EQUIVALENT] = min(row[kernels.EQUIVALENT], row[kernels.SAME])
            row[kernels.INITIAL_OTHER] = min(row[kernels.INITIAL_OTHER], row[kernels.INITIAL_FITS])
    # one slope for the same name, one, never steeper, for what resembles it, and one for what hardly does
    slopes[:, 0] = np.clip(slopes[:, 0], 0.0, 1.2)
    slopes[:, 1] = np.clip(slopes[:, 1], 0.0, slopes[:, 0])
    slopes[:, 3] = np.clip(slopes[:, 3], 0.0, slopes[:, 1])


def _slope_groups(per_rarity: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Which slope each level has (0 same and equivalent, 1 resembling, 2 none, 3 hardly resembling), and the slopes."""
    group = np.full((TRAIT_COUNT, LEVELS), 2)
    slopes = np.zeros((TRAIT_COUNT, 4))
    for trait in range(TRAIT_COUNT):
        if trait == kernels.BORN:
            continue
        names = trait not in (kernels.UNIT, kernels.NUMBER)
        group[trait, 0] = 0
        group[trait, 1 if names else 0] = 0
        for near in range(kernels.FIRST_BIN, kernels.INITIAL_FITS) if names else (1,):
            group[trait, near] = 3 if near >= _FAR_FROM else 1
        slopes[trait, 0], slopes[trait, 1] = per_rarity[trait, 0], per_rarity[trait, kernels.FIRST_BIN if names else 1]
        slopes[trait, 3] = per_rarity[trait, _FAR_FROM] if names else 0.0
    return group, slopes


def learn(
    index: Index,
    persons: Sequence[Person],
    answers: Sequence[int | None],
    *,
    origin: str,
    rounds: int = 400,
    tell: Callable[[int, float], None] | None = None,
) -> Weights:
    """Weights under which the known answers are likeliest. `answers` are keys of the index, None for "not in it"."""
    seen = observe(index, persons, answers)
    start = index.weights
    scales = start.scales()
    bits = scales.level_bits.reshape(TRAIT_COUNT, LEVELS).copy()
    per_rarity = scales.rarity_bits.reshape(TRAIT_COUNT, LEVELS)
    group, slopes = _slope_groups(per_rarity)
    swap = float(scales.limits[kernels.LIMIT_SWAP_BITS])
    n, m, _ = seen.levels.shape
    # Ragged observations as flat lists: only what speaks.
    cells, columns, flat_levels, flat_rarity = [], [], [], []
    for trait in _LEARNT:
        which = np.flatnonzero((seen.levels[:, :, trait] != kernels.SILENT) & seen.present)
        cells.append(which)
        columns.append(np.full(which.size, trait))
        flat_levels.append(seen.levels[:, :, trait].ravel()[which])
        flat_rarity.append(seen.rarity[:, :, trait].ravel()[which])
    cell, column = np.concatenate(cells), np.concatenate(columns)
    level, rarity = np.concatenate(flat_levels), np.concatenate(flat_rarity)
    parameter = column * LEVELS + level
    slope_at = column * 4 + group[column, level]
    target = np.zeros((n, m + 1))
    target[np.arange(n), seen.answer] = 1.0
    right = np.zeros(TRAIT_COUNT * LEVELS)
    on_answer = target[:, :m].ravel()[cell]
    right += np.bincount(parameter, on_answer, TRAIT_COUNT * LEVELS)
    support = right.reshape(TRAIT_COUNT, LEVELS)
    absent_bits = np.log2(max(len(index), 1) * float(scales.limits[kernels.LIMIT_ABSENT]))
    first = (bits.copy(), slopes.copy(), swap)
    moments: list[Any] = [
        np.zeros_like(bits),
        np.zeros_like(bits),
        np.zeros_like(slopes),
        np.zeros_like(slopes),
        0.0,
        0.0,
    ]
    _ordered(bits, slopes, support)
    for turn in range(1, rounds + 1):
        given = np.bincount(cell, bits.ravel()[parameter] + slopes.ravel()[slope_at] * rarity, n * m)
        score = given.reshape(n, m) + swap * seen.swapped
        score[~seen.present] = -np.inf
        logits = np.concatenate((score, np.full((n, 1), absent_bits)), axis=1) * _LN2
        logits -= logits.max(axis=1, keepdims=True)
        share = np.exp(logits)
        share /= share.sum(axis=1, keepdims=True)
        loss = -float(np.mean(np.log(np.maximum(share[np.arange(n), seen.answer], 1e-12))))
        if tell is not None:
            tell(turn, loss)
        pull = (share - target) * _LN2 / n
        along = pull[:, :m].ravel()[cell]
        gradient = np.bincount(parameter, along, TRAIT_COUNT * LEVELS).reshape(TRAIT_COUNT, LEVELS)
        gradient += (bits - first[0]) * (2.0 / n) * 0.5
        slope_gradient = np.bincount(slope_at, along * rarity, TRAIT_COUNT * 4).reshape(TRAIT_COUNT, 4)
        slope_gradient += (slopes - first[1]) * (20.0 / n)
        slope_gradient[:, 2] = 0.0
        swap_gradient = float((pull[:, :m] * seen.swapped).sum()) + (swap - first[2]) / n
        rate = 0.12 * (1.0 - turn / (rounds + 1)) + 0.005
        for place, (value, step) in enumerate(((bits, gradient), (slopes, slope_gradient))):
            moments[2 * place] = 0.9 * moments[2 * place] + 0.1 * step
            moments[2 * place + 1] = 0.98 * moments[2 * place + 1] + 0.02 * step * step
            mean = moments[2 * place] / (1 - 0.9**turn)
            spread = np.sqrt(moments[2 * place + 1] / (1 - 0.98**turn))
            value -= rate * (0.15 if place else 1.0) * mean / (spread + 1e-6)
        moments[4] = 0.9 * moments[4] + 0.1 * swap_gradient
        moments[5] = 0.98 * moments[5] + 0.02 * swap_gradient**2
        swap -= rate * (moments[4] / (1 - 0.9**turn)) / (np.sqrt(moments[5] / (1 - 0.98**turn)) + 1e-6)
        _ordered(bits, slopes, support)
    return _weights_from(start, bits, slopes[np.arange(TRAIT_COUNT)[:, None], group], swap, start.present, origin)


def _weights_from(
    start: Weights, bits: npt.NDArray[np.float64], per_rarity: npt.NDArray[np.float64], swap: float, present: float, origin: str
) -> Weights:  # fmt: skip
    new_bits: dict[str, dict[str, float]] = {}
    new_rarity: dict[str, dict[str, float]] = {}
    for number, word in enumerate(TRAITS):
        if number not in _LEARNT:
            new_bits[word], new_rarity[word] = start.bits[word], start.rarity[word]
            continue
        new_bits[word] = {name: round(float(bits[number, place]), 3) for place, name in enumerate(LEVELS_OF[word])}
        new_rarity[word] = {
            name: round(float(per_rarity[number, place]), 3) for place, name in enumerate(LEVELS_OF[word])
        }
    return replace(
        start, bits=new_bits, rarity=new_rarity, swapped_bits=round(swap, 3), present=round(present, 4),
        origin={**start.origin, "learnt": origin},
    )  # fmt: skip


def learn_unlabelled(
    index: Index,
    persons: Sequence[Person],
    *,
    origin: str,
    rounds: int = 25,
    tell: Callable[[int, float], None] | None = None,
) -> Weights:
    """Weights learnt from enquiries whose answers nobody knows, by expectation and maximisation (EM).

    Each round weighs the candidates as `search` does, and takes each as the right one as far as he is likely. How
    often a level is seen among the right ones, against how often it is met by chance in this register, are its bits.
    Chance is counted, not estimated: each of some enquiries is laid beside every name of the register. The rarity
    slopes and the price of swapped fields stay as they are; the share of enquiries about somebody in the register
    is learnt with the rest.
    """
    seen = observe(index, persons, [None] * len(persons))
    start = index.weights
    scales = start.scales()
    bits = scales.level_bits.reshape(TRAIT_COUNT, LEVELS).copy()
    per_rarity = scales.rarity_bits.reshape(TRAIT_COUNT, LEVELS)
    chance = _by_chance(index, persons[:: max(1, len(persons) // _LAID_BESIDE_ALL)], per_rarity)
    first = bits.copy()
    swap, present, people = float(scales.limits[kernels.LIMIT_SWAP_BITS]), start.present, max(len(index), 1)
    n, m, _ = seen.levels.shape
    for turn in range(1, rounds + 1):
        score = np.where(seen.present, swap * seen.swapped, -np.inf)
        for trait in _LEARNT:
            levels = np.minimum(seen.levels[:, :, trait], LEVELS - 1)
            value = bits[trait][levels] + per_rarity[trait][levels] * seen.rarity[:, :, trait]
            score += np.where(seen.levels[:, :, trait] != kernels.SILENT, value, 0.0)
        absent = np.full((n, 1), np.log2(people * (1.0 - present) / present))
        logits = np.concatenate((score, absent), axis=1)
        top = logits.max(axis=1, keepdims=True)
        share = np.exp2(logits - top)
        total = share.sum(axis=1, keepdims=True)
        share /= total
        if tell is not None:
            # the likelihood of each enquiry, relative to one about somebody who is not in the register
            tell(turn, -float(np.mean(top[:, 0] + np.log2(total[:, 0]) - absent[:, 0] + np.log2(1.0 - present))))
        present = float(np.clip(1.0 - share[:, m].mean(), 0.02, 0.98))
        support = np.zeros((TRAIT_COUNT, LEVELS))
        for trait in _LEARNT:
            speaks = seen.present & (seen.levels[:, :, trait] != kernels.SILENT)
            right = np.bincount(seen.levels[:, :, trait][speaks], share[:, :m][speaks], LEVELS)
            support[trait] = right
            # What was believed before counts as much as a few enquiries, so that nothing is impossible.
            before = np.exp2(first[trait]) * chance[trait]
            before /= max(before.sum(), 1e-12)
            among = (right + _BELIEVED_BEFORE * before) / (right.sum() + _BELIEVED_BEFORE)
            met = (chance[trait] > 0) & (among > 0)
            bits[trait][met] = np.log2(among[met] / chance[trait][met])
        _ordered(bits, np.zeros((TRAIT_COUNT, 4)), support)
    return _weights_from(start, bits, per_rarity, swap, present, origin)


_LAID_BESIDE_ALL = 400  # enquiries
_BELIEVED_BEFORE = 20.0  # enquiries


def _by_chance(index: Index, persons: Sequence[Person], per_rarity: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """[trait, level]: how much of the register is at that level from an enquiry, weighed by its rarity bits alone."""
    state = index._state
    settled, people = state.settled, float(state.sizes[0])
    queries, born, rarities, _, _ = index._queries(encode.many_of([encode.written(person) for person in persons]))
    sums, asked = np.zeros((TRAIT_COUNT, LEVELS)), np.zeros(TRAIT_COUNT)
    dates, counts = np.unique(settled.born[settled.alive == 1], return_counts=True)
    dates, counts = dates[dates > 0].astype(np.int64), counts[dates > 0].astype(np.float64)
    rows_of = {
        trait: np.bincount(column[settled.alive == 1], minlength=v.lengths.size).astype(np.float64)
        for trait, v, column in (
            (kernels.SURNAME, state.surname, settled.pair_surname[settled.pair]),
            (kernels.GIVEN, state.given, settled.pair_given[settled.pair]),
            (kernels.PATRONYMIC, state.patronymic, settled.patronymic),
            (kernels.PLACE, state.place, settled.place), (kernels.UNIT, state.unit, settled.unit),
        )
    }  # fmt: skip
    kernels.levels_by_chance(
        queries, born, rarities, state.surname, state.given, state.patronymic, state.place, state.unit, rows_of[kernels.SURNAME],
        rows_of[kernels.GIVEN], rows_of[kernels.PATRONYMIC], rows_of[kernels.PLACE], rows_of[kernels.UNIT], dates, counts, people,
        index._scales, per_rarity, sums, asked,
    )  # fmt: skip
    return sums / np.maximum(asked, 1.0)[:, None]
