"""A list comes in exactly once: stopped, killed, repeated, changed, taken back. The register owns the rows here."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from homeward.audit.models import Event
from homeward.intake import actions, queries, stored
from homeward.intake.models import Batch, ListRow, RejectedRow
from homeward.intake.refusals import ListRefused, StepRefused
from homeward.intake.tests import lists
from homeward.intake.views_staff import harmless
from homeward.lib import clock
from homeward.register.models import Entry, Statement
from homeward.testing import make_staff, sign_in
from homeward.work.models import Job
from homeward.work.worker import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HEADER = ["id", "surname", "given", "patronymic", "dob", "unit"]


def people(count: int, *, start: int = 1) -> list[list[str]]:
    def person(number: int) -> list[str]:
        surname = f"Шевченко{chr(1072 + number % 26)}"
        return [str(number), surname, "Іван", "Петрович", f"19{60 + number % 40}-05-28", str(10000 + number)]

    return [person(number) for number in range(start, start + count)]


def bring(rows: Sequence[Sequence[str]], *, name: str = "list.csv", source: str = "Camp 3") -> Batch:
    batch = actions.receive([lists.text(rows)], name, target="register", by=None)
    known = actions.source_called(source, target="register", by=None)
    return actions.confirm_columns(batch, batch.columns, source=known, by=None)


def import_now(rows: Sequence[Sequence[str]], **said: str) -> Batch:
    return actions.run(actions.start(bring(rows, **said), by=None, in_background=False))


def facts() -> list[tuple[object, ...]]:
    """What the register says, in words that two runs can share."""
    said = Statement.objects.filter(withdrawn_at__isnull=True, entry__withdrawn_at__isnull=True)
    return sorted(tuple(sorted(statement.particulars.items())) for statement in said)


def counts(batch: Batch) -> tuple[int, int, int, int]:
    batch.refresh_from_db()
    return batch.new, batch.updated, batch.unchanged, batch.rejected


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.TRAINING = True  # no second factor to set up first
    monkeypatch.setattr(queries, "CHUNK", 10)


def test_every_row_becomes_an_entry_and_the_file_lies_sealed() -> None:
    batch = import_now([HEADER, *people(25)])

    assert batch.state == "done"
    assert counts(batch) == (25, 0, 0, 0)
    assert Entry.objects.count() == 25
    kept = stored.path_of(batch.reference).read_bytes()
    assert "Шевченко".encode() not in kept
    assert Event.objects.filter(deed="intake.rows", about=batch.reference).count() == 3


def test_the_same_list_again_changes_nothing() -> None:
    rows = [HEADER, *people(25)]
    import_now(rows)
    before = facts()

    again = import_now(rows)

    assert counts(again) == (0, 0, 25, 0)
    assert facts() == before


def test_the_same_list_without_numbers_and_in_another_order_changes_nothing() -> None:
    rows = [row[1:] for row in people(25)]
    import_now([HEADER[1:], *rows])

    again = import_now([HEADER[1:], *reversed(rows)])

    assert counts(again) == (0, 0, 25, 0)


def test_people_who_cannot_be_told_apart_are_never_written_over_each_other() -> None:
    rows = [
        ["surname", "given", "dob", "rank"],
        ["Бойко", "Юрій", "1990", "солдат"],
        ["Бойко", "Юрій", "1990", "сержант"],
    ]

    first = import_now(rows)
    again = import_now(rows)

    assert counts(first) == (2, 0, 0, 0)
    assert counts(again) == (0, 0, 2, 0)


def test_one_number_for_two_people_in_one_file_sets_the_second_aside() -> None:
    rows = [HEADER, *people(25), ["3", "Лисенко", "Андрій", "", "1985-01-02", ""], people(1)[0]]

    first = import_now(rows)
    again = import_now(rows)

    assert counts(first) == (25, 0, 1, 1)
    assert counts(again) == (0, 0, 26, 1)
    assert RejectedRow.objects.get(batch=first).reason == "repeated"


def test_another_source_has_its_own_numbers() -> None:
    import_now([HEADER, *people(5)])

    assert counts(import_now([HEADER, *people(5)], source="Hospital 1")) == (5, 0, 0, 0)


def test_a_changed_row_updates_its_entry_and_undoing_restores_it() -> None:
    rows = people(25)
    import_now([HEADER, *rows])
    before = facts()
    rows[4][5] = "99999"

    changed = import_now([HEADER, *rows])

    assert counts(changed) == (0, 1, 24, 0)
    actions.run_undo(actions.undo(changed, by=None, in_background=False))
    changed.refresh_from_db()
    assert (changed.state, changed.undone, changed.kept) == ("undone", 1, 0)
    assert counts(import_now([HEADER, *people(25)])) == (0, 0, 25, 0)
    assert facts() == before


def test_a_batch_taken_back_leaves_nothing_and_can_come_in_again() -> None:
    rows = [HEADER, *people(25)]
    batch = import_now(rows)

    actions.run_undo(actions.undo(batch, by=None, in_background=False))

    batch.refresh_from_db()
    assert (batch.state, batch.undone, batch.kept) == ("undone", 25, 0)
    assert facts() == []
    assert not ListRow.objects.exists()
    assert counts(import_now(rows)) == (25, 0, 0, 0)


@pytest.mark.parametrize("dies_at", [1, 2, 3, 4, 5])
def test_killed_in_any_chunk_and_resumed_gives_the_same(dies_at: int) -> None:
    rows = [HEADER, *people(25), ["x"], ["", "=1+1", "", "", "", ""], *people(10, start=100)]
    batch = actions.start(bring(rows), by=None, in_background=False)
    calls = 0

    class Killed(Exception):
        pass

    def hold() -> None:
        nonlocal calls
        calls += 1
        if calls == dies_at:
            raise Killed

    if dies_at <= 4:
        with pytest.raises(Killed):
            actions.run(batch, hold=hold)
    again = Batch.objects.select_related("source", "by").get(pk=batch.pk)
    actions.run(again)

    assert again.state == "done"
    assert counts(again) == (35, 0, 0, 2)
    assert len(facts()) == 35


def test_a_run_that_was_overtaken_does_nothing() -> None:
    batch = actions.start(bring([HEADER, *people(25)]), by=None, in_background=False)
    slow = Batch.objects.select_related("source", "by").get(pk=batch.pk)

    actions.run(batch)
    actions.run(slow)

    assert counts(batch) == (25, 0, 0, 0)
    assert Entry.objects.count() == 25


def test_stopped_and_continued_by_the_worker() -> None:
    registrar = make_staff("registrar")
    batch = actions.start(bring([HEADER, *people(25)]), by=registrar, in_background=False)
    actions.run(batch, should_stop=lambda: True)
    actions.stop(batch, by=registrar)
    assert counts(batch) == (10, 0, 0, 0)

    actions.start(batch, by=registrar)
    Worker(followers={}).do_one_job()

    assert counts(batch) == (25, 0, 0, 0)
    batch.refresh_from_db()
    assert batch.state == "done"
    assert Job.objects.get(kind="intake.run").state == "done"


def test_what_stopped_half_way_can_be_taken_back() -> None:
    batch = actions.start(bring([HEADER, *people(25)]), by=None, in_background=False)
    actions.run(batch, should_stop=lambda: True)
    actions.stop(batch, by=None)

    actions.run_undo(actions.undo(batch, by=None, in_background=False))

    batch.refresh_from_db()
    assert (batch.state, batch.undone) == ("undone", 10)
    assert facts() == []


def test_an_altered_file_stops_the_batch_without_losing_count() -> None:
    batch = actions.start(bring([HEADER, *people(25)]), by=None, in_background=False)
    path = stored.path_of(batch.reference)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    actions.run(batch)

    batch.refresh_from_db()
    assert (batch.state, batch.refusal, batch.rows_done) == ("stopped", "changed", 0)


def test_a_refused_file_leaves_its_reason_and_no_file() -> None:
    with pytest.raises(ListRefused):
        actions.receive([b"%PDF-1.7"], "list.csv", target="register", by=None)

    batch = Batch.objects.get()
    assert (batch.state, batch.refusal) == ("refused", "not_a_list")
    assert not stored.path_of(batch.reference).exists()


def test_files_and_previews_go_after_thirty_days_but_rejected_rows_keep_their_header() -> None:
    batch = import_now([HEADER, *people(3), ["9", "", "", "", "1990", ""]])
    assert actions.forget_old_files() == 0
    Batch.objects.filter(pk=batch.pk).update(ended_at=clock.now() - timedelta(days=31))

    assert actions.forget_old_files() == 1

    batch = Batch.objects.get(pk=batch.pk)
    assert not stored.path_of(batch.reference).exists()
    assert queries.header_of(batch) == HEADER
    assert [row.cells for row in queries.preview_of(batch)] == [HEADER]
    assert actions.forget_old_files() == 0


def test_steps_out_of_order_are_refused() -> None:
    batch = import_now([HEADER, *people(3)])

    for step in (actions.start, actions.stop):
        with pytest.raises(StepRefused):
            step(batch, by=None)


def test_a_name_column_is_needed_and_no_fact_may_stand_in_two() -> None:
    batch = actions.receive([lists.text([HEADER, *people(3)])], "a.csv", target="register", by=None)
    source = actions.source_called("Camp 3", target="register", by=None)

    for columns in (
        [""] * 6,
        ["own_id", "surname", "given", "born", "born", ""],
        ["surname", "no_such", "", "", "", ""],
    ):
        with pytest.raises(StepRefused):
            actions.confirm_columns(batch, columns, source=source, by=None)


def test_confirmed_columns_are_remembered_for_the_source() -> None:
    rows = [["Kolumna A", "Kolumna B", "Kolumna C"], ["Boiko", "Yurii", "12345"], ["Koval", "Ostap", "23456"]]
    batch = actions.receive([lists.text(rows)], "a.csv", target="register", by=None)
    source = actions.source_called("Camp 3", target="register", by=None)
    actions.take_another_sheet(batch, sheet="", header_row=1, by=None)
    actions.confirm_columns(batch, ["surname", "given", "service_number"], source=source, by=None)

    later = actions.receive([lists.text(rows)], "b.csv", target="register", by=None)
    actions.take_another_sheet(later, sheet="", header_row=1, by=None)

    assert later.source == source
    assert later.columns == ["surname", "given", "service_number"]


def test_a_dry_run_says_what_the_run_then_does() -> None:
    rows = people(25)
    import_now([HEADER, *rows])
    rows[0][5] = "99999"
    rows[1][4] = "31.02.1990"
    batch = bring([HEADER, *rows, *people(3, start=90), ["7", "Лисенко", "", "", "", ""], ["", "", "", "", "1990", ""]])

    looked = queries.dry_run(batch)
    done = actions.run(actions.start(batch, by=None, in_background=False))

    assert looked.counts == {"new": 3, "updated": 2, "unchanged": 23, "doubtful": 1, "rejected": 2}
    assert counts(done) == (3, 2, 23, 2)
    assert done.doubtful == 1
    assert looked.examples["doubtful"][0].doubts == {4: "no_such_day"}


def test_an_undivided_name_never_replaces_what_its_own_columns_say() -> None:
    header = ["id", "full name", "surname", "given"]

    batch = import_now([header, ["1", "Павел Горевой", "Горевой", "Павел"], ["2", "Іван Коваль", "", ""]])

    assert counts(batch) == (2, 0, 0, 0)
    assert batch.doubtful == 1
    names = {statement.particulars["surname"] for statement in Statement.objects.all()}
    assert names == {"Горевой", "Іван"}


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_registrar_brings_a_list_in_by_the_pages(client: Client) -> None:
    sign_in(client, make_staff("registrar"))
    file = io.BytesIO(lists.xlsx({"Табір": [lists.UKRAINIAN, *lists.PEOPLE, ["7", "", "", "", "1990", "", ""]]}))
    file.name = "list.xlsx"

    looked = client.post(reverse("intake:receive"), {"target": "register", "file": file})
    batch = Batch.objects.get()
    assert looked["Location"] == reverse("intake:columns", args=[batch.reference])
    page = client.get(looked["Location"]).content.decode()
    assert "Ковальчук" in page
    said = {"new_source": "Camp 3"} | {f"column_{at}": code for at, code in enumerate(batch.columns)}
    there = client.post(looked["Location"], said)
    assert there["Location"] == reverse("intake:dry-run", args=[batch.reference])
    page = client.get(there["Location"]).content.decode()
    assert "31.02.1990" in page
    assert "no such day" in page
    client.post(reverse("intake:start", args=[batch.reference]))
    page = client.get(reverse("intake:batch", args=[batch.reference])).content.decode()
    assert 'http-equiv="refresh"' in page
    Worker(followers={}).do_one_job()
    page = client.get(reverse("intake:batch", args=[batch.reference])).content.decode()

    assert counts(batch) == (6, 0, 0, 1)
    assert reverse("intake:rejected", args=[batch.reference]) in page
    assert "31.02.1990" in client.get(reverse("intake:doubtful", args=[batch.reference])).content.decode()
    download = client.get(reverse("intake:rejected", args=[batch.reference])).getvalue().decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(download))
    assert header[:7] == lists.UKRAINIAN
    assert row[4] == "1990"
    assert row[7:] == ["8", "There is no name in this row."]


def test_a_refused_file_is_answered_with_its_sentence(client: Client) -> None:
    sign_in(client, make_staff("registrar"))
    file = io.BytesIO(b"%PDF-1.7")
    file.name = "list.csv"

    answer = client.post(reverse("intake:receive"), {"target": "register", "file": file})

    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()


def test_nobody_sees_lists_of_the_other_kind(client: Client) -> None:
    batch = import_now([HEADER, *people(3)])
    sign_in(client, make_staff("partner_clerk"))

    assert batch.reference not in client.get(reverse("intake:list")).content.decode()
    for name in ("batch", "columns", "dry-run", "doubtful", "rejected"):
        assert client.get(reverse(f"intake:{name}", args=[batch.reference])).status_code == 404
    for name in ("start", "stop", "undo", "sheet"):
        assert client.post(reverse(f"intake:{name}", args=[batch.reference])).status_code == 404
    sign_in(client, make_staff("tracer"))
    assert client.get(reverse("intake:list")).status_code == 403


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+380 44 123", "+380 44 123"),
        ("-", "-"),
        ("-cmd|x", "'-cmd|x"),
        ("\t=1", "'\t=1"),
        ("Бойко", "Бойко"),
    ],
)
def test_no_exported_cell_is_run_by_a_spreadsheet(cell: str, written: str) -> None:
    assert harmless(cell) == written
