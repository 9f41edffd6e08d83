"""The two sides that are matched, and how the rooms that own them let the matcher read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from namesake import Person

# One row may be recorded under several spellings; more than this many are not worth the memory.
SPELLINGS = 16


@dataclass(frozen=True, slots=True)
class Item:
    """One matchable row: its key (the row's number in its table), reference, and every way it is recorded.

    No persons means that the row stands no longer (withdrawn): the index forgets it.
    """

    key: int
    reference: str
    persons: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """How one side is read. `every(after, limit)` pages through all rows by key; `some` reads the rows named."""

    code: str
    every: Callable[[int, int], list[Item]]
    some: Callable[[Sequence[str]], list[Item]]


_sides: dict[str, Side] = {}


def register(side: Side) -> None:
    """Called once by the room that owns the side, when the house starts."""
    _sides[side.code] = side


def registered() -> dict[str, Side]:
    """The sides by their codes."""
    return dict(_sides)
