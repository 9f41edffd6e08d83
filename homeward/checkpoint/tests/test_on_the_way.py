"""Passes and journeys: the code stands with the way and ends with it, and a scan is a sign of her."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from homeward.checkpoint import actions, following, queries
from homeward.checkpoint.kit.log import Entry
from homeward.checkpoint.models import Pass, RevokedBecause
from homeward.checkpoint.tests.cast import make_pass, propose
from homeward.enquiries import passphrases
from homeward.journeys import actions as journeys
from homeward.journeys.hooks import codes_of
from homeward.journeys.models import CheckIn, Journey, NewWay, State, Via
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


def let_through(made: Pass, *, number: int = 1, through: bool = True, ago: int = 0) -> bytes:
    return Entry(
        "ab" * 8, number, int(clock.now().timestamp()) - ago, "pass", made.pass_id, 0, "good", through, "0" * 64
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


def another_way(journey: Journey) -> Journey:
    """Her border closes, and the coordinator releases the new way."""
    coordinator = make_staff("journey_coordinator")
    shutting = journeys.Shutting(f"place:{journey.meeting}", TODAY, None, {"en": "closed"}, "the border guard")
    journeys.close(shutting, by=coordinator)
    return journeys.release_way(NewWay.objects.get(state=NewWay.State.WAITING), by=coordinator)


def test_a_pass_follows_a_new_way_to_its_new_border() -> None:
    with clock.freeze(TODAY):
        journey, made = with_pass()
        waiting = propose(document="FB222222", point=made.point, journey=journey.reference, enquiry=journey.enquiry,
                          window=(journey.window_from, journey.window_until))  # fmt: skip

        changed = another_way(journey)

        made.refresh_from_db()
        waiting.refresh_from_db()
        assert changed.meeting != journey.meeting
        assert made.revoked_because == RevokedBecause.OTHER_DAY
        assert waiting.voided_at is not None
        anew = queries.proposals_for_journey(journey.reference)
        assert {each.payload["document"] for each in anew} == {"FA123456", "FB222222"}
        for each in anew:
            assert each.payload["point"] == changed.meeting.lower()
            assert each.payload["window_from"] == int(changed.window_from.timestamp())
            actions.approve_pass(each, payload_hash=each.payload_hash, by=make_staff("release_approver"))
        assert len(codes_of(changed)) == 2


def test_a_pass_that_fits_the_way_stays_as_it_is() -> None:
    with clock.freeze(TODAY):
        journey, made = with_pass()

        following.keep_passes_true(journey, make_staff("journey_coordinator"))

        made.refresh_from_db()
        assert made.revoked_at is None
        assert queries.proposals_for_journey(journey.reference) == []


def test_another_traveller_gets_another_pass() -> None:
    with clock.freeze(TODAY):
        journey, made = with_pass()
        coordinator = make_staff("journey_coordinator")
        same = journeys.Person("VYHADANKO HALYNA", "1971-03-09", "UA", "FA 123456")
        journeys.name_travellers(journey, [same], by=coordinator)
        made.refresh_from_db()
        assert made.revoked_at is None

        journeys.name_travellers(journey, [journeys.Person("TKACH NADIA", "1970-01-02", "UA", "FX 77")], by=coordinator)

        made.refresh_from_db()
        assert made.revoked_at is not None
        only = queries.proposals_for_journey(journey.reference)[0].payload
        assert (only["name"], only["born"], only["document"]) == ("TKACH NADIA", "1970-01-02", "FX77")


def test_a_pass_that_waits_ends_with_its_journey() -> None:
    with clock.freeze(TODAY):
        journey = sent_journey()
        waiting = propose(journey=journey.reference, point=journey.meeting.lower())

        journeys.abort(journey, reason="ill", by=make_staff("journey_coordinator"))

        waiting.refresh_from_db()
        assert waiting.voided_at is not None


def test_a_scan_is_a_sign_once_however_often_the_log_comes() -> None:
    officer = make_staff("checkpoint_officer")
    with clock.freeze(TODAY):
        journey, made = with_pass()
        for _twice in range(2):
            actions.merge_log(let_through(made, ago=3600), by=officer)
        actions.merge_log(let_through(made, number=2), by=officer)

    sign = CheckIn.objects.get()
    assert (sign.journey, sign.place, sign.via, sign.said_by) == (journey, journey.meeting, Via.SCAN, officer)
    # It bears the time of the scan, not that of the day on which the log was handed in.
    assert sign.at == TODAY - timedelta(hours=1)
    assert journey.legs.get(end=journey.meeting).done_at == sign.at


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
