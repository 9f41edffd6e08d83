"""What a family sees of its journey: in four languages, with neutral words only, and never with a key it must not hold."""

import html
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from homeward.enquiries import passphrases
from homeward.enquiries.models import Enquiry
from homeward.journeys.models import CheckIn, Journey, State, Via
from homeward.journeys.papers import journey_paper
from homeward.journeys.tests.cast import TODAY, sent_journey
from homeward.lib import clock, keys

pytestmark = [pytest.mark.django_db, pytest.mark.urls("homeward.config.urls_family")]

# Read at borders: nothing of this in any of her languages.
NEVER = re.compile(
    r"prison|captiv|bureau|war\b|soldier|enemy|полон|війн|війс|бюро|солдат|плен|войн|военн|guerre|soldat|détenu|captif",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _family_site(settings: Any) -> Iterator[None]:
    settings.SITE = "family"
    settings.TRAINING = False
    with clock.freeze(TODAY):
        yield


def come_in(enquiry: Enquiry) -> Client:
    passphrases.give_passphrase(enquiry, language="uk")
    credential = enquiry.credential
    client = Client()
    session = client.session
    moment = TODAY.timestamp()
    session["family"] = {
        "enquiry": enquiry.reference, "credential": credential.reference, "since": moment, "seen": moment,
    }  # fmt: skip
    session.save()
    return client


@pytest.mark.parametrize("language", ["uk", "ru", "en", "fr"])
def test_her_page_is_small_neutral_and_whole(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    journey = sent_journey(call="+48 600 000 000")
    client = come_in(journey.enquiry)
    client.cookies["homeward_staff_language"] = client.cookies["homeward_family_language"] = language
    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    assert not keys.may_hold("register")

    answer = client.get("/j", headers={"accept-language": language})
    page = html.unescape(answer.content.decode())

    main = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    assert answer.status_code == 200
    assert len(answer.content) < 60_000
    assert NEVER.search(main) is None
    assert journey.phrase_ours in page
    assert journey.phrase_hers in page
    assert "+48 600 000 000" in page
    assert "<svg" in page
    first = journey.legs.all()[0]
    assert f">{first.leaves_at.astimezone(ZoneInfo('Europe/Moscow')):%H:%M}</time>" in page
    assert "style=" not in page


def test_one_tap_says_where_she_is_and_another_that_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    journey = sent_journey()
    client = come_in(journey.enquiry)
    monkeypatch.setenv("HOMEWARD_ZONE", "family")

    client.post("/j/here", {"place": "KGD"})
    client.post("/j/help")
    refused = client.post("/j/here", {"place": "IST"})

    journey.refresh_from_db()
    assert journey.state == State.AT_GATEWAY
    assert journey.trouble_at == TODAY
    assert [(each.place, each.via, each.is_trouble) for each in CheckIn.objects.order_by("pk")] == [
        ("KGD", Via.PAGE, False), ("KGD", Via.PAGE, True),
    ]  # fmt: skip
    assert refused.status_code == 409


def test_strangers_and_families_without_a_journey_see_nothing() -> None:
    from homeward.enquiries.tests.cast import make_enquiry

    assert Client().get("/j").status_code == 302
    assert come_in(make_enquiry()).get("/j").status_code == 404
    assert come_in(make_enquiry()).get("/j/paper.pdf").status_code == 404


@pytest.mark.parametrize("language", ["uk", "ru", "en", "fr"])
def test_the_paper_is_a5_and_neutral(language: str, tmp_path: Path) -> None:
    journey = Journey.objects.get(pk=sent_journey().pk)

    pdf = tmp_path / "journey.pdf"
    pdf.write_bytes(journey_paper(journey, language=language))

    assert pdf.read_bytes().startswith(b"%PDF")
    try:
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()
        size = subprocess.run(["pdfinfo", pdf], capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    assert NEVER.search(text) is None
    assert journey.phrase_ours.split()[0] in text
    assert "A5" in size or "419.5" in size
