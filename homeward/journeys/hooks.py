"""Where rooms above hear of a journey and add to its page and its paper; from below upwards none is known.

A room registers when it starts (`apps.py`, `ready`). Whoever listens writes in the transaction of what it hears of, always by a
member of staff: nothing here runs when the family itself gives a sign.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from homeward.access.models import Staff
from homeward.journeys.models import Journey

Listener = Callable[[Journey, Staff], None]


@dataclass(frozen=True, slots=True)
class Code:
    """Something to show on the way: its picture as SVG, drawn by the house from signed text, and its printed number."""

    svg: str
    number: str


Codes = Callable[[Journey], Iterable[Code]]

_listeners: dict[str, Listener] = {}
_codes: dict[str, Codes] = {}


def when_a_journey_changes(listener: Listener) -> Listener:
    """Called after a journey was sent, got another way, or was ended early."""
    _listeners[f"{listener.__module__}.{listener.__qualname__}"] = listener
    return listener


def codes_for_the_way(codes: Codes) -> Codes:
    """What this returns stands on her journey's page and paper."""
    _codes[f"{codes.__module__}.{codes.__qualname__}"] = codes
    return codes


def tell(journey: Journey, *, by: Staff) -> None:
    """Everybody who listens hears of it."""
    for _name, listener in sorted(_listeners.items()):
        listener(journey, by)


def codes_of(journey: Journey) -> list[Code]:
    """Everything to be shown on this way."""
    return [code for _name, codes in sorted(_codes.items()) for code in codes(journey)]
