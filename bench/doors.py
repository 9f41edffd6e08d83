"""The family's doors under load: sign-ins through a flood, intake, and whether time tells what the register knows.

A house of its own is started in a temporary folder (all processes, real ports) and spoken to over HTTP by threads of ours. Three parts:
`flood` 50 wrong sign-ins a second beside good ones; `intake` 20 enquiries a second with a tenth of junk; `oracle` the page
of a held, a dead and an unknown man, level 0 and 1, 2,000 of each in turn, Welch's t-test.

    ./dev bench doors                    all of it, half an hour
    ./dev bench doors --short            a minute of each
    ./dev bench doors --only flood
"""

import argparse
import http.client
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("oracle", "flood", "intake")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What may be chosen."""
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument("--short", action="store_true", help="a minute of each instead of the whole measure")


class Browser:
    """One visitor: cookies, forms, nothing else."""

    def __init__(self, site: str, source: str = "127.0.0.1") -> None:
        self.host = urlsplit(site).netloc
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection(self.host, timeout=90, source_address=(source, 0))

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Language": "uk",
        }
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": self.cookies.get("homeward_family_csrf", ""), **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for again in (False, True):
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                break
            except (http.client.HTTPException, OSError):
                self.connection.close()
                if again:
                    raise
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.getheader("Location") or "", text

    def post(self, path: str, **form: str) -> tuple[int, str, str]:
        """A form of ours; the cookie against forged forms is fetched once."""
        if "homeward_family_csrf" not in self.cookies:
            self.ask("GET", "/b")
        return self.ask("POST", path, form)


@dataclass
class Taken:
    """How long each took, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float) -> None:
        """One that went well."""
        with self.lock:
            self.seconds.append(seconds)

    def fault(self, what: str) -> None:
        """One that did not."""
        with self.lock:
            self.faults[what] = self.faults.get(what, 0) + 1

    def at(self, share: float) -> float:
        """The time within which that share was done."""
        ordered = sorted(self.seconds) or [math.nan]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def said(self) -> str:
        """In one line."""
        return (
            f"{len(self.seconds)} done, p50 {self.at(0.5):.3f} s, p95 {self.at(0.95):.3f} s, "
            f"slowest {max(self.seconds, default=math.nan):.3f} s, faults {self.faults or 'none'}"
        )


def at_a_rate(per_second: float, seconds: float, threads: int, deed: Callable[[int], None]) -> None:
    """Call the deed so often a second, whatever each takes, as long as threads are free; late ones are made up for."""
    began, number, lock = time.monotonic(), 0, threading.Lock()

    def work() -> None:
        nonlocal number
        while True:
            with lock:
                mine = number
                number += 1
            due = began + mine / per_second
            if due - began > seconds:
                return
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            deed(mine)

    crew = [threading.Thread(target=work, daemon=True) for _number in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()


_MAKE = """
import sys
from homeward.enquiries import passphrases
from homeward.enquiries.actions import file_enquiry
from homeward.enquiries.models import Channel
from homeward.disclosure.models import Kinship
for number in range(int(sys.argv[1])):
    surname, level = sys.argv[2 + number % (len(sys.argv) - 2)].split(":")
    enquiry = file_enquiry({"surname": surname, "given": "Остап", "born": "1990-05-28"}, channel=Channel.WEB, by=None)
    if level == "1":
        Kinship.objects.create(enquiry=enquiry, level=1)
    print(enquiry.reference, passphrases.give_passphrase(enquiry, language="uk"), sep="|")
"""
_REGISTER = """
from homeward.access.models import Staff
from homeward.register import actions
from homeward.register.models import EventKind
by = Staff.objects.get(username="registrar")
for surname in ("Зубрицький", "Щербацький"):
    entry = actions.enter_capture_card({"surname": surname, "given": "Остап", "born": "1990-05-28"}, by=by)
    if surname == "Щербацький":
        actions.record_event(entry, kind=EventKind.DIED, happened_on="2026-01-02", version=entry.version, by=by)
"""


def in_house(house: Any, source: str, *arguments: str) -> str:
    """Run a few lines inside the house; what they printed."""
    start = "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'homeward.config.settings'); django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", start + source, *arguments],
        cwd=ROOT,
        env=house.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def made(house: Any, count: int, *men: str) -> list[tuple[str, str]]:
    """So many enquiries on these men (`surname:level`) in turn: number and words."""
    lines = in_house(house, _MAKE, str(count), *men).split("\n")
    return [(line.split("|")[0], line.split("|")[1]) for line in lines if line]


def come_in(browser: Browser, number: str, words: str) -> int:
    """The status of coming in; 302 is in."""
    return browser.post("/b", number=number, secret=words)[0]


def flood(house: Any, short: bool) -> bool:
    """50 wrong sign-ins a second, right in form, for ever other numbers; beside them good ones, tried again as the page asks."""
    seconds = 60.0 if short else 300.0
    good, bad = Taken(), Taken()
    known = made(house, 24, "Марченко:0")
    vocabulary = (ROOT / "homeward/enquiries/words/uk.txt").read_text().split()
    from homeward.lib import references

    local = threading.local()

    def wrong(_number: int) -> None:
        browser = getattr(local, "browser", None) or Browser(house.family)
        local.browser = browser
        # One in four hammers at a number that somebody has.
        number = random.choice(known)[0] if random.random() < 0.25 else references.new()
        began = time.monotonic()
        try:
            status = come_in(browser, number, " ".join(random.choices(vocabulary, k=6)))
            bad.note(time.monotonic() - began)
            if status not in (200, 503):
                bad.fault(str(status))
        except OSError as fault:
            bad.fault(type(fault).__name__)

    def right(number: int) -> None:
        browser, began = Browser(house.family), time.monotonic()
        for _try in range(8):
            try:
                status = come_in(browser, *known[number % len(known)])
            except OSError as fault:
                good.fault(type(fault).__name__)
                return
            if status == 302:
                good.note(time.monotonic() - began)
                return
            time.sleep(2)
        good.fault("not let in")

    flooding = threading.Thread(target=at_a_rate, args=(50.0, seconds, 120, wrong), daemon=True)
    flooding.start()
    at_a_rate(0.5, seconds - 5, 12, right)
    flooding.join()
    held = good.at(0.95) < 5 and not good.faults
    print(
        f"flood   good sign-ins beside 50 wrong ones a second: {good.said()}  (p95 < 5 s: {'held' if held else 'NOT HELD'})"
    )
    print(f"        wrong ones: {len(bad.seconds) / seconds:.1f}/s really sent, {bad.said()}", flush=True)
    return held


def intake(house: Any, short: bool) -> bool:
    """20 enquiries a second over the real pages (name, birth, send), a tenth of the visitors send junk."""
    seconds = 60.0 if short else 600.0
    sent, junk = Taken(), Taken()
    letters = "абвгдежзиклмнопрстуфхцч"

    def visit(number: int) -> None:
        browser = Browser(house.family)
        try:
            if number % 10 == 9:
                began = time.monotonic()
                browser.post(
                    random.choice(["/a/1", "/a/2", "/a/10", "/b"]),
                    surname="x" * 5000,
                    year="<script>",
                    number="1",
                    secret="?",
                )
                junk.note(time.monotonic() - began)
                return
            browser.post("/a/1", surname="".join(random.choices(letters, k=8)).title(), given="Остап", go="")
            browser.post("/a/2", year=str(random.randint(1960, 2004)), month="5", day="8", go="")
            began = time.monotonic()
            status, to, _page = browser.post("/a/10", go="")
            if (status, to) == (302, "/a/w"):
                sent.note(time.monotonic() - began)
            else:
                sent.fault(str(status))
        except OSError as fault:
            sent.fault(type(fault).__name__)
        finally:
            browser.connection.close()

    at_a_rate(20.0, seconds, 100, visit)
    count = "from homeward.enquiries.models import Enquiry, Credential; from homeward.tracing.models import Progress; from homeward.lib.changes.models import latest_number; p = Progress.objects.get(); print(Enquiry.objects.filter(channel='web').count(), latest_number() - p.sought_number, Credential.objects.filter(derived__isnull=True).count())"  # noqa: E501
    began, waits = time.monotonic(), "?"
    while time.monotonic() - began < 300:
        filed, waits, sealed = in_house(house, count).split()
        if waits == "0":
            break
        time.sleep(2)
    share = sum(sent.faults.values()) / max(1, len(sent.seconds) + sum(sent.faults.values()))
    held = sent.at(0.95) < 1 and share < 0.001 and waits == "0"
    print(
        f"intake  sent: {sent.said()}; junk: {junk.said()}  (p95 < 1 s, errors < 0.1 %: {'held' if held else 'NOT HELD'})"
    )
    print(
        f"        {filed} filed; all matched {time.monotonic() - began:.0f} s after the last; {sealed} passphrases still to derive",
        flush=True,
    )
    return held


def welch(one: list[float], other: list[float]) -> float:
    """The two-sided p of Welch's t-test; with thousands of values its t is normal."""
    means = [sum(each) / len(each) for each in (one, other)]
    spread = [
        sum((x - mean) ** 2 for x in each) / (len(each) - 1) / len(each)
        for each, mean in zip((one, other), means, strict=True)
    ]
    return math.erfc(abs(means[0] - means[1]) / math.sqrt(sum(spread)) / math.sqrt(2))


def oracle(house: Any, short: bool) -> bool:
    """Her page for a held, a dead and an unknown man at level 0 and 1: the bytes, and 2,000 times of each, taken in turn."""
    rounds = 300 if short else 2000
    in_house(house, _REGISTER)
    men = [f"{surname}:{level}" for level in "01" for surname in ("Зубрицький", "Щербацький", "Марченко")]
    browsers: list[Browser] = []
    for number, words in made(house, 6, *men):
        browser = Browser(house.family)
        while come_in(browser, number, words) != 302:
            time.sleep(1)
        browsers.append(browser)
    time.sleep(3)
    names = [f"{what} {level}" for level in "01" for what in ("held", "dead", "unknown")]
    times: dict[str, list[float]] = {name: [] for name in names}
    pages: dict[str, str] = {}
    order = list(range(6))
    for _round in range(rounds):
        random.shuffle(order)
        for place in order:
            began = time.perf_counter()
            status, _to, page = browsers[place].ask("GET", "/c")
            times[names[place]].append(time.perf_counter() - began)
            assert status == 200, status
            pages[names[place]] = re.sub(r'value="\w{40,}"|\d{4}-\d{4}-\d|\d\d:\d\d(:\d\d)?[^"<]*', "", page)
    same = len(set(pages.values())) == 1
    # The slowest hundredth is the machine's, not the page's.
    cut = sorted(seconds for each in times.values() for seconds in each)[int(0.99 * 6 * rounds)]
    kept = {name: [seconds for seconds in each if seconds <= cut] for name, each in times.items()}
    pairs = {f"{a} / {b}": welch(kept[a], kept[b]) for a in names for b in names if a < b and a[-1] == b[-1]}
    held = same and min(pairs.values()) > 0.01
    for name in names:
        print(f"oracle  {name}: mean {sum(kept[name]) / len(kept[name]) * 1000:.2f} ms of {len(times[name])}")
    said = "; ".join(f"{pair} {p:.3f}" for pair, p in pairs.items())
    print(
        f"        pages {'byte-identical' if same else 'DIFFER'}; Welch p: {said}  (p > 0.01: {'held' if held else 'NOT HELD'})",
        flush=True,
    )
    return held


def main(options: argparse.Namespace) -> int:
    """Start a house, measure, stop it."""
    from tests.house import running_house

    parts = [options.only] if options.only else list(PARTS)
    held = True
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            home.mkdir()
            os.environ.setdefault("HOMEWARD_HOME", str(home))
            with running_house(home) as house:
                held = {"oracle": oracle, "flood": flood, "intake": intake}[part](house, options.short) and held
    return 0 if held else 1
