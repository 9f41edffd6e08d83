"""What the log says of the signer."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Deed(TextChoices):
    PASS_SIGNED = "signer.pass", _("signed a travel pass")
    RECEIPT_SIGNED = "signer.receipt", _("signed a handover receipt")
    MANIFEST_SIGNED = "signer.manifest", _("signed a list of travellers")
    REVOCATIONS_SIGNED = "signer.revocations", _("signed the list of revoked passes")
