"""The rules of a return that the database itself keeps, written from the tables of `models`."""

from homeward.decisions.triggers import approved_proposal_sql
from homeward.returns.models import NEXT, WISH_DAYS, WITH_FAMILY, State

TABLE = "returns_return"
WITH_FAMILY_SQL = "(" + ", ".join(f"'{state.value}'" for state in WITH_FAMILY) + ")"


def jump_sql() -> str:
    """The condition "this change of state is not one of those allowed"."""
    allowed = " OR ".join(
        f"(OLD.state = '{before.value}' AND NEW.state IN ({', '.join(repr(after.value) for after in afters)}))"
        for before, afters in NEXT.items()
        if afters
    )
    return f"NEW.state <> OLD.state AND NOT ({allowed})"


def unapproved_sql() -> str:
    """The condition "it leaves the decision without a second person's approval over the exact list it stands on"."""
    free = ", ".join(f"'{state.value}'" for state in (State.PROPOSED, State.REFUSED, State.REVOKED))
    approved = approved_proposal_sql(kind="returns.release", proposal="release_id", payload_hash=None)
    # Through the release: it is the release that names the proposal, and the hash of the list.
    approved = approved.replace(
        "FROM decisions_proposal p WHERE p.id = NEW.release_id",
        "FROM decisions_proposal p JOIN returns_release r ON r.proposal_id = p.id "
        "WHERE r.id = NEW.release_id AND p.subject = r.reference AND p.payload_hash = r.payload_hash",
    )
    return f"NEW.state <> OLD.state AND NEW.state NOT IN ({free}) AND {approved}"


def current_wish_sql(*, return_id: str, day: str, wish: str = "", vendor: str) -> str:
    """The condition "he wished to go, alone, within thirty days before that day, and said nothing else since"."""
    earliest = f"date({day}, '-{WISH_DAYS} days')" if vendor == "sqlite" else f"({day} - {WISH_DAYS})"
    this = f" AND w.id = {wish}" if wish else ""
    return (
        f"EXISTS (SELECT 1 FROM returns_wish w WHERE w.return_of_id = {return_id}{this} AND w.says = 'to_go' AND w.was_alone "  # noqa: S608
        f"AND w.withdrawn_at IS NULL AND w.said_on >= {earliest} AND w.said_on <= {day} "
        "AND NOT EXISTS (SELECT 1 FROM returns_wish later WHERE later.return_of_id = w.return_of_id AND later.id > w.id "
        "AND (later.says <> 'to_go' OR later.withdrawn_at IS NOT NULL)))"
    )


def wishless_sql(vendor: str) -> str:
    """The condition "the family's part goes on without his current wish"."""
    current = current_wish_sql(return_id="NEW.id", day="NEW.state_on", vendor=vendor)
    return f"NEW.state <> OLD.state AND NEW.state IN {WITH_FAMILY_SQL} AND NOT {current}"


def unrelated_sql() -> str:
    """The condition "the kinship is not proven as far as this step needs"."""
    needed = "CASE WHEN NEW.state = 'handed_over' THEN 3 ELSE 2 END"
    return (
        f"NEW.state <> OLD.state AND NEW.state IN {WITH_FAMILY_SQL} AND NOT EXISTS (SELECT 1 FROM disclosure_kinship k "  # noqa: S608
        f"WHERE k.enquiry_id = NEW.enquiry_id AND k.level >= {needed})"
    )
