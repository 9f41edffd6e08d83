"""Approved answers, and the calls by which grave news is told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import Proposal
from homeward.disclosure.kinds import Kind
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references
from homeward.lib.sealed import SealedText
from homeward.tracing.models import PotentialMatch


class Answer(models.Model):
    """What one enquirer is told, as two people decided it. The row exists only once approved. Kept as long as the enquiry.

    The database refuses a row without an approved proposal over the same content, and a fate without a confirmed match
    of the same sought person (triggers in migration 0003).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="answers")
    match = models.ForeignKey(PotentialMatch, on_delete=models.PROTECT, null=True, related_name="answers")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    text = SealedText(key_class="family", null=True)
    payload_hash = models.CharField(max_length=80)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="answer")
    approved_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="answer_has_a_kind"),
            models.CheckConstraint(
                condition=Q(kind="no_information") | Q(match__isnull=False), name="a_fate_rests_on_a_match"
            ),
            models.CheckConstraint(
                condition=(Q(kind="call") & Q(text__isnull=True)) | (~Q(kind="call") & Q(text__isnull=False)),
                name="grave_news_is_never_written",
            ),
            models.UniqueConstraint(
                fields=["enquiry"], condition=Q(withdrawn_at__isnull=True), name="one_standing_answer_per_enquiry"
            ),
        ]
        indexes = [models.Index(fields=["kind", "approved_at"], name="answers_by_kind")]

    def __str__(self) -> str:
        return self.reference


class CallOutcome(models.TextChoices):
    """What became of a try to call."""

    TOLD = "told", _("The family was told")
    NOT_REACHED = "not_reached", _("Not reached")
    ASKED_LATER = "asked_later", _("Asked to be called later")
    WRONG_NUMBER = "wrong_number", _("The number is wrong")


class CallTry(models.Model):
    """One try to tell a family grave news by a call. Kept as long as the answer."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="tries")
    outcome = models.CharField(max_length=16, choices=CallOutcome.choices)
    note = SealedText(key_class="family", null=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(default=clock.now)
    next_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=CallOutcome.values), name="call_has_an_outcome"),
            models.UniqueConstraint(fields=["answer"], condition=Q(outcome="told"), name="a_family_is_told_once"),
        ]

    def __str__(self) -> str:
        return self.reference
