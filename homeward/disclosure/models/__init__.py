"""The tables of this room, by subject."""

from homeward.disclosure.models.answers import Answer, CallOutcome, CallTry
from homeward.disclosure.models.kinship import (
    ENOUGH_FOR,
    Evidence,
    EvidenceKind,
    Kinship,
    KinshipStep,
    Level,
    PrisonerStatement,
    Wish,
)

__all__ = [
    "ENOUGH_FOR",
    "Answer",
    "CallOutcome",
    "CallTry",
    "Evidence",
    "EvidenceKind",
    "Kinship",
    "KinshipStep",
    "Level",
    "PrisonerStatement",
    "Wish",
]
