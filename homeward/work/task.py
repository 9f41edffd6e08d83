"""A job in the hands of its handler."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Case, F, PositiveIntegerField, Value, When

from homeward.work import leases
from homeward.work.models import Job

_ASK_EVERY = 0.25
_TELL_EVERY = 0.5


class LeaseLost(Exception):
    """Another worker has the job now; whatever this one still does must not count."""


class Task:
    """What a handler sees of its job: what to do, whether to stop, how far it is."""

    def __init__(self, job: Job, ending: Callable[[], bool] = lambda: False) -> None:
        self._job = job
        self._ending = ending
        self._asked_at = self._told_at = 0.0
        self.told_to_stop = False

    def __str__(self) -> str:
        return str(self._job)

    @property
    def reference(self) -> str:
        """The public name of the job."""
        return self._job.reference

    @property
    def kind(self) -> str:
        """What kind of job it is."""
        return self._job.kind

    @property
    def subject(self) -> str:
        """The reference of what it is about."""
        return self._job.subject

    @property
    def payload(self) -> dict[str, Any]:
        """What it was enqueued with."""
        return self._job.payload or {}

    @property
    def attempts(self) -> int:
        """How many faults it has had."""
        return self._job.attempts

    def should_stop(self) -> bool:
        """Whether to return now: a person asked, the worker ends, or the lease was lost. Cheap: call it often."""
        if self.told_to_stop:
            return True
        if self._ending():
            self.told_to_stop = True
        elif time.monotonic() - self._asked_at >= _ASK_EVERY:
            self._asked_at = time.monotonic()
            asked = leases.still_held_and_wanted(self._job)
            self.told_to_stop = not asked
        return self.told_to_stop

    def hold(self) -> None:
        """Inside a transaction: go on only while the job is still ours, and keep it so until the transaction ends."""
        if not connection.in_atomic_block:
            raise RuntimeError("hold() holds only inside a transaction")
        if not leases.still_held(self._job):
            self.told_to_stop = True
            raise LeaseLost(str(self._job))

    def progress(self, done: int, total: int) -> None:
        """Say how far it is; written at most twice a second, and when complete."""
        if done < total and time.monotonic() - self._told_at < _TELL_EVERY:
            return
        self._told_at = time.monotonic()
        got_on = Case(
            When(progress_done__lt=done, then=Value(0)), default=F("losses"), output_field=PositiveIntegerField()
        )
        held = Job.objects.filter(pk=self._job.pk, starts=self._job.starts, state=Job.State.RUNNING)
        held.update(progress_done=done, progress_total=total, losses=got_on)
