"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of contact."""

    WISHES_SET = "contact.wishes_set", _("noted how the family wishes to be reached")
    WISHES_GONE = "contact.wishes_gone", _("forgot how the family is reached")
    RUNG = "contact.rung", _("rang the family's doorbell")
    SENT = "contact.sent", _("sent a neutral message")
    UNSURE = "contact.unsure", _("does not know whether a message arrived")
    NOT_REACHED = "contact.not_reached", _("could not reach the family by message")
    CALLED_BACK = "contact.called_back", _("finished a call-back")
    CAMPAIGN_STARTED = "contact.campaign_started", _("started a message to many families")
    CAMPAIGN_PAUSED = "contact.campaign_paused", _("paused a message to many families")
    CAMPAIGN_RESUMED = "contact.campaign_resumed", _("resumed a message to many families")
