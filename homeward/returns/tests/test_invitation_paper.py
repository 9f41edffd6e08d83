"""The invitation is an official paper: two people decide its words, it stands on her page, and ends with the invitation."""

from typing import Any

import pytest
from django.test import Client

from homeward.decisions.models import Proposal
from homeward.decisions.queries import open_proposals
from homeward.disclosure.models import Paper
from homeward.enquiries import passphrases
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.returns import actions, queries
from homeward.returns.models import Invitation, Return
from homeward.returns.tests.cast import abel, invited, rhea
from homeward.testing import sign_in

pytestmark = pytest.mark.django_db


def waiting() -> Proposal:
    return open_proposals(queries.PAPER_KIND).get()


def her_page(one: Return, settings: Any) -> Client:
    settings.SITE, settings.ROOT_URLCONF = "family", "homeward.config.urls_family"
    passphrases.give_passphrase(one.enquiry, language="en")
    client, moment = Client(), clock.now().timestamp()
    session = client.session
    one.enquiry.refresh_from_db()
    session["family"] = {
        "enquiry": one.enquiry.reference, "credential": one.enquiry.credential.reference, "since": moment, "seen": moment,
    }  # fmt: skip
    session.save()
    return client


def test_it_stands_on_her_page_once_a_second_person_read_it(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRAINING = True
    one = invited()
    officer = sign_in(Client(), abel())
    assert one.enquiry.reference in officer.get("/returns/").content.decode()
    page = officer.get(f"/returns/papers/{waiting().reference}").content.decode()
    assert "is invited to come" in page

    officer.post(f"/returns/papers/{waiting().reference}", {"payload_hash": waiting().payload_hash})

    assert Paper.objects.get().kind == "invitation"
    client = her_page(one, settings)
    # The family's process holds no key of the register or of the staff, and opens it all the same.
    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    assert "Your invitation on paper" in client.get("/c").content.decode()
    answer = client.get("/coming/paper.pdf")
    assert answer.content.startswith(b"%PDF")


def test_nobody_makes_it_out_alone_and_without_it_there_is_none(settings: Any) -> None:
    one = invited()

    with pytest.raises(Refusal):
        actions.approve_invitation_paper(waiting(), payload_hash=waiting().payload_hash, by=waiting().proposed_by)

    assert not Paper.objects.exists()
    assert her_page(one, settings).get("/coming/paper.pdf").status_code == 404


def test_it_ends_with_the_invitation() -> None:
    one = invited()
    actions.approve_invitation_paper(waiting(), payload_hash=waiting().payload_hash, by=abel())
    with pytest.raises(Refusal):
        actions.propose_invitation_paper(one, by=rhea())

    actions.withdraw_wish(one, by=rhea())

    assert Paper.objects.get().revoked_at is not None
    assert Invitation.objects.get().paper_pdf is None


def test_what_waits_is_taken_back_with_the_invitation() -> None:
    one = invited()
    proposal = waiting()

    actions.withdraw_wish(one, by=rhea())

    proposal.refresh_from_db()
    assert proposal.voided_at is not None
    with pytest.raises(Refusal):
        actions.approve_invitation_paper(proposal, payload_hash=proposal.payload_hash, by=abel())
