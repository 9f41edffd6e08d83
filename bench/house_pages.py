"""Server time and query counts of staff pages, inside one process, against the data folder at hand."""

import os
import random
import time

SAMPLES = 100


def measure() -> None:
    """Print one line a page: what, tab, figure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeward.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.house import p95
    from homeward.access.actions import make_account
    from homeward.access.models import Staff
    from homeward.enquiries.models import Enquiry
    from homeward.register.models import Entry
    from homeward.tracing.models import PotentialMatch

    settings.ALLOWED_HOSTS.append("testserver")
    settings.TRAINING = True
    # The bench opens more records than anybody may.
    settings.READING_HOUR = settings.READING_DAY = 1_000_000
    everything = ["registrar", "tracer", "verifier", "case_worker", "partner_clerk"]
    staff = Staff.objects.filter(username="bench").first() or make_account(
        "bench", name="Bench", roles=everything, password=None, by=None
    )
    client = Client()
    client.force_login(staff, backend="homeward.access.backends.StaffBackend")
    chance = random.Random(11)

    def sample(model: object) -> list[str]:
        newest = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0  # type: ignore[attr-defined]
        keys = [chance.randint(1, newest) for _ in range(SAMPLES)] if newest else []
        return list(model.objects.filter(pk__in=keys).values_list("reference", flat=True))  # type: ignore[attr-defined]

    pages = {
        "home": ["/"],
        "register, list": ["/register/"],
        "register, a person": [f"/register/{reference}" for reference in sample(Entry)],
        "enquiries, list": ["/enquiries/"],
        "an enquiry": [f"/enquiries/{reference}" for reference in sample(Enquiry)],
        "tracing, worklist": ["/tracing/"],
        "comparison": [f"/tracing/{reference}" for reference in sample(PotentialMatch)],
        "answers": ["/answers/"],
    }
    for what, urls in pages.items():
        times, queries = [], 0
        for number in range(SAMPLES if urls else 0):
            url = urls[number % len(urls)]
            with CaptureQueriesContext(connection) as captured:
                started = time.perf_counter()
                answer = client.get(url)
                times.append(time.perf_counter() - started)
            assert answer.status_code == 200, (url, answer.status_code)
            # Beginning and ending a transaction asks nothing.
            asked = [
                each for each in captured.captured_queries if each["sql"] not in ("BEGIN", "BEGIN IMMEDIATE", "COMMIT")
            ]
            queries = max(queries, len(asked))
        if times:
            print(f"{what}\t{p95(times)}, at most {queries} queries")
    times = []
    typed = [("Шевчен", "Олек"), ("Szewczenko", ""), ("Ivanov", "Serg"), ("Бондар", "Іван"), ("Kuznets", "Alex")]
    for number in range(SAMPLES):
        surname, given = typed[number % len(typed)]
        form = {"surname": surname + "оаеи"[number % 4] * (number % 2), "given": given, "born": str(1970 + number % 35)}
        started = time.perf_counter()
        answer = client.post("/tracing/candidates-now", form)
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.status_code
    print(f"candidates for an enquiry being typed\t{p95(times)}")
