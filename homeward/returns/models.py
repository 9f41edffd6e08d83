"""Release lists, returns, wishes, invitations and those who travel."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import Proposal
from homeward.disclosure.models import Paper
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText
from homeward.register.models import Entry


class State(models.TextChoices):
    """The way of one return (DESIGN.md §5)."""

    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    WISH_RECORDED = "wish_recorded", _("his wish is recorded")
    INVITED = "invited", _("family invited")
    ACCEPTED = "accepted", _("family comes")
    TRAVELLING = "travelling", _("family on the way")
    RECEIVED = "received", _("family received")
    ESCORTED = "escorted", _("family escorted")
    HANDED_OVER = "handed_over", _("handed over")
    SUSPENDED = "suspended", _("suspended")
    REFUSED = "refused", _("refused by the second person")
    WITHDRAWN = "withdrawn", _("he does not wish to go")
    REVOKED = "revoked", _("revoked")


# Where each state may go. The trigger of migration 0002 is written from this table. Before the approval nothing but the
# decision moves; afterwards a return may be suspended, withdrawn or revoked from anywhere but the end.
_STOPS = (State.SUSPENDED, State.WITHDRAWN, State.REVOKED)
NEXT: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (State.APPROVED, State.REFUSED, State.REVOKED),
    State.APPROVED: (State.WISH_RECORDED, *_STOPS),
    State.WISH_RECORDED: (State.INVITED, *_STOPS),
    State.INVITED: (State.ACCEPTED, *_STOPS),
    # The family's journey may break off, and begin anew.
    State.ACCEPTED: (State.TRAVELLING, *_STOPS),
    State.TRAVELLING: (State.RECEIVED, State.ACCEPTED, *_STOPS),
    State.RECEIVED: (State.ESCORTED, State.ACCEPTED, *_STOPS),
    State.ESCORTED: (State.HANDED_OVER, State.RECEIVED, State.ACCEPTED, *_STOPS),
    # Taken up again where a wish is asked anew; a family that had accepted goes on from there.
    State.SUSPENDED: (State.APPROVED, State.WISH_RECORDED, State.ACCEPTED, State.WITHDRAWN, State.REVOKED),
    State.WITHDRAWN: (State.WISH_RECORDED, State.REVOKED),
    State.HANDED_OVER: (),
    State.REFUSED: (),
    State.REVOKED: (),
}
ENDED = (State.HANDED_OVER, State.REFUSED, State.REVOKED)
# From here on the family is told, and nothing stands without his current wish and their proven kinship.
WITH_FAMILY = (
    State.INVITED, State.ACCEPTED, State.TRAVELLING, State.RECEIVED, State.ESCORTED, State.HANDED_OVER,
)  # fmt: skip
# The days a wish is good for.
WISH_DAYS = 30


class Basis(models.TextChoices):
    """On what ground a man is released (GC III)."""

    PAROLE = "parole", _("release on parole (Art. 21)")
    REPATRIATION = "direct_repatriation", _("direct repatriation of the seriously wounded or sick (Arts. 109, 110)")
    NEUTRAL = "neutral_accommodation", _("accommodation in a neutral country (Arts. 109, 110)")
    INTERNMENT = "neutral_internment", _("internment in a neutral country (Art. 111)")
    AGREEMENT = "agreement", _("agreement between the Powers (Arts. 109, 118)")
    UNILATERAL = "unilateral", _("unilateral decision of the Power that holds him")
    END = "end_of_hostilities", _("end of active hostilities (Art. 118)")


class Category(models.TextChoices):
    """The categories of Art. 110, for the wounded and sick."""

    A1 = "A1", _("A1: incurable, fitness gravely diminished")
    A2 = "A2", _("A2: not likely to recover within a year")
    A3 = "A3", _("A3: recovered, fitness gravely and permanently diminished")
    B1 = "B1", _("B1: recovery expected within a year in a neutral country")
    B2 = "B2", _("B2: health seriously threatened by captivity")


class Fitness(models.TextChoices):
    """Whether a physician finds him fit to travel."""

    FIT = "fit", _("fit to travel")
    WITH_CARE = "with_care", _("fit to travel with a nurse or lying")
    NOT_FIT = "not_fit", _("not fit to travel")


class Recipient(models.TextChoices):
    """To whom he is given."""

    RELATIVE = "relative", _("a relative, who comes for him")


class Release(models.Model):
    """One decision over a list of one to several hundred returns: proposed over the exact list, approved by a second person.

    Kept 10 years, as the proposal it rests on.
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    title = models.CharField(max_length=120, blank=True, default="")
    desk = models.CharField(max_length=40, default="1")
    payload_hash = models.CharField(max_length=80, blank=True, default="")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True, related_name="release")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=True) | ~Q(payload_hash=""), name="a_proposed_release_has_its_hash"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Return(models.Model):
    """One man's return to his family. Kept 10 years after the handover (GC III Art. 122)."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="returns")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="returns")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROPOSED)
    # The day of the present state: the wish is measured against it, and it never runs backwards.
    state_on = models.DateField(default=clock.today)
    basis = models.CharField(max_length=24, choices=Basis.choices)
    category = models.CharField(max_length=2, choices=Category.choices, blank=True, default="")
    authority = SealedText(key_class="staff")
    conditions = SealedText(key_class="staff", null=True)
    fitness = models.CharField(max_length=10, choices=Fitness.choices)
    fitness_on = models.DateField()
    fitness_note = SealedText(key_class="register", null=True)
    recipient = models.CharField(max_length=12, choices=Recipient.choices, default=Recipient.RELATIVE)
    valid_until = models.DateField()
    # Why it is suspended or revoked: a code; the words are sealed.
    reason = models.CharField(max_length=20, blank=True, default="")
    reason_note = SealedText(key_class="staff", null=True)
    made_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="return_has_a_state"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="return_has_a_basis"),
            models.CheckConstraint(condition=Q(fitness__in=Fitness.values), name="return_says_whether_he_is_fit"),
            models.CheckConstraint(
                condition=~Q(basis__in=["direct_repatriation", "neutral_accommodation"]) | ~Q(category=""),
                name="the_wounded_have_a_category",
            ),
            models.CheckConstraint(
                condition=~Q(fitness="not_fit") | ~Q(state__in=[each.value for each in WITH_FAMILY]),
                name="who_is_not_fit_does_not_travel",
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=~Q(state__in=[each.value for each in ENDED]),
                name="one_return_of_a_man_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "state_on"], name="returns_by_state"),
            models.Index(fields=["enquiry"], name="returns_of_an_enquiry"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse

        return reverse("returns:one", args=[self.reference])


class Says(models.TextChoices):
    """What he says when asked alone."""

    TO_GO = "to_go", _("he wishes to go with his family")
    NOT_TO_GO = "not_to_go", _("he does not wish to go")
    LATER = "later", _("he wants time to think")


class Wish(models.Model):
    """What he said when asked, once: never changed, only withdrawn or followed by another. Kept as long as the return."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="wishes")
    says = models.CharField(max_length=10, choices=Says.choices)
    said_on = models.DateField()
    was_alone = models.BooleanField()
    # None was needed, or who it was.
    interpreter = SealedText(key_class="staff", null=True)
    with_whom = SealedText(key_class="register", null=True)
    note = SealedText(key_class="register", null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(says__in=Says.values), name="wish_says_something"),
            models.CheckConstraint(condition=~Q(says="to_go") | Q(was_alone=True), name="a_wish_to_go_is_said_alone"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_wish_has_a_time_and_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Invitation(models.Model):
    """The family is invited, and comes or does not. Kept as long as the return."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    # Her answer on her page, or by telephone through a member of staff.
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    answered_through = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)
    # The official paper, once a second person approved it; on her page the PDF (base64) until the invitation is cancelled.
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, related_name="invitations")
    paper_pdf = SealedText(key_class="family", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["return_of"], condition=Q(cancelled_at__isnull=True), name="one_standing_invitation"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True), name="accepted_or_declined"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DocumentKind(models.TextChoices):
    """With what a traveller shows who she is."""

    PASSPORT = "passport", _("passport for travel abroad")
    IDENTITY_CARD = "identity_card", _("identity card")
    CERTIFICATE = "certificate", _("certificate of return or travel document")


class Traveller(models.Model):
    """One of the at most three who come; the first receives him. Kept 30 days after the handover, then only the first."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="travellers")
    place = models.PositiveSmallIntegerField()
    # In Latin letters, as her document spells it: it is printed on a pass.
    name = SealedText(key_class="family")
    born = SealedText(key_class="family")
    nationality = models.CharField(max_length=2)
    document_kind = models.CharField(max_length=16, choices=DocumentKind.choices)
    document_number = SealedText(key_class="family")
    step_free = models.BooleanField(default=False)
    named_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "place"], name="one_traveller_a_place"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="at_most_three_come"),
            models.CheckConstraint(
                condition=Q(document_kind__in=DocumentKind.values), name="a_traveller_has_a_document"
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return self.reference


class Custodian(models.TextChoices):
    """Where a sealed packet is."""

    BUREAU = "bureau", _("with the bureau")
    ON_THE_WAY = "on_the_way", _("on the way")
    GIVEN = "given", _("given to the person entitled")


class Packet(models.Model):
    """A sealed packet of effects, money and papers with its full list (GC III Arts. 18, 119, 122(9)). Kept 10 years."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="packets")
    seal_number = models.CharField(max_length=30, unique=True)
    custodian = models.CharField(max_length=12, choices=Custodian.choices, default=Custodian.BUREAU)
    weight_grams = models.PositiveIntegerField(default=0)
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField(default=clock.now)
    # Sealed over exactly this list by two people; a list is not changed afterwards, a new packet is made.
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(custodian__in=Custodian.values), name="packet_is_somewhere"),
            models.CheckConstraint(
                condition=Q(sealed_by__isnull=True) | ~Q(sealed_by=F("listed_by")), name="two_people_seal_a_packet"
            ),
            models.CheckConstraint(
                condition=Q(custodian="bureau") | Q(sealed_at__isnull=False), name="only_a_sealed_packet_leaves"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ItemKind(models.TextChoices):
    """What kind of thing is in a packet."""

    EFFECT = "effect", _("personal effect")
    PAPER = "paper", _("paper of importance")
    MONEY = "money", _("money")
    VALUABLE = "valuable", _("valuable")
    LEFT_BEHIND = "left_behind", _("stays behind, is sent on")


class Item(models.Model):
    """One line of a packet's list. Kept as the packet."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    packet = models.ForeignKey(Packet, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    what = SealedText(key_class="register")
    count = models.PositiveIntegerField(default=1)
    currency = models.CharField(max_length=3, blank=True, default="")
    # Hundredths of the currency.
    amount = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="item_has_a_kind"),
            models.CheckConstraint(
                condition=~Q(kind="money") | (~Q(currency="") & Q(amount__isnull=False)), name="money_has_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class NoticeKind(models.TextChoices):
    """Of what the Central Agency is told (GC III Art. 122(5))."""

    RELEASED = "released", _("release")
    REPATRIATED = "repatriated", _("repatriation")
    DIED = "died", _("death")
    REMAINS = "remains", _("remains or effects given to the family")


class NoticeTo(models.TextChoices):
    """Who has to be told, by the most rapid means (Art. 122(3))."""

    AGENCY = "central_agency", _("Central Tracing Agency")
    PROTECTING_POWER = "protecting_power", _("Protecting Power")


class Notice(models.Model):
    """One notice to the Central Agency or the Protecting Power, queued with its content until it is sent and acknowledged.

    Kept under the mandate of the bureau (GC III Arts. 122, 123).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    recipient = models.CharField(max_length=16, choices=NoticeTo.choices)
    # What the notice says, field by field; the paper is set from it each time, so both are always the same.
    content = SealedJSON(key_class="register")
    content_hash = models.CharField(max_length=64)
    queued_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    route = models.CharField(max_length=40, blank=True, default="")
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_has_a_kind"),
            models.CheckConstraint(condition=Q(recipient__in=NoticeTo.values), name="notice_has_a_recipient"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(sent_at__isnull=False), name="only_what_was_sent_arrives"
            ),
        ]
        indexes = [models.Index(fields=["sent_at", "queued_at"], name="notices_waiting")]

    def __str__(self) -> str:
        return self.reference


class DeathRecordKind(models.TextChoices):
    """What a line of the record of a dead man tells."""

    NOTIFICATION = "notification", _("notification of death (Art. 120)")
    BURIAL = "burial", _("burial")
    MOVEMENT = "movement", _("later movement of the grave")
    CORRECTION = "correction", _("correction")


class DeathRecord(models.Model):
    """What is known of a death and a grave, line after line; nothing is changed, and the record never closes (Art. 120).

    Kept without end: graves are looked for after generations.
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="death_records")
    kind = models.CharField(max_length=12, choices=DeathRecordKind.choices)
    particulars = SealedJSON(key_class="register")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DeathRecordKind.values), name="death_record_has_a_kind")
        ]

    def __str__(self) -> str:
        return self.reference


class RemainsState(models.TextChoices):
    """Where the last return stands."""

    TOLD = "told", _("the family has been told")
    CHOSEN = "chosen", _("the family has chosen")
    READY = "ready", _("ready")
    GIVEN = "given", _("given to the family")


class Way(models.TextChoices):
    """How the family wishes to receive what is left of him."""

    CARRIED = "carried", _("they come and carry it home")
    AT_THE_BORDER = "at_border", _("they receive it at the border")
    SENT = "sent", _("it is sent to them")
    LATER = "later", _("they do not want to decide now")


class Remains(models.Model):
    """The last return of a dead man: remains, effects, or both, as his family chooses. Kept 10 years after.

    The database refuses a row before a person has told the family by a call (migration 0004).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="remains")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="remains")
    state = models.CharField(max_length=10, choices=RemainsState.choices, default=RemainsState.TOLD)
    with_remains = models.BooleanField(default=False)
    with_effects = models.BooleanField(default=False)
    way = models.CharField(max_length=10, choices=Way.choices, blank=True, default="")
    wanted_on = models.DateField(null=True)
    wishes = SealedText(key_class="family", null=True)
    chosen_through = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    witnessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    received_by = SealedText(key_class="family", null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RemainsState.values), name="remains_have_a_state"),
            models.UniqueConstraint(fields=["entry", "enquiry"], name="one_last_return_for_a_family"),
            models.CheckConstraint(
                condition=Q(state="told") | (~Q(way="") & Q(chosen_at__isnull=False)), name="the_family_chooses"
            ),
            models.CheckConstraint(
                condition=~Q(state="given")
                | Q(given_at__isnull=False, given_by__isnull=False, witnessed_by__isnull=False)
                & ~Q(given_by=F("witnessed_by")),
                name="two_people_give_what_is_left",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse

        return reverse("returns:remains", args=[self.reference])
