"""What an administrator does with background work."""

from django.db import transaction

from homeward import audit
from homeward.access.models import Staff
from homeward.oversight.deeds import Deed
from homeward.work import actions as work
from homeward.work.models import Job


@transaction.atomic
def restart_job(job: Job, *, by: Staff) -> None:
    """Let a dead or stopped job run again."""
    work.restart(job)
    audit.record(Deed.JOB_RESTARTED, by=by, about=job.reference, detail={"kind": job.kind})


@transaction.atomic
def stop_job(job: Job, *, by: Staff) -> None:
    """Let a job end its step and set it aside."""
    work.ask_to_stop(job)
    audit.record(Deed.JOB_STOPPED, by=by, about=job.reference, detail={"kind": job.kind})
