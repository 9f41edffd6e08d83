"""Lists that came in, what was read of them, and which row became what."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from homeward.access.models import Staff
from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON, SealedText


class Source(models.Model):
    """Who sends lists: a camp, a hospital, a partner. Kept as long as anything that came from it."""

    reference = models.CharField(max_length=20, unique=True, default=references.new, editable=False)
    target = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    # Columns by header signature, as a person last confirmed them: {"signature": ["surname", "", "born"]}.
    mappings = models.JSONField(default=dict)
    # What this source's rows mean that say no state, as a person last said; "" until one did.
    silence = models.CharField(max_length=12, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "name"], name="one_source_of_a_name")]

    def __str__(self) -> str:
        return f"source {self.reference}"


class Batch(models.Model):
    """One list that came in. Its sealed file and preview are kept 30 days after its last step; the counts stay."""

    class State(models.TextChoices):
        LOOKED_AT = "looked_at", _("waiting for its columns")
        RUNNING = "running", _("coming in")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")
        REFUSED = "refused", _("not taken")

    reference = models.CharField(max_length=20, unique=True, default=references.new, editable=False)
    target = models.CharField(max_length=20)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="batches")
    file_name = SealedText(key_class="register")
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    is_file_kept = models.BooleanField(default=True)
    # The first rows of each sheet, so that pages need not open the file: alphabet, delimiter, sheets.
    look = SealedJSON(key_class="register", null=True)
    form = models.CharField(max_length=8, blank=True, default="")
    sheet = SealedText(key_class="register", null=True)
    header_row = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=list)  # one field code per column, "" for a column that is left out
    # What rows mean that say no state: a code out of the target's `silences`.
    silence = models.CharField(max_length=12, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOOKED_AT)
    refusal = models.CharField(max_length=30, blank=True, default="")
    next_row = models.PositiveBigIntegerField(default=0)  # rows of the file below this number are done
    rows_total = models.PositiveBigIntegerField(default=0)
    new = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    doubtful = models.PositiveBigIntegerField(default=0)  # of the new and updated ones
    undone = models.PositiveBigIntegerField(default=0)
    kept = models.PositiveBigIntegerField(default=0)  # could not be undone: worked on since
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["target", "-made_at"], name="batches_of_a_target"),
            models.Index(fields=["sha256"], name="batches_of_a_file"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undoing", "undone"])
                | Q(rows_total=F("new") + F("updated") + F("unchanged") + F("rejected")),
                name="an_import_loses_no_row",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["looked_at", "refused"]) | Q(source__isnull=False), name="a_batch_has_its_source"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["looked_at", "running", "stopped", "done", "undoing", "undone", "refused"]),
                name="a_batch_has_a_known_state",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.reference}"

    @property
    def rows_done(self) -> int:
        """Rows of which is known what became of them."""
        return self.new + self.updated + self.unchanged + self.rejected

    @property
    def percent(self) -> int:
        """How far the batch is, 0 to 100."""
        if self.state in ("undoing", "undone"):
            whole = self.new + self.updated
            return 100 * (self.undone + self.kept) // whole if whole else 100
        if self.state == "done":
            return 100
        return min(99, 100 * self.rows_done // self.rows_total) if self.rows_total else 0

    def as_counts(self) -> dict[str, Any]:
        """The figures of the batch, for summaries."""
        names = ("new", "updated", "unchanged", "rejected", "doubtful", "undone", "kept")
        return {"batch": self.reference, "state": self.state, "rows": self.rows_total} | {
            name: getattr(self, name) for name in names
        }


class ListRow(models.Model):
    """A row a source has sent, by keyed hashes: who it is about, what it says, what became of it here.

    Kept as long as the row it became; nothing of the row itself can be read from it.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=16)
    reference = models.CharField(max_length=20)
    made_by = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The batch that wrote it last, and the one that last saw it (also unchanged), so that a file naming it twice shows.
    written_by = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", db_index=False)
    seen_in = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="one_row_of_a_key")]
        indexes = [models.Index(fields=["made_by", "id"], name="rows_made_by_a_batch")]

    def __str__(self) -> str:
        return f"row of {self.reference}"


class RowUpdate(models.Model):
    """That a batch changed a row which an earlier one had made; what undoing needs."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    row = models.ForeignKey(ListRow, on_delete=models.CASCADE, related_name="+")
    digest_before = models.BinaryField(max_length=16)
    written_by_before = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"update {self.pk}"


class RejectedRow(models.Model):
    """A row that was set aside, whole and sealed, with the reason. Kept as long as its batch."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rejected_rows")
    number = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=30)
    cells = SealedJSON(key_class="register")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_row_is_rejected_once")]

    def __str__(self) -> str:
        return f"rejected row {self.number}"


class DoubtfulRow(models.Model):
    """A row that was taken with doubts, for a person to look at. Kept as long as its batch."""

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="doubtful_rows")
    number = models.PositiveBigIntegerField()
    about = models.CharField(max_length=20)
    doubts = SealedJSON(key_class="register")  # [[field, code, text], ...]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_row_is_doubted_once")]

    def __str__(self) -> str:
        return f"doubtful row {self.number}"
