"""What stands on a family's own page: each room places its part there, from below upwards none is known.

A room registers its sections when it starts (`apps.py`, `ready`):

    @her_page_section(order=40)
    def what_you_may_read(request: FamilyRequest) -> SafeString | None: ...

A section is the finished piece of the page, or None where the room has nothing to say to her. A section placed with `news=True` tells
her of him whenever it says anything: the others then find `news_stands(request)` true, and none says beside it that he is sought.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from homeward.enquiries.family import FamilyRequest

Section = Callable[[FamilyRequest], "str | SafeString | None"]


@dataclass(frozen=True, slots=True)
class _Placed:
    order: int
    name: str
    section: Section
    news: bool


_sections: dict[str, _Placed] = {}


def her_page_section(order: int, *, news: bool = False) -> Callable[[Section], Section]:
    """Place what this function returns on her page; the lowest order first. `news`: what it says is news of him."""

    def place(section: Section) -> Section:
        name = f"{section.__module__}.{section.__qualname__}"
        _sections[name] = _Placed(order, name, section, news)
        return section

    return place


def news_stands(request: FamilyRequest) -> bool:
    """Whether a section with news of him stands on the page that is being made."""
    return bool(getattr(request, "news_stands", False))


def sections_for(request: FamilyRequest) -> list[SafeString]:
    """All sections that have something to say, in their order; those with news are asked first. Plain text is escaped."""
    placed = sorted(_sections.values(), key=lambda each: (each.order, each.name))
    said = {each.name: each.section(request) for each in placed if each.news}
    request.news_stands = any(said.values())
    said |= {each.name: each.section(request) for each in placed if not each.news}
    return [mark_safe(conditional_escape(text)) for each in placed if (text := said[each.name])]  # noqa: S308
