"""Everything a person does in this room, by subject: kinship, answers."""

from homeward.disclosure.actions.answers import (
    CaseChanged,
    NotProposable,
    approve_answer,
    note_call,
    payload_of,
    propose_answer,
    refuse_answer,
)
from homeward.disclosure.actions.kinship import (
    KinshipChanged,
    NotEnoughEvidence,
    accept_claim,
    add_evidence,
    approve_level,
    lower_level,
    propose_level,
    record_statement,
    refuse_level,
    set_aside_evidence,
)

__all__ = [
    "CaseChanged",
    "KinshipChanged",
    "NotEnoughEvidence",
    "NotProposable",
    "accept_claim",
    "add_evidence",
    "approve_answer",
    "approve_level",
    "lower_level",
    "note_call",
    "payload_of",
    "propose_answer",
    "propose_level",
    "record_statement",
    "refuse_answer",
    "refuse_level",
    "set_aside_evidence",
]
