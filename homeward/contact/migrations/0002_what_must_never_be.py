"""No message to many without two people; a posting that ended stays ended; a chosen group is not changed afterwards."""

from django.db import migrations

from homeward.decisions.triggers import require_approval
from homeward.lib.triggers import refuse

NOT_DRAFT = "(SELECT c.state FROM contact_campaign c WHERE c.id = {row}.campaign_id) <> 'draft'"
NOT_RUNNING = (
    "NEW.campaign_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact_campaign c JOIN contact_campaignfamily f "
    "ON f.campaign_id = c.id WHERE c.id = NEW.campaign_id AND c.state = 'running' AND f.once_for = NEW.once_for)"
)


class Migration(migrations.Migration):
    dependencies = [("contact", "0001_initial"), ("decisions", "0002_two_people")]
    operations = [
        *require_approval(
            "contact_campaign", kind="contact.campaign", when="NEW.state IN ('running', 'paused')", subject="reference"
        ),
        refuse(
            "contact_campaign", "contact_campaign_stays", before="UPDATE",
            condition="OLD.state <> 'draft' AND (NEW.payload_hash <> OLD.payload_hash OR NEW.group_hash <> OLD.group_hash "
            "OR NEW.texts <> OLD.texts)",
            message="what was proposed is not changed",
        ),
        refuse(
            "contact_campaignfamily", "contact_family_chosen_before", before="INSERT",
            condition=NOT_DRAFT.format(row="NEW"), message="the group of a proposed message is not changed",
        ),
        refuse(
            "contact_campaignfamily", "contact_family_stays_chosen", before="DELETE",
            condition=NOT_DRAFT.format(row="OLD"), message="the group of a proposed message is not changed",
        ),
        refuse(
            "contact_message", "contact_message_of_the_group", before="INSERT",
            condition=NOT_RUNNING, message="only the approved group is written to, while it is being sent",
        ),
        refuse(
            "contact_posting", "contact_posting_ends_once", before="UPDATE",
            condition="OLD.state IN ('done', 'failed', 'unsure') AND NEW.state <> OLD.state",
            message="a posting that ended stays ended",
        ),
        refuse(
            "contact_posting", "contact_posting_begins_first", before="UPDATE",
            condition="NEW.state IN ('done', 'unsure') AND OLD.state = 'waiting'",
            message="a posting is begun before it is done",
        ),
    ]  # fmt: skip
