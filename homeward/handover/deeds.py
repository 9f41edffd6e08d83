"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of the handover."""

    EXPECTED = "handover.expected", _("family expected at the meeting point")
    RECEIVED = "handover.received", _("received a family against its document")
    NOT_RECEIVED = "handover.not_received", _("did not receive: not come, or another person")
    CONVOY_PLANNED = "handover.convoy_planned", _("planned a convoy")
    SEATED = "handover.seated", _("gave families their seats")
    LEFT = "handover.convoy_left", _("convoy left")
    CAME = "handover.convoy_came", _("convoy came")
    LOOKED = "handover.looked", _("looked at a handover")
    SIGNED = "handover.signed", _("handover signed")
    NOT_DONE = "handover.not_done", _("handover ended otherwise")
    RECEIPT = "handover.receipt", _("receipt sealed")
    SYNCED_AGAIN = "handover.synced_again", _("the same handover came in once more")
    FOLLOWED_UP = "handover.followed_up", _("contact after the handover")
