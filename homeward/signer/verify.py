"""Is this pass good? A fixed order of checks; anything unforeseen is red; green only at the very end.

length, prefix, base45, CBOR shape, key, signature, claims, dates, revocation, list of travellers, single use.
Red: do not accept this pass. Amber: nothing speaks against it, but something is not certain here: telephone.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from homeward.signer import base45, cbor, cose
from homeward.signer.trust import (
    KeySet,
    Manifest,
    Purpose,
    Revocations,
    SignerKey,
    Traveller,
    document_key,
    read_traveller,
)

PASS_PREFIX, RECEIPT_PREFIX = "TP1:", "HR1:"
LONGEST = 1200
TRAVEL, HANDOVER = -70001, -70002
LONGEST_VALIDITY = 7 * 86_400
LIST_AGES_AFTER = 24 * 3600
LIST_IS_GONE_AFTER = 72 * 3600
CLOCK_MAY_DIFFER = 15 * 60


class Colour(IntEnum):
    """The verdict, and the exit code of the command."""

    GREEN = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, slots=True)
class Known:
    """What the checker knows at this moment. Times in seconds since 1970."""

    keys: KeySet
    now: int
    floor: int = 0  # the newest signed time ever seen
    clock_off_by: int = 0  # how far the own clock ran away from the last synchronisation
    revocations: Revocations | None = None
    manifest: Manifest | None = None
    used: Mapping[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The colour, the reason as a code, the further doubts, and what the pass says (only once its signature held)."""

    colour: Colour
    reason: str
    doubts: tuple[str, ...] = ()
    traveller: Traveller | None = None
    floor: int = 0
    used_at: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a handover receipt binds. Digests are SHA-256; the names stay in the house."""

    receipt_id: bytes
    issued_at: int
    decision: bytes
    returning: bytes
    receiving: bytes
    place: str
    officer: bytes
    signature: bytes
    returning_signature: bytes | None = None
    witness_signature: bytes | None = None

    def claims(self, issuer: str) -> dict[int, Any]:
        """As they are signed."""
        held: dict[int, Any] = {
            1: 1, 2: self.decision, 3: self.returning, 4: self.receiving, 5: self.place, 6: self.officer, 7: self.signature,
        }  # fmt: skip
        if self.returning_signature is not None:
            held[8] = self.returning_signature
        if self.witness_signature is not None:
            held[9] = self.witness_signature
        return {1: issuer, 6: self.issued_at, 7: self.receipt_id, HANDOVER: held}


class _Red(Exception):
    """The first thing that is wrong."""


def check_pass(text: str, known: Known, *, document: str = "") -> Verdict:
    """The verdict on the text of a pass. `document`: the number on the travel document in the traveller's hand, if it was typed."""
    return _caught(lambda: _check_pass(text, known, document))


def check_document(number: str, known: Known) -> Verdict:
    """The verdict on a traveller without a pass: her document number against the day's list."""
    return _caught(lambda: _check_document(number, known))


def check_receipt(text: str, keys: KeySet) -> tuple[Verdict, Receipt | None]:
    """Whether a handover receipt is ours, and what it binds."""
    found: list[Receipt] = []

    def check() -> Verdict:
        found.append(_check_receipt(text, keys))
        return Verdict(Colour.GREEN, "good")

    verdict = _caught(check)
    return verdict, found[0] if found and verdict.colour == Colour.GREEN else None


def _caught(check: Callable[[], Verdict]) -> Verdict:
    try:
        return check()
    except _Red as red:
        return Verdict(Colour.RED, str(red))
    except Exception:  # the last wall: whatever nobody foresaw is not a good pass
        return Verdict(Colour.RED, "unforeseen")


def _opened(text: str, prefix: str, keys: KeySet, purpose: Purpose) -> tuple[dict[Any, Any], SignerKey]:
    """The claims under a good signature, and the key that made it."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise _Red("too_long")
    text = text.strip("\r\n\t")
    if not text.startswith(prefix):
        raise _Red("no_pass")
    try:
        data = base45.decode(text[len(prefix) :])
    except base45.NotBase45:
        raise _Red("unreadable") from None
    try:
        message = cose.read(data)
    except cbor.NotStrict:
        raise _Red("shape") from None
    if message.headers.keys() != {cose.ALGORITHM, cose.KEY_ID} or message.unprotected:
        raise _Red("shape")
    kid = message.headers[cose.KEY_ID]
    if not isinstance(kid, bytes) or len(kid) != 8:
        raise _Red("shape")
    key = keys.by_kid(kid)
    if key is None:
        raise _Red("unknown_key")
    if message.headers[cose.ALGORITHM] != cose.ES256 or key.purpose != purpose:
        raise _Red("wrong_key")
    if not cose.is_signed_by(message, key.public):
        raise _Red("forged")
    try:
        claims = cbor.decode(message.payload)
    except cbor.NotStrict:
        raise _Red("claims") from None
    if not isinstance(claims, dict):
        raise _Red("claims")
    return claims, key


def _is_time(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _check_pass(text: str, known: Known, document: str) -> Verdict:
    claims, key = _opened(text, PASS_PREFIX, known.keys, Purpose.PASS)
    if claims.keys() != {1, 4, 5, 6, 7, TRAVEL}:
        raise _Red("claims")
    issuer, expires, begins, issued = claims[1], claims[4], claims[5], claims[6]
    traveller = read_traveller(claims[7], claims[TRAVEL])
    if (
        traveller is None
        or not (isinstance(issuer, str) and re.fullmatch(r"[A-Z0-9]{2,8}", issuer))
        or not (_is_time(expires) and _is_time(begins) and _is_time(issued))
        or not begins < expires <= begins + LONGEST_VALIDITY
        or not (begins <= traveller.window[0] and traveller.window[1] <= expires)
    ):
        raise _Red("claims")
    if not (key.not_before <= issued and expires <= key.not_after):
        raise _Red("wrong_key")
    # What was signed has been: time cannot stand before it, whatever the kit's clock says.
    floor = max(known.floor, issued)
    moment = max(known.now, floor)
    if moment > expires:
        raise _Red("expired")
    if moment < begins:
        raise _Red("too_early")
    verdict = _known_traveller(traveller, replace(known, floor=floor), document, moment)
    return verdict


def _check_document(number: str, known: Known) -> Verdict:
    if not isinstance(number, str) or len(number) > LONGEST:
        raise _Red("too_long")
    if not 4 <= len(document_key(number)) <= 14:
        raise _Red("no_number")
    moment = max(known.now, known.floor)
    traveller = known.manifest.by_document(number) if known.manifest is not None else None
    if traveller is None:
        reason = "not_on_list" if known.manifest is not None else "no_list"
        doubts = _doubts(known, None, moment)
        return Verdict(Colour.AMBER, reason, tuple(each for each in doubts if each != reason), None, known.floor)
    return _known_traveller(traveller, known, number, moment)


def _known_traveller(traveller: Traveller, known: Known, document: str, moment: int) -> Verdict:
    """Revocation, the day's list, the document in her hand, single use; then what is not certain."""
    seen = {"traveller": traveller, "floor": known.floor}
    if known.revocations is not None and traveller.pass_id in known.revocations.passes:
        return Verdict(Colour.RED, "revoked", **seen)  # type: ignore[arg-type]
    listed = known.manifest.by_pass(traveller.pass_id) if known.manifest is not None else None
    if listed is not None and listed != traveller:
        return Verdict(Colour.RED, "differs_from_list", **seen)  # type: ignore[arg-type]
    if document and document_key(document) != document_key(traveller.document[1]):
        return Verdict(Colour.RED, "other_document", **seen)  # type: ignore[arg-type]
    used_at = known.used.get(traveller.pass_id)
    if used_at is not None:
        return Verdict(Colour.RED, "used", used_at=used_at, **seen)  # type: ignore[arg-type]
    doubts = _doubts(known, traveller, moment)
    if doubts:
        return Verdict(Colour.AMBER, doubts[0], doubts[1:], **seen)  # type: ignore[arg-type]
    return Verdict(Colour.GREEN, "good", **seen)  # type: ignore[arg-type]


def _doubts(known: Known, traveller: Traveller | None, moment: int) -> tuple[str, ...]:
    """What keeps a verdict from being green, the gravest first."""
    found = []
    if known.now < known.floor:
        found.append("clock_behind")
    elif abs(known.clock_off_by) > CLOCK_MAY_DIFFER:
        found.append("clock_off")
    age = moment - known.revocations.made_at if known.revocations is not None else LIST_IS_GONE_AFTER + 1
    if age > LIST_IS_GONE_AFTER:
        found.append("revocations_gone")
    elif age > LIST_AGES_AFTER:
        found.append("revocations_old")
    if known.manifest is None:
        found.append("no_list")
    elif moment - known.manifest.made_at > LIST_AGES_AFTER:
        found.append("list_old")
    if traveller is not None:
        if known.manifest is not None and known.manifest.by_pass(traveller.pass_id) is None:
            found.append("not_on_list")
        if known.manifest is not None and known.manifest.point != traveller.point:
            found.append("other_point")
        if not traveller.window[0] <= moment <= traveller.window[1]:
            found.append("other_hour")
    return tuple(found)


def _check_receipt(text: str, keys: KeySet) -> Receipt:
    claims, key = _opened(text, RECEIPT_PREFIX, keys, Purpose.RECEIPT)
    held = claims.get(HANDOVER)
    if claims.keys() != {1, 6, 7, HANDOVER} or not isinstance(held, dict):
        raise _Red("claims")
    if not {1, 2, 3, 4, 5, 6, 7} <= held.keys() <= {1, 2, 3, 4, 5, 6, 7, 8, 9} or held[1] != 1:
        raise _Red("claims")
    digests = [held[2], held[3], held[4], held[7], *(held[each] for each in (8, 9) if each in held)]
    if (
        not all(isinstance(each, bytes) and len(each) == 32 for each in digests)
        or not (isinstance(held[5], str) and re.fullmatch(r"[a-z0-9][a-z0-9.\-]{1,39}", held[5]))
        or not (isinstance(held[6], bytes) and 8 <= len(held[6]) <= 32)
        or not (isinstance(claims[1], str) and re.fullmatch(r"[A-Z0-9]{2,8}", claims[1]))
        or not (isinstance(claims[7], bytes) and len(claims[7]) == 16)
        or not _is_time(claims[6])
    ):
        raise _Red("claims")
    if not key.not_before <= claims[6] <= key.not_after:
        raise _Red("wrong_key")
    return Receipt(claims[7], claims[6], held[2], held[3], held[4], held[5], held[6], held[7], held.get(8), held.get(9))
