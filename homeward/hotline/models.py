"""Calls, call-backs, spoken messages, who sits at the desk, and how the line stands."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homeward.enquiries.models import Enquiry
from homeward.hotline.script import State
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText

LANGUAGES = (("uk", "Українська"), ("ru", "Русский"), ("en", "English"), ("fr", "Français"))
COVERS = (
    ("library", _("from the library")),
    ("pharmacy", _("from the pharmacy")),
    ("delivery", _("from the delivery service")),
    ("none", _("say nothing to anybody else")),
)


class Line(models.Model):
    """How the line stands: one row. Kept for ever."""

    surge = models.BooleanField(default=False)
    surge_since = models.DateTimeField(null=True)
    # Spoken in a surge: telephone numbers of partners, digits only.
    partner_lines = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_line")]

    def __str__(self) -> str:
        return "the line"


class Outcome(models.TextChoices):
    """What came of a call."""

    FILED = "filed", _("enquiry filed")
    JOINED = "joined", _("added to a man already sought")
    NO_NEWS = "no_news", _("asked for news")
    COMFORT = "comfort", _("needed somebody to talk to")
    REFERRED = "referred", _("referred to somebody else")
    SCAM = "scam", _("reported somebody who asks for money")
    THREAT = "threat", _("threats")
    PRESS = "press", _("journalist")
    WRONG = "wrong", _("wrong number or silence")
    HUNG_UP = "hung_up", _("hung up before the end")


class NextStep(models.TextChoices):
    """What follows a call."""

    NONE = "none", _("nothing")
    CALL_BACK = "call_back", _("call back")
    PSYCHOLOGIST = "psychologist", _("call by the psychologist")
    SUPERVISOR = "supervisor", _("the supervisor looks at it")


class Call(models.Model):
    """One call. Number and what was keyed in are removed after 7 days, the rest after 400 days (figures, no person)."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    # The line's own name of the call; a webhook that comes twice is the same call.
    line_id = models.CharField(max_length=80, unique=True)
    language = models.CharField(max_length=5, choices=LANGUAGES, default="uk")
    number = SealedText(key_class="family", null=True)
    number_index = models.BinaryField(max_length=16, null=True, editable=False)
    state = models.CharField(max_length=12, default=State.LANGUAGE.value)
    talk = SealedJSON(key_class="family", null=True)
    # The states it went through, in order; the last hundred.
    path = models.CharField(max_length=1200, blank=True, default="")
    came_at = models.DateTimeField(default=clock.now, db_index=True)
    queued_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when her place was last spoken
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # the caller is gone
    closed_at = models.DateTimeField(null=True)  # the operator has finished with it
    distress = models.BooleanField(default=False)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # The enquiry whose number and digits she keyed in rightly.
    keyed = models.ForeignKey(Enquiry, on_delete=models.SET_NULL, null=True, related_name="+")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.SET_NULL, null=True, related_name="+")
    draft = SealedJSON(key_class="family", null=True)
    note = SealedText(key_class="family", null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    # The call-back that this call of ours answers.
    answers = models.ForeignKey("CallBack", on_delete=models.SET_NULL, null=True, related_name="calls")
    next_step = models.CharField(max_length=12, choices=NextStep.choices, default=NextStep.NONE)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="a_call_has_a_state"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, operator__isnull=True)
                | Q(taken_at__isnull=False, operator__isnull=False),
                name="a_call_is_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="queue") | Q(queued_at__isnull=False), name="a_queue_has_its_time"
            ),
            models.UniqueConstraint(
                fields=["operator"],
                condition=Q(closed_at__isnull=True, operator__isnull=False),
                name="one_call_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-distress", "queued_at"],
                name="calls_waiting",
                condition=Q(state="queue", ended_at__isnull=True),
            ),
            models.Index(fields=["number_index"], name="calls_of_a_number", condition=Q(number_index__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference


class CallBack(models.Model):
    """A call the house owes. Number and note are removed 7 days after it is over, the row after 400 days."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("asked for")
        MISSED = "missed", _("hung up while waiting")
        CARE = "care", _("for the psychologist")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("being called")
        DONE = "done", _("reached")
        GIVEN_UP = "given_up", _("not reached")

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="call_backs")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ASKED)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    language = models.CharField(max_length=5, choices=LANGUAGES, default="uk")
    number = SealedText(key_class="family", null=True)
    cover = models.CharField(max_length=10, choices=COVERS, default="none")
    from_hour = models.PositiveSmallIntegerField(default=8)
    to_hour = models.PositiveSmallIntegerField(default=21)
    distress = models.BooleanField(default=False)
    # The place in the queue she keeps: since when she waits.
    since = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    over_at = models.DateTimeField(null=True)
    note = SealedText(key_class="family", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="taken", taken_by__isnull=False) | ~Q(state="taken") & Q(taken_by__isnull=True),
                name="a_call_back_is_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "given_up"], over_at__isnull=False)
                | Q(state__in=["waiting", "taken"], over_at__isnull=True),
                name="a_call_back_over_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(from_hour__lt=models.F("to_hour"), to_hour__lte=24), name="call_back_hours_are_hours"
            ),
            models.CheckConstraint(condition=Q(kind__in=["asked", "missed", "care"]), name="a_call_back_has_a_kind"),
            models.UniqueConstraint(fields=["call", "kind"], name="one_call_back_of_a_kind_for_a_call"),
        ]
        indexes = [models.Index(fields=["due_at"], name="call_backs_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.reference


class Try(models.Model):
    """One attempt at a call-back. Kept with it."""

    class Result(models.TextChoices):
        REACHED = "reached", _("reached her")
        NOBODY = "nobody", _("nobody answered")
        SOMEBODY_ELSE = "somebody_else", _("somebody else answered")
        LATER = "later", _("she asked for another time")
        WRONG = "wrong", _("the number does not exist")

    call_back = models.ForeignKey(CallBack, on_delete=models.CASCADE, related_name="attempts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    result = models.CharField(max_length=14, choices=Result.choices)

    def __str__(self) -> str:
        return f"{self.call_back_id}: {self.result}"


class SpokenMessage(models.Model):
    """A message somebody spoke, sealed under a key class of its own (`messages.py`). Removed after 30 days."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="message")
    sealed = models.BinaryField()
    seconds = models.PositiveSmallIntegerField()
    left_at = models.DateTimeField(default=clock.now)
    heard_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.reference


class AtDesk(models.Model):
    """Whether an operator takes calls. Kept while the account is."""

    class State(models.TextChoices):
        AWAY = "away", _("away")
        READY = "ready", _("ready")
        TALKING = "talking", _("talking")
        PAUSED = "paused", _("paused")

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="at_desk")
    state = models.CharField(max_length=8, choices=State.choices, default=State.AWAY)
    since = models.DateTimeField(default=clock.now)
    sip_address = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["away", "ready", "talking", "paused"]), name="at_the_desk_in_a_known_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.state}"
