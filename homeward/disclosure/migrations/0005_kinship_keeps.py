"""Kinship keeps to its approvals, and a fate needs level 2 and is not told against the prisoner's wish."""

from django.db import migrations

from homeward.decisions.triggers import approved_proposal_sql
from homeward.lib.triggers import refuse

KINSHIP, ANSWER = "disclosure_kinship", "disclosure_answer"
_TWO = approved_proposal_sql(kind="disclosure.kinship_2")
_THREE = approved_proposal_sql(kind="disclosure.kinship_3")
UNVERIFIED = f"(NEW.level = 2 AND {_TWO}) OR (NEW.level = 3 AND {_THREE})"
# The subject of the proposal is the reference of this very enquiry, and its two people are those the row names.
OTHERS = (
    "NEW.level >= 2 AND NOT EXISTS (SELECT 1 FROM decisions_proposal p JOIN enquiries_enquiry e ON e.reference = p.subject "
    "WHERE p.id = NEW.proposal_id AND e.id = NEW.enquiry_id AND p.proposed_by_id = NEW.verified_by_id "
    "AND p.approved_by_id = NEW.confirmed_by_id)"
)
# 'not' keeps everything back; 'later' keeps back what is written (grave news is told by a person, who knows of it).
TOLD = "a.withdrawn_at IS NULL AND a.kind <> 'no_information'"
SINKS = (
    f"EXISTS (SELECT 1 FROM {ANSWER} a WHERE a.enquiry_id = NEW.enquiry_id AND {TOLD} "
    "AND (NEW.level < 2 OR NEW.wish = 'not' OR (NEW.wish = 'later' AND a.kind <> 'call')))"
)
UNTELLABLE = (
    "NEW.withdrawn_at IS NULL AND NEW.kind <> 'no_information' AND NOT EXISTS (SELECT 1 FROM disclosure_kinship k "
    "WHERE k.enquiry_id = NEW.enquiry_id AND k.level >= 2 AND k.wish <> 'not' "
    "AND (k.wish <> 'later' OR NEW.kind = 'call'))"
)
PARTIAL = (
    "EXISTS (SELECT 1 FROM decisions_proposal p JOIN disclosure_kinship k ON k.enquiry_id = NEW.enquiry_id "
    "WHERE p.id = NEW.proposal_id AND (p.approved_by_id = k.verified_by_id OR p.approved_by_id = k.confirmed_by_id "
    "OR EXISTS (SELECT 1 FROM disclosure_evidence v WHERE v.kinship_id = k.id AND v.checked_by_id = p.approved_by_id)))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0004_kinship"),
        ("decisions", "0002_two_people"),
        ("enquiries", "0001_initial"),
    ]
    operations = [
        *(
            step
            for verb in ("INSERT", "UPDATE")
            for step in (
                refuse(
                    KINSHIP, f"disclosure_kinship_approved_{verb.lower()}", before=verb, condition=UNVERIFIED,
                    message="kinship of level 2 or 3 needs the approval of a second person",
                ),
                refuse(
                    KINSHIP, f"disclosure_kinship_its_own_{verb.lower()}", before=verb, condition=OTHERS,
                    message="the approval of a kinship is that of this enquiry",
                ),
                refuse(
                    ANSWER, f"disclosure_answer_kin_{verb.lower()}", before=verb, condition=UNTELLABLE,
                    message="a fate is told at kinship level 2 or above and not against his wish",
                ),
            )
        ),
        refuse(
            KINSHIP, "disclosure_kinship_carries_answers", before="UPDATE", condition=SINKS,
            message="a standing answer rests on this kinship",
        ),
        refuse(
            ANSWER, "disclosure_answer_impartial", before="INSERT", condition=PARTIAL,
            message="who verified the kinship does not approve what is told",
        ),
        # Not append-only: with an erased enquiry its steps go.
        refuse(
            "disclosure_kinshipstep", "disclosure_kinshipstep_stands", before="UPDATE", condition="1 = 1",
            message="a step of kinship is never changed",
        ),
    ]  # fmt: skip
