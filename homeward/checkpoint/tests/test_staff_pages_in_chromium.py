"""The checkpoint's staff pages, looked at: no accessibility violation, no sideways scrolling, in both languages, wide and narrow."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from homeward.access.models import Staff
from homeward.checkpoint import actions
from homeward.checkpoint.models import RevokedBecause
from homeward.checkpoint.tests.cast import make_pass, propose
from homeward.checkpoint.tests.test_merge import kit_of
from homeward.lib import clock
from homeward.testing import make_staff, sign_in
from tests.chromium import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def a_busy_day(tmp_path: Path) -> tuple[str, str]:
    """A proposal that waits, passes in every state, one used twice; (the proposal, the pass used twice)."""
    waiting = propose(name="PIDMINA OLHA", document="FB222222")
    used, gone = make_pass(), make_pass(name="DRUHA IRYNA", document="FC333333")
    make_pass(name="TRETIA NINA", document="FD444444", with_code=False, point="dorohusk")
    actions.revoke_pass(gone, because=RevokedBecause.OTHER_DAY, by=make_staff("return_officer"))
    officer = make_staff("checkpoint_officer")
    for name in ("one", "two"):
        kit = kit_of(tmp_path / name)
        kit.check_pass(str(used.text))
        kit.check_document("FX000001")
        lines = (tmp_path / name / "log.jsonl").read_bytes()
        actions.merge_log(lines if name == "one" else lines.splitlines()[0], by=officer)
    return waiting.reference, used.reference


@pytest.mark.parametrize("role", ["checkpoint_officer", "return_officer", "release_approver"])
def test_the_pages_of_a_role(chromium: Browser, live_server: Any, settings: Any, tmp_path: Path, role: str) -> None:
    settings.TRAINING = True
    settings.SESSION_SAVE_EVERY_REQUEST = False  # the tests' database in memory has no patience with two writers
    proposal, used = a_busy_day(tmp_path)
    staff = make_staff(role)
    client = sign_in(Client(), staff)
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    day = timezone.localdate(clock.now() + timedelta(minutes=90))
    addresses = {"today": f"{reverse('checkpoint:today')}?day={day:%Y-%m-%d}"}
    if role != "checkpoint_officer":
        addresses |= {"passes": reverse("checkpoint:passes"), "pass": reverse("checkpoint:pass", args=[used])}
    if role == "return_officer":
        addresses["propose"] = reverse("checkpoint:propose")
    if role == "release_approver":
        addresses["decide"] = reverse("checkpoint:decide", args=[proposal])

    for language in ("en", "uk"):
        Staff.objects.filter(pk=staff.pk).update(language=language)
        for name, address in addresses.items():
            page.goto(live_server.url + address)
            if role == "checkpoint_officer":
                page.click("form[action$='/lists'] button")
                page.wait_for_selector(".pin")
                faults += _faults(page, f"list {language}")
                page.go_back()
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                faults += _faults(page, f"{name} {language} {width}")
                if os.environ.get("HOMEWARD_PICTURES"):
                    page.screenshot(
                        path=Path(os.environ["HOMEWARD_PICTURES"]) / f"{role}-{name}-{language}-{width}.png",
                        full_page=True,
                    )
            page.set_viewport_size({"width": 1440, "height": 900})
    context.close()

    assert faults == []


def _faults(page: Any, where: str) -> list[str]:
    found = [
        f"{where}: {each['id']} {each['nodes'][0]['html'][:200]}"
        for each in Axe().run(page, options=RULES).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append(f"{where}: scrolls sideways")
    return found
