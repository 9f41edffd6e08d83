"""Taking work, keeping it, giving it back: everything that two workers could do at the same moment.

Each step is one conditional UPDATE, so it holds on SQLite and PostgreSQL alike; on PostgreSQL candidates are taken
with SKIP LOCKED so that many workers do not wait for each other.
"""

import os
import random
from collections.abc import Collection
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from homeward.lib import clock
from homeward.work.models import Job, Lease

LEASE = timedelta(seconds=float(os.environ.get("HOMEWARD_LEASE_SECONDS") or 30))
LONGEST_PAUSE = timedelta(minutes=15)
# A job over which so many workers died in a row, without its getting on, kills workers.
LOSSES = 20


@lru_cache(maxsize=1)
def _machine() -> str:
    # The boot and the process namespace: within both, a process number means one process.
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:13]
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""


def _started(pid: str) -> str:
    """When the process of that number began, in the kernel's ticks; '' where there is none."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state[0] in "ZX" else state[19]


def worker_name(suffix: str = "") -> str:
    """A name that tells this process from every other, here and elsewhere."""
    pid = str(os.getpid())
    return f"{_machine()}:{pid}:{_started(pid)}{suffix}"


def is_dead(name: str) -> bool:
    """Whether the worker of that name surely runs no more: its process was on this machine and is gone."""
    parts = name.split(":")
    if len(parts) < 3 or not _machine() or parts[0] != _machine():
        return False
    return _started(parts[1]) != parts[2].partition("#")[0]


def claim(worker: str, kinds: Collection[str]) -> Job | None:
    """Take the job that waits longest, or one whose worker died; None where there is nothing to take."""
    _take_back_lost()
    now = clock.now()
    waiting = Job.objects.filter(state=Job.State.READY, run_after__lte=now, kind__in=kinds).order_by("run_after", "id")
    while True:
        if not waiting.exists():  # outside a transaction: on SQLite an idle worker must not hold up writers
            return None
        with transaction.atomic():
            candidates = waiting
            if connection.features.has_select_for_update_skip_locked:
                candidates = waiting.select_for_update(skip_locked=True)
            job_id = candidates.values_list("pk", flat=True).first()
            if job_id is None:
                return None
            taken = Job.objects.filter(pk=job_id, state=Job.State.READY).update(
                state=Job.State.RUNNING, leased_by=worker, lease_until=now + LEASE, starts=F("starts") + 1
            )
        if taken:
            return Job.objects.get(pk=job_id)


def _lost(now_running: QuerySet[Job]) -> list[Job]:
    now = clock.now()
    return [job for job in now_running if (job.lease_until and job.lease_until < now) or is_dead(job.leased_by)]


def _take_back_lost() -> None:
    """Jobs whose worker died or fell silent are ready again."""
    for job in _lost(Job.objects.filter(state=Job.State.RUNNING).defer("payload")):
        held = Job.objects.filter(
            pk=job.pk,
            state=Job.State.RUNNING,
            starts=job.starts,
            leased_by=job.leased_by,
            lease_until=job.lease_until,
        )
        held.update(
            state=Job.State.DEAD if job.losses + 1 >= LOSSES else Job.State.READY,
            leased_by="",
            lease_until=None,
            losses=F("losses") + 1,
            last_error="WorkerLost",
        )


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, leased_by=job.leased_by, starts=job.starts)


def still_held(job: Job) -> bool:
    """Whether this beginning of the job still has the lease; inside a transaction the row stays locked till its end."""
    held = _held(job)
    if connection.in_atomic_block and connection.features.has_select_for_update:
        held = held.select_for_update()
    return held.values_list("pk", flat=True).first() is not None


def still_held_and_wanted(job: Job) -> bool:
    """Whether this beginning of the job has the lease and nobody asked it to stop."""
    return _held(job).filter(stop_requested=False).exists()


def renew(worker: str, job_ids: Collection[int]) -> None:
    """Keep the jobs this worker has in hand, and its followers."""
    until = clock.now() + LEASE
    if job_ids:
        Job.objects.filter(pk__in=job_ids, state=Job.State.RUNNING, leased_by=worker).update(lease_until=until)
    Lease.objects.filter(held_by=worker).update(until=until)


def finish(job: Job) -> bool:
    """The job is done; False where the lease was lost before."""
    done = {"state": Job.State.DONE, "finished_at": clock.now(), "last_error": ""}
    return bool(_held(job).update(leased_by="", lease_until=None, stop_requested=False, **done))


def give_back(job: Job) -> bool:
    """The worker ends: another goes on with the job at once. One whose stop was asked for is set aside."""
    held = _held(job)
    if held.filter(stop_requested=True).update(
        state=Job.State.STOPPED, leased_by="", lease_until=None, stop_requested=False
    ):
        return True
    return bool(held.update(state=Job.State.READY, leased_by="", lease_until=None, run_after=clock.now()))


def fail(job: Job, error: str, *, attempts_allowed: int) -> bool:
    """A fault: try again later, or never. False where the lease was lost before."""
    attempts = job.attempts + 1
    dead = attempts >= attempts_allowed
    return bool(
        _held(job).update(
            state=Job.State.DEAD if dead else Job.State.READY,
            leased_by="",
            lease_until=None,
            attempts=attempts,
            last_error=error[:120],
            run_after=clock.now() + pause_after(attempts),
        )
    )


def pause_after(attempts: int) -> timedelta:
    """Half to whole of 2, 4, 8, ... seconds, at most 15 minutes: the chance part keeps retries from coming in step."""
    longest = min(LONGEST_PAUSE.total_seconds(), 2.0 ** min(attempts, 20))
    return timedelta(seconds=longest * random.uniform(0.5, 1))


def take_lease(name: str, worker: str) -> bool:
    """Whether this worker may run that follower now: nobody else holds it, or its holder died."""
    now = clock.now()
    lease = Lease.objects.filter(pk=name).first()
    if lease is None:
        Lease.objects.bulk_create([Lease(name=name)], ignore_conflicts=True)
        lease = Lease.objects.get(pk=name)
    if lease.held_by == worker and lease.until and lease.until > now:
        return True
    free = not lease.held_by or lease.until is None or lease.until < now or is_dead(lease.held_by)
    if not free and lease.held_by != worker:
        return False
    same = Q(until=lease.until) if lease.until else Q(until__isnull=True)
    taken = Lease.objects.filter(same, pk=name, held_by=lease.held_by)
    return bool(taken.update(held_by=worker, until=now + LEASE, is_idle=False))


def drop_leases(worker: str) -> None:
    """The worker ends: its followers are free for others."""
    Lease.objects.filter(held_by=worker).update(held_by="", until=None)


def mark_idle(name: str, worker: str, *, idle: bool) -> None:
    """Tell other workers whether this follower has work."""
    Lease.objects.filter(pk=name, held_by=worker).exclude(is_idle=idle).update(is_idle=idle)


def others_are_idle(worker: str, names: Collection[str]) -> bool:
    """Whether the followers run by other workers had nothing to do lately."""
    held = Lease.objects.filter(pk__in=names, is_idle=False, until__gte=clock.now()).exclude(held_by__in=["", worker])
    return not any(not is_dead(lease.held_by) for lease in held)


def is_quiet(kinds: Collection[str]) -> bool:
    """Whether no job is being done, is due, or waits to be tried again."""
    ready = Q(state=Job.State.READY) & (Q(run_after__lte=clock.now()) | Q(attempts__gt=0)) & Q(kind__in=kinds)
    return not Job.objects.filter(ready | Q(state=Job.State.RUNNING)).exists()
