"""All addresses of a site, with a value for each part, so that tests can ask for every page."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.converters import IntConverter, StringConverter, UUIDConverter

# A reference that is well formed and names nothing.
NOTHING = "0000-0000-0000-0"


@dataclass(frozen=True)
class Address:
    """One address: its path with filled parts, its name, its view."""

    path: str
    name: str
    view: Any


def addresses_of(site: str) -> list[Address]:
    """Every address the site routes."""
    return list(_walk(import_module(f"homeward.config.urls_{site}").urlpatterns, "/", ""))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        path = prefix + _filled(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, path, inner)
        else:
            yield Address(path, space + (pattern.name or ""), pattern.callback)


def _filled(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        value = NOTHING
        if isinstance(converter, IntConverter):
            value = "1"
        elif isinstance(converter, UUIDConverter):
            value = str(uuid.UUID(int=0))
        elif not isinstance(converter, StringConverter):
            value = "x"
        for written in (f"<{_kind(converter)}:{name}>", f"<{name}>"):
            route = route.replace(written, value)
    return route


def _kind(converter: Any) -> str:
    return {"IntConverter": "int", "UUIDConverter": "uuid", "SlugConverter": "slug", "PathConverter": "path"}.get(
        type(converter).__name__, "str"
    )
