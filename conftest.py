"""Tests get a data folder of their own, and no network but loopback."""

import os
import socket
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

os.environ["HOMEWARD_HOME"] = tempfile.mkdtemp(prefix="homeward-test-")
os.environ["HOMEWARD_ZONE"] = "command"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside the live server
# Each worker has its own data folder, and removes it.
_home = os.environ["HOMEWARD_HOME"]

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test tried to reach {address[0]}: tests talk to loopback only")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _house_for_tests() -> Iterator[None]:
    socket.socket.connect = _loopback_only  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]
    import shutil

    shutil.rmtree(_home, ignore_errors=True)
