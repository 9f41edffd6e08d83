"""How an enquirer may be reached, as she and staff see and change it. `contact` keeps it; the enquiry says it in one word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from homeward.access.models import Staff
from homeward.channels.carrying import Channel as Way
from homeward.contact import actions as contact
from homeward.contact.models import AddressState
from homeward.contact.queries import wishes_of
from homeward.enquiries.actions import telephone_index
from homeward.enquiries.models import Enquiry, Reach
from homeward.enquiries.queries import masked
from homeward.lib.refusals import Refusal
from homeward.lib.turn import take_turn

_REACH = {Way.VOICE: Reach.TELEPHONE, Way.SMS: Reach.SMS, Way.EMAIL: Reach.EMAIL, Way.TELEGRAM: Reach.TELEGRAM}


class TooManyPlaces(Refusal):
    """More places than anybody would try."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place where she may be reached: its end only, for whoever looks over her shoulder."""

    reference: str
    words: str
    arrives: bool


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands now, and what a form shows of it."""

    places: tuple[Place, ...]
    typed: dict[str, object]
    hours: tuple[int, int]
    quiet_days: str


def stands_for(enquiry: Enquiry) -> Stands:
    """Her wishes; no places: not at all."""
    wishes = wishes_of(enquiry.reference)
    if wishes is None:
        return Stands((), {"language": enquiry.language, "time_zone": "Europe/Kyiv"}, (9, 20), "")
    rows = wishes.addresses.order_by("place")
    typed = {
        "language": wishes.language, "time_zone": wishes.time_zone, "from_hour": str(wishes.from_hour),
        "to_hour": str(wishes.to_hour), "quiet_days": list(wishes.quiet_days), "cover_phrase": wishes.cover_phrase or "",
    }  # fmt: skip
    places = tuple(Place(row.reference, _words(row.channel, row.address), row.state == AddressState.OK) for row in rows)
    return Stands(places, typed, (wishes.from_hour, wishes.to_hour), wishes.quiet_days)


def _words(channel: str, address: str) -> str:
    name = way_called(channel)
    # A chat has a number nobody knows; of the others the end is enough to tell one from the other.
    if channel == Way.TELEGRAM:
        return name
    if channel == Way.EMAIL:
        return f"{name} {address[0]}•••@•••{address[-2:]}"
    return f"{name} {masked(address)}"


def way_called(channel: str) -> str:
    """The way in words for the family."""
    return {
        Way.SMS: _("a text message to"), Way.VOICE: _("a call by a person to"), Way.EMAIL: _("an e-mail to"),
        Way.TELEGRAM: _("a message in the chat with our bot on Telegram"),
    }[Way(channel)]  # fmt: skip


@transaction.atomic
def change(
    enquiry: Enquiry,
    *,
    order: Sequence[str],
    added: tuple[str, str] | None,
    language: str,
    time_zone: str,
    hours: tuple[int, int],
    quiet_days: Iterable[int],
    cover_phrase: str | None,
    by: Staff | None,
) -> None:
    """The places that stay, in this order, and one more at the end; a phrase of None stays as it is."""
    take_turn()
    wishes = wishes_of(enquiry.reference)
    there = {row.reference: (row.channel, row.address) for row in wishes.addresses.all()} if wishes else {}
    addresses = [there[reference] for reference in order if reference in there]
    if added is not None:
        if len(addresses) >= contact.MOST_ADDRESSES:
            raise TooManyPlaces(_("These are as many as we would try. Take one away first."))
        addresses.append(added)
    if cover_phrase is None:
        cover_phrase = (wishes.cover_phrase if wishes else (enquiry.enquirer or {}).get("cover_phrase")) or ""
    contact.set_wishes(
        enquiry.reference, language=language, addresses=addresses, time_zone=time_zone, from_hour=hours[0],
        to_hour=hours[1], quiet_days=quiet_days, cover_phrase=cover_phrase, by=by,
    )  # fmt: skip
    _say_on_the_enquiry(enquiry, addresses, cover_phrase)


@transaction.atomic
def not_at_all(enquiry: Enquiry, *, by: Staff | None) -> None:
    """No contact from now on: every place is forgotten."""
    take_turn()
    contact.forget_wishes(enquiry.reference, by=by)
    _say_on_the_enquiry(enquiry, [], "")


def _say_on_the_enquiry(enquiry: Enquiry, addresses: list[tuple[str, str]], cover_phrase: str) -> None:
    """What the enquiry keeps of her contacts follows: a place she took away is nowhere any more."""
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    firsts: dict[str, str] = {}
    for channel, address in addresses:
        firsts.setdefault("telephone" if channel in (Way.SMS, Way.VOICE) else channel, address)
    left = {**(enquiry.enquirer or {}), "telephone": "", "email": "", "telegram": "", **firsts}
    left["cover_phrase"] = cover_phrase.strip()
    left = {key: text for key, text in left.items() if text}
    enquiry.enquirer = left or None
    enquiry.reach = _REACH[Way(addresses[0][0])] if addresses else Reach.NONE
    enquiry.telephone_index = telephone_index(left.get("telephone", ""))
    enquiry.save(update_fields=["enquirer", "reach", "telephone_index"])
