"""The hosted provider's way in: only signed requests, the same states as the script, a number that stays sealed."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from homeward.hotline import actions, queries, recordings
from homeward.hotline.models import Call, CallBack
from homeward.hotline.script import State
from homeward.hotline.tests.cast import NUMBER, TOKEN, Provider, enquiry_with_digits
from homeward.testing import make_staff
from homeward.work.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.urls("homeward.config.urls_family")]


@pytest.fixture(autouse=True)
def provider_is_set_up(settings: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.SITE = "family"  # type: ignore[attr-defined]
    secret = tmp_path / "token"
    secret.write_text(TOKEN + "\n")
    monkeypatch.setenv("HOMEWARD_HOTLINE_TOKEN_FILE", str(secret))


def path_of(sid: str) -> list[str]:
    return Call.objects.get(line_id=f"web:{sid}").path.split(",")


def test_nobody_but_the_provider_gets_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = Provider("CA1")

    assert Client().post("/hotline/call", {"CallSid": "CA1"}).status_code == 404
    assert (
        ada.client.post("/hotline/call", {"CallSid": "CA1"}, headers={"X-Twilio-Signature": "AAAA"}).status_code == 404
    )
    assert Client().get("/hotline/call").status_code in (404, 405)
    assert ada.post("/hotline/keys", Digits="1").status_code == 404  # a call nobody told of
    monkeypatch.delenv("HOMEWARD_HOTLINE_TOKEN_FILE")
    assert ada.post("/hotline/call").status_code == 404
    assert not Call.objects.exists()


def test_the_call_is_answered_at_once_in_four_languages() -> None:
    xml = Provider("CA2").xml("/hotline/call")

    assert [language in xml for language in ("uk-UA", "ru-RU", "en-GB", "fr-FR")] == [True] * 4
    assert 'numDigits="1"' in xml


def test_told_of_twice_it_is_one_call() -> None:
    ada = Provider("CA3")
    ada.xml("/hotline/call")
    ada.xml("/hotline/call")

    assert Call.objects.count() == 1


def test_number_and_digits_are_answered_by_a_neutral_sentence() -> None:
    enquiry, digits = enquiry_with_digits()
    ada = Provider("CA4")
    ada.xml("/hotline/call")
    ada.keys("3")
    ada.xml("/hotline/said")
    ada.keys("1")
    ada.keys(enquiry.reference.replace("-", ""))
    xml = ada.keys(digits)

    assert "Your enquiry is with us." in xml
    assert Call.objects.get().keyed == enquiry
    assert path_of("CA4") == ["language", "what", "menu", "reference", "digits", "check", "neutral"]
    assert digits not in str(Call.objects.get().talk)


def test_wrong_digits_are_asked_for_again() -> None:
    enquiry, _digits = enquiry_with_digits()
    ada = Provider("CA5")
    ada.xml("/hotline/call")
    ada.keys("3")
    ada.xml("/hotline/said")
    ada.keys("1")
    ada.keys(enquiry.reference.replace("-", ""))

    assert "do not belong together" in ada.keys("0" * 20)
    assert Call.objects.get().keyed is None


def test_a_call_back_is_written_down_and_her_number_is_sealed() -> None:
    ada = Provider("CA6")
    ada.xml("/hotline/call")
    ada.keys("1")
    ada.xml("/hotline/said")
    for keys in ("4", "2", "0671112233", "1"):
        xml = ada.keys(keys)

    owed = CallBack.objects.get()
    assert "Записано" in xml
    assert (owed.number, owed.cover, owed.from_hour, owed.to_hour) == ("0671112233", "library", 12, 17)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM hotline_callback")
        assert b"0671112233" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT number FROM hotline_call")
        assert NUMBER.encode() not in bytes(cursor.fetchone()[0])


def test_in_the_queue_her_place_is_told_every_thirty_seconds_and_she_is_put_through() -> None:
    ada, otto = Provider("CA7"), make_staff("operator")
    actions.sit_down("ready", sip_address="sip:desk1@pbx.example", by=otto)
    ada.xml("/hotline/call")
    ada.keys("3")
    ada.xml("/hotline/said")

    assert "You are number 1" in ada.keys("2")
    assert Provider.says(ada.keys("")) == []
    actions.take_next(by=otto)
    xml = ada.keys("")

    assert "<Sip>sip:desk1@pbx.example</Sip>" in xml
    assert path_of("CA7")[-2:] == ["queue", "connected"]


def test_a_message_is_fetched_by_the_worker_from_the_provider_alone() -> None:
    for sid, address in (("CA8", "https://api.twilio.com/rec/1"), ("CA9", "https://evil.example/rec/1")):
        ada = Provider(sid)
        ada.xml("/hotline/call")
        ada.keys("1")
        ada.xml("/hotline/said")
        assert "<Record" in ada.keys("5")
        ada.xml("/hotline/recorded", RecordingUrl=address, RecordingDuration="7")

    assert [job.payload["line_id"] for job in Job.objects.filter(kind=recordings.JOB)] == ["web:CA8"]
    assert CallBack.objects.count() == 2


def test_who_hangs_up_while_waiting_is_called_back() -> None:
    for sid, keys in (("CA10", ["1", "", "2"]), ("CA11", ["1"]), ("CA12", [])):
        ada = Provider(sid)
        ada.xml("/hotline/call")
        for pressed in keys:
            ada.keys(pressed) if pressed else ada.xml("/hotline/said")
        ada.xml("/hotline/ended")
        ada.xml("/hotline/ended")

    assert [owed.call.line_id for owed in CallBack.objects.all()] == ["web:CA10"]
    assert not queries.waiting().exists()
    assert Call.objects.filter(ended_at__isnull=True).count() == 0


def test_a_family_process_writes_a_call_but_opens_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from homeward.hotline import messages
    from homeward.lib import keys

    sealed = messages.sealed(b"RIFF", about="1")
    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    keys._roots.cache_clear()
    keys.derived.cache_clear()
    from homeward.lib.sealed import _cipher

    _cipher.cache_clear()
    Provider("CA13").xml("/hotline/call")
    assert Call.objects.get().number == NUMBER
    with pytest.raises(keys.KeyMissing):
        messages.opened(sealed, about="1")
    monkeypatch.undo()
    keys._roots.cache_clear()
    keys.derived.cache_clear()
    _cipher.cache_clear()


def test_goodbye_hangs_up() -> None:
    ada = Provider("CA14")
    ada.xml("/hotline/call")
    ada.keys("1")
    ada.xml("/hotline/said")
    for keys in ("4", "4", "1", "4"):
        ada.keys(keys)

    assert "<Hangup" in ada.xml("/hotline/said")
    assert Call.objects.get().state == State.GOODBYE
