"""A mother walks through the family site in Chromium with scripts switched off: asks, answers, comes back, leaves quickly.

On every page she sees: at most 60 KB and three requests, none of them to anybody else; letters of 16 px and more, targets of
44 px and more; and, in a second browser that may run the rules, no accessibility violation at 320 and at 1440 px.
"""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.chromium import ARGUMENTS, browser, chromium_or_skip
from tests.house import ROOT, House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LANGUAGES = ("uk", "ru", "en", "fr")
PATHS = ("/", *(f"/a/{number}" for number in range(1, 11)), "/b", "/nowhere")
HER_PATHS = ("/c", "/c/t", "/c/p", "/c/r", "/c/m", "/c/w", "/c/e")
_ASK = """
import os, sys, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeward.config.settings"); django.setup()
from homeward.access.models import Staff
from homeward.enquiries.actions import ask_question
from homeward.enquiries.models import Enquiry
enquiry = Enquiry.objects.get(reference=sys.argv[1])
ask_question(enquiry.sought, text="Окуляри?", by=Staff.objects.get(username="tracer"))
"""
SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')].filter(each => {
  const box = each.getBoundingClientRect();
  if (each.closest('.skip, .first, .source') || each.classList.contains('skip') || !box.width) return false;
  const label = each.labels && each.labels[0] ? each.labels[0].getBoundingClientRect().height : 0;
  return Math.max(box.height, label) < 44 || Math.max(box.width, each.labels && each.labels[0] ? 44 : 0) < 44;
}).map(each => each.outerHTML.slice(0, 120))"""
FINE_PRINT = """() => [...document.querySelectorAll('body *')].filter(each => each.childNodes.length &&
  [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()) &&
  parseFloat(getComputedStyle(each).fontSize) < 16).map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("family") / "home"
    home.mkdir()
    with running_house(home) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def ask(page: Page, house: House) -> tuple[str, str]:
    """From the first page to the number and the words."""
    page.goto(house.family + "/")
    page.click(".ways .go:first-child")
    page.fill("[name=surname]", "Зубрицький")
    page.fill("[name=given]", "Остап")
    page.click("#asked .acts [name=go]")
    page.fill("[name=year]", "1990")
    page.click("#asked .acts [name=back]")
    assert page.input_value("[name=surname]") == "Зубрицький"
    page.go_back()
    page.goto(house.family + "/a/2")
    assert page.input_value("[name=year]") == "1990"
    for _number in range(8):
        page.click("#asked .acts [name=go]")
    page.click("#asked .acts [name=go]")
    number = page.inner_text(".spell.number")
    words = " ".join(page.locator("ol.spell li").all_inner_texts())
    page.click("main form .go")
    return number, words


@pytest.mark.parametrize("language", ["uk", "fr"])
def test_a_mother_asks_answers_comes_back_and_leaves(house: House, chromium: Browser, language: str) -> None:
    context = chromium.new_context(locale=language, java_script_enabled=False, viewport={"width": 390, "height": 800})
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page = context.new_page()
    page.set_default_timeout(60_000)

    number, words = ask(page, house)
    assert number in page.inner_text("h1")
    assert page.locator("html").get_attribute("lang") == language
    page.click(".leave")
    assert page.url == f"{house.family}/n"
    assert context.cookies() == []
    page.goto(f"{house.family}/c")
    assert page.url == f"{house.family}/b"
    subprocess.run([sys.executable, "-c", _ASK, number], cwd=ROOT, env=house.environment, check=True)
    page.fill("[name=number]", number)
    page.fill("[name=secret]", words.upper())
    page.click("main .go")
    page.click(".asks .go")
    page.fill("[name=text]", "Так, від школи")
    page.click("main form .go")
    assert page.url == f"{house.family}/c"
    assert page.locator(".asks").count() == 0
    assert "Окуляри?" in page.inner_text(".list")

    assert hosts == {urlsplit(house.family).netloc}
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_light_legible_and_open_to_everybody(house: House, chromium: Browser, language: str) -> None:
    plain = chromium.new_context(locale=language, viewport={"width": 320, "height": 700}, bypass_csp=True)
    page = plain.new_page()
    page.set_default_timeout(60_000)
    wrong: dict[str, object] = {}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    ask(page, house)
    for path in (*PATHS, *HER_PATHS):
        page.wait_for_load_state("networkidle")
        asked.clear()
        session = plain.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        weight: list[float] = []
        session.on("Network.loadingFinished", lambda event, weight=weight: weight.append(event["encodedDataLength"]))
        page.goto(house.family + path)
        if sum(weight) > 60_000 or len(asked) > 3:
            wrong[f"{path} weight"] = (sum(weight), asked[:])
        session.detach()
        if page.locator("script").count():
            wrong[f"{path} script"] = True
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 700})
            found = [
                f"{each['id']}: {each['nodes'][0]['html'][:120]}"
                for each in Axe().run(page, options=RULES).response["violations"]
            ]
            found += page.evaluate(SMALL) + page.evaluate(FINE_PRINT)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                found.append("scrolls sideways")
            if found:
                wrong[f"{path} {width}"] = found
        page.set_viewport_size({"width": 320, "height": 700})
    plain.close()

    assert wrong == {}


def test_the_profile_tells_nothing_but_an_address_after_leaving_quickly(
    house: House, chromium: Browser, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    context = chromium.browser_type.launch_persistent_context(
        str(profile),
        executable_path=chromium_or_skip(),
        headless=True,
        args=ARGUMENTS,
        java_script_enabled=False,
        locale="uk",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    number, words = ask(page, house)
    page.click(".leave")
    page.wait_for_url("**/n")
    context.close()

    marks = [number, "Зубрицький", "Остап", "sessionid", "homeward", words, *(w for w in words.split() if len(w) > 6)]
    found = set()
    for path in profile.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found |= {
                (mark, path.name) for mark in marks for code in ("utf-8", "utf-16-le") if mark.encode(code) in content
            }
    assert found == set()
    history = next(profile.rglob("History"))
    with sqlite3.connect(f"file:{history}?mode=ro&immutable=1", uri=True) as database:
        titles = {title for (title,) in database.execute("SELECT title FROM urls")}
    assert titles <= {"Довідка", ""}, titles
    assert not [path for path in profile.rglob("*") if re.search(r"зубриц", path.name, re.IGNORECASE)]
