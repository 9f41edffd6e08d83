"""What the log says of decisions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Deed(TextChoices):
    PROPOSED = "decisions.proposed", _("proposed")
    APPROVED = "decisions.approved", _("approved as second person")
    REFUSED = "decisions.refused", _("refused as second person")
    VOIDED = "decisions.voided", _("took the proposal back")
    EXPIRED = "decisions.expired", _("the proposal expired")
