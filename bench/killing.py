"""kill -9 of site, worker and matcher at random while four clients file enquiries through the real pages.

    python -m bench.killing [--kills 100] [--clients 4] [--database postgresql] [--keep FOLDER]

Everything is as in life: granian serves the staff site, the worker follows the changes, the matcher answers. The victim
is a whole process group or one process of it (a server without its child, a child without its server). At the end
every acknowledged enquiry must exist once, have its audit line and have been seen by the matcher, no job may hang, the
log must verify and the database must be whole. The last line of the output is the summary.
"""

import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = re.compile(r"\b\d{4}-\d{4}-\d\b")
SESSION_COOKIE = "homeward_staff"
PAGE = "/enquiries/new"


class Form(HTMLParser):
    """The fields of the page's form that posts to its own address, with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what a browser would send."""
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "input" and name:
            kind = values.get("type", "text")
            if kind in ("submit", "button", "file"):
                return
            if kind in ("checkbox", "radio") and "checked" not in values:
                self.kinds.setdefault(name, kind)
                return
            self.fields[name], self.kinds[name] = values.get("value", ""), kind
        elif tag == "textarea" and name:
            self.fields[name], self.kinds[name] = "", "text"
        elif tag == "select" and name:
            self._select = name
            self.fields.setdefault(name, "")
            self.kinds[name] = "select"
        elif tag == "option" and self._select and ("selected" in values or not self.fields[self._select]):
            self.fields[self._select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """The options end with their list."""
        if tag == "select":
            self._select = ""


@dataclass
class Acknowledged:
    """What the clients were told."""

    references: list[str] = field(default_factory=list)
    again: int = 0  # sent once more, because no answer came
    errors: int = 0  # answered with a fault of the house
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Victim:
    """A process that is killed and started again."""

    name: str
    command: list[str]
    environment: dict[str, str]
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """In a session of its own, so that all of it can be killed at once."""
        self.running = subprocess.Popen(
            self.command, env=self.environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
        )

    def processes(self) -> list[int]:
        """The process and its children."""
        assert self.running is not None
        found = []
        for path in Path("/proc").iterdir():
            if path.name.isdigit():
                try:
                    group = os.getpgid(int(path.name))
                except ProcessLookupError:
                    continue
                if group == self.running.pid:
                    found.append(int(path.name))
        return found

    def kill(self, chance: random.Random) -> str:
        """kill -9 of one process of it or of all; what was killed."""
        assert self.running is not None
        found = self.processes()
        alone = chance.random() < 0.5 and len(found) > 1
        for pid in [chance.choice(found)] if alone else found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return f"{self.name}{' (one of its processes)' if alone else ''}"

    def _clear_away(self) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def revive(self) -> None:
        """What an init system does: when the main process is gone, clear its group away and start it again."""
        assert self.running is not None
        if self.running.poll() is not None:
            self._clear_away()
            self.start()

    def stop(self) -> None:
        """Cleanly."""
        if self.running is None:
            return
        self.running.send_signal(signal.SIGTERM)
        try:
            self.running.wait(20)
        except subprocess.TimeoutExpired:
            self._clear_away()
            self.running.wait()


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Client(threading.Thread):
    """An operator who files one enquiry after another, through the form as a browser has it."""

    def __init__(self, port: int, session: str, number: int, said: Acknowledged, stop: threading.Event) -> None:
        super().__init__(name=f"client {number}", daemon=True)
        self.port, self.session, self.number, self.said, self.stop = port, session, number, said, stop

    def run(self) -> None:
        """Until told to stop. What was sent and not answered is sent again, as a person does who sees an error page."""
        count, cookie = 0, ""
        sent: dict[str, str] = {}
        while not self.stop.is_set() or sent:
            try:
                if not sent:
                    _status, page, _location, cookie = self._request("GET", PAGE, {})
                    form = Form(page)
                    if "filing_token" not in form.fields:
                        raise http.client.HTTPException("not the form")
                    count += 1
                    sent = self._filled(form, count)
                    began = time.monotonic()
                status, _body, location, cookie = self._request("POST", PAGE, sent, cookie)
            except (OSError, http.client.HTTPException):
                with self.said.lock:
                    self.said.again += bool(sent)
                time.sleep(0.05)
                continue
            if status >= 500:
                with self.said.lock:
                    self.said.again += 1
                    self.said.errors += 1
                time.sleep(0.05)
                continue
            self._note(status, location, time.monotonic() - began)
            sent = {}

    def _note(self, status: int, location: str, took: float) -> None:
        found = REFERENCE.search(location)
        with self.said.lock:
            if status in (302, 303) and found:
                self.said.references.append(found.group())
                self.said.slowest = max(self.said.slowest, took)
            else:
                self.said.refused[f"{status} {location}"] += 1

    def _filled(self, form: Form, count: int) -> dict[str, str]:
        filled = dict(form.fields)
        filled.update(answers(f"{self.number}x{count}", filled))
        return filled

    def _request(self, method: str, path: str, fields: dict[str, str], cookie: str = "") -> tuple[int, str, str, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            cookies = f"{SESSION_COOKIE}={self.session}" + (f"; {cookie}" if cookie else "")
            headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
            line.request(method, path, urlencode(fields) if fields else None, headers)
            answer = line.getresponse()
            body = answer.read().decode("utf-8", "replace")
            given = next((v for k, v in answer.getheaders() if k.lower() == "set-cookie" and "csrf" in v), "")
            return answer.status, body, answer.getheader("Location") or "", given.partition(";")[0] or cookie
        finally:
            line.close()


def answers(marker: str, fields: dict[str, str]) -> dict[str, str]:
    """What the operator types; the marker makes each enquiry's sought person findable among all."""
    digits = re.sub(r"\D", "", marker)
    wanted = {
        "surname": f"Mark{marker.replace('x', 'lin')}enko",
        "given": "Ostap",
        "patronymic": "Ivanovych",
        "born": "1990-05-28",
        "name": f"Asker {digits}",
        "phone": f"+38050{digits.zfill(7)[-7:]}",
    }
    typed = {}
    for name, value in wanted.items():
        for one in fields:
            if one == name or one.endswith((f"_{name}", f"-{name}")):
                typed[one] = value
    return typed


PREPARE = """
import django, json, sys
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from homeward.access.actions import make_account
sessions = []
for number in range(int(sys.argv[1])):
    staff = make_account(f"killing{number}", name=f"Operator {number}", roles=["operator"], password=None, by=None)
    session = SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = "homeward.access.backends.StaffBackend"
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.save()
    sessions.append(session.session_key)
print(json.dumps(sessions))
"""

CHECK = """
import django, json, sys
django.setup()
from collections import Counter
from django.db import connection
from homeward.audit.models import Event
from homeward.audit.verify import verify_stored
from homeward.enquiries.models import Enquiry
from homeward.lib.changes.models import Change
from homeward.tracing.models import Progress
from homeward.work.models import Job

told = json.load(sys.stdin)
stored = Counter(Enquiry.objects.values_list("reference", flat=True))
changed = set(Change.objects.filter(side="sought").values_list("reference", flat=True))
recorded = set(Event.objects.values_list("about", flat=True))
faults = []
if len(told) != len(set(told)):
    faults.append("a reference was given twice")
for reference in told:
    if stored[reference] != 1:
        faults.append(f"{reference} is there {stored[reference]} times")
    if reference not in recorded:
        faults.append(f"{reference} has no audit line")
for reference in stored:
    if reference not in changed:
        faults.append(f"{reference} has no line in the change log")
verdict = verify_stored()
if not verdict.is_sound:
    faults.append(f"the log: {verdict.fault}")
unfinished = list(Job.objects.exclude(state="done").values_list("kind", "state"))
if unfinished:
    faults.append(f"unfinished jobs: {unfinished}")
newest = Change.objects.order_by("-number").values_list("number", flat=True).first() or 0
seen = Progress.objects.values_list("number", flat=True).first() or 0
if seen < newest:
    faults.append(f"the matching stands at change {seen} of {newest}")
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        outcome = cursor.fetchall()
        if outcome != [("ok",)]:
            faults.append(f"integrity_check: {outcome[:3]}")
print(json.dumps({"faults": faults, "stored": len(stored), "events": verdict.size}))
"""


@dataclass
class Outcome:
    """What was found at the end."""

    faults: list[str]
    acknowledged: int
    stored: int
    again: int
    errors: int
    events: int
    killed: Counter[str]
    slowest: float

    def sentence(self) -> str:
        """One line for the table."""
        state = "0 lost, 0 doubled, audit verifies" if not self.faults else f"FAULTS: {'; '.join(self.faults[:5])}"
        return (
            f"{sum(self.killed.values())} kills, {self.acknowledged} acknowledged, {self.stored} stored "
            f"({self.again} sent again, {self.errors} error pages), {self.events} events: {state}"
        )


def kill_and_check(
    home: Path,
    *,
    kills: int,
    clients: int = 4,
    database_url: str = "",
    seed: int = 7,
    pause: tuple[float, float] = (0.1, 2),
) -> Outcome:
    """The whole run in one data folder."""
    chance = random.Random(seed)
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOMEWARD_SITE")}
    environment |= {
        "HOMEWARD_HOME": str(home),
        "HOMEWARD_KEYS": str(home / "keys"),
        "DJANGO_SETTINGS_MODULE": "homeward.config.settings",
        "HOMEWARD_ZONE": "command",
    }
    if database_url:
        environment["DATABASE_URL"] = database_url
    home.mkdir(parents=True, exist_ok=True)
    (home / "training").touch()  # the clients have no second factor

    def house(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "homeward", *arguments]

    subprocess.run(house("init"), env=environment, cwd=ROOT, check=True, capture_output=True)
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE, str(clients)],
        env=environment, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    sessions = json.loads(prepared.stdout.splitlines()[-1])
    victims = _victims(environment, port)
    for victim in victims:
        victim.start()
    said, stop, over = Acknowledged(), threading.Event(), threading.Event()

    def keep_alive() -> None:
        while not over.wait(0.1):
            for victim in victims:
                victim.revive()

    keeper = threading.Thread(target=keep_alive, name="keeper", daemon=True)
    keeper.start()
    killed: Counter[str] = Counter()
    try:
        _wait_for_site(port)
        crew = [Client(port, session, number, said, stop) for number, session in enumerate(sessions)]
        for client in crew:
            client.start()
        for _ in range(kills):
            # Clients write for a while between two kills: without them there is nothing to lose.
            _wait_for_site(port)
            time.sleep(chance.uniform(*pause))
            killed[chance.choice(victims).kill(chance)] += 1
        _wait_for_site(port)
        time.sleep(1)
        stop.set()
        for client in crew:
            client.join(180)
            if client.is_alive():
                raise SystemExit("a client got no answer within three minutes")
        over.set()
        keeper.join()
        for victim in victims:
            if victim.name in ("staff site", "worker"):
                victim.stop()
        # What the killed ones left is done by one that lives.
        last = subprocess.run(
            house("worker", "--until-idle"),
            env=environment, cwd=ROOT, check=False, timeout=600, capture_output=True, text=True,
        )  # fmt: skip
        checked = subprocess.run(
            [sys.executable, "-c", CHECK], input=json.dumps(said.references),
            env=environment, cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
    finally:
        stop.set()
        over.set()
        keeper.join()
        for victim in victims:
            victim.stop()
    found = json.loads(checked.stdout.splitlines()[-1])
    faults = found["faults"]
    if last.returncode or (faults and last.stderr):
        faults.append(f"the last worker ended with {last.returncode}: {last.stderr[-1500:]}")
    if not said.references:
        faults.append(f"nothing was acknowledged: {dict(said.refused)}")
    if said.refused:
        faults.append(f"refused: {dict(said.refused)}")
    if found["stored"] != len(said.references):
        faults.append(f"{found['stored']} stored, {len(said.references)} acknowledged")
    return Outcome(
        faults, len(said.references), found["stored"], said.again, said.errors, found["events"], killed, said.slowest
    )


def _victims(environment: dict[str, str], port: int) -> list[Victim]:
    from homeward.config.processes import command_process, site_process

    processes = [site_process("staff", f"127.0.0.1:{port}"), command_process("worker"), command_process("matcher")]
    return [
        Victim(each.name, list(each.command), {**environment, **each.environment, "HOMEWARD_ZONE": each.zone})
        for each in processes
    ]


def _wait_for_site(port: int) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            line.request("GET", "/healthy")
            if line.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            line.close()
    raise SystemExit("the site did not answer within three minutes")


def main() -> int:
    """Run it and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--keep", type=Path, help="data folder to use and keep")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="homeward-killing-", ignore_cleanup_errors=True) as scratch:
        home = (options.keep or Path(scratch) / "home").absolute()
        url = ""
        if options.database == "postgresql":
            import pgserver

            url = pgserver.get_server(Path(scratch) / "postgresql", cleanup_mode="stop").get_uri()  # type: ignore[attr-defined]
        outcome = kill_and_check(
            home, kills=options.kills, clients=options.clients, database_url=url, seed=options.seed
        )
    for name, count in sorted(outcome.killed.items()):
        print(f"  {name}: {count} times")
    print(f"  slowest acknowledgement: {outcome.slowest:.2f} s")
    print(outcome.sentence())
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
