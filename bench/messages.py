"""Messages out and in: an hour without Telegram, kill -9 while texts are on the wire, what a message's time gives away, the webhook.

The house is the real one in a folder of its own; Telegram is the emulator of the test tree. The hour passes in given time,
everything else in real time.
"""

import argparse
import asyncio
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
PARTS = ("hour", "killing", "doorbells", "webhook", "machine")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much of each."""
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--messages", type=int, default=7200, help="rung in the hour (default 7200: two a second)")
    parser.add_argument("--kills", type=int, default=20)


def main(options: argparse.Namespace) -> int:
    """Each part, a line each."""
    with tempfile.TemporaryDirectory(prefix="homeward-messages-") as scratch:
        os.environ |= {
            "HOMEWARD_HOME": scratch,
            "HOMEWARD_ZONE": "command",
            "DJANGO_SETTINGS_MODULE": "homeward.config.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        token = Path(scratch) / "token"
        from tests.telegram_emulator import TOKEN

        token.write_text(TOKEN)
        os.environ["HOMEWARD_TELEGRAM_TOKEN_FILE"] = str(token)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        failed = 0
        for part in options.parts or PARTS:
            began = time.monotonic()
            sentence, is_good = {
                "hour": lambda: an_hour_without_telegram(options.messages),
                "killing": lambda: killing(options.kills),
                "doorbells": what_a_doorbell_gives_away,
                "webhook": the_webhook,
                "machine": the_state_machine,
            }[part]()
            print(f"{part}: {sentence}{'' if is_good else '  MISSED'}  [{time.monotonic() - began:.0f} s]", flush=True)
            failed += not is_good
    return failed


def _families(count: int, *, first: int = 1) -> list[Any]:
    """Families with a chat each, whom the emulator knows by the same number."""
    from homeward.contact.actions import index_of
    from homeward.contact.models import Address, Wishes

    numbers = range(first, first + count)
    wishes = [
        Wishes(subject=f"{number:04d}-0000-0", language="uk", time_zone="Europe/Kyiv", from_hour=0, to_hour=24)
        for number in numbers
    ]
    Wishes.objects.bulk_create(wishes, batch_size=50)
    Address.objects.bulk_create(
        [
            Address(wishes=one, place=0, channel="telegram", address=str(number),
                    address_index=index_of("telegram", str(number)))
            for one, number in zip(wishes, numbers, strict=True)
        ],
        batch_size=50,
    )  # fmt: skip
    return wishes


def an_hour_without_telegram(count: int) -> tuple[str, bool]:
    """Two doorbells a second for an hour in which Telegram fails in every way there is; then it is back."""
    from homeward.channels.configured import TelegramSettings
    from homeward.channels.telegram.line import Line
    from homeward.contact import posting
    from homeward.contact.models import Message, Posting
    from homeward.contact.telegram import Sender
    from homeward.lib import clock
    from tests.telegram_emulator import TOKEN, Emulator

    wishes = _families(count)
    Message.objects.bulk_create(
        [
            Message(wishes=one, due_at=NOON + timedelta(seconds=3600 * place / count), must_arrive=True)
            for place, one in enumerate(wishes)
        ],
        batch_size=90,
    )
    passed = [0.0]
    # Eleven ways to fail, one after the other; in the last four only texts fail while Telegram answers questions.
    ways = ["429", "500", "502", "break", "break_after", "hang", "none", "500", "break", "break_after", "429"]

    def way() -> str:
        return ways[min(len(ways) - 1, int(passed[0] / 3600 * len(ways)))] if passed[0] < 3600 else ""

    def fault(method: str) -> str | None:
        only_texts = passed[0] > 3600 * 7 / len(ways)
        return None if only_texts and method == "getMe" else (way() or None)

    with Emulator(lambda: passed[0]) as emulator:
        for number in range(1, count + 1):
            emulator.person(number, has_started=True)
        emulator.fault = fault
        loop = asyncio.new_event_loop()
        line = Line(TelegramSettings(TOKEN, emulator.url), timeout=1.0)
        sender = Sender(line, loop, lambda: passed[0])
        has_line, drained = True, 0.0
        while passed[0] < 3600 * 3:
            if (way() != "none") != has_line:
                emulator.hang_up() if has_line else emulator.pick_up()
                has_line = not has_line
                loop.run_until_complete(line.close())
                line = sender.line = Line(TelegramSettings(TOKEN, emulator.url), timeout=1.0)
            with clock.freeze(NOON + timedelta(seconds=passed[0])):
                posting.route_due(limit=1000)
                passed[0] += max(0.02, sender.step())
                if passed[0] > 3600 and not Posting.objects.filter(state__in=["waiting", "begun"]).exists():
                    drained = passed[0] - 3600
                    break
        unsure = Posting.objects.filter(state="unsure").count()
        first_day = [len(emulator.person(number).bot_said()) for number in range(1, count + 1)]
        # The next day rings for those of whom nobody knows.
        passed[0] = 3600 * 36.0
        while Message.objects.filter(state__in=["waiting", "posted"]).exists() and passed[0] < 3600 * 80:
            with clock.freeze(NOON + timedelta(seconds=passed[0])):
                posting.route_due(limit=1000)
                passed[0] += max(0.2, sender.step())
        loop.run_until_complete(line.close())
        in_the_end = [len(emulator.person(number).bot_said()) for number in range(1, count + 1)]
        asked_to_slow = sum(1 for method, code, _why in emulator.refused if code == 429)
    silent = [state for state in Message.objects.values_list("state", flat=True) if state not in ("sent", "unsure")]
    lost, doubled = (
        sum(1 for times in in_the_end if times == 0) + len(silent),
        sum(1 for times in first_day if times > 1),
    )
    good = not lost and not doubled and 0 < drained <= 600
    return (
        f"{count} rung in the hour, {sum(first_day)} arrived once, {doubled} doubled, drained {drained:.0f} s after the hour; "
        f"{unsure} unclear (the line broke under them), these rung anew the next day; {lost} lost in the end; "
        f"asked to slow down {asked_to_slow} times",
        good,
    )


def _process(emulator: Any, **more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "HOMEWARD_TELEGRAM_API": emulator.url, "HOMEWARD_ZONE": "telegram", **more}
    command = [sys.executable, "-m", "homeward", "telegram"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def killing(kills: int) -> tuple[str, bool]:
    """The real process, killed while it posts; another goes on each time."""
    from homeward.contact import posting
    from homeward.contact.models import Message, Posting
    from homeward.lib import clock
    from tests.telegram_emulator import Emulator

    chance, count = random.Random(5), kills * 40
    Message.objects.all().delete()
    wishes = _families(count, first=100_000)
    Message.objects.bulk_create(
        [Message(wishes=one, due_at=clock.now(), must_arrive=False) for one in wishes], batch_size=90
    )
    while posting.route_due():
        pass
    with Emulator() as emulator:
        for number in range(100_000, 100_000 + count):
            emulator.person(number, has_started=True)
        done = 0
        while Posting.objects.filter(message__isnull=False, state__in=["waiting", "begun"]).exists():
            process = _process(emulator)
            if done < kills:
                before = Posting.objects.filter(state="done").count()
                until = time.monotonic() + 60
                # It has begun to post, then dies at any instant.
                while Posting.objects.filter(state="done").count() == before and time.monotonic() < until:
                    time.sleep(0.02)
                time.sleep(chance.uniform(0, 1.2))
                process.kill()
                done += 1
            else:
                until = time.monotonic() + 300
                while (
                    Posting.objects.filter(message__isnull=False, state__in=["waiting", "begun"]).exists()
                    and time.monotonic() < until
                ):
                    time.sleep(0.2)
                process.send_signal(signal.SIGTERM)
            process.wait()
        arrived = [len(emulator.person(number).bot_said()) for number in range(100_000, 100_000 + count)]
    ended = Counter(Posting.objects.filter(message__wishes__in=wishes).values_list("state", flat=True))
    doubled = sum(1 for times in arrived if times > 1)
    lost = sum(1 for times in arrived if not times) - ended["unsure"]
    return (
        f"{done} kills over {count} texts: {doubled} doubled, {max(0, lost)} lost, {ended['unsure']} unclear and shown to staff, "
        f"{ended['done']} certain",
        not doubled and lost <= 0 and set(ended) <= {"done", "unsure"},
    )


def _bits(pairs: Sequence[tuple[Any, bool]]) -> float:
    """How much one tells of the other, in bits (plug-in estimate with the Miller-Madow correction)."""

    def entropy(counts: Counter[Any]) -> float:
        total = sum(counts.values())
        plain = -sum(n / total * math.log2(n / total) for n in counts.values())
        return plain + (len(counts) - 1) / (2 * total * math.log(2))

    sides = Counter(one for one, _other in pairs), Counter(other for _one, other in pairs), Counter(pairs)
    return max(0.0, entropy(sides[0]) + entropy(sides[1]) - entropy(sides[2]))


def simulated_doorbells(count: int, seed: int = 3) -> list[tuple[dict[str, Any], bool]]:
    """What an onlooker sees of each message (hour, weekday, minute, length, days since the last) and whether it was news."""
    from homeward.contact import hours, texts
    from homeward.contact.models import Wishes

    chance = random.Random(seed)
    seen: list[tuple[dict[str, Any], bool]] = []
    family = 0
    while len(seen) < count:
        family += 1
        wishes = Wishes(
            subject=f"{chance.randrange(10**4):04d}-0000-0", language=chance.choice(texts.LANGUAGES), time_zone="Europe/Kyiv",
            from_hour=9, to_hour=20, quiet_days=chance.choice(["", "67", "7"]),
        )  # fmt: skip
        today = date(2026, 1, 5)
        doorbell, last = hours.next_doorbell(wishes, today, chance), None
        news: set[date] = set()
        for _ in range(365):
            if chance.random() < 1 / 60:
                news.add(hours.allowed_day_after(wishes, today))
            if today == doorbell or today in news:
                moment = hours.moment_on(wishes, today, chance).astimezone(ZoneInfo("Europe/Kyiv"))
                text = texts.outside(texts.Text.DOORBELL, wishes.language, wishes.subject)
                pause = min(30, (today - last).days) if last else 30
                seen.append(({"hour": moment.hour, "minute": moment.minute // 5, "weekday": today.isoweekday(),
                              "length": len(text), "pause": pause}, today in news))  # fmt: skip
                last = today
            if today == doorbell:
                doorbell = hours.next_doorbell(wishes, today, chance)
            today += timedelta(days=1)
    return seen[:count]


def what_a_doorbell_gives_away(count: int = 10_000) -> tuple[str, bool]:
    """How many bits its time, its length and its pause carry about whether there is news."""
    seen = simulated_doorbells(count)
    told = {name: _bits([(what[name], news) for what, news in seen]) for name in seen[0][0]}
    told["hour and length"] = _bits([((what["hour"], what["length"]), news) for what, news in seen])
    worst = max(told.values())
    parts = ", ".join(f"{name} {bits:.4f}" for name, bits in told.items())
    share = sum(news for _what, news in seen) / len(seen)
    return f"{count} doorbells, {share:.0%} of them news: {parts} bit (limit 0.05)", worst < 0.05


def the_webhook() -> tuple[str, bool]:
    """One update brought five times at once, and one with a forged secret, to the real process."""
    import json
    import socket

    from homeward.contact.models import Incoming
    from tests.telegram_emulator import Emulator

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = Path(os.environ["HOMEWARD_HOME"]) / "secret"
    secret.write_text("an-invented-secret-of-a-test")
    url = f"http://127.0.0.1:{port}/telegram"
    with Emulator() as emulator:
        process = _process(
            emulator,
            HOMEWARD_TELEGRAM_WEBHOOK=url,
            HOMEWARD_TELEGRAM_WEBHOOK_SECRET_FILE=str(secret),
            HOMEWARD_TELEGRAM_WEBHOOK_BIND=f"127.0.0.1:{port}",
        )
        try:
            emulator.person(900_001).says("/start")  # comes by the webhook as soon as it is set
            until = time.monotonic() + 60
            while not emulator.person(900_001).bot_said() and time.monotonic() < until:
                time.sleep(0.05)
            person = emulator.person(900_002, has_started=True)
            update = {"update_id": 5, "message": {"message_id": 5, "date": 1, "chat": person._place(),
                                                  "from": person._sender(), "text": "/start"}}  # fmt: skip

            def bring(given: str, into: list[int]) -> None:
                request = urllib.request.Request(
                    url, json.dumps(update).encode(),
                    {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": given},
                )  # fmt: skip
                try:
                    with urllib.request.urlopen(request, timeout=30) as answer:
                        into.append(answer.status)
                except urllib.error.HTTPError as refused:
                    into.append(refused.code)

            forged: list[int] = []
            bring("forged", forged)
            said: list[int] = []
            crew = [threading.Thread(target=bring, args=(secret.read_text(), said)) for _ in range(5)]
            for one in crew:
                one.start()
            for one in crew:
                one.join()
            until = time.monotonic() + 20
            while not person.bot_said() and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(2)
            answers = len(person.bot_said())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    stored = Incoming.objects.filter(external_id="5").count()
    good = forged == [403] and said == [200] * 5 and stored == 1 and answers == 1
    return f"five at once: answered {said}, stored {stored} time, {answers} reply; forged secret: {forged[0]}", good


def the_state_machine() -> tuple[str, bool]:
    """150 examples of 40 steps of `homeward/contact/tests/test_exactly_once_machine.py`."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "homeward/contact/tests/test_exactly_once_machine.py"],
        cwd=ROOT, env={**os.environ, "EXAMPLES": "150"}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    return f"150 examples x 40 steps: {done.stdout.strip().splitlines()[-1]}", done.returncode == 0
