"""The whole house as people meet it: started by its one command, every page opened in Chromium by those who work with the two sides.

On each page: no accessibility violation (axe, WCAG 2.2 AA), no request to anyone but the site, no script error, no sideways
scrolling; in both languages, at 1440 and at 390 pixels.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page

from homeward.demo import sign_ins
from tests.chromium import browser
from tests.house import House, whole_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Pages of one kind looked at: the first ones linked.
OF_A_KIND = 1
# Links that act or download, not pages.
NOT_PAGES = re.compile(r"\.(pdf|csv|xlsx|json)$|/accounts/logout|/rejected|/card$|^/source$")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with whole_house(tmp_path_factory.mktemp("house") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def sign_in(context: BrowserContext, house: House, username: str, password: str) -> Page:
    page = context.new_page()
    page.goto(f"{house.staff}/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.click("form[action*='/accounts/login/'] button")
    page.wait_for_url(f"{house.staff}/")
    return page


def kind_of(path: str) -> str:
    """The name of the address, so that of many alike one is looked at."""
    try:
        found = resolve(path, urlconf="homeward.config.urls_staff")
    except Exception:
        return path
    return f"{found.view_name}"


def faults_of(page: Page) -> list[str]:
    found = [
        f"axe {violation['id']}: {violation['nodes'][0]['html'][:160]} {violation['nodes'][0].get('failureSummary', '')[:300]}"
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize("username", ["registrar", "operator", "partner", "tracer"])
def test_every_page_of_a_role(house: House, chromium: Browser, username: str) -> None:
    person = next(each for each in sign_ins.SIGN_INS if each.username == username)
    wrong: dict[str, list[str]] = defaultdict(list)
    hosts: set[str] = set()
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page = sign_in(context, house, person.username, sign_ins.PASSWORD)
    page.on("pageerror", lambda error: wrong[page.url].append(f"script: {error}"))

    seen: dict[str, list[str]] = defaultdict(list)
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(urlsplit(path).path)
        if path in seen[kind] or len(seen[kind]) >= OF_A_KIND:
            continue
        seen[kind].append(path)
        answer = page.goto(house.staff + path)
        if answer is None or answer.status != 200:
            wrong[path].append(f"answered {answer.status if answer else 'nothing'}")
            continue
        waiting += [link for link in _links(page, house) if not NOT_PAGES.search(urlsplit(link).path)]
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            wrong[f"{path} {width}"] += faults_of(page)
    for language in ("uk", "en"):
        page.goto(house.staff + "/keys")
        if page.locator(f"button[name=language][value={language}]").count():
            page.locator(f"button[name=language][value={language}]").click()
        if language == "en":
            break
        for paths in seen.values():
            page.goto(house.staff + paths[0])
            wrong[f"{paths[0]} uk"] += faults_of(page)
    context.close()

    assert {where: what for where, what in wrong.items() if what} == {}
    assert hosts <= {urlsplit(house.staff).netloc, ""}
    assert len(seen) > 1


def _links(page: Page, house: House) -> list[str]:
    links: list[Any] = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    own = [link[len(house.staff) :] for link in links if link.startswith(house.staff)]
    return [link.split("#")[0] for link in own if link.split("#")[0]]
