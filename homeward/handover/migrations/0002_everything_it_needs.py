"""No handover done, and no return handed over, without everything it needs; what was written and signed is never changed."""

from django.db import migrations

from homeward.lib.triggers import append_only, refuse
from homeward.returns.triggers import current_wish_sql

TABLE = "handover_handover"
SIGNED = (
    "(SELECT COUNT(*) FROM handover_signature s WHERE s.receipt_id = NEW.receipt_id "
    "AND s.role IN ('handing', 'second_officer', 'receiver', 'witness')) = 4"
)
APPROVED = (
    "EXISTS (SELECT 1 FROM returns_return r JOIN returns_release l ON l.id = r.release_id "
    "JOIN decisions_proposal p ON p.id = l.proposal_id WHERE r.id = NEW.return_of_id AND p.kind = 'returns.release' "
    "AND p.subject = l.reference AND p.payload_hash = l.payload_hash AND p.approved_at IS NOT NULL "
    "AND p.approved_by_id IS NOT NULL AND p.approved_by_id <> p.proposed_by_id AND p.voided_at IS NULL)"
)
KIN = (
    "EXISTS (SELECT 1 FROM returns_return r JOIN disclosure_kinship k ON k.enquiry_id = r.enquiry_id "
    "WHERE r.id = NEW.return_of_id AND k.level >= 3)"
)
THERE = "EXISTS (SELECT 1 FROM returns_return r WHERE r.id = NEW.return_of_id AND r.state = 'escorted')"
ON_THE_DAY = "EXISTS (SELECT 1 FROM returns_wish w WHERE w.id = NEW.wish_id AND w.said_on = NEW.happened_on)"


def lacking(vendor: str) -> str:
    wish = current_wish_sql(return_id="NEW.return_of_id", day="NEW.happened_on", wish="NEW.wish_id", vendor=vendor)
    return f"NEW.outcome = 'done' AND NOT ({SIGNED} AND {APPROVED} AND {KIN} AND {THERE} AND {ON_THE_DAY} AND {wish})"


CHANGED = (
    "NEW.receipt_id <> OLD.receipt_id OR NEW.return_of_id <> OLD.return_of_id OR NEW.outcome <> OLD.outcome "
    "OR NEW.happened_at <> OLD.happened_at OR NEW.happened_on <> OLD.happened_on OR NEW.place <> OLD.place "
    "OR NEW.first_officer_id <> OLD.first_officer_id OR COALESCE(NEW.second_officer_id, 0) <> COALESCE(OLD.second_officer_id, 0) "
    "OR COALESCE(NEW.wish_id, 0) <> COALESCE(OLD.wish_id, 0) OR NEW.record_hash <> OLD.record_hash "
    "OR (OLD.receipt <> '' AND NEW.receipt <> OLD.receipt)"
)


class Migration(migrations.Migration):
    dependencies = [("handover", "0001_initial"), ("returns", "0004_kinship_and_the_dead")]
    operations = [
        refuse(
            TABLE,
            "handover_has_everything",
            before="INSERT",
            condition=lacking("sqlite"),
            condition_postgresql=lacking("postgresql"),
            message="no handover without wish, approval, kinship, both signatures and a witness",
        ),
        refuse(TABLE, "handover_stands", before="UPDATE", condition=CHANGED, message="a handover is not changed"),
        *append_only(TABLE, updates=False),
        refuse(
            "handover_signature",
            "signature_stands",
            before="UPDATE",
            condition="NEW.receipt_id <> OLD.receipt_id OR NEW.role <> OLD.role OR NEW.picture_hash <> OLD.picture_hash",
            message="a signature is not changed",
        ),
        *append_only("handover_signature", updates=False),
        refuse(
            "returns_return",
            "return_handed_over_by_a_handover",
            before="UPDATE",
            condition="NEW.state = 'handed_over' AND OLD.state <> 'handed_over' AND NOT EXISTS "
            "(SELECT 1 FROM handover_handover h WHERE h.return_of_id = NEW.id AND h.outcome = 'done')",
            message="a return ends with a handover",
        ),
    ]
