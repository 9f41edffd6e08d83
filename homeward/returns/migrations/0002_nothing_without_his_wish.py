"""No state jumps, no step beyond the decision without a second person's approval over the exact list, none towards the family
without his own wish of the last thirty days; wishes are never rewritten; who stands on a decided list stays as decided.
"""

from django.db import migrations

from homeward.lib.triggers import append_only, refuse
from homeward.returns.triggers import TABLE, WITH_FAMILY_SQL, jump_sql, unapproved_sql, wishless_sql

WISH = "returns_wish"
DECIDED = "EXISTS (SELECT 1 FROM returns_release r WHERE r.id = {row}.release_id AND r.proposal_id IS NOT NULL)"
CONTENT = (
    "NEW.release_id <> OLD.release_id OR NEW.entry_id <> OLD.entry_id OR NEW.enquiry_id <> OLD.enquiry_id "
    "OR NEW.basis <> OLD.basis OR NEW.category <> OLD.category OR NEW.recipient <> OLD.recipient "
    "OR NEW.valid_until <> OLD.valid_until OR NEW.reference <> OLD.reference"
)


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial"), ("decisions", "0002_two_people")]
    operations = [
        refuse(
            TABLE,
            "return_begins_proposed",
            before="INSERT",
            condition=f"NEW.state <> 'proposed' OR {DECIDED.format(row='NEW')}",
            message="a return begins proposed, on a list not yet decided",
        ),
        refuse(TABLE, "return_does_not_jump", before="UPDATE", condition=jump_sql(), message="a return does not jump"),
        refuse(
            TABLE,
            "return_is_approved",
            before="UPDATE",
            condition=unapproved_sql(),
            message="a return needs the approval of a second person",
        ),
        refuse(
            TABLE,
            "return_follows_his_wish",
            before="UPDATE",
            condition=wishless_sql("sqlite"),
            condition_postgresql=wishless_sql("postgresql"),
            message="nothing proceeds without his current wish",
        ),
        refuse(
            TABLE,
            "return_within_its_time",
            before="UPDATE",
            condition=f"NEW.state <> OLD.state AND NEW.state IN {WITH_FAMILY_SQL} AND NEW.state_on > NEW.valid_until",
            message="the release has run out",
        ),
        refuse(
            TABLE,
            "return_days_run_forward",
            before="UPDATE",
            condition="NEW.state_on < OLD.state_on",
            message="the day of a state never runs backwards",
        ),
        refuse(
            TABLE,
            "return_stands_as_decided",
            before="UPDATE",
            condition=f"({CONTENT}) AND {DECIDED.format(row='OLD')}",
            message="what was decided over is not changed",
        ),
        refuse(
            TABLE,
            "return_joins_no_decided_list",
            before="UPDATE",
            condition=f"NEW.release_id <> OLD.release_id AND {DECIDED.format(row='NEW')}",
            message="nobody joins a list that was decided over",
        ),
        refuse(
            TABLE,
            "return_stays_listed",
            before="DELETE",
            condition=DECIDED.format(row="OLD"),
            message="what was decided over is not removed",
        ),
        refuse(
            "returns_release",
            "release_stands_as_proposed",
            before="UPDATE",
            # A refused proposal may be followed by another; an approved one not.
            condition="NEW.reference <> OLD.reference OR (OLD.proposal_id IS NOT NULL AND EXISTS "
            "(SELECT 1 FROM decisions_proposal p WHERE p.id = OLD.proposal_id AND p.approved_at IS NOT NULL) "
            "AND (NEW.proposal_id IS NULL OR NEW.proposal_id <> OLD.proposal_id OR NEW.payload_hash <> OLD.payload_hash))",
            message="a decided release is not changed",
        ),
        *append_only(WISH, updates=False),
        refuse(
            WISH,
            "wish_is_not_rewritten",
            before="UPDATE",
            condition="NEW.return_of_id <> OLD.return_of_id OR NEW.says <> OLD.says OR NEW.said_on <> OLD.said_on "
            "OR NEW.was_alone <> OLD.was_alone OR NEW.asked_by_id <> OLD.asked_by_id "
            "OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL)",
            message="what he said is not rewritten",
        ),
    ]
