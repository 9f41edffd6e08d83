"""What an enquirer says about the man she seeks: the union of what tracing services ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from namesake import Person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy


class Group(StrEnum):
    """The parts of the enquiry, in the order people tell them."""

    NAME = "name"
    MORE = "more"
    NEWS = "news"


GROUPS: dict[Group, str | Lazy] = {
    Group.NAME: _("Whom are you looking for?"),
    Group.MORE: _("What else would tell him from others?"),
    Group.NEWS: _("The last news of him"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing she may say."""

    code: str
    label: str | Lazy
    group: Group
    matched: bool = False
    long: bool = False


FACTS: tuple[Fact, ...] = (
    Fact("surname", _("Surname"), Group.NAME, matched=True),
    Fact("given", _("First names"), Group.NAME, matched=True),
    Fact("patronymic", _("Patronymic"), Group.NAME, matched=True),
    Fact("full", _("Name as told, in one line"), Group.NAME, matched=True),
    Fact("born", _("Born (day, year, or about)"), Group.NAME, matched=True),
    Fact("birthplace", _("Place of birth"), Group.MORE, matched=True),
    Fact("unit", _("Unit"), Group.MORE, matched=True),
    Fact("service_number", _("Service number"), Group.MORE, matched=True),
    Fact("rank", _("Rank"), Group.MORE),
    Fact("father", _("Father's first name"), Group.MORE, matched=True),
    Fact("mother_maiden", _("Mother's maiden name"), Group.MORE, matched=True),
    Fact("aliases", _("Call sign and other spellings"), Group.MORE, matched=True),
    Fact("marks", _("Distinguishing marks"), Group.MORE, long=True),
    Fact("clothing", _("Clothes when last seen"), Group.MORE, long=True),
    Fact("last_news_on", _("Day of the last news"), Group.NEWS),
    Fact("last_news", _("What it was, and from whom"), Group.NEWS, long=True),
    Fact("asked_elsewhere", _("Asked elsewhere, with what number"), Group.NEWS, long=True),
    Fact("message", _("A word for him"), Group.NEWS, long=True),
)
BY_CODE = {fact.code: fact for fact in FACTS}
MATCHED = tuple(fact.code for fact in FACTS if fact.matched)

Facts = Mapping[str, str]


def person_of(facts: Facts) -> Person:
    """What the matching library compares."""
    texts = {code: facts.get(code, "") for code in MATCHED if code != "aliases"}
    # A family's father is also the patronymic's root; the library knows that, so both are handed on as told.
    return Person(**texts, aliases=tuple(part.strip() for part in facts.get("aliases", "").split(";") if part.strip()))


def person_typed(typed: Mapping[str, Any]) -> Person | None:
    """The man as far as he is typed; None while there is too little of a name to look by."""
    facts = {code: str(typed.get(code, "")).strip()[:200] for code in MATCHED}
    name = "".join(facts[code] for code in ("surname", "given", "full"))
    return person_of(facts) if len(name) >= 3 else None


def name_of(facts: Facts) -> str:
    """The name in one line."""
    parts = " ".join(part for code in ("surname", "given", "patronymic") if (part := facts.get(code, "")))
    return parts or facts.get("full", "") or "—"
