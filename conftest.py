"""Tests get a data folder of their own, and no network but loopback."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# One commit, one verdict: where it is decided whether a change goes out, properties are tried on the same examples each
# time. Everywhere else they are tried on new ones.
settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test tried to reach {address[0]}: tests talk to loopback only")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _house_for_tests() -> Iterator[None]:
    from homeward.config.messages import compile_messages

    compile_messages()
    socket.socket.connect = _loopback_only  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _emptying_passes_the_triggers() -> Iterator[None]:
    """Between tests with real transactions every table is emptied, also those from which nothing may be removed."""
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseOperations as Postgresql
    from django.db.backends.sqlite3.base import DatabaseOperations as Sqlite

    sqlite_flush, postgresql_flush = Sqlite.sql_flush, Postgresql.sql_flush

    def on_sqlite(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        with connections[self.connection.alias].cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        away, back = [f"DROP TRIGGER {name}" for name, _sql in triggers], [sql for _name, sql in triggers]
        return [*away, *sqlite_flush(self, *args, **kwargs), *back]

    def on_postgresql(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = postgresql_flush(self, *args, **kwargs)
        return ["SET session_replication_role = replica", *statements, "SET session_replication_role = origin"]

    Sqlite.sql_flush, Postgresql.sql_flush = on_sqlite, on_postgresql  # type: ignore[method-assign]
    yield
    Sqlite.sql_flush, Postgresql.sql_flush = sqlite_flush, postgresql_flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _speaks_english() -> None:
    """A page that spoke Ukrainian leaves its language to the thread; each test begins in English."""
    from django.utils import translation

    translation.activate("en")


@pytest.fixture
def family_site(settings: Any) -> None:
    """The pages of the family site instead of the staff's."""
    settings.SITE = "family"
    settings.ROOT_URLCONF = "homeward.config.urls_family"
