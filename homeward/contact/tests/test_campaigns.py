from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from homeward.access.models import Staff
from homeward.contact import campaigns, neutral, posting, queries
from homeward.contact.actions import forget_wishes, set_wishes
from homeward.contact.models import CallBack, Campaign, CampaignFamily, Message
from homeward.contact.tests.test_posting import Carrier
from homeward.decisions import actions as decisions
from homeward.enquiries.models import SoughtPerson, State
from homeward.enquiries.tests.cast import make_enquiry
from homeward.lib import clock
from homeward.testing import make_staff, sign_in
from homeward.work.worker import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("all_channels")]

NOON = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
WORDS = {
    "uk": "Порядок змінився. Погляньте на свою сторінку.",
    "ru": "Порядок изменился. Взгляните на свою страницу.",
    "en": "The procedure has changed. Please look at your page.",
    "fr": "La procédure a changé. Regardez votre page.",
}
FORM = {"title": "procedure", **{f"text_{language}": text for language, text in WORDS.items()}, "by_state": "confirmed"}


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.freeze(NOON):
        yield


def families(count: int = 3) -> list[str]:
    """Families with a confirmed son and a telephone each."""
    by = make_staff("case_worker")
    found = []
    for number in range(count):
        enquirer = {"telephone": f"+38050123{number:04d}"}
        found.append(make_enquiry(by, enquirer=enquirer, reach="sms").reference)
    SoughtPerson.objects.update(state=State.FATE_ESTABLISHED)
    return found


def proposed(by: Staff | None = None, **chosen: str) -> Campaign:
    return campaigns.propose_campaign(
        title="procedure", texts=WORDS, audience_code="enquiries", chosen={"state": "confirmed", **chosen},
        by=by or make_staff("messenger"),
    )  # fmt: skip


def approved(campaign: Campaign) -> Campaign:
    return campaigns.approve_campaign(campaign, payload_hash=campaign.payload_hash, by=make_staff("approver"))


def work() -> None:
    worker = Worker(followers={}, kinds=[campaigns.JOB])
    while worker.do_one_job():
        pass


def deliver(carrier: Carrier, *, days: int = 8) -> None:
    """Let the following days pass."""
    for hour in range(24 * days):
        with clock.freeze(NOON + timedelta(hours=hour)):
            posting.route_due()
            for one in posting.claim("sms", "me:1:1", most=50):
                posting.carried(one, carrier.carry(one.content["to"], one.content["text"], reference=""))


def test_one_text_goes_once_to_each_family_of_the_group() -> None:
    references, carrier = families(), Carrier()
    campaign = approved(proposed())

    work()
    deliver(carrier)

    assert sorted(text for _to, text in carrier.carried) == sorted(f"{WORDS['uk']} {one}" for one in references)
    progress = queries.progress_of(campaign)
    assert (progress.percent, progress.states) == (100, {"sent": 3})


def test_running_the_job_again_writes_to_nobody_twice() -> None:
    families()
    campaign, carrier = approved(proposed()), Carrier()
    work()
    campaigns.pause(campaign, by=make_staff("messenger"))
    campaigns.resume(campaign, by=make_staff("messenger"))
    work()

    deliver(carrier)

    assert len(carrier.carried) == 3


def test_two_enquiries_with_one_telephone_are_one_family() -> None:
    by = make_staff("case_worker")
    for _number in range(2):
        make_enquiry(by, reach="sms")
    SoughtPerson.objects.update(state=State.FATE_ESTABLISHED)

    count = campaigns.count("enquiries", {"state": "confirmed"})

    assert (count.chosen, count.reachable, count.silent) == (2, 1, 1)


def test_the_dry_run_counts_and_writes_nothing() -> None:
    families(2)
    make_enquiry(reach="none")
    SoughtPerson.objects.update(state=State.INFORMED)

    count = campaigns.count("enquiries", {"state": "confirmed", "language": "uk"})

    assert (count.chosen, count.reachable) == (3, 2)
    assert not CampaignFamily.objects.exists()


def test_paused_nothing_goes_out_and_resumed_the_rest_does() -> None:
    families()
    campaign, carrier = approved(proposed()), Carrier()
    work()
    campaigns.pause(campaign, by=make_staff("messenger"))
    deliver(carrier)
    assert carrier.carried == []

    campaigns.resume(campaign, by=make_staff("messenger"))
    deliver(carrier)

    assert len(carrier.carried) == 3


def test_who_wished_no_contact_meanwhile_has_none() -> None:
    references, carrier = families(), Carrier()
    campaign = approved(proposed())
    forget_wishes(references[0], by=None)

    work()
    deliver(carrier)

    assert len(carrier.carried) == 2
    assert queries.progress_of(campaign).unwritten == 1


def test_who_cannot_be_reached_is_called() -> None:
    references = families(1)
    approved(proposed())
    set_wishes(references[0], language="uk", addresses=[("voice", "+380501234567")], by=None)

    work()
    deliver(Carrier())

    assert CallBack.objects.get().subject == references[0]


def test_the_proposer_cannot_approve() -> None:
    families()
    campaign = proposed()
    assert campaign.proposal is not None

    with pytest.raises(decisions.SecondPersonNeeded):
        campaigns.approve_campaign(campaign, payload_hash=campaign.payload_hash, by=campaign.proposal.proposed_by)

    assert not Message.objects.filter(campaign=campaign).exists()


def test_another_hash_is_not_approved() -> None:
    families()

    with pytest.raises(decisions.ContentChanged):
        campaigns.approve_campaign(proposed(), payload_hash="1." + "0" * 64, by=make_staff("approver"))


def test_refused_it_is_not_sent() -> None:
    families()
    campaign = proposed()

    campaigns.refuse_campaign(campaign, reason="content", by=make_staff("approver"))

    campaign.refresh_from_db()
    assert campaign.state == "refused"
    with pytest.raises(campaigns.NotNow):
        approved(campaign)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contact_campaign SET state = 'running'",  # without a second person
        "DELETE FROM contact_campaignfamily",
        "UPDATE contact_campaign SET group_hash = 'x'",
        "INSERT INTO contact_campaignfamily (campaign_id, subject, once_for) SELECT id, '1', '1' FROM contact_campaign",
        "INSERT INTO contact_message (reference, wishes_id, campaign_id, once_for, due_at, must_arrive, state, channel, "
        "made_at) SELECT 'x', w.id, c.id, 'x', w.changed_at, true, 'waiting', '', w.changed_at "
        "FROM contact_wishes w, contact_campaign c",
    ],
)
def test_direct_sql_cannot_write_to_many(statement: str) -> None:
    families(1)
    proposed()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Please ask for Ivan on your page today."),
        ("en", "Call us on 0800 for more about it."),
        ("en", "Look at www.house.example now please."),
        ("en", "There is news of an exchange for you."),
        ("en", "short"),
        ("uk", "Зверніться, будь ласка, до Львова сьогодні."),
        ("uk", "Є новини про обмін полонених для Вас."),
        ("ru", "Для Вас есть новости о пленных."),
        ("fr", "Il y a des nouvelles de Pierre pour vous."),
        ("fr", "Votre soldat a été retrouvé hier."),
    ],
)
def test_words_that_tell_something_are_refused(language: str, text: str) -> None:
    assert neutral.faults_of(text, language)


def test_neutral_words_are_not_refused() -> None:
    assert {language: neutral.faults_of(text, language) for language, text in WORDS.items()} == {
        "uk": [], "ru": [], "en": [], "fr": []
    }  # fmt: skip
    assert neutral.faults_of("Просимо Вас поглянути на Вашу сторінку.", "uk") == []


@pytest.fixture
def _training(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_training")
def test_the_pages_carry_it_from_the_words_to_the_table() -> None:
    families()
    messenger, approver = sign_in(Client(), make_staff("messenger")), sign_in(Client(), make_staff("approver"))

    counted = messenger.post("/messages/new", {**FORM, "count": "1"})
    assert "Written to, each once" in counted.content.decode()
    assert not Campaign.objects.exists()
    messenger.post("/messages/new", {**FORM, "propose": "1"})
    campaign = Campaign.objects.get()
    page = approver.get(f"/messages/{campaign.reference}").content.decode()
    assert WORDS["fr"] in page
    approver.post(f"/messages/{campaign.reference}/approve", {"payload_hash": campaign.payload_hash})
    campaign.refresh_from_db()
    assert campaign.state == "running"
    work()
    deliver(Carrier())
    part = messenger.get(f"/messages/{campaign.reference}", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="progress"')
    assert "3 of 3 families" in part
    messenger.post(f"/messages/{campaign.reference}/pause")
    campaign.refresh_from_db()
    assert campaign.state == "paused"


@pytest.mark.usefixtures("_training")
def test_words_that_tell_something_come_back_with_the_reason() -> None:
    families(1)
    messenger = sign_in(Client(), make_staff("messenger"))

    answer = messenger.post("/messages/new", {**FORM, "text_en": "News of the exchange for you.", "propose": "1"})

    assert "No news" in answer.content.decode()
    assert not Campaign.objects.exists()


@pytest.mark.usefixtures("_training")
def test_the_hotline_finishes_a_call_back() -> None:
    references = families(1)
    wishes = set_wishes(references[0], language="uk", addresses=[("voice", "+380501234567")], by=None)
    Message.objects.create(wishes=wishes, due_at=NOON, must_arrive=True)
    posting.route_due()
    client = sign_in(Client(), make_staff("operator"))
    assert references[0] in client.get("/messages/call-backs").content.decode()

    client.post(f"/messages/call-backs/{CallBack.objects.get().reference}")

    assert references[0] not in client.get("/messages/call-backs").content.decode()
    assert client.post("/messages/call-backs/1234").status_code == 404
