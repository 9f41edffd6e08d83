"""What the log says of the checkpoint."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Deed(TextChoices):
    LOOKED = "checkpoint.looked", _("looked at a pass")
    ISSUED = "checkpoint.issued", _("a pass was made out")
    REVOKED = "checkpoint.revoked", _("took a pass back")
    FOLLOWED = "checkpoint.followed", _("a journey changed: its passes were taken back and proposed anew")
    PRINTED = "checkpoint.printed", _("printed a pass")
    LISTED = "checkpoint.listed", _("made the day's list for a checkpoint")
    MERGED = "checkpoint.merged", _("handed in the log of a kit")
    USED_TWICE = "checkpoint.used_twice", _("a pass was let through twice")
