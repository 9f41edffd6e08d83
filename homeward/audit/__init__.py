"""Who saw and changed what: an append-only log whose every alteration can be shown.

`actions.record(deed, by=..., about=...)` writes one event inside the caller's transaction, so that the change and its
line stand or fall together. Events are numbered without gaps and form a Merkle tree (RFC 6962); every 256 events or
five minutes its root is signed. `homeward verify-audit` recomputes everything and names the first fault.
An event carries codes and references, never a name and never free text; the actor is a pseudonym.

A room lists its deeds in `<room>/deeds.py` as a `TextChoices`; the labels are found there by themselves.
Record at the end of a transaction: from then to its commit no other transaction can record.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeward.audit.actions import Entry, record, record_many

__all__ = ["Entry", "record", "record_many"]


def __getattr__(name: str) -> Any:
    # Looked up on use: Django imports this package before its models may be.
    if name not in __all__:
        raise AttributeError(name)
    from homeward.audit import actions

    return getattr(actions, name)
