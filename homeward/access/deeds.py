"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of access."""

    ACCOUNT_MADE = "access.account_made", _("made an account")
    ROLES_SET = "access.roles_set", _("set the roles of an account")
    ACCOUNT_CLOSED = "access.account_closed", _("closed an account")
    ACCOUNT_OPENED = "access.account_opened", _("opened a closed account")
    READING_ALARM = "access.reading_alarm", _("opened very many records")
    ALARM_LIFTED = "access.alarm_lifted", _("settled an alarm about very many records")
