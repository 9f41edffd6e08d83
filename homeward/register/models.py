"""Entries, what sources state about them, and the dated events of a captivity."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.intake.models import Source
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText


class State(models.TextChoices):
    """Where a person stands, derived from his events."""

    IN_CUSTODY = "in_custody", _("in custody")
    IN_HOSPITAL = "in_hospital", _("in hospital")
    TRANSFERRED = "transferred", _("transferred")
    ESCAPED = "escaped", _("escaped")
    RELEASED = "released", _("released")
    REPATRIATED = "repatriated", _("repatriated")
    DECEASED = "deceased", _("deceased")


class Entry(models.Model):
    """One captured or deceased person. Kept under the mandate of the bureau (GC III Arts. 122, 123)."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_CUSTODY)
    is_doubtful = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)
    # Two lists, one man: this entry is shown and matched under the other one until they are separated again.
    joined_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="entry_has_a_state"),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=F("id")), name="entry_joins_another"
            ),
        ]
        indexes = [
            models.Index(fields=["is_doubtful", "id"], name="entries_doubtful", condition=Q(is_doubtful=True)),
            models.Index(fields=["state", "-id"], name="entries_by_state"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The person's page."""
        from django.urls import reverse

        return reverse("register:person", args=[self.reference])


class Apart(models.Model):
    """Two entries that resemble and are two men, as a person said. Kept as long as both."""

    low = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="apart_has_an_order"),
        ]

    def __str__(self) -> str:
        return f"{self.low_id} is not {self.high_id}"


class StatementKind(models.TextChoices):
    """How a statement came in."""

    CAPTURE_CARD = "capture_card", _("capture card")
    LIST_ROW = "list_row", _("row of a list")
    CORRECTION = "correction", _("correction")


class Statement(models.Model):
    """What one source said at one time. Never changed. Kept as long as the entry."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=12, choices=StatementKind.choices)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    particulars = SealedJSON(key_class="register")
    doubts = SealedJSON(key_class="register", null=True)
    batch = models.CharField(max_length=20, blank=True, default="")
    row = models.PositiveIntegerField(null=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    stated_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StatementKind.values), name="statement_has_a_kind"),
            models.CheckConstraint(
                condition=~Q(kind="list_row") | (~Q(batch="") & Q(row__isnull=False) & Q(source__isnull=False)),
                name="row_says_where_it_stood",
            ),
            models.UniqueConstraint(fields=["batch", "row"], condition=~Q(batch=""), name="a_row_is_taken_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class EventKind(models.TextChoices):
    """What happens in a captivity (GC III Art. 122(5))."""

    CAPTURED = "captured", _("taken prisoner")
    MOVED = "moved", _("moved to another place")
    HOSPITAL = "hospital", _("taken to hospital")
    RETURNED = "returned", _("back from hospital")
    ESCAPED = "escaped", _("escaped")
    RELEASED = "released", _("released")
    REPATRIATED = "repatriated", _("repatriated")
    DIED = "died", _("died")


STATE_AFTER: dict[str, State] = {
    EventKind.CAPTURED: State.IN_CUSTODY,
    EventKind.MOVED: State.TRANSFERRED,
    EventKind.HOSPITAL: State.IN_HOSPITAL,
    EventKind.RETURNED: State.IN_CUSTODY,
    EventKind.ESCAPED: State.ESCAPED,
    EventKind.RELEASED: State.RELEASED,
    EventKind.REPATRIATED: State.REPATRIATED,
    EventKind.DIED: State.DECEASED,
}


class StatusEvent(models.Model):
    """Something that happened to him, on a day that may be known in part only ("2026-03"). Kept as long as the entry."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    happened_on = models.CharField(max_length=12, blank=True, default="")
    place = SealedText(key_class="register", null=True)
    note = SealedText(key_class="register", null=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.CharField(max_length=20, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_has_a_kind")]
        indexes = [models.Index(fields=["batch", "entry"], name="events_of_a_batch", condition=~Q(batch=""))]

    def __str__(self) -> str:
        return self.reference
