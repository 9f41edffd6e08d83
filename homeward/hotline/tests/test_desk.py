"""The operator's side: whom she takes, what she keeps, what the house owes, what goes."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from homeward.audit.models import Event
from homeward.enquiries.models import Enquiry
from homeward.hotline import actions, queries
from homeward.hotline.models import AtDesk, Call, CallBack, SpokenMessage, Try
from homeward.hotline.tests.cast import NUMBER, waiting_call
from homeward.lib import clock
from homeward.matching.memory import Memory
from homeward.register.models import Entry
from homeward.testing import make_staff, sign_in
from homeward.tracing import actions as tracing
from homeward.tracing.tests.cast import a_pair

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # twelve o'clock in Kyiv


@pytest.fixture(autouse=True)
def training(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]


@pytest.mark.both_databases
def test_distress_first_then_who_has_waited_longest_then_who_was_promised_a_call() -> None:
    with clock.freeze(NOON):
        first = waiting_call("1")
    with clock.freeze(NOON + timedelta(minutes=1)):
        second = waiting_call("2")
        actions.hang_up("2")
    with clock.freeze(NOON + timedelta(minutes=2)):
        waiting_call("3")
        distressed = waiting_call("4", distress=True)

        assert queries.place_of(Call.objects.get(line_id="3")) == 4
        assert queries.place_of(distressed) == 1
        taken = []
        for _number in range(4):
            otto = make_staff("operator")
            call = actions.take_next(by=otto)
            assert call is not None
            taken.append(call.answers.call.pk if call.answers else call.pk)
        assert actions.take_next(by=make_staff("operator")) is None

    assert taken == [distressed.pk, first.pk, second.pk, Call.objects.get(line_id="3").pk]


@pytest.mark.both_databases
def test_the_database_refuses_what_must_not_be() -> None:
    otto, now = make_staff("operator"), clock.now()
    one, two = waiting_call("1"), waiting_call("2")
    actions.take_next(by=otto)

    for sql, values in (
        ("UPDATE hotline_call SET operator_id = %s, taken_at = %s WHERE id = %s", [otto.pk, now, two.pk]),
        ("UPDATE hotline_call SET operator_id = NULL WHERE id = %s", [one.pk]),
        ("UPDATE hotline_call SET state = 'dead' WHERE id = %s", [one.pk]),
        ("UPDATE hotline_call SET queued_at = NULL WHERE id = %s", [two.pk]),
        ("UPDATE hotline_call SET line_id = '1' WHERE id = %s", [two.pk]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)


def test_the_page_of_a_call_masks_the_number_and_shows_what_came_before() -> None:
    with clock.freeze(NOON):
        otto = make_staff("operator")
        waiting_call("1")
        call = actions.take_next(by=otto)
        assert call is not None
        actions.end_call(call, outcome="no_news", note="asked after the list", by=otto)
    with clock.freeze(NOON + timedelta(days=1)):
        waiting_call("2", distress=True)
        client = sign_in(Client(), otto)
        client.post("/calls/next")
        page = client.get("/calls/").content.decode()

    assert NUMBER not in page
    assert "••67" in page
    assert "asked after the list" in page
    assert "In great distress" in page


def test_what_is_typed_is_kept_when_she_hangs_up_and_comes_back_with_the_call_back() -> None:
    with clock.freeze(NOON):
        otto = make_staff("operator")
        waiting_call()
        client = sign_in(Client(), otto)
        client.post("/calls/next")
        client.post("/calls/draft", {"surname": "Зубрицький"})
        client.post("/calls/hung-up", {"surname": "Зубрицький", "given": "Остап"})
        owed = CallBack.objects.get()
        client.post(f"/calls/owed/{owed.reference}/take")
        page = client.get("/calls/").content.decode()

    assert 'value="Зубрицький"' in page
    assert 'value="Остап"' in page


def test_an_enquiry_is_filed_in_the_call_with_a_number_nobody_saw() -> None:
    with clock.freeze(NOON):
        otto = make_staff("operator")
        waiting_call()
        client = sign_in(Client(), otto)
        client.post("/calls/next")
        assert "Write at least" in client.post("/calls/file", {"relation": "mother", "language": "uk"}).content.decode()
        for _twice in range(2):
            client.post("/calls/file", {"surname": "Коваль", "relation": "mother", "language": "uk", "call_her": "on"})
        digits = client.post("/calls/digits").content.decode()
        client.post("/calls/end", {"outcome": "filed", "next_step": "none", "note": ""})

    enquiry = Enquiry.objects.get()
    assert enquiry.enquirer["telephone"] == NUMBER
    assert enquiry.reference in digits
    assert Call.objects.get().closed_at is not None
    assert AtDesk.objects.get(staff=otto).state == "ready"


def test_a_call_back_is_tried_again_in_her_hours_and_given_up_after_five() -> None:
    otto = make_staff("operator")
    with clock.freeze(NOON):
        waiting_call()
        actions.hang_up("line 1")
    owed, moment = CallBack.objects.get(), NOON
    for number in range(5):
        with clock.freeze(moment):
            call = actions.take_call_back(owed, by=otto)
            with pytest.raises(actions.NotNow):
                actions.end_call(call, outcome="no_news", by=otto)
            assert actions.show_number(call, by=otto) == NUMBER
            actions.end_call(call, outcome="wrong", result="nobody", by=otto)
        owed.refresh_from_db()
        if number == 0:
            assert owed.due_at == moment + timedelta(hours=2)
        moment = owed.due_at

    assert (owed.state, owed.tries, Try.objects.count()) == ("given_up", 5, 5)
    assert Event.objects.filter(deed="hotline.number_shown").count() == 5


def test_nobody_is_called_outside_her_hours() -> None:
    otto = make_staff("operator")
    with clock.freeze(NOON):
        waiting_call()
        actions.hang_up("line 1")
    owed = CallBack.objects.get()
    with clock.freeze(NOON + timedelta(hours=8)), pytest.raises(actions.NotNow):
        actions.take_call_back(owed, by=otto)
    with clock.freeze(NOON + timedelta(hours=8)):
        assert not queries.due().exists()
        assert actions.within((8, 12), clock.now()) == datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def test_at_the_end_of_a_shift_a_call_back_waits_for_the_next() -> None:
    with clock.freeze(NOON):
        otto, olha = make_staff("operator"), make_staff("operator")
        waiting_call()
        actions.hang_up("line 1")
        owed = CallBack.objects.get()
        actions.take_call_back(owed, by=otto)
        with pytest.raises(actions.NotNow):
            actions.take_call_back(owed, by=olha)

        assert actions.hand_on(by=otto) == 1
        assert actions.take_next(by=olha) is not None


def test_distress_reaches_the_psychologist() -> None:
    with clock.freeze(NOON):
        otto, paula = make_staff("operator"), make_staff("psychologist")
        waiting_call()
        call = actions.take_next(by=otto)
        assert call is not None
        actions.flag_distress(call, by=otto)
        actions.end_call(call, outcome="comfort", by=otto)
        owed = CallBack.objects.get(kind="care")

        assert not queries.due().exists()
        sign_in(Client(), otto).post(f"/calls/owed/{owed.reference}/take")
        assert queries.current_call(otto) is None
        client = sign_in(Client(), paula)
        assert "Call now" in client.get("/calls/owed/psychologist").content.decode()
        client.post(f"/calls/owed/{owed.reference}/take")
        assert queries.current_call(paula) is not None


def test_one_person_takes_no_more_than_a_day_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LOAD", 1)
    otto = make_staff("operator")
    with clock.freeze(NOON):
        waiting_call("1")
        waiting_call("2")
        call = actions.take_next(by=otto)
        assert call is not None
        actions.end_call(call, outcome="no_news", by=otto)
        with pytest.raises(actions.NotNow):
            actions.take_next(by=otto)


def test_what_is_not_needed_any_more_is_gone() -> None:
    with clock.freeze(NOON):
        otto = make_staff("operator")
        waiting_call("1")
        actions.keep_message("1", b"RIFF", seconds=2)
        call = actions.take_next(by=otto)
        assert call is not None
        actions.end_call(call, outcome="no_news", note="x", by=otto)
        owed = CallBack.objects.get()
        assert actions.forget_old(NOON + timedelta(days=8)) == 0  # she is still owed a call
        CallBack.objects.filter(pk=owed.pk).update(state="done", over_at=NOON)

    actions.forget_old(NOON + timedelta(days=8))
    call.refresh_from_db()
    owed.refresh_from_db()
    assert (call.number, call.note, call.talk, call.number_index, owed.number) == (None, None, None, None, None)
    actions.forget_old(NOON + timedelta(days=31))
    assert not SpokenMessage.objects.exists()
    actions.forget_old(NOON + timedelta(days=401))
    assert not Call.objects.exists()


def test_a_spoken_message_is_heard_by_the_right_role_only() -> None:
    waiting_call()
    kept = actions.keep_message("line 1", b"RIFF and more", seconds=3)
    assert kept is not None
    assert b"RIFF" not in bytes(SpokenMessage.objects.get().sealed)
    operator, supervisor = (
        sign_in(Client(), make_staff("operator")),
        sign_in(Client(), make_staff("hotline_supervisor")),
    )

    assert operator.post(f"/calls/messages/{kept.reference}").status_code == 403
    answer = supervisor.post(f"/calls/messages/{kept.reference}")

    assert "UklGRiBhbmQgbW9yZQ==" in answer.content.decode()
    assert "media-src data:" in answer.headers["Content-Security-Policy"]
    assert Event.objects.filter(deed="hotline.message_heard").count() == 1


def _desk_of(fate: str, matcher: Memory) -> str:
    """What an operator can fetch while somebody calls who asked about a man of that fate."""
    match = a_pair(matcher)
    enquiry = match.enquiry
    if fate != "unknown":
        match = tracing.say_same(match, version=match.version, by=make_staff("tracer"))
        tracing.confirm_same(match, version=match.version, by=make_staff("verifier"))
    if fate == "dead":
        Entry.objects.filter(pk=match.entry_id).update(state="deceased")
    otto = make_staff("operator", name="Otto")
    call = waiting_call(number="+38050123" + {"unknown": "1", "held": "2", "dead": "3"}[fate] * 2 + "67")
    Call.objects.filter(pk=call.pk).update(keyed=enquiry)
    client = sign_in(Client(), otto)
    client.post("/calls/next")
    typed = {key: text[:4] for key, text in enquiry.facts.items() if key in ("surname", "given")}
    sought = enquiry.sought.reference
    pages = [
        client.get("/calls/"),
        client.post("/calls/earlier", typed),
        client.get("/calls/owed"),
        client.get("/calls/words"),
        client.get(f"/enquiries/{enquiry.reference}"),
        client.get(f"/enquiries/{enquiry.reference}?history=1"),
        client.get("/enquiries/"),
        *[client.get(path) for path in (f"/enquiries/sought/{sought}", "/register/", "/tracing/", "/answers/")],
    ]
    said = "".join(f"{page.status_code} {page.content.decode()}" for page in pages)
    said = re.sub(r'(csrfmiddlewaretoken|filing_token)" value="[^"]*"', "", said)
    return said.replace(enquiry.reference, "R").replace(sought, "S")


def test_an_operator_sees_the_same_whatever_became_of_him(in_process_matcher: Memory) -> None:
    """Byte for byte: whether he is in the register, and as what, shows on no page she can open."""
    seen = {}
    for fate in ("unknown", "held", "dead"):
        with clock.freeze(NOON), transaction.atomic():
            seen[fate] = _desk_of(fate, in_process_matcher)
            transaction.set_rollback(True)

    assert "Szczerbacki" in seen["held"]
    assert seen["unknown"] == seen["held"] == seen["dead"]
