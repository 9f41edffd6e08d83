"""No paper without an approval of its kind over its content, nor without kinship at level 2."""

from django.db import migrations

from homeward.lib.triggers import refuse

TABLE = "disclosure_paper"
UNAPPROVED = (
    "NOT EXISTS (SELECT 1 FROM decisions_proposal p JOIN enquiries_enquiry e ON e.reference = p.subject "
    "WHERE p.id = NEW.proposal_id AND e.id = NEW.enquiry_id AND p.kind = 'disclosure.paper.' || NEW.kind "
    "AND p.payload_hash = NEW.payload_hash AND p.approved_at IS NOT NULL AND p.approved_by_id IS NOT NULL "
    "AND p.approved_by_id <> p.proposed_by_id AND p.voided_at IS NULL)"
)
NO_KIN = (
    "NOT EXISTS (SELECT 1 FROM disclosure_kinship k WHERE k.enquiry_id = NEW.enquiry_id AND k.level >= 2 "
    "AND k.wish NOT IN ('not', 'later'))"
)
UNTOLD = (
    "NEW.kind = 'captivity' AND NOT EXISTS (SELECT 1 FROM disclosure_answer a WHERE a.enquiry_id = NEW.enquiry_id "
    "AND a.withdrawn_at IS NULL AND a.kind IN ('in_captivity', 'in_hospital'))"
)
CHANGED = (
    "NEW.kind <> OLD.kind OR NEW.payload_hash <> OLD.payload_hash OR NEW.proposal_id <> OLD.proposal_id "
    "OR NEW.code_index <> OLD.code_index OR NEW.expires_at <> OLD.expires_at OR NEW.enquiry_id <> OLD.enquiry_id "
    "OR (OLD.used_at IS NOT NULL AND (NEW.used_at IS NULL OR NEW.used_at <> OLD.used_at)) "
    "OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL)"
)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0006_papers"), ("decisions", "0002_two_people"), ("enquiries", "0001_initial")]
    operations = [
        refuse(
            TABLE, "disclosure_paper_approved", before="INSERT", condition=UNAPPROVED,
            message="a paper needs the approval of a second person over its content",
        ),
        refuse(
            TABLE, "disclosure_paper_kin", before="INSERT", condition=NO_KIN,
            message="a paper leaves at kinship level 2 or above and not against his wish",
        ),
        refuse(
            TABLE, "disclosure_paper_told", before="INSERT", condition=UNTOLD,
            message="a confirmation of captivity follows a standing answer",
        ),
        refuse(
            TABLE, "disclosure_paper_stands", before="UPDATE", condition=CHANGED,
            message="a paper that left is not changed, and a used code stays used",
        ),
    ]  # fmt: skip
