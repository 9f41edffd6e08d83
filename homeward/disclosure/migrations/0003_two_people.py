"""No answer without a second person's approval over its content; no fate without a confirmed match of the same man."""

from django.db import migrations

from homeward.decisions.triggers import require_approval
from homeward.lib.triggers import refuse

TABLE = "disclosure_answer"
# The match must be confirmed, and be of the sought person whom the enquiry seeks.
UNFOUNDED = (
    "NEW.kind <> 'no_information' AND NOT EXISTS (SELECT 1 FROM tracing_potentialmatch m "
    "JOIN enquiries_enquiry e ON e.sought_id = m.sought_id "
    "WHERE m.id = NEW.match_id AND e.id = NEW.enquiry_id AND m.state = 'confirmed')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0002_initial"),
        ("decisions", "0002_two_people"),
        ("tracing", "0001_initial"),
        ("enquiries", "0001_initial"),
    ]
    operations = [
        *require_approval(TABLE, kind="disclosure.answer", when="NEW.withdrawn_at IS NULL"),
        refuse(
            TABLE,
            "disclosure_answer_founded_insert",
            before="INSERT",
            condition=UNFOUNDED,
            message="an answer about a fate rests on a confirmed match",
        ),
        refuse(
            TABLE,
            "disclosure_answer_content_stands",
            before="UPDATE",
            condition="NEW.payload_hash <> OLD.payload_hash OR NEW.kind <> OLD.kind OR NEW.enquiry_id <> OLD.enquiry_id "
            "OR NEW.proposal_id <> OLD.proposal_id",
            message="the content of an answer is not changed",
        ),
    ]
