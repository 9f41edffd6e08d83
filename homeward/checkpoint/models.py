"""Passes, the day's lists, and what the kits recorded."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from homeward.checkpoint.kit.words import LANGUAGES, all_words, word
from homeward.decisions.models import Proposal
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText


class RevokedBecause(models.TextChoices):
    """Why a pass was taken back."""

    WRONG_DATA = "wrong_data", _("something in it is wrong")
    OTHER_DAY = "other_day", _("she travels on another day or another way")
    LOST = "lost", _("lost or stolen")
    NOT_TRAVELLING = "not_travelling", _("the journey does not take place")
    MISUSE = "misuse", _("somebody else used it, or tried to")


class Pass(models.Model):
    """Somebody who may be let through at a checkpoint, as two people decided it. Kept 90 days after it ends.

    The row exists only once approved (trigger in migration 0002). What it says of the traveller is sealed under the family's key,
    for it stands on her own page. `text` is the signed pass; it is empty until the signer has signed, and stays empty where no code was
    wished: the day's list holds her all the same.
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.ForeignKey(
        Enquiry, on_delete=models.PROTECT, null=True, related_name="passes"
    )  # on whose page it stands
    journey = models.CharField(max_length=20, blank=True, default="")  # the journey's reference
    pass_id = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=9, unique=True)
    point = models.CharField(max_length=20)
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    holder = SealedJSON(key_class="family")
    with_code = models.BooleanField()
    text = SealedText(key_class="family", null=True)
    signed_at = models.DateTimeField(null=True)
    payload_hash = models.CharField(max_length=80)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="travel_pass")
    approved_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_because = models.CharField(max_length=20, choices=RevokedBecause.choices, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["point", "window_from"], name="passes_of_a_day"),
            models.Index(fields=["journey"], name="passes_of_a_journey", condition=~Q(journey="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(window_from__lt=F("window_until")), name="a_window_opens_and_closes"),
            models.CheckConstraint(
                condition=Q(not_before__lte=F("window_from"), expires_at__gte=F("window_until")),
                name="a_pass_holds_in_its_window",
            ),
            models.CheckConstraint(
                condition=Q(text__isnull=True, signed_at__isnull=True)
                | Q(text__isnull=False, signed_at__isnull=False, with_code=True),
                name="a_signed_pass_has_its_text",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_because="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, revoked_because__in=RevokedBecause.values),
                name="a_revocation_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def printed_number(self) -> str:
        """The number as people read it: eight digits in fours and the check digit."""
        return references.tidy(self.number)

    @property
    def is_over(self) -> bool:
        """Whether its time has ended."""
        return self.expires_at < clock.now()


class DayList(models.Model):
    """A list of travellers as it was made for one checkpoint and day.

    `file` is the kit file; the list in it is sealed under a PIN that is kept nowhere. It is removed after 72 hours, the line stays
    10 years.
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    day = models.DateField()
    point = models.CharField(max_length=20)
    travellers = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["point", "day"], name="lists_of_a_day")]

    def __str__(self) -> str:
        return self.reference


class KitEntry(models.Model):
    """One line of a kit's log, merged in. Codes and random ids only; kept 10 years, never changed."""

    entry_id = models.CharField(max_length=64, unique=True)
    kit = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    checked_at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    pass_id = models.CharField(max_length=32, blank=True)
    colour = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=24)
    through = models.BooleanField()
    before = models.CharField(max_length=64)
    merged_at = models.DateTimeField(default=clock.now)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["pass_id", "checked_at"], name="checks_of_a_pass", condition=~Q(pass_id="")),
            models.Index(fields=["kit", "number"], name="lines_of_a_kit"),
        ]

    def __str__(self) -> str:
        return f"{self.kit} {self.number}"

    @property
    def in_words(self) -> str:
        """The reason as the kit says it, in the reader's language."""
        language = (get_language() or "en")[:2]
        name = f"reason.{self.reason}"
        return word(name, language if language in LANGUAGES else "en") if name in all_words() else self.reason
