"""Jobs: enqueued, done, failed, stopped, restarted, taken over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from homeward.lib import clock
from homeward.work import GiveUp, LeaseLost, NotNow, Task, actions, enqueue, enqueue_many, leases, queries
from homeward.work.actions import NewJob
from homeward.work.handlers import HANDLERS, Handling
from homeward.work.models import Job, Lease
from homeward.work.worker import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def worker():
    return Worker(kinds=["test.do"], followers={})


@pytest.fixture
def done(monkeypatch):
    """What the handler of the tests did; put a function into `steps` to change it."""
    record = []
    monkeypatch.setitem(HANDLERS, "test.do", Handling(lambda task: record.append(task.subject), 3))
    return record


def handle_with(monkeypatch, function, attempts=3):
    monkeypatch.setitem(HANDLERS, "test.do", Handling(function, attempts))


def state(job):
    job.refresh_from_db()
    return job.state


def test_a_job_is_done_once(worker, done):
    job = enqueue("test.do", subject="1234", payload={"batch": "99"})

    assert worker.do_one_job()
    assert not worker.do_one_job()

    assert done == ["1234"]
    assert state(job) == "done"
    assert Job.objects.get(pk=job.pk).payload == {"batch": "99"}


def test_a_payload_lies_sealed(worker):
    job = enqueue("test.do", payload={"who": "Marker Name"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM work_job WHERE id = %s", [job.pk])
        assert b"Marker" not in bytes(cursor.fetchone()[0])


def test_a_job_stands_and_falls_with_its_transaction(worker, done):
    with transaction.atomic():
        enqueue("test.do")
        transaction.set_rollback(True)

    assert not worker.do_one_job()


def test_the_same_key_is_one_job_even_when_done(worker, done):
    first = enqueue("test.do", subject="1", once_key="import 1")
    assert enqueue("test.do", subject="other", once_key="import 1").pk == first.pk
    worker.do_one_job()
    assert enqueue("test.do", subject="1", once_key="import 1").state == "done"
    enqueue_many([NewJob("test.do", "1", once_key="import 1"), NewJob("test.do", "2", once_key="import 2")])

    assert worker.do_one_job()
    assert not worker.do_one_job()
    assert done == ["1", "2"]


def test_jobs_are_done_in_their_order_and_not_before_their_time(worker, done):
    with clock.freeze(START):
        enqueue("test.do", "later", run_after=START + timedelta(minutes=1))
        enqueue("test.do", "first")
        enqueue("test.do", "second")
        while worker.do_one_job():
            pass
        assert done == ["first", "second"]
    with clock.freeze(START + timedelta(minutes=1)):
        worker.do_one_job()
    assert done == ["first", "second", "later"]


def test_an_unknown_kind_is_left_for_another_worker(worker, done):
    job = enqueue("other.kind")

    assert not worker.do_one_job()
    assert state(job) == "ready"


def test_a_fault_is_tried_again_with_growing_pauses_and_then_dead(worker, monkeypatch, caplog):
    typed = "Marker Name was typed here"

    def fail(task):
        raise ValueError(typed)

    handle_with(monkeypatch, fail)
    moment = START
    with clock.freeze(moment):
        job = enqueue("test.do")
    pauses = []
    while state(job) == "ready":
        with clock.freeze(moment):
            assert worker.do_one_job()
            assert not worker.do_one_job()
        job.refresh_from_db()
        pauses.append((job.run_after - moment).total_seconds())
        moment = max(moment, job.run_after)

    assert [1 <= pauses[0] <= 2, 2 <= pauses[1] <= 4] == [True, True]
    assert (job.state, job.attempts, job.last_error) == ("dead", 3, "ValueError")
    assert list(queries.dead_jobs()) == [job]
    # The text of a fault may hold a name: neither the row nor the log has it.
    assert "Marker" not in caplog.text
    assert "ValueError" in caplog.text


def test_pauses_end_at_fifteen_minutes():
    assert max(leases.pause_after(n) for n in range(1, 400)) <= timedelta(minutes=15)
    assert min(leases.pause_after(30) for _ in range(100)) >= timedelta(minutes=7)


def test_a_dead_job_can_be_restarted_and_a_done_one_cannot(worker, monkeypatch, done):
    def give_up(task):
        raise GiveUp("no use")

    handle_with(monkeypatch, give_up)
    job = enqueue("test.do")
    worker.do_one_job()
    assert state(job) == "dead"
    handle_with(monkeypatch, lambda task: done.append("again"))

    actions.restart(job)
    worker.do_one_job()

    assert (state(job), done) == ("done", ["again"])
    with pytest.raises(actions.JobCannot):
        actions.restart(job)


def test_a_person_can_stop_a_running_job_and_start_it_again(worker, monkeypatch):
    seen = []

    def long_work(task):
        for step in range(len(seen), 5):
            if task.should_stop():
                return
            seen.append(step)
            task.progress(step + 1, 5)
            if step == 2:
                actions.ask_to_stop(Job.objects.get(reference=task.reference))
                task._asked_at = 0  # it asks at most four times a second

    handle_with(monkeypatch, long_work)
    job = enqueue("test.do")
    worker.do_one_job()
    assert (state(job), seen) == ("stopped", [0, 1, 2])
    actions.restart(job)
    worker.do_one_job()

    assert (state(job), seen) == ("done", [0, 1, 2, 3, 4])
    assert job.percent == 100


def test_a_waiting_job_is_stopped_at_once(worker, done):
    job = enqueue("test.do")
    actions.ask_to_stop(job)

    assert state(job) == "stopped"
    assert not worker.do_one_job()
    with pytest.raises(actions.JobCannot):
        actions.ask_to_stop(job)


def test_an_ending_worker_gives_its_job_back(worker, monkeypatch, done):
    def interrupted(task):
        worker.end()
        if task.should_stop():
            return
        done.append("not reached")

    handle_with(monkeypatch, interrupted)
    job = enqueue("test.do")
    worker.do_one_job()
    assert (state(job), job.attempts) == ("ready", 0)
    handle_with(monkeypatch, lambda task: done.append("by another"))

    Worker(kinds=["test.do"], followers={}).do_one_job()

    assert done == ["by another"]


def test_a_silent_worker_loses_its_job_and_cannot_finish_it(monkeypatch):
    with clock.freeze(START):
        job = enqueue("test.do")
        old = leases.claim("elsewhere:1:1", ["test.do"])
    with clock.freeze(START + leases.LEASE + timedelta(seconds=1)):
        new = leases.claim("elsewhere:2:1", ["test.do"])
        assert new is not None
        assert new.pk == old.pk

        assert not leases.still_held(old)
        with pytest.raises(LeaseLost), transaction.atomic():
            Task(old).hold()
        assert Task(old).should_stop()
        assert not leases.finish(old)
        assert not leases.fail(old, "X", attempts_allowed=1)
        assert not leases.give_back(old)
        with transaction.atomic():
            Task(new).hold()
        assert leases.finish(new)
    assert state(job) == "done"


def test_a_job_of_a_dead_process_is_taken_over_at_once():
    enqueue("test.do")
    dead = leases.worker_name().rsplit(":", 2)[0] + ":4194304:1"
    assert leases.is_dead(dead)
    assert not leases.is_dead(leases.worker_name("#1"))
    assert not leases.is_dead("another-machine:1:1")
    assert leases.claim(dead, ["test.do"])

    assert leases.claim("x:2:1", ["test.do"])
    assert leases.claim("x:3:1", ["test.do"]) is None


def test_a_job_that_kills_its_workers_is_dead_in_the_end_unless_it_gets_on():
    job = enqueue("test.do")
    dead = leases.worker_name().rsplit(":", 2)[0] + ":4194304:1"
    for number in range(leases.LOSSES - 1):
        assert leases.claim(dead, ["test.do"]), number
    taken = leases.claim(dead, ["test.do"])
    Task(taken).progress(1, 2)
    job.refresh_from_db()
    assert job.losses == 0

    for _ in range(leases.LOSSES):
        leases.claim(dead, ["test.do"])

    assert (state(job), job.last_error) == ("dead", "WorkerLost")


def test_a_renewed_lease_holds(worker, done):
    with clock.freeze(START):
        enqueue("test.do")
        job = leases.claim("elsewhere:1:1", ["test.do"])
    with clock.freeze(START + leases.LEASE / 2):
        leases.renew("elsewhere:1:1", [job.pk])
    with clock.freeze(START + leases.LEASE + timedelta(seconds=1)):
        assert leases.claim("elsewhere:2:1", ["test.do"]) is None


def test_one_worker_at_a_time_follows():
    with clock.freeze(START):
        assert leases.take_lease("tracing.match", "a:1:1")
        assert leases.take_lease("tracing.match", "a:1:1")
        assert not leases.take_lease("tracing.match", "b:1:1")
        assert leases.take_lease("other", "b:1:1")
    with clock.freeze(START + leases.LEASE + timedelta(seconds=1)):
        assert leases.take_lease("tracing.match", "b:1:1")
        assert not leases.take_lease("tracing.match", "a:1:1")
        leases.drop_leases("b:1:1")
        assert leases.take_lease("tracing.match", "a:1:1")


def test_a_follower_that_fails_does_not_stop_the_others(caplog):
    called = []
    typed = "Marker Name"

    def broken():
        raise ValueError(typed)

    def good():
        called.append(1)
        return len(called) < 3

    worker = Worker(kinds=[], followers={"test.broken": broken, "test.good": good})

    while worker.once():
        pass

    assert len(called) == 3
    assert worker.failing["test.broken"][0] == 1  # called again after a pause, not in every round
    assert "Marker" not in caplog.text


def test_others_wait_for_a_busy_follower():
    Lease.objects.create(name="x", held_by="elsewhere:1:1", until=clock.now() + timedelta(minutes=1))
    assert not leases.others_are_idle("me:1:1", ["x"])
    leases.mark_idle("x", "elsewhere:1:1", idle=True)
    assert leases.others_are_idle("me:1:1", ["x"])


def test_quiet_means_nothing_due_running_or_waiting_for_another_try(worker, monkeypatch):
    assert leases.is_quiet(["test.do"])
    enqueue("test.do", run_after=clock.now() + timedelta(days=1))
    assert leases.is_quiet(["test.do"])
    job = enqueue("test.do")
    assert not leases.is_quiet(["test.do"])

    def fail(task):
        raise ValueError

    handle_with(monkeypatch, fail)
    worker.do_one_job()
    assert state(job) == "ready"
    assert not leases.is_quiet(["test.do"])


def test_done_jobs_are_forgotten_after_their_time(worker, done):
    with clock.freeze(START):
        enqueue("test.do", once_key="x")
        waiting = enqueue("other.kind")
        worker.do_one_job()
    with clock.freeze(START + timedelta(days=31)):
        assert actions.forget_done() == 1
    assert list(Job.objects.all()) == [waiting]


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE work_job SET state = 'running'",
        "UPDATE work_job SET state = 'done'",
        "UPDATE work_job SET state = 'lost'",
        "UPDATE work_job SET leased_by = 'me'",
    ],
)
def test_the_database_knows_only_whole_states(wrong):
    enqueue("test.do")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(wrong)


def test_one_key_is_one_row_for_the_database_too():
    enqueue("test.do", once_key="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="test.do", once_key="x")


def test_a_follower_that_waits_for_another_process_is_not_idle():
    answers = iter([NotNow("matcher"), False])

    def follower():
        answer = next(answers)
        if isinstance(answer, NotNow):
            raise answer
        return answer

    worker = Worker(kinds=[], followers={"test.follow": follower})
    worker.once()
    assert worker.waits_for == {"test.follow": "matcher"}
    worker.once()
    assert worker.waits_for == {}


def test_a_worker_is_not_idle_while_a_pass_said_not_now_though_the_next_has_begun():
    def follower():
        raise NotNow("matcher")

    worker = Worker(kinds=[], followers={"test.follow": follower})
    meanwhile = leases.is_quiet

    def quiet_while_the_other_thread_goes_on(kinds):
        worker.waits_for.clear()  # as a pass of the other thread did
        return meanwhile(kinds)

    leases.is_quiet, before = quiet_while_the_other_thread_goes_on, leases.is_quiet
    try:
        assert not worker._is_idle()
    finally:
        leases.is_quiet = before
