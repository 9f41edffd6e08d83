"""Arrivals, convoys and their seats, handovers with their signatures, and the contact that follows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText
from homeward.returns.models import Packet, Return, Wish


class Convoy(models.Model):
    """A drive of one or more vehicles from a meeting point to the place of the handover. Kept 10 years."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    desk = models.CharField(max_length=40, default="1")
    from_place = models.CharField(max_length=80)
    # The code of the place in the network, by which families and drives find each other; empty where the network has none.
    from_point = models.CharField(max_length=40, blank=True, default="")
    to_place = models.CharField(max_length=80)
    leaves_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    escorts: models.ManyToManyField[Any, Any] = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="convoys")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(arrives_at__gt=F("leaves_at")), name="a_convoy_arrives_after_it_left")
        ]
        indexes = [models.Index(fields=["leaves_at"], name="convoys_by_time")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse

        return reverse("handover:convoy", args=[self.reference])

    @property
    def meets_at(self) -> str:
        """Where families wait for it."""
        return self.from_point or self.from_place


class Vehicle(models.Model):
    """A vehicle of a convoy. Kept as the convoy."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    convoy = models.ForeignKey(Convoy, on_delete=models.CASCADE, related_name="vehicles")
    label = models.CharField(max_length=40)
    seats = models.PositiveSmallIntegerField()
    step_free = models.BooleanField(default=False)
    driver = SealedText(key_class="staff", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["convoy", "label"], name="one_label_a_convoy"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=80), name="a_vehicle_has_seats"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reference


class ArrivalState(models.TextChoices):
    """Where a family stands at the meeting point."""

    EXPECTED = "expected", _("expected")
    RECEIVED = "received", _("received")
    NOT_COME = "not_come", _("has not come")
    WRONG_PERSON = "wrong_person", _("somebody else came")
    TURNED_BACK = "turned_back", _("turned back")


class Arrival(models.Model):
    """One family at the meeting point: expected, received, seated. Kept as the return."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="arrivals")
    place = models.CharField(max_length=80)
    # The code of the place in the network, as of a convoy.
    point = models.CharField(max_length=40, blank=True, default="")
    expected_at = models.DateTimeField()
    people = models.PositiveSmallIntegerField(default=1)
    step_free = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ArrivalState.choices, default=ArrivalState.EXPECTED)
    came_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Which document was laid beside the name, and what was seen.
    checked = SealedJSON(key_class="family", null=True)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, null=True, related_name="arrivals")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ArrivalState.values), name="arrival_has_a_state"),
            models.CheckConstraint(condition=Q(people__gte=1, people__lte=3), name="at_most_three_arrive"),
            models.UniqueConstraint(
                fields=["return_of"],
                condition=Q(state__in=["expected", "received"]),
                name="one_standing_arrival_of_a_return",
            ),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(came_at__isnull=False, checked_by__isnull=False),
                name="an_officer_receives",
            ),
            models.CheckConstraint(
                condition=Q(vehicle__isnull=True) | Q(state="received"), name="only_who_was_received_is_seated"
            ),
        ]
        indexes = [models.Index(fields=["state", "expected_at"], name="arrivals_by_time")]

    def __str__(self) -> str:
        return self.reference

    @property
    def meets_at(self) -> str:
        """What a convoy has to leave from to take this family."""
        return self.point or self.place


class Role(models.TextChoices):
    """Who signs."""

    HANDING = "handing", _("handing over")
    SECOND = "second_officer", _("second officer, who checked as well")
    RECEIVER = "receiver", _("receiving")
    WITNESS = "witness", _("witness")
    OBSERVER = "observer", _("neutral observer")
    HIMSELF = "himself", _("he himself")


class Method(models.TextChoices):
    """How it was signed."""

    DRAWN = "drawn", _("drawn on the screen")
    SCANNED = "scanned", _("a picture of the signature")
    ON_PAPER = "on_paper", _("signed on paper, a photograph of it")


class Signature(models.Model):
    """One signature of one handover; written before it, for the database lets no handover stand without. Kept as the handover."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    receipt_id = models.CharField(max_length=32)
    role = models.CharField(max_length=16, choices=Role.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    name = SealedText(key_class="register")
    # PNG, in base64.
    picture = SealedText(key_class="register")
    picture_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt_id", "role"], name="each_signs_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="signature_has_a_role"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="signature_has_a_method"),
        ]

    def __str__(self) -> str:
        return self.reference


class Outcome(models.TextChoices):
    """How a handover ended."""

    DONE = "done", _("handed over")
    HE_REFUSED = "he_refused", _("he does not wish to go")
    FAMILY_REFUSED = "family_refused", _("the family does not receive him now")
    POSTPONED = "postponed", _("put off")
    WRONG_PERSON = "wrong_person", _("not the person who was to come, or not the man")


class Handover(models.Model):
    """The moment, as two officers wrote it down. Never changed; its receipt is added once. Kept 10 years.

    The database refuses the row of a handover done without everything it needs (migration 0002).
    """

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    # Made on the device with the form: what is sent twice is written once.
    receipt_id = models.CharField(max_length=32, unique=True)
    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="handovers")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    happened_at = models.DateTimeField()
    happened_on = models.DateField()
    place = models.CharField(max_length=80)
    first_officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    wish = models.ForeignKey(Wish, on_delete=models.PROTECT, null=True, related_name="handovers")
    # Who was seen against which document by which officer; address to which they go; medical note; observer.
    record = SealedJSON(key_class="register")
    record_hash = models.CharField(max_length=64)
    packets: models.ManyToManyField[Packet, models.Model] = models.ManyToManyField(Packet, related_name="handovers")
    receipt = models.TextField(blank=True, default="")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="handover_has_an_outcome"),
            models.CheckConstraint(
                condition=~Q(outcome="done") | Q(wish__isnull=False, second_officer__isnull=False),
                name="done_needs_his_wish_and_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(second_officer__isnull=True) | ~Q(second_officer=F("first_officer")),
                name="two_officers_are_two",
            ),
            models.UniqueConstraint(fields=["return_of"], condition=Q(outcome="done"), name="handed_over_once"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse

        return reverse("handover:record", args=[self.reference])


class FollowUpOutcome(models.TextChoices):
    """How they are when somebody calls afterwards."""

    WELL = "well", _("they are well")
    NEEDS = "needs", _("they need something")
    NOT_REACHED = "not_reached", _("not reached")
    NO_MORE = "no_more", _("they want no more contact")


class FollowUp(models.Model):
    """A contact after the handover: when it is due, and what it found. Kept as the return."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="follow_ups")
    due_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=FollowUpOutcome.choices, blank=True, default="")
    note = SealedText(key_class="family", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", done_at__isnull=True) | (~Q(outcome="") & Q(done_at__isnull=False)),
                name="a_contact_has_its_outcome",
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="follow_ups_due", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return self.reference
