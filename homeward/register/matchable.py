"""How the matcher reads the register: every entry that stands, under every spelling that a source recorded."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from homeward.matching.sides import Item
from homeward.register.models import Entry, Statement, StatementKind
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
    """The standing statements of these entries and of those joined into them, in the order in which they count."""
    found: dict[int, list[Statement]] = defaultdict(list)
    keys = list(entries)
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        joined = joined_of(part)
        rows = (
            Statement.objects.filter(entry__in=[*part, *joined], withdrawn_at__isnull=True)
            .only("reference", "kind", "particulars", "source_id", "entry_id")
            .order_by("pk")
        )
        for statement in rows:
            found[joined.get(statement.entry_id, statement.entry_id)].append(statement)
    for statements in found.values():
        statements.sort(key=corrections_last)
    return found


def persons_under(entries: Sequence[int]) -> dict[int, tuple[Person, ...]]:
    """Under each of these few entries that stands the persons recorded, as the matcher knows them; asked at once."""
    keys = list(entries)
    family = Entry.objects.filter(
        Q(pk__in=keys, withdrawn_at__isnull=True, joined_into__isnull=True) | Q(joined_into__in=keys)
    )
    rows = (
        Statement.objects.filter(entry__in=family.values("pk"), withdrawn_at__isnull=True)
        .select_related("entry")
        .order_by("pk")
    )
    found: dict[int, list[Statement]] = defaultdict(list)
    for statement in rows:
        found[statement.entry.joined_into_id or statement.entry_id].append(statement)
    return {key: _persons(sorted(statements, key=corrections_last)) for key, statements in found.items() if key in keys}


def joined_of(entries: Sequence[int]) -> dict[int, int]:
    """The entries joined into these: their keys, and into which.

    Asked by itself: one question over both, joined with OR, makes either database read every statement there is.
    """
    rows = Entry.objects.filter(joined_into__in=entries).values_list("pk", "joined_into_id")
    return {pk: into for pk, into in rows if into is not None}


def corrections_last(statement: Statement) -> bool:
    """Sorts statements so that a registrar's correction stands above what any list says, also one that came later."""
    return statement.kind == StatementKind.CORRECTION


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
