"""What it costs to take one sound for another.

`LETTER_COSTS[x, y]` is the cost of reading sound x where the other spelling has y; row and column 0 are
"nothing", so `[0, y]` is an inserted and `[x, 0]` a dropped sound. Symmetric; an unrelated pair costs 1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from namesake.reading.letters import SOUNDS

_NEAR = (
    ("gh", 0.25), ("ei", 0.4), ("ao", 0.4), ("ie", 0.4), ("ou", 0.4), ("ea", 0.5), ("td", 0.4), ("bp", 0.4), ("vf", 0.35),
    ("zs", 0.35), ("wj", 0.5), ("wq", 0.5), ("cq", 0.45), ("cs", 0.45), ("kg", 0.4), ("kh", 0.45), ("vu", 0.35), ("mn", 0.6),
    ("jz", 0.45), ("ws", 0.5), ("ck", 0.5), ("vb", 0.5), ("qk", 0.6), ("hq", 0.6), ("ij", 0.6), ("iu", 0.6),
)  # fmt: skip
_DROPPED = {"i": 0.35, "e": 0.5, "a": 0.5, "o": 0.5, "u": 0.55, "h": 0.5, "v": 0.7}


def _table() -> npt.NDArray[np.float32]:
    costs = np.ones((25, 25), np.float32)
    np.fill_diagonal(costs, 0.0)
    code = {sound: number for number, sound in enumerate(SOUNDS, start=1)}
    costs[0, 1:] = costs[1:, 0] = 0.8
    for pair, cost in _NEAR:
        x, y = code[pair[0]], code[pair[1]]
        costs[x, y] = costs[y, x] = cost
    for sound, cost in _DROPPED.items():
        costs[0, code[sound]] = costs[code[sound], 0] = cost
    return costs


LETTER_COSTS: npt.NDArray[np.float32] = _table()
