"""One enquiry from the list to the answer, in a browser, in a house with all its processes (docs/story.md)."""

import contextlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from homeward.demo.sign_ins import PASSWORD
from tests.chromium import browser
from tests.house import House, running_house

LIST = """Nominal roll of camp North Meadow
No;Прізвище;Ім'я;По батькові;Дата народження;Місце народження;В/ч;Стан;Номер картки
1;Зубрицький;Остап;Назарович;28.05.1990;Луцьк;00417;полонений;М-1
2;Мельник;Тарас;Іванович;31.02.1990;Полтава;00428;полонений;М-2
3;;;;;;;у шпиталі;М-3
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    # A short path: the matcher's socket lies in the data folder, and such paths may not be long.
    with running_house(tmp_path_factory.mktemp("h")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


@contextmanager
def signed_in(chromium: Browser, house: House, username: str) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{house.staff}/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="What waits for you").wait_for()
    yield page
    context.close()


def until(page: Page, address: str, text: str, seconds: float = 40) -> None:
    """Look again until the page shows the text: the worker needs a moment."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.goto(address)
        if page.get_by_text(text).count():
            return
        time.sleep(0.3)
    raise AssertionError(f"{text!r} did not appear: {page.inner_text('main')[:400]}")


def typed_until(page: Page, given: str, text: str, seconds: float = 60) -> None:
    """Spell the given name until the earlier enquiries show the text: the matcher's first search may be slow."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.fill("[name=given]", "")
        page.locator("[name=given]").press_sequentially(given)
        with contextlib.suppress(PlaywrightTimeout):
            page.locator("#earlier").get_by_text(text).first.wait_for(timeout=6000)
            return
    raise AssertionError(f"{text!r} did not appear: {page.inner_text('#earlier')}")


@pytest.mark.browser
@pytest.mark.slow
def test_a_mother_asks_and_two_people_decide_what_she_is_told(chromium: Browser, house: House, tmp_path: Path) -> None:
    _the_registrar_brings_in_a_list(chromium, house, tmp_path)
    enquiry = _the_operator_files_an_enquiry(chromium, house)
    _the_tracer_says_the_same(chromium, house)
    _the_verifier_confirms(chromium, house)
    _two_kin_verifiers_find_that_she_is_his_mother(chromium, house, enquiry)
    _the_case_worker_proposes_an_answer(chromium, house, enquiry)
    _the_approver_approves(chromium, house, enquiry)
    house.run("verify-audit")  # fails where a line of the log was changed


def _the_registrar_brings_in_a_list(chromium: Browser, house: House, folder: Path) -> None:
    file = folder / "roll.csv"
    file.write_bytes(LIST.encode("cp1251"))
    with signed_in(chromium, house, "registrar") as page:
        page.goto(f"{house.staff}/lists/")
        page.set_input_files("[name=file]", file)
        page.get_by_role("button", name="Look at it").click()
        page.get_by_role("heading", name="What are the columns?").wait_for()
        assert page.get_by_text("Read as cp1251").count()
        page.fill("[name=new_source]", "Camp North Meadow")
        page.get_by_role("button", name="Show what would happen").click()
        page.get_by_role("heading", name="What would happen").wait_for()
        assert page.get_by_text("Nothing has been changed yet.").count()
        page.get_by_role("button", name="Let the rows come in").click()
        page.get_by_text("All 3 rows are accounted for.").wait_for(timeout=40_000)
        with page.expect_download() as rejected:
            page.get_by_role("link", name=re.compile("with the reason beside each")).click()
        assert "М-3" in Path(rejected.value.path()).read_text(encoding="utf-8-sig")


def _the_operator_files_an_enquiry(chromium: Browser, house: House) -> str:
    with signed_in(chromium, house, "operator") as page:
        page.goto(f"{house.staff}/enquiries/new")
        page.fill("[name=surname]", "Zubrytskyi")
        page.fill("[name=given]", "Ostap")
        page.fill("[name=born]", "28.05.1990")
        page.fill("[name=birthplace]", "Lutsk")
        page.fill("[name=father]", "Nazar")
        page.select_option("[name=relation]", "mother")
        page.select_option("select[name=language]", "en")
        page.fill("[name=enquirer_name]", "Oksana Zubrytska")
        # Search before create: nobody asked about him yet, and the operator is told so while she types.
        typed_until(page, "Ostap", "Nobody has asked about such a man yet.")
        page.get_by_role("button", name="File the enquiry").click()
        page.wait_for_url(re.compile(r"/enquiries/\d{4}-"))
        reference = re.search(r"/enquiries/([\d-]+\w?)", page.url)
        assert reference
        # A second relative in another spelling: the earlier enquiry shows while she spells the name.
        page.goto(f"{house.staff}/enquiries/new")
        page.locator("[name=surname]").press_sequentially("Зубрицкий")
        typed_until(page, "Остап", "Zubrytskyi")
        return reference[1]


def _the_tracer_says_the_same(chromium: Browser, house: House) -> None:
    with signed_in(chromium, house, "tracer") as page:
        until(page, f"{house.staff}/tracing/", "Zubrytskyi")
        page.locator("a.row").first.click()
        page.get_by_role("heading", name="Is this the same person?").wait_for()
        assert page.get_by_text("Зубрицький").count()
        assert page.locator("table.cmp svg rect").count() >= 3
        page.get_by_role("button", name="Same person").click()
        page.goto(f"{house.staff}/tracing/")
        assert page.get_by_text("Zubrytskyi").count() == 0


def _the_verifier_confirms(chromium: Browser, house: House) -> None:
    with signed_in(chromium, house, "verifier") as page:
        page.goto(f"{house.staff}/tracing/?show=second")
        page.locator("a.row").first.click()
        assert page.get_by_text("Tomas Varga says: the same person. Look as if nobody had.").count()
        page.get_by_role("button", name="Confirm: same person").click()
        page.goto(f"{house.staff}/tracing/?show=settled")
        assert page.get_by_text("confirmed by two persons").count()


def _two_kin_verifiers_find_that_she_is_his_mother(chromium: Browser, house: House, enquiry: str) -> None:
    with signed_in(chromium, house, "kin") as page:
        page.goto(f"{house.staff}/answers/kinship/{enquiry}")
        page.select_option("[name=kind]", "documents")
        page.fill("[name=what]", "Birth certificate: his name, her name, the date as in the enquiry.")
        page.get_by_role("button", name="Note the evidence").click()
        page.get_by_role("button", name="Propose level").first.click()
    with signed_in(chromium, house, "kinsecond") as page:
        page.goto(f"{house.staff}/answers/kinship/{enquiry}")
        page.get_by_role("link", name="Open it").click()
        page.get_by_role("button", name="It does: the level stands").click()
        page.goto(f"{house.staff}/answers/kinship/{enquiry}")
        page.get_by_text("level 2").first.wait_for()


def _the_case_worker_proposes_an_answer(chromium: Browser, house: House, enquiry: str) -> None:
    with signed_in(chromium, house, "caseworker") as page:
        page.goto(f"{house.staff}/answers/")
        page.get_by_role("link", name=enquiry).click()
        page.get_by_label("In captivity", exact=True).check()
        page.get_by_role("button", name="Propose").click()
        page.get_by_text("Someone else decides within 24 hours.").wait_for()


def _the_approver_approves(chromium: Browser, house: House, enquiry: str) -> None:
    with signed_in(chromium, house, "approver") as page:
        page.goto(f"{house.staff}/answers/")
        page.get_by_role("link", name=enquiry).click()
        assert page.locator("blockquote").count() == 1
        page.get_by_role("button", name="Approve these words").click()
        page.get_by_text("Approved. The answer stands.").wait_for()
