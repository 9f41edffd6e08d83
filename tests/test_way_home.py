"""The way home as people walk it, on both sites of a running house, in Chromium: release, invitation, journey, closure, new way,
check-ins, convoy, handover, receipt."""

import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from homeward.demo import sign_ins
from tests.chromium import browser
from tests.house import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A man and his mother, found and confirmed as the demo does it; her number and her words are what she was given.
PAIR = """
from django.db import transaction
from homeward.demo import loading, way_home
from homeward.enquiries.passphrases import give_passphrase
pairs = way_home.new_pairs(1)
loading.match_everything(lambda done, whole: None)
way_home.confirm(pairs)
enquiry, entry = pairs[0]
with transaction.atomic():
    way_home._prove(enquiry, way_home.People())
    print("PAIR", enquiry.reference, give_passphrase(enquiry, language="en"), sep="|")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    with running_house(home) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def at_desk(chromium: Browser, house: House, username: str) -> Page:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    page.goto(f"{house.staff}/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", sign_ins.PASSWORD)
    page.click("form[action*='/accounts/login/'] button")
    page.wait_for_url(f"{house.staff}/")
    return page


def in_hours(hours: int) -> str:
    return (datetime.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def in_days(days: int) -> str:
    return (datetime.now() + timedelta(days=days)).strftime("%Y-%m-%d")


def draw(page: Page, field: str) -> None:
    canvas = page.locator(f"canvas[data-field={field}]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for part in range(1, 8):
        page.mouse.move(box["x"] + 20 + part * 25, box["y"] + (20 if part % 2 else 65))
    page.mouse.up()


def met_in(her: Page) -> str:
    """Where somebody waits for her, as her page says it."""
    found = re.search(r"In (.+?), \w+, .+ somebody waits for you", her.locator("main").inner_text())
    assert found is not None
    return found[1]


def test_from_the_release_to_the_receipt(house: House, chromium: Browser, tmp_path: Path) -> None:
    said = next(line for line in house.run("shell", "-c", PAIR).splitlines() if line.startswith("PAIR"))
    _pair, reference, passphrase = said.split("|")

    # The list is written by one person and approved by another.
    rhea = at_desk(chromium, house, "returns")
    rhea.goto(f"{house.staff}/returns/lists/new")
    rhea.click("main form button")
    rhea.fill("[name=enquiries]", reference)
    rhea.select_option("[name=basis]", "parole")
    rhea.fill("[name=authority]", "Order 114")
    rhea.fill("[name=valid_until]", in_days(90))
    rhea.select_option("[name=fitness]", "fit")
    rhea.fill("[name=fitness_on]", in_days(0))
    rhea.get_by_role("button", name="Put on the list").click()
    rhea.get_by_role("button", name="Propose 1 man").click()
    rune = at_desk(chromium, house, "release")
    rune.goto(f"{house.staff}/returns/")
    rune.click("a[href^='/returns/decide/']")
    rune.get_by_role("button", name=re.compile("Approve 1 release")).click()
    expect(rune.locator(".messages")).to_contain_text("Approved")

    # He is asked, alone; his family is invited.
    rhea.goto(f"{house.staff}/returns/")
    rhea.locator("tbody a.row").first.click()
    address = rhea.url
    rhea.check("[name=says][value=to_go]")
    rhea.check("[name=was_alone]")
    rhea.fill("[name=said_on]", in_days(0))
    rhea.get_by_role("button", name="Write down what he said").click()
    rhea.get_by_role("button", name="Invite the family").click()
    expect(rhea.locator(".bar .tag")).to_have_text("family invited")

    # She comes back to her page, without scripts, and says who comes.
    her = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", java_script_enabled=False
    ).new_page()
    her.goto(f"{house.family}/")
    her.goto(f"{house.family}/b")
    her.fill("[name=number]", reference)
    her.fill("[name=secret]", passphrase)
    her.click("main form button")
    expect(her.locator("main")).to_contain_text("You are invited to come")
    her.get_by_role("link", name="Read and answer").click()
    her.fill("[name=comer-0-name]", "Bondar Olena")
    her.fill("[name=comer-0-born]", "1968-03-02")
    her.fill("[name=comer-0-document_number]", "FX 123456")
    her.screenshot(path=str(tmp_path / "coming.png"), full_page=True)
    her.get_by_role("button", name="Yes, we come").click()
    expect(her.locator("main")).to_contain_text("BONDAR OLENA")
    her.screenshot(path=str(tmp_path / "her-page.png"), full_page=True)

    # The second person reads the invitation word for word; it stands on her page as an official paper.
    rune.goto(f"{house.staff}/returns/")
    rune.click("a[href^='/returns/papers/']")
    rune.get_by_role("button", name="Approve this invitation").click()
    expect(rune.locator(".messages")).to_contain_text("stands on her page")
    her.goto(f"{house.family}/c")
    link = her.get_by_role("link", name="Your invitation on paper").get_attribute("href")
    assert her.context.request.get(f"{house.family}{link}").body().startswith(b"%PDF")

    # Her way is planned and sent.
    jana = at_desk(chromium, house, "coordinator")
    jana.goto(f"{house.staff}/journeys/")
    jana.get_by_role("link", name=reference).click()
    jana.select_option("[name=origin]", "MSQ")
    jana.fill("[name=on]", in_days(2))
    jana.select_option("[name=nationality]", "UA")
    jana.get_by_role("button", name="Show the ways").click()
    jana.get_by_role("button", name="Choose this way").first.click()
    jana.get_by_role("button", name="Send to the family").click()
    expect(jana.locator(".bar")).to_contain_text("sent to the family")
    journey = jana.url
    her.goto(f"{house.family}/c")
    her.get_by_role("link", name="Open your journey").click()
    her.screenshot(path=str(tmp_path / "journey.png"), full_page=True)
    before = met_in(her)

    # Where she was to be met is shut: she gets another way, once the coordinator has looked at it.
    jana.goto(f"{house.staff}/journeys/network/closures/new")
    jana.select_option("[name=what]", label=before)
    jana.fill("[name=source]", "the border guard")
    jana.fill("[name=reason_en]", "closed")
    jana.get_by_role("button", name="Show whom it touches").click()
    expect(jana.locator("main")).to_contain_text("1 journey is touched")
    jana.get_by_role("button", name="Save and plan them anew").click()
    her.reload()
    assert met_in(her) == before
    jana.get_by_role("button", name="Release the one shown").click()
    her.reload()
    met = met_in(her)
    assert met != before

    # She taps her way along, and the coordinator sees it.
    her.get_by_role("button", name="I have left home").click()
    for _tap in range(20):
        there = her.get_by_role("button", name=re.compile("I am there"))
        if not there.count():
            break
        there.click()
    expect(her.locator("main")).to_contain_text("You have arrived")
    jana.goto(journey)
    expect(jana.locator(".bar")).to_contain_text("received")

    # She is expected where her way ends, received against her document, seated and escorted.
    hana = at_desk(chromium, house, "handover")
    hana.goto(f"{house.staff}/handover/")
    hana.click("a[href^='/handover/arrivals/']")
    hana.fill("[name=document_number]", "FX 999999")
    hana.check("[name=saw_face]")
    hana.get_by_role("button", name="It is she: receive").click()
    expect(hana.locator("main")).to_contain_text("This document is not the one she named")
    hana.fill("[name=document_number]", "fx123456")
    hana.get_by_role("button", name="It is she: receive").click()
    hana.goto(f"{house.staff}/handover/convoys/new")
    hana.select_option("[name=from_place]", label=met)
    hana.select_option("[name=to_place]", label="Kyiv")
    for name, value in (("leaves_at", in_hours(2)), ("arrives_at", in_hours(14)),
                        ("car-0-label", "Bus 1"), ("car-0-seats", "20")):  # fmt: skip
        hana.fill(f"[name={name}]", value)
    hana.locator("[name=escorts]").first.check()
    hana.get_by_role("button", name="Plan").click()
    hana.goto(f"{house.staff}/handover/")
    hana.get_by_role("button", name="Seat 1 family").click()
    edda = at_desk(chromium, house, "escort")
    edda.goto(f"{house.staff}/handover/")
    edda.locator("tbody a.row").first.click()
    expect(edda.locator("main")).to_contain_text("BONDAR OLENA")
    edda.get_by_role("button", name="It has left").click()
    edda.get_by_role("button", name="It has arrived").click()

    # The handover, signed on the screen.
    hana.goto(f"{house.staff}/handover/")
    hana.click("a[href^='/handover/sheet/']")
    hana.select_option("[name=second_officer]", label="Ivo Lund")
    hana.fill("[name=his_document]", "prisoner's card")
    hana.fill("[name=relative_document]", "FX 123456")
    for box in ("identities_agree", "asked_alone", "effects_agree"):
        hana.check(f"[name={box}]")
    hana.check("[name=says][value=to_go]")
    hana.check("[name=outcome][value=done]")
    for role in ("handing", "second_officer", "receiver", "witness"):
        hana.fill(f"[name={role}_name]", f"Signed {role}")
        draw(hana, f"{role}_drawn")
    hana.get_by_role("button", name="Sign and close the sheet").click()
    hana.wait_for_url("**/handover/records/**", timeout=30_000)
    expect(hana.locator("main")).to_contain_text("HR1:")
    paper = hana.context.request.get(
        hana.get_by_role("link", name="Receipt, English (PDF)").evaluate("a => a.href")
    ).body()
    (tmp_path / "receipt.pdf").write_bytes(paper)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "receipt.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("Handover record", "BONDAR OLENA", "Signed witness", "Kyiv"):
        assert words in text

    # What follows stands: his return, the notices, her page.
    rhea.goto(address)
    expect(rhea.locator(".bar .tag")).to_have_text("handed over")
    rhea.goto(f"{house.staff}/returns/notices")
    expect(rhea.locator("main")).to_contain_text("Central Tracing Agency")
    her.goto(f"{house.family}/c")
    expect(her.locator("main")).to_contain_text("You are together")
