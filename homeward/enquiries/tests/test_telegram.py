"""The talk, from the telephone to the database and back, over the emulator's wire."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Event as Flag

import pytest
import telegram as ptb
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telegram.request import HTTPXRequest

from homeward.channels.configured import TelegramSettings
from homeward.channels.telegram.hearing import ask_for_updates
from homeward.channels.telegram.line import Line
from homeward.contact.actions import ring
from homeward.contact.models import Address, Incoming, Posting, Talk, Wishes
from homeward.contact.telegram import Sender
from homeward.enquiries.dialogue import answering, words
from homeward.enquiries.dialogue.answering import answer_next
from homeward.enquiries.management.commands.telegram import keep
from homeward.enquiries.models import Enquiry, SoughtPerson
from homeward.enquiries.passphrases import check_passphrase
from homeward.lib import clock
from tests.telegram_emulator import TOKEN, Emulator, Person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


class House:
    """The bot's process, driven by hand: hears, answers and posts until nothing is left to do; time is given."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.loop = asyncio.new_event_loop()
        self.passed = 0.0
        emulator.now = lambda: self.passed
        self.start()

    def start(self) -> None:
        self.line = Line(TelegramSettings(TOKEN, self.emulator.url), timeout=5)
        self.sender = Sender(self.line, self.loop, lambda: self.passed)

    def restart(self) -> None:
        """Another process of the same house."""
        self.loop.run_until_complete(self.line.close())
        self.start()

    def hear(self) -> None:
        """One asking for updates, as the hearing thread does it."""
        stopping = Flag()
        asked: list[int] = []

        def keep_and_stop(heard: object) -> None:
            keep(heard)  # type: ignore[arg-type]
            asked.append(1)
            if len(asked) == 2:
                stopping.set()

        ask_for_updates(self.line, self.loop, keep_and_stop, stopping, wait=0)

    def work(self, *, wait: timedelta = timedelta(0)) -> None:
        """Everything there is to do now, or after that wait."""
        self.passed += wait.total_seconds()
        self.hear()
        for _ in range(300):
            with clock.freeze(NOON + timedelta(seconds=self.passed)):
                answered = answer_next()
                self.passed += max(0.01, self.sender.step())
                due = Posting.objects.filter(state="waiting", due_at__lte=clock.now()).exists()
            if not answered and not due and not Posting.objects.filter(state="begun").exists():
                return
        raise AssertionError("the house does not come to rest")


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("HOMEWARD_FAMILY_ADDRESS", "https://family.house.example")
    with Emulator() as emulator:
        running = House(emulator)
        yield running
        running.loop.run_until_complete(running.line.close())
        running.loop.close()


def to_the_review(house: House, ada: Person, *, language: str = "Українська", reach: str = "b_reach_yes") -> None:
    """Ada asks about Ostap, up to the moment before she sends it."""
    code = next(code for code, name in words.LANGUAGE_NAMES.items() if name == language)

    def label(key: str) -> str:
        return words.say(key, code)

    for act in (
        lambda: ada.says("/start"),
        lambda: ada.presses(language),
        lambda: ada.presses(label("b_ask")),
        lambda: ada.presses(label("r_mother")),
        lambda: ada.says("Зубрицький"),
        lambda: ada.says("Остап"),
        lambda: ada.presses(label("b_skip")),
        lambda: ada.says("1990"),
        lambda: ada.presses(label("b_skip")),
        lambda: ada.says("95 бригада"),
        lambda: ada.presses(label("b_skip")),
        lambda: ada.presses(label("b_skip")),
        lambda: ada.says("Ада"),
        lambda: ada.presses(label(reach)),
    ):
        act()
        house.work()


def filed(house: House, ada: Person, **how: str) -> tuple[Enquiry, str]:
    """The enquiry, and the six words she was shown."""
    to_the_review(house, ada, **how)
    ada.presses(words.say("b_send", Talk.objects.get().language))
    house.work()
    enquiry = Enquiry.objects.get()
    six = ada.bot_said()[-1].split("\n\n")[1]
    return enquiry, six


def test_she_asks_in_a_talk_and_keeps_a_number_and_six_words(house: House) -> None:
    enquiry, six = filed(house, house.emulator.person(77))

    assert enquiry.facts == {"surname": "Зубрицький", "given": "Остап", "born": "1990", "unit": "95 бригада"}
    assert (enquiry.channel, enquiry.relation, enquiry.language, enquiry.reach) == (
        "telegram",
        "mother",
        "uk",
        "telegram",
    )
    assert enquiry.enquirer == {"name": "Ада"}
    found = check_passphrase(enquiry.reference, six)
    assert found == enquiry
    assert [row.channel for row in Address.objects.all()] == ["telegram"]
    assert not house.emulator.refused
    # What she said is nowhere but in the enquiry.
    assert not Incoming.objects.filter(content__isnull=False).exists()
    assert not Posting.objects.filter(state="done").filter(content__isnull=False).exists()


@pytest.mark.parametrize("language", ["Русский", "English", "Français"])
def test_the_same_talk_in_every_language(house: House, language: str) -> None:
    enquiry, six = filed(house, house.emulator.person(77), language=language)

    assert enquiry.language == {"Русский": "ru", "English": "en", "Français": "fr"}[language]
    assert len(six.split()) == 6


def test_not_wishing_to_be_written_to_is_the_first_button_and_is_kept(house: House) -> None:
    enquiry, _six = filed(house, house.emulator.person(77), reach="b_reach_no")

    assert enquiry.reach == "none"
    assert not Wishes.objects.exists()
    ring(enquiry.reference, because="answer")
    assert not Posting.objects.filter(state="waiting", method="send").exists()


def test_the_words_and_her_answers_disappear(house: House) -> None:
    ada = house.emulator.person(77)
    enquiry, six = filed(house, ada)

    house.work(wait=answering.NOTING)

    left = "\n".join(shown.text for shown in ada.chat)
    assert six not in left
    assert "Зубрицький" not in left
    assert enquiry.reference in left
    assert any(six in text for text in ada.deleted)


def test_she_has_noted_them_and_they_disappear_at_once(house: House) -> None:
    ada = house.emulator.person(77)
    _enquiry, six = filed(house, ada)

    ada.presses(words.say("b_noted", "uk"))
    house.work()

    assert six not in "\n".join(shown.text for shown in ada.chat)


def test_the_talk_goes_on_after_days_and_a_restart(house: House) -> None:
    ada = house.emulator.person(77)
    to_the_review(house, ada)
    house.restart()

    house.work(wait=timedelta(days=5))
    ada.presses(words.say("b_send", "uk"))
    house.work()

    assert Enquiry.objects.count() == 1


def test_pressing_send_twice_files_one(house: House) -> None:
    ada = house.emulator.person(77)
    to_the_review(house, ada)
    review = next(shown for shown in reversed(ada.chat) if shown.buttons)
    ada.press_data(review, "review:send")
    ada.press_data(review, "review:send")

    house.work()

    assert Enquiry.objects.count() == 1


def test_updates_brought_twice_and_out_of_order_file_one(house: House) -> None:
    house.emulator.doubles = house.emulator.shuffles = True

    enquiry, _six = filed(house, house.emulator.person(77))

    assert enquiry.facts["surname"] == "Зубрицький"
    assert Enquiry.objects.count() == 1


def test_too_little_is_not_sent(house: House) -> None:
    ada = house.emulator.person(77)
    for act in (
        lambda: ada.says("/start"), lambda: ada.presses("English"), lambda: ada.presses("Look"),
        lambda: ada.presses("I do not know"), lambda: ada.says("Zubrytskyi"),
        *[(lambda: ada.presses("I do not know"))] * 8, lambda: ada.presses("No, do not"), lambda: ada.presses("Yes, send"),
    ):  # fmt: skip
        act()
        house.work()
    assert not Enquiry.objects.exists()

    ada.presses("Born")
    house.work()
    ada.says("1990")
    house.work()
    ada.presses("Yes, send")
    house.work()

    assert Enquiry.objects.get().facts == {"surname": "Zubrytskyi", "born": "1990"}


def test_a_picture_is_refused_kindly_and_kept_nowhere(house: House) -> None:
    ada = house.emulator.person(77)
    to_the_review(house, ada)

    ada.sends_picture()
    house.work()

    assert "https://family.house.example" in ada.bot_said()[-2]
    assert not any("AgAD" in json.dumps(given) for _method, given in house.emulator.calls)


def status_of(house: House, ada: Person, six: str) -> str:
    ada.says("/status")
    house.work()
    ada.says(six)
    house.work()
    return ada.bot_said()[-1]


def test_the_status_asks_for_the_words_and_disappears(house: House) -> None:
    ada = house.emulator.person(77)
    enquiry, six = filed(house, ada)
    ada.presses(words.say("b_noted", "uk"))

    answer = status_of(house, ada, six)

    assert enquiry.reference in answer
    assert "https://family.house.example" in answer
    assert not any(shown.text == six for shown in ada.chat)  # her words are gone at once
    house.work(wait=answering.READING)
    assert answer not in ada.bot_said()


def test_wrong_words_open_nothing(house: House) -> None:
    ada = house.emulator.person(77)
    enquiry, six = filed(house, ada)

    answer = status_of(house, ada, " ".join(reversed(six.split())))

    assert answer == words.say("wrong", "uk")
    assert enquiry.reference not in answer


def test_the_status_is_byte_for_byte_the_same_whatever_is_known_of_him(house: House) -> None:
    ada = house.emulator.person(77)
    _enquiry, six = filed(house, ada)
    heard = set()
    for state in (
        "received",
        "searching",
        "potential_match",
        "verifying",
        "fate_established",
        "informed",
        "no_information",
    ):
        SoughtPerson.objects.update(state=state)
        heard.add(status_of(house, ada, six).encode())

    assert len(heard) == 1


def test_forgetting_unlinks_and_deletes(house: House) -> None:
    ada = house.emulator.person(77)
    enquiry, _six = filed(house, ada)
    ada.says("/forget")
    house.work()

    ada.presses(words.say("b_forget_yes", "uk"))
    house.work()

    assert not Talk.objects.exists()
    assert not Wishes.objects.exists()
    enquiry.refresh_from_db()
    assert enquiry.reach == "none"
    assert enquiry.withdrawn_at is None
    house.work(wait=answering.READING)
    assert [
        shown.text for shown in ada.chat if shown.text != words.say("filed", "uk", reference=enquiry.reference)
    ] == []


def test_who_blocks_the_bot_is_not_written_to(house: House) -> None:
    ada = house.emulator.person(77)
    filed(house, ada)

    ada.blocks()
    house.work()

    assert Address.objects.get().state == "blocked"
    assert not Talk.objects.exists()


def test_the_process_holds_neither_the_registers_nor_the_staffs_key(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_ZONE", "telegram")

    _enquiry, six = filed(house, house.emulator.person(77))

    assert len(six.split()) == 6


def test_every_word_is_there_in_four_languages() -> None:
    for code, said in words.codes().items():
        assert set(said) == {"uk", "ru", "en", "fr"}, code
        places = {language: sorted(re.findall(r"{(\w+)}", text)) for language, text in said.items()}
        assert len({str(found) for found in places.values()}) == 1, code
        assert all(len(text) < 1000 for text in said.values())


def test_two_client_libraries_read_what_the_emulator_answers(house: House) -> None:
    """The calls of a whole talk, made again by aiogram and by python-telegram-bot: both accept every answer."""
    ada = house.emulator.person(77)
    _enquiry, six = filed(house, ada)
    status_of(house, ada, six)
    house.work(wait=answering.NOTING)
    calls = [(method, given) for method, given in house.emulator.calls if method != "getMe"]
    assert {method for method, _given in calls} >= {
        "sendMessage",
        "editMessageText",
        "answerCallbackQuery",
        "deleteMessages",
    }

    with Emulator() as fresh:
        fresh.limits = False
        assert house.loop.run_until_complete(_replay_with_aiogram(fresh, calls)) == len(calls)
        assert fresh.refused == []
    with Emulator() as fresh:
        fresh.limits = False
        assert house.loop.run_until_complete(_replay_with_ptb(fresh, calls)) == len(calls)
        assert fresh.refused == []


def _prepared(emulator: Emulator) -> Person:
    person = emulator.person(77)
    person.says("/start")
    person.says("something")
    return person


async def _replay_with_aiogram(emulator: Emulator, calls: list[tuple[str, dict[str, str]]]) -> int:
    from aiogram.types import InlineKeyboardMarkup

    person = _prepared(emulator)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(emulator.url)))
    try:
        assert (await bot.get_me()).is_bot
        updates = await bot.get_updates(timeout=1)
        assert [update.message.text for update in updates if update.message] == ["/start", "something"]
        return await _replay(
            emulator, person, calls,
            send=lambda text, markup: bot.send_message(
                77, text, reply_markup=InlineKeyboardMarkup.model_validate_json(markup) if markup else None
            ),
            edit=lambda number, text: bot.edit_message_text(text, chat_id=77, message_id=number),
            answer=lambda query, text: bot.answer_callback_query(query, text=text),
            delete=lambda numbers: bot.delete_messages(77, numbers),
            updates=lambda offset: bot.get_updates(offset=offset, timeout=1),
        )  # fmt: skip
    finally:
        await bot.session.close()


async def _replay_with_ptb(emulator: Emulator, calls: list[tuple[str, dict[str, str]]]) -> int:
    person = _prepared(emulator)
    async with ptb.Bot(
        TOKEN, base_url=emulator.url + "/bot", request=HTTPXRequest(), get_updates_request=HTTPXRequest()
    ) as bot:
        assert bot.username == "house_bot"
        updates = await bot.get_updates(timeout=1)
        assert [update.message.text for update in updates if update.message] == ["/start", "something"]
        return await _replay(
            emulator, person, calls,
            send=lambda text, markup: bot.send_message(
                77, text, reply_markup=ptb.InlineKeyboardMarkup.de_json(json.loads(markup), bot) if markup else None
            ),
            edit=lambda number, text: bot.edit_message_text(text, chat_id=77, message_id=number),
            answer=lambda query, text: bot.answer_callback_query(query, text=text),
            delete=lambda numbers: bot.delete_messages(77, numbers),
            updates=lambda offset: bot.get_updates(offset=offset, timeout=1),
        )  # fmt: skip


async def _replay(
    emulator: Emulator, person: Person, calls: list[tuple[str, dict[str, str]]], **do: Callable[..., object]
) -> int:
    last, done, offset = 0, 0, 0
    for method, given in calls:
        if method == "sendMessage":
            sent = await do["send"](given["text"], given.get("reply_markup", ""))  # type: ignore[misc]
            assert sent.text == given["text"]
            last = sent.message_id
        elif method == "editMessageText":
            await do["send"]("to be changed", "")  # type: ignore[misc]
            changed = await do["edit"](person.chat[-1].number, given["text"])  # type: ignore[misc]
            assert changed.text == given["text"]
        elif method == "answerCallbackQuery":
            shown = next(one for one in person.chat if one.by_bot)
            person.press_data(shown, "menu:ask")
            updates = await do["updates"](offset)  # type: ignore[misc]
            query = updates[-1].callback_query
            assert query.data == "menu:ask"
            offset = updates[-1].update_id + 1
            assert await do["answer"](query.id, given.get("text"))  # type: ignore[misc]
        elif method == "deleteMessages":
            assert await do["delete"]([last])  # type: ignore[misc]
        done += 1
    return done
