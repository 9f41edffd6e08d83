"""Groups of families to whom one text may go. The rooms above offer them (`apps.py`, `ready`); this room knows references only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing by which families are chosen; "" chooses all."""

    code: str
    label: "str | Lazy"
    options: Sequence[tuple[str, "str | Lazy"]]


class Audience(Protocol):
    """A kind of group."""

    code: str

    def choices(self) -> Sequence[Choice]:
        """By what they may be chosen, as it stands now."""

    def subjects(self, chosen: Mapping[str, str]) -> Iterable[str]:
        """The references of the chosen families."""


_offered: dict[str, Audience] = {}


def offer(audience: Audience) -> None:
    """Let this group be written to."""
    _offered[audience.code] = audience


def audience(code: str) -> Audience:
    """The group of that code."""
    return _offered[code]
