"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of tracing."""

    COMPARED = "tracing.compared", _("looked at the comparison")
    SEARCHED = "tracing.searched", _("searched the register while filing an enquiry")
    NOT_THE_SAME = "tracing.not_the_same", _("said: not the same person")
    UNSURE = "tracing.unsure", _("unsure, asked a question")
    ANSWERED = "tracing.answered", _("answered a question about an entry")
    UNDONE = "tracing.undone", _("took a judgement back")
