"""Notices to the Central Agency and the Protecting Power: queued with the event itself, sent by a person, acknowledged (Art. 122)."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.register.models import Entry
from homeward.register.particulars import said
from homeward.register.queries import card_of
from homeward.returns.deeds import Deed
from homeward.returns.models import Notice, NoticeKind, NoticeTo

# GC III Art. 122(4), in the order of the paragraph.
_PARTICULARS = (
    "surname", "given", "rank", "service_number", "birthplace", "born", "power", "father", "mother_maiden",
    "informed_name", "informed_address", "address",
)  # fmt: skip


class NotSent(Refusal):
    """The notice has been sent, or has not."""


def queue_notices(entry: Entry, *, kind: NoticeKind, event: dict[str, Any], by: Staff) -> list[Notice]:
    """One notice to each who has to be told, with his particulars as the register has them; in the caller's transaction."""
    card = card_of(entry).particulars
    content = {
        "reference": entry.reference,
        "kind": str(kind),
        "particulars": {code: said(card, code) for code in _PARTICULARS},
        "event": event,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    made = [
        Notice.objects.create(entry=entry, kind=kind, recipient=recipient, content=content, content_hash=digest)
        for recipient in NoticeTo
    ]
    audit.record(Deed.TRANSMITTED, by=by, about=entry.reference, detail={"kind": str(kind)})
    return made


def waiting_notices() -> QuerySet[Notice]:
    """What has not been sent yet, oldest first."""
    return Notice.objects.filter(sent_at__isnull=True).select_related("entry").order_by("queued_at", "pk")


@transaction.atomic
def note_sent(notice: Notice, *, route: str, by: Staff) -> Notice:
    """It went out, by this route."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.sent_at is not None:
        raise NotSent(_("This notice has been sent already."))
    notice.sent_at, notice.sent_by, notice.route = clock.now(), by, route
    notice.save(update_fields=["sent_at", "sent_by", "route"])
    audit.record(Deed.SENT, by=by, about=notice.entry.reference, detail={"notice": notice.reference})
    return notice


@transaction.atomic
def note_acknowledged(notice: Notice, *, by: Staff) -> Notice:
    """The recipient said that it arrived."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.sent_at is None or notice.acknowledged_at is not None:
        raise NotSent(_("This notice cannot be acknowledged now."))
    notice.acknowledged_at = clock.now()
    notice.save(update_fields=["acknowledged_at"])
    audit.record(Deed.ACKNOWLEDGED, by=by, about=notice.entry.reference, detail={"notice": notice.reference})
    return notice
