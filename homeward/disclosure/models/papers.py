"""Answers that were read, official papers, and the checking of their codes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import Proposal
from homeward.disclosure.models.answers import Answer
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references


class AnswerReading(models.Model):
    """That she opened her answer, and whether she keeps it. Kept as long as the answer."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="reading")
    opened_at = models.DateTimeField(default=clock.now)
    kept_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"reading of {self.answer_id}"


class PaperKind(models.TextChoices):
    """The official papers of the house. Each is proposed under its own kind: `disclosure.paper.<value>`."""

    CAPTIVITY = "captivity", _("Confirmation of captivity")
    INVITATION = "invitation", _("Invitation")


class Paper(models.Model):
    """An official paper that was handed out. Its content lies sealed in the proposal; the code only as a keyed hash.

    Kept 10 years, as the proposal. The database refuses a row without an approved proposal of its kind over the same hash
    and without kinship at level 2 (triggers in migration 0007).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="papers")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="paper")
    payload_hash = models.CharField(max_length=80)
    code_index = models.BinaryField(max_length=16, unique=True, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_has_a_kind")]

    def __str__(self) -> str:
        return self.reference


class Outcome(models.TextChoices):
    """What the checking of a code says: of the paper, never of anybody."""

    VALID = "valid", _("valid")
    USED = "used", _("already used")
    EXPIRED = "expired", _("expired")
    UNKNOWN = "unknown", _("unknown")


class Check(models.Model):
    """Somebody checked a code. Neither the code nor who asked is kept. Kept 90 days."""

    asked_at = models.DateTimeField(default=clock.now, db_index=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="check_has_an_outcome")]

    def __str__(self) -> str:
        return self.outcome
