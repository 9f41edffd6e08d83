"""What is on the wire: from a message that is due, over one channel after the other, to one of the ends.

    message  waiting -> posted -> sent | unsure | call | dropped
    posting  waiting -> begun -> done | failed | unsure

`begun` is committed before the wire is touched and the outcome after it, so a process may die anywhere: what had not begun
is begun by the next process; a text that had begun is `unsure` and never handed over again, for no channel of ours gives a
text a number by which a second one would be recognised. What bears repeating (changing, deleting, answering a button) is repeated.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from homeward import audit
from homeward.channels import carrying, configured
from homeward.channels.carrying import Channel
from homeward.contact import hours, texts
from homeward.contact.actions import index_of
from homeward.contact.deeds import Deed
from homeward.contact.models import (
    Address,
    AddressState,
    CallBack,
    Campaign,
    Message,
    Posting,
    Wishes,
)
from homeward.lib import clock
from homeward.work.leases import is_dead, worker_name

# A channel that has not carried a message for so long is given up for this message.
GIVE_UP = timedelta(hours=24)
# A process elsewhere that began so long ago and says nothing is taken for dead.
_SILENCE = timedelta(minutes=10)
_OUTSIDE_HOURS = "hours"
_DAYS_AWAY = 2


# --- from message to posting ---------------------------------------------------------------------------------------------


def route_due(limit: int = 200) -> int:
    """Put the messages that are due on their channels; how many were due."""
    held = Q(campaign__isnull=True) | Q(campaign__state=Campaign.State.RUNNING)
    due = Message.objects.filter(held, state=Message.State.WAITING, due_at__lte=clock.now()).order_by("due_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:limit])
    for start in range(0, len(keys), 50):
        with transaction.atomic():
            rows = Message.objects.select_for_update(of=("self",)).select_related("wishes")
            for message in rows.filter(pk__in=keys[start : start + 50], state=Message.State.WAITING).order_by("pk"):
                _route(message)
    return len(keys)


def _route(message: Message) -> None:
    wishes, now = message.wishes, clock.now()
    start, end = hours.window(wishes, hours.today_of(wishes, now))
    quiet = str(hours.today_of(wishes, now).isoweekday()) in wishes.quiet_days
    if quiet or not start <= now < end:
        _put_off(message)
        return
    failed = Counter(message.postings.values_list("address_id", flat=True))
    refused = set(message.postings.exclude(fault=_OUTSIDE_HOURS).values_list("address_id", flat=True))
    # A channel that was away all her hours is given a second day, then the next one is taken.
    tried = refused | {address for address, times in failed.items() if times >= _DAYS_AWAY}
    here = configured.available()
    for address in wishes.addresses.filter(state=AddressState.OK).order_by("place"):
        if address.pk in tried:
            continue
        if address.channel == Channel.VOICE:
            break  # she prefers a person from here on
        if address.channel in here:
            _post(message, address, not_after=end)
            return
    _nobody_carries(message)


def _put_off(message: Message) -> None:
    """Her hours are over, or not yet: an evenly drawn moment of the next ones."""
    wishes, now = message.wishes, clock.now()
    today = hours.today_of(wishes, now)
    start, _end = hours.window(wishes, today)
    is_later_today = now < start and str(today.isoweekday()) not in wishes.quiet_days
    day = today if is_later_today else hours.allowed_day_after(wishes, today)
    if message.on_day is not None and message.on_day != day:
        there = Message.objects.filter(wishes=wishes, on_day=day).exclude(pk=message.pk).first()
        if there is not None:
            # That day has its message already, which says the same.
            Message.objects.filter(pk=there.pk).update(must_arrive=there.must_arrive or message.must_arrive)
            _settle_message(message, Message.State.DROPPED)
            return
        message.on_day = day
    message.due_at, message.state = hours.moment_on(wishes, day), Message.State.WAITING
    message.save(update_fields=["on_day", "due_at", "state"])


def _post(message: Message, address: Address, *, not_after: Any) -> None:
    Posting.objects.create(
        channel=address.channel,
        address_index=bytes(address.address_index),
        content={"to": address.address, "text": _text_of(message)},
        message=message,
        address=address,
        due_at=clock.now(),
        not_after=not_after,
    )
    message.state = Message.State.POSTED
    message.save(update_fields=["state"])


def _text_of(message: Message) -> str:
    language = texts.language_of(message.wishes.language)
    if message.campaign is not None:
        return f"{message.campaign.texts[language]} {message.wishes.subject}"
    return texts.outside(texts.Text.DOORBELL, language, message.wishes.subject)


def _nobody_carries(message: Message) -> None:
    """No channel is left: a person calls, unless it said nothing anyway."""
    if not message.must_arrive:
        _settle_message(message, Message.State.DROPPED)
        return
    if not CallBack.objects.filter(subject=message.wishes.subject, done_at__isnull=True).exists():
        CallBack.objects.create(message=message, subject=message.wishes.subject)
    _settle_message(message, Message.State.CALL)
    audit.record(Deed.NOT_REACHED, by=None, about=message.wishes.subject)


def _settle_message(message: Message, state: Message.State, channel: str = "") -> None:
    message.state, message.channel, message.settled_at = state, channel, clock.now()
    message.save(update_fields=["state", "channel", "settled_at"])


# --- what is said in a talk ----------------------------------------------------------------------------------------------


def say(
    channel: str,
    address: str,
    content: Mapping[str, Any],
    *,
    method: Posting.Method = Posting.Method.SEND,
    after: timedelta = timedelta(0),
) -> Posting:
    """Something to one chat, in the caller's transaction: said once it is committed, in the order it was written."""
    return Posting.objects.create(
        channel=channel,
        method=method,
        address_index=index_of(channel, address),
        content={"to": address, **content},
        due_at=clock.now() + after,
    )


# --- on the wire ---------------------------------------------------------------------------------------------------------


def claim(channel: str, by: str, *, most: int = 1, no_texts_to: Collection[bytes] = ()) -> list[Posting]:
    """Begin the postings that are due, at most one a chat and each chat's in their order. Committed when this returns."""
    now = clock.now()
    earlier = Posting.objects.filter(
        Q(state=Posting.State.BEGUN) | Q(state=Posting.State.WAITING, due_at__lte=now),
        channel=channel, address_index=OuterRef("address_index"), pk__lt=OuterRef("pk"),
    )  # fmt: skip
    due = Posting.objects.filter(channel=channel, state=Posting.State.WAITING, due_at__lte=now)
    if not due.exists():  # outside a transaction: on SQLite an idle process must not hold up writers
        return []
    with transaction.atomic():
        free = due.exclude(method=Posting.Method.SEND, address_index__in=list(no_texts_to)) if no_texts_to else due
        # Those put off until now come behind: a chat that made trouble does not keep others waiting.
        rows = list(free.exclude(Exists(earlier)).order_by("due_at", "pk")[: most * 2])
        begun: list[Posting] = []
        for posting in rows:
            if posting.not_after is not None and posting.not_after <= now:
                _too_late(posting)
                continue
            taken = Posting.objects.filter(pk=posting.pk, state=Posting.State.WAITING).update(
                state=Posting.State.BEGUN, begun_by=by, begun_at=now, tries=F("tries") + 1
            )
            if taken:
                posting.state, posting.begun_by = Posting.State.BEGUN, by
                begun.append(posting)
                if len(begun) == most:
                    break
    return begun


def _too_late(posting: Posting) -> None:
    """Her hours ended while the channel was away."""
    _end(posting, Posting.State.FAILED, fault=_OUTSIDE_HOURS)
    message = _message_of(posting)
    if message is not None:
        _put_off(message)


def _end(posting: Posting, state: Posting.State, *, fault: str = "", external_id: str = "") -> bool:
    """Write down how it ended; False where the row is gone or ended already."""
    open_ones = Posting.objects.filter(pk=posting.pk, state__in=[Posting.State.BEGUN, Posting.State.WAITING])
    # What was said is forgotten the moment it is said.
    return bool(
        open_ones.update(
            state=state, begun_by="", fault=fault, external_id=external_id[:80], settled_at=clock.now(), content=None
        )
    )


def _message_of(posting: Posting) -> Message | None:
    if posting.message_id is None:
        return None
    return (
        Message.objects.select_for_update(of=("self",)).select_related("wishes").filter(pk=posting.message_id).first()
    )


@transaction.atomic
def carried(posting: Posting, external_id: str = "") -> None:
    """The other side has it."""
    if not _end(posting, Posting.State.DONE, external_id=external_id):
        return
    message = _message_of(posting)
    if message is not None:
        _settle_message(message, Message.State.SENT, posting.channel)
        audit.record(Deed.SENT, by=None, about=message.wishes.subject, detail={"channel": posting.channel})


@transaction.atomic
def not_carried(posting: Posting, outcome: carrying.Undelivered) -> None:
    """It did not get through: again later, by the next channel, or, where nobody can know, not again."""
    if isinstance(outcome, carrying.Unclear) and posting.method == Posting.Method.SEND:
        _unsure(posting, outcome.code)
    elif isinstance(outcome, (carrying.Later, carrying.Unclear)):
        _again_later(posting, outcome)
    else:
        state = AddressState.BLOCKED if isinstance(outcome, carrying.Blocked) else AddressState.WRONG
        _refused(posting, state, outcome.code)


def _unsure(posting: Posting, code: str) -> None:
    if not _end(posting, Posting.State.UNSURE, fault=code):
        return
    message = _message_of(posting)
    if message is None:
        return
    _settle_message(message, Message.State.UNSURE, posting.channel)
    audit.record(Deed.UNSURE, by=None, about=message.wishes.subject, detail={"channel": posting.channel})
    if message.must_arrive and message.campaign_id is None:
        # Not the same one twice; but her page still has something to read, so the next day rings as any other would.
        day = hours.allowed_day_after(message.wishes, hours.today_of(message.wishes, clock.now()))
        again, made = Message.objects.get_or_create(
            wishes=message.wishes,
            on_day=day,
            defaults={"due_at": hours.moment_on(message.wishes, day), "must_arrive": True},
        )
        if not made:
            Message.objects.filter(pk=again.pk).update(must_arrive=True)


def _again_later(posting: Posting, outcome: carrying.Undelivered) -> None:
    if clock.now() - posting.made_at > GIVE_UP:
        if _end(posting, Posting.State.FAILED, fault=outcome.code):
            message = _message_of(posting)
            if message is not None:
                _route(message)
        return
    if outcome.wait is not None:
        pause = outcome.wait
    elif isinstance(outcome, carrying.LineDown):
        pause = 0.0  # whoever posts waits for the line, not for this posting
    else:
        pause = min(900.0, 2.0 ** min(posting.tries, 10)) * random.uniform(0.5, 1)
    Posting.objects.filter(pk=posting.pk, state=Posting.State.BEGUN).update(
        state=Posting.State.WAITING, begun_by="", fault=outcome.code, due_at=clock.now() + timedelta(seconds=pause)
    )


def _refused(posting: Posting, state: AddressState, code: str) -> None:
    if not _end(posting, Posting.State.FAILED, fault=code):
        return
    if posting.method != Posting.Method.SEND:
        return  # a message that is gone already, a button pressed too long ago
    close_address(posting.channel, bytes(posting.address_index), state)
    message = _message_of(posting)
    if message is not None:
        _route(message)


def close_address(channel: str, index: bytes, state: AddressState) -> None:
    """Nothing more goes to this address, whosever it is."""
    Address.objects.filter(channel=channel, address_index=index).update(state=state)


@transaction.atomic
def recover(channel: str) -> int:
    """What a dead process had begun: texts are unsure, all else is done again. How many there were."""
    begun = Posting.objects.filter(channel=channel, state=Posting.State.BEGUN)
    silent = clock.now() - _SILENCE
    here = worker_name().split(":")[0]
    lost = [
        posting
        for posting in begun.order_by("pk")
        # A process of this machine that lives finishes what it began, however long the wire takes.
        if is_dead(posting.begun_by)
        or (posting.begun_by.split(":")[0] != here and posting.begun_at is not None and posting.begun_at < silent)
    ]
    for posting in lost:
        not_carried(posting, carrying.Unclear("process_died"))
    return len(lost)


# --- messages that mean nothing --------------------------------------------------------------------------------------------


def write_doorbells(limit: int = 200) -> int:
    """Write the doorbells of the coming day for everybody whose coin has fallen; how many were due."""
    tomorrow = clock.today() + timedelta(days=1)
    due = list(Wishes.objects.filter(doorbell_on__lte=tomorrow).order_by("doorbell_on", "pk")[:limit])
    for wishes in due:
        with transaction.atomic():
            day = wishes.doorbell_on
            assert day is not None
            following = hours.next_doorbell(wishes, max(day, clock.today()))
            if not Wishes.objects.filter(pk=wishes.pk, doorbell_on=day).update(doorbell_on=following):
                continue
            if wishes.addresses.filter(state=AddressState.OK).exclude(channel=Channel.VOICE).exists():
                Message.objects.get_or_create(
                    wishes=wishes, on_day=day, defaults={"due_at": hours.moment_on(wishes, day), "must_arrive": False}
                )
    return len(due)
