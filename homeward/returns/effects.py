"""Effects and money: listed, sealed by two people, sent or given with the list (GC III Arts. 18, 119, 122(9))."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.register.models import Entry
from homeward.returns.deeds import Deed
from homeward.returns.models import Custodian, Item, ItemKind, Packet

# What a man may take with him at least, if he can carry it (Art. 119).
MAY_CARRY_GRAMS = 25_000


class NotSealable(Refusal):
    """The packet cannot be listed or sealed so."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One line of a list."""

    kind: ItemKind
    what: str
    count: int = 1
    currency: str = ""
    amount: int | None = None


@transaction.atomic
def list_packet(entry: Entry, things: Sequence[Thing], *, seal_number: str, weight_grams: int = 0, by: Staff) -> Packet:
    """A packet with its complete list; a second person seals it."""
    if not things:
        raise NotSealable(_("An empty packet is not listed."))
    for thing in things:
        if thing.kind == ItemKind.MONEY and (not thing.currency or thing.amount is None):
            raise NotSealable(_("Money is listed with its currency and amount."))
    try:
        with transaction.atomic():
            packet = Packet.objects.create(
                entry=entry, seal_number=seal_number, weight_grams=weight_grams, listed_by=by
            )
    except IntegrityError:
        raise NotSealable(_("This seal number has been used.")) from None
    for thing in things:
        Item.objects.create(
            packet=packet, kind=thing.kind, what=thing.what, count=thing.count, currency=thing.currency,
            amount=thing.amount,
        )  # fmt: skip
    audit.record(Deed.PACKET_LISTED, by=by, about=entry.reference, detail={"packet": packet.reference})
    return packet


@transaction.atomic
def seal_packet(packet: Packet, *, by: Staff) -> Packet:
    """The second person went through the list with the first, and it was sealed."""
    packet = Packet.objects.select_for_update().get(pk=packet.pk)
    if packet.sealed_at is not None:
        raise NotSealable(_("This packet has been sealed already."))
    if packet.listed_by_id == by.pk:
        raise NotSealable(_("You listed it yourself. Someone else has to seal it."))
    packet.sealed_by, packet.sealed_at = by, clock.now()
    packet.save(update_fields=["sealed_by", "sealed_at"])
    audit.record(Deed.PACKET_SEALED, by=by, about=packet.entry.reference, detail={"packet": packet.reference})
    return packet


def give_packets(entry: Entry) -> list[Packet]:
    """All his sealed packets change hands now; in the caller's transaction."""
    packets = list(
        Packet.objects.select_for_update()
        .filter(entry=entry, sealed_at__isnull=False)
        .exclude(custodian=Custodian.GIVEN)
    )
    for packet in packets:
        packet.custodian = Custodian.GIVEN
        packet.save(update_fields=["custodian"])
    return packets
