"""namesake: tells a person from his namesakes, across scripts, spellings and lists."""

from typing import Any

from namesake.dates import PartialDate
from namesake.index import Found, Index, StaleIndex
from namesake.person import (
    REASON_CODES,
    TRAITS,
    Candidate,
    Comparison,
    Evidence,
    Person,
    Reason,
    ReasonCode,
)  # fmt: skip
from namesake.score import compare
from namesake.weights import Weights

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Batch work reads tables; whoever only asks an index need not wait for that to load.
    if name == "reconcile":
        from namesake.batch import reconcile

        return reconcile
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def warm() -> None:
    """Load the compiled kernels, so that the first question is answered as fast as the others."""
    index = Index()
    person = Person("Щербач", "Остап", "Іванович", born="1990-05-28", birthplace="Львів", unit="12345")
    index.add(1, person)
    index.search(person)
    index.search_columns({"surname": ["Щербач"], "given": ["Остап"]})
    index.settle()
    index.search(person)
    index.compare(person, person)


__all__ = [
    "REASON_CODES", "TRAITS", "Candidate", "Comparison", "Evidence", "Found", "Index", "PartialDate", "Person", "Reason",
    "ReasonCode", "StaleIndex", "Weights", "compare", "warm",
]  # fmt: skip
