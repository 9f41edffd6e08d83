"""Mounting a room's pages on a site."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path


def room(site: str, prefix: str, name: str) -> list[URLPattern | URLResolver]:
    """The pages a room has for this site (`urls_family.py`, `urls_staff.py`), below the prefix; none where it has none."""
    module = f"homeward.{name}"
    if module not in settings.ROOMS or not find_spec(f"{module}.urls_{site}"):
        return []
    return [path(prefix, include(f"{module}.urls_{site}"))]
