"""The processes of a house on one machine: started together, watched, stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

# A process that dies is started again after a pause that grows; it is never given up.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


@dataclass
class Process:
    """One process and how it is started."""

    name: str
    command: Sequence[str]
    zone: str
    environment: dict[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    pause: float = _FIRST_PAUSE
    due_at: float = 0.0
    started_at: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor, which stops all in order."""
        environment = {**os.environ, **self.environment, "HOMEWARD_ZONE": self.zone}
        self.running = subprocess.Popen(self.command, env=environment, start_new_session=True)
        self.started_at = time.monotonic()


def site_process(site: str, address: str, workers: int = 1) -> Process:
    """A site served by granian on `host:port`."""
    host, _, port = address.rpartition(":")
    # On the family site twenty may wait for a passphrase to be checked while others read on.
    threads, waiting = ("32", "256") if site == "family" else ("4", "64")
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port,
        "--workers", str(workers), "--blocking-threads", threads, "--backpressure", waiting, "--log-level", "warning",
        "--no-ws", "--respawn-failed-workers", "homeward.config.wsgi:application",
    ]  # fmt: skip
    return Process(f"{site} site", command, site, {"HOMEWARD_SITE": site})


def command_process(name: str, *arguments: str) -> Process:
    """A command of the house, in the zone of its name."""
    return Process(name, [sys.executable, "-m", "homeward", name, *arguments], name)


def telegram_process() -> list[Process]:
    """The process that talks on Telegram, where a token is set."""
    return [command_process("telegram")] if os.environ.get("HOMEWARD_TELEGRAM_TOKEN_FILE") else []


class Supervisor:
    """Keeps processes running until it is told to stop."""

    def __init__(self, processes: Sequence[Process], say: Callable[[str], None]) -> None:
        self.processes = list(processes)
        self.say = say
        self.stopping = False

    def run(self, once_started: Callable[[], None] | None = None) -> None:
        """Start all, then watch until SIGINT or SIGTERM, then stop all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for process in self.processes:
            process.start()
        if once_started is not None:
            once_started()
        while not self.stopping:
            self._look_after()
            time.sleep(0.2)
        self.stop_all()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _look_after(self) -> None:
        moment = time.monotonic()
        for process in self.processes:
            if process.running is not None and process.running.poll() is not None:
                code = process.running.returncode
                lived = moment - process.started_at
                process.pause = _FIRST_PAUSE if lived > 60 else min(process.pause * 2, _LONGEST_PAUSE)
                self.say(f"{process.name} ended ({code}); starting it again in {process.pause:.0f} s")
                process.running, process.due_at = None, moment + process.pause
            elif process.running is None and moment >= process.due_at:
                process.start()

    def stop_all(self) -> None:
        """Ask all to stop, the last started first; after fifteen seconds end them."""
        alive = [process.running for process in reversed(self.processes) if process.running is not None]
        for running in alive:
            running.send_signal(signal.SIGTERM)
        until = time.monotonic() + 15
        for running in alive:
            try:
                running.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
