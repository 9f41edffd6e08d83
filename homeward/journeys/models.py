"""The network's versions and closures; journeys, those who travel, check-ins and alarms."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText
from homeward.returns.models import Return


class NetworkVersion(models.Model):
    """The whole network as a document (`planner/network.py` reads it). The highest number is in force; none is removed."""

    number = models.PositiveIntegerField(unique=True)
    document = models.JSONField()
    why = models.CharField(max_length=200, blank=True, default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"network {self.number}"


class Closure(models.Model):
    """Something that is shut: a place, a leg, a country, an airspace. Kept as long as journeys that heeded it."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    what = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    # In the languages at hand; families read it.
    reason = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    is_confirmed = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="a_closure_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(what="") & ~Q(source=""), name="a_closure_names_what_and_whence"),
        ]
        indexes = [models.Index(fields=["lifted_at", "since"], name="closures_standing")]

    def __str__(self) -> str:
        return self.reference


class State(models.TextChoices):
    """Where a journey stands (DESIGN.md §5)."""

    PLANNED = "planned", _("planned")
    SENT = "sent", _("sent to the family")
    DEPARTED = "departed", _("on the way")
    AT_GATEWAY = "at_gateway", _("at the gateway")
    AT_CROSSING = "at_crossing", _("at the border")
    RECEIVED = "received", _("received")
    OVERDUE = "overdue", _("overdue")
    ABORTED = "aborted", _("ended early")


TRAVELLING = (State.SENT, State.DEPARTED, State.AT_GATEWAY, State.AT_CROSSING, State.OVERDUE)
UNDER_WAY = (State.DEPARTED, State.AT_GATEWAY, State.AT_CROSSING, State.OVERDUE)
ENDED = (State.RECEIVED, State.ABORTED)


class Journey(models.Model):
    """One family's way to the meeting point and on, or back. Kept 90 days after its end."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="journeys")
    returning = models.ForeignKey(Return, on_delete=models.PROTECT, null=True, related_name="journeys")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    desk = models.CharField(max_length=40, default="1")
    is_back = models.BooleanField(default=False)  # the way home again
    language = models.CharField(max_length=5, default="uk")
    nationality = models.CharField(max_length=2, default="RU")
    party = models.PositiveSmallIntegerField(default=1)
    step_free = models.BooleanField(default=False)
    origin = models.CharField(max_length=40)
    goal = models.CharField(max_length=40)
    gateway = models.CharField(max_length=40, blank=True, default="")
    crossing = models.CharField(max_length=40, blank=True, default="")
    meeting = models.CharField(max_length=40, blank=True, default="")
    network = models.ForeignKey(NetworkVersion, on_delete=models.PROTECT, related_name="journeys")
    # The window in which she is awaited at the meeting point.
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    # How she knows who meets her, and how they know her.
    phrase_ours = SealedText(key_class="family")
    phrase_hers = SealedText(key_class="family")
    call = SealedText(key_class="family", null=True)  # whom to call on the way
    place_known = models.CharField(max_length=40, blank=True, default="")
    heard_at = models.DateTimeField(null=True)
    trouble_at = models.DateTimeField(null=True)
    # By when the next sign is due; the follower looks here.
    due_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="journey_has_a_state"),
            models.CheckConstraint(condition=Q(party__gte=1, party__lte=6), name="journey_has_a_party"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "aborted"]) | Q(sent_at__isnull=False), name="nobody_leaves_unsent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "aborted"], ended_at__isnull=False)
                | ~Q(state__in=["received", "aborted"]) & Q(ended_at__isnull=True),
                name="an_ended_journey_has_its_time",
            ),
            models.CheckConstraint(condition=Q(window_until__gte=F("window_from")), name="a_window_is_in_order"),
            models.UniqueConstraint(
                fields=["enquiry", "is_back"],
                condition=~Q(state__in=["received", "aborted"]),
                name="one_journey_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="journeys_due"),
            models.Index(fields=["meeting", "window_from"], name="journeys_by_meeting"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse

        return reverse("journeys:journey", args=[self.reference])

    @property
    def is_travelling(self) -> bool:
        """Whether the family holds it and it has not ended."""
        return self.state in TRAVELLING


class JourneyLeg(models.Model):
    """One leg of a journey as it was sent: what is due when. Rows of an earlier plan go when a new one is released."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="legs")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=8)
    start = models.CharField(max_length=40)
    end = models.CharField(max_length=40)
    leaves_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    # The leg's usual time plus its margin: after that nobody having heard is an alarm.
    alarm_at = models.DateTimeField()
    sleeps_after = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "position"], name="legs_of_a_journey_are_in_order"),
            models.CheckConstraint(
                condition=Q(arrives_at__gt=F("leaves_at")) & Q(alarm_at__gte=F("arrives_at")),
                name="a_leg_arrives_before_its_alarm",
            ),
        ]
        indexes = [
            models.Index(fields=["code", "leaves_at"], name="journey_legs_by_code"),
            models.Index(fields=["end", "arrives_at"], name="journey_legs_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.position}"


class Traveller(models.Model):
    """Somebody who travels: at most three of a family. Kept as the journey."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="travellers")
    position = models.PositiveSmallIntegerField()
    name = SealedText(key_class="family")
    born = SealedText(key_class="family", null=True)
    nationality = models.CharField(max_length=2, default="RU")
    document = SealedText(key_class="family", null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "position"], name="travellers_are_in_order"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=3), name="at_most_three_travel"),
        ]

    def __str__(self) -> str:
        return self.reference


class Via(models.TextChoices):
    """How a sign of a journey came."""

    PAGE = "page", _("her page")
    TELEGRAM = "telegram", _("Telegram")
    HOTLINE = "hotline", _("telephone")
    STAFF = "staff", _("staff")
    SCAN = "scan", _("scan at the border")


class CheckIn(models.Model):
    """A sign that somebody is at a place. Never changed, never removed but with its journey's time (90 days)."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="check_ins")
    place = models.CharField(max_length=40)
    via = models.CharField(max_length=8, choices=Via.choices)
    is_trouble = models.BooleanField(default=False)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(via__in=Via.values), name="check_in_came_some_way")]

    def __str__(self) -> str:
        return self.reference


class Step(models.TextChoices):
    """How an alarm climbs."""

    DOORBELL = "doorbell", _("message to the family")
    CALL = "call", _("call the family")
    DUTY = "duty", _("duty officer")


class Alarm(models.Model):
    """One step of an alarm over one leg: each is taken once. Kept as the journey."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="alarms")
    place = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    step = models.CharField(max_length=8, choices=Step.choices)
    raised_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "place", "due_at", "step"], name="each_alarm_step_once"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="journey_alarm_has_a_step"),
        ]
        indexes = [models.Index(fields=["settled_at", "raised_at"], name="alarms_open")]

    def __str__(self) -> str:
        return self.reference


class NewWay(models.Model):
    """A way that a closure made necessary, until a coordinator releases or drops it. Kept as the journey."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be looked at")
        RELEASED = "released", _("released")
        DROPPED = "dropped", _("dropped")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="new_ways")
    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, null=True, related_name="new_ways")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # [[code, leaves, arrives, sleeps], ...] in minutes; None where there is no other way.
    legs = SealedJSON(key_class="family", null=True)
    # Only the legs from here on are new.
    keeps = models.PositiveSmallIntegerField(default=0)
    gateway = models.CharField(max_length=40, blank=True, default="")
    crossing = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journey"], condition=Q(state="waiting"), name="one_new_way_waits_per_journey"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="a_decided_way_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


def later(moment: datetime, other: datetime | None) -> datetime:
    """The later of two moments, one of which may be missing."""
    return moment if other is None or moment > other else other
