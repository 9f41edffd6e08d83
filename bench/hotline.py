"""The telephone under load: sipp rings `homeward phone`, presses keys and leaves messages; then a thousand calls in a row.

Counts calls that failed, lines on which something was heard, messages kept, and the process's memory on the way.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many."""
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--in-a-row", type=int, default=1000)


def _memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


def main(options: argparse.Namespace) -> int:
    """Set a house up, start the phone, ring."""
    from tests.callers import Mouth, call, phone, short_prompts, sipp_or_skip

    sipp = sipp_or_skip()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        environment = {**os.environ, "HOMEWARD_HOME": name, "HOMEWARD_ZONE": "command"}
        environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "homeward", "migrate", "-v0"], env=environment, check=True)
        os.environ["HOMEWARD_HOME"] = name
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeward.config.settings")
        import django

        django.setup()
        prompts = short_prompts(home / "recorded")
        with phone(home, HOMEWARD_HOTLINE_PROMPTS=str(prompts)) as (port, process), Mouth() as mouth:
            print(f"memory at the start: {_memory(process.pid)} MB")
            began = time.monotonic()
            failed = call(sipp, home, port, mouth, keys="35", calls=options.calls, at_once=options.at_once, talk=4000)
            took = time.monotonic() - began
            print(f"{options.calls} calls, {options.at_once} at once: {failed} failed, {took:.0f} s")
            print(f"memory after them: {_memory(process.pid)} MB")
            heard = sum(level > 500 for level in mouth.heard.values())
            print(f"lines heard: {heard} of {len(mouth.heard)} ports used")
            for part in range(1, 6):
                many = options.in_a_row // 5
                failed = call(
                    sipp, home, port, mouth, keys="3", calls=many, at_once=options.at_once, rate=20, pause=200, talk=300
                )
                print(f"in a row, {part * many}: {failed} failed, memory {_memory(process.pid)} MB")
            time.sleep(3)
        database = sqlite3.connect(home / "homeward.sqlite3")
        calls, kept = (
            database.execute(f"SELECT count(*) FROM hotline_{table}").fetchone()[0]
            for table in ("call", "spokenmessage")
        )
        open_calls = database.execute("SELECT count(*) FROM hotline_call WHERE ended_at IS NULL").fetchone()[0]
        print(f"written down: {calls} calls, {open_calls} of them still open, {kept} messages")
    return 0
