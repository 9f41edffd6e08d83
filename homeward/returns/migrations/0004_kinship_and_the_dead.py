"""No family is invited at less than kinship level 2, none receives him at less than 3; no last return before a person has told
the family by a call; what is known of a death and a grave is added to, never changed.
"""

from django.db import migrations

from homeward.lib.triggers import append_only, refuse
from homeward.returns.triggers import TABLE, unrelated_sql

REMAINS = "returns_remains"
UNTOLD = (
    "NOT EXISTS (SELECT 1 FROM disclosure_calltry t JOIN disclosure_answer a ON a.id = t.answer_id "
    "WHERE a.enquiry_id = NEW.enquiry_id AND t.outcome = 'told')"
)


class Migration(migrations.Migration):
    dependencies = [("returns", "0003_notices_and_the_dead"), ("disclosure", "0005_kinship_keeps")]
    operations = [
        refuse(
            TABLE,
            "return_goes_to_kin",
            before="UPDATE",
            condition=unrelated_sql(),
            message="the kinship is not proven far enough",
        ),
        *(
            refuse(
                REMAINS,
                f"remains_after_the_call_{verb.lower()}",
                before=verb,
                condition=UNTOLD,
                message="a person tells the family first",
            )
            for verb in ("INSERT", "UPDATE")
        ),
        *append_only("returns_deathrecord"),
        refuse(
            "returns_notice",
            "notice_says_what_it_said",
            before="UPDATE",
            condition="NEW.content_hash <> OLD.content_hash OR NEW.kind <> OLD.kind OR NEW.entry_id <> OLD.entry_id "
            "OR NEW.recipient <> OLD.recipient OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS NULL)",
            message="a notice is not changed",
        ),
        *append_only("returns_notice", updates=False),
        refuse(
            "returns_item",
            "item_into_an_open_packet",
            before="INSERT",
            condition="EXISTS (SELECT 1 FROM returns_packet p WHERE p.id = NEW.packet_id AND p.sealed_at IS NOT NULL)",
            message="a sealed packet is not filled",
        ),
        refuse(
            "returns_item",
            "item_stays_in_a_sealed_packet",
            before="DELETE",
            condition="EXISTS (SELECT 1 FROM returns_packet p WHERE p.id = OLD.packet_id AND p.sealed_at IS NOT NULL)",
            message="a sealed packet is not emptied",
        ),
        refuse(
            "returns_item",
            "item_stands_as_listed",
            before="UPDATE",
            # The sealed text may be sealed anew when keys are rotated.
            condition="(NEW.packet_id <> OLD.packet_id OR NEW.kind <> OLD.kind OR NEW.count <> OLD.count "
            "OR NEW.currency <> OLD.currency OR COALESCE(NEW.amount, -1) <> COALESCE(OLD.amount, -1)) AND EXISTS "
            "(SELECT 1 FROM returns_packet p WHERE p.id = OLD.packet_id AND p.sealed_at IS NOT NULL)",
            message="the list of a sealed packet is not changed",
        ),
        refuse(
            "returns_packet",
            "packet_stays_sealed",
            before="UPDATE",
            condition="OLD.sealed_at IS NOT NULL AND (NEW.sealed_at IS NULL OR NEW.entry_id <> OLD.entry_id "
            "OR NEW.seal_number <> OLD.seal_number)",
            message="a seal is not taken back",
        ),
    ]
