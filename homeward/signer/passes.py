"""From the approved decision to what a pass says. The keys of the decision's content are text, the claims numbers."""

from collections.abc import Mapping
from typing import Any

from homeward.signer import base45, cbor, verify
from homeward.signer.trust import Traveller, read_traveller

KIND = "checkpoint.pass"
LONGEST = 400
# COSE around claims of 24 to 255 bytes: tag, array, protected header with an eight-byte key id, unprotected, lengths, signature.
_AROUND = 85


class NotAPass(ValueError):
    """The decision's content is not that of a pass."""


def traveller_of(payload: Mapping[str, Any]) -> Traveller:
    """Who is expected, by this decision. Raises NotAPass."""
    try:
        held = {
            1: 1, 2: payload["number"], 3: payload["name"], 4: payload["born"],
            5: [payload["document_type"], payload["document"]], 6: payload["point"],
            7: [payload["window_from"], payload["window_until"]], 8: payload["companions"],
        }  # fmt: skip
        if payload["portrait"]:
            held[9] = bytes.fromhex(payload["portrait"])
        found = read_traveller(bytes.fromhex(payload["pass_id"]), held)
    except (KeyError, TypeError, ValueError) as fault:
        raise NotAPass("the content is not that of a pass") from fault
    if found is None:
        raise NotAPass("the content is not that of a pass")
    return found


def claims_of(payload: Mapping[str, Any], *, issuer: str, issued_at: int) -> dict[int, Any]:
    """The claims of the pass which this decision allows."""
    traveller = traveller_of(payload)
    begins, expires = payload["not_before"], payload["expires"]
    if not (begins <= traveller.window[0] and traveller.window[1] <= expires <= begins + verify.LONGEST_VALIDITY):
        raise NotAPass("the days of the pass do not fit")
    return {
        1: issuer, 4: expires, 5: begins, 6: issued_at, 7: traveller.pass_id, verify.TRAVEL: traveller.claims(),
    }  # fmt: skip


def length_of(payload: Mapping[str, Any], *, issuer: str) -> int:
    """How many characters the pass will have; a pass has at most LONGEST."""
    claims = cbor.encode(claims_of(payload, issuer=issuer, issued_at=payload["not_before"]))
    return len(verify.PASS_PREFIX) + len(base45.encode(bytes(len(claims) + _AROUND)))
