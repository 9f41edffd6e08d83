"""`./dev check` and `./dev test`: everything a change must pass, with what the tests need from Debian."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
# Debian package by the program it brings; the tests that need one skip, with the reason, where it is absent.
DEBIAN = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "java": "default-jre-headless",
    "turnserver": "coturn",
    "sipp": "sip-tester",
    "espeak-ng": "espeak-ng",
}


def run(title: str, *command: str, **environment: str) -> None:
    """One step, shown by its title; its failure ends the run with its own exit code."""
    print(f"\n=== {title}", flush=True)
    outcome = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if outcome.returncode:
        print(f"\n{title}: failed ({outcome.returncode})", flush=True)
        sys.exit(outcome.returncode)


def install_from_debian() -> None:
    """Install what is missing when this may be done; the tests say themselves what they skipped otherwise."""
    wanted = [package for program, package in DEBIAN.items() if not shutil.which(program)]
    if not wanted:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"not installed, so some tests are skipped: {', '.join(wanted)}", flush=True)
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted],
        env=quiet,
        check=False,
        stdout=subprocess.DEVNULL,
    )


def check() -> None:
    """Formatting, lint, rooms, types, migrations, deployment settings, clean locks."""
    with tempfile.TemporaryDirectory() as home:
        run("ruff format", str(BIN / "ruff"), "format", "--check", "-q", ".")
        run("ruff", str(BIN / "ruff"), "check", "-q", ".")
        run("rooms", str(BIN / "lint-imports"), "--no-cache")
        run("types", PYTHON, "-m", "mypy", HOMEWARD_HOME=home)
        run("migrations", PYTHON, "-m", "homeward", "makemigrations", "--check", "--dry-run", HOMEWARD_HOME=home)
        deploy = ("check", "--deploy", "--fail-level", "WARNING")
        for site in ("staff", "family"):
            run(
                f"deployment settings of the {site} site",
                PYTHON,
                "-m",
                "homeward",
                *deploy,
                HOMEWARD_HOME=home,
                HOMEWARD_SITE=site,
                HOMEWARD_PRODUCTION="1",
                HOMEWARD_HOSTS="house.example",
                HOMEWARD_SIGNER=f"{home}/signer.sock",
            )
    for lock in ROOT.glob("**/requirements*.lock"):
        if ".venv" not in lock.parts and "://" in lock.read_text():
            sys.exit(f"{lock.name} names a host")


def postgres(folder: Path) -> str:
    """Start a PostgreSQL of our own for this run; its address."""
    import pgserver

    server = pgserver.get_server(folder, cleanup_mode="stop")
    url: str = server.get_uri()
    return url


def test(arguments: list[str]) -> None:
    """The checks, then the suite on SQLite, then what touches the database again on PostgreSQL."""
    install_from_debian()
    pytest = [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    if arguments:
        os.execv(PYTHON, [PYTHON, "-m", "pytest", *arguments])
    check()
    run("tests on SQLite", *pytest)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        run("tests on PostgreSQL", *pytest, "-m", "both_databases", DATABASE_URL=postgres(Path(folder)))


if __name__ == "__main__":
    task, *rest = sys.argv[1:]
    if task == "check":
        check()
    else:
        test(rest)
