"""How surely an enquirer is who she says she is to him, and what he himself wishes her to be told."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import Proposal
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references
from homeward.lib.sealed import SealedText
from homeward.tracing.models import PotentialMatch


class Level(models.IntegerChoices):
    """How far kinship is established. News needs level 2, a handover level 3."""

    CLAIM = 0, _("0: she says so")
    CONSISTENT = 1, _("1: what she tells is consistent")
    VERIFIED = 2, _("2: documents checked, or he named her and answered the control question")
    PROVEN = 3, _("3: seen in person, or biometric or DNA")


class EvidenceKind(models.TextChoices):
    """What speaks for kinship."""

    FACTS = "facts", _("What she tells agrees with what is known")
    DOCUMENTS = "documents", _("Documents checked")
    STATEMENT = "statement", _("He named her and answered the control question")
    IN_PERSON = "in_person", _("Seen in person with her documents")
    BIOMETRIC = "biometric", _("Biometric comparison")
    DNA = "dna", _("DNA comparison")


# The kinds of evidence that carry each level.
ENOUGH_FOR: dict[int, tuple[str, ...]] = {
    Level.CONSISTENT: tuple(EvidenceKind.values),
    Level.VERIFIED: ("documents", "statement", "in_person", "biometric", "dna"),
    Level.PROVEN: ("in_person", "biometric", "dna"),
}


class Wish(models.TextChoices):
    """What the prisoner wishes this relative to be told."""

    NOT_ASKED = "not_asked", _("not asked yet")
    NOW = "now", _("tell now")
    LATER = "later", _("tell later")
    NOT = "not", _("do not tell")


class Kinship(models.Model):
    """The kinship of one enquirer; no row means level 0. Kept as long as the enquiry.

    The database refuses level 2 or 3 without a second person's approval over the same evidence, and refuses to sink
    below what a standing answer rests on (triggers in migration 0005).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.OneToOneField(Enquiry, on_delete=models.CASCADE, related_name="kinship")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.CLAIM)
    wish = models.CharField(max_length=10, choices=Wish.choices, default=Wish.NOT_ASKED)
    # Who proposed the level that stands, and the second person who agreed.
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="+")
    payload_hash = models.CharField(max_length=80, blank=True, default="")
    verified_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=3), name="kinship_has_a_level"),
            models.CheckConstraint(condition=Q(wish__in=Wish.values), name="kinship_has_a_wish"),
            models.CheckConstraint(
                condition=Q(level__lt=2)
                | Q(verified_by__isnull=False, confirmed_by__isnull=False, proposal__isnull=False)
                & ~Q(verified_by=F("confirmed_by")),
                name="two_people_verify_kinship",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class KinshipStep(models.Model):
    """A change of level, with who and why. Append-only: what was undone stays readable. Kept as long as the enquiry."""

    class Why(models.TextChoices):
        CONSISTENT = "consistent", _("what she tells is consistent")
        APPROVED = "approved", _("approved by a second person")
        MISTAKE = "mistake", _("it was a mistake")
        FORGED = "forged", _("a document is not genuine")
        OTHER_PERSON = "other_person", _("another person uses her name")
        NEW_FACTS = "new_facts", _("new facts speak against it")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    kinship = models.ForeignKey(Kinship, on_delete=models.CASCADE, related_name="steps")
    before = models.PositiveSmallIntegerField(choices=Level.choices)
    after = models.PositiveSmallIntegerField(choices=Level.choices)
    why = models.CharField(max_length=12, choices=Why.choices)
    note = SealedText(key_class="staff", null=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(before=F("after")), name="a_step_changes_the_level")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_undoing(self) -> bool:
        """Whether it took a level back."""
        return self.after < self.before


class Evidence(models.Model):
    """One thing that speaks for kinship, and who checked it. Kept as long as the enquiry; set aside, never removed."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    kinship = models.ForeignKey(Kinship, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=12, choices=EvidenceKind.choices)
    what = SealedText(key_class="staff")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=clock.now)
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_has_a_kind"),
            models.CheckConstraint(
                condition=Q(set_aside_by__isnull=True, set_aside_at__isnull=True)
                | Q(set_aside_by__isnull=False, set_aside_at__isnull=False),
                name="setting_aside_has_a_person_and_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PrisonerStatement(models.Model):
    """What the prisoner himself said of this relative, spoken with alone. Kept as long as the enquiry; the last one counts."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    kinship = models.ForeignKey(Kinship, on_delete=models.CASCADE, related_name="statements")
    match = models.ForeignKey(PotentialMatch, on_delete=models.PROTECT, related_name="+")
    names_her = models.BooleanField()
    question = SealedText(key_class="staff", null=True)
    his_answer = SealedText(key_class="staff", null=True)
    answer_agrees = models.BooleanField(default=False)
    wish = models.CharField(max_length=10, choices=Wish.choices)
    spoken_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(wish__in=Wish.values), name="statement_has_a_wish"),
            models.CheckConstraint(
                condition=Q(answer_agrees=False) | Q(question__isnull=False, his_answer__isnull=False),
                name="an_agreeing_answer_was_given",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
