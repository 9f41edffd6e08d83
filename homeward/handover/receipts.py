"""The receipt `HR1`: signed over the decision, both people, the place and the signatures; sealed in the audit tree."""

import hashlib
import re

from django.db import transaction

from homeward import audit
from homeward.decisions.models import Proposal
from homeward.handover.deeds import Deed
from homeward.handover.models import Handover, Outcome, Role, Signature
from homeward.register.particulars import said
from homeward.register.queries import card_of
from homeward.returns.queries import travellers_of
from homeward.signer import client
from homeward.signer.signing import decision_digest
from homeward.signer.verify import Receipt


def receipt_of(handover: Handover, proposal: Proposal) -> Receipt:
    """What the receipt binds; only digests of people leave the house."""
    entry = handover.return_of.entry
    card = card_of(entry).particulars
    pictures = dict(Signature.objects.filter(receipt_id=handover.receipt_id).values_list("role", "picture_hash"))
    first = travellers_of(handover.return_of)[0]
    signed = {role: bytes.fromhex(digest) for role, digest in pictures.items()}
    officer = hashlib.sha256(f"{handover.first_officer.reference}|{pictures[Role.HANDING]}".encode()).digest()
    return Receipt(
        receipt_id=bytes.fromhex(handover.receipt_id),
        issued_at=int(handover.happened_at.timestamp()),
        decision=decision_digest(proposal),
        returning=_digest(entry.reference, said(card, "surname"), said(card, "given"), said(card, "born")),
        receiving=_digest(handover.return_of.enquiry.reference, first.name, first.born, first.document_number),
        place=_place(handover.place),
        officer=officer,
        signature=signed[Role.RECEIVER],
        returning_signature=signed.get(Role.HIMSELF),
        witness_signature=signed[Role.WITNESS],
    )


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode()).digest()


def _place(place: str) -> str:
    """The place as a receipt names it: a short code."""
    code = re.sub(r"[^a-z0-9.\-]+", "-", place.lower()).strip("-.")[:40]
    return code if len(code) >= 2 else f"p-{hashlib.sha256(place.encode()).hexdigest()[:10]}"


def sign_if_possible(handover: Handover) -> bool:
    """Sign now; False while the signer is away: the page of the handover shows it and offers to sign again."""
    proposal = handover.return_of.release.proposal
    if handover.outcome != Outcome.DONE or handover.receipt or proposal is None:
        return False
    try:
        # Outside a transaction: the signer may be another process.
        text = client.sign_receipt(proposal, receipt_of(handover, proposal))
    except client.SignerAway:
        return False
    with transaction.atomic():
        locked = Handover.objects.select_for_update().get(pk=handover.pk)
        if not locked.receipt:
            locked.receipt = text
            locked.save(update_fields=["receipt"])
            detail = {"receipt": handover.receipt_id, "sha256": hashlib.sha256(text.encode()).hexdigest()}
            audit.record(Deed.RECEIPT, by=handover.first_officer, about=handover.return_of.reference, detail=detail)
    handover.receipt = locked.receipt
    return True
