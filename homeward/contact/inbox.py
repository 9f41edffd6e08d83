"""What came in: stored once before it is answered, and handled once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from homeward.contact.actions import index_of
from homeward.contact.models import Incoming, Talk
from homeward.lib import clock

# What fails so often is put aside, so that it does not keep others from being heard.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class New:
    """Something to be stored."""

    external_id: str
    number: int
    content: dict[str, Any]


@transaction.atomic
def keep(channel: str, news: Iterable[New]) -> None:
    """Store each once, however often it is brought. Whatever this returns from survives."""
    rows = [
        Incoming(channel=channel, external_id=new.external_id, number=new.number, content=new.content) for new in news
    ]
    Incoming.objects.bulk_create(rows, ignore_conflicts=True)


def next_incoming(channel: str) -> Incoming | None:
    """The earliest said of what is not handled yet."""
    return Incoming.objects.filter(channel=channel, handled_at__isnull=True).order_by("number", "pk").first()


def handle(incoming: Incoming, act: Callable[[dict[str, Any]], None]) -> bool:
    """Act on it and mark it handled, both or neither; its content is forgotten. False where another process was faster."""
    try:
        with transaction.atomic():
            locked = Incoming.objects.select_for_update().filter(pk=incoming.pk, handled_at__isnull=True).first()
            if locked is None:
                return False
            act(locked.content)
            _close(locked)
    except Exception:
        with transaction.atomic():
            Incoming.objects.filter(pk=incoming.pk).update(tries=F("tries") + 1)
            failed = Incoming.objects.select_for_update().get(pk=incoming.pk)
            if failed.tries >= _TRIES:
                _close(failed)
        raise
    return True


def _close(incoming: Incoming) -> None:
    Incoming.objects.filter(pk=incoming.pk).update(handled_at=clock.now(), content=None)


def talk_with(channel: str, address: str) -> Talk:
    """Where the talk with this chat stands, locked; a new one where there is none. Call it in a transaction."""
    index = index_of(channel, address)
    talk, _made = Talk.objects.select_for_update().get_or_create(channel=channel, address_index=index)
    return talk
