"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of the register."""

    READ = "register.read", _("read the entry")
    SEARCHED = "register.searched", _("searched the register")
    ENTERED = "register.entered", _("entered a capture card")
    CORRECTED = "register.corrected", _("corrected a field")
    EVENT_RECORDED = "register.event_recorded", _("recorded an event")
    EVENT_CANCELLED = "register.event_cancelled", _("cancelled an event")
    JOINED = "register.joined", _("joined two entries as one man")
    SEPARATED = "register.separated", _("separated joined entries")
    DOUBT_SETTLED = "register.doubt_settled", _("looked at a doubtful row")
    TOLD_APART = "register.told_apart", _("said that two entries are two men")
    PRINTED = "register.printed", _("printed the capture card")
