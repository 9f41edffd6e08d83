"""Asking the signer: at its socket (HOMEWARD_SIGNER), or, where none is set, in this process."""

import base64
import json
import os
import socket
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from homeward.decisions.models import Proposal
from homeward.lib.refusals import Refusal
from homeward.signer import keyring, signing
from homeward.signer.cose import PublicKey
from homeward.signer.verify import Receipt

__all__ = [
    "SignerAway",
    "SignerRefuses",
    "Trust",
    "sign_manifest",
    "sign_pass",
    "sign_receipt",
    "sign_revocations",
    "trust",
]

LONGEST_ANSWER = 8_000_000
Trust = tuple[PublicKey, bytes]


class SignerAway(Refusal):
    """The signer does not answer. What was approved stays approved and is signed as soon as it does."""

    status = 503


class SignerRefuses(Refusal):
    """The signer found no approved decision over exactly this."""


def sign_pass(proposal: Proposal) -> str:
    """The text of the pass which this approved decision allows. Not inside a transaction where the signer is another process."""
    return str(_ask({"ask": "pass", "proposal": proposal.reference}))


def sign_receipt(proposal: Proposal, receipt: Receipt) -> str:
    """The text of the handover receipt under this approved decision (`signing.decision_digest` gives its digest)."""
    said = {
        name: getattr(receipt, name).hex() if isinstance(getattr(receipt, name), bytes) else getattr(receipt, name)
        for name in Receipt.__dataclass_fields__
    }
    return str(_ask({"ask": "receipt", "proposal": proposal.reference, "receipt": said}))


def sign_manifest(*, day: str, point: str, proposals: Sequence[Proposal]) -> bytes:
    """The signed list of travellers of one day and point."""
    question = {"ask": "manifest", "day": day, "point": point, "proposals": [each.reference for each in proposals]}
    return base64.b64decode(_ask(question))


def sign_revocations() -> bytes:
    """The signed list of revoked passes as of now."""
    return base64.b64decode(_ask({"ask": "revocations"}))


def trust() -> Trust:
    """The root's public key, and the signed key set."""
    said = _ask({"ask": "trust"})
    return PublicKey(bytes.fromhex(said["x"]), bytes.fromhex(said["y"])), base64.b64decode(said["set"])


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What the signer says to a question; only where the keys are."""
    try:
        return {"ok": _answer(question)}
    except signing.NotCovered as refusal:
        return {"no": "not covered", "why": str(refusal)}
    except keyring.NoSigningKey:
        return {"no": "no key"}


def _answer(question: dict[str, Any]) -> Any:
    word = question["ask"]
    if word == "pass":
        return signing.sign_pass(question["proposal"])
    if word == "receipt":
        said = question["receipt"]
        texts = ("place", "issued_at")
        fields: dict[str, Any] = {
            name: bytes.fromhex(value) if value and name not in texts else value for name, value in said.items()
        }
        receipt = Receipt(**fields)
        return signing.sign_receipt(question["proposal"], receipt)
    if word == "manifest":
        signed = signing.sign_manifest(question["day"], question["point"], question["proposals"])
        return base64.b64encode(signed).decode()
    if word == "revocations":
        return base64.b64encode(signing.sign_revocations()).decode()
    if word == "trust":
        root, signed = keyring.trust()
        return {"x": root.x.hex(), "y": root.y.hex(), "set": base64.b64encode(signed).decode()}
    raise ValueError("a question nobody knows")


def _ask(question: dict[str, Any]) -> Any:
    said = answer(question) if keyring.is_embedded() else _ask_process(question)
    if "ok" in said:
        return said["ok"]
    if said.get("no") == "no key":
        raise SignerAway(_("The signer has no key that lives long enough. Its keeper has to renew the key set."))
    if said.get("no") == "not covered":
        raise SignerRefuses(_("The signer found no decision of two people over exactly this, and signed nothing."))
    raise SignerAway(_("The signer could not do it. What was approved stays approved."))


def _ask_process(question: dict[str, Any]) -> dict[str, Any]:
    if connection.in_atomic_block and connection.vendor == "sqlite":
        # It would wait for this very transaction, and could not see what is in it.
        raise RuntimeError("the signer is asked after the transaction, not inside it")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(15)
            line.connect(os.environ["HOMEWARD_SIGNER"])
            with line.makefile("rwb") as stream:
                stream.write(json.dumps(question).encode() + b"\n")
                stream.flush()
                said: dict[str, Any] = json.loads(stream.readline(LONGEST_ANSWER))
                return said
    except (OSError, ValueError) as fault:
        raise SignerAway(
            _("The signer does not answer. What was approved stays approved and is signed as soon as it does.")
        ) from fault
