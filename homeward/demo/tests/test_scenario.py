"""The scenario, loaded as a newcomer's first start loads it."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from homeward.access.models import Staff
from homeward.demo import generate, loading, sign_ins
from homeward.disclosure import queries as disclosure
from homeward.enquiries.models import Enquiry, SoughtPerson
from homeward.intake.models import Batch
from homeward.matching.memory import Memory
from homeward.register.models import Entry
from homeward.tracing import queries as tracing
from homeward.tracing.models import MatchState, PotentialMatch

pytest_plugins = ["homeward.matching.testing"]
TRUTH = json.loads((generate.HERE / "truth.json").read_text(encoding="utf-8"))

# What each list brings: rows, new, rejected with the reason and the row of the file, doubtful.
BROUGHT = {
    "camp-north.xlsx": (87, 84, [(48, "no_name"), (91, "repeated"), (93, "no_name")]),
    "camp-river.csv": (77, 76, [(33, "no_name")]),
    "camp-hill.xls": (58, 58, []),
    "hospital.csv": (45, 44, [(18, "no_name")]),
    "enquiries-east.csv": (714, 713, [(301, "no_name")]),
    "enquiries-west.ods": (488, 487, [(151, "no_name")]),
}
DOUBTFUL = {
    "camp-north.xlsx": 33,
    "camp-river.csv": 29,
    "camp-hill.xls": 2,
    "hospital.csv": 23,
    "enquiries-east.csv": 99,
    "enquiries-west.ods": 188,
}


@pytest.fixture
def training_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mark of a training folder, away from the other tests' data folder."""
    mark = tmp_path / "training"
    mark.touch()
    monkeypatch.setattr(loading, "_mark", lambda: mark)
    return mark


@pytest.mark.slow
@pytest.mark.django_db
def test_the_scenario_loads_and_every_worklist_shows_something(in_process_matcher: Memory, training_mark: Path) -> None:
    # Killed in the middle of a list, and again while a tracer joins: it goes on where it stood.
    for title, after in (("List enquiries-east.csv", 500), ("Enquiries about the same man", 100)):
        _load_and_die(title, after)
    call_command("demo", "load")

    # The lists came in with exactly what is in them, and no row was lost.
    batches = {batch.file_name: batch for batch in Batch.objects.all()}
    for name, (rows, new, rejected) in BROUGHT.items():
        batch = batches[name]
        assert batch.state == Batch.State.DONE
        assert (batch.rows_total, batch.new, batch.updated, batch.unchanged) == (rows, new, 0, 0), name
        assert list(batch.rejected_rows.order_by("number").values_list("number", "reason")) == rejected, name
    assert {name: batch.doubtful for name, batch in batches.items()} == DOUBTFUL
    assert Entry.objects.count() == 262
    assert Enquiry.objects.count() == 1200
    # The enquiries of a case hang on one sought person.
    men = SoughtPerson.objects.filter(enquiries__isnull=False).distinct()
    assert men.count() == 260
    for case, said in TRUTH["sought"].items():
        assert len({_sought_of(number) for number in said["enquiries"]}) == 1, case
    # The right men are found.
    found, wanted = _found_in_the_first(3)
    assert wanted >= 40
    assert found / wanted >= 0.95
    # Nothing the staff confirmed is wrong, and nothing they set apart was right.
    _judgements_are_true()
    # Each worklist shows something real.
    staff = {each.username: Staff.objects.get(username=each.username) for each in sign_ins.SIGN_INS}
    assert tracing.waiting_for_judgement(staff["tracer"]).count() > 15
    assert tracing.waiting_for_second_person(staff["verifier"]).count() == 5
    assert tracing.waiting_for_answers(staff["tracer"]).count() == 6
    assert tracing.open_entry_questions().count() == 3
    assert PotentialMatch.objects.filter(state=MatchState.CONFIRMED).count() == 12
    assert disclosure.awaiting_approval(staff["approver"]).count() == 4
    assert disclosure.call_list().count() == 1
    assert disclosure.awaiting_proposal(staff["caseworker"]).exists()
    # Who was joined to another leaves no pairs behind.
    assert not PotentialMatch.objects.filter(sought__enquiries__isnull=True).exists()
    # A second start does nothing.
    before = _everything_counted()
    call_command("demo", "load")
    assert _everything_counted() == before
    # And even if the mark were lost, every step finds its work done.
    training_mark.write_text("")
    call_command("demo", "load")
    assert _everything_counted() == before


class Killed(BaseException):
    """The process ended here."""


def _load_and_die(wanted: str, after: int) -> None:
    def told(done: int, whole: int) -> None:
        if done >= after:
            raise Killed

    for title, work in loading.steps():
        if title == wanted:
            with pytest.raises(Killed):
                work(told)
            return
        work(lambda done, whole: None)


def _sought_of(number: str) -> int:
    return Enquiry.objects.values_list("sought_id", flat=True).get(partner_number=number)


def _found_in_the_first(places: int) -> tuple[int, int]:
    pairs = loading.Pairs()
    found = wanted = 0
    for case, said in TRUTH["sought"].items():
        enquiry = pairs.enquiry(case)
        assert enquiry is not None
        ranked = PotentialMatch.objects.filter(sought=enquiry.sought_id).order_by("-probability", "-bits")
        first = list(ranked.values_list("entry__reference", flat=True)[:places])
        for row in said["entries"]:
            wanted += 1
            found += pairs.entry(*row.split(":")) in first
    return found, wanted


def _judgements_are_true() -> None:
    pairs = loading.Pairs()
    true_pairs = {
        (_sought_of(said["enquiries"][0]), pairs.entry(*row.split(":")))
        for said in TRUTH["sought"].values()
        for row in said["entries"]
    }
    judged = PotentialMatch.objects.filter(state__in=[MatchState.CONFIRMED, MatchState.NOT_THE_SAME])
    for sought, entry, state in judged.values_list("sought_id", "entry__reference", "state"):
        assert ((sought, entry) in true_pairs) == (state == MatchState.CONFIRMED)


def _everything_counted() -> Counter[str]:
    counted: Counter[str] = Counter(PotentialMatch.objects.values_list("state", flat=True))
    counted.update(SoughtPerson.objects.values_list("state", flat=True))
    counted["entries"] = Entry.objects.count()
    counted["batches"] = Batch.objects.count()
    counted["staff"] = Staff.objects.count()
    return counted


@pytest.mark.django_db
def test_a_folder_in_use_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_mark", lambda: tmp_path / "training")
    Staff.objects.create(username="somebody", name="Somebody")

    with pytest.raises(CommandError, match="in use without the scenario"):
        call_command("demo", "load")


def test_the_sign_ins_are_printed_with_their_work() -> None:
    printed = "\n".join(sign_ins.lines())

    for each in sign_ins.SIGN_INS:
        assert each.username in printed
    assert sign_ins.PASSWORD in printed
