"""A log that can be tampered with: the triggers taken away as somebody with the whole database could."""

from contextlib import contextmanager

import pytest
from django.db import connection


@contextmanager
def without_triggers():
    """Change what nobody may change."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield cursor
            for _name, sql in triggers:
                cursor.execute(sql)
        else:
            cursor.execute("SET session_replication_role = replica")
            yield cursor
            cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def tamper(db):
    return without_triggers
