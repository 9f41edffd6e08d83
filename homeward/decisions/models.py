"""Proposals and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText


class RefusalReason(models.TextChoices):
    """Why a second person said no."""

    EVIDENCE = "evidence", _("The evidence does not carry it")
    WRONG_PERSON = "wrong_person", _("It may be another person")
    CONTENT = "content", _("The content has to change")
    HARM = "harm", _("It could harm someone")
    DISAGREES = "disagrees", _("The second person sees it otherwise")
    NOT_NOW = "not_now", _("Not at this time")
    OTHER = "other", _("Another reason")


class Proposal(models.Model):
    """One person's proposal, and a second person's yes or no. Kept 10 years; the database refuses its removal."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)  # the reference of what it is about
    payload = SealedJSON(key_class="staff")
    payload_hash = models.CharField(max_length=80)
    case_version = models.BigIntegerField(default=0)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)  # null: stands until somebody decides or voids it
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refusal_reason = models.CharField(max_length=20, choices=RefusalReason.choices, blank=True, default="")
    refusal_note = SealedText(key_class="staff", null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject"], name="proposals_of_a_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(approved_at__isnull=True, refused_at__isnull=True, voided_at__isnull=True),
                name="one_open_proposal",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="a_second_person_approves",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True) | ~Q(refused_by=F("proposed_by")), name="a_second_person_refuses"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="an_approval_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True, refused_at__isnull=True, refusal_reason="")
                | Q(refused_by__isnull=False, refused_at__isnull=False, refusal_reason__in=RefusalReason.values),
                name="a_refusal_has_its_time_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(refused_at__isnull=True), name="approved_or_refused_not_both"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(expires_at__isnull=True)
                | Q(approved_at__lte=F("expires_at")),
                name="nothing_expired_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("proposed_at")),
                name="a_proposal_stands_a_while",
            ),
            models.CheckConstraint(condition=~Q(payload_hash="") & ~Q(kind=""), name="a_proposal_says_what"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.reference}"

    @property
    def is_open(self) -> bool:
        """Whether somebody may still decide it."""
        return not (self.approved_at or self.refused_at or self.voided_at or self.is_expired)

    @property
    def is_expired(self) -> bool:
        """Whether its time ran out before anybody decided."""
        return self.expires_at is not None and self.approved_at is None and clock.now() > self.expires_at
