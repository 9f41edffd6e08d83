"""Jobs, and the leases under which workers do them."""

from django.db import models
from django.db.models import Q

from homeward.lib import clock, references
from homeward.lib.sealed import SealedJSON


class Job(models.Model):
    """Something to be done once, in the background. Carries references, no names; kept 30 days after it is done."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"  # set aside because a person asked
        DEAD = "dead"  # failed too often

    reference = models.CharField(max_length=20, unique=True, default=references.new_long, editable=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, blank=True)
    payload = SealedJSON(key_class="session", null=True)
    # The same key is never done twice: enqueueing it again gives the job that is there.
    once_key = models.CharField(max_length=120, null=True, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    made_at = models.DateTimeField(default=clock.now)
    run_after = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    # How often it was begun; each beginning fences off the earlier ones.
    starts = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)  # faults since it was enqueued or restarted
    losses = models.PositiveIntegerField(default=0)  # workers that died over it since it last got on
    last_error = models.CharField(max_length=120, blank=True, default="")  # the class of the fault, never its text
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(default=0)
    stop_requested = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["run_after", "id"], name="jobs_ready", condition=Q(state="ready")),
            models.Index(fields=["lease_until"], name="jobs_running", condition=Q(state="running")),
            models.Index(fields=["kind", "subject"], name="jobs_of_a_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) & ~Q(leased_by="")
                | ~Q(state="running") & Q(lease_until__isnull=True, leased_by=""),
                name="only_a_running_job_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(state="done", finished_at__isnull=False) | ~Q(state="done") & Q(finished_at__isnull=True),
                name="a_done_job_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "running", "done", "stopped", "dead"]), name="a_job_has_a_known_state"
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.reference} ({self.kind})"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, 100 * self.progress_done // self.progress_total) if self.progress_total else 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state in (self.State.DONE, self.State.STOPPED, self.State.DEAD)


class Lease(models.Model):
    """The right of one worker to run one follower."""

    name = models.CharField(max_length=80, primary_key=True)
    held_by = models.CharField(max_length=80, blank=True, default="")
    until = models.DateTimeField(null=True)
    # Whether its follower had nothing to do lately; other workers wait for it with --until-idle.
    is_idle = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"lease {self.name}"
