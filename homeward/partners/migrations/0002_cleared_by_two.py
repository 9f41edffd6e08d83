"""No record is cleared for a partner without a second person's approval, for that enquiry and that content."""

from django.db import migrations

from homeward.decisions.triggers import require_approval
from homeward.lib.triggers import refuse

TABLE = "partners_clearance"
ANOTHER = (
    "NOT EXISTS (SELECT 1 FROM decisions_proposal p JOIN enquiries_enquiry e ON e.reference = p.subject "
    "WHERE p.id = NEW.proposal_id AND e.id = NEW.enquiry_id)"
)
NO_AGREEMENT = (
    "NOT EXISTS (SELECT 1 FROM partners_agreement a WHERE a.partner_id = NEW.partner_id AND a.receives_records)"
)
BEFORE_HER = (
    "NEW.status = 'believed_alive' AND NOT EXISTS (SELECT 1 FROM disclosure_answer a JOIN disclosure_kinship k "
    "ON k.enquiry_id = a.enquiry_id WHERE a.enquiry_id = NEW.enquiry_id AND a.withdrawn_at IS NULL "
    "AND a.kind IN ('in_captivity', 'in_hospital') AND k.level >= 2 AND k.wish = 'now')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
        ("decisions", "0002_two_people"),
        ("disclosure", "0005_kinship_keeps"),
    ]
    operations = [
        *require_approval(TABLE, kind="partners.record"),
        refuse(
            TABLE, "partners_clearance_its_own", before="INSERT", condition=ANOTHER,
            message="the approval of a record is that of this enquiry",
        ),
        refuse(
            TABLE, "partners_clearance_agreed", before="INSERT", condition=NO_AGREEMENT,
            message="this partner may not receive records",
        ),
        refuse(
            TABLE, "partners_clearance_after_her", before="INSERT", condition=BEFORE_HER,
            message="a partner learns nothing before the family, nor without his word",
        ),
    ]  # fmt: skip
