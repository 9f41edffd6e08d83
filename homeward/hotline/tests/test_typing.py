"""A call of ninety seconds, typed: a complete enquiry by keyboard alone, in Chromium, from a script read aloud."""

import pytest
from playwright.sync_api import Page

from homeward.enquiries.models import Enquiry
from homeward.hotline import actions
from homeward.hotline.models import Call
from homeward.hotline.tests.cast import waiting_call
from homeward.matching.memory import Memory
from homeward.testing import make_staff
from tests.callers import wait_until
from tests.chromium import browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SPOKEN = [
    ("surname", "Зубрицький"), ("given", "Остап"), ("patronymic", "Іванович"), ("born", "28.05.1990"), ("unit", "45216"),
    ("last_news_on", "3 січня"), ("last_news", "Подзвонив товаришеві"),
]  # fmt: skip


class Hands:
    """A keyboard that counts every key that is not text."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.name || ''"))

    def to(self, name: str) -> None:
        for _tab in range(12):
            if self.focused() == name:
                return
            self.press("Tab")
        raise AssertionError(f"{name} is too far away from {self.focused()}")


def test_a_complete_enquiry_by_keyboard_alone(
    live_server, settings: object, monkeypatch: pytest.MonkeyPatch, in_process_matcher: Memory
) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    waiting_call()
    otto = make_staff("operator")
    otto.set_password("training-house")
    otto.save()
    actions.sit_down("ready", by=otto)
    with browser() as chromium:
        page = chromium.new_page()
        page.goto(f"{live_server.url}/accounts/login/?next=/calls/")
        page.fill("[name=login]", otto.username)
        page.fill("[name=password]", "training-house")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-key=n]")
        hands = Hands(page)

        hands.press("n")
        page.wait_for_selector("#telling")
        for name, text in SPOKEN:
            hands.to(name)
            hands.type(text)
        hands.to("relation")
        hands.type("m")  # mother
        hands.to("enquirer_name")
        hands.type("Марія")
        hands.to("safe_hours")
        hands.type("10-12")
        hands.to("cover_phrase")
        hands.type("бібліотека")
        hands.to("call_her")
        hands.press("Space")
        # Kept while she types, all of it within two seconds.
        wait_until(lambda: ((Call.objects.get().draft or {}).get("call_her")) == "on")
        assert Call.objects.get().draft["surname"] == "Зубрицький"
        hands.press("Escape")
        hands.press("f")
        page.wait_for_selector("[data-key=g]")
        hands.press("e")
        page.wait_for_selector("[data-key=n]")

    enquiry = Enquiry.objects.get()
    assert {name: enquiry.facts[name] for name, _text in SPOKEN} == dict(SPOKEN)
    assert enquiry.relation == "mother"
    assert enquiry.enquirer["cover_phrase"] == "бібліотека"
    assert Call.objects.get().outcome == "filed"
    assert hands.keys <= 60
