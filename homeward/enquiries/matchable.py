"""How the matcher reads the enquiries: each with its own enquirer's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from homeward.enquiries.facts import person_of
from homeward.enquiries.models import Enquiry
from homeward.matching.sides import Item

_COLUMNS = ("pk", "reference", "facts", "withdrawn_at")


def every(after: int, limit: int) -> list[Item]:
    """The next enquiries by key."""
    rows = Enquiry.objects.filter(pk__gt=after, withdrawn_at__isnull=True).order_by("pk").only(*_COLUMNS)[:limit]
    return [_item(enquiry) for enquiry in rows]


def some(references: Sequence[str]) -> list[Item]:
    """The enquiries named; a withdrawn one has no person any more."""
    items: list[Item] = []
    for start in range(0, len(references), 500):
        rows = Enquiry.objects.filter(reference__in=references[start : start + 500]).only(*_COLUMNS)
        items += [_item(enquiry) for enquiry in rows]
    return items


def _item(enquiry: Enquiry) -> Item:
    withdrawn: datetime | None = enquiry.withdrawn_at
    facts: dict[str, Any] = enquiry.facts
    return Item(enquiry.pk, enquiry.reference, () if withdrawn else (person_of(facts),))
