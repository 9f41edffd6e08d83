"""A state machine of workers that come, renew, stall, die and return: whatever they do, the leases hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from homeward.lib import clock
from homeward.work import leases
from homeward.work.actions import enqueue
from homeward.work.models import Job

WORKERS = ["one:1:1", "two:1:1", "three:1:1"]
KEYS = ["a", "b", "c"]
ATTEMPTS = 3


class Leases(RuleBasedStateMachine):
    """Holders are what each worker believes it has in hand, rightly or not."""

    @initialize()
    def begin(self):
        Job.objects.all().delete()
        self.moment = datetime(2026, 11, 23, tzinfo=UTC)
        self.in_hand: dict[str, Job] = {}
        self.effects: dict[int, int] = {}  # how often a finish counted, by job
        self.enqueued: dict[str, int] = {}

    @rule(key=st.sampled_from(KEYS))
    def enqueue(self, key):
        with clock.freeze(self.moment):
            job = enqueue("test.do", once_key=key)
        assert self.enqueued.setdefault(key, job.pk) == job.pk

    @rule(worker=st.sampled_from(WORKERS))
    def claim(self, worker):
        if worker in self.in_hand:
            return
        with clock.freeze(self.moment):
            job = leases.claim(worker, ["test.do"])
        if job is not None:
            assert self.effects.get(job.pk, 0) == 0, "a job that is done was begun again"
            self.in_hand[worker] = job

    @rule(worker=st.sampled_from(WORKERS))
    def renew(self, worker):
        if worker in self.in_hand:
            with clock.freeze(self.moment):
                leases.renew(worker, [self.in_hand[worker].pk])

    @rule(worker=st.sampled_from(WORKERS))
    def finish(self, worker):
        job = self.in_hand.pop(worker, None)
        if job is None:
            return
        with clock.freeze(self.moment):
            if leases.finish(job):
                self.effects[job.pk] = self.effects.get(job.pk, 0) + 1

    @rule(worker=st.sampled_from(WORKERS))
    def fail(self, worker):
        job = self.in_hand.pop(worker, None)
        if job is not None:
            with clock.freeze(self.moment):
                leases.fail(job, "ValueError", attempts_allowed=ATTEMPTS)

    @rule(worker=st.sampled_from(WORKERS))
    def give_back(self, worker):
        job = self.in_hand.pop(worker, None)
        if job is not None:
            with clock.freeze(self.moment):
                leases.give_back(job)

    @rule(worker=st.sampled_from(WORKERS))
    def die(self, worker):
        self.in_hand.pop(worker, None)

    @rule(seconds=st.sampled_from([0.1, 5, 31, 1000]))
    def time_passes(self, seconds):
        self.moment += timedelta(seconds=seconds)

    @invariant()
    def no_job_has_two_holders(self):
        held = [job.pk for job in self.in_hand.values() if leases.still_held(job)]
        assert len(held) == len(set(held))

    @invariant()
    def nothing_is_done_twice_or_lost(self):
        stored = dict(Job.objects.values_list("pk", "state"))
        assert set(stored) == set(self.enqueued.values())
        for number, state in stored.items():
            assert self.effects.get(number, 0) == (1 if state == "done" else 0)

    def teardown(self):
        """In the end a worker that lives does all that is left."""
        moment = self.moment
        for _ in range(200):
            moment += timedelta(seconds=1000)
            with clock.freeze(moment):
                job = leases.claim("last:1:1", ["test.do"])
                if job is None:
                    break
                assert leases.finish(job)
        states = set(Job.objects.values_list("state", flat=True))
        assert states <= {"done", "dead"}
        assert not any(
            job.attempts < ATTEMPTS and job.losses < leases.LOSSES for job in Job.objects.filter(state="dead")
        )


@pytest.mark.django_db
@pytest.mark.both_databases
def test_leases_hold_whatever_workers_do():
    run_state_machine_as_test(
        Leases,
        settings=settings(
            max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
