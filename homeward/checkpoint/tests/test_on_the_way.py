"""Passes and journeys: the code stands with the way and ends with it, and a scan is a sign of her."""

from typing import Any

import pytest
from django.test import Client

from homeward.checkpoint import actions, following
from homeward.checkpoint.kit.log import Entry
from homeward.checkpoint.models import Pass, RevokedBecause
from homeward.checkpoint.tests.cast import make_pass
from homeward.enquiries import passphrases
from homeward.journeys import actions as journeys
from homeward.journeys.hooks import codes_of
from homeward.journeys.models import CheckIn, Journey, State, Via
from homeward.journeys.papers import journey_paper
from homeward.journeys.tests.cast import TODAY, sent_journey
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = pytest.mark.django_db


def with_pass(point: str = "") -> tuple[Journey, Pass]:
    journey = sent_journey()
    made = make_pass(
        point=point or journey.meeting.lower(), window=(journey.window_from, journey.window_until), companions=0,
        enquiry=journey.enquiry, journey=journey.reference,
    )  # fmt: skip
    return journey, made


def let_through(made: Pass, *, number: int = 1, through: bool = True) -> bytes:
    return Entry(
        "ab" * 8, number, int(clock.now().timestamp()), "pass", made.pass_id, 0, "good", through, "0" * 64
    ).line()


def test_the_code_stands_on_her_page_and_paper(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SITE, settings.ROOT_URLCONF = "family", "homeward.config.urls_family"
    with clock.freeze(TODAY):
        journey, made = with_pass()
        assert [code.number for code in codes_of(journey)] == [made.printed_number]
        passphrases.give_passphrase(journey.enquiry, language="en")
        client = Client()
        session, moment = client.session, TODAY.timestamp()
        session["family"] = {
            "enquiry": journey.enquiry.reference, "credential": journey.enquiry.credential.reference,
            "since": moment, "seen": moment,
        }  # fmt: skip
        session.save()
        monkeypatch.setenv("HOMEWARD_ZONE", "family")

        answer = client.get("/j")

        page = answer.content.decode()
        assert made.printed_number in page
        assert 'class="code"' in page
        assert len(answer.content) < 60_000
        with_code = journey_paper(journey, language="en")
        monkeypatch.setattr("homeward.journeys.hooks._codes", {})
        assert len(with_code) > len(journey_paper(journey, language="en"))


def test_a_journey_that_ends_early_takes_back_its_pass() -> None:
    with clock.freeze(TODAY):
        journey, made = with_pass()
        other = make_pass(document="FB222222")

        journeys.abort(journey, reason="ill", by=make_staff("journey_coordinator"))

        made.refresh_from_db()
        other.refresh_from_db()
        assert made.revoked_because == RevokedBecause.NOT_TRAVELLING
        assert other.revoked_at is None
        assert codes_of(journey) == []


def test_a_scan_is_a_sign_once_however_often_the_log_comes() -> None:
    officer = make_staff("checkpoint_officer")
    with clock.freeze(TODAY):
        journey, made = with_pass()
        for _twice in range(2):
            actions.merge_log(let_through(made), by=officer)
        actions.merge_log(let_through(made, number=2), by=officer)

    sign = CheckIn.objects.get()
    assert (sign.journey, sign.place, sign.via, sign.said_by) == (journey, journey.meeting, Via.SCAN, officer)


def test_a_scan_that_can_be_no_sign_is_taken_in_all_the_same() -> None:
    officer = make_staff("checkpoint_officer")
    with clock.freeze(TODAY):
        journey, made = with_pass(point="nowhere")
        actions.merge_log(let_through(made, through=False), by=officer)
        done = actions.merge_log(let_through(made, number=2), by=officer)

    journey.refresh_from_db()
    assert done.new == 1
    assert not CheckIn.objects.exists()
    assert journey.state == State.SENT
    assert following.check_in_who_was_let_through([], by=officer) == 0
