"""Whoever uses either site may have the source of what runs there (AGPL-3.0, section 13)."""

import io
import tarfile

import pytest
from django.conf import settings
from django.test import Client

from homeward import __version__
from homeward.config import source

pytestmark = pytest.mark.django_db


def _inside(answer: object) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:  # type: ignore[attr-defined]
        return {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]


@pytest.mark.parametrize("site", ["staff", "family"])
def test_a_stranger_finds_the_source_on_each_site(site: str, settings: object) -> None:
    settings.ROOT_URLCONF, settings.SITE = f"homeward.config.urls_{site}", site  # type: ignore[attr-defined]
    page = Client().get("/accounts/login/" if site == "staff" else "/")

    assert f'Homeward {__version__} · <a href="/source">'.encode() in page.content

    answer = Client().get("/source")

    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'{source.fingerprint()}.tar.gz"')
    inside = _inside(answer)
    top = f"homeward-{__version__}"
    assert inside[f"{top}/homeward/config/source.py"] == (settings.ROOT / "homeward/config/source.py").read_bytes()  # type: ignore[attr-defined]
    # Enough to run it: the front door, the locks, the licence, the lists of the scenario.
    for name in ("dev", "pyproject.toml", "requirements.lock", "LICENSE", "homeward/demo/lists/camp-hill.xls"):
        assert f"{top}/{name}" in inside


def test_nothing_but_code_is_given_away() -> None:
    """Every file that a repository would hold is there, and none that it would not."""
    named = {path.relative_to(settings.ROOT).as_posix() for path in source.files()}

    assert not [
        name for name in named if name.startswith(("var/", ".")) or "/." in name or name.endswith((".pyc", ".mo"))
    ]
    assert not [
        name for name in named if name.rpartition("/")[2] in ("keyring.json", "homeward.sqlite3", "signing.json")
    ]
    code = [path for path in (settings.ROOT / "homeward").rglob("*.py") if "__pycache__" not in path.parts]
    assert {path.relative_to(settings.ROOT).as_posix() for path in code} <= named


def test_the_same_code_makes_the_same_archive() -> None:
    first = source.archive()
    source.archive.cache_clear()

    assert source.archive() == first


def test_another_address_is_offered_where_the_bureau_publishes_its_own(settings: object) -> None:
    settings.SOURCE = "https://example.org/our-homeward"  # type: ignore[attr-defined]

    page = Client().get("/accounts/login/")

    assert b'<a href="https://example.org/our-homeward">' in page.content
