"""The sheet in Chromium while the line is cut: opened again, filled in, signed, closed, opened, and sent once."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from homeward.handover.models import Handover, Signature
from homeward.handover.tests.cast import escorted
from homeward.returns.models import Return, State
from homeward.returns.tests.cast import COMER
from homeward.testing import make_staff, sign_in
from tests.chromium import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Line:
    """A line to the house that can be cut: everything passes, or nothing does."""

    def __init__(self, port: int) -> None:
        self.to, self.open, self.pairs = port, True, []  # type: ignore[var-annotated]
        self.ear = socket.create_server(("127.0.0.1", 0))
        self.port = self.ear.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self.ear.accept()
            except OSError:
                return
            if not self.open:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.to))
            self.pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while part := one.recv(65536):
                other.sendall(part)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self.open = False
        for pair in self.pairs:
            for each in pair:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()


@pytest.fixture
def line(live_server) -> Iterator[Line]:  # type: ignore[no-untyped-def]
    made = Line(int(live_server.url.rsplit(":", 1)[1]))
    yield made
    made.cut()
    made.ear.close()


def draw(page: Page, field: str) -> None:
    canvas = page.locator(f"canvas[data-field={field}]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 15)
    page.mouse.down()
    for part in range(1, 9):
        page.mouse.move(box["x"] + 20 + part * box["width"] / 12, box["y"] + (20 if part % 2 else box["height"] - 20))
    page.mouse.up()


def fill(page: Page, second: str) -> None:
    page.select_option("[name=second_officer]", label=second)
    page.fill("[name=his_document]", "card 12")
    page.fill("[name=relative_document]", COMER.document_number)
    for box in ("identities_agree", "asked_alone", "effects_agree"):
        page.check(f"[name={box}]")
    page.check("[name=says][value=to_go]")
    page.check("[name=outcome][value=done]")
    for role in ("second_officer", "receiver", "witness"):
        page.fill(f"[name={role}_name]", f"Name {role}")
    for role in ("handing", "second_officer", "receiver", "witness"):
        draw(page, f"{role}_drawn")


def test_a_handover_while_the_line_is_cut(line: Line, settings: object, tmp_path: Path) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    one = escorted()
    hana, second = make_staff("handover_officer"), make_staff("handover_officer", name="Ivo Second")
    cookie = sign_in(Client(), hana).cookies["homeward_staff"].value
    house = f"http://127.0.0.1:{line.port}"
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "homeward_staff", "value": cookie, "url": house}])
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{house}/handover/sheet/{one.reference}")
        page.wait_for_selector("html[data-kept=yes]", timeout=20_000)

        line.cut()
        page.reload()
        fill(page, second.name)
        page.screenshot(path=str(tmp_path / "sheet.png"), full_page=True)
        page.click("button[type=submit]")
        expect(page.locator("#kept")).to_contain_text("Kept on this device")
        assert not Handover.objects.exists()
        # Closed and opened again, as after an empty battery.
        page.close()
        page = context.new_page()
        page.goto(f"{house}/handover/sheet/{one.reference}")
        expect(page.locator("#kept")).to_contain_text("Kept on this device")
        expect(page.locator("button[type=submit]")).to_be_disabled()

        line.open = True
        page.click("#send-kept")
        page.wait_for_url("**/handover/records/**", timeout=20_000)
        assert page.locator("figure.sign img").count() == 4
        page.goto(f"{house}/handover/sheet/{one.reference}")
        page.wait_for_timeout(500)
        assert errors == []
        context.close()

    assert Handover.objects.count() == 1
    assert Signature.objects.count() == 4
    assert Return.objects.get().state == State.HANDED_OVER


def test_the_pages_of_the_meeting_point_for_everybody(live_server, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """No accessibility violation, no sideways scrolling, in both languages and at two widths."""
    settings.TRAINING = True
    from homeward.handover import actions
    from homeward.handover.models import Convoy
    from homeward.handover.tests.cast import a_sheet, expected

    done = escorted()
    handover = actions.record_handover(done, a_sheet(), by=make_staff("handover_officer"))
    one = escorted()
    arrival = expected()
    officer = make_staff("handover_officer", "return_officer")
    pages = [
        "/", "/handover/", f"/handover/sheet/{one.reference}", f"/handover/arrivals/{arrival.reference}",
        "/handover/convoys/new", f"/handover/convoys/{Convoy.objects.latest('pk').reference}",
        f"/handover/records/{handover.reference}", "/handover/contacts", "/returns/", f"/returns/{one.reference}",
        f"/returns/lists/{one.release.reference}", "/returns/lists/new", "/returns/notices", "/returns/dead",
        f"/returns/entry/{one.entry.reference}/packet",
    ]  # fmt: skip
    wrong: dict[str, list[str]] = {}
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        cookie = sign_in(Client(), officer).cookies["homeward_staff"].value
        context.add_cookies([{"name": "homeward_staff", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        for path in pages:
            answer = page.goto(live_server.url + path)
            assert answer is not None
            assert answer.status == 200, path
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
                found = [
                    f"{each['id']}: {each['nodes'][0]['html'][:140]}"
                    for each in Axe().run(page, options=rules).response["violations"]
                ]
                if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                    found.append("scrolls sideways")
                if found:
                    wrong[f"{path} {width}"] = found
                page.screenshot(
                    path=str(tmp_path / f"{path.strip('/').replace('/', '-') or 'home'}-{width}.png"), full_page=True
                )
        context.close()

    assert wrong == {}
