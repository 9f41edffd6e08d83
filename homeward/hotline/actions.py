"""What is done with calls: they come in, are heard, wait, are taken, end; call-backs are owed, tried and done."""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.enquiries import actions as enquiries
from homeward.enquiries.models import Channel, Enquiry, Reach, Relation, SoughtPerson
from homeward.enquiries.passphrases import NotReadable, TryAgain, check_passphrase
from homeward.hotline import messages, queries
from homeward.hotline.deeds import Deed
from homeward.hotline.models import AtDesk, Call, CallBack, Line, NextStep, Outcome, SpokenMessage, Try
from homeward.hotline.script import (
    COVERS,
    HOURS,
    TABLE,
    Answered,
    Event,
    Recorded,
    State,
    Taken,
    Takes,
    Talk,
    advance,
)
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.lib.turn import take_turn

# Who hung up while waiting asked for no call: only in hours when a call surprises nobody.
MISSED_HOURS = (10, 18)
MOST_TRIES = 5
_PATH = 1200


class NotNow(Refusal):
    """It cannot be done with this call, or not at this moment."""


# --- the caller's side ------------------------------------------------------------------------------------------------


@transaction.atomic
def ring(line_id: str, *, number: str = "") -> Call:
    """A call comes in; told of twice, it is one call."""
    digits = "".join(sign for sign in number if sign.isdigit())
    number = number if 6 <= len(digits) <= 15 else ""
    known = Call.objects.filter(line_id=line_id).first()
    if known is not None:
        return known
    call = Call(
        line_id=line_id,
        number=number or None,
        number_index=enquiries.telephone_index(number),
        talk=asdict(Talk(own_number=bool(number))),
        path=State.LANGUAGE.value,
    )
    call.save(force_insert=True)
    return call


def hear(line_id: str, event: Event) -> Call:
    """One step of the script, and those that the house itself has to do after it."""
    call = _step(line_id, event)
    while TABLE[State(call.state)].takes == Takes.HOUSE and call.ended_at is None:
        call = _step(line_id, _answer(call))
    return call


def _answer(call: Call) -> Event:
    talk = talk_of(call)
    if talk.state == State.CHECK:
        # Outside any transaction: a wrong try is remembered whatever comes after.
        try:
            found = check_passphrase(talk.reference, talk.passphrase)
        except (TryAgain, NotReadable):
            return Answered("busy")
        if found is not None and found.withdrawn_at is None:
            Call.objects.filter(pk=call.pk).update(keyed=found)
            return Answered("known")
        return Answered("unknown")
    _book(call, talk)
    return Answered("done")


def talk_of(call: Call) -> Talk:
    """How far the call is, as the script knows it."""
    kept = dict(call.talk or {})
    return Talk(**{**kept, "state": State(call.state)})


@transaction.atomic
def _step(line_id: str, event: Event) -> Call:
    call = Call.objects.select_for_update().get(line_id=line_id)
    if call.ended_at is not None or call.talk is None:
        return call
    before = talk_of(call)
    talk = advance(before, event, surge=queries.line().surge)
    if before.state == State.CHECK and talk.state != State.CHECK:
        talk = replace(talk, passphrase="")
    if talk == before:
        return call
    call.talk, call.state, call.language = asdict(talk), talk.state.value, talk.language
    if talk.state != before.state:
        call.path = f"{call.path},{talk.state.value}"[-_PATH:]
    if talk.state == State.QUEUE and call.queued_at is None:
        call.queued_at = clock.now()
    if talk.distress and not call.distress:
        call.distress = True
        audit.record(Deed.DISTRESS, by=None, about=call.reference)
    if talk.state == State.GOODBYE:
        call.ended_at = call.closed_at = clock.now()
    call.save()
    return call


@transaction.atomic
def hang_up(line_id: str) -> Call:
    """She is gone. Whoever waited for a person and left a number is called back."""
    call = Call.objects.select_for_update().get(line_id=line_id)
    if call.ended_at is not None:
        return call
    call.ended_at = clock.now()
    if call.operator_id is None:
        call.closed_at = call.ended_at
    call.save(update_fields=["ended_at", "closed_at"])
    talk = talk_of(call)
    if call.operator_id is None and talk.wanted and call.number and not call.call_backs.exists():
        begin, end = MISSED_HOURS
        _owe(call, kind=CallBack.Kind.MISSED, number=call.number, hours=(begin, end), cover="none")
    return call


@transaction.atomic
def _book(call: Call, talk: Talk) -> CallBack | None:
    number = talk.number or call.number or ""
    if not number:
        return None
    return _owe(call, kind=CallBack.Kind.ASKED, number=number, hours=HOURS[talk.hours], cover=COVERS[talk.cover])


def _owe(call: Call, *, kind: CallBack.Kind, number: str, hours: tuple[int, int], cover: str) -> CallBack:
    there = call.call_backs.filter(kind=kind).first()
    if there is not None:
        return there
    since = call.queued_at or clock.now()
    owed = CallBack.objects.create(
        call=call, kind=kind, number=number, language=call.language, cover=cover, from_hour=hours[0], to_hour=hours[1],
        distress=call.distress, since=since, due_at=within(hours, clock.now()),
    )  # fmt: skip
    audit.record(Deed.BOOKED, by=None, about=owed.reference, detail={"call": call.reference, "kind": kind.value})
    return owed


def within(hours: tuple[int, int], moment: datetime) -> datetime:
    """This moment where it lies in her hours, else when they next begin."""
    local = timezone.localtime(moment)
    if hours[0] <= local.hour < hours[1]:
        return moment
    day = local.date() + timedelta(days=local.hour >= hours[1])
    return timezone.make_aware(datetime.combine(day, time(hours[0])))


@transaction.atomic
def keep_message(line_id: str, sound: bytes, *, seconds: int) -> SpokenMessage | None:
    """Her voice, sealed; the same call keeps one message. The script goes on with `Recorded`."""
    call = Call.objects.select_for_update().get(line_id=line_id)
    if SpokenMessage.objects.filter(call=call).exists():
        return None
    kept = SpokenMessage(call=call, seconds=min(seconds, 32_000))
    kept.sealed = messages.sealed(sound, about=kept.reference)
    kept.save(force_insert=True)
    audit.record(Deed.MESSAGE_KEPT, by=None, about=kept.reference, detail={"call": call.reference})
    if call.number and not call.call_backs.exists():
        # A message is answered by a call, in hours when a call surprises nobody.
        _owe(call, kind=CallBack.Kind.ASKED, number=call.number, hours=MISSED_HOURS, cover="none")
    return kept


def leave_message(line_id: str, sound: bytes, *, seconds: int) -> Call:
    """Keep her voice and go on."""
    keep_message(line_id, sound, seconds=seconds)
    return hear(line_id, Recorded())


@transaction.atomic
def message_left(line_id: str) -> Call:
    """Her message lies with the provider and will be fetched; it is answered by a call already."""
    call = hear(line_id, Recorded())
    if call.number and not call.call_backs.exists():
        _owe(call, kind=CallBack.Kind.ASKED, number=str(call.number), hours=MISSED_HOURS, cover="none")
    return call


def note_told(call: Call) -> None:
    """Her place was spoken now."""
    Call.objects.filter(pk=call.pk).update(told_at=clock.now())


# --- the operator's side ----------------------------------------------------------------------------------------------


@transaction.atomic
def sit_down(state: str, *, sip_address: str | None = None, by: Staff) -> AtDesk:
    """Ready, pausing or away. Whoever has a call in hand finishes it first."""
    desk, _made = AtDesk.objects.select_for_update().get_or_create(staff=by)
    if state not in (AtDesk.State.READY, AtDesk.State.PAUSED, AtDesk.State.AWAY):
        raise NotNow(_("There is no such state."))
    if sip_address is not None:
        if sip_address and not re.fullmatch(r"sips?:[A-Za-z0-9_.+-]+@[A-Za-z0-9.:\[\]-]+", sip_address):
            raise NotNow(_("Write the address of your telephone like this: sip:desk7@pbx.example"))
        desk.sip_address = sip_address
    if queries.current_call(by) is not None:
        raise NotNow(_("You have a call in hand. End it first."))
    if desk.state != state:
        desk.state, desk.since = state, clock.now()
    desk.save()
    audit.record(Deed.STATE_CHANGED, by=by, detail={"state": state})
    return desk


@transaction.atomic
def take_next(*, by: Staff) -> Call | None:
    """The one who has waited longest; None where nobody waits. Two operators never take the same."""
    take_turn()
    if queries.current_call(by) is not None:
        raise NotNow(_("You have a call in hand. End it first."))
    if queries.taken_today(by) >= queries.LOAD:
        raise NotNow(_("You have taken as many calls today as one person should. Let somebody else take the next."))
    found = queries.next_one()
    if isinstance(found, CallBack):
        return _take_call_back(found, by=by)
    if found is None:
        return None
    call = Call.objects.select_for_update().get(pk=found.pk)
    talk = advance(talk_of(call), Taken())
    call.talk, call.state = asdict(talk), talk.state.value
    call.path = f"{call.path},{talk.state.value}"[-_PATH:]
    call.taken_at, call.operator = clock.now(), by
    call.save()
    _talking(by)
    audit.record(Deed.TAKEN, by=by, about=call.reference)
    return call


@transaction.atomic
def take_call_back(call_back: CallBack, *, by: Staff) -> Call:
    """This call-back now; only in her hours."""
    take_turn()
    if queries.current_call(by) is not None:
        raise NotNow(_("You have a call in hand. End it first."))
    return _take_call_back(call_back, by=by)


def _take_call_back(call_back: CallBack, *, by: Staff) -> Call:
    owed = CallBack.objects.select_for_update().get(pk=call_back.pk)
    hour = timezone.localtime(clock.now()).hour
    if owed.state != CallBack.State.WAITING:
        raise NotNow(_("Somebody else calls her already."))
    if not owed.from_hour <= hour < owed.to_hour:
        raise NotNow(_("These are not her safe hours."))
    owed.state, owed.taken_by = CallBack.State.TAKEN, by
    owed.save(update_fields=["state", "taken_by"])
    call = Call(
        line_id=f"back:{owed.reference}:{owed.calls.count()}",
        language=owed.language,
        number=owed.number,
        number_index=enquiries.telephone_index(owed.number or ""),
        state=State.CONNECTED.value,
        path=State.CONNECTED.value,
        taken_at=clock.now(),
        operator=by,
        distress=owed.distress,
        keyed=owed.call.keyed,
        draft=owed.call.draft,
        answers=owed,
    )
    call.save(force_insert=True)
    _talking(by)
    audit.record(Deed.CALL_BACK_TAKEN, by=by, about=owed.reference)
    return call


def _talking(staff: Staff) -> None:
    desk, _made = AtDesk.objects.get_or_create(staff=staff)
    desk.state, desk.since = AtDesk.State.TALKING, clock.now()
    desk.save(update_fields=["state", "since"])


def _mine(call: Call, by: Staff) -> Call:
    locked = Call.objects.select_for_update().filter(pk=call.pk, operator=by, closed_at__isnull=True).first()
    if locked is None:
        raise NotNow(_("You do not have this call in hand any more."))
    return locked


@transaction.atomic
def save_draft(call: Call, draft: Mapping[str, str], *, by: Staff) -> None:
    """What is typed so far."""
    call = _mine(call, by)
    call.draft = {key: text for key, text in draft.items() if text} or None
    call.save(update_fields=["draft"])


@transaction.atomic
def show_number(call: Call, *, by: Staff) -> str:
    """The number to call back, for the one who calls it now; that it was shown is recorded."""
    call = _mine(call, by)
    if call.answers is None or not call.number:
        raise NotNow(_("The number is shown only to whoever calls it back."))
    audit.record(Deed.NUMBER_SHOWN, by=by, about=call.reference)
    return str(call.number)


@transaction.atomic
def file_from_call(
    call: Call,
    facts: Mapping[str, str],
    *,
    relation: Relation,
    language: str,
    enquirer: Mapping[str, str],
    call_her: bool,
    sought: SoughtPerson | None,
    by: Staff,
) -> Enquiry:
    """What she told becomes an enquiry. `call_her`: on the number she calls from, which the operator need not see."""
    call = _mine(call, by)
    left = dict(enquirer)
    if call_her and call.number and not left.get("telephone"):
        left["telephone"] = str(call.number)
    enquiry = enquiries.file_enquiry(
        facts,
        channel=Channel.HOTLINE,
        relation=relation,
        language=language,
        enquirer=left,
        reach=Reach.TELEPHONE if call_her and left.get("telephone") else Reach.NONE,
        sought=sought,
        filing_token=f"call-{call.reference}",
        by=by,
    )
    call.enquiry, call.draft = enquiry, None
    call.outcome = Outcome.JOINED if sought else Outcome.FILED
    call.save(update_fields=["enquiry", "draft", "outcome"])
    audit.record(Deed.FILED, by=by, about=call.reference, detail={"enquiry": enquiry.reference})
    return enquiry


@transaction.atomic
def flag_distress(call: Call, *, by: Staff) -> None:
    """She cannot bear it alone: the psychologist calls her."""
    call = _mine(call, by)
    call.distress = True
    call.save(update_fields=["distress"])
    if call.number:
        _owe(call, kind=CallBack.Kind.CARE, number=str(call.number), hours=(9, 20), cover="none")
    audit.record(Deed.DISTRESS, by=by, about=call.reference)


@transaction.atomic
def end_call(
    call: Call,
    *,
    outcome: str,
    note: str = "",
    next_step: str = NextStep.NONE,
    result: str = "",
    later: datetime | None = None,
    by: Staff,
) -> Call:
    """The call is over: what came of it and what follows. Of a call-back also whether she was reached."""
    call = _mine(call, by)
    if call.answers_id is not None and result not in Try.Result.values:
        raise NotNow(_("Say whether she was reached."))
    if outcome not in Outcome.values:
        raise NotNow(_("Say what came of the call."))
    now = clock.now()
    call.outcome, call.note, call.next_step = outcome, note.strip() or None, next_step
    call.closed_at, call.ended_at = now, call.ended_at or now
    call.save()
    if call.answers is not None:
        _note_try(call.answers, result, later=later, by=by)
    if next_step == NextStep.CALL_BACK and call.number:
        _owe(call, kind=CallBack.Kind.ASKED, number=str(call.number), hours=MISSED_HOURS, cover="none")
    if next_step == NextStep.PSYCHOLOGIST and call.number:
        _owe(call, kind=CallBack.Kind.CARE, number=str(call.number), hours=(9, 20), cover="none")
    AtDesk.objects.filter(staff=by).update(state=AtDesk.State.READY, since=now)
    audit.record(Deed.ENDED, by=by, about=call.reference, detail={"outcome": outcome, "next": next_step})
    return call


def caller_hung_up(call: Call, *, by: Staff) -> Call:
    """She is gone in the middle: what was typed stays, and she is called back where she left a number."""
    step = NextStep.CALL_BACK if call.answers_id is None else NextStep.NONE
    ended = end_call(
        call,
        outcome=Outcome.HUNG_UP,
        next_step=step,
        result=Try.Result.LATER if call.answers_id else "",
        note=call.note or "",
        by=by,
    )
    with transaction.atomic():
        audit.record(Deed.HUNG_UP, by=by, about=call.reference)
    return ended


def _note_try(owed: CallBack, result: str, *, later: datetime | None, by: Staff) -> None:
    owed = CallBack.objects.select_for_update().get(pk=owed.pk)
    Try.objects.create(call_back=owed, by=by, result=result)
    hours, now = (owed.from_hour, owed.to_hour), clock.now()
    owed.tries += 1
    owed.taken_by = None
    if result == Try.Result.REACHED:
        owed.state, owed.over_at = CallBack.State.DONE, now
    elif result == Try.Result.WRONG or owed.tries >= MOST_TRIES:
        owed.state, owed.over_at = CallBack.State.GIVEN_UP, now
    else:
        owed.state = CallBack.State.WAITING
        owed.due_at = within(hours, max(later, now) if later else again_at(result, owed.tries, now))
    owed.save()
    audit.record(Deed.CALL_BACK_TRIED, by=by, about=owed.reference, detail={"result": result, "tries": owed.tries})


def again_at(result: str, tries: int, now: datetime) -> datetime:
    """When she is tried again: the first time after two hours, then on the next day; after somebody else answered, too."""
    if result == Try.Result.NOBODY and tries == 1:
        return now + timedelta(hours=2)
    return now + timedelta(days=1)


@transaction.atomic
def hand_on(*, by: Staff) -> int:
    """The end of a shift: what she has in hand and cannot finish waits for the next. How many."""
    held = list(CallBack.objects.select_for_update().filter(state="taken", taken_by=by))
    for owed in held:
        owed.state, owed.taken_by = CallBack.State.WAITING, None
        owed.save(update_fields=["state", "taken_by"])
        Call.objects.filter(answers=owed, closed_at__isnull=True).update(
            closed_at=clock.now(), ended_at=clock.now(), outcome=Outcome.HUNG_UP
        )
    AtDesk.objects.filter(staff=by).update(state=AtDesk.State.AWAY, since=clock.now())
    audit.record(Deed.HANDED_ON, by=by, detail={"count": len(held)})
    return len(held)


# --- the supervisor's side --------------------------------------------------------------------------------------------


@transaction.atomic
def switch_surge(on: bool, *, partner_lines: str = "", by: Staff) -> Line:
    """A shorter script and call-backs first, or the usual script again."""
    line, _made = Line.objects.select_for_update().get_or_create(pk=1)
    line.surge, line.surge_since = on, clock.now() if on else None
    line.partner_lines = "".join(sign for sign in partner_lines if sign.isdigit() or sign in " +,")[:80].strip()
    line.save()
    audit.record(Deed.SURGE, by=by, detail={"on": on})
    return line


@transaction.atomic
def hear_message(message: SpokenMessage, *, by: Staff) -> bytes:
    """Her voice in the clear, for one who may; each listening is recorded."""
    audit.record(Deed.MESSAGE_HEARD, by=by, about=message.reference)
    if message.heard_at is None:
        SpokenMessage.objects.filter(pk=message.pk).update(heard_at=clock.now())
    return messages.opened(bytes(message.sealed), about=message.reference)


def forget_old(now: datetime | None = None) -> int:
    """What is not kept any longer: numbers after 7 days, voices after 30, rows after 400. How many rows changed."""
    now = now or clock.now()
    week, month, year = now - timedelta(days=7), now - timedelta(days=30), now - timedelta(days=400)
    owing = CallBack.objects.filter(state__in=["waiting", "taken"]).values("call")
    # Sealed columns are set to nothing row by row, for only saving knows how; five hundred at a turn.
    gone = 0
    old = Call.objects.filter(closed_at__lt=week).exclude(pk__in=owing)
    for call in old.exclude(number__isnull=True, talk__isnull=True, draft__isnull=True, note__isnull=True)[:500]:
        call.number = call.talk = call.draft = call.note = None
        call.number_index, call.keyed, call.enquiry = None, None, None
        call.save(update_fields=["number", "talk", "draft", "note", "number_index", "keyed", "enquiry"])
        gone += 1
    for owed in CallBack.objects.filter(over_at__lt=week, number__isnull=False)[:500]:
        owed.number = owed.note = None
        owed.save(update_fields=["number", "note"])
        gone += 1
    gone += SpokenMessage.objects.filter(left_at__lt=month).delete()[0]
    gone += Call.objects.filter(closed_at__lt=year).exclude(pk__in=owing).delete()[0]
    return gone
