"""Filing an enquiry: by the action, by the page, once however often it is sent."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client

from homeward.audit.models import Event
from homeward.enquiries import actions, queries
from homeward.enquiries.models import Channel, Enquiry, Reach, Relation, Sighting, SoughtPerson, State
from homeward.enquiries.tests.cast import ADA, OSTAP, make_enquiry
from homeward.lib import references
from homeward.lib.changes.models import Change
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TYPED = {
    **OSTAP, "relation": "mother", "channel": "hotline", "language": "uk", "reach": "none", "filing_token": "t" * 32,
}  # fmt: skip


@pytest.fixture(autouse=True)
def training(settings):
    settings.TRAINING = True


def test_an_enquiry_stands_with_its_change_and_its_audit_line() -> None:
    enquiry = make_enquiry(relation=Relation.MOTHER, sighting="In a video", sighting_link="https://example.org/v")

    stored = Enquiry.objects.get(pk=enquiry.pk)
    assert references.is_valid(stored.reference)
    assert stored.facts == OSTAP
    assert stored.enquirer == ADA
    assert stored.sought.state == State.RECEIVED
    assert stored.reach == Reach.NONE
    assert Sighting.objects.get().link == "https://example.org/v"
    assert list(Change.objects.values_list("side", "reference")) == [("sought", stored.reference)]
    assert Event.objects.filter(deed="enquiries.filed", about=stored.reference).count() == 1


def test_nothing_told_lies_readable_in_the_database() -> None:
    make_enquiry(sighting="Marker in a video")

    with connection.cursor() as cursor:
        cursor.execute("SELECT facts, enquirer FROM enquiries_enquiry")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert "Зубрицький".encode() not in stored
    assert b"Ada" not in stored


def test_the_same_token_files_one_enquiry() -> None:
    staff = make_staff("operator")

    first = make_enquiry(staff, filing_token="a" * 32)
    second = make_enquiry(staff, filing_token="a" * 32)

    assert first.pk == second.pk
    assert SoughtPerson.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_files_one_enquiry() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("threads cannot share a database in memory; tests/test_killing.py sends twice on SQLite")
    staff = make_staff("operator")
    together = threading.Barrier(4)
    filed, faults = [], []

    def press() -> None:
        try:
            together.wait()
            filed.append(make_enquiry(staff, filing_token="b" * 32).reference)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(set(filed)) == 1
    assert Enquiry.objects.count() == SoughtPerson.objects.count() == 1


def test_without_any_name_nothing_is_filed() -> None:
    with pytest.raises(actions.NothingSaid):
        make_enquiry(facts={"born": "1990"})


def test_asking_again_about_a_withdrawn_man_wakes_him() -> None:
    first = make_enquiry()
    actions.withdraw_enquiry(first, version=first.version, by=first.filed_by)
    sought = SoughtPerson.objects.get()

    make_enquiry(sought=sought)

    sought.refresh_from_db()
    assert sought.state == State.RECEIVED


def test_references_that_are_borne_are_not_given_again(monkeypatch) -> None:
    borne = make_enquiry().reference
    drawn = iter([borne, borne, "1111-1111-1", "2222-2222-2"])
    monkeypatch.setattr(references, "new", lambda: next(drawn))

    assert queries.fresh_references(2) == ["1111-1111-1", "2222-2222-2"]


@pytest.mark.parametrize(
    "wrong",
    ["channel = 'rumour'", "relation = 'ticket'", "reach = 'drone'", "filing_token = 'taken'", "sought_id = 999999"],
)
def test_the_database_refuses(wrong: str) -> None:
    make_enquiry(filing_token="taken")
    other = make_enquiry()

    def sabotage() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE enquiries_enquiry SET {wrong} WHERE id = %s", [other.pk])
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        sabotage()


def test_a_partners_number_is_taken_once_while_it_stands() -> None:
    partner = actions.partner_called("Committee")
    first = make_enquiry(partner=partner, partner_number="7")
    second = make_enquiry(partner=partner, partner_number="8")

    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=second.pk).update(partner_number="7")
    actions.withdraw_enquiry(first, version=0, by=first.filed_by)
    Enquiry.objects.filter(pk=second.pk).update(partner_number="7")


def test_a_state_that_does_not_exist_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SoughtPerson.objects.create(state="exchanged")


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_form_files_and_shows_the_number(client: Client) -> None:
    answer = sign_in(client, make_staff("operator")).post("/enquiries/new", TYPED, follow=True)

    enquiry = Enquiry.objects.get()
    assert answer.redirect_chain == [(f"/enquiries/{enquiry.reference}", 302)]
    assert enquiry.relation == Relation.MOTHER
    assert enquiry.reference in answer.content.decode()


def test_a_form_sent_twice_files_once(client: Client) -> None:
    sign_in(client, make_staff("operator"))

    first, second = (client.post("/enquiries/new", TYPED) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Enquiry.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(client: Client) -> None:
    typed = {**TYPED, "reach": "telephone", "marks": "a scar over the brow"}

    page = sign_in(client, make_staff("operator")).post("/enquiries/new", typed).content.decode()

    assert Enquiry.objects.count() == 0
    assert "a scar over the brow" in page
    assert "Зубрицький" in page
    assert "t" * 32 in page


def test_looking_first_files_nothing(client: Client, in_process_matcher) -> None:
    make_enquiry()

    page = sign_in(client, make_staff("operator")).post("/enquiries/new", {**TYPED, "look": "1"}).content.decode()

    assert Enquiry.objects.count() == 1
    assert SoughtPerson.objects.get().reference in page


def test_it_can_hang_on_a_man_already_sought(client: Client) -> None:
    sought = make_enquiry().sought

    sign_in(client, make_staff("operator")).post("/enquiries/new", {**TYPED, "sought": sought.reference})

    assert sought.enquiries.count() == 2


def test_it_cannot_hang_on_another_desks_man(client: Client) -> None:
    elsewhere = make_enquiry(make_staff("operator", desk="2")).sought

    sign_in(client, make_staff("operator")).post("/enquiries/new", {**TYPED, "sought": elsewhere.reference})

    assert elsewhere.enquiries.count() == 1


@pytest.mark.parametrize("role", ["registrar", "tracer", "approver", "auditor", "administrator"])
def test_others_do_not_file(client: Client, role: str) -> None:
    assert sign_in(client, make_staff(role)).post("/enquiries/new", TYPED).status_code == 403
    assert Enquiry.objects.count() == 0


def test_channels_fit_their_column() -> None:
    assert all(len(channel) <= 12 for channel in Channel.values)
