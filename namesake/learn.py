"""Learning the weights from enquiries whose answer is known.

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
    # one slope for the same name and one, never steeper, for what resembles it
    slopes[:, 0] = np.clip(slopes[:, 0], 0.0, 1.2)
    slopes[:, 1] = np.clip(slopes[:, 1], 0.0, slopes[:, 0])


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
    # slope groups: 0 same and equivalent, 1 resembling, 2 none
    group = np.full((TRAIT_COUNT, LEVELS), 2)
    slopes = np.zeros((TRAIT_COUNT, 3))
    for trait in range(TRAIT_COUNT):
        if trait == kernels.BORN:
            continue
        names = trait not in (kernels.UNIT, kernels.NUMBER)
        group[trait, 0] = 0
        group[trait, 1 if names else 0] = 0
        fuzzy = range(kernels.FIRST_BIN, kernels.INITIAL_FITS) if names else (1,)
        for near in fuzzy:
            group[trait, near] = 1
        slopes[trait, 0], slopes[trait, 1] = per_rarity[trait, 0], per_rarity[trait, 3 if names else 1]
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
    slope_at = column * 3 + group[column, level]
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
        slope_gradient = np.bincount(slope_at, along * rarity, TRAIT_COUNT * 3).reshape(TRAIT_COUNT, 3)
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
    new_bits: dict[str, dict[str, float]] = {}
    new_rarity: dict[str, dict[str, float]] = {}
    for number, word in enumerate(TRAITS):
        if number not in _LEARNT:
            new_bits[word], new_rarity[word] = start.bits[word], start.rarity[word]
            continue
        new_bits[word] = {name: round(float(bits[number, place]), 3) for place, name in enumerate(LEVELS_OF[word])}
        new_rarity[word] = {
            name: round(float(slopes[number, group[number, place]]), 3) for place, name in enumerate(LEVELS_OF[word])
        }
    return replace(
        start, bits=new_bits, rarity=new_rarity, swapped_bits=round(swap, 3), origin={**start.origin, "learnt": origin}
    )
