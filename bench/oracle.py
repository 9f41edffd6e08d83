"""Whether the time of an answer gives away what the register knows.

A house of its own is filled with one held man, one dead and one of whom nothing is known, each asked about by a partner and a family, at
kinship level 0 and 1. Each page is then asked for in turn, in random order, and the times of every two are compared by Welch's t-test.
Bytes are compared too. Prints a table; ends with an error where bytes differ or p is 0.01 or less.
"""

import argparse
import math
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

STATES = ("held", "dead", "unknown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many timings."""
    parser.add_argument("--timings", type=int, default=2000, help="timings for each state, level and door (2000)")


def main(options: argparse.Namespace) -> int:
    """Fill the house, ask, compare."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            HOMEWARD_HOME=home,
            HOMEWARD_SITE="family",
            HOMEWARD_HOSTS="testserver",
            DJANGO_SETTINGS_MODULE="homeward.config.settings",
        )
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        return _measure(options.timings)


def _measure(timings: int) -> int:
    failed = False
    for level in (0, 1):
        doors = _doors(level)
        for door, asks in doors.items():
            bodies = {state: ask() for state, ask in asks.items()}
            same = len(set(bodies.values())) == 1
            times = _timed(asks, timings)
            for one, other in combinations(STATES, 2):
                t, p = welch(times[one], times[other])
                failed |= not same or p <= 0.01
                medians = " ".join(f"{statistics.median(times[state]) * 1000:.3f}" for state in (one, other))
                say = "same" if same else "DIFFER"
                print(f"level {level} {door:<8} {one:>5} / {other:<8} bytes {say}  ms {medians}  t {t:+.2f} p {p:.3f}")
    return int(failed)


def _timed(asks: dict[str, Callable[[], bytes]], timings: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {state: [] for state in asks}
    for _round in range(timings + 20):
        order = list(asks)
        random.shuffle(order)
        for state in order:
            begun = time.perf_counter()
            asks[state]()
            taken = time.perf_counter() - begun
            if _round >= 20:
                times[state].append(taken)
    return times


def welch(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Welch's t and its two-sided p; with thousands of timings the normal distribution stands for Student's."""
    variance = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    t = (statistics.fmean(one) - statistics.fmean(other)) / math.sqrt(variance) if variance else 0.0
    return t, math.erfc(abs(t) / math.sqrt(2))


def _doors(level: int) -> dict[str, dict[str, Callable[[], bytes]]]:
    from django.test import Client

    from homeward.disclosure.tests.cast import at_level
    from homeward.enquiries.models import Enquiry
    from homeward.partners import actions, api, rates
    from homeward.register.models import EventKind
    from homeward.testing import make_staff

    # The buckets are not what is looked at.
    rates.BURST = 10_000_000
    api.BUCKETS = rates.Buckets()
    admin = make_staff("administrator")
    partner = actions.agree(
        f"Partner {level}", desk="1", a_minute=6000, a_day=1000, is_open=True, receives_records=False, by=admin
    )
    key = actions.make_key(partner, by=admin)
    actions.refer(
        partner, [actions.Incoming(f"{state:_<8}", {"surname": "Zubrytskyi", "given": "Ostap"}) for state in STATES]
    )
    actions.file_in_turn()
    # When she asked stands on her page, to the second: her own fact, made the same for all three.
    Enquiry.objects.filter(partner=partner).update(received_at="2026-01-01T00:00:00Z")
    enquiries = {state: Enquiry.objects.get(partner=partner, partner_number=f"{state:_<8}") for state in STATES}
    for state, enquiry in enquiries.items():
        if level:
            at_level(enquiry, level)
        if state != "unknown":
            _found(enquiry, EventKind.DIED if state == "dead" else None)
    clients = {state: _her_way_in(enquiry) for state, enquiry in enquiries.items()}
    program = Client()

    def partner_asks(state: str) -> Callable[[], bytes]:
        number = f"{state:_<8}"
        headers = {"Authorization": f"Bearer {key}"}

        def ask() -> bytes:
            answer = program.get(f"/partners/v1/referrals/{number}", headers=headers)
            assert answer.status_code == 200
            return bytes(answer.content).replace(number.encode(), b"#")

        return ask

    def she_asks(state: str) -> Callable[[], bytes]:
        reference = enquiries[state].reference.encode()

        def ask() -> bytes:
            answer = clients[state].get("/c")
            assert answer.status_code == 200
            return re.sub(rb'value="\w{60,}"', b"", bytes(answer.content).replace(reference, b"#"))

        return ask

    return {
        "partner": {state: partner_asks(state) for state in STATES},
        "her page": {state: she_asks(state) for state in STATES},
    }


def _found(enquiry: Any, event: Any) -> None:
    """Two people confirmed him."""
    from homeward.register import actions as register
    from homeward.testing import make_staff
    from homeward.tracing import actions as tracing
    from homeward.tracing.models import PotentialMatch

    entry = register.enter_capture_card({"surname": "Зубрицький", "given": "Остап"}, by=make_staff("registrar"))
    match = PotentialMatch.objects.create(
        sought=enquiry.sought, entry=entry, enquiry=enquiry, bits=20.0, probability=0.99, rank=1
    )
    match = tracing.say_same(match, version=match.version, by=make_staff("tracer"))
    tracing.confirm_same(match, version=match.version, by=make_staff("verifier"))
    if event is not None:
        entry.refresh_from_db()
        register.record_event(entry, kind=event, version=entry.version, by=make_staff("registrar"))


def _her_way_in(enquiry: Any) -> Any:
    """Signed in as she who asked."""
    from django.conf import settings
    from django.test import Client, RequestFactory

    from homeward.enquiries import passphrases
    from homeward.enquiries.family import let_in

    passphrases.give_passphrase(enquiry, language="uk")
    client = Client()
    request = RequestFactory().get("/")
    request.session = client.session
    let_in(request, enquiry)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client
