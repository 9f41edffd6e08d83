"""Potential matches and the judgements on them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import Proposal
from homeward.enquiries.models import Enquiry, SoughtPerson
from homeward.lib import clock, references
from homeward.lib.sealed import SealedText
from homeward.register.models import Entry

# How likely a pair must be to wait on the tracer's worklist. Below it the pair is kept and shown with its siblings.
WORTH_A_LOOK = 0.02


class MatchState(models.TextChoices):
    """The life of a potential match (DESIGN.md §5)."""

    POTENTIAL = "potential", _("potential")
    CONFIRMED = "confirmed", _("confirmed by two persons")
    NOT_THE_SAME = "not_the_same", _("not the same person")
    SUPERSEDED = "superseded", _("another match was confirmed")
    RESOLVED = "resolved", _("settled")


class PotentialMatch(models.Model):
    """A sought person and a register entry that may be the same man.

    Kept as long as both stand; pairs judged "not the same" are remembered, so that nobody is asked twice.
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    sought = models.ForeignKey(SoughtPerson, on_delete=models.CASCADE, related_name="matches")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="matches")
    # The enquiry whose words resemble the entry most.
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="+")
    bits = models.FloatField()
    probability = models.FloatField()
    rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=MatchState.choices, default=MatchState.POTENTIAL)
    waits_for_answer = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField(default=clock.now)
    scored_at = models.DateTimeField(default=clock.now)
    same_said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    same_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="+")
    superseded_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="supersedes")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sought", "entry"], name="one_match_per_pair"),
            models.UniqueConstraint(
                fields=["sought"], condition=Q(state="confirmed"), name="one_confirmed_match_per_sought_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(same_said_by__isnull=False, same_confirmed_by__isnull=False, proposal__isnull=False)
                & ~Q(same_said_by=F("same_confirmed_by")),
                name="two_people_confirm",
            ),
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="match_has_a_state"),
            models.CheckConstraint(condition=Q(probability__gte=0) & Q(probability__lte=1), name="match_probability"),
        ]
        indexes = [
            models.Index(fields=["state", "-probability", "id"], name="match_by_strength"),
            models.Index(fields=["state", "first_seen_at"], name="match_by_age"),
            models.Index(
                fields=["state", "first_seen_at"], name="match_for_second", condition=Q(same_said_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The comparison page."""
        from django.urls import reverse

        return reverse("tracing:compare", args=[self.reference])


class Verdict(models.TextChoices):
    """What a person said about a pair."""

    SAME = "same", _("the same person")
    SAME_CONFIRMED = "same_confirmed", _("the same person, said by a second one")
    NOT_THE_SAME = "not_the_same", _("not the same person")
    UNSURE = "unsure", _("unsure")


class Judgement(models.Model):
    """One person's word on a pair. Never changed; undone by a second line of its own columns. Kept as long as the match."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    match = models.ForeignKey(PotentialMatch, on_delete=models.CASCADE, related_name="judgements")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    note = SealedText(key_class="register", null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="undoing_has_a_person_and_a_time",
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="judgement_has_a_verdict"),
        ]

    def __str__(self) -> str:
        return self.reference


class EntryQuestion(models.Model):
    """A tracer's question to the registrar about an entry, and the answer. Kept as long as the match."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    match = models.ForeignKey(PotentialMatch, on_delete=models.CASCADE, related_name="entry_questions")
    text = SealedText(key_class="register")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answer = SealedText(key_class="register", null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["answered_at", "asked_at"], name="questions_open")]

    def __str__(self) -> str:
        return self.reference


class Progress(models.Model):
    """How far the change log has been matched, and among how many entries the last search was: one row.

    What families ask is matched before what lists bring, so each side has its own place in the log. After a large list
    every sought person is searched anew instead, up to the line `sweep_until`; `sweep_after` is the last one done.
    """

    singleton = models.BooleanField(primary_key=True, default=True)
    number = models.BigIntegerField(default=0)
    sought_number = models.BigIntegerField(default=0)
    sweep_until = models.BigIntegerField(null=True)
    sweep_after = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    register_size = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(singleton=True), name="progress_is_one_row")]

    def __str__(self) -> str:
        return f"matched to change {self.number}"


class SearchDay(models.Model):
    """Among how many entries was searched on a day, and when last: what families are told. Holds nothing about anybody. Kept."""

    day = models.DateField(primary_key=True)
    register_size = models.BigIntegerField()
    searched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}"
