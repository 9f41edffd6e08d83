"""A whole house in a folder of its own: all processes, real ports, the demo's staff, no lists yet."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class House:
    """Where it answers, and the environment its commands need."""

    staff: str
    family: str
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """One command of the house; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "homeward", *arguments],
            cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_house(home: Path) -> Iterator[House]:
    """Set up and start; everything is stopped at the end."""
    staff, family = _free_port(), _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOMEWARD_SITE")},
        "HOMEWARD_HOME": str(home),
        "HOMEWARD_STAFF_PORT": str(staff),
        "HOMEWARD_FAMILY_PORT": str(family),
    }
    (home / "training").touch()
    house = House(f"http://127.0.0.1:{staff}", f"http://127.0.0.1:{family}", environment)
    house.run("init")
    house.run("demo", "staff")
    serving = subprocess.Popen(
        [sys.executable, "-m", "homeward", "serve", "--all"], cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        _wait_for(f"{house.staff}/healthy", serving)
        _wait_for(f"{house.family}/healthy", serving)
        yield house
    finally:
        serving.send_signal(signal.SIGTERM)
        try:
            serving.wait(20)
        except subprocess.TimeoutExpired:
            serving.kill()
            serving.wait()


def _wait_for(url: str, serving: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert serving.poll() is None, "the house ended while it started"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@contextmanager
def whole_house(home: Path, seconds: float = 300.0) -> Iterator[House]:
    """`homeward run` as a newcomer starts it: set up, with the scenario loaded and matched."""
    staff, family = _free_port(), _free_port()
    environment = {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO", "HOMEWARD"))
        },
        "HOMEWARD_HOME": str(home),
        "HOMEWARD_STAFF_PORT": str(staff),
        "HOMEWARD_FAMILY_PORT": str(family),
    }
    log = home.parent / f"{home.name}.log"
    with log.open("w") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "homeward", "run"],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            until = time.monotonic() + seconds
            while "Ctrl-C stops everything" not in (said := log.read_text(errors="replace")):
                assert running.poll() is None, said[-3000:]
                assert time.monotonic() < until, said[-3000:]
                time.sleep(0.2)
            yield House(f"http://127.0.0.1:{staff}", f"http://127.0.0.1:{family}", environment)
        finally:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
