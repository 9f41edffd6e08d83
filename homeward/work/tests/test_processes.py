"""Real worker processes on a database on disk: killed, ended, waited for."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.db import connection

from homeward.work import enqueue
from homeward.work.models import Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

# A worker with a handler for the tests: each step is one line of a file, so that what was done can be read.
SCRIPT = """
import os, sys, time, django
django.setup()
from django.core.management import call_command
from homeward.work import enqueue, follows, handles

@handles("test.steps")
def steps(task):
    for step in range(task.payload["steps"]):
        if task.should_stop():
            return
        with open(sys.argv[1], "a") as file:
            file.write(f"{task.subject} {step} {time.time()}\\n")
        task.progress(step + 1, task.payload["steps"])
        time.sleep(task.payload["pause"])

@handles("test.chain")
def chain(task):
    if task.payload["left"]:
        enqueue("test.chain", payload={"left": task.payload["left"] - 1})
    else:
        enqueue("test.steps", subject="end", payload={"steps": 1, "pause": 0})

if sys.argv[2:] == ["enqueue"]:
    for line in sys.stdin:
        enqueue("test.steps", subject="enqueued", payload={"steps": 1, "pause": 0})
        print(time.time(), flush=True)
else:
    call_command("worker", *sys.argv[2:3])
"""


@pytest.fixture
def house(tmp_path):
    """Starts processes on this test's database (SQLite: on a copy of it on disk)."""
    if connection.vendor == "sqlite":
        Job.objects.exists()
        with sqlite3.connect(tmp_path / "house.sqlite3") as copy:
            connection.connection.backup(copy)
        url = f"sqlite:///{tmp_path / 'house.sqlite3'}"
    else:
        parts = connection.settings_dict
        url = f"postgresql://{parts['USER']}@/{parts['NAME']}?host={parts['OPTIONS'].get('host', parts['HOST'])}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "homeward.config.settings"}
    started = []

    def start(*arguments):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / "done.txt"), *arguments]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    start.done = lambda: (tmp_path / "done.txt").read_text().splitlines() if (tmp_path / "done.txt").exists() else []
    start.path = tmp_path / "house.sqlite3"
    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition, seconds=90):
    until = time.time() + seconds
    while not condition():
        assert time.time() < until, "it did not happen"
        time.sleep(0.02)


def rows(house, columns):
    if connection.vendor == "sqlite":
        with sqlite3.connect(house.path) as found:
            return found.execute(f"SELECT {columns} FROM work_job ORDER BY id").fetchall()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM work_job ORDER BY id")
        return cursor.fetchall()


def put(house, kind="test.steps", **payload):
    """Enqueue from here into the database the processes use."""
    if connection.vendor == "sqlite":
        enqueue(kind, subject="job", payload=payload)
        with sqlite3.connect(house.path) as copy:
            connection.connection.backup(copy)
    else:
        enqueue(kind, subject="job", payload=payload)


def test_a_killed_workers_job_is_done_by_the_next(house):
    put(house, steps=40, pause=0.05)
    first = house("--until-idle")
    wait_for(lambda: len(house.done()) >= 3)
    first.send_signal(signal.SIGKILL)
    first.wait()
    begun = time.time()

    assert house("--until-idle").wait(timeout=60) == 0

    assert time.time() - begun < 60  # long before the lease would have run out by itself
    assert rows(house, "state, starts, losses") == [("done", 2, 0)]
    assert [line for line in house.done() if line.startswith("job 39 ")]


def test_sigterm_ends_the_step_and_gives_the_job_back(house):
    put(house, steps=400, pause=0.05)
    worker = house()
    wait_for(lambda: len(house.done()) >= 2)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=15) == 0

    assert rows(house, "state, attempts, leased_by") == [("ready", 0, "")]
    assert len(house.done()) < 100


def test_a_job_enqueued_by_a_job_is_waited_for(house):
    put(house, "test.chain", left=6)

    assert house("--until-idle").wait(timeout=60) == 0

    assert {state for (state,) in rows(house, "state")} == {"done"}
    assert len(rows(house, "state")) == 8
    assert len(house.done()) == 1


def test_a_new_job_begins_within_half_a_second(house):
    house()
    waits = []
    other = house("enqueue")
    for number in range(9):
        other.stdin.write("one\n")
        other.stdin.flush()
        told = float(other.stdout.readline())
        wait_for(lambda n=number: len(house.done()) > n, 60)
        waits.append(float(house.done()[-1].split()[-1]) - told)

    # The first may have waited for the worker itself to start; a busy machine may delay some, not most.
    assert sorted(waits[1:])[4] < 0.5


def test_two_workers_do_each_job_once(house):
    for _ in range(30):
        put(house, steps=1, pause=0.01)
    workers = [house("--until-idle"), house("--until-idle")]

    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]

    assert len(house.done()) == 30
    assert set(rows(house, "state, starts")) == {("done", 1)}
