"""The kit's page without a network gives, on every vector, the verdict that the Python command gives."""

import io
import json
import random
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from homeward.checkpoint.kit import cli
from homeward.checkpoint.kit.folder import Clock
from homeward.checkpoint.kit.log import breaks, read_lines
from homeward.checkpoint.tests.test_kit import PIN, kit_file
from homeward.signer import base45, cbor, cose, verify
from homeward.signer.tests.cast import DAY, HOUR, NOW, make_office, make_traveller
from homeward.signer.tests.mutations import mutated
from homeward.signer.tests.test_vectors import from_jwk, signature_cases
from homeward.signer.tests.vectors import cases, folder
from homeward.signer.trust import Purpose, Traveller
from homeward.testing import make_staff, sign_in
from tests.chromium import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

OFFICE = make_office()
HALYNA = make_traveller()
OLHA = make_traveller(number="111111119", document=("P", "FB222222"), point="dorohusk")
GONE = make_traveller(number="222222228", document=("P", "FC333333"))
FILE = kit_file(HALYNA, OLHA, GONE, office=OFFICE, revoked=(GONE.pass_id,))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def context(chromium: Browser, live_server: Any, settings: Any) -> Iterator[BrowserContext]:
    """An officer's device, signed in, in dark mode, as wide as a telephone."""
    settings.TRAINING = True
    settings.SESSION_SAVE_EVERY_REQUEST = False  # the tests' database in memory has no patience with two writers
    client = sign_in(Client(), make_staff("checkpoint_officer"))
    made = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", locale="en-GB")
    made.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    )
    yield made
    made.close()


def offline_kit(context: BrowserContext, live_server: Any) -> Page:
    """The page opened once with a network, then again without."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: faults.append(said.text) if said.type == "error" and "ERR_INTERNET" not in said.text else None,
    )
    page.goto(f"{live_server.url}/checkpoint/kit/")
    page.wait_for_selector("body[data-ready=yes]")
    context.set_offline(True)
    page.reload()
    page.wait_for_selector("body[data-started=yes]")
    assert faults == []
    assert page.evaluate("fetch('/healthy').then(() => 'there', () => 'cut')") == "cut"
    return page


def set_clock(page: Page, now: int) -> None:
    page.evaluate("now => { HomewardPage.clock.now = () => now; }", now)


def load(page: Page, content: bytes, *, pin: str = PIN) -> None:
    page.set_input_files("#file", files=[{"name": "kit.json", "mimeType": "application/json", "buffer": content}])
    page.wait_for_selector("#pin:visible")
    page.fill("#pin", pin)
    page.click("#opening button")
    page.wait_for_selector("#opening", state="hidden")


def texts() -> list[str]:
    """Everything that may be held before a scanner: good, edited, mutated, misshapen, foreign."""
    chance = random.Random(11)
    good = [OFFICE.pass_of(each) for each in (HALYNA, OLHA, GONE, make_traveller(number="333333337"))]
    found = [*good, *(OFFICE.pass_of(make_traveller(portrait=None, companions=number % 10)) for number in range(8))]
    text = good[0]
    for place in range(len(text)):
        other = chance.choice(base45.ALPHABET.replace(text[place], ""))
        found.append(text[:place] + other + text[place + 1 :])
    found += [mutated(text, chance) for _ in range(1500)]
    claims: list[dict[str, Any]] = [
        {"c2": "x"}, {"c1": None}, {"c1": "lower"}, {"c1": 5}, {"c4": NOW + 20 * DAY}, {"c4": True}, {"c5": None}, {"c5": -1}, {"c6": None},
        {"c7": b"short"}, {"c4": NOW - HOUR}, {"c5": NOW + HOUR, "c4": NOW + DAY}, {"c6": NOW + 600},
        {"c6": NOW - 6 * DAY}, {"c4": NOW - 60},
    ]  # fmt: skip
    found += [OFFICE.pass_of(HALYNA, **changes) for changes in claims]
    travel: list[tuple[Any, Any]] = [
        (1, 2), (1, True), (2, "48291503"), (2, "482915034\n"), (3, "Галина"), (3, "A" * 40), (4, "2026-13-01"),
        (5, ["P"]), (5, "P"), (6, "M"), (7, [NOW, NOW]),
        (7, [NOW - HOUR, NOW - 60]), (8, 10), (8, -1), (9, b"x"), (9, None), (10, 1), ("9", b"x" * 16), (8, None),
        (7, [str(NOW), NOW]), (5, ["P", "FA123456", "x"]),
    ]  # fmt: skip
    found += [OFFICE.pass_of(HALYNA, **{"c-70001": {**HALYNA.claims(), claim: value}}) for claim, value in travel]
    found += [OFFICE.sealed(cose.read(base45.decode(text[4:])).payload, purpose) for purpose in Purpose]
    for payload in (
        "",
        "ff",
        "80",
        "a0",
        "01",
        "a101",
        "bf0102ff",
        "a201020102",
        "a1fa00000000",
        "a10101",
        "a163c3a9620102",
    ):
        found.append(OFFICE.sealed(bytes.fromhex(payload)))
    message = cose.read(base45.decode(text[4:]))
    parts = [message.protected, {}, message.payload, message.signature]
    for tag in ("d2", "", "d83dd2", "d812", "d2d2", "c0"):
        found.append("TP1:" + base45.encode(bytes.fromhex(tag) + cbor.encode(parts)))
    for place, wrong in (
        (0, b""),
        (0, cbor.encode({1: -35, 4: message.headers[4]})),
        (0, cbor.encode({1: -7})),
        (1, {4: b"x"}),
        (3, b"\0" * 64),
        (3, b"\xff" * 64),
        (3, b""),
    ):
        found.append("TP1:" + base45.encode(b"\xd2" + cbor.encode([*parts[:place], wrong, *parts[place + 1 :]])))
    found += [
        "",
        " ",
        "TP1:",
        "tp1:" + text[4:],
        text[4:],
        "HR1:" + text[4:],
        f"\t{text}\r\n",
        f" {text}",
        "TP1:" + "0" * 1300,
        "😀" * 700,
        "TP1:é",
        "TP1:A",
        "TP1:::",
        "TP1:" + "\0",
    ]
    for _name, case in cases("hcert-common/*.json"):
        found += [
            case["PREFIX"],
            case["PREFIX"].replace("HC1:", "TP1:"),
            "TP1:" + base45.encode(bytes.fromhex(case.get("COSE") or "")),
        ]
    found += ["TP1:" + base45.encode(bytes.fromhex(case["output"]["cbor"])) for _name, case in cases("cose/*.json")]
    found += ["TP1:" + base45.encode(secrets.token_bytes(chance.randint(1, 400))) for _ in range(300)]
    return found


STATES: list[dict[str, Any]] = [
    {}, {"now": NOW - 48 * HOUR}, {"now": NOW - 16 * 60}, {"now": NOW + 16 * 60, "clock_off_by": 16 * 60}, {"now": NOW + 48 * HOUR},
    {"now": NOW - 2 * HOUR}, {"clock_off_by": -901}, {"clock_off_by": 900}, {"revocations": None}, {"manifest": None},
    {"now": NOW + 24 * HOUR},
    {"now": NOW + 80 * HOUR}, {"used": {HALYNA.pass_id: NOW - 60}}, {"floor": NOW + 3 * DAY},
    {"manifest": None, "revocations": None, "floor": NOW + 5},
]  # fmt: skip

CHECK_ALL = """async ([file, pin, states, texts, documents]) => {
  const given = await HomewardKit.readBundle(file, null);
  const manifest = await HomewardKit.openList(given.said.list, pin, given.keys);
  const all = [];
  for (const [state, some] of states.map((state, place) => [state, texts[place]])) {
    const known = {
      keys: given.keys, now: state.now, floor: state.floor, clockOffBy: state.off, used: new Map(state.used),
      revocations: state.revocations ? given.revocations : null, manifest: state.manifest ? manifest : null,
    };
    const said = (v) => [v.colour, v.reason, v.doubts, v.floor, v.traveller ? v.traveller.number + v.traveller.pass : ""];
    for (const text of some) all.push(said(await HomewardKit.checkPass(text, known)));
    for (const text of some.slice(0, 12)) all.push(said(await HomewardKit.checkPass(text, known, "FA 123456")));
    for (const number of documents) all.push(said(await HomewardKit.checkDocument(number, known)));
  }
  return all;
}"""


def said(verdict: verify.Verdict) -> list[Any]:
    person: Traveller | None = verdict.traveller
    name = person.number + person.pass_id.hex() if person else ""
    return [int(verdict.colour), verdict.reason, list(verdict.doubts), verdict.floor, name]


def test_the_page_without_a_network_says_what_the_command_says(context: BrowserContext, live_server: Any) -> None:
    page = offline_kit(context, live_server)
    every, documents = (
        texts(),
        ["FA123456", "fa 123-456", "FB222222", "FC333333", "ZZ999999", "", "???", "9" * 2000, "ß" * 8],
    )
    # All texts in the kit's usual state, the telling ones in every other.
    some = [every, *([*every[:12], *every[-40:]] for _ in STATES[1:])]
    known = [
        replace(OFFICE.known(HALYNA, OLHA, GONE, revocations=OFFICE.revocations(GONE.pass_id)), **changes)
        for changes in STATES
    ]
    for place, each in enumerate(known):
        if each.manifest is not None:
            known[place] = replace(each, manifest=OFFICE.manifest(HALYNA, OLHA, GONE))
    expected = []
    for each, these in zip(known, some, strict=True):
        expected += [said(verify.check_pass(text, each)) for text in these]
        expected += [said(verify.check_pass(text, each, document="FA 123456")) for text in these[:12]]
        expected += [said(verify.check_document(number, each)) for number in documents]

    states = [
        {
            "now": each.now, "floor": each.floor, "off": each.clock_off_by, "used": [[name.hex(), at] for name, at in each.used.items()],
            "revocations": each.revocations is not None, "manifest": each.manifest is not None,
        }
        for each in known
    ]  # fmt: skip
    given = page.evaluate(CHECK_ALL, [FILE.decode(), PIN, states, some, documents])

    different = [(one, two) for one, two in zip(given, expected, strict=True) if one != two]
    assert different[:5] == []
    assert len(expected) > 2500
    assert {verdict[0] for verdict in expected} == {0, 1, 2}
    assert not any(verdict[1] == "unforeseen" for verdict in given + expected)


LAYERS = """async ([base45s, cbors, coses, signatures]) => {
  const outcome = (act) => { try { return act(); } catch { return "no"; } };
  const all = {base45: [], cbor: [], cose: [], signatures: []};
  for (const text of base45s) all.base45.push(outcome(() => HomewardKit.hex(HomewardKit.base45(text))));
  for (const data of cbors) all.cbor.push(outcome(() => { HomewardKit.cbor(HomewardKit.fromHex(data)); return "yes"; }));
  for (const [data, key, external] of coses) {
    let good = false;
    try {
      const message = HomewardKit.read(HomewardKit.fromHex(data));
      const algorithm = message.headers.has(1) ? message.headers.get(1) : message.unprotected.get(1);
      const point = key && {x: HomewardKit.fromHex(key[0]), y: HomewardKit.fromHex(key[1])};
      good = key !== null && algorithm === -7 && await HomewardKit.isSignedBy(message, point, HomewardKit.fromHex(external));
    } catch { good = false; }
    all.cose.push(good);
  }
  for (const each of signatures) {
    const [point, said, signature] = each.map(HomewardKit.fromHex);
    all.signatures.push(await HomewardKit.verifies(point, signature, said));
  }
  return all;
}"""


def test_the_pages_layers_agree_on_the_public_vectors(context: BrowserContext, live_server: Any) -> None:
    page = offline_kit(context, live_server)
    chance = random.Random(5)
    base45s = [
        "BB8",
        "%69 VD92EX0",
        "UJCLQE7W581",
        "QED8WEX0",
        "GGW",
        "A",
        ":::",
        "::",
        "",
        "bb8",
        *("".join(chance.choices(base45.ALPHABET, k=chance.randint(1, 9))) for _ in range(500)),
    ]
    cbors = [bytes(chance.choices(range(256), k=chance.randint(0, 12))) for _ in range(3000)]
    cbors += [
        cbor.encode({chance.randint(-80000, 80000): [secrets.token_bytes(3), "é", None, True] for _ in range(3)})
        for _ in range(100)
    ]
    for written in list(cbors[-100:]):
        place = chance.randrange(len(written))
        cbors.append(written[:place] + bytes([chance.randrange(256)]) + written[place + 1 :])
    cbors += [
        bytes.fromhex(each)
        for each in (
            "1b001fffffffffffff",
            "1b0020000000000000",
            "3b001fffffffffffff",
            "3b001ffffffffffffe",
            "62c328",
            "63efbbbf",
            "63eda080",
        )
    ]
    coses, expected_cose = [], []
    for _name, case in cases("cose/*.json"):
        signer = case["input"].get("sign0") or case["input"].get("sign", {}).get("signers", [{}])[0]
        key, external = from_jwk(signer.get("key", {})), signer.get("external", "")
        coses.append([case["output"]["cbor"].lower(), [key.x.hex(), key.y.hex()] if key else None, external])
        try:
            message = cose.read(bytes.fromhex(case["output"]["cbor"]))
            algorithm = message.headers.get(1, message.unprotected.get(1))
            expected_cose.append(
                key is not None
                and algorithm == -7
                and cose.is_signed_by(message, key, external=bytes.fromhex(external))
            )
        except cbor.NotStrict:
            expected_cose.append(False)
    signatures = [
        [(b"\4" + key.x + key.y).hex(), plain.hex(), signature.hex()]
        for _n, key, plain, signature, _valid in signature_cases()
    ]

    given = page.evaluate(LAYERS, [base45s, [each.hex() for each in cbors], coses, signatures])

    def outcome(act: Any) -> Any:
        try:
            return act()
        except ValueError:
            return "no"

    def accepted(data: bytes) -> str:
        cbor.decode(data)
        return "yes"

    assert given["base45"] == [outcome(lambda text=text: base45.decode(text).hex()) for text in base45s]
    assert given["cbor"] == [outcome(lambda data=data: accepted(data)) for data in cbors]
    assert given["cose"] == expected_cose
    assert given["signatures"] == [valid for *_rest, valid in signature_cases()]
    assert folder() is None or (sum(given["cose"]) == 4 and len(signatures) > 200)


def test_an_officers_night(context: BrowserContext, live_server: Any, tmp_path: Path) -> None:
    """Load, PIN, green, used, amber by telephone, red; a reload; the log out; the same log read by the command."""
    page = offline_kit(context, live_server)
    set_clock(page, NOW)
    load(page, FILE)
    assert "medyka" in page.inner_text("#state")
    widths = []

    def check(text: str) -> tuple[str, str]:
        page.fill("#text", text)
        page.keyboard.press("Enter")
        page.wait_for_selector("#verdict:not([hidden])")
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
        return page.inner_text("#colour"), page.inner_text("#reason")

    assert check(OFFICE.pass_of(HALYNA))[0] == "Good"
    assert "VYHADANKO HALYNA" in page.inner_text("#person")
    _picture(page, tmp_path, "green")
    assert Axe().run(page).response["violations"] == []
    page.click("#next")
    assert page.evaluate("document.activeElement.id") == "text"
    assert check(OFFICE.pass_of(HALYNA))[1].startswith("It was used already.")
    _picture(page, tmp_path, "red")
    page.click("#next")
    assert check("fb222222") == ("Wait", "Expected at another crossing.")
    _picture(page, tmp_path, "amber")
    assert Axe().run(page).response["violations"] == []
    page.click("#phoned")
    page.wait_for_selector("#phoned", state="hidden")
    page.click("#next")
    assert check("FB222222")[1].startswith("It was used already.")
    page.click("#next")
    assert check("https://evil.example/" + "x" * 40) == ("Not valid", "This is not a pass.")
    page.click("#next")
    _picture(page, tmp_path, "desk")

    page.reload()
    page.wait_for_selector("body[data-started=yes]")
    set_clock(page, NOW + 60)
    page.fill("#pin", "0000 0000 0000")
    page.click("#opening button")
    page.locator("#said", has_text="does not open").wait_for()
    page.fill("#pin", PIN)
    page.click("#opening button")
    page.wait_for_selector("#opening", state="hidden")
    assert check(OFFICE.pass_of(HALYNA))[1].startswith("It was used already.")
    page.click("#next")
    page.click("#office summary")
    _picture(page, tmp_path, "office")
    assert Axe().run(page).response["violations"] == []
    with page.expect_download() as saved:
        page.click("#save")
    entries = read_lines(Path(saved.value.path()).read_bytes())
    assert [(each.kind, each.colour, each.through) for each in entries] == [
        ("pass", 0, True), ("pass", 2, False), ("document", 1, False), ("phone", 1, True), ("document", 2, False),
        ("pass", 2, False), ("pass", 2, False),
    ]  # fmt: skip
    assert breaks(entries) == []
    assert max(widths) <= 390
    out = io.StringIO()
    assert cli.main(["merge", str(saved.value.path())], out=out, clock=Clock()) == 0


def _picture(page: Page, tmp_path: Path, name: str) -> None:
    import os

    place = Path(os.environ.get("HOMEWARD_PICTURES", tmp_path))
    page.screenshot(path=place / f"kit-{name}.png")


@pytest.mark.parametrize(
    ("jump", "worst"), [(-48 * HOUR, 1), (-16 * 60, 1), (16 * 60, 1), (48 * HOUR, 1), (14 * 60, 0), (-14 * 60, 0)]
)
def test_a_clock_that_jumps_on_the_device_is_never_green(
    context: BrowserContext, live_server: Any, jump: int, worst: int
) -> None:
    page = offline_kit(context, live_server)
    set_clock(page, NOW)
    load(page, FILE)
    set_clock(page, NOW + jump)

    verdict = page.evaluate("text => HomewardPage.check(text)", OFFICE.pass_of(HALYNA))

    assert verdict["colour"] >= worst
    assert worst or verdict["colour"] == 0


def test_the_device_forgets_after_three_days_and_takes_no_other_house(
    context: BrowserContext, live_server: Any
) -> None:
    page = offline_kit(context, live_server)
    set_clock(page, NOW)
    load(page, FILE)
    other = make_office()
    for content in (kit_file(HALYNA, office=other), b"{}", FILE.replace(b'"homeward_kit": 1', b'"homeward_kit": 2')):
        page.set_input_files("#file", files=[{"name": "kit.json", "mimeType": "application/json", "buffer": content}])
        page.locator("#said", has_text="not taken").wait_for()
        page.evaluate("document.getElementById('said').textContent = ''")
    assert page.evaluate("Boolean(HomewardPage.state().list)")

    set_clock(page, NOW + 72 * HOUR)
    assert page.evaluate("text => HomewardPage.check(text)", "FA123456")["reason"] == "no_list"
    assert page.evaluate("Boolean(HomewardPage.state().list)") is False
    kept = page.evaluate("JSON.stringify(HomewardPage.state())")
    assert "VYHADANKO" not in kept
    assert "sealed" not in kept


def test_the_page_names_no_other_host_and_carries_its_own_policy(context: BrowserContext, live_server: Any) -> None:
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page = context.new_page()
    answer = page.goto(f"{live_server.url}/checkpoint/kit/")
    assert answer is not None
    page.wait_for_selector("body[data-started=yes]")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert answer.headers["permissions-policy"].startswith("camera=(self)")
    assert len(hosts) == 1
    whole = sum(
        len(context.request.get(f"{live_server.url}/checkpoint/kit/{name}").body())
        for name in ("", "kit.js", "page.js", "kit.css", "words.json", "worker.js")
    )
    assert whole < 120_000
    assert json.loads(context.request.get(f"{live_server.url}/checkpoint/kit/words.json").body())["green"]["uk"]
