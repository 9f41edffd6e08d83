"""Reads of the background work."""

from django.db.models import Count, QuerySet

from homeward.work.models import Job


def jobs() -> QuerySet[Job]:
    """All jobs still known, newest first; without their payloads."""
    return Job.objects.defer("payload").order_by("-id")


def dead_jobs() -> QuerySet[Job]:
    """Jobs that failed too often and wait for a person."""
    return jobs().filter(state=Job.State.DEAD)


def unfinished_jobs() -> QuerySet[Job]:
    """Jobs that wait, run, or were set aside."""
    return jobs().exclude(state=Job.State.DONE)


def job_of(kind: str, subject: str) -> Job | None:
    """The newest job of that kind about that subject; for a page's progress bar."""
    return jobs().filter(kind=kind, subject=subject).first()


def counts() -> dict[str, int]:
    """How many jobs are in each state."""
    found = dict(Job.objects.values_list("state").annotate(count=Count("id")))
    return {state: found.get(state, 0) for state in Job.State.values}
