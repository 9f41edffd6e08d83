"""The worker: threads that do jobs, one that runs the followers, one that keeps the leases.

It ends cleanly on SIGTERM: every handler is told, finishes its step, and its job goes back for the next worker. It may
also end at any instant without notice: then its leases run out, or are seen to belong to a dead process, at once.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Collection

from django.db import DatabaseError, close_old_connections, connection

from homeward.work import leases
from homeward.work.handlers import FOLLOWERS, HANDLERS, Follower, GiveUp, NotNow, find_all
from homeward.work.models import Job
from homeward.work.task import LeaseLost, Task

log = logging.getLogger("homeward.work")

# What a new job or change waits at most before it is seen.
POLL = 0.25
# A follower that did nothing for so long is called idle.
_IDLE_AFTER = 1.0
# A worker that works until idle gives up when a follower failed so often in a row.
_FAULTS = 6


class Worker:
    """One worker process' work. `run` returns when it was told to end, or by `until_idle` when nothing is left."""

    def __init__(
        self,
        *,
        threads: int = 2,
        kinds: Collection[str] | None = None,
        followers: dict[str, Follower] | None = None,
    ) -> None:
        find_all()
        self.kinds = list(HANDLERS if kinds is None else kinds)
        self.followers = dict(FOLLOWERS if followers is None else followers)
        self.threads = threads
        self.name = leases.worker_name(f"#{id(self):x}")
        self._ending = threading.Event()
        self._failed = False
        self._round = threading.Lock()
        # What followers with work to do wait for, by follower.
        self.waits_for: dict[str, str] = {}
        # Followers that failed: how often in a row, and when they are called again.
        self.failing: dict[str, tuple[int, float]] = {}
        self._quiet_since: dict[str, int] = {}
        # Only what a thread really has in hand is renewed: a job dropped by a fault of the database runs out.
        self._in_hand: set[int] = set()
        self._crew: list[threading.Thread] = []

    def end(self) -> None:
        """Finish the current steps and return; safe to call from a signal handler."""
        self._ending.set()

    def run(self, *, until_idle: bool = False, each_poll: Callable[[], None] | None = None) -> None:
        """Work until told to end, or until nothing is left."""
        self._crew = [self._thread("followers", self._follow)]
        self._crew += [self._thread(f"jobs {number}", self._do_jobs) for number in range(self.threads)]
        crew = [self._thread("leases", self._renew), *self._crew]
        for thread in crew:
            thread.start()
        try:
            while not self._ending.wait(POLL):
                if each_poll is not None:
                    each_poll()
                if until_idle and self._is_idle():
                    break
                if until_idle and any(times >= _FAULTS for times, _when in list(self.failing.values())):
                    # Ending as if all were done would be a lie.
                    self._failed = True
                    break
        finally:
            self.end()
            for thread in crew:
                thread.join()
            leases.drop_leases(self.name)
            close_old_connections()
        if self._failed:
            raise SystemExit(1)

    def _thread(self, name: str, loop: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=self._guarded, args=(loop,), name=name)

    def once(self) -> bool:
        """Do one round here and now: every follower once, then one job. Whether there was anything to do."""
        busy = self._run_followers()
        return self.do_one_job() or busy

    def do_one_job(self) -> bool:
        """Take one job and do it; False where none was due."""
        job = leases.claim(self.name, self.kinds)
        if job is None:
            return False
        self._in_hand.add(job.pk)
        try:
            self._do(job)
        finally:
            self._in_hand.discard(job.pk)
        return True

    def _do(self, job: Job) -> None:
        handling = HANDLERS[job.kind]
        task = Task(job, self._ending.is_set)
        try:
            handling.run(task)
        except LeaseLost:
            log.warning("%s was taken over by another worker", job)
        except GiveUp as error:
            self._note(job, error)
            leases.fail(job, _name_of(error), attempts_allowed=0)
        except Exception as error:  # a job's fault must not end the others; it is logged, counted and shown
            self._note(job, error)
            leases.fail(job, _name_of(error), attempts_allowed=handling.attempts)
        else:
            # A handler that was told to stop may have left something undone: its job is never called done.
            if task.told_to_stop:
                leases.give_back(job)
            else:
                leases.finish(job)

    @staticmethod
    def _note(job: Job, error: BaseException) -> None:
        # The places and the class only: the text of a fault may hold what a person typed.
        places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        log.error("%s failed: %s\n%s", job, _name_of(error), places)

    def _do_jobs(self) -> None:
        while not self._ending.is_set():
            if not self.do_one_job():
                close_old_connections()
                self._ending.wait(POLL)

    def _follow(self) -> None:
        while not self._ending.is_set():
            if not self._run_followers():
                close_old_connections()
                self._ending.wait(POLL)

    def _run_followers(self) -> bool:
        return self._follow_once()[0]

    def _follow_once(self) -> tuple[bool, bool]:
        """Call every follower once: whether one did something, and whether all said that there is nothing to do.

        Both are of this very pass: the other thread may be in the middle of the next one already.
        """
        busy, settled = False, True
        with self._round:
            for name, follower in self.followers.items():
                if self._ending.is_set():
                    return busy, False
                if self.failing.get(name, (0, 0.0))[1] > time.monotonic():
                    settled = False
                    continue
                if not leases.take_lease(name, self.name):
                    # Another worker's affair.
                    self.waits_for.pop(name, None)
                    self.failing.pop(name, None)
                    continue
                try:
                    did_something = follower()
                except NotNow as missing:
                    self.waits_for[name] = missing.needs
                    self._tell_idleness(name, True)
                    settled = False
                    continue
                except Exception as error:  # one follower's fault must not stop the others
                    places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
                    log.error("follower %s failed: %s\n%s", name, _name_of(error), places)
                    if not connection.in_atomic_block:
                        connection.close()
                    times = self.failing.get(name, (0, 0.0))[0] + 1
                    self.failing[name] = times, time.monotonic() + min(60.0, POLL * 2**times)
                    settled = False
                    continue
                self.waits_for.pop(name, None)
                self.failing.pop(name, None)
                self._tell_idleness(name, did_something)
                busy = busy or did_something
        return busy, settled and not busy

    def _tell_idleness(self, name: str, did_something: bool) -> None:
        # Told only when it changes and, towards idle, only after a while: under load this writes nothing.
        if did_something:
            if self._quiet_since.get(name, -1) != 0:
                leases.mark_idle(name, self.name, idle=False)
            self._quiet_since[name] = 0
            return
        rounds = self._quiet_since.get(name, 0) + 1
        self._quiet_since[name] = rounds
        if rounds == round(_IDLE_AFTER / POLL):
            leases.mark_idle(name, self.name, idle=True)

    def _is_idle(self) -> bool:
        """No job left, and a whole round of followers, begun after that was seen, found nothing to do."""
        if not leases.is_quiet(self.kinds):
            return False
        _busy, settled = self._follow_once()
        if not settled or not leases.is_quiet(self.kinds):
            return False
        return leases.others_are_idle(self.name, self.followers)

    def _renew(self) -> None:
        every = leases.LEASE.total_seconds() / 4
        while not self._ending.wait(every):
            self._renew_once()
        # Handlers may still be finishing their step.
        while any(thread.is_alive() for thread in self._crew):
            self._renew_once()
            self._crew[-1].join(timeout=every)

    def _renew_once(self) -> None:
        try:
            leases.renew(self.name, list(self._in_hand))
        except DatabaseError:
            # Busy or away for a moment: tried again at the next turn, long before the lease runs out.
            log.warning("the leases could not be renewed this time")
            connection.close()

    def _guarded(self, loop: Callable[[], None]) -> None:
        """Run a loop; where the database is away for a moment, begin it again, else end the whole worker loudly."""
        try:
            while True:
                try:
                    loop()
                    return
                except DatabaseError as error:
                    log.error("the database failed: %s", _name_of(error))
                    connection.close()
                    if self._ending.wait(1):
                        return
        except BaseException as error:
            places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            log.critical("the worker ends: %s\n%s", _name_of(error), places)
            self._failed = True
            self.end()
            raise
        finally:
            connection.close()


def _name_of(error: BaseException) -> str:
    return type(error).__qualname__
