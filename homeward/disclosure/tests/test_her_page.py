"""Her own page, as the family process makes it: the same bytes whatever the register knows, until she may read."""

import re

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from homeward.disclosure import actions, her_page
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import AnswerReading
from homeward.disclosure.tests.cast import at_level, confirmed_by_hand
from homeward.disclosure.tests.test_kinship import answered
from homeward.disclosure.tests.test_reading import died
from homeward.enquiries import passphrases
from homeward.enquiries.models import Enquiry
from homeward.lib import keys
from homeward.testing import make_staff
from homeward.tracing.models import PotentialMatch
from homeward.tracing.tests.cast import ask

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.urls("homeward.config.urls_family")]


@pytest.fixture
def family_process(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SITE = "family"  # type: ignore[attr-defined]
    monkeypatch.setattr(
        passphrases, "derive", lambda secret, salt: __import__("hashlib").sha256(salt + secret.encode()).digest()
    )


def her_way_in(enquiry: Enquiry) -> Client:
    from homeward.enquiries.family import let_in

    passphrases.give_passphrase(enquiry, language="uk")
    client = Client()
    request = RequestFactory().get("/")
    request.session = client.session
    let_in(request, enquiry)
    request.session.save()
    client.cookies["homeward_staff"] = request.session.session_key
    from django.conf import settings

    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client


def kin_by_hand() -> PotentialMatch:
    match = confirmed_by_hand()
    at_level(match.enquiry, 2)
    return match


def page_of(client: Client, enquiry: Enquiry) -> tuple[str, int]:
    with CaptureQueriesContext(connection) as caught:
        answer = client.get("/c")
    assert answer.status_code == 200
    text = answer.content.decode().replace(enquiry.reference, "#")
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", text), len(caught)


@pytest.mark.parametrize("level", [0, 1])
def test_her_page_is_byte_identical_for_held_dead_and_unknown(family_process: None, level: int) -> None:
    held = confirmed_by_hand()
    unknown = ask({"surname": "Nobody", "given": "Known"})
    Enquiry.objects.update(received_at="2026-01-01T00:00:00Z")
    for enquiry in (held.enquiry, unknown):
        at_level(enquiry, level)
    hers, other = her_way_in(held.enquiry), her_way_in(unknown)

    before = page_of(other, unknown)
    alive = page_of(hers, held.enquiry)
    died(held)
    dead = page_of(hers, held.enquiry)

    assert alive == before
    assert dead == before


def test_she_opens_keeps_and_puts_away_her_answer(family_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    match = kin_by_hand()
    answer = answered(match)
    client = her_way_in(match.enquiry)
    # As the family process: no key of the register, none of the staff.
    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    keys._roots.cache_clear()
    keys.derived.cache_clear()
    try:
        closed = client.get("/c").content.decode()
        assert answer.text not in closed
        assert "/c/open" in closed
        client.post("/c/open")
        opened = client.get("/c").content.decode()
        assert answer.text in opened
        client.post("/c/keep")
        assert AnswerReading.objects.get().kept_at is not None
        client.post("/c/away")
        assert answer.text not in client.get("/c").content.decode()
    finally:
        monkeypatch.setenv("HOMEWARD_ZONE", "command")
        keys._roots.cache_clear()
        keys.derived.cache_clear()


@pytest.mark.parametrize("kind", [Kind.CALL, Kind.NO_INFORMATION])
def test_grave_news_leaves_her_page_as_it_was(family_process: None, kind: Kind) -> None:
    match = kin_by_hand()
    client = her_way_in(match.enquiry)
    before = page_of(client, match.enquiry)
    if kind == Kind.CALL:
        died(match)

    answered(match, kind)

    assert page_of(client, match.enquiry) == before


def test_a_stranger_opens_nothing(client: Client, family_process: None) -> None:
    for path in ("/c/open", "/c/keep", "/c/away"):
        assert client.post(path).status_code == 302


def test_the_warning_stands_on_home_and_on_her_page(family_process: None) -> None:
    words = {"uk": "Не платіть.", "ru": "Не платите.", "en": "Do not pay the caller.", "fr": "Ne payez pas."}
    wave = actions.report_scam("Pay 100 and he is on the list today", language="en").wave
    proposal = actions.propose_warning(wave, texts=words, by=make_staff("case_worker"))
    warning = actions.approve_warning(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))
    enquiry = ask()

    home = Client().get("/").content.decode()
    hers = her_way_in(enquiry).get("/c").content.decode()

    assert "Do not pay the caller." in home
    assert "Do not pay the caller." in hers
    assert warning.seen.get().enquiry == enquiry
    assert her_page.answer is not None
