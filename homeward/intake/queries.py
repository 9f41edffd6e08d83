"""Reads of the room: batches a person may see, the file of a batch, what a dry run would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.intake import stored
from homeward.intake.models import Batch, ListRow, RejectedRow, Source
from homeward.intake.reading import OpenList, open_list
from homeward.intake.rows import RowReader, filled_rows
from homeward.intake.target import Deed, Row, Target, target_called
from homeward.intake.texts import RawRow
from homeward.lib import keys

CHUNK = 500
DRY_RUN_ROWS = 20_000
DRY_RUN_EXAMPLES = 25
RIGHTS = {"register": Right.REGISTER_IMPORT, "enquiries": Right.ENQUIRIES_IMPORT}


def targets_of(staff: Staff) -> list[Target]:
    """The kinds of list this person may bring in."""
    found = []
    for code, right in RIGHTS.items():
        if staff.may(right):
            try:
                found.append(target_called(code))
            except KeyError:
                continue
    return found


def batches_visible_to(staff: Staff) -> QuerySet[Batch]:
    """Batches of the kinds this person may bring in, the latest first."""
    codes = [target.code for target in targets_of(staff)]
    return Batch.objects.filter(target__in=codes).select_related("source", "by").order_by("-made_at", "-pk")


def sources_of(target: str) -> QuerySet[Source]:
    """Everyone who has sent lists of this kind."""
    return Source.objects.filter(target=target).order_by("name")


def silence_of(target: str, *said: str) -> str:
    """What rows mean that say no state: the first of these that the target knows, else what is usual; "" where nothing is taken."""
    known = target_called(target).silences
    return next((code for code in said if code in known), next(iter(known), ""))


def opened(batch: Batch) -> OpenList:
    """The kept file of the batch, opened anew."""
    target = target_called(batch.target)
    opener = stored.opener_of(batch.reference, key_class=target.key_class, size=batch.size)
    return open_list(opener, batch.file_name)


def header_of(batch: Batch) -> list[str]:
    """The cells of the batch's header row, [] without one."""
    if not batch.header_row or not batch.look:
        return []
    for sheet in batch.look["sheets"]:
        if sheet["name"] == (batch.sheet or ""):
            for number, cells, _problem in sheet["preview"]:
                if number == batch.header_row:
                    return list(cells)
    return []


def preview_of(batch: Batch) -> list[RawRow]:
    """The first rows of the chosen sheet."""
    for sheet in (batch.look or {"sheets": []})["sheets"]:
        if sheet["name"] == (batch.sheet or ""):
            return [RawRow(*row) for row in sheet["preview"]]
    return []


def reader_for(batch: Batch) -> RowReader:
    """The reader of the batch's rows with its columns as they are confirmed."""
    target = target_called(batch.target)
    source = batch.source.reference if batch.source else "none"
    key = keys.key(target.key_class, f"intake rows {source}")
    # The year in which the list came in, so that an age read again next year gives the same year of birth.
    return RowReader(target, batch.columns, header=header_of(batch), key=key, this_year=batch.made_at.year)


def rows_from(batch: Batch, list_: OpenList) -> Iterator[RawRow]:
    """The rows of the batch that are not done yet, in the order of the file."""
    for row in filled_rows(list_.rows(batch.sheet or ""), batch.header_row):
        if row.number >= batch.next_row:
            yield row


def known_rows(source: Source | None, rows: Iterable[Row]) -> dict[bytes, ListRow]:
    """What this source has sent before, by key."""
    if source is None:
        return {}
    wanted = [row.key for row in rows]
    return {bytes(known.key): known for known in ListRow.objects.filter(source=source, key__in=wanted)}


@dataclass
class DryRow:
    """A row as a dry run shows it: each cell with the doubt about it, if any."""

    number: int
    deed: str
    cells: list[str]
    reason: str = ""
    doubts: dict[int, str] = field(default_factory=dict)
    row_doubts: list[str] = field(default_factory=list)


@dataclass
class DryRun:
    """What would become of the rows, with the first of each kind."""

    counts: dict[str, int]
    examples: dict[str, list[DryRow]]
    looked_at: int
    is_whole: bool
    silent: int = 0  # new rows that say no state


def dry_run(batch: Batch, *, most: int | None = DRY_RUN_ROWS) -> DryRun:
    """Read the rows and compare them with what is known, changing nothing."""
    reader = reader_for(batch)
    counts = dict.fromkeys(("new", "updated", "unchanged", "doubtful", "rejected"), 0)
    target, silent = target_called(batch.target), 0
    examples: dict[str, list[DryRow]] = {name: [] for name in ("rejected", "doubtful", "updated", "new")}
    position = {code: index for index, code in reversed(list(enumerate(batch.columns))) if code}
    seen: dict[bytes, bytes] = {}
    looked_at = 0
    is_whole = True

    def note(kind: str, row: Row, deed: str, reason: str = "") -> None:
        if len(examples[kind]) >= DRY_RUN_EXAMPLES:
            return
        marked = {position[doubt.field]: doubt.code for doubt in row.doubts if doubt.field in position}
        loose = [doubt.code for doubt in row.doubts if doubt.field not in position]
        cells = [cell[:200] for cell in row.cells[:40]]
        examples[kind].append(DryRow(row.number, deed, cells, reason, marked, loose))

    def settle(chunk: list[tuple[Row, str]]) -> None:
        nonlocal silent
        known = known_rows(batch.source, [row for row, reason in chunk if not reason])
        for row, reason in chunk:
            deed = Deed.NEW
            if reason:
                deed = Deed.REJECTED
            elif row.key in seen:
                deed, reason = (Deed.UNCHANGED, "") if seen[row.key] == row.digest else (Deed.REJECTED, "repeated")
            elif row.key in known:
                deed = Deed.UNCHANGED if bytes(known[row.key].digest) == row.digest else Deed.UPDATED
            if not reason:
                seen.setdefault(row.key, row.digest)
            counts[deed] += 1
            silent += deed is Deed.NEW and target.is_silent(row)
            if deed is Deed.REJECTED:
                note("rejected", row, deed, reason)
            elif deed is not Deed.UNCHANGED:
                if row.doubts:
                    counts["doubtful"] += 1
                    note("doubtful", row, deed)
                else:
                    note(deed, row, deed)

    chunk: list[tuple[Row, str]] = []
    for raw in filled_rows(opened(batch).rows(batch.sheet or ""), batch.header_row):
        if most is not None and looked_at >= most:
            is_whole = False
            break
        looked_at += 1
        chunk.append(reader.read(raw))
        if len(chunk) >= CHUNK:
            settle(chunk)
            chunk = []
    settle(chunk)
    return DryRun(counts, examples, looked_at, is_whole, silent)


def rejected_rows(batch: Batch) -> QuerySet[RejectedRow]:
    """The rows set aside, in the order of the file."""
    return batch.rejected_rows.order_by("number")
