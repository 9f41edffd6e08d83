"""The source of what runs here, for whoever uses it over a network (AGPL-3.0, section 13)."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

from homeward import __version__

# Named one by one: whatever else lies beside the code (data, keys, settings) is nobody's to download.
_FOLDERS = ("homeward", "namesake", "bench", "tests", "docs")
_FILES = (
    "dev", "pyproject.toml", "requirements.lock", "requirements-test.lock", "conftest.py", "LICENSE", "README.md", "CHANGELOG.md",
    "CONTRIBUTING.md", "SECURITY.md",
)  # fmt: skip
_KINDS = frozenset(
    (
        "", ".py", ".html", ".css", ".js", ".json", ".jsonl", ".po", ".typ", ".md", ".svg", ".png", ".txt", ".csv", ".xlsx", ".xls",
        ".ods", ".toml", ".lock", ".parquet", ".gz", ".ics", ".xml", ".woff2", ".ttf", ".otf", ".geojson", ".zip",
    )
)  # fmt: skip


def files() -> Iterator[Path]:
    """The files of the code, in order, as they lie on this machine: what runs, not what a repository says."""
    for name in _FILES:
        if (settings.ROOT / name).is_file():
            yield settings.ROOT / name
    for folder in _FOLDERS:
        for path in sorted((settings.ROOT / folder).rglob("*")):
            hidden = any(
                part.startswith(".") or part == "__pycache__" for part in path.relative_to(settings.ROOT).parts
            )
            if path.is_file() and not hidden and not path.is_symlink() and path.suffix in _KINDS:
                yield path


@cache
def archive() -> bytes:
    """All of it as .tar.gz, the same bytes for the same code. Made once in a process: some two megabytes."""
    inside = io.BytesIO()
    with tarfile.open(fileobj=inside, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in files():
            content = path.read_bytes()
            entry = tarfile.TarInfo(f"homeward-{__version__}/{path.relative_to(settings.ROOT).as_posix()}")
            entry.size = len(content)
            entry.mode = 0o755 if path.name == "dev" else 0o644
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(inside.getvalue(), 6, mtime=0)


@cache
def fingerprint() -> str:
    """Tells this very code from any other: the beginning of the archive's SHA-256."""
    return hashlib.sha256(archive()).hexdigest()[:12]
