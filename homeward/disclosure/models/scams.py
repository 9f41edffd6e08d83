"""Scam texts that families report, the waves they come in, and the warning the family site shows."""

from django.db import models
from django.db.models import Q

from homeward.decisions.models import Proposal
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references
from homeward.lib.sealed import SealedText


class ScamWave(models.Model):
    """Reports whose texts are nearly equal. Kept 24 months after the last one."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    # What near-equal texts are found by (see `likeness.py`); nothing can be read from it.
    signature = models.BinaryField(max_length=256, editable=False)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now, db_index=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.reference


class ScamReport(models.Model):
    """One text as a family was sent it. Who reported it is not kept. Kept 12 months."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    wave = models.ForeignKey(ScamWave, on_delete=models.CASCADE, related_name="reports")
    text = SealedText(key_class="family")
    language = models.CharField(max_length=5)  # of the page on which it was reported
    reported_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.reference


class Warning(models.Model):
    """What the family site says of a wave, in its four languages, as two people approved it. Kept 10 years: it was public.

    The database refuses a row without an approved proposal over the same words (trigger in migration 0009).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    wave = models.ForeignKey(ScamWave, on_delete=models.SET_NULL, null=True, related_name="warnings")
    text_uk = models.TextField()
    text_ru = models.TextField()
    text_en = models.TextField()
    text_fr = models.TextField()
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="+")
    payload_hash = models.CharField(max_length=80)
    shown_from = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    stands = models.BooleanField(default=True, editable=False)  # the same in every row: of those not ended one may be

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stands=True), name="warning_stands_until_ended"),
            models.UniqueConstraint(
                fields=["stands"], condition=Q(ended_at__isnull=True), name="one_warning_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def in_language(self, language: str) -> str:
        """Its words; English where the language is none of the four."""
        text: str = getattr(self, f"text_{language}", self.text_en)
        return text


class WarningSeen(models.Model):
    """That a family's own page showed her the warning. Kept as long as the warning or the enquiry."""

    warning = models.ForeignKey(Warning, on_delete=models.CASCADE, related_name="seen")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "enquiry"], name="a_warning_is_seen_once")]

    def __str__(self) -> str:
        return f"warning {self.warning_id} seen"
