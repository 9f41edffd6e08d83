"""The weights: how many bits each observation is worth, where that was learnt, and how they reach the kernels.

The file is JSON meant to be read by people: for each trait a table from level to bits, how many further bits
each bit of rarity adds, and an origin for every part. Rarity of a name borne by one in N is log2(N) bits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from namesake import kernels
from namesake.kernels import LEVELS, TRAIT_COUNT, Scales
from namesake.person import TRAITS
from namesake.reading import LETTER_COSTS

FORMAT = 1
DEFAULT_PATH = Path(__file__).with_name("weights.json")
NAME_LEVELS = (
    "same", "equivalent", "within 0.3", "within 0.5", "within 0.7", "within 0.9", "within 1.15", "within 1.4", "within 1.75",
    "within 2.1", "within 2.6", "initial fits", "different", "other initial",
)  # fmt: skip
NUMBER_LEVELS = ("same", "one sign", "different")
BORN_LEVELS = (
    "same", "day and month swapped", "same day, a year off", "same month, day close", "same month, other day",
    "same day, years off", "same year and day, other month", "same month, no more known", "same year, no more known",
    "about this year", "a year off, no more known", "about, a few years off", "same year, other day", "a year off, other day",
    "two or three years off", "other",
)  # fmt: skip
LEVELS_OF = {
    trait: NUMBER_LEVELS if trait in ("unit", "service_number") else BORN_LEVELS if trait == "born" else NAME_LEVELS
    for trait in TRAITS
}


class UnreadableWeights(ValueError):
    """A weights file that does not say what it should."""


@dataclass(frozen=True, slots=True)
class Weights:
    """All the engine knows about how names, dates and numbers are written wrongly."""

    bits: dict[str, dict[str, float]]  # trait -> level -> bits
    rarity: dict[str, dict[str, float]]  # trait -> level -> bits per bit of rarity
    usual_rarity: dict[str, float]  # trait -> bits, where nobody was counted
    swapped_bits: float  # surname and given name in each other's field
    present: float  # share of persons asked about who are in the register
    trust: float  # persons counted before the register's own frequencies outweigh the usual ones
    breadth: int  # surnames looked at closely for one query
    wide: int  # the same where nobody likely was found
    sure: float  # probability above which no other hypothesis is tried
    temperature: float  # bits are multiplied with this before they become a probability
    origin: dict[str, str]
    letter_costs: list[list[float]] | None = None

    @classmethod
    def load(cls, path: str | Path = DEFAULT_PATH) -> Weights:
        """Read a weights file; refuses one of another format or with unknown levels."""
        return _loaded(str(path), Path(path).stat().st_mtime_ns)

    def save(self, path: str | Path) -> None:
        """Write the weights so that people can read them."""
        said: dict[str, Any] = {"format": FORMAT, "origin": self.origin}
        said["traits"] = {
            trait: {
                level: [round(self.bits[trait][level], 3), round(self.rarity[trait].get(level, 0.0), 3)]
                for level in self.bits[trait]
            }
            for trait in self.bits
        }
        for name in ("usual_rarity", "swapped_bits", "present", "trust", "breadth", "wide", "sure", "temperature"):
            value = getattr(self, name)
            said[name] = round(value, 4) if isinstance(value, float) else value
        text = json.dumps(said, ensure_ascii=False, indent=1)
        # one line per level
        import re

        text = re.sub(r"\[\s+(-?[\d.]+),\s+(-?[\d.]+)\s+\]", r"[\1, \2]", text)
        Path(path).write_text(text + "\n", encoding="utf-8")

    def scales(self) -> Scales:
        """The weights as arrays."""
        costs = np.ones((26, 26))
        costs[:25, :25] = LETTER_COSTS
        costs[0, 25] = costs[25, 0] = 2.0
        costs[25, 25] = 0.0
        level_bits = np.full((TRAIT_COUNT, LEVELS), -20.0)
        rarity_bits = np.zeros((TRAIT_COUNT, LEVELS))
        prior = np.ones(TRAIT_COUNT)
        for number, trait in enumerate(TRAITS):
            prior[number] = 2.0 ** -self.usual_rarity.get(trait, 10.0)
            for place, level in enumerate(LEVELS_OF[trait]):
                if level in self.bits[trait]:
                    level_bits[number, place] = self.bits[trait][level]
                    rarity_bits[number, place] = self.rarity[trait].get(level, 0.0)
        limits = np.zeros(8)
        limits[kernels.LIMIT_TRUST] = self.trust
        limits[kernels.LIMIT_SWAP_BITS] = np.floor(self.swapped_bits * 1024 + 0.5) / 1024
        limits[kernels.LIMIT_ABSENT] = (1.0 - self.present) / self.present
        limits[kernels.LIMIT_BREADTH] = self.breadth
        limits[kernels.LIMIT_WIDE] = self.wide
        limits[kernels.LIMIT_SURE] = self.sure
        return Scales(np.ascontiguousarray(costs).ravel(), level_bits.ravel(), rarity_bits.ravel(), prior, limits)


@lru_cache(maxsize=8)
def _loaded(path: str, changed: int) -> Weights:
    try:
        said = json.loads(Path(path).read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise UnreadableWeights(f"weights of format {said['format']}, this version reads {FORMAT}")
        bits: dict[str, dict[str, float]] = {}
        rarity: dict[str, dict[str, float]] = {}
        for trait in TRAITS:
            bits[trait], rarity[trait] = {}, {}
            for level, (alone, per_bit) in said["traits"][trait].items():
                if level not in LEVELS_OF[trait]:
                    raise UnreadableWeights(f"{trait}: no level is called {level!r}")
                bits[trait][level], rarity[trait][level] = float(alone), float(per_bit)
        return Weights(
            bits, rarity, said["usual_rarity"], float(said["swapped_bits"]), float(said["present"]), float(said["trust"]),
            int(said["breadth"]), int(said["wide"]), float(said["sure"]), float(said["temperature"]), said["origin"],
        )  # fmt: skip
    except (KeyError, TypeError, json.JSONDecodeError) as fault:
        raise UnreadableWeights(f"not a weights file: {fault!r}") from fault
