"""Background work of this room: messages find their channel, doorbells are written, texts and mails are posted, old rows go."""

import time
from datetime import timedelta

from django.db import connection

from homeward.channels import carrying, configured
from homeward.contact import campaigns, posting
from homeward.contact.models import Incoming, Message, Posting, Talk
from homeward.lib import clock
from homeward.work import Task, follows, handles
from homeward.work.leases import worker_name

_KEPT_POSTINGS, _KEPT_INCOMING = timedelta(days=30), timedelta(days=7)
_KEPT_TALKS, _KEPT_MESSAGES = timedelta(days=30), timedelta(days=365)
_LONGEST_SILENCE = 900.0
_looked_at: dict[str, float] = {}
# Channels that do not answer: until when they are left alone, and how often they failed in a row.
_silent: dict[str, tuple[float, int]] = {}


def _is_time(name: str, every: float) -> bool:
    if time.monotonic() - _looked_at.get(name, -every) < every:
        return False
    _looked_at[name] = time.monotonic()
    return True


@handles(campaigns.JOB)
def write_a_campaigns_messages(job: Task) -> None:
    """One message for each family of an approved group."""
    campaigns.write_messages(job)


@follows("contact.route")
def route() -> bool:
    """Messages that are due find their channel."""
    return posting.route_due() > 0


@follows("contact.doorbells")
def ring_for_nothing_new() -> bool:
    """Messages that mean nothing are written a day ahead."""
    return _is_time("doorbells", 30) and posting.write_doorbells() > 0


@follows("contact.post")
def post() -> bool:
    """Hand one text over on each channel the worker speaks itself."""
    busy = False
    for channel, carrier in configured.carriers().items():
        if _silent.get(channel, (0.0, 0))[0] > time.monotonic():
            continue
        if _is_time(f"recover {channel}", 30):
            posting.recover(channel)
        for one in posting.claim(channel, worker_name("#contact")):
            busy = True
            content = one.content
            try:
                number = carrier.carry(content["to"], content["text"], reference=one.reference)
            except carrying.Undelivered as outcome:
                posting.not_carried(one, outcome)
                if isinstance(outcome, (carrying.LineDown, carrying.Unclear)):
                    times = _silent.get(channel, (0.0, 0))[1] + 1
                    _silent[channel] = time.monotonic() + min(_LONGEST_SILENCE, 2.0**times), times
            else:
                posting.carried(one, number)
                _silent.pop(channel, None)
    return busy


@follows("contact.forget")
def forget() -> bool:
    """Rows whose time is over."""
    if not _is_time("forget", 600):
        return False
    now = clock.now()
    old = (
        Posting.objects.filter(settled_at__lt=now - _KEPT_POSTINGS, message__isnull=True),
        Incoming.objects.filter(handled_at__isnull=False, received_at__lt=now - _KEPT_INCOMING),
        Talk.objects.filter(spoken_at__lt=now - _KEPT_TALKS),
        Message.objects.filter(settled_at__lt=now - _KEPT_MESSAGES, campaign__isnull=True),
    )
    gone = sum(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:500])).delete()[0] for rows in old)
    if gone and connection.vendor == "sqlite":
        return False  # the rest at the next turn: deleting holds up other writers
    return gone > 0
