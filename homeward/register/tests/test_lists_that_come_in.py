"""Lists of camps and hospitals: new, updated, unchanged, doubtful, rejected, taken back."""

import pytest

from homeward.intake import actions as intake
from homeward.intake.models import Batch, RejectedRow
from homeward.lib.changes.models import Change
from homeward.register import actions, queries
from homeward.register.models import Entry, State, Statement, StatusEvent
from homeward.register.tests.cast import FIRST, HEADER, enter, take_back, take_in
from homeward.testing import make_staff, sign_in
from homeward.work.worker import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_every_row_is_an_entry_or_a_rejected_row_with_its_reason():
    batch = take_in(FIRST)

    assert (batch.rows_total, batch.new, batch.rejected) == (3, 2, 1)
    assert RejectedRow.objects.get().reason == "no_name"
    orest, panas = Entry.objects.order_by("pk")
    assert (orest.state, panas.state) == (State.IN_CUSTODY, State.DECEASED)
    assert (orest.is_doubtful, panas.is_doubtful) == (False, True)
    card = queries.card_of(orest).particulars
    assert (card["surname"], card["born"], card["camp"], card["own_id"]) == (
        "Вигаданко",
        "1991-04-07",
        "Camp North",
        "N-1",
    )
    assert Change.objects.filter(side="register").count() == 2


def test_a_day_no_calendar_has_is_kept_as_written_with_its_doubt():
    take_in(FIRST)
    panas = Entry.objects.order_by("pk").last()

    card = queries.card_of(panas)

    assert card.particulars["born"] == "31.02.1990"
    assert [(code, text) for _label, code, text in card.doubts] == [("no_such_day", "31.02.1990")]


def test_the_same_list_again_changes_nothing():
    take_in(FIRST)
    before = (Entry.objects.count(), Statement.objects.count(), StatusEvent.objects.count(), Change.objects.count())

    again = take_in(FIRST)

    assert (again.new, again.updated, again.unchanged, again.rejected) == (0, 0, 2, 1)
    now = (Entry.objects.count(), Statement.objects.count(), StatusEvent.objects.count(), Change.objects.count())
    assert now == before


def test_a_changed_row_adds_a_statement_and_the_state_moves_on():
    take_in(FIRST)

    again = take_in(FIRST.replace("полон,01.03.2026,Camp North", "шпиталь,04.05.2026,Hill Hospital"))

    orest = Entry.objects.order_by("pk").first()
    assert (again.updated, Entry.objects.count(), orest.statements.count()) == (1, 2, 2)
    assert orest.state == State.IN_HOSPITAL
    assert queries.card_of(orest).particulars["camp"] == "Hill Hospital"


def test_another_source_makes_an_entry_of_its_own():
    take_in(FIRST)

    take_in(FIRST, source="Hill Hospital")

    assert Entry.objects.count() == 4


def test_a_list_taken_back_leaves_nothing_standing():
    batch = take_in(FIRST)

    undone = take_back(batch)

    assert (undone.undone, undone.kept) == (2, 0)
    assert not queries.standing_entries().exists()
    assert Statement.objects.filter(withdrawn_at__isnull=True).count() == 0
    assert take_in(FIRST).new == 2


def test_an_update_taken_back_shows_what_stood_before():
    take_in(FIRST)
    orest = Entry.objects.order_by("pk").first()
    second = take_in(FIRST.replace("полон,01.03.2026,Camp North", "шпиталь,04.05.2026,Hill Hospital"))

    take_back(second)

    orest.refresh_from_db()
    assert (orest.state, orest.withdrawn_at) == (State.IN_CUSTODY, None)
    assert queries.card_of(orest).particulars["camp"] == "Camp North"


def test_an_entry_somebody_worked_on_survives_the_taking_back():
    ada = make_staff("registrar")
    batch = take_in(FIRST, ada)
    orest = Entry.objects.order_by("pk").first()
    actions.correct_field(orest, code="rank", value="сержант", version=orest.version, by=ada)

    undone = take_back(batch, ada)

    assert (undone.undone, undone.kept) == (1, 1)
    assert list(queries.standing_entries()) == [orest]


def test_the_same_man_on_another_list_is_pointed_out(in_process_matcher):
    ada = make_staff("registrar")
    take_in(HEADER + "N-1,Вигаданко,Орест,Лук'янович,07.04.1991,00417,полон,,\n", ada)
    for number in range(60):
        enter(ada, surname=f"Інший{number}", given="Панас", patronymic="", born="1980", unit="", birthplace="")

    take_in(
        HEADER + "H-7,Vyhadanko,Orest,Lukianovych,1991-04-07,00417,hospital,,\nH-8,Чужий,Яків,,1970-02-03,,,,\n",
        ada,
        source="Hill Hospital",
    )

    worker = Worker(kinds=["register.twins"], followers={})
    while worker.do_one_job():
        pass
    same, stranger = Entry.objects.order_by("-pk")[:2][::-1]
    assert (same.is_doubtful, stranger.is_doubtful) == (True, False)
    assert same.joined_into is None


# --- rows that say no state -------------------------------------------------------------------------------------------

SILENT = "id,Прізвище,Ім'я,По батькові,Дата народження\nD-1,Вигаданко,Орест,Іванович,07.04.1991\n"
SILENT += "D-2,Небуденко,Панас,Олегович,11.09.1988\n"


def take_in_silent(silence: str, text: str = SILENT) -> Batch:
    by = make_staff("registrar")
    sender = intake.source_called("The Cemetery Service", target="register", by=by)
    batch = intake.receive([text.encode()], "list.csv", target="register", by=by, source=sender)
    batch = intake.confirm_columns(batch, batch.columns, source=sender, silence=silence, by=by)
    return intake.run(intake.start(batch, by=by, in_background=False))


def test_unless_somebody_says_otherwise_a_listed_man_is_in_custody():
    batch = take_in_silent("")

    assert batch.silence == "in_custody"
    assert set(Entry.objects.values_list("state", flat=True)) == {State.IN_CUSTODY}
    assert not StatusEvent.objects.exists()


def test_a_list_of_the_dead_that_does_not_say_so_row_by_row_brings_the_dead():
    take_in_silent("deceased")

    assert set(Entry.objects.values_list("state", flat=True)) == {State.DECEASED}
    assert set(StatusEvent.objects.values_list("kind", flat=True)) == {"died"}


def test_what_a_row_says_itself_counts_more_than_what_its_list_means():
    header, first, second = SILENT.strip().split("\n")
    take_in_silent("deceased", f"{header},Статус\n{first},полон\n{second},\n")

    assert list(Entry.objects.order_by("pk").values_list("state", flat=True)) == [State.IN_CUSTODY, State.DECEASED]


def test_what_silence_means_is_remembered_for_the_sender_and_a_list_again_adds_nothing():
    take_in_silent("deceased")

    again = take_in_silent("", SILENT.replace("Олегович", "Олексійович"))

    assert again.silence == "deceased"
    assert again.updated == 1
    assert StatusEvent.objects.count() == 2


def test_the_dry_run_says_how_many_rows_are_silent_and_what_they_will_be(client):
    by = make_staff("registrar")
    sender = intake.source_called("The Cemetery Service", target="register", by=by)
    batch = intake.receive([SILENT.encode()], "list.csv", target="register", by=by, source=sender)
    sign_in(client, by)

    columns = client.get(f"/lists/{batch.reference}/columns")
    assert 'name="silence"' in columns.content.decode()
    form = {f"column_{index}": code for index, code in enumerate(batch.columns)}
    answer = client.post(
        f"/lists/{batch.reference}/columns", {**form, "source": sender.reference, "silence": "deceased"}
    )
    page = client.get(answer.headers["Location"]).content.decode()

    assert "<b>2 rows say no state:</b> they come in as <b>deceased</b>" in page
    assert not Entry.objects.exists()
