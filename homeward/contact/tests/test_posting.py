from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.audit.models import Event
from homeward.channels import carrying, configured
from homeward.contact import jobs, posting, texts
from homeward.contact.actions import finish_call_back, ring, set_wishes
from homeward.contact.models import Address, CallBack, Message, Posting, Wishes
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("all_channels")]

ADA = "1234-5678-4"
NOON = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # 12:00 in Kyiv
EVERYWHERE = [("telegram", "77"), ("sms", "+380501234567"), ("email", "ada@example.org")]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.freeze(NOON):
        yield


def rung(addresses: list[tuple[str, str]] | None = None, *, must_arrive: bool = True) -> Message:
    """Her doorbell, due now."""
    wishes = set_wishes(ADA, language="uk", addresses=EVERYWHERE if addresses is None else addresses, by=None)
    return Message.objects.create(wishes=wishes, due_at=NOON, must_arrive=must_arrive)


def on_the_wire(channel: str) -> Posting:
    posting.route_due()
    (one,) = posting.claim(channel, "me:1:1")
    return one


def test_it_goes_by_her_first_channel_and_says_only_the_neutral_words() -> None:
    message = rung()

    one = on_the_wire("telegram")

    assert one.content == {"to": "77", "text": "Для Вас є що прочитати. 1234-5678-4"}
    posting.carried(one, "55")
    message.refresh_from_db()
    assert (message.state, message.channel) == ("sent", "telegram")
    one.refresh_from_db()
    assert (one.state, one.external_id, one.content) == ("done", "55", None)
    assert Event.objects.filter(about=ADA, deed="contact.sent").count() == 1
    assert posting.claim("telegram", "me:1:1") == []


def test_blocked_there_it_takes_the_next_then_a_person_calls() -> None:
    message = rung()
    posting.not_carried(on_the_wire("telegram"), carrying.Blocked("403"))
    posting.not_carried(on_the_wire("sms"), carrying.WrongAddress("smpp_11"))
    posting.not_carried(on_the_wire("email"), carrying.WrongAddress("smtp_550"))

    message.refresh_from_db()
    assert message.state == "call"
    assert [row.state for row in Address.objects.order_by("place")] == ["blocked", "wrong", "wrong"]
    call_back = CallBack.objects.get()
    assert call_back.subject == ADA
    finish_call_back(call_back, by=make_staff("operator"))
    assert CallBack.objects.get().done_at is not None


def test_nobody_calls_for_nothing_new() -> None:
    message = rung([("sms", "12")], must_arrive=False)

    posting.route_due()

    message.refresh_from_db()
    assert message.state == "dropped"
    assert not CallBack.objects.exists()


def test_a_channel_that_is_not_there_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "available", lambda: frozenset({"email"}))
    rung()

    assert on_the_wire("email").channel == "email"


def test_a_person_calls_where_she_prefers_that() -> None:
    message = rung([("voice", "+380501234567"), ("sms", "+380501234567")])

    posting.route_due()

    message.refresh_from_db()
    assert message.state == "call"


def test_later_means_again_on_the_same_channel() -> None:
    rung()
    posting.not_carried(on_the_wire("telegram"), carrying.Later("429", wait=30))
    assert posting.claim("telegram", "me:1:1") == []

    with clock.freeze(NOON + timedelta(seconds=31)):
        (again,) = posting.claim("telegram", "me:1:1")

    assert again.content["to"] == "77"


def test_a_channel_silent_for_a_day_is_given_up_for_this_message() -> None:
    rung()
    one = on_the_wire("telegram")
    Posting.objects.update(made_at=NOON - timedelta(hours=25))
    one.refresh_from_db()

    posting.not_carried(one, carrying.LineDown("no_line"))

    (other,) = posting.claim("sms", "me:1:1")
    assert other.content["to"] == "+380501234567"


def test_unclear_is_never_sent_again_but_the_next_day_rings() -> None:
    message = rung()
    one = on_the_wire("telegram")

    posting.not_carried(one, carrying.Unclear("line_broke"))

    message.refresh_from_db()
    assert message.state == "unsure"
    assert not Posting.objects.filter(state__in=["waiting", "begun"]).exists()
    following = Message.objects.get(state="waiting")
    assert following.on_day is not None
    assert following.due_at > NOON + timedelta(hours=12)


def test_after_kill_9_what_had_begun_is_unsure_and_the_rest_goes_on() -> None:
    rung()
    one = on_the_wire("telegram")
    Posting.objects.filter(pk=one.pk).update(begun_by="elsewhere:1:1", begun_at=NOON - timedelta(hours=1))
    edit = posting.say("telegram", "88", {"message": 5, "text": "x"}, method=Posting.Method.EDIT)
    Posting.objects.filter(pk=edit.pk).update(
        state="begun", begun_by="elsewhere:1:1", begun_at=NOON - timedelta(hours=1)
    )

    assert posting.recover("telegram") == 2

    one.refresh_from_db()
    edit.refresh_from_db()
    assert one.state == "unsure"
    assert edit.state == "waiting"  # changing a message twice is changing it once


def test_outside_her_hours_nothing_goes() -> None:
    message = rung()
    with clock.freeze(NOON + timedelta(hours=9)):  # 21:00
        posting.route_due()

        message.refresh_from_db()
        assert message.state == "waiting"
        assert 7 <= message.due_at.hour < 18  # 9:00 to 20:00 in Kyiv, in UTC


def test_what_waits_when_her_hours_end_waits_for_the_next_ones() -> None:
    message = rung()
    posting.route_due()

    with clock.freeze(NOON + timedelta(hours=8)):
        assert posting.claim("telegram", "me:1:1") == []

    message.refresh_from_db()
    assert message.state == "waiting"
    assert message.due_at > NOON + timedelta(hours=12)


def test_a_chats_texts_go_in_their_order_one_at_a_time() -> None:
    first, second = posting.say("telegram", "77", {"text": "1"}), posting.say("telegram", "77", {"text": "2"})
    other = posting.say("telegram", "88", {"text": "3"})

    begun = posting.claim("telegram", "me:1:1", most=5)
    assert [one.pk for one in begun] == [first.pk, other.pk]
    assert posting.claim("telegram", "me:1:1", most=5) == []

    posting.carried(begun[0], "1")
    assert [one.pk for one in posting.claim("telegram", "me:1:1", most=5)] == [second.pk]


def test_doorbells_for_nothing_new_are_written_a_day_ahead() -> None:
    rung()
    Message.objects.all().delete()
    Wishes.objects.update(doorbell_on=clock.today() + timedelta(days=1))

    assert posting.write_doorbells() == 1
    assert posting.write_doorbells() == 0

    message = Message.objects.get()
    assert not message.must_arrive
    ring(ADA, because="answer")  # folds into the one of that day
    assert Message.objects.get().must_arrive


class Carrier:
    def __init__(self) -> None:
        self.carried: list[tuple[str, str]] = []
        self.outcome: Exception | None = None

    def carry(self, address: str, text: str, *, reference: str) -> str:
        if self.outcome is not None:
            raise self.outcome
        self.carried.append((address, text))
        return "1"


def test_the_worker_posts_text_messages_and_leaves_a_dead_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = Carrier()
    monkeypatch.setattr(configured, "carriers", lambda: {"sms": carrier})
    rung([("sms", "+380501234567")])
    posting.route_due()
    carrier.outcome = carrying.LineDown("no_line")
    assert jobs.post()
    assert not jobs.post()  # left alone for some seconds
    jobs._silent.clear()
    carrier.outcome = None

    assert jobs.post()

    assert carrier.carried == [("+380501234567", "Для Вас є що прочитати. 1234-5678-4")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contact_posting SET state = 'waiting'",  # what ended stays ended
        "INSERT INTO contact_posting (reference, channel, method, address_index, message_id, state, begun_by, tries, fault, "
        "external_id, made_at, due_at) SELECT 'x', 'sms', 'send', address_index, message_id, 'waiting', '', 0, '', '', "
        "made_at, due_at FROM contact_posting",  # a second channel for a message that was sent
    ],
)
def test_direct_sql_cannot_send_twice(statement: str) -> None:
    rung()
    posting.carried(on_the_wire("telegram"), "55")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_direct_sql_cannot_skip_the_beginning() -> None:
    rung()
    posting.route_due()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE contact_posting SET state = 'done'")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(list(texts.Text)),
    st.sampled_from([*texts.LANGUAGES, "pl", ""]),
    st.dictionaries(
        st.sampled_from(["surname", "given", "unit", "born", "telephone"]), st.text(min_size=3), min_size=1
    ),
)
def test_no_outside_text_contains_anything_anybody_told(text: texts.Text, language: str, told: dict[str, str]) -> None:
    said = texts.outside(text, language, ADA)

    fixed = {texts.outside(one, each, ADA) for one in texts.Text for each in texts.LANGUAGES}
    assert said in fixed  # word for word one of the closed list, whatever was told
    assert len(said) <= 70  # one part as a text message
    for value in told.values():
        assert value.strip().casefold() not in said.casefold() or any(
            value.strip().casefold() in s.casefold() for s in fixed
        )


def test_every_text_is_in_every_language_and_of_one_length_class() -> None:
    for text in texts.Text:
        lengths = [len(texts.words(text, language)) for language in texts.LANGUAGES]
        assert max(lengths) <= 70 - 1 - len(ADA)
        assert len({texts.words(text, language) for language in texts.LANGUAGES}) == len(texts.LANGUAGES)
