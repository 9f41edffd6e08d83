"""What people do with lists: bring one in, say what its columns are, start, stop, go on, take back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import PurePath

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from homeward.access.models import Staff
from homeward.audit.actions import record
from homeward.intake import queries, stored
from homeward.intake.columns import find_header, guess_columns, header_signature, person_likeness
from homeward.intake.models import Batch, DoubtfulRow, ListRow, RejectedRow, RowUpdate, Source
from homeward.intake.reading import LARGEST_TEXT, OpenList
from homeward.intake.refusals import ListRefused, SourceNeeded, StepRefused
from homeward.intake.rows import filled_rows
from homeward.intake.target import Deed, Kind, Outcome, Row, target_called
from homeward.lib import clock
from homeward.lib.turn import take_turn
from homeward.work.actions import enqueue

KEPT = timedelta(days=30)
UPLOAD_LIMIT = 256 * 1024 * 1024
State = Batch.State


# --- bringing in ------------------------------------------------------------------------------------------------------


def receive(
    pieces: Iterable[bytes],
    file_name: str,
    *,
    target: str,
    by: Staff | None,
    source: Source | None = None,
    largest: int = UPLOAD_LIMIT,
) -> Batch:
    """Keep a list sealed, look at it, guess its columns. One that is not taken leaves a refused batch and no file."""
    owner = target_called(target)
    name = PurePath(file_name.replace("\\", "/")).name[:200] or "list"
    batch = Batch(target=target, source=source, file_name=name, by=by)
    try:
        batch.size, batch.sha256 = stored.keep(
            pieces, reference=batch.reference, key_class=owner.key_class, largest=min(largest, LARGEST_TEXT)
        )
        _look(batch)
    except ListRefused as refusal:
        stored.forget(batch.reference)
        batch.state, batch.refusal, batch.look = State.REFUSED, refusal.code, None
        with transaction.atomic():
            batch.save()
            record("intake.refused", by=by, about=batch.reference, detail={"reason": refusal.code})
        raise
    except BaseException:
        stored.forget(batch.reference)
        raise
    with transaction.atomic():
        batch.save()
        record("intake.received", by=by, about=batch.reference, detail={"target": target, "size": batch.size})
    return batch


def _look(batch: Batch) -> None:
    list_ = queries.opened(batch)
    year = batch.made_at.year
    batch.form = list_.form
    batch.look = {
        "encoding": list_.encoding,
        "delimiter": list_.delimiter,
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "height": sheet.height,
                # Long cells belong to the file, not to a preview.
                "preview": [
                    (row.number, [cell[:300] for cell in row.cells[:200]], row.problem) for row in sheet.preview
                ],
            }
            for sheet in list_.sheets
        ],
    }
    best = max(
        list_.sheets,
        key=lambda sheet: (person_likeness(sheet.preview, this_year=year) * (not sheet.hidden), sheet.height or 0),
    )
    _choose(batch, list_, best.name, find_header(best.preview))
    if not batch.rows_total:
        raise ListRefused("no_rows")


def _choose(batch: Batch, list_: OpenList, sheet: str, header_row: int) -> None:
    """Take this sheet and header; its columns as the source's last ones of this form, else as guessed."""
    batch.sheet, batch.header_row = sheet, header_row
    batch.rows_total = sum(1 for _row in filled_rows(list_.rows(sheet), header_row))
    batch.columns = guessed_columns(batch)


def guessed_columns(batch: Batch) -> list[str]:
    """The columns remembered for this source and header; else the guess."""
    preview = queries.preview_of(batch)
    target = target_called(batch.target)
    codes = [field.code for field in target.fields]
    guesses = guess_columns(preview, batch.header_row, codes, this_year=batch.made_at.year)
    columns = [guess.field for guess in guesses]
    header = queries.header_of(batch)
    signature = header_signature(header, len(columns))
    if batch.source is None and header:
        # One source alone has sent this form before: it is proposed together with its columns.
        senders = [source for source in queries.sources_of(batch.target) if signature in source.mappings]
        batch.source = senders[0] if len(senders) == 1 else None
    if batch.source is not None:
        remembered = batch.source.mappings.get(signature)
        if remembered:
            columns = [code if code in codes else "" for code in remembered]
            columns += [""] * (len(guesses) - len(columns))
    return columns


def source_called(name: str, *, target: str, by: Staff | None) -> Source:
    """The source of this name, made if it is the first list from there."""
    tidied = " ".join(name.split())[:120]
    if not tidied:
        raise SourceNeeded
    with transaction.atomic():
        source, made = Source.objects.get_or_create(target=target, name=tidied)
        if made:
            record("intake.source_made", by=by, about=source.reference, detail={"target": target})
    return source


def check_columns(target: str, columns: Sequence[str]) -> None:
    """Refuse columns from which nobody could be told, and one fact claimed by two columns."""
    fields = {field.code: field for field in target_called(target).fields}
    given = [code for code in columns if code]
    if any(code not in fields for code in given):
        raise StepRefused(_("A column names a field that does not exist."))
    if not {"full_name", "surname", "given"} & set(given):
        raise StepRefused(_("Please say which column holds the name."))
    twice = {code for code in given if given.count(code) > 1 and fields[code].kind is not Kind.TEXT}
    if twice:
        raise StepRefused(
            _("Only one column can be: %(fields)s.") % {"fields": ", ".join(str(fields[code].label) for code in twice)}
        )


def take_another_sheet(batch: Batch, *, sheet: str, header_row: int | None, by: Staff | None) -> Batch:
    """Look at another sheet of the file, or take another row for its header."""
    _must_be(batch, State.LOOKED_AT)
    batch.sheet = sheet
    preview = queries.preview_of(batch)
    if not preview:
        raise ListRefused("no_sheet")
    _choose(batch, queries.opened(batch), sheet, find_header(preview) if header_row is None else header_row)
    if not batch.rows_total:
        raise ListRefused("no_rows")
    with transaction.atomic():
        batch.save()
        record("intake.sheet_chosen", by=by, about=batch.reference, detail={"header": batch.header_row})
    return batch


def confirm_columns(
    batch: Batch, columns: Sequence[str], *, source: Source, silence: str = "", by: Staff | None
) -> Batch:
    """Say who sent the list, what its columns are and what rows mean that say no state; remembered for the source's next list.

    Without `silence` it is what was said of this source last, else what is usual.
    """
    _must_be(batch, State.LOOKED_AT)
    check_columns(batch.target, columns)
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source.pk)
        source.mappings[header_signature(queries.header_of(batch), len(columns))] = list(columns)
        batch.silence = queries.silence_of(batch.target, silence, source.silence)
        source.silence = batch.silence if silence else source.silence
        source.save(update_fields=["mappings", "silence"])
        batch.source, batch.columns = source, list(columns)
        batch.save()
        detail: dict[str, str | int | bool] = {"columns": sum(map(bool, columns)), "silence": batch.silence}
        record("intake.columns_confirmed", by=by, about=batch.reference, detail=detail)
    return batch


# --- running ----------------------------------------------------------------------------------------------------------


def _must_be(batch: Batch, *states: str) -> None:
    if State.LOOKED_AT in states and batch.state == State.LOOKED_AT and not batch.is_file_kept:
        raise ListRefused("changed")
    if batch.state not in states:
        raise StepRefused(_("This cannot be done now: the list is %(state)s.") % {"state": batch.get_state_display()})


@transaction.atomic
def start(batch: Batch, *, by: Staff | None, in_background: bool = True) -> Batch:
    """Let the rows come in, or go on where it stopped."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    _must_be(batch, State.LOOKED_AT, State.STOPPED)
    if batch.source is None:
        raise SourceNeeded
    check_columns(batch.target, batch.columns)
    batch.state = State.RUNNING
    batch.started_at = batch.started_at or clock.now()
    batch.by = by or batch.by
    batch.save(update_fields=["state", "started_at", "by"])
    record("intake.started", by=by, about=batch.reference, detail={"from": batch.next_row})
    if in_background:
        enqueue("intake.run", subject=batch.reference)
    return batch


@transaction.atomic
def stop(batch: Batch, *, by: Staff | None) -> Batch:
    """Stop after the rows at hand; nothing that came in is lost and it can go on later."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    _must_be(batch, State.RUNNING)
    batch.state = State.STOPPED
    batch.save(update_fields=["state"])
    record("intake.stopped", by=by, about=batch.reference, detail={"at": batch.next_row})
    return batch


@transaction.atomic
def undo(batch: Batch, *, by: Staff | None, in_background: bool = True) -> Batch:
    """Take back everything the batch brought in, except rows on which someone has worked since."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    _must_be(batch, State.DONE, State.STOPPED)
    if batch.state == State.STOPPED:
        # The rows that never came in are none of this batch any more.
        batch.rows_total = batch.rows_done
    batch.state = State.UNDOING
    batch.by = by or batch.by
    batch.save(update_fields=["state", "by", "rows_total"])
    record("intake.undo_started", by=by, about=batch.reference)
    if in_background:
        enqueue("intake.undo", subject=batch.reference)
    return batch


def run(
    batch: Batch,
    *,
    hold: Callable[[], None] = lambda: None,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[Batch], None] = lambda batch: None,
) -> Batch:
    """Carry the rows into their room, chunk by chunk, from where the batch stands; killed, it goes on there.

    `hold` is called inside each transaction and may refuse it (a lost lease); `should_stop` between them.
    """
    reader = queries.reader_for(batch)
    try:
        rows = queries.rows_from(batch, queries.opened(batch))
        chunk: list[tuple[Row, str]] = []
        for raw in rows:
            chunk.append(reader.read(raw))
            if len(chunk) >= queries.CHUNK:
                if not _take_chunk(batch, chunk, hold=hold, is_last=False):
                    return batch
                chunk = []
                progress(batch)
                if should_stop():
                    return batch
        if _take_chunk(batch, chunk, hold=hold, is_last=True):
            progress(batch)
    except ListRefused as refusal:
        # The file broke on the way (altered, or a sheet not readable to its end): what came in stays, counted.
        with transaction.atomic():
            current = Batch.objects.select_for_update().get(pk=batch.pk)
            if current.state == State.RUNNING:
                current.state, current.refusal = State.STOPPED, refusal.code
                current.save(update_fields=["state", "refusal"])
                record("intake.broken_off", by=current.by, about=current.reference, detail={"reason": refusal.code})
        batch.refresh_from_db()
    return batch


def _take_chunk(batch: Batch, chunk: list[tuple[Row, str]], *, hold: Callable[[], None], is_last: bool) -> bool:
    """One transaction: rows, outcomes, audit line and cursor. False when the batch is no longer ours."""
    with transaction.atomic():
        take_turn()
        hold()
        current = Batch.objects.select_for_update(of=("self",)).select_related("source", "by").get(pk=batch.pk)
        if current.state != State.RUNNING or current.next_row != batch.next_row:
            batch.refresh_from_db()
            return False
        if chunk:
            counts = _settle(current, chunk)
            current.next_row = chunk[-1][0].number + 1
            for name, count in counts.items():
                setattr(current, name, getattr(current, name) + count)
            record(
                "intake.rows",
                by=current.by,
                about=current.reference,
                detail={"from": chunk[0][0].number, "to": chunk[-1][0].number} | counts,
            )
        if is_last:
            current.rows_total = current.rows_done
            current.state, current.ended_at = State.DONE, clock.now()
            target_called(current.target).finished(current)
            record("intake.done", by=current.by, about=current.reference, detail={"rows": current.rows_done})
        current.save(
            update_fields=[
                *("next_row", "rows_total", "state", "ended_at"),
                *("new", "updated", "unchanged", "rejected", "doubtful"),
            ]
        )
    for name in ("next_row", "rows_total", "state", "ended_at", "new", "updated", "unchanged", "rejected", "doubtful"):
        setattr(batch, name, getattr(current, name))
    return True


def _settle(batch: Batch, chunk: list[tuple[Row, str]]) -> dict[str, int]:
    """Sort the rows into new, changed, unchanged and rejected; the owning room takes the first two."""
    counts = dict.fromkeys(("new", "updated", "unchanged", "rejected", "doubtful"), 0)
    assert batch.source is not None
    target = target_called(batch.target)
    known = queries.known_rows(batch.source, [row for row, reason in chunk if not reason])
    rejected: list[tuple[Row, str]] = []
    wanted: list[Row] = []
    unchanged: list[int] = []
    in_chunk: dict[bytes, bytes] = {}
    for row, reason in chunk:
        if reason:
            rejected.append((row, reason))
            continue
        said = in_chunk.get(row.key)
        earlier = known.get(row.key)
        if said is None and earlier is not None and earlier.seen_in_id == batch.pk:
            said = bytes(earlier.digest)
        if said is not None:
            if said == row.digest:
                counts["unchanged"] += 1
            else:
                rejected.append((row, "repeated"))
            continue
        in_chunk[row.key] = row.digest
        if earlier is None:
            wanted.append(row)
        elif bytes(earlier.digest) == row.digest:
            counts["unchanged"] += 1
            unchanged.append(earlier.pk)
        else:
            row.known = earlier.reference
            wanted.append(row)
    outcomes: Sequence[Outcome] = target.apply(batch, wanted, by=batch.by) if wanted else ()
    if len(outcomes) != len(wanted):
        raise AssertionError(f"{target.code} answered {len(outcomes)} of {len(wanted)} rows")
    made: list[tuple[bytes, bytes, str]] = []
    changed: list[ListRow] = []
    updates: list[RowUpdate] = []
    doubtful: list[DoubtfulRow] = []
    for row, outcome in zip(wanted, outcomes, strict=True):
        if outcome.deed is Deed.REJECTED:
            rejected.append((row, outcome.reason))
            continue
        counts[outcome.deed.value] += 1
        earlier = known.get(row.key)
        if earlier is None:
            made.append((row.key, row.digest, outcome.reference))
        else:
            updates.append(
                RowUpdate(
                    batch=batch,
                    row=earlier,
                    digest_before=bytes(earlier.digest),
                    written_by_before_id=earlier.written_by_id,
                )
            )
            earlier.digest, earlier.written_by, earlier.seen_in = row.digest, batch, batch
            changed.append(earlier)
        if row.doubts and outcome.deed is not Deed.UNCHANGED:
            counts["doubtful"] += 1
            doubts = [[doubt.field, doubt.code, doubt.text] for doubt in row.doubts]
            doubtful.append(DoubtfulRow(batch=batch, number=row.number, about=outcome.reference, doubts=doubts))
    counts["rejected"] += len(rejected)
    _remember(batch, made)
    RowUpdate.objects.bulk_create(updates)
    if changed:
        ListRow.objects.bulk_update(changed, ["digest", "written_by", "seen_in"], batch_size=100)
    if unchanged:
        ListRow.objects.filter(pk__in=unchanged).update(seen_in=batch)
    DoubtfulRow.objects.bulk_create(doubtful)
    RejectedRow.objects.bulk_create(
        [RejectedRow(batch=batch, number=row.number, reason=reason, cells=list(row.cells)) for row, reason in rejected]
    )
    return counts


def _remember(batch: Batch, made: list[tuple[bytes, bytes, str]]) -> None:
    """Write the ledger's new rows. By hand: a million objects of three values took a quarter of an import."""
    columns = ("source_id", "key", "digest", "reference", "made_by_id", "written_by_id", "seen_in_id")
    names = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(ListRow._meta.db_table)
    binary = connection.Database.Binary  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES (%s, %s, %s, %s, %s, %s, %s)",  # noqa: S608 - names of our own
            [
                (batch.source_id, binary(key), binary(digest), reference, batch.pk, batch.pk, batch.pk)
                for key, digest, reference in made
            ],
        )


# --- taking back ------------------------------------------------------------------------------------------------------


def run_undo(
    batch: Batch,
    *,
    hold: Callable[[], None] = lambda: None,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[Batch], None] = lambda batch: None,
) -> Batch:
    """Take the batch back, chunk by chunk; killed at any moment, it goes on there."""
    while not should_stop():
        with transaction.atomic():
            take_turn()
            hold()
            current = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch.pk)
            if current.state != State.UNDOING:
                break
            is_finished = not (_undo_updates(current) or _undo_new(current))
            if is_finished:
                current.state, current.ended_at = State.UNDONE, clock.now()
                detail = {"undone": current.undone, "kept": current.kept}
                record("intake.undone", by=current.by, about=current.reference, detail=detail)
            current.save(update_fields=["state", "ended_at", "undone", "kept"])
        progress(current)
        if is_finished:
            break
    batch.refresh_from_db()
    return batch


def _undo_updates(batch: Batch) -> bool:
    updates = list(RowUpdate.objects.filter(batch=batch).select_related("row").order_by("-pk")[: queries.CHUNK])
    if not updates:
        return False
    # A row that a later list has written again keeps what that list said.
    ours = [update for update in updates if update.row.written_by_id == batch.pk]
    target = target_called(batch.target)
    kept = set(target.undo(batch, new=(), updated=[update.row.reference for update in ours], by=batch.by))
    restored = []
    for update in ours:
        if update.row.reference not in kept:
            update.row.digest = bytes(update.digest_before)
            update.row.written_by_id = update.written_by_before_id
            restored.append(update.row)
    ListRow.objects.bulk_update(restored, ["digest", "written_by"], batch_size=100)
    RowUpdate.objects.filter(pk__in=[update.pk for update in updates]).delete()
    batch.undone += len(restored)
    batch.kept += len(updates) - len(restored)
    _note_undone(batch, len(restored), len(updates) - len(restored))
    return True


def _undo_new(batch: Batch) -> bool:
    rows = list(ListRow.objects.filter(made_by=batch).order_by("-pk")[: queries.CHUNK])
    if not rows:
        return False
    ours = [row for row in rows if row.written_by_id == batch.pk]
    target = target_called(batch.target)
    kept = set(target.undo(batch, new=[row.reference for row in ours], updated=(), by=batch.by))
    gone = [row.pk for row in ours if row.reference not in kept]
    staying = [row.pk for row in rows if row.pk not in set(gone)]
    ListRow.objects.filter(pk__in=gone).delete()
    # Kept rows belong to nobody's undo any more.
    ListRow.objects.filter(pk__in=staying).update(made_by=None)
    batch.undone += len(gone)
    batch.kept += len(staying)
    _note_undone(batch, len(gone), len(staying))
    return True


def _note_undone(batch: Batch, undone: int, kept: int) -> None:
    record("intake.rows_undone", by=batch.by, about=batch.reference, detail={"undone": undone, "kept": kept})


def forget_old_files() -> int:
    """Remove files and previews of lists that are over, or were never begun, 30 days after; how many."""
    before = clock.now() - KEPT
    over = Q(state__in=[State.DONE, State.UNDONE], ended_at__lt=before)
    never = Q(state__in=[State.LOOKED_AT, State.REFUSED], made_at__lt=before)
    old = list(Batch.objects.filter(over | never, is_file_kept=True).order_by("pk")[:50])
    for batch in old:
        # The header stays for the download of rejected rows; of people nothing does.
        header, number = queries.header_of(batch), batch.header_row
        preview = [(number, header, "")] if header else []
        batch.look = {"encoding": "", "delimiter": "", "sheets": [{"name": batch.sheet or "", "preview": preview}]}
        batch.is_file_kept = False
        with transaction.atomic():
            batch.save(update_fields=["look", "is_file_kept"])
            record("intake.file_forgotten", by=None, about=batch.reference)
        stored.forget(batch.reference)
    return len(old)


def unfinished(sha256: str, source: Source) -> Batch | None:
    """The batch of this very file from this source that has not come to its end: the one to go on with."""
    states = (State.LOOKED_AT, State.RUNNING, State.STOPPED)
    found = Batch.objects.filter(sha256=sha256, source=source, state__in=states).order_by("-pk").first()
    return found if found and stored.path_of(found.reference).exists() else None
