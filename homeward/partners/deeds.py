"""What the audit tree records of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """The audited deeds of partners."""

    AGREED = "partners.agreed", _("changed the agreement with a partner")
    KEY_MADE = "partners.key_made", _("made a key for a partner")
    KEY_ENDED = "partners.key_ended", _("ended a partner's key")
    REFERRED = "partners.referred", _("a partner referred enquiries")
    EXPORTED = "partners.exported", _("records went to a partner")
    CLEARED = "partners.cleared", _("a record was cleared for a partner")
    CLEARANCE_ENDED = "partners.clearance_ended", _("a partner's clearance ended")
