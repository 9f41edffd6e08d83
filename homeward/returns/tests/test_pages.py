"""The way of a return through the staff pages."""

import pytest
from django.test import Client

from homeward.decisions.models import Proposal
from homeward.disclosure.tests.cast import at_level
from homeward.lib import clock
from homeward.returns.models import Packet, Return, State
from homeward.returns.tests.cast import a_confirmed_pair, in_days
from homeward.testing import make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _training(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]


def test_a_list_is_written_proposed_decided_and_a_man_asked_and_his_family_invited() -> None:
    rhea, abel = sign_in(Client(), make_staff("return_officer")), sign_in(Client(), make_staff("release_approver"))
    pairs = [a_confirmed_pair() for _ in range(3)]
    for pair in pairs:
        at_level(pair.enquiry, 2)

    page = rhea.post("/returns/lists/new", {"title": "May"}, follow=True)
    address = page.redirect_chain[-1][0]
    terms = {
        "enquiries": "\n".join([*(pair.enquiry.reference for pair in pairs), "0000-0000-0"]),
        "basis": "parole", "authority": "Order 12", "valid_until": in_days(60).isoformat(), "fitness": "fit",
        "fitness_on": clock.today().isoformat(),
    }  # fmt: skip
    shown = rhea.post(address, terms, follow=True).content.decode()
    assert Return.objects.count() == 3
    assert "0000-0000-0" in shown
    rhea.post(f"{address}/propose")
    proposal = Proposal.objects.get(kind="returns.release")
    assert "You proposed this" not in abel.get(f"/returns/decide/{proposal.reference}").content.decode()
    abel.post(f"/returns/decide/{proposal.reference}", {"payload_hash": proposal.payload_hash})
    one = Return.objects.order_by("pk")[0]
    assert one.state == State.APPROVED
    refused = rhea.post(f"/returns/{one.reference}/wish", {"says": "to_go", "said_on": clock.today().isoformat()})
    assert "alone" in refused.content.decode()
    rhea.post(
        f"/returns/{one.reference}/wish",
        {"says": "to_go", "said_on": clock.today().isoformat(), "was_alone": "on", "with_whom": "his mother"},
    )
    rhea.post(f"/returns/{one.reference}/invite")
    one.refresh_from_db()
    assert one.state == State.INVITED
    people = {
        "comer-TOTAL_FORMS": "3", "comer-INITIAL_FORMS": "0", "comer-0-name": "Szczerbacka Ada",
        "comer-0-born": "1968-03-02", "comer-0-nationality": "UA", "comer-0-document_kind": "passport",
        "comer-0-document_number": "FA 123456",
    }  # fmt: skip
    rhea.post(f"/returns/{one.reference}/answer", people)
    one.refresh_from_db()
    assert one.state == State.ACCEPTED
    assert "SZCZERBACKA ADA" in rhea.get(f"/returns/{one.reference}").content.decode()
    for page_of in ("/returns/", "/returns/?state=accepted", address, "/returns/notices", "/returns/dead"):
        assert rhea.get(page_of).status_code == 200
    rhea.post(f"/returns/{one.reference}/withdraw")
    one.refresh_from_db()
    assert one.state == State.WITHDRAWN


def test_a_packet_is_listed_by_one_and_sealed_by_another() -> None:
    from homeward.returns.tests.cast import accepted

    one = accepted()
    rhea, second = (sign_in(Client(), make_staff("return_officer")) for _ in range(2))
    things = {"thing-TOTAL_FORMS": "2", "thing-INITIAL_FORMS": "0", "seal_number": "S-9", "weight": "2.5",
              "thing-0-kind": "effect", "thing-0-what": "a watch", "thing-0-count": "1",
              "thing-1-kind": "money", "thing-1-what": "notes", "thing-1-currency": "uah", "thing-1-amount": "12.50"}  # fmt: skip

    rhea.post(f"/returns/entry/{one.entry.reference}/packet", things)
    packet = Packet.objects.get()
    rhea.post(f"/returns/packets/{packet.reference}/seal")
    packet.refresh_from_db()
    assert packet.sealed_at is None
    second.post(f"/returns/packets/{packet.reference}/seal")

    packet.refresh_from_db()
    assert packet.sealed_at is not None
    assert packet.items.get(kind="money").amount == 1250
    assert second.get(f"/returns/packets/{packet.reference}.pdf").content.startswith(b"%PDF")


def test_another_desk_sees_nothing() -> None:
    from homeward.returns.tests.cast import accepted

    one = accepted()
    dov = sign_in(Client(), make_staff("return_officer", desk="2"))

    assert dov.get(f"/returns/{one.reference}").status_code == 404
    assert dov.get(f"/returns/lists/{one.release.reference}").status_code == 404
    assert one.reference not in dov.get("/returns/").content.decode()
