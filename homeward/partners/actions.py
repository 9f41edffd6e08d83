"""What is done with partners: agreements, keys, referrals, clearances."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from homeward import audit
from homeward.access.models import Staff
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.disclosure.queries import kinship_level, told_captivity, verifiers_of, wish_of
from homeward.enquiries.actions import file_enquiry, known_facts, partner_called
from homeward.enquiries.models import Channel, Enquiry, Partner, Relation, SoughtPerson
from homeward.lib import clock
from homeward.lib.refusals import Refusal
from homeward.lib.sealed import blind_index
from homeward.lib.turn import take_turn
from homeward.partners import queries
from homeward.partners.deeds import Deed
from homeward.partners.models import Agreement, Clearance, Key, Referral

# Of each partner so many are filed before it is another one's turn.
TURN = 20
OLD_KEY_LASTS = timedelta(days=7)
CLEARED_FOR = timedelta(days=90)


class TooMany(Refusal):
    """The partner's day is full; the rest may come tomorrow."""

    status = 429


class NotCleared(Refusal):
    """The record may not go to this partner."""


@transaction.atomic
def agree(
    name: str, *, desk: str, a_minute: int, a_day: int, is_open: bool, receives_records: bool, by: Staff
) -> Partner:
    """A partner and what it may do; the same name again changes its agreement."""
    partner = partner_called(name, desk=desk)
    Agreement.objects.update_or_create(
        partner=partner,
        defaults={
            "a_minute": a_minute,
            "a_day": a_day,
            "is_open": is_open,
            "receives_records": receives_records,
            "changed_at": clock.now(),
        },
    )
    audit.record(Deed.AGREED, by=by, about=partner.reference, detail={"a_minute": a_minute, "a_day": a_day})
    return partner


@transaction.atomic
def make_key(partner: Partner, *, by: Staff) -> str:
    """A fresh key, shown this once. Earlier ones work a week longer, so that the partner can change over."""
    Agreement.objects.get_or_create(partner=partner)
    moment = clock.now()
    partner.keys.filter(ends_at__isnull=True).update(ends_at=moment + OLD_KEY_LASTS)
    key = f"hw-{secrets.token_hex(32)}"
    made = Key.objects.create(partner=partner, key_index=queries.key_index(key), made_by=by, made_at=moment)
    audit.record(Deed.KEY_MADE, by=by, about=partner.reference, detail={"key": made.reference})
    return key


@transaction.atomic
def end_keys(partner: Partner, *, by: Staff) -> None:
    """All keys of this partner end now."""
    partner.keys.exclude(ends_at__lte=clock.now()).update(ends_at=clock.now())
    audit.record(Deed.KEY_ENDED, by=by, about=partner.reference)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One enquiry as a partner sends it."""

    number: str
    facts: Mapping[str, str]
    relation: str = "unknown"
    language: str = "uk"
    enquirer: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """As it waits, sealed."""
        return {
            "facts": known_facts(self.facts),
            "relation": self.relation if self.relation in Relation.values else "unknown",
            "language": self.language[:5],
            "enquirer": {key: text for key, text in self.enquirer.items() if text},
        }


@transaction.atomic
def refer(partner: Partner, incoming: Sequence[Incoming], *, by: Staff | None = None) -> list[str]:
    """Write referrals down; what became of each: accepted, known (the same again), number_taken, no_name.

    The same number with the same content again changes nothing, so a partner may send a batch twice after a broken line.
    """
    take_turn()
    numbers = [each.number for each in incoming]
    known = {
        referral.number: bytes(referral.content_index)
        for start in range(0, len(numbers), 400)
        for referral in Referral.objects.filter(partner=partner, number__in=numbers[start : start + 400]).defer(
            "content"
        )
    }
    outcomes: list[str] = []
    fresh: list[Referral] = []
    for each in incoming:
        content = each.content()
        index = blind_index("family", "referral", json.dumps(content, sort_keys=True, ensure_ascii=False))
        if each.number in known:
            outcomes.append("known" if known[each.number] == index else "number_taken")
        elif not any(content["facts"].get(code) for code in ("surname", "given", "full", "aliases")):
            outcomes.append("no_name")
        else:
            known[each.number] = index
            fresh.append(Referral(partner=partner, number=each.number, content=content, content_index=index))
            outcomes.append("accepted")
    agreement = Agreement.objects.get_or_create(partner=partner)[0]
    if fresh and queries.referred_today(partner) + len(fresh) > agreement.a_day:
        raise TooMany(_("Your quota for a day is reached. Send the rest tomorrow, or ask the bureau for a larger one."))
    Referral.objects.bulk_create(fresh, batch_size=100)
    if fresh:
        audit.record(Deed.REFERRED, by=by, about=partner.reference, detail={"rows": len(fresh)})
    return outcomes


def file_in_turn() -> int:
    """File some waiting referrals of each partner, one partner after the other; how many."""
    partners = list(Referral.objects.filter(state="waiting").order_by().values_list("partner", flat=True).distinct())
    return sum(_file_some(number) for number in partners)


@transaction.atomic
def _file_some(partner: int) -> int:
    take_turn()
    waiting = list(
        Referral.objects.select_for_update(of=("self",))
        .filter(partner=partner, state="waiting")
        .select_related("partner")
        .order_by("pk")[:TURN]
    )
    for referral in waiting:
        # A list may have brought the same number by another door.
        enquiry = Enquiry.objects.filter(
            partner=partner, partner_number=referral.number, withdrawn_at__isnull=True, referral__isnull=True
        ).first()
        referral.enquiry = enquiry or _filed(referral)
        referral.state, referral.content, referral.filed_at = Referral.State.FILED, None, clock.now()
        referral.save(update_fields=["enquiry", "state", "content", "filed_at"])
    return len(waiting)


def _filed(referral: Referral) -> Enquiry:
    content: dict[str, Any] = referral.content
    return file_enquiry(
        content["facts"],
        channel=Channel.PARTNER,
        relation=Relation(content["relation"]),
        language=content["language"],
        enquirer=content["enquirer"],
        sought=SoughtPerson.objects.create(desk=referral.partner.desk),
        partner=referral.partner,
        partner_number=referral.number,
        filing_token=f"ref-{referral.reference}",
        by=None,
    )


# --- records that go out -------------------------------------------------------------------------------------------

STATUSES = ("", "believed_alive", "information_sought")


def record_payload(enquiry: Enquiry, partner: Partner, status: str, consent: str) -> dict[str, Any]:
    """Exactly what is cleared: whose record, for whom, with which word on him."""
    return {"enquiry": enquiry.reference, "partner": partner.reference, "status": status, "consent": consent.strip()}


@transaction.atomic
def propose_record(enquiry: Enquiry, partner: Partner, *, status: str, consent: str, by: Staff) -> Proposal:
    """Propose that this partner may receive this record; `consent`: how and when the family agreed."""
    _check_clear(enquiry, partner, status, consent)
    payload = record_payload(enquiry, partner, status, consent)
    return decisions.propose(queries.CLEARANCE_KIND, subject=enquiry.reference, payload=payload, by=by)


@transaction.atomic
def approve_record(proposal: Proposal, *, payload_hash: str, by: Staff) -> Clearance:
    """The second person's yes; the partner may fetch the record for 90 days."""
    payload = proposal.payload
    enquiry = Enquiry.objects.get(reference=payload["enquiry"])
    partner = Partner.objects.get(reference=payload["partner"])
    _check_clear(enquiry, partner, payload["status"], payload["consent"])

    def verified(staff: Staff) -> str:
        mine = staff.pk in verifiers_of(enquiry)
        return _("You verified her kinship; someone else has to decide what is told.") if mine else ""

    decisions.approve(proposal, payload_hash, by, unless=verified)
    Clearance.objects.filter(partner=partner, enquiry=enquiry).delete()
    cleared = Clearance.objects.create(
        partner=partner,
        enquiry=enquiry,
        status=payload["status"],
        proposal=proposal,
        payload_hash=proposal.payload_hash,
        expires_at=clock.now() + CLEARED_FOR,
    )
    audit.record(Deed.CLEARED, by=by, about=enquiry.reference, detail={"partner": partner.reference})
    return cleared


@transaction.atomic
def end_clearance(clearance: Clearance, *, by: Staff) -> None:
    """From now on only a placeholder goes out."""
    if clearance.expires_at > clock.now():
        clearance.expires_at = clock.now()
        clearance.save(update_fields=["expires_at"])
    audit.record(Deed.CLEARANCE_ENDED, by=by, about=clearance.enquiry.reference)


def _check_clear(enquiry: Enquiry, partner: Partner, status: str, consent: str) -> None:
    agreement = Agreement.objects.filter(partner=partner).first()
    if agreement is None or not agreement.receives_records:
        raise NotCleared(_("The agreement with this partner does not let it receive records."))
    if not consent.strip():
        raise NotCleared(_("Write how and when the family agreed."))
    if enquiry.withdrawn_at is not None:
        raise NotCleared(_("This enquiry has been withdrawn."))
    if status not in STATUSES:
        raise NotCleared(_("This word on him may not go out."))
    if status == "believed_alive" and (
        kinship_level(enquiry) < 2 or not told_captivity(enquiry) or wish_of(enquiry) != "now"
    ):
        # A partner never learns before the family, and not without his own word.
        raise NotCleared(_("The family has not been told, or he has not agreed."))
