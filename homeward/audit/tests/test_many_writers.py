"""Several processes record at once: no gap, no doubled number, one sound tree."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection

from homeward.audit.models import Event, Head

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WRITE = """
import sys, django
django.setup()
from django.db import transaction
from homeward import audit
for number in range(60):
    with transaction.atomic():
        audit.record_many([audit.Entry("a.b", f"{sys.argv[1]}-{number}")] * (1 + number % 7), by=None)
        if number % 5 == 4:
            transaction.set_rollback(True)
"""
VERIFY = """
import django
django.setup()
from homeward.audit.models import Event
from homeward.audit.verify import verify_stored
verdict = verify_stored()
print(verdict.size, Event.objects.count(), verdict.fault or "sound")
"""


def test_many_write_one_log(tmp_path):
    if connection.vendor == "sqlite":
        Event.objects.exists()
        with sqlite3.connect(tmp_path / "house.sqlite3") as copy:
            connection.connection.backup(copy)
        url = f"sqlite:///{tmp_path / 'house.sqlite3'}"
    else:
        parts = connection.settings_dict
        url = f"postgresql://{parts['USER']}@/{parts['NAME']}?host={parts['OPTIONS'].get('host', parts['HOST'])}"
    before = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "homeward.config.settings"}

    writers = [subprocess.Popen([sys.executable, "-c", WRITE, name], env=environment) for name in "abc"]

    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    kept = 3 * sum(1 + number % 7 for number in range(60) if number % 5 != 4)
    found = subprocess.run([sys.executable, "-c", VERIFY], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(before + kept), str(before + kept), "sound"]


WRITE_ON = """
import sys, time, django
django.setup()
from homeward import audit
print("ready", flush=True)
while True:
    began = time.monotonic()
    audit.record("a.b", by=None)
    print(time.monotonic() - began, flush=True)
"""


def test_verifying_sees_one_moment_and_holds_up_nobody(tmp_path):
    if connection.vendor == "sqlite":
        Event.objects.exists()
        with sqlite3.connect(tmp_path / "house.sqlite3") as copy:
            connection.connection.backup(copy)
        url = f"sqlite:///{tmp_path / 'house.sqlite3'}"
    else:
        parts = connection.settings_dict
        url = f"postgresql://{parts['USER']}@/{parts['NAME']}?host={parts['OPTIONS'].get('host', parts['HOST'])}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "homeward.config.settings"}
    command = [sys.executable, "-c", WRITE_ON]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "ready\n"
        verdicts = [
            subprocess.run(
                [sys.executable, "-c", VERIFY.replace("Event.objects.count()", "0")],
                env=environment, capture_output=True, text=True, check=True,
            ).stdout.split()
            for _ in range(2)
        ]  # fmt: skip
        writer.kill()
        waits = [float(line) for line in writer.stdout.read().split()[:-1]]

    assert [verdict[2] for verdict in verdicts] == ["sound", "sound"]
    assert int(verdicts[0][0]) < int(verdicts[1][0])
    assert max(waits) < 2
