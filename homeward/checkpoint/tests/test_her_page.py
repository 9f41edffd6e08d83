"""Her pass on her own page, as the family site's process: without the register's, the staff's and the signing keys."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from homeward.audit.models import Event
from homeward.checkpoint import actions
from homeward.checkpoint.models import RevokedBecause
from homeward.checkpoint.tests.cast import make_pass
from homeward.enquiries import passphrases
from homeward.enquiries.models import Enquiry
from homeward.enquiries.tests.cast import make_enquiry
from homeward.lib import keys, sealed
from homeward.testing import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_family(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with override_settings(ROOT_URLCONF="homeward.config.urls_family", SITE="family"):
        yield monkeypatch
    monkeypatch.undo()
    keys._roots.cache_clear()
    keys.derived.cache_clear()


def let_in(enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch) -> Client:
    phrase = passphrases.give_passphrase(enquiry, language="en")
    for cache in (sealed._cipher, keys._roots, keys.derived):
        cache.cache_clear()
    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    client = Client(headers={"Accept-Language": "en"})
    from django.urls import reverse

    client.post(reverse("enquiries_family:come_back"), {"number": enquiry.reference, "secret": phrase})
    return client


def page_of(client: Client) -> str:
    from django.urls import reverse

    return client.get(reverse("enquiries_family:state")).content.decode()


def test_she_finds_her_code_and_the_paper(as_family: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry()
    made, other = make_pass(enquiry=enquiry), make_pass(enquiry=make_enquiry(), document="FB222222")

    client = let_in(enquiry, as_family)
    page = page_of(client)

    assert made.printed_number in page
    assert 'class="code"' in page
    assert "<svg" in page
    assert other.printed_number not in page
    assert len(page.encode()) < 60_000
    paper = client.get(f"/paper/{made.reference}.pdf")
    assert paper.content.startswith(b"%PDF")
    assert client.get(f"/paper/{other.reference}.pdf").status_code == 404
    assert Event.objects.filter(deed="checkpoint.printed", about=made.reference, actor="").count() == 1
    for word in ("prison", "captiv", "bureau"):
        assert word not in page.split("For the road")[1].split("</section>")[0].lower()


def test_a_stranger_gets_no_paper(as_family: pytest.MonkeyPatch) -> None:
    made = make_pass(enquiry=make_enquiry())

    assert Client().get(f"/paper/{made.reference}.pdf").status_code == 302


def test_what_was_taken_back_or_has_no_code_is_not_there(as_family: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry()
    gone, silent = make_pass(enquiry=enquiry), make_pass(enquiry=enquiry, document="FB222222", with_code=False)
    actions.revoke_pass(gone, because=RevokedBecause.LOST, by=make_staff("return_officer"))

    client = let_in(enquiry, as_family)

    assert "For the road" not in page_of(client)
    assert client.get(f"/paper/{gone.reference}.pdf").status_code == 404
    assert client.get(f"/paper/{silent.reference}.pdf").status_code == 404
