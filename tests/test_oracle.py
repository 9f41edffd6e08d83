"""The page of a family at kinship level 0 or 1 is the same, byte for byte and query for query, whatever the register knows of him.

Its time is measured by `./dev bench oracle`, 2,000 answers of each.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from homeward.enquiries import passphrases
from homeward.enquiries.actions import file_enquiry
from homeward.enquiries.models import Channel, Enquiry
from homeward.lib import clock
from homeward.matching.testing import in_process_matcher
from homeward.register import actions as register
from homeward.register.models import EventKind
from homeward.testing import make_staff
from homeward.tracing.following import match_changes, note_the_day

__all__ = ["in_process_matcher"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family_site")]
PATHS = ("/c", "/c/t", "/c/p", "/c/r", "/c/m", "/c/w", "/c/e")
HELD = {"surname": "Щербацький", "given": "Остап", "patronymic": "Іванович", "born": "1990-05-28", "unit": "45216"}
DEAD = {"surname": "Зубрицький", "given": "Семен", "patronymic": "Ілліч", "born": "1988-03-02", "unit": "45216"}
UNKNOWN = {"surname": "Марченко", "given": "Юхим", "patronymic": "Левкович", "born": "1979-11-14", "unit": "45216"}


@pytest.fixture
def asked(in_process_matcher, monkeypatch) -> dict[str, tuple[Enquiry, Client]]:
    monkeypatch.setattr(passphrases, "derive", lambda secret, salt: secret.encode()[:32])
    registrar = make_staff("registrar")
    entries = {name: register.enter_capture_card(said, by=registrar) for name, said in (("held", HELD), ("dead", DEAD))}
    register.record_event(
        entries["dead"], kind=EventKind.DIED, happened_on="2026-01-01", version=entries["dead"].version, by=registrar
    )
    found = {}
    with clock.freeze(clock.now() - timedelta(days=1)):
        for name, facts in (("held", HELD), ("dead", DEAD), ("unknown", UNKNOWN)):
            enquiry = file_enquiry(facts, channel=Channel.WEB, by=None)
            passphrases.give_passphrase(enquiry, language="uk")
            found[name] = enquiry
    while match_changes():
        pass
    note_the_day()
    # Asked about in the same words, so that only what the register knows differs.
    clients = {}
    for name, enquiry in found.items():
        enquiry.facts = UNKNOWN
        enquiry.save(update_fields=["facts"])
        client = Client()
        phrase = passphrases.give_passphrase(enquiry, language="uk")
        client.post("/b", {"number": enquiry.reference, "secret": phrase})
        clients[name] = (enquiry, client)
    return clients


def seen(enquiry: Enquiry, client: Client, path: str) -> tuple[bytes, list[str]]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    html = re.sub(rb'(name="csrfmiddlewaretoken" value|name="token" value)="\w+"', b"", answer.content)
    html = html.replace(enquiry.reference.encode(), b"REFERENCE")
    return html, [
        re.sub(r"'[^']*'|\b\d[\d.]*\b|x'[0-9a-f]*'", "?", query["sql"])
        for query in queries
        if "SAVEPOINT" not in query["sql"]
    ]


def test_the_register_really_knows_different_things(asked) -> None:
    from homeward.tracing.models import PotentialMatch

    strongest = {
        name: max([*PotentialMatch.objects.filter(sought=enquiry.sought).values_list("bits", flat=True), 0.0])
        for name, (enquiry, _client) in asked.items()
    }

    assert strongest["held"] > 10
    assert strongest["dead"] > 10
    assert strongest["unknown"] < 10


@pytest.mark.parametrize("level", [0, 1])
def test_pages_and_queries_are_the_same(asked, level: int) -> None:
    if level:
        Kinship = pytest.importorskip("homeward.disclosure.models").Kinship
        for enquiry, _client in asked.values():
            Kinship.objects.update_or_create(enquiry=enquiry, defaults={"level": 1})

    for path in PATHS:
        pages = {name: seen(enquiry, client, path) for name, (enquiry, client) in asked.items()}

        assert pages["held"][0] == pages["dead"][0] == pages["unknown"][0], path
        assert pages["held"][1] == pages["dead"][1] == pages["unknown"][1], path
