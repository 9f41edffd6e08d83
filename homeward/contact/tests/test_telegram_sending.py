"""The sender against the emulator, with the time given."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from homeward.channels.configured import TelegramSettings
from homeward.channels.telegram.line import Line
from homeward.contact import posting
from homeward.contact.actions import set_wishes
from homeward.contact.models import Address, Message, Posting
from homeward.contact.telegram import Sender
from homeward.lib import clock
from tests.telegram_emulator import TOKEN, Emulator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_channels")]

NOON = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


class Time:
    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def telegram(time: Time) -> Iterator[Emulator]:
    with Emulator(time) as emulator:
        yield emulator


def run(
    emulator: Emulator,
    time: Time,
    *,
    seconds: float = 60.0,
    until: Callable[[], bool] = lambda: False,
    patience: float = 1.0,
) -> float:
    """Let the sender work for so many seconds of given time; when it ended."""

    loop = asyncio.new_event_loop()
    line = Line(TelegramSettings(TOKEN, emulator.url), timeout=patience)
    sender = Sender(line, loop, time, name="here:1:1")
    end = time.passed + seconds
    try:
        while time.passed < end and not until():
            with clock.freeze(NOON + timedelta(seconds=time.passed)):
                pause = sender.step()
            time.passed += pause
    finally:
        loop.run_until_complete(line.close())
        loop.close()
    return time.passed


def ring_at(emulator: Emulator, *chats: int) -> None:
    for chat in chats:
        emulator.person(chat, has_started=True)
        wishes = set_wishes(f"{chat:04d}-0000-0", language="uk", addresses=[("telegram", str(chat))], by=None)
        Message.objects.create(wishes=wishes, due_at=NOON, must_arrive=True)
    with clock.freeze(NOON):
        posting.route_due()


def is_drained() -> bool:
    return not Posting.objects.filter(state__in=["waiting", "begun"]).exists()


def test_sixty_texts_keep_the_limits_and_arrive_once(telegram: Emulator, time: Time) -> None:
    ring_at(telegram, *range(1, 61))

    took = run(telegram, time, until=is_drained)

    assert all(
        telegram.person(chat).bot_said() == [f"Для Вас є що прочитати. {chat:04d}-0000-0"] for chat in range(1, 61)
    )
    assert telegram.refused == []  # never asked to slow down
    assert took <= 60 / 25 + 1


def test_one_chat_gets_one_text_a_second(telegram: Emulator, time: Time) -> None:
    telegram.person(7, has_started=True)
    with clock.freeze(NOON):
        for number in range(5):
            posting.say("telegram", "7", {"text": f"{number}"})

    took = run(telegram, time, until=is_drained)

    assert telegram.person(7).bot_said() == ["0", "1", "2", "3", "4"]
    assert telegram.refused == []
    assert 4 <= took <= 6


def test_too_many_requests_is_obeyed(telegram: Emulator, time: Time) -> None:
    ring_at(telegram, 1, 2, 3)
    asked: list[float] = []

    def fault(method: str) -> str | None:
        if method != "sendMessage":
            return None
        asked.append(time.passed)
        return "429" if len(asked) <= 3 else None

    telegram.fault = fault
    run(telegram, time, until=is_drained)

    assert min(asked[3:]) - asked[2] >= 3  # retry_after
    assert Posting.objects.filter(state="done").count() == 3


def test_blocked_there_the_next_channel_is_taken(telegram: Emulator, time: Time) -> None:
    telegram.person(7, has_started=True, has_blocked=True)
    wishes = set_wishes("7", language="uk", addresses=[("telegram", "7"), ("sms", "+380501234567")], by=None)
    Message.objects.create(wishes=wishes, due_at=NOON)
    with clock.freeze(NOON):
        posting.route_due()

    run(telegram, time, seconds=3)

    assert Address.objects.get(channel="telegram").state == "blocked"
    assert Posting.objects.get(state="waiting").channel == "sms"


@pytest.mark.parametrize("fault", ["500", "429"])
def test_what_was_surely_not_sent_is_sent_later(telegram: Emulator, time: Time, fault: str) -> None:
    ring_at(telegram, 1)
    telegram.fault = lambda method: fault if time.passed < 20 else None

    run(telegram, time, seconds=120, until=is_drained)

    assert len(telegram.person(1).bot_said()) == 1


@pytest.mark.parametrize("fault", ["break", "break_after", "hang", "502"])
def test_a_broken_line_costs_one_handful_and_doubles_nothing(telegram: Emulator, time: Time, fault: str) -> None:
    ring_at(telegram, *range(1, 31))
    telegram.fault = lambda method: fault if 0.3 < time.passed < 20 else None

    run(telegram, time, seconds=120, until=is_drained, patience=1.0)

    arrived = [len(telegram.person(chat).bot_said()) for chat in range(1, 31)]
    assert max(arrived) == 1
    unsure = Posting.objects.filter(state="unsure").count()
    assert unsure <= 5
    assert sum(arrived) == 30 - unsure + (unsure if fault == "break_after" else 0)
    assert Message.objects.filter(state="waiting").count() == unsure  # the next day rings


def test_no_line_at_all_loses_and_doubles_nothing(telegram: Emulator, time: Time) -> None:
    ring_at(telegram, 1, 2)
    telegram.hang_up()
    run(telegram, time, seconds=90)
    assert Posting.objects.filter(state="waiting").count() == 2
    telegram.pick_up()

    run(telegram, time, seconds=120, until=is_drained)

    assert [telegram.person(chat).bot_said() for chat in (1, 2)] == [
        [f"Для Вас є що прочитати. {chat:04d}-0000-0"] for chat in (1, 2)
    ]
