"""The background work of the register."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from homeward.lib import clock
from homeward.lib.changes.models import Side, latest_number
from homeward.matching import client
from homeward.register.matchable import some
from homeward.register.models import Entry, Statement
from homeward.register.queries import SAME_MAN_BITS
from homeward.work.actions import enqueue
from homeward.work.handlers import handles
from homeward.work.task import Task

_STEP = 200


@handles("register.twins")
def mark_twins(task: Task) -> None:
    """Mark the new entries of a list that are so like an entry of another list that a registrar should look.

    Nobody joins by himself. Run twice it marks the same ones, except those at which somebody has looked since.
    """
    own = Statement.objects.filter(entry=OuterRef("pk"), batch=task.subject)
    brought = Entry.objects.filter(Exists(own), withdrawn_at__isnull=True, joined_into__isnull=True, version=0)
    total, after, done = brought.count(), 0, 0
    while rows := list(brought.filter(pk__gt=after).order_by("pk").values_list("pk", "reference")[:_STEP]):
        if task.should_stop():
            return
        items = [item for item in some([reference for _pk, reference in rows]) if item.persons]
        try:
            answers = client.search_many(
                Side.REGISTER, [item.persons[0] for item in items], 4, at_least=latest_number()
            )
        except client.MatcherAway:
            _later(task)
            return
        alike = {found.key for answer in answers for found in answer if found.bits > SAME_MAN_BITS}
        # Entries of this very list are told apart by the list itself.
        others = set(
            Entry.objects.filter(pk__in=alike, withdrawn_at__isnull=True)
            .exclude(Exists(own))
            .values_list("pk", flat=True)
        )
        twins = [
            item.key
            for item, answer in zip(items, answers, strict=True)
            # Of a pair only the later one: one look settles both.
            if any(found.key in others and found.key < item.key and found.bits > SAME_MAN_BITS for found in answer)
        ]
        with transaction.atomic():
            task.hold()
            Entry.objects.filter(pk__in=twins, version=0).update(is_doubtful=True)
        after, done = rows[-1][0], done + len(rows)
        task.progress(done, total)


def _later(task: Task) -> None:
    """The matcher is starting or away: that is no fault of this work, which comes again by itself, ever more rarely."""
    tries = int(task.payload.get("tries", 0))
    pause = timedelta(seconds=min(2**tries, 900))
    enqueue("register.twins", subject=task.subject, payload={"tries": tries + 1}, run_after=clock.now() + pause)
