"""What the family sees and says on its own pages, as the family site's process: without the register's and the staff's keys."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from homeward.disclosure import actions as disclosure
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import CallOutcome
from homeward.disclosure.tests.cast import at_level
from homeward.enquiries import passphrases
from homeward.enquiries.models import Enquiry
from homeward.lib import keys
from homeward.register import actions as register
from homeward.register.models import EventKind
from homeward.returns import actions, dead, queries
from homeward.returns.models import Remains, Return, State
from homeward.returns.tests.cast import a_confirmed_pair, invited, rhea
from homeward.testing import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_family(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on this is a process of the family site."""
    with override_settings(ROOT_URLCONF="homeward.config.urls_family", SITE="family"):
        keys._roots.cache_clear()
        keys.derived.cache_clear()
        yield
    monkeypatch.undo()
    keys._roots.cache_clear()
    keys.derived.cache_clear()


def her_way_in(enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch) -> Client:
    phrase = passphrases.give_passphrase(enquiry, language="en")
    from homeward.lib import sealed

    sealed._cipher.cache_clear()
    keys._roots.cache_clear()
    keys.derived.cache_clear()
    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    with pytest.raises(keys.KeyMissing):
        keys.key("register", "anything")
    with pytest.raises(keys.KeyMissing):
        keys.key("staff", "anything")
    client = Client(headers={"Accept-Language": "en"})
    client.post(address_of_coming_back(), {"number": enquiry.reference, "secret": phrase})
    return client


PEOPLE = {
    "comer-TOTAL_FORMS": "3", "comer-INITIAL_FORMS": "0", "comer-0-name": "Szczerbacka Ada", "comer-0-born": "1968-03-02",
    "comer-0-nationality": "UA", "comer-0-document_kind": "passport", "comer-0-document_number": "FA 123456",
}  # fmt: skip


def address_of_coming_back() -> str:
    from django.urls import reverse

    return reverse("enquiries_family:come_back", urlconf="homeward.config.urls_family")


def test_she_reads_the_invitation_and_says_who_comes(as_family: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = invited()
    client = her_way_in(one.enquiry, monkeypatch)

    home = _her_page(client)
    assert "invited to come" in home
    assert "register" not in home
    assert "looking for him" not in home
    assert client.get("/coming").status_code == 200
    refused = client.post("/coming", {**PEOPLE, "comer-0-name": "Щербацька Ада"}).content.decode()
    assert "Latin letters" in refused
    half = client.post("/coming", {**PEOPLE, "comer-0-document_number": ""}).content.decode()
    assert "fill in" in half
    client.post("/coming", PEOPLE)

    one = Return.objects.get(pk=one.pk)
    assert one.state == State.ACCEPTED
    assert "SZCZERBACKA ADA" in _her_page(client)
    assert queries.travellers_of(one)[0].document_number == "FA 123456"


def _her_page(client: Client) -> str:
    from django.urls import reverse

    answer = client.get(reverse("enquiries_family:state"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_she_cannot_come_and_is_told_what_follows(as_family: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = invited()
    client = her_way_in(one.enquiry, monkeypatch)

    client.post("/coming/no")

    one = Return.objects.get(pk=one.pk)
    assert (one.state, one.reason) == (State.SUSPENDED, "family_declined")
    assert "do not set out" in _her_page(client)


def test_a_wish_taken_back_is_not_told_in_writing(as_family: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = invited()
    actions.withdraw_wish(one, by=rhea())
    client = her_way_in(one.enquiry, monkeypatch)

    page = _her_page(client)

    assert "do not set out" in page
    assert "looking for him" not in page
    assert not [words for words in ("his wish", "he wishes", "took back", "withdrew") if words in page]
    assert client.get("/coming").status_code == 404


@pytest.mark.parametrize("level", [0, 1])
def test_below_level_two_her_page_is_the_same_whatever_is_decided(
    as_family: None, monkeypatch: pytest.MonkeyPatch, level: int
) -> None:
    match = a_confirmed_pair()
    at_level(match.enquiry, level)
    client = her_way_in(match.enquiry, monkeypatch)
    before = _her_page(client)
    assert "looking for him" in before
    monkeypatch.setenv("HOMEWARD_ZONE", "command")
    keys._roots.cache_clear()
    from homeward.returns.tests.cast import TERMS

    by = rhea()
    actions.put_on_list(actions.open_list(by=by), entry=match.entry, enquiry=match.enquiry, terms=TERMS(), by=by)

    assert _without_tokens(_her_page(client)) == _without_tokens(before)
    assert client.get("/coming").status_code == 404


def _without_tokens(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_strangers_are_led_to_where_one_comes_back(as_family: None) -> None:
    for path in ("/coming", "/farewell"):
        assert Client().get(path).headers["Location"] == address_of_coming_back()
    assert Client().post("/coming/no").headers["Location"] == address_of_coming_back()


def test_a_family_told_by_a_call_chooses(as_family: None, monkeypatch: pytest.MonkeyPatch) -> None:
    match = a_confirmed_pair()
    at_level(match.enquiry, 2)
    register.record_event(match.entry, kind=EventKind.DIED, version=match.entry.version, by=make_staff("registrar"))
    proposal = disclosure.propose_answer(match.enquiry, kind=Kind.CALL, by=make_staff("case_worker"))
    answer = disclosure.approve_answer(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))
    with pytest.raises(dead.NotYet):
        dead.begin(answer, with_remains=False, with_effects=True, by=rhea())
    disclosure.note_call(answer, outcome=CallOutcome.TOLD, by=make_staff("case_worker"))
    dead.begin(answer, with_remains=False, with_effects=True, by=rhea())
    client = her_way_in(match.enquiry, monkeypatch)

    assert "What is left of him" in _her_page(client)
    assert "looking for him" not in _her_page(client)
    client.post("/farewell", {"way": "carried", "wishes": "in spring"})

    found = Remains.objects.get()
    assert (found.state, found.way, found.wishes) == ("chosen", "carried", "in spring")
    assert not Return.objects.exists()
