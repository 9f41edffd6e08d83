"""Agreements with partners, their keys, what they referred, and what they may receive."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import Proposal
from homeward.enquiries.models import Enquiry, Partner
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON


class Agreement(models.Model):
    """How much a partner may bring, and whether it may receive records. Kept while it works with the bureau."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="agreement")
    a_minute = models.PositiveIntegerField(_("Requests a minute"), default=120)
    a_day = models.PositiveIntegerField(_("Referrals a day"), default=5000)
    is_open = models.BooleanField(_("May refer enquiries"), default=True)
    receives_records = models.BooleanField(_("May receive cleared records (PFIF)"), default=False)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"agreement with {self.partner_id}"


class Key(models.Model):
    """A key of the partners' interface: shown once, kept as a keyed hash. Kept 12 months after its end."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="keys")
    key_index = models.BinaryField(max_length=16, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.reference


class Referral(models.Model):
    """One enquiry a partner referred. Its content is kept until it is filed; the row as long as the enquiry."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        FILED = "filed", _("filed")
        REFUSED = "refused", _("refused")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="referrals")
    number = models.CharField(max_length=60)
    content = SealedJSON(key_class="family", null=True)
    content_index = models.BinaryField(max_length=16, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    enquiry = models.OneToOneField(Enquiry, on_delete=models.SET_NULL, null=True, related_name="referral")
    received_at = models.DateTimeField(default=clock.now)
    filed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "number"], name="a_number_is_referred_once"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "filed", "refused"]), name="referral_has_a_state"),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(content__isnull=False), name="waiting_has_content"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "id"], name="referrals_waiting", condition=Q(state="waiting")),
            models.Index(fields=["partner", "received_at"], name="referrals_of_a_day"),
        ]

    def __str__(self) -> str:
        return self.reference


class Clearance(models.Model):
    """That one partner may receive one family's record, by two people, with the family's consent. Kept 12 months after it ends.

    The database refuses a row without an approved proposal over the same content (trigger in migration 0002).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="clearances")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="clearances")
    status = models.CharField(max_length=20, blank=True, default="")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="+")
    payload_hash = models.CharField(max_length=80)
    cleared_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "enquiry"], name="one_clearance_per_partner_and_enquiry")
        ]

    def __str__(self) -> str:
        return self.reference
