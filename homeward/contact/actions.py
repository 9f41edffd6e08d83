"""How a family wishes to be reached, and ringing at her door."""

import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.channels.carrying import Channel
from homeward.contact import hours
from homeward.contact.deeds import Deed
from homeward.contact.models import Address, AddressState, CallBack, Message, Wishes
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.lib.sealed import blind_index
from homeward.lib.turn import take_turn

MOST_ADDRESSES = 6
_COUNTRY = "UA"


class AlreadyDone(Refusal):
    """The call-back is finished."""


class NotHerHours(Refusal):
    """Hours, days or a time zone in which nobody could ever be written to."""


def tidied(channel: str, address: str) -> tuple[str, bool]:
    """The address in its one written form, and whether anything can arrive there as far as its form says."""
    address = address.strip()[:200]
    if channel in (Channel.SMS, Channel.VOICE):
        try:
            number = phonenumbers.parse(address, _COUNTRY)
        except phonenumbers.NumberParseException:
            return address, False
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return written, phonenumbers.is_possible_number(number)
    if channel == Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            return address, False
        return address.lower(), True
    # A chat's number comes from the chat itself. A name somebody typed cannot be written to before she wrote to us.
    return address, bool(re.fullmatch(r"[1-9][0-9]{0,19}", address))


def index_of(channel: str, address: str) -> bytes:
    """By which an address is found again without being read."""
    return blind_index("family", f"address {channel}", address)


@transaction.atomic
def set_wishes(
    subject: str,
    *,
    language: str,
    addresses: Sequence[tuple[str, str]],
    time_zone: str = "",
    from_hour: int = 9,
    to_hour: int = 20,
    quiet_days: Iterable[int] = (),
    cover_phrase: str = "",
    by: Staff | None,
) -> Wishes | None:
    """How she wishes to be reached from now on, her first address first; no address: not at all, and None comes back."""
    kept = [(str(Channel(channel)), address) for channel, address in addresses if address.strip()][:MOST_ADDRESSES]
    if not kept:
        forget_wishes(subject, by=by)
        return None
    # Two who set the same family's wishes at once come one after the other.
    take_turn()
    wishes = Wishes.objects.select_for_update().filter(subject=subject).first() or Wishes(subject=subject)
    wishes.language, wishes.time_zone = language[:5], _zone(time_zone)
    wishes.from_hour, wishes.to_hour, wishes.quiet_days = _hours(from_hour, to_hour, quiet_days)
    wishes.cover_phrase = cover_phrase.strip() or None
    wishes.changed_at = clock.now()
    if wishes.doorbell_on is None:
        wishes.doorbell_on = hours.next_doorbell(wishes, hours.today_of(wishes, clock.now()))
    wishes.save()
    _set_addresses(wishes, kept)
    audit.record(Deed.WISHES_SET, by=by, about=subject, detail={"channels": ",".join(channel for channel, _a in kept)})
    return wishes


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name or settings.TIME_ZONE).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise NotHerHours(_("This time zone is not known.")) from unknown


def _hours(from_hour: int, to_hour: int, quiet_days: Iterable[int]) -> tuple[int, int, str]:
    quiet = "".join(str(day) for day in sorted(set(quiet_days)) if 1 <= day <= 7)
    if not 0 <= from_hour < to_hour <= 24 or len(quiet) == 7:
        raise NotHerHours(_("Choose at least one hour, and at least one day of the week."))
    return from_hour, to_hour, quiet


def _set_addresses(wishes: Wishes, kept: Sequence[tuple[str, str]]) -> None:
    before = {(row.channel, bytes(row.address_index)): row for row in wishes.addresses.all()}
    # Out of the way first: two addresses may change places.
    wishes.addresses.update(place=F("place") + 100)
    seen: set[tuple[str, bytes]] = set()
    place = 0
    for channel, typed in kept:
        address, is_possible = tidied(channel, typed)
        key = (channel, index_of(channel, address))
        if key in seen:
            continue
        seen.add(key)
        row = before.pop(key, None)
        if row is None:
            state = AddressState.OK if is_possible else AddressState.WRONG
            row = Address(wishes=wishes, channel=channel, address=address, address_index=key[1], state=state)
        row.place = place
        row.save()
        place += 1
    Address.objects.filter(pk__in=[row.pk for row in before.values()]).delete()


@transaction.atomic
def forget_wishes(subject: str, *, by: Staff | None) -> None:
    """No contact any more: addresses, and whatever waits for them, are gone."""
    wishes = Wishes.objects.filter(subject=subject).first()
    if wishes is None:
        return
    wishes.delete()
    audit.record(Deed.WISHES_GONE, by=by, about=subject)


@transaction.atomic
def ring(subject: str, *, because: str) -> None:
    """Let her know that there is something to read: on her next day, at a random minute of her hours.

    Nothing happens where she wished no contact. `because` is a code for the audit log and never leaves the house.
    """
    wishes = Wishes.objects.filter(subject=subject).first()
    if wishes is None:
        return
    day = hours.allowed_day_after(wishes, hours.today_of(wishes, clock.now()))
    # One a day, whatever it rings for: a second one would say that much happens.
    message, _made = Message.objects.get_or_create(
        wishes=wishes, on_day=day, defaults={"due_at": hours.moment_on(wishes, day), "must_arrive": True}
    )
    if not message.must_arrive:
        Message.objects.filter(pk=message.pk).update(must_arrive=True)
    audit.record(Deed.RUNG, by=None, about=subject, detail={"because": because})


@transaction.atomic
def ring_soon(subject: str, *, because: str) -> None:
    """As `ring`, but within a quarter of an hour of her hours: for people who are on the road. Its time may say something."""
    wishes = Wishes.objects.filter(subject=subject).first()
    if wishes is None:
        return
    waiting = Message.objects.filter(
        wishes=wishes, on_day__isnull=True, campaign__isnull=True, state=Message.State.WAITING
    )
    if not waiting.exists():
        Message.objects.create(wishes=wishes, due_at=hours.soon(wishes, clock.now()), must_arrive=True)
    audit.record(Deed.RUNG, by=None, about=subject, detail={"because": because, "soon": True})


@transaction.atomic
def link_address(subject: str, *, language: str, channel: str, address: str, by: Staff | None = None) -> None:
    """She wrote to us from this place and wishes to be written to there: it comes first among her addresses."""
    wishes = Wishes.objects.filter(subject=subject).first()
    key = index_of(channel, tidied(channel, address)[0])
    others = [] if wishes is None else list(wishes.addresses.order_by("place"))
    kept = [(row.channel, row.address) for row in others if (row.channel, bytes(row.address_index)) != (channel, key)]
    extra = {} if wishes is None else {
        "time_zone": wishes.time_zone, "from_hour": wishes.from_hour, "to_hour": wishes.to_hour,
        "quiet_days": [int(day) for day in wishes.quiet_days], "cover_phrase": wishes.cover_phrase or "",
    }  # fmt: skip
    set_wishes(subject, language=language, addresses=[(channel, address), *kept], by=by, **extra)  # type: ignore[arg-type]
    # She wrote from there: whatever closed it before is over.
    Address.objects.filter(wishes__subject=subject, channel=channel, address_index=key).update(state=AddressState.OK)


@transaction.atomic
def unlink_address(subject: str, *, channel: str, address: str, by: Staff | None = None) -> None:
    """Nothing is sent to this place any more; her other addresses stay."""
    key = index_of(channel, tidied(channel, address)[0])
    Address.objects.filter(wishes__subject=subject, channel=channel, address_index=key).delete()
    if not Address.objects.filter(wishes__subject=subject).exists():
        forget_wishes(subject, by=by)


@transaction.atomic
def finish_call_back(call_back: CallBack, *, by: Staff) -> None:
    """The hotline has called, or found that nobody is to be called."""
    call_back = CallBack.objects.select_for_update().get(pk=call_back.pk)
    if call_back.done_at is not None:
        raise AlreadyDone(_("Somebody has done this already."))
    call_back.done_at, call_back.done_by = clock.now(), by
    call_back.save(update_fields=["done_at", "done_by"])
    audit.record(Deed.CALLED_BACK, by=by, about=call_back.subject)
