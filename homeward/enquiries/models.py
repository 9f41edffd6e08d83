"""Sought persons, enquiries, enquirers, sightings and questions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText


class State(models.TextChoices):
    """The life of a sought person's case (DESIGN.md §5)."""

    RECEIVED = "received", _("received")
    SEARCHING = "searching", _("searching")
    POTENTIAL_MATCH = "potential_match", _("potential match")
    VERIFYING = "verifying", _("being verified")
    FATE_ESTABLISHED = "fate_established", _("fate established")
    INFORMED = "informed", _("family informed")
    IN_CONTACT = "in_contact", _("in contact")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    NO_INFORMATION = "no_information", _("no information at present")


class Relation(models.TextChoices):
    """What the enquirer is to him."""

    MOTHER = "mother", _("mother")
    FATHER = "father", _("father")
    WIFE = "wife", _("wife, husband or partner")
    BROTHER = "brother", _("brother")
    SISTER = "sister", _("sister")
    SON = "son", _("son")
    DAUGHTER = "daughter", _("daughter")
    RELATIVE = "relative", _("another relative")
    FRIEND = "friend", _("friend or comrade")
    OTHER = "other", _("someone else")
    UNKNOWN = "unknown", _("not said")


class Channel(models.TextChoices):
    """By which door an enquiry came."""

    HOTLINE = "hotline", _("telephone")
    PARTNER = "partner", _("partner organisation")
    WEB = "web", _("web")
    TELEGRAM = "telegram", _("Telegram")
    PAPER = "paper", _("letter")


class Reach(models.TextChoices):
    """How the enquirer wishes to be reached; the default is not at all."""

    NONE = "none", _("not at all; she will ask herself")
    TELEPHONE = "telephone", _("by telephone")
    SMS = "sms", _("by text message")
    EMAIL = "email", _("by e-mail")
    TELEGRAM = "telegram", _("by Telegram")
    POST = "post", _("by letter")


class Partner(models.Model):
    """An organisation that refers enquiries: a committee of mothers, a Red Cross branch.

    Kept while it works with the bureau.
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new, editable=False)
    name = models.CharField(max_length=120, unique=True)
    desk = models.CharField(max_length=40, default="1")

    def __str__(self) -> str:
        return self.name


class SoughtPerson(models.Model):
    """The man whom one or more enquiries seek. Kept while an enquiry about him stands, then 12 months."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    desk = models.CharField(max_length=40, default="1")
    made_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="sought_person_has_a_state")]
        indexes = [models.Index(fields=["desk", "state", "-id"], name="sought_by_desk_and_state")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """His page."""
        from django.urls import reverse

        return reverse("enquiries:sought", args=[self.reference])


class Enquiry(models.Model):
    """One enquirer's question about one man. Kept until answered and 12 months after, or until withdrawn."""

    reference = models.CharField(max_length=20, unique=True, default=references.new, editable=False)
    sought = models.ForeignKey(SoughtPerson, on_delete=models.PROTECT, related_name="enquiries")
    relation = models.CharField(max_length=12, choices=Relation.choices, default=Relation.UNKNOWN)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=5, default="uk")
    facts = SealedJSON(key_class="family")
    # Name, telephone, e-mail, Telegram, address, safe hours, cover phrase: whatever she left.
    enquirer = SealedJSON(key_class="family", null=True)
    reach = models.CharField(max_length=12, choices=Reach.choices, default=Reach.NONE)
    telephone_index = models.BinaryField(max_length=16, null=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="enquiries")
    partner_number = models.CharField(max_length=60, null=True)
    # The partner's own number of the man's case: all its enquiries of one case hang on one sought person.
    partner_case = models.CharField(max_length=60, null=True)
    batch = models.CharField(max_length=20, blank=True, default="")
    # Made with the form, so that a double click or a repeated sending files one enquiry.
    filing_token = models.CharField(max_length=40, null=True, unique=True)
    received_at = models.DateTimeField(default=clock.now)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    # At her wish everything she told was destroyed; what stays is that this number was once an enquiry.
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(withdrawn_at__isnull=False, enquirer__isnull=True, telephone_index__isnull=True),
                name="an_erased_enquiry_is_empty",
            ),
            models.CheckConstraint(condition=Q(relation__in=Relation.values), name="enquiry_has_a_relation"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="enquiry_has_a_channel"),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="enquiry_says_how_to_reach"),
            models.UniqueConstraint(
                fields=["partner", "partner_number"],
                condition=Q(partner_number__isnull=False, withdrawn_at__isnull=True),
                name="a_partners_number_is_taken_once",
            ),
        ]
        indexes = [
            models.Index(fields=["telephone_index"], name="enquiries_by_telephone"),
            models.Index(fields=["channel", "-id"], name="enquiries_by_channel"),
            models.Index(
                fields=["partner", "partner_case"], name="enquiries_of_a_case", condition=Q(partner_case__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse

        return reverse("enquiries:enquiry", args=[self.reference])


class Correction(models.Model):
    """What stood in an enquiry before a person or a later list changed it. Kept as long as the enquiry."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="corrections")
    facts_before = SealedJSON(key_class="family")
    enquirer_before = SealedJSON(key_class="family", null=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    corrected_at = models.DateTimeField(default=clock.now)
    batch = models.CharField(max_length=20, blank=True, default="")

    def __str__(self) -> str:
        return self.reference


class Joining(models.Model):
    """Enquiries a person moved from one sought person (`left`) to another (`kept`): two were found to be one man, or an
    enquiry to seek another man. Kept as long as either; undone by moving exactly these back.
    """

    class Kind(models.TextChoices):
        JOINED = "joined", _("joined")
        SEPARATED = "separated", _("separated")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    kept = models.ForeignKey(SoughtPerson, on_delete=models.CASCADE, related_name="joinings")
    left = models.ForeignKey(SoughtPerson, on_delete=models.CASCADE, related_name="joined_away")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.JOINED)
    enquiries = models.ManyToManyField(Enquiry, related_name="joinings")
    questions: models.ManyToManyField[Question, Any] = models.ManyToManyField("Question", related_name="joinings")
    kept_state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    left_state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("left")), name="joining_has_two_sides"),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="undone_joining_has_a_person_and_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Sighting(models.Model):
    """Somebody saw him, or a published video shows him: evidence, shown as neither picture nor link.

    Kept as long as the enquiry.
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="sightings")
    what = SealedText(key_class="family")
    link = SealedText(key_class="family", null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.reference


class Question(models.Model):
    """The bureau's question to the family, and what they answered. Kept as the enquiry."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    sought = models.ForeignKey(SoughtPerson, on_delete=models.CASCADE, related_name="questions")
    text = SealedText(key_class="family")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answer = SealedText(key_class="family", null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # The enquirer who answered on her own page; his other enquirers do not see her words.
    answered_in = models.ForeignKey(Enquiry, on_delete=models.SET_NULL, null=True, related_name="answered_questions")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_at__isnull=True)
                | Q(answer__isnull=False, answered_at__isnull=False),
                name="an_answer_has_its_time",
            )
        ]
        indexes = [models.Index(fields=["answered_at", "asked_at"], name="family_questions_open")]

    def __str__(self) -> str:
        return self.reference


class Credential(models.Model):
    """With what a family comes back to its enquiry: six words or twenty digits, derived by Argon2id.

    `pending` holds the words sealed until a worker has derived them. Kept as long as the enquiry, erased with it.
    """

    class Form(models.TextChoices):
        WORDS = "words", _("six words")
        DIGITS = "digits", _("twenty digits")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.OneToOneField(Enquiry, on_delete=models.CASCADE, related_name="credential")
    form = models.CharField(max_length=8, choices=Form.choices)
    language = models.CharField(max_length=5)
    salt = models.BinaryField(max_length=16)
    derived = models.BinaryField(max_length=32, null=True)
    pending = SealedText(key_class="family", null=True)
    tag = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(derived__isnull=True, pending__isnull=False)
                | Q(derived__isnull=False, pending__isnull=True),
                name="a_passphrase_is_sealed_or_derived",
            ),
            models.CheckConstraint(condition=Q(form__in=["words", "digits"]), name="a_passphrase_has_a_form"),
        ]
        indexes = [
            models.Index(fields=["id"], name="passphrases_to_derive", condition=Q(derived__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.reference


class SignInDelay(models.Model):
    """After wrong tries: until when the next wrong one for that reference is turned away. Kept for a day.

    The reference stands here as a keyed hash, whether anybody has it or not.
    """

    index = models.BinaryField(max_length=16, unique=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="sign_in_delays_by_time")]

    def __str__(self) -> str:
        return f"{self.failures} wrong tries"


class Draft(models.Model):
    """What a family has written so far, one question a page; sealed, found only by the session that wrote it.

    Kept for two hours after the last page, then removed with its documents.
    """

    reference = models.CharField(max_length=40, unique=True, editable=False)
    told = SealedJSON(key_class="family")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, null=True, related_name="drafts")
    touched_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["touched_at"], name="drafts_by_age")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Document(models.Model):
    """A photo of him or a paper of kinship, drawn anew as pictures and sealed in a file under a key of its own.

    The key stands here, sealed: with the row the file is unreadable for ever. Kept as long as the enquiry; papers of
    kinship until thirty days after the verdict.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo of him")
        KINSHIP = "kinship", _("paper of kinship")
        OTHER = "other", _("another paper")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, null=True, related_name="documents")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, related_name="documents")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = SealedText(key_class="family")
    pages = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enquiry__isnull=False, draft__isnull=True) | Q(enquiry__isnull=True, draft__isnull=False),
                name="a_document_belongs_somewhere",
            ),
            models.CheckConstraint(condition=Q(kind__in=["photo", "kinship", "other"]), name="a_document_has_a_kind"),
        ]

    def __str__(self) -> str:
        return self.reference
