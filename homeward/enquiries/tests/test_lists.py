"""Partners' lists of enquiries, through the same import people use."""

from typing import Any

import pytest

from homeward.access.models import Staff
from homeward.enquiries import actions
from homeward.enquiries.models import Correction, Enquiry, Relation, Sighting, SoughtPerson, State
from homeward.intake import actions as intake
from homeward.intake.models import Batch
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
COLUMNS = [
    "own_id", "case", "surname", "given", "born", "enquirer_name", "enquirer_relation", "enquirer_phone",
    "enquirer_language", "sightings", "remarks",
]  # fmt: skip
HEADER = "Number;Man;Surname;Given;Born;Enquirer;Relation;Phone;Language;Video;Remarks"
ADA = "1;K7;Зубрицький;Остап;28.05.1990;Ада;мати;+380501234567;укр.;https://example.org/v/1;лише писати"
BEA = "2;K7;Zubrytsky;Ostap;1990;Bea;sister;;pol.;;"
EVE = "3;;Бондар;Іван;1985;Єва;чоловік;;рос.;бачили у шпиталі;"


@pytest.fixture
def clerk(tmp_path, settings):
    return make_staff("partner_clerk")


def bring_in(clerk: Staff, *rows: str, source: str = "Committee") -> Batch:
    content = "\n".join((HEADER, *rows)).encode()
    source_row = intake.source_called(source, target="enquiries", by=clerk)
    batch = intake.receive([content], "list.csv", target="enquiries", by=clerk, source=source_row)
    batch = intake.confirm_columns(batch, COLUMNS, source=source_row, by=clerk)
    return intake.run(intake.start(batch, by=clerk, in_background=False))


def undo(batch: Batch, clerk: Staff) -> Batch:
    intake.undo(batch, by=clerk, in_background=False)
    return intake.run_undo(batch)


def counts(batch: Batch) -> tuple[int, int, int, int]:
    return batch.new, batch.updated, batch.unchanged, batch.rejected


def enquiry(number: str, **where: Any) -> Enquiry:
    return Enquiry.objects.get(partner_number=number, **where)


def test_rows_become_enquiries_with_everything_they_say(clerk) -> None:
    batch = bring_in(clerk, ADA, BEA, EVE)

    assert counts(batch) == (3, 0, 0, 0)
    ada, bea, eve = (enquiry(number) for number in "123")
    assert ada.facts == {"surname": "Зубрицький", "given": "Остап", "born": "1990-05-28"}
    assert ada.enquirer == {"name": "Ада", "telephone": "+380501234567", "remarks": "лише писати"}
    assert ada.telephone_index == actions.telephone_index("380 50 123 45 67")
    assert [each.relation for each in (ada, bea, eve)] == [Relation.MOTHER, Relation.SISTER, Relation.WIFE]
    assert [each.language for each in (ada, bea, eve)] == ["uk", "pl", "ru"]
    assert ada.sightings.get().link == "https://example.org/v/1"
    assert (eve.sightings.get().what, eve.sightings.get().link) == ("бачили у шпиталі", None)


def test_rows_of_one_case_hang_on_one_man_also_in_a_later_list(clerk) -> None:
    bring_in(clerk, ADA, EVE)
    bring_in(clerk, BEA)

    assert enquiry("1").sought == enquiry("2").sought
    assert SoughtPerson.objects.count() == 2


def test_another_partners_case_of_the_same_number_is_another_man(clerk) -> None:
    bring_in(clerk, ADA)
    bring_in(clerk, ADA, source="Helpline")

    assert SoughtPerson.objects.count() == 2


def test_the_same_list_again_changes_nothing(clerk) -> None:
    bring_in(clerk, ADA, BEA)

    assert counts(bring_in(clerk, ADA, BEA, EVE)) == (1, 0, 2, 0)
    assert Enquiry.objects.count() == 3


def test_a_changed_row_changes_its_enquiry_and_keeps_what_staff_noted(clerk) -> None:
    bring_in(clerk, ADA)
    before = enquiry("1")
    before.enquirer = {**before.enquirer, "safe_hours": "after 18"}
    before.save()

    batch = bring_in(clerk, ADA.replace("28.05.1990", "28.05.1991"))

    assert counts(batch) == (0, 1, 0, 0)
    after = enquiry("1")
    assert after.facts["born"] == "1991-05-28"
    assert after.enquirer["safe_hours"] == "after 18"
    assert after.version == before.version + 1
    assert Correction.objects.get().facts_before["born"] == "1990-05-28"
    assert Sighting.objects.count() == 1


def test_undoing_an_update_gives_back_what_stood_there(clerk) -> None:
    bring_in(clerk, ADA)
    batch = bring_in(clerk, ADA.replace("28.05.1990", "28.05.1991"))

    batch = undo(batch, clerk)

    assert (batch.undone, batch.kept) == (1, 0)
    assert enquiry("1").facts["born"] == "1990-05-28"
    assert counts(bring_in(clerk, ADA)) == (0, 0, 1, 0)


def test_undoing_a_batch_withdraws_it_and_it_may_come_again(clerk) -> None:
    batch = bring_in(clerk, ADA, EVE)

    batch = undo(batch, clerk)

    assert (batch.undone, batch.kept) == (2, 0)
    assert not Enquiry.objects.filter(withdrawn_at__isnull=True).exists()
    assert set(SoughtPerson.objects.values_list("state", flat=True)) == {State.WITHDRAWN}
    assert counts(bring_in(clerk, ADA, EVE)) == (2, 0, 0, 0)
    assert enquiry("1", withdrawn_at__isnull=True).sought.state == State.RECEIVED


def test_what_people_worked_on_stays_when_a_batch_is_undone(clerk) -> None:
    batch = bring_in(clerk, ADA, EVE)
    actions.change_facts(enquiry("1"), {"surname": "Зубрицький"}, version=0, by=clerk)

    batch = undo(batch, clerk)

    assert (batch.undone, batch.kept) == (1, 1)
    assert enquiry("1").withdrawn_at is None


def test_what_a_family_took_back_is_not_brought_back_by_a_list(clerk) -> None:
    bring_in(clerk, ADA)
    actions.withdraw_enquiry(enquiry("1"), version=0, by=clerk)

    batch = bring_in(clerk, ADA.replace("28.05.1990", "1991"))

    assert counts(batch) == (0, 0, 0, 1)
    assert batch.rejected_rows.get().reason == "withdrawn"


def test_a_number_given_by_hand_is_not_doubled_by_a_list(clerk) -> None:
    from homeward.enquiries.tests.cast import make_enquiry

    make_enquiry(clerk, partner=actions.partner_called("Committee"), partner_number="1")

    batch = bring_in(clerk, ADA, EVE)

    assert counts(batch) == (1, 0, 0, 1)
    assert batch.rejected_rows.get().reason == "number_taken"


def test_a_row_without_a_name_is_set_aside_and_a_doubtful_one_is_marked(clerk) -> None:
    batch = bring_in(clerk, "4;;;;1990;Ада;мати;;;;", ADA.replace("28.05.1990", "31.02.1990"))

    assert counts(batch) == (1, 0, 0, 1)
    assert batch.rejected_rows.get().reason == "no_name"
    assert batch.doubtful == 1
    assert enquiry("1").facts["born"] == "31.02.1990"
