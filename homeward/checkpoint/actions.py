"""Proposing, approving and taking back passes; the day's list; the logs of the kits."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.checkpoint import queries
from homeward.checkpoint.deeds import Deed
from homeward.checkpoint.kit import bundle
from homeward.checkpoint.kit.log import NotALog, read_line, uses
from homeward.checkpoint.models import DayList, KitEntry, Pass, RevokedBecause
from homeward.checkpoint.queries import pass_for_journey, passes_for_journey
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references
from homeward.lib.refusals import Refusal
from homeward.lib.turn import take_turn
from homeward.signer import actions as signer
from homeward.signer import client, keyring, passes, verify

__all__ = [
    "approve_pass", "forget_old", "make_list", "merge_log", "pass_for_journey", "passes_for_journey", "propose_pass", "refuse_pass",
    "revoke_pass", "sign_waiting",
]  # fmt: skip

AHEAD = timedelta(seconds=keyring.AHEAD)
# A pass holds a day before and after its window: buses are early and late, and a kit says amber outside the hour.
AROUND = timedelta(days=1)
LONGEST_WINDOW = timedelta(seconds=verify.LONGEST_VALIDITY) - 3 * AROUND
KEPT = timedelta(days=90)
LONGEST_LOG = 20_000_000


class NotPossible(Refusal):
    """A pass cannot say this."""


class NotStanding(Refusal):
    """The pass was taken back, or has ended."""


class NotAKitLog(Refusal):
    """The file is no log of a kit."""

    status = 400


def latin_name(name: str) -> str:
    """A name as it stands in the lower lines of a travel document: capitals, at most 39 characters."""
    return re.sub(r"\s+", " ", name.strip().upper().replace("<", " ").replace("’", "'"))[:39].strip()


def propose_pass(
    *,
    name: str,
    born: date,
    document: str,
    point: str,
    window: tuple[datetime, datetime],
    by: Staff,
    document_type: str = "P",
    companions: int = 0,
    portrait: bytes | None = None,
    with_code: bool = True,
    enquiry: Enquiry | None = None,
    journey: str = "",
) -> Proposal:
    """Propose that this person is let through there and then.

    `enquiry`: on whose page it shall stand. `portrait`: the picture's bytes; the pass holds their hash only.
    """
    begins, ends = (moment.astimezone(UTC).replace(microsecond=0) for moment in window)
    now = clock.now()
    if not begins < ends <= begins + LONGEST_WINDOW:
        raise NotPossible(_("The hours in which she is expected must follow each other, within four days."))
    if ends < now:
        raise NotPossible(_("These hours are past."))
    if ends + AROUND > now + AHEAD:
        raise NotPossible(_("A pass is made out three weeks ahead at most."))
    payload: dict[str, Any] = {
        "pass": references.new_long(),
        "pass_id": secrets.token_hex(16),
        "number": _new_number(),
        "name": latin_name(name),
        "born": born.isoformat(),
        "document_type": document_type,
        "document": "".join(each for each in document.upper() if each.isalnum()),
        "point": point,
        "window_from": int(begins.timestamp()),
        "window_until": int(ends.timestamp()),
        "not_before": int((begins - AROUND).timestamp()),
        "expires": int((ends + AROUND).timestamp()),
        "companions": companions,
        "portrait": hashlib.sha256(portrait).hexdigest()[:32] if portrait else "",
        "code": with_code,
        "enquiry": enquiry.reference if enquiry else "",
        "journey": journey,
    }
    try:
        length = passes.length_of(payload, issuer=keyring.issuer())
    except passes.NotAPass as fault:
        raise NotPossible(
            _("A pass takes the name in Latin letters and the number of the document, both as they stand in it.")
        ) from fault
    if length > passes.LONGEST:
        raise NotPossible(_("This is too long for a pass. Shorten the name as the travel document does."))
    return decisions.propose(queries.PROPOSAL_KIND, payload["pass"], payload, by=by)


def _new_number() -> str:
    while True:
        number = references.new().replace("-", "")
        if not Pass.objects.filter(number=number).exists():
            return number


def approve_pass(proposal: Proposal, *, payload_hash: str, by: Staff) -> Pass:
    """The second person's yes over exactly what the pass will say; then the signer is asked. If it is away, the worker asks again."""
    with transaction.atomic():
        decisions.approve(proposal, payload_hash, by)
        payload = proposal.payload
        made = Pass.objects.create(
            reference=payload["pass"],
            enquiry=Enquiry.objects.filter(reference=payload["enquiry"]).first() if payload["enquiry"] else None,
            journey=payload["journey"],
            pass_id=payload["pass_id"],
            number=payload["number"],
            point=payload["point"],
            window_from=queries.moment(payload["window_from"]),
            window_until=queries.moment(payload["window_until"]),
            not_before=queries.moment(payload["not_before"]),
            expires_at=queries.moment(payload["expires"]),
            holder=_holder(payload),
            with_code=payload["code"],
            payload_hash=proposal.payload_hash,
            proposal=proposal,
            approved_at=proposal.approved_at or clock.now(),
        )
    if made.with_code:
        # Where it is away, the pass is approved all the same; `sign_waiting` looks for it until it is signed.
        with suppress(client.SignerAway):
            _sign(made)
    return made


def _holder(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: payload[name] for name in ("name", "born", "document_type", "document", "companions", "portrait")}


def _sign(waiting: Pass) -> None:
    text = client.sign_pass(waiting.proposal)
    with transaction.atomic():
        row = Pass.objects.select_for_update().get(pk=waiting.pk)
        if row.signed_at is None and row.revoked_at is None:
            row.text, row.signed_at = text, clock.now()
            row.save(update_fields=["text", "signed_at"])
            audit.record(Deed.ISSUED, by=None, about=row.reference)
    waiting.refresh_from_db()


def sign_waiting(limit: int = 20) -> int:
    """Sign what is approved and not signed yet; how many were. Raises SignerAway where the signer does not answer."""
    signed = 0
    for each in queries.to_be_signed()[:limit]:
        _sign(each)
        signed += 1
    return signed


def refuse_pass(proposal: Proposal, *, reason: str, note: str = "", by: Staff) -> None:
    """The second person's no, with its reason."""
    decisions.refuse(proposal, by, reason, note=note)


@transaction.atomic
def revoke_pass(travel_pass: Pass, *, because: RevokedBecause, by: Staff) -> Pass:
    """Take a pass back. One person suffices: it is the safe direction. Every kit that loads a list from now on refuses it."""
    row = Pass.objects.select_for_update().get(pk=travel_pass.pk)
    if row.revoked_at is not None or row.is_over:
        raise NotStanding(_("This pass has ended or was taken back already."))
    row.revoked_at, row.revoked_by, row.revoked_because = clock.now(), by, because
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_because"])
    signer.revoke(bytes.fromhex(row.pass_id), expires_at=row.expires_at)
    # The approval no longer holds either: the signer would sign nothing of it again.
    decisions.void(row.proposal, by=by)
    audit.record(Deed.REVOKED, by=by, about=row.reference, detail={"because": str(because)})
    return row


# --- the day's list ------------------------------------------------------------------------------------------------


def make_list(*, day: date, point: str, by: Staff) -> tuple[DayList, str]:
    """The kit file of one day and checkpoint, and the PIN that opens it. The PIN is kept nowhere: whoever lost it makes a new list."""
    expected = list(queries.expected(day, point))
    proposals = [each.proposal for each in expected]
    signed = client.sign_manifest(day=day.isoformat(), point=point, proposals=proposals)
    revocations = client.sign_revocations()
    root, keys = client.trust()
    pin = bundle.new_pin()
    file = bundle.write(
        made_at=int(clock.now().timestamp()),
        root=root,
        keys=keys,
        revocations=revocations,
        sealed=bundle.seal_list(signed, pin),
    )
    with transaction.atomic():
        # An older file of this day and point still opens with its own PIN; it is not handed out any more.
        DayList.objects.filter(day=day, point=point).update(file=None)
        made = DayList.objects.create(day=day, point=point, travellers=len(expected), made_by=by, file=file)
        audit.record(Deed.LISTED, by=by, about=made.reference, detail={"point": point, "travellers": len(expected)})
    return made, pin


def forget_old() -> int:
    """Remove kit files after 72 hours and passes 90 days after they end; how many."""
    now = clock.now()
    files = DayList.objects.filter(file__isnull=False, made_at__lt=now - timedelta(seconds=bundle.KEPT)).update(
        file=None
    )
    gone, _by_model = Pass.objects.filter(expires_at__lt=now - KEPT).delete()
    return files + gone


# --- the logs of the kits ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a log that was handed in."""

    read: int
    new: int
    used_twice: int
    gaps: int


def merge_log(content: bytes, *, by: Staff) -> Merged:
    """Take in the log of one or several kits. Each line stands once, however often it comes. Raises NotAKitLog; then nothing was taken."""
    if len(content) > LONGEST_LOG:
        raise NotAKitLog(_("This file is too large for the log of a kit."))
    try:
        lines = [read_line(line) for line in content.splitlines() if line.strip()]
    except NotALog as fault:
        raise NotAKitLog(
            _("A line of this file is no line of a kit's log, or was altered. Nothing was taken in.")
        ) from fault
    entries = {each.hash: each for each in lines}
    with transaction.atomic():
        take_turn()  # two who hand in the same log at once are taken one after the other
        known = {
            name
            for some in _in_parts(sorted(entries), 500)
            for name in KitEntry.objects.filter(entry_id__in=some).values_list("entry_id", flat=True)
        }
        rows = [
            KitEntry(
                entry_id=name, kit=each.kit, number=each.number, checked_at=queries.moment(each.at), kind=each.kind, pass_id=each.pass_id,
                colour=each.colour, reason=each.reason, through=each.through, before=each.before, merged_by=by,
            )
            for name, each in entries.items()
            if name not in known
        ]  # fmt: skip
        KitEntry.objects.bulk_create(rows, batch_size=60)
        new = len(rows)
        touched = {each.pass_id for each in lines if each.through and each.pass_id}
        twice = _flag_second_uses(touched, by=by) if new else 0
        if new:
            from homeward.checkpoint.following import check_in_who_was_let_through

            check_in_who_was_let_through(rows, by=by)
            audit.record(Deed.MERGED, by=by, detail={"lines": new, "kits": len({each.kit for each in lines})})
    return Merged(len(lines), new, twice, len(queries.gaps()))


def _flag_second_uses(pass_ids: set[str], *, by: Staff) -> int:
    """A line in the log for each pass that these lines show used more than once."""
    known = [
        queries.as_entry(row)
        for some in _in_parts(sorted(pass_ids), 500)
        for row in KitEntry.objects.filter(through=True).filter(Q(pass_id__in=some))
    ]
    twice = [name for name, found in uses(known).items() if len(found) > 1]
    by_id = dict(Pass.objects.filter(pass_id__in=twice).values_list("pass_id", "reference"))
    for name in twice:
        audit.record(Deed.USED_TWICE, by=by, about=by_id.get(name, ""), detail={"pass": name})
    return len(twice)


def _in_parts(names: list[str], size: int) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]
