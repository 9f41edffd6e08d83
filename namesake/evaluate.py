"""How well an index finds people, measured on enquiries whose right answer is known.

Each enquiry is one call of `Index.search`, timed on its own. An enquiry with `true_id` -1 (or empty) is about
someone who is not in the register. The measures:

recall@k           share of the answerable enquiries whose right person is among the first k
MRR                mean of 1 / rank of the right person (0 beyond the list)
confirmed at 1 %   if the first candidate were confirmed above a limit on its probability, chosen as low as it may be so
                   that at most 1 % of the unanswerable enquiries are confirmed: the share of answerable enquiries
                   confirmed to the right person, and to a wrong one
best F1            of "the first candidate is the person", over all limits; recall where precision is .99, .995, .999
ECE                expected calibration error, 15 bins of equal width: the mean distance between the probability
                   given and the share that was right, weighted by how many candidates fall in the bin
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from namesake.index import Index
from namesake.person import Person

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ABSENT = -1
DEEPEST = 32
BINS = 15
FALSE_CONFIRMATIONS = (0.01, 0.005, 0.001)
PRECISIONS = (0.99, 0.995, 0.999)

# Noises that change what a field says. The others only leave something out or write it in another alphabet.
_HARMLESS = {"nopatr", "wdvar", "otherlang"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One enquiry of known answer: whom it is about (`ABSENT` if nobody in the register), and how it was spoiled."""

    sought: Person
    true_key: int
    mode: str = ""
    noises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """What an index answered, one row per enquiry, the first candidate first."""

    true_keys: Ints
    keys: Ints  # (n, DEEPEST), -1 where there are fewer candidates
    probabilities: Floats  # the same shape, 0 where there are fewer
    seconds: Floats

    @property
    def rank(self) -> Ints:
        """Where the right person stands, from 1; 0 if nowhere (or there is no right person)."""
        right = (self.keys == self.true_keys[:, None]) & (self.true_keys[:, None] != ABSENT)
        return np.where(right.any(axis=1), right.argmax(axis=1) + 1, 0)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a limit on the first candidate's probability would confirm, at a rate of false confirmations."""

    false_rate: float
    limit: float
    right: float
    wrong: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Candidates whose probability falls in one fifteenth of 0..1."""

    low: float
    high: float
    count: int
    mean_probability: float
    share_right: float


@dataclass(frozen=True)
class Figures:
    """All measures of one evaluation."""

    enquiries: int
    answerable: int
    recall: Mapping[int, float]
    mrr: float
    confirmed: tuple[Confirmed, ...]
    best_f1: float
    best_precision: float
    best_recall: float
    recall_at_precision: Mapping[float, float]
    ece: float
    ece_all: float
    bins: tuple[Bin, ...]
    p50_ms: float
    p99_ms: float
    mean_ms: float
    slices: Mapping[str, tuple[int, float, float, float]] = field(default_factory=dict)


def ask(index: Index, asked: Sequence[Asked], progress: Callable[[], object] = lambda: None) -> Answers:
    """Search every enquiry, one call each, and time each call."""
    keys = np.full((len(asked), DEEPEST), ABSENT, np.int64)
    probabilities = np.zeros((len(asked), DEEPEST))
    seconds = np.zeros(len(asked))
    for row, enquiry in enumerate(asked):
        began = time.perf_counter()
        candidates = index.search(enquiry.sought, limit=DEEPEST)
        seconds[row] = time.perf_counter() - began
        for place, candidate in enumerate(candidates[:DEEPEST]):
            keys[row, place] = candidate.key
            probabilities[row, place] = candidate.probability
        progress()
    return Answers(np.array([enquiry.true_key for enquiry in asked], np.int64), keys, probabilities, seconds)


def judge(answers: Answers, asked: Sequence[Asked] = ()) -> Figures:
    """Work out the measures; with the enquiries at hand, also by slice."""
    answerable = answers.true_keys != ABSENT
    rank = answers.rank
    found = rank[answerable]
    first = answers.probabilities[:, 0]
    right = rank == 1
    listed = answers.keys != ABSENT
    all_right = (answers.keys == answers.true_keys[:, None]) & listed
    precision, recall = _precision_and_recall(first, right, listed[:, 0], int(answerable.sum()))
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1.argmax()) if len(f1) else 0
    milliseconds = answers.seconds * 1000
    return Figures(
        enquiries=len(rank),
        answerable=int(answerable.sum()),
        recall={k: _share((found > 0) & (found <= k)) for k in (1, 10, DEEPEST)},
        mrr=float(np.mean(np.where(found > 0, 1 / np.maximum(found, 1), 0))) if len(found) else 0.0,
        confirmed=tuple(_confirm(rate, first, right, answerable) for rate in FALSE_CONFIRMATIONS),
        best_f1=float(f1[best]) if len(f1) else 0.0,
        best_precision=float(precision[best]) if len(f1) else 0.0,
        best_recall=float(recall[best]) if len(f1) else 0.0,
        recall_at_precision={p: float(recall[precision >= p].max(initial=0.0)) for p in PRECISIONS},
        ece=calibration_error(reliability(first[listed[:, 0]], right[listed[:, 0]])),
        ece_all=calibration_error(reliability(answers.probabilities[listed], all_right[listed])),
        bins=reliability(first[listed[:, 0]], right[listed[:, 0]]),
        p50_ms=_percentile(milliseconds, 50),
        p99_ms=_percentile(milliseconds, 99),
        mean_ms=float(milliseconds.mean()) if len(rank) else 0.0,
        slices=_slices(asked, rank, answerable) if asked else {},
    )


def reliability(probability: Floats, right: npt.NDArray[np.bool_], bins: int = BINS) -> tuple[Bin, ...]:
    """The reliability table: in each bin of equal width, the probability given and the share that was right."""
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    table = []
    for number in range(bins):
        inside = place == number
        count = int(inside.sum())
        table.append(
            Bin(
                low=number / bins,
                high=(number + 1) / bins,
                count=count,
                mean_probability=float(probability[inside].mean()) if count else float("nan"),
                share_right=float(right[inside].mean()) if count else float("nan"),
            )
        )
    return tuple(table)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error of a reliability table."""
    total = sum(one.count for one in bins)
    if not total:
        return 0.0
    return sum(one.count * abs(one.mean_probability - one.share_right) for one in bins if one.count) / total


def missed(answers: Answers, asked: Sequence[Asked], beyond: int = 10) -> Iterator[int]:
    """Rows whose right person is not among the first `beyond`."""
    rank = answers.rank
    for row in range(len(asked)):
        if answers.true_keys[row] != ABSENT and not 0 < rank[row] <= beyond:
            yield row


def asked_from(rows: Iterable[Mapping[str, Any]], people: Sequence[Person], keys: Mapping[str, int]) -> list[Asked]:
    """Enquiries of a list: its rows (true_id, mode, noise), the persons in them, and the register's identifiers."""
    asked = []
    for row, sought in zip(rows, people, strict=True):
        true_id = str(row["true_id"])
        key = ABSENT if true_id in {"", "-1"} else keys.get(true_id)
        if key is None:
            raise ValueError(f"true_id {true_id} is not an identifier of the register.")
        noises = tuple(noise for noise in str(row.get("noise", "")).split("+") if noise)
        asked.append(Asked(sought, key, str(row.get("mode", "")), noises))
    return asked


def _share(claims: npt.NDArray[np.bool_]) -> float:
    return float(claims.mean()) if len(claims) else 0.0


def _percentile(values: Floats, percent: float) -> float:
    return float(np.percentile(values, percent)) if len(values) else 0.0


def _confirm(rate: float, first: Floats, right: npt.NDArray[np.bool_], answerable: npt.NDArray[np.bool_]) -> Confirmed:
    absent = np.sort(first[~answerable])[::-1]
    allowed = int(rate * len(absent))
    # The lowest limit that lets at most `allowed` unanswerable enquiries through: just above the next one.
    limit = float(np.nextafter(absent[allowed], np.inf)) if len(absent) > allowed else 0.0
    passed = answerable & (first >= limit) & (first > 0)
    total = max(int(answerable.sum()), 1)
    return Confirmed(rate, limit, int((passed & right).sum()) / total, int((passed & ~right).sum()) / total)


def _precision_and_recall(
    first: Floats, right: npt.NDArray[np.bool_], listed: npt.NDArray[np.bool_], answerable: int
) -> tuple[Floats, Floats]:
    order = np.argsort(-first[listed], kind="stable")
    probability, hits = first[listed][order], np.cumsum(right[listed][order])
    # A limit lies between two different probabilities, never inside a tie.
    ends = np.flatnonzero(np.append(probability[:-1] != probability[1:], True)) if len(order) else np.zeros(0, np.int64)
    return hits[ends] / (ends + 1), hits[ends] / max(answerable, 1)


def _slices(
    asked: Sequence[Asked], rank: Ints, answerable: npt.NDArray[np.bool_]
) -> dict[str, tuple[int, float, float, float]]:
    """Slice -> (how many answerable enquiries, recall@1, recall@10, recall@32), the hard ones of the goals first."""
    mask: dict[str, list[bool]] = {
        "latin + typing error in the surname": [a.mode.startswith("lat") and "typo_s" in a.noises for a in asked],
        "swapped fields": ["swapped_fields" in a.noises for a in asked],
        "three or more noises": [len(a.noises) >= 3 for a in asked],
        "two or more noises that falsify": [len(set(a.noises) - _HARMLESS) >= 2 for a in asked],
    }
    for mode in sorted({a.mode for a in asked if a.mode}):
        mask[f"mode {mode}"] = [a.mode == mode for a in asked]
    mask["noise none"] = [not a.noises for a in asked]
    for noise in sorted({noise for a in asked for noise in a.noises}):
        mask[f"noise {noise}"] = [noise in a.noises for a in asked]
    mask["no date"] = [not a.sought.born for a in asked]
    table = {}
    for name, inside in mask.items():
        ranks = rank[np.array(inside, np.bool_) & answerable]
        if len(ranks):
            shares = [_share((ranks > 0) & (ranks <= k)) for k in (1, 10, DEEPEST)]
            table[name] = (len(ranks), shares[0], shares[1], shares[2])
    return table
