"""Ten times the usual calls for half an hour, with the real queue on a fake clock: everybody is answered or is called back."""

import heapq
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q

from homeward.access.models import Staff
from homeward.hotline import actions, queries
from homeward.hotline.models import AtDesk, Call, CallBack
from homeward.hotline.script import Keyed, Silence
from homeward.lib import clock
from homeward.testing import make_staff

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
# 800 calls in the twelve hours of a day are 33 in half an hour; ten times as many come.
CALLS = 330
PEOPLE = 4


def test_a_flood_is_held() -> None:
    chance = random.Random(7)
    people = [make_staff("operator") for _number in range(PEOPLE)]
    for staff in people:
        AtDesk.objects.create(staff=staff, state="ready")
    arrivals = [(chance.uniform(0, 1800), number) for number in range(CALLS)]
    events: list[tuple[float, int, str, object]] = [(at, number, "comes", number) for at, number in arrivals]
    heapq.heapify(events)
    free, order = list(people), CALLS
    queued: dict[str, float] = {}

    def later(at: float, what: str, whom: object) -> None:
        nonlocal order
        order += 1
        heapq.heappush(events, (at, order, what, whom))

    def relief() -> Staff:
        people.append(make_staff("operator"))
        AtDesk.objects.create(staff=people[-1], state="ready")
        return people[-1]

    checked = 0
    while events:
        at, _order, what, whom = heapq.heappop(events)
        with clock.freeze(START + timedelta(seconds=at)):
            if what == "comes":
                line_id = f"flood {whom}"
                actions.ring(line_id, number=f"+3805000{whom:05d}")
                for event in (Keyed("1"), Silence(), Keyed("3" if chance.random() < 0.05 else "2"), Silence()):
                    call = actions.hear(line_id, event)
                assert call.state == "queue"
                queued[line_id] = at
                # One in two takes the offer of a call-back, one in four loses patience, one waits to the end.
                luck = chance.random()
                if luck < 0.5:
                    later(at + chance.uniform(30, 240), "keys one", line_id)
                elif luck < 0.75:
                    later(at + chance.uniform(10, 900), "hangs up", line_id)
            elif what == "keys one" and whom in queued:
                del queued[whom]  # type: ignore[arg-type]
                for keys in ("1", "4", "1", "4"):
                    call = actions.hear(str(whom), Keyed(keys))
                assert call.state == "booked"
                actions.hang_up(str(whom))
            elif what == "hangs up" and whom in queued:
                del queued[whom]  # type: ignore[arg-type]
                actions.hang_up(str(whom))
            elif what == "ends":
                staff, call = whom  # type: ignore[misc]
                actions.end_call(call, outcome="no_news", result="reached" if call.answers_id else "", by=staff)
                free.append(staff)
            # Who has taken as many as a day bears is relieved by somebody fresh.
            free = [each if queries.taken_today(each) < queries.LOAD else relief() for each in free]
            while free and (taken := actions.take_next(by=free[-1])) is not None:
                queued.pop(taken.line_id, None)
                later(at + chance.expovariate(1 / 360), "ends", (free.pop(), taken))
            # Shown is what is: the longest wait, and how many wait.
            if checked % 10 == 0:
                truth = max((at - since for since in queued.values()), default=0.0)
                assert queries.longest_wait().total_seconds() == pytest.approx(truth, abs=1e-3)
                assert queries.waiting().count() == len(queued)
            checked += 1

    calls = Call.objects.filter(answers__isnull=True)
    lost = calls.filter(taken_at__isnull=True, call_backs__isnull=True)
    assert calls.count() == CALLS
    assert lost.count() == 0
    answered = calls.filter(Q(taken_at__isnull=False)).count()
    assert answered + CallBack.objects.count() == CALLS
    # And nobody took more than a day bears: what is left is still owed, not forgotten.
    assert CallBack.objects.exclude(state="done").count() == queries.open_call_backs().count()
    assert all(queries.taken_today(staff) <= queries.LOAD for staff in people)
