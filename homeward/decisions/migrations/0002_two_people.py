from django.db import migrations

from homeward.lib.triggers import append_only, refuse

TABLE = "decisions_proposal"


def differs(*columns: str) -> dict[str, str]:
    """The condition that an update changes one of the columns, in the words of each database."""
    return {
        "condition": " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns),
        "condition_postgresql": " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns),
    }


# A decision, once there, is not altered (or, for a refusal, taken back).
_approval = ("approved_by_id", "approved_at")
_refusal = ("refused_by_id", "refused_at", "refusal_reason")


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]

    operations = [
        *append_only(TABLE, updates=False),
        refuse(
            TABLE,
            "proposal_is_born_open",
            before="INSERT",
            condition="NEW.approved_by_id IS NOT NULL OR NEW.approved_at IS NOT NULL OR NEW.refused_by_id IS NOT NULL "
            "OR NEW.refused_at IS NOT NULL OR NEW.voided_at IS NOT NULL",
            message="a proposal begins undecided",
        ),
        refuse(
            TABLE,
            "proposal_is_not_replaced",
            before="INSERT",
            # SQLite's INSERT OR REPLACE removes the older row without asking the delete trigger.
            condition="EXISTS (SELECT 1 FROM decisions_proposal p WHERE p.id = NEW.id OR p.reference = NEW.reference OR ("
            "p.kind = NEW.kind AND p.subject = NEW.subject AND p.approved_at IS NULL AND p.refused_at IS NULL "
            "AND p.voided_at IS NULL))",
            message="one open proposal of a kind for one subject",
        ),
        refuse(
            TABLE,
            "proposal_content_stands",
            before="UPDATE",
            # The sealed payload may be sealed anew when keys are rotated; its hash may not change.
            **differs(
                "id",
                "reference",
                "kind",
                "subject",
                "payload_hash",
                "case_version",
                "proposed_by_id",
                "proposed_at",
                "expires_at",
            ),
            message="what was proposed does not change",
        ),
        refuse(
            TABLE,
            "proposal_approved_once",
            before="UPDATE",
            condition=f"OLD.approved_at IS NOT NULL AND ({differs(*_approval)['condition']})",
            condition_postgresql=f"OLD.approved_at IS NOT NULL AND ({differs(*_approval)['condition_postgresql']})",
            message="an approval is given once",
        ),
        refuse(
            TABLE,
            "proposal_refused_once",
            before="UPDATE",
            condition=f"OLD.refused_at IS NOT NULL AND ({differs(*_refusal)['condition']})",
            condition_postgresql=f"OLD.refused_at IS NOT NULL AND ({differs(*_refusal)['condition_postgresql']})",
            message="a refusal is given once",
        ),
        refuse(
            TABLE,
            "proposal_closed_stays_closed",
            before="UPDATE",
            condition="((OLD.refused_at IS NOT NULL OR OLD.voided_at IS NOT NULL) "
            "AND OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL) "
            "OR (OLD.voided_at IS NOT NULL AND OLD.refused_at IS NULL AND NEW.refused_at IS NOT NULL) "
            "OR (OLD.refused_at IS NOT NULL AND NEW.voided_at IS NOT NULL) "
            "OR (OLD.voided_at IS NOT NULL AND (NEW.voided_at IS NULL OR NEW.voided_at <> OLD.voided_at))",
            message="a closed proposal stays closed",
        ),
        refuse(
            TABLE,
            "proposal_pair_decides_once",
            before="UPDATE",
            condition="OLD.approved_by_id IS NULL AND NEW.approved_by_id IS NOT NULL AND EXISTS ("
            "SELECT 1 FROM decisions_proposal p WHERE p.kind = NEW.kind AND p.subject = NEW.subject "
            "AND p.refused_at IS NOT NULL AND ("
            "(p.proposed_by_id = NEW.proposed_by_id AND p.refused_by_id = NEW.approved_by_id) OR "
            "(p.proposed_by_id = NEW.approved_by_id AND p.refused_by_id = NEW.proposed_by_id)))",
            message="the same two people do not decide again",
        ),
    ]
