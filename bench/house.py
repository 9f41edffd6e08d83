"""`./dev bench house`: the figures of the whole house, on a million entries, through the commands people use.

    ./dev bench house                          # SQLite, everything
    ./dev bench house --database postgresql    # the same on a PostgreSQL of its own
    ./dev bench house --parts import,match     # some parts only; --keep FOLDER to go on with an earlier one

It needs the data of `../shared/bench/names` (or HOMEWARD_SHARED) and says so where they are absent.
"""

import argparse
import csv
import gzip
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HOMEWARD_SHARED") or ROOT.parent / "shared")
PARTS = ("import", "match", "pages", "fuzz", "killing")


class Bench:
    """One run in one data folder."""

    def __init__(self, home: Path, database_url: str, rows: int, enquiries: int) -> None:
        self.home = home
        self.rows = rows
        self.enquiries = enquiries
        self.figures: list[tuple[str, str]] = []
        self.environment = {**os.environ, "HOMEWARD_HOME": str(home)}
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    def say(self, what: str, figure: str) -> None:
        """Keep a figure and show it at once."""
        self.figures.append((what, figure))
        print(f"  {what}: {figure}", flush=True)

    def command(self, *arguments: str) -> list[str]:
        """A command of the house."""
        return [sys.executable, "-m", "homeward", *arguments]

    def run(self, *arguments: str) -> str:
        """Run a command of the house to its end; its output."""
        done = subprocess.run(
            self.command(*arguments), env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"homeward {arguments[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def running(self, *arguments: str, zone: str) -> Iterator[subprocess.Popen[bytes]]:
        """A process of the house for the length of a part."""
        process = subprocess.Popen(
            self.command(*arguments), env={**self.environment, "HOMEWARD_ZONE": zone}, cwd=ROOT, start_new_session=True
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def cpu_of_children() -> float:
    """Processor seconds of every process this one started and saw end: what a busy machine cannot lengthen much."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_of(pid: int) -> float:
    """Processor seconds of a process that still runs."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int, into: list[int], stop: threading.Event) -> None:
    """Watch a process's resident memory (MiB) until told to stop."""
    peak = 0
    while not stop.wait(0.25):
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            break
        peak = max(peak, next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0))
    into.append(peak)


def register_csv(home: Path, rows: int) -> Path:
    """The register of the benchmark as CSV."""
    import pyarrow.csv
    import pyarrow.parquet

    out = home / f"register-{rows}.csv"
    if not out.exists():
        table = pyarrow.parquet.read_table(SHARED / "bench" / "names" / "register.parquet").slice(0, rows)
        pyarrow.csv.write_csv(table, out)
    return out


def enquiries_csv(home: Path, count: int, rows: int) -> Path:
    """The enquiries of the benchmark as CSV, without the columns a matcher must not read."""
    out = home / f"enquiries-{count}.csv"
    with gzip.open(SHARED / "bench" / "names" / "enquiries.csv.gz", "rt", encoding="utf-8") as source:
        said = [row for row in csv.DictReader(source) if int(row["true_id"]) < rows][:count]
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["qid", "surname", "given", "patronymic", "dob", "birthplace", "unit"])
        writer.writeheader()
        writer.writerows({name: row[name] for name in writer.fieldnames} for row in said)
    with (home / "truth.json").open("w") as truth:
        json.dump({row["qid"]: row["true_id"] for row in said}, truth)
    return out


def part_import(bench: Bench) -> None:
    """A million rows through the import command, killed twice on the way and resumed."""
    print(f"Import of {bench.rows:,} rows", flush=True)
    bench.run("init")
    file = register_csv(bench.home, bench.rows)
    arguments = ("import-register", str(file), "--source", "Bench", "--yes", "--json")
    spent, peaks, cpu = 0.0, list[int](), cpu_of_children()
    for attempt in (1, 2, 3):
        started = time.monotonic()
        process = subprocess.Popen(
            bench.command(*arguments),
            env=bench.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            # Into a file: a pipe nobody reads would stop the import, and why it failed must not be lost.
            stderr=(bench.home / f"import-{attempt}.log").open("w"),
        )
        stop = threading.Event()
        watcher = threading.Thread(target=peak_memory, args=(process.pid, peaks, stop))
        watcher.start()
        if attempt < 3:
            # Long enough to be in the middle of it on any machine.
            time.sleep(max(5.0, bench.rows / 12000))
            process.kill()
        output = process.communicate()[0]
        stop.set()
        watcher.join()
        spent += time.monotonic() - started
        if attempt < 3 and process.returncode == 0:
            bench.say(f"kill {attempt}", "came too late")
        elif attempt < 3:
            bench.say(f"kill -9 number {attempt} after", f"{time.monotonic() - started:.0f} s")
    if process.returncode:
        raise SystemExit(f"the import did not end well: {(bench.home / 'import-3.log').read_text()[-2000:]}")
    summary = json.loads(output)
    cpu = cpu_of_children() - cpu
    bench.say("import: wall, with both kills", f"{spent:.0f} s ({bench.rows / spent:,.0f} rows/s; cpu {cpu:.0f} s)")
    bench.say("import: peak memory of the command", f"{max(peaks)} MiB")
    bench.say("import: what became of the rows", json.dumps(summary, ensure_ascii=False))
    started = time.monotonic()
    verified = bench.run("verify-audit").strip().splitlines()
    bench.say("verify-audit", f"{verified[-1] if verified else 'ok'} ({time.monotonic() - started:.0f} s)")


def part_match(bench: Bench) -> None:
    """Ten thousand enquiries: imported, matched, exported; recall against namesake alone on the same files."""
    print(f"Matching of {bench.enquiries:,} enquiries", flush=True)
    enquiries = enquiries_csv(bench.home, bench.enquiries, bench.rows)
    started = time.monotonic()
    with bench.running("matcher", zone="matcher") as matcher:
        wait_for_matcher(bench)
        cpu = cpu_of(matcher.pid)
        bench.say("matcher: start with the whole register", f"{time.monotonic() - started:.0f} s (cpu {cpu:.0f} s)")
        first = time.monotonic()
        for what, arguments in (
            ("imported in", ("import-enquiries", str(enquiries), "--partner", "Bench", "--yes", "--json")),
            ("matched in", ("worker", "--until-idle")),
            ("exported in", ("export-matches", "--top", "10", str(out := bench.home / "matches.csv"))),
        ):
            started, cpu, matcher_cpu = time.monotonic(), cpu_of_children(), cpu_of(matcher.pid)
            bench.run(*arguments)
            used = f"cpu {cpu_of_children() - cpu:.0f} s, of the matcher {cpu_of(matcher.pid) - matcher_cpu:.0f} s"
            bench.say(f"enquiries: {what}", f"{time.monotonic() - started:.0f} s ({used})")
        bench.say("enquiries: import, matching and export together", f"{time.monotonic() - first:.0f} s")
        status = Path(f"/proc/{matcher.pid}/status").read_text().splitlines()
        memory = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
        bench.say("matcher: peak memory", f"{memory} MiB")
    truth = {qid: own for qid, own in json.loads((bench.home / "truth.json").read_text()).items() if own != "-1"}
    bench.say("house: recall@10 / @1", recalls(out, truth))
    bench.say("namesake alone, same files: recall@10 / @1", namesake_alone(bench, truth))


def recalls(out: Path, truth: dict[str, str]) -> str:
    """recall@10 and @1 of an exported file."""
    at10 = at1 = 0
    with out.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if truth.get(row["enquiry"]) == row["entry"] and int(row["rank"]) <= 10:
                at10 += 1
                at1 += row["rank"] == "1"
    return f"{at10 / len(truth):.4f} / {at1 / len(truth):.4f}"


def namesake_alone(bench: Bench, truth: dict[str, str]) -> str:
    """The same files through the library without the house."""
    from namesake import Index, Person

    def person(row: dict[str, str]) -> Person:
        return Person(
            surname=row["surname"],
            given=row["given"],
            patronymic=row["patronymic"],
            born=row["dob"],
            birthplace=row["birthplace"],
            unit=row["unit"],
        )

    index = Index()
    with register_csv(bench.home, bench.rows).open(encoding="utf-8") as file:
        index.add_many((int(row["id"]), person(row)) for row in csv.DictReader(file))
    at10 = at1 = 0
    with enquiries_csv(bench.home, bench.enquiries, bench.rows).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row, found in zip(rows, index.search_many([person(row) for row in rows], 10, threads=2), strict=True):
        keys = [str(candidate.key) for candidate in found]
        if row["qid"] in truth and truth[row["qid"]] in keys:
            at10 += 1
            at1 += keys[0] == truth[row["qid"]]
    return f"{at10 / len(truth):.4f} / {at1 / len(truth):.4f}"


def wait_for_matcher(bench: Bench, seconds: float = 1200.0) -> None:
    """Until the matcher has read both sides."""
    known = ("HOMEWARD_HOME", "DATABASE_URL")
    os.environ.update({name: bench.environment[name] for name in known if name in bench.environment})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeward.config.settings")
    import django

    django.setup()
    from homeward.matching import client

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if client.status().loaded:
                return
        except client.MatcherAway:
            pass
        time.sleep(0.5)
    raise SystemExit("the matcher did not get ready")


def p95(times: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(times)
    return f"p50 {statistics.median(ordered) * 1000:.0f} ms, p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms"


def part_pages(bench: Bench) -> None:
    """Server time and queries of the pages people wait for, at this size."""
    print("Pages", flush=True)
    with bench.running("matcher", zone="matcher"):
        wait_for_matcher(bench)
        # In a process of its own: its settings must see this data folder from the start.
        code = "from bench.house_pages import measure; measure()"
        done = subprocess.run(
            [sys.executable, "-c", code], env=bench.environment, cwd=ROOT, check=True, capture_output=True, text=True
        )
    for line in done.stdout.splitlines():
        what, _, figure = line.partition("\t")
        if figure:
            bench.say(what, figure)


def part_fuzz(bench: Bench) -> None:
    """Ten thousand mutated list files."""
    print("Mutated lists", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "bench.fuzz_lists"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    bench.say("10,000 mutated list files", (done.stdout.strip().splitlines() or [done.stderr[-300:]])[-1])


def part_killing(bench: Bench) -> None:
    """kill -9 of site, worker and matcher at random."""
    print("Killing", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "bench.killing"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    bench.say("kill -9, 100 times, 4 clients", (done.stdout.strip().splitlines() or [done.stderr[-300:]])[-1])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `./dev bench house`."""
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the register (default 1,000,000)")
    parser.add_argument("--enquiries", type=int, default=10_000)
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--keep", type=Path, help="data folder to use and keep")


def main(options: argparse.Namespace) -> int:
    """Measure and print the table."""
    if not (SHARED / "bench" / "names" / "register.parquet").exists():
        print(f"The register of the benchmark is not in {SHARED}; set HOMEWARD_SHARED.", file=sys.stderr)
        return 2
    random.seed(7)
    with tempfile.TemporaryDirectory(prefix="homeward-bench-", ignore_cleanup_errors=True) as scratch:
        home = (options.keep or Path(scratch) / "home").absolute()
        home.mkdir(parents=True, exist_ok=True)
        url = ""
        if options.database == "postgresql":
            from pgserver import get_server  # type: ignore[attr-defined]

            url = get_server(home / "postgresql", cleanup_mode="stop").get_uri()
        bench = Bench(home, url, options.rows, options.enquiries)
        parts: dict[str, Any] = {
            "import": part_import, "match": part_match, "pages": part_pages, "fuzz": part_fuzz, "killing": part_killing,
        }  # fmt: skip
        for name in options.parts.split(","):
            parts[name](bench)
        print(f"\n| figure ({options.database}, {bench.rows:,} rows) | value |\n|---|---|")
        for what, figure in bench.figures:
            print(f"| {what} | {figure} |")
        print(f"\npeak memory of this program {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return 0
