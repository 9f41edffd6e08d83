"""Reads of the register. What a person may see is decided by the page's guard; nobody browses it by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from homeward.access.models import Staff
from homeward.matching import client
from homeward.register.matchable import corrections_last, joined_of, statements_of
from homeward.register.models import Apart, Entry, Statement, StatementKind, StatusEvent
from homeward.register.particulars import FIELDS, GROUPS, Field, Group, in_words, merged, name_of, said
from namesake import Person

PAGE = 50
HITS = 20


def standing_entries() -> QuerySet[Entry]:
    """Entries that are neither withdrawn nor joined into another."""
    return Entry.objects.filter(withdrawn_at__isnull=True, joined_into__isnull=True)


def entries_page(*, state: str = "", doubtful: bool = False, before: int | None = None) -> list[Entry]:
    """A page of entries, the newest first, and one more if there are older ones."""
    entries = standing_entries()
    if state:
        entries = entries.filter(state=state)
    if doubtful:
        entries = entries.filter(is_doubtful=True)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return list(entries.order_by("-pk")[: PAGE + 1])


def doubtful_entries(staff: Staff) -> QuerySet[Entry]:
    """Entries of whose rows something was not understood for certain, or that may be in the register twice."""
    # The few doubtful ones are taken from their own index: SQLite would rather read all that are joined into nothing.
    return standing_entries().filter(pk__in=Entry.objects.filter(is_doubtful=True).values("pk"))


def entries_under(references: Sequence[str]) -> QuerySet[Entry]:
    """These entries, for the rooms above."""
    return Entry.objects.filter(reference__in=references)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in a list."""

    entry: Entry
    name: str
    born: str
    unit: str
    camp: str
    percent: str = ""


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """The lines of a page; their statements are read at once."""
    statements = statements_of([entry.pk for entry in entries])
    lines = []
    for entry in entries:
        card = merged(statement.particulars for statement in statements[entry.pk])
        lines.append(Line(entry, name_of(card), said(card, "born"), said(card, "unit"), said(card, "camp")))
    return lines


def found_by(person: Person) -> list[Line]:
    """At most twenty entries that resemble, the likeliest first. Raises MatcherAway."""
    keys = [found.key for found in client.search("register", person, HITS).found if found.bits > 0]
    entries = {entry.pk: entry for entry in standing_entries().filter(pk__in=keys)}
    return lines_of([entries[key] for key in keys if key in entries])


@dataclass(frozen=True, slots=True)
class Word:
    """What one statement said of one field."""

    statement: Statement
    text: str | Promise
    stands: bool


@dataclass(frozen=True, slots=True)
class FieldStory:
    """A field of the card: what stands, and everything that was ever said of it, the latest first."""

    field: Field
    text: str | Promise
    words: tuple[Word, ...]

    @property
    def has_history(self) -> bool:
        """Whether sources differ or somebody corrected."""
        return len({str(word.text) for word in self.words}) > 1


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card of an entry, part by part."""

    name: str
    particulars: dict[str, str]
    parts: tuple[tuple[str | Promise, tuple[FieldStory, ...]], ...]
    statements: tuple[Statement, ...]
    # Every entry shown on this page: the entry itself and those joined into it.
    keys: tuple[int, ...]
    doubts: tuple[tuple[str | Promise, str, str], ...]


def card_of(entry: Entry, *, whole: bool = True) -> Card:
    """Every field with its provenance; without `whole` only who he is and his service.

    Where he is held, how he is and whom he wants told is for those who keep the register (SECURITY.md §3.2).
    """
    keys = (entry.pk, *joined_of([entry.pk]))
    statements = list(
        Statement.objects.filter(entry__in=keys, withdrawn_at__isnull=True)
        .select_related("source", "entered_by", "entry")
        .order_by("pk")
    )
    statements.sort(key=corrections_last)
    card = merged(statement.particulars for statement in statements)
    parts = []
    for group, label in GROUPS.items():
        if not whole and group in (Group.CAPTURE, Group.KIN):
            continue
        stories = []
        for field in FIELDS:
            if field.group != group:
                continue
            words = tuple(
                Word(statement, in_words(value), value == card.get(field.code))
                for statement in reversed(statements)
                if (value := statement.particulars.get(field.code)) is not None
            )
            stories.append(FieldStory(field, in_words(card.get(field.code, "")), words))
        parts.append((label, tuple(stories)))
    labels = {field.code: field.label for field in FIELDS}
    doubts = tuple(
        (labels.get(field, field), code, text)
        for statement in statements
        for field, code, text in (statement.doubts or [])
    )
    return Card(name_of(card), card, tuple(parts), tuple(statements), keys, doubts)


def names_by_source(card: Card) -> list[tuple[Statement, str, str, str]]:
    """(statement, name, born, unit) as each source recorded them."""
    return [
        (
            statement,
            name_of(statement.particulars),
            said(statement.particulars, "born"),
            said(statement.particulars, "unit"),
        )
        for statement in card.statements
        if statement.kind != StatementKind.CORRECTION
    ]


def events_of(keys: Sequence[int]) -> QuerySet[StatusEvent]:
    """All events, the latest first; cancelled ones too, marked."""
    return (
        StatusEvent.objects.filter(entry__in=keys)
        .select_related("source", "recorded_by", "cancelled_by")
        .order_by("-happened_on", "-pk")
    )


def may_be_the_same(entry: Entry, card: Card) -> list[Line]:
    """Other entries so like this one that a person should look. Raises MatcherAway."""
    from homeward.register.particulars import person_of

    found = client.search("register", person_of(card.particulars), 6).found
    others = [each.key for each in found if each.key != entry.pk and each.bits > SAME_MAN_BITS]
    apart = told_apart(entry.pk, others)
    keys = [key for key in others if key not in apart]
    entries = {other.pk: other for other in standing_entries().filter(pk__in=keys)}
    return lines_of([entries[key] for key in keys if key in entries])


def told_apart(entry: int, others: Sequence[int]) -> set[int]:
    """Those of the others of whom a person said that they are not this man."""
    pairs = Apart.objects.filter(Q(low=entry, high__in=others) | Q(high=entry, low__in=others))
    return {high if low == entry else low for low, high in pairs.values_list("low_id", "high_id")}


# Evidence above which two entries are worth a look as one man: a full name of middling frequency and a birth day.
SAME_MAN_BITS = 18.0


def own_numbers(entries: Sequence[int]) -> dict[int, str]:
    """The lists' own numbers of these entries, where a list carried one."""
    rows = Statement.objects.filter(entry__in=entries, kind=StatementKind.LIST_ROW, withdrawn_at__isnull=True).only(
        "reference", "entry_id", "particulars"
    )
    return {row.entry_id: row.particulars["own_id"] for row in rows if row.particulars.get("own_id")}
