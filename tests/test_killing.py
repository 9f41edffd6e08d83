"""Every acknowledged enquiry survives kill -9 of any process; the long run is `./dev bench house --parts killing`."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.killing import kill_and_check

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.skipif(find_spec("homeward.enquiries") is None, reason="this house takes no enquiries")
def test_no_acknowledged_enquiry_is_lost_or_doubled(tmp_path: Path) -> None:
    url = ""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        import pgserver

        url = pgserver.get_server(tmp_path / "postgresql", cleanup_mode="stop").get_uri()

    outcome = kill_and_check(tmp_path / "home", kills=5, database_url=url, pause=(0.3, 1.2))

    assert outcome.faults == []
    assert outcome.acknowledged > 0


PRAGMAS = """
import django, threading
django.setup()
from django.db import connection

def asked():
    with connection.cursor() as cursor:
        found = {}
        names = "journal_mode synchronous foreign_keys secure_delete cell_size_check"
        for name in names.split():
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
        print(sorted(found.items()))
    connection.close()

asked()
asked()
thread = threading.Thread(target=asked)
thread.start()
thread.join()
"""


def test_every_connection_writes_durably(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "HOMEWARD_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "homeward.config.settings",
    }

    said = subprocess.run(
        [sys.executable, "-c", PRAGMAS], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout.splitlines()

    # synchronous 2 is FULL: an acknowledged commit has reached the disk.
    expected = [
        ("cell_size_check", 1),
        ("foreign_keys", 1),
        ("journal_mode", "wal"),
        ("secure_delete", 1),
        ("synchronous", 2),
    ]
    assert said == [str(expected)] * 3
