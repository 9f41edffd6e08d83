"""No pass without a second person's approval over its content; what it says stands; what a kit recorded stands."""

from django.db import migrations

from homeward.decisions.triggers import require_approval
from homeward.lib.triggers import append_only, refuse

TABLE = "checkpoint_pass"
_STANDS = (
    "reference", "journey", "pass_id", "number", "point", "window_from", "window_until", "not_before", "expires_at", "with_code",
    "payload_hash", "proposal_id", "approved_at",
)  # fmt: skip


def _differs(word: str) -> str:
    changed = " OR ".join(f"NEW.{column} {word} OLD.{column}" for column in _STANDS)
    # A signed text and a revocation are given once.
    return (
        f"{changed} OR (OLD.text IS NOT NULL AND NEW.text {word} OLD.text) "
        f"OR (OLD.revoked_at IS NOT NULL AND (NEW.revoked_at {word} OLD.revoked_at OR NEW.revoked_by_id {word} OLD.revoked_by_id "
        f"OR NEW.revoked_because {word} OLD.revoked_because)) "
        "OR (OLD.revoked_at IS NOT NULL AND OLD.text IS NULL AND NEW.text IS NOT NULL)"
    )


class Migration(migrations.Migration):
    dependencies = [("checkpoint", "0001_initial"), ("decisions", "0002_two_people")]
    operations = [
        *require_approval(TABLE, kind="checkpoint.pass", subject="reference", when="NEW.revoked_at IS NULL"),
        refuse(
            TABLE,
            "checkpoint_pass_is_born_standing",
            before="INSERT",
            condition="NEW.revoked_at IS NOT NULL OR NEW.text IS NOT NULL",
            message="a pass begins standing and unsigned",
        ),
        refuse(
            TABLE,
            "checkpoint_pass_is_not_replaced",
            before="INSERT",
            # SQLite's INSERT OR REPLACE removes the older row without asking the delete trigger.
            condition="EXISTS (SELECT 1 FROM checkpoint_pass p WHERE p.id = NEW.id OR p.reference = NEW.reference "
            "OR p.pass_id = NEW.pass_id OR p.number = NEW.number OR p.proposal_id = NEW.proposal_id)",
            message="one pass for one approval",
        ),
        refuse(
            TABLE,
            "checkpoint_pass_content_stands",
            before="UPDATE",
            condition=_differs("IS NOT"),
            condition_postgresql=_differs("IS DISTINCT FROM"),
            message="what a pass says is not changed",
        ),
        *append_only("checkpoint_kitentry"),
        refuse(
            "checkpoint_kitentry",
            "checkpoint_kitentry_is_not_replaced",
            before="INSERT",
            condition="EXISTS (SELECT 1 FROM checkpoint_kitentry k WHERE k.id = NEW.id OR k.entry_id = NEW.entry_id)",
            message="what a kit recorded stands",
        ),
    ]
