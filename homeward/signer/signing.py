"""Signing, in the one process that holds the keys. Every word comes from a decision that is looked up again here."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from homeward import audit
from homeward.audit.actions import pseudonym, seal_of
from homeward.audit.models import Event
from homeward.audit.tree import leaf_hash
from homeward.decisions.deeds import Deed as Decided
from homeward.decisions.hashing import is_hash_of
from homeward.decisions.models import Proposal
from homeward.lib import clock, keys
from homeward.lib.sealed import SealBroken
from homeward.signer import base45, cbor, cose, keyring, passes, verify
from homeward.signer.deeds import Deed
from homeward.signer.models import Published, Revocation
from homeward.signer.trust import Purpose, Traveller, manifest_payload, revocations_payload
from homeward.signer.verify import Receipt

# Decisions under which a handover may be receipted: those of the rooms that release and hand over.
RECEIPT_KINDS = ("returns.", "handover.")


class NotCovered(Exception):
    """No approved decision covers this. The reason is a code for the log, not a sentence."""


def sign_pass(reference: str) -> str:
    """The text of the pass which this decision allows. Signing again gives the same text. Raises NotCovered."""
    proposal = _approved(reference, passes.KIND)
    if not proposal.payload.get("code"):
        raise NotCovered("no code was approved")
    assert proposal.approved_at is not None
    issued_at = int(proposal.approved_at.timestamp())
    try:
        claims = passes.claims_of(proposal.payload, issuer=keyring.issuer(), issued_at=issued_at)
    except passes.NotAPass as fault:
        raise NotCovered("content") from fault
    if claims[4] <= clock.now().timestamp():
        raise NotCovered("ended")
    if Revocation.objects.filter(pass_id=claims[7].hex()).exists():
        raise NotCovered("revoked")
    private = keyring.private_key(Purpose.PASS, until=claims[4])
    text = verify.PASS_PREFIX + base45.encode(cose.sign(cbor.encode(claims), private))
    if len(text) > passes.LONGEST:
        raise NotCovered("too long")
    audit.record(Deed.PASS_SIGNED, by=None, about=proposal.subject, detail={"proposal": proposal.reference})
    return text


def sign_receipt(reference: str, receipt: Receipt) -> str:
    """The text of a handover receipt under this decision. Raises NotCovered."""
    proposal = _approved(reference, *RECEIPT_KINDS)
    if receipt.decision != decision_digest(proposal):
        raise NotCovered("another decision")
    now = int(clock.now().timestamp())
    if not now - 7 * 86_400 <= receipt.issued_at <= now + 900:
        raise NotCovered("time")
    private = keyring.private_key(Purpose.RECEIPT, until=max(receipt.issued_at, now))
    claims = cbor.encode(receipt.claims(keyring.issuer()))
    text = verify.RECEIPT_PREFIX + base45.encode(cose.sign(claims, private))
    # What leaves is read as its reader will: a receipt that does not check is none.
    if verify.check_receipt(text, keyring.key_set())[1] != receipt:
        raise NotCovered("content")
    audit.record(Deed.RECEIPT_SIGNED, by=None, about=proposal.subject, detail={"proposal": proposal.reference})
    return text


def decision_digest(proposal: Proposal) -> bytes:
    """What a receipt says of the decision: SHA-256 over its (keyed) hash and its reference."""
    return hashlib.sha256(f"{proposal.reference}|{proposal.payload_hash}".encode()).digest()


def sign_manifest(day: str, point: str, references: Sequence[str]) -> bytes:
    """The day's list for one border point: those of these decisions that are approved and not revoked. Raises NotCovered."""
    revoked = set(Revocation.objects.values_list("pass_id", flat=True))
    travellers: list[Traveller] = []
    for reference in references:
        traveller = passes.traveller_of(_approved(reference, passes.KIND).payload)
        if traveller.point != point:
            raise NotCovered("another point")
        if traveller.pass_id.hex() not in revoked:
            travellers.append(traveller)
    now = int(clock.now().timestamp())
    with transaction.atomic():
        number = _next("manifest")
        payload = manifest_payload(number, now, day, point, travellers)
        _published("manifest", number, payload)
        audit.record(Deed.MANIFEST_SIGNED, by=None, detail={"number": number, "travellers": len(travellers)})
    return cose.sign(payload, keyring.private_key(Purpose.MANIFEST, until=now))


def sign_revocations() -> bytes:
    """The list of all revoked passes that have not ended by themselves."""
    moment = clock.now()
    now = int(moment.timestamp())
    still = Revocation.objects.filter(expires_at__gte=moment - timedelta(days=1))
    with transaction.atomic():
        number = _next("revoked")
        payload = revocations_payload(number, now, (bytes.fromhex(each.pass_id) for each in still))
        _published("revoked", number, payload)
        audit.record(Deed.REVOCATIONS_SIGNED, by=None, detail={"number": number})
    return cose.sign(payload, keyring.private_key(Purpose.REVOCATION, until=now))


def _next(kind: str) -> int:
    return (Published.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0) + 1


def _published(kind: str, number: int, payload: bytes) -> None:
    Published.objects.create(kind=kind, number=number, digest=hashlib.sha256(payload).hexdigest())


def _approved(reference: str, *kinds: str) -> Proposal:
    """The decision, if it is approved by a second person over exactly this content, and the log says so too."""
    proposal = Proposal.objects.select_related("approved_by").filter(reference=reference).first()
    if proposal is None or not any(
        proposal.kind == kind or (kind.endswith(".") and proposal.kind.startswith(kind)) for kind in kinds
    ):
        raise NotCovered("no such decision")
    if (
        proposal.approved_at is None
        or proposal.approved_by is None
        or proposal.voided_at is not None
        or proposal.approved_by_id == proposal.proposed_by_id
    ):
        raise NotCovered("not approved")
    try:
        same = is_hash_of(proposal.payload_hash, proposal.payload)
    except (SealBroken, keys.KeyMissing):
        raise NotCovered("content") from None
    if not same:
        raise NotCovered("content")
    if not _stands_in_the_log(proposal):
        raise NotCovered("not in the log")
    return proposal


def _stands_in_the_log(proposal: Proposal) -> bool:
    """Whether the log holds this approval by this person, under its seal: an approval written by SQL has no such line."""
    assert proposal.approved_by is not None
    sealing_key = keys.key("audit", "event seal")
    for event in Event.objects.filter(about=proposal.subject, deed=Decided.APPROVED):
        if event.details.get("proposal") != proposal.reference:
            continue
        hashed = leaf_hash(event.leaf())
        key_id = event.actor.partition(".")[0]
        if (
            hashed == bytes(event.leaf_hash)
            and hmac.compare_digest(bytes(event.seal), seal_of(hashed, sealing_key))
            and key_id.isdigit()
            and event.actor == pseudonym(proposal.approved_by.reference, int(key_id))
        ):
            return True
    return False
