"""Enqueueing, stopping and restarting jobs. Who may do it, and its audit line, is the calling room's business."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.work.models import Job

KEPT = timedelta(days=30)


class JobCannot(Refusal):
    """The job is not in a state in which this can be done to it."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """One job to be enqueued with others."""

    kind: str
    subject: str = ""
    payload: Mapping[str, Any] | None = None
    run_after: datetime | None = None
    once_key: str | None = None


def enqueue(
    kind: str,
    subject: str = "",
    payload: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
    once_key: str | None = None,
) -> Job:
    """Write down a job in the caller's transaction; with a `once_key` already there, that job comes back instead."""
    new = NewJob(kind, subject, payload, run_after, once_key)
    job = _job(new)
    if once_key is None:
        job.save(force_insert=True)
        return job
    Job.objects.bulk_create([job], ignore_conflicts=True)
    return Job.objects.get(once_key=once_key)


def enqueue_many(jobs: Iterable[NewJob]) -> None:
    """Write down many jobs; those whose `once_key` is there already are left out."""
    Job.objects.bulk_create([_job(new) for new in jobs], ignore_conflicts=True, batch_size=40)


def _job(new: NewJob) -> Job:
    now = clock.now()
    return Job(
        kind=new.kind,
        subject=new.subject,
        payload=dict(new.payload) if new.payload else None,
        once_key=new.once_key,
        made_at=now,
        run_after=new.run_after or now,
    )


def ask_to_stop(job: Job) -> None:
    """A running job ends its step and is set aside; a waiting one is set aside at once."""
    if Job.objects.filter(pk=job.pk, state=Job.State.READY).update(state=Job.State.STOPPED, stop_requested=False):
        return
    if not Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(stop_requested=True):
        raise JobCannot(_("This job is not running any more."))


def restart(job: Job) -> None:
    """A dead or stopped job is ready again, its faults forgotten. One that is done stays done."""
    restarted = Job.objects.filter(pk=job.pk, state__in=[Job.State.DEAD, Job.State.STOPPED]).update(
        state=Job.State.READY,
        attempts=0,
        losses=0,
        last_error="",
        run_after=clock.now(),
        stop_requested=False,
    )
    if not restarted:
        raise JobCannot(_("Only a job that has stopped or failed can be started again."))


def forget_done() -> int:
    """Remove jobs done more than 30 days ago, a few at a time; how many."""
    old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=clock.now() - KEPT).values_list("pk", flat=True)
    return Job.objects.filter(pk__in=list(old[:500])).delete()[0]
