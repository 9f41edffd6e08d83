"""How the matcher reads the register: every entry that stands, under every spelling that a source recorded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from homeward.matching.sides import Item
from homeward.register.models import Entry, Statement
from homeward.register.particulars import MATCHED, merged, person_of
from namesake import Person


def every(after: int, limit: int) -> list[Item]:
    """The next entries by key."""
    rows = list(
        Entry.objects.filter(pk__gt=after, withdrawn_at__isnull=True, joined_into__isnull=True)
        .order_by("pk")
        .values_list("pk", "reference")[:limit]
    )
    return _items(dict(rows))


def some(references: Sequence[str]) -> list[Item]:
    """The entries named; one that was withdrawn or joined into another has no persons any more."""
    items = []
    for start in range(0, len(references), 500):
        rows = Entry.objects.filter(reference__in=references[start : start + 500]).values_list(
            "pk", "reference", "withdrawn_at", "joined_into"
        )
        standing = {pk: reference for pk, reference, withdrawn, joined in rows if withdrawn is None and joined is None}
        items += _items(standing)
        items += [Item(pk, reference, ()) for pk, reference, _w, _j in rows if pk not in standing]
    return items


def _items(entries: dict[int, str]) -> list[Item]:
    statements = statements_of(entries)
    return [Item(pk, reference, _persons(statements[pk])) for pk, reference in entries.items()]


def statements_of(entries: Iterable[int]) -> dict[int, list[Statement]]:
    """The standing statements of these entries and of those joined into them, in the order they were made."""
    found: dict[int, list[Statement]] = defaultdict(list)
    keys = list(entries)
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        rows = (
            Statement.objects.filter(Q(entry__in=part) | Q(entry__joined_into__in=part), withdrawn_at__isnull=True)
            .select_related("entry")
            .only("reference", "kind", "particulars", "source_id", "entry__joined_into_id")
            .order_by("pk")
        )
        for statement in rows:
            found[statement.entry.joined_into_id or statement.entry_id].append(statement)
    return found


def _persons(statements: list[Statement]) -> tuple[Person, ...]:
    """The card as it stands, and besides it every source's own spelling that differs."""
    if not statements:
        return ()
    card = merged(statement.particulars for statement in statements)
    spellings = {tuple(card.get(code, "") for code in MATCHED): card}
    for statement in statements:
        own = {**card, **statement.particulars}
        spellings.setdefault(tuple(own.get(code, "") for code in MATCHED), own)
    return tuple(person_of(spelling) for spelling in spellings.values())
