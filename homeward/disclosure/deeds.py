"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of disclosure."""

    LOOKED = "disclosure.looked", _("looked at a proposed answer")
    CALL_TRIED = "disclosure.call_tried", _("tried to call the family")
    CALL_MADE = "disclosure.call_made", _("told the family in a call")
