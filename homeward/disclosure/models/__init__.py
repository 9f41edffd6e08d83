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
from homeward.disclosure.models.papers import AnswerReading, Check, Outcome, Paper, PaperKind
from homeward.disclosure.models.scams import ScamReport, ScamWave, Warning, WarningSeen

__all__ = [
    "ENOUGH_FOR",
    "Answer",
    "AnswerReading",
    "CallOutcome",
    "CallTry",
    "Check",
    "Evidence",
    "EvidenceKind",
    "Kinship",
    "KinshipStep",
    "Level",
    "Outcome",
    "Paper",
    "PaperKind",
    "PrisonerStatement",
    "ScamReport",
    "ScamWave",
    "Warning",
    "WarningSeen",
    "Wish",
]
