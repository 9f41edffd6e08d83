"""A reconciliation ends in the same bytes however it went: in one process or several, broken off or not, or on Spark."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from namesake.batch import GIB, Run, block_size, reconcile
from namesake.tables import TableFault, open_table
from namesake.tests.people import RIGHT, write_lists

ROOT = Path(__file__).resolve().parents[2]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_each_enquiry_finds_its_person_first_with_reasons(tmp_path: Path) -> None:
    register, enquiries = write_lists(tmp_path)
    out = tmp_path / "out.csv"

    summary = reconcile(open_table(register), open_table(enquiries), out, top=3, processes=1)

    rows = read(out)
    assert {row["enquiry_id"]: row["person_id"] for row in rows if row["rank"] == "1"} == RIGHT
    assert [row["enquiry_id"] for row in rows] == sorted(row["enquiry_id"] for row in rows)
    assert "surname_same +" in rows[0]["reasons"]
    assert summary.enquiries == 5
    assert not out.with_name("out.csv.work").exists()


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_processes_and_block_sizes_change_nothing(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    register, enquiries = (open_table(path) for path in write_lists(tmp_path, times=20))
    one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"

    reconcile(register, enquiries, one, processes=1)
    if ending == "csv":  # the row groups of a Parquet file follow the blocks
        monkeypatch.setattr("namesake.batch._MOST_IN_A_BLOCK", 7)
    reconcile(register, enquiries, two, processes=2)

    assert one.read_bytes() == two.read_bytes()


def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(tmp_path: Path) -> None:
    register, enquiries = write_lists(tmp_path, times=400)
    whole, broken = tmp_path / "whole.csv", tmp_path / "broken.csv"
    small_blocks = (
        "import namesake.batch as b, sys; from namesake.cli import main; b._MOST_IN_A_BLOCK = 50; sys.exit(main())"
    )
    command = [sys.executable, "-c", small_blocks, "reconcile", str(register), str(enquiries), "--quiet"]
    command += ["--processes", "1"]
    subprocess.run([*command, "--out", str(whole)], env=environment(), check=True, capture_output=True)

    kills = 0
    for parts_before_kill in (0, 3, 9):
        process = subprocess.Popen(
            [*command, "--out", str(broken), "--resume"],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        work = tmp_path / "broken.csv.work"
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            if work.exists() and len(list(work.glob("part-*"))) >= parts_before_kill:
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
    subprocess.run([*command, "--out", str(broken), "--resume"], env=environment(), check=True, capture_output=True)

    assert kills >= 1
    assert broken.read_bytes() == whole.read_bytes()


def test_a_run_about_other_lists_is_not_resumed(tmp_path: Path) -> None:
    register, enquiries = (open_table(path) for path in write_lists(tmp_path))
    out = tmp_path / "out.csv"
    folder = Run(out, 10).folder
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"register": "another"}))

    with pytest.raises(TableFault, match="cannot be resumed"):
        reconcile(register, enquiries, out, processes=1, resume=True)


def test_a_register_larger_than_the_memory_is_refused_before_it_is_read() -> None:
    with pytest.raises(TableFault, match="need about"):
        block_size(100_000_000, 2, 4 * GIB)

    assert block_size(1_000_000, 2, 2 * GIB) >= 200


def test_two_spark_executors_answer_to_the_last_bit_as_the_local_engine(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    if shutil.which("java") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Spark needs Java, and there is none (Debian: default-jre-headless)")
        pytest.skip("Spark needs Java, and there is none (Debian: default-jre-headless)")
    register, enquiries = write_lists(tmp_path, times=60)
    local, spark = tmp_path / "local.csv", tmp_path / "spark.csv"
    reconcile(open_table(register), open_table(enquiries), local, processes=1)

    # In a process of its own: Spark's Java process and its settings end with it.
    code = "import namesake.batch as b, sys; from namesake.cli import main; b._MOST_IN_A_BLOCK = 50; sys.exit(main())"
    done = subprocess.run(
        [
            *(sys.executable, "-c", code, "reconcile", str(register), str(enquiries), "--out", str(spark), "--quiet"),
            *("--engine", "spark", "--spark-master", "local-cluster[2,1,1024]"),
        ],
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert spark.read_bytes() == local.read_bytes()
