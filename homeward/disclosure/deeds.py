"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of disclosure."""

    LOOKED = "disclosure.looked", _("looked at a proposed answer")
    CALL_TRIED = "disclosure.call_tried", _("tried to call the family")
    CALL_MADE = "disclosure.call_made", _("told the family in a call")
    EVIDENCE_ADDED = "disclosure.evidence_added", _("added evidence of kinship")
    EVIDENCE_SET_ASIDE = "disclosure.evidence_set_aside", _("set evidence of kinship aside")
    KINSHIP_READ = "disclosure.kinship_read", _("looked at the evidence of kinship")
    KINSHIP_RAISED = "disclosure.kinship_raised", _("raised the level of kinship")
    KINSHIP_LOWERED = "disclosure.kinship_lowered", _("took the level of kinship back")
    STATEMENT_RECORDED = "disclosure.statement_recorded", _("recorded what the prisoner said of a relative")
    ANSWER_OPENED = "disclosure.answer_opened", _("the family opened the answer")
    ANSWER_KEPT = "disclosure.answer_kept", _("the family keeps the answer")
    ANSWER_PUT_AWAY = "disclosure.answer_put_away", _("the family put the answer away")
    PAPER_ISSUED = "disclosure.paper_issued", _("printed an official paper")
    PAPER_REVOKED = "disclosure.paper_revoked", _("revoked an official paper")
    SCAM_REPORTED = "disclosure.scam_reported", _("a scam text was reported")
    SCAM_READ = "disclosure.scam_read", _("read reported scam texts")
    WARNING_SHOWN = "disclosure.warning_shown", _("a warning stands on the family site")
    WARNING_ENDED = "disclosure.warning_ended", _("ended a warning")
