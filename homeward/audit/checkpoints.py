"""Signed checkpoints, written as C2SP tlog-checkpoint and signed-note text, so that any witness can read them.

homeward/audit            the origin
512                       the size
base64 of the root
time 2026-11-23T10:00:00Z     an extension line of ours

— homeward/audit base64(4-byte key hash, Ed25519 signature)
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from homeward.lib import keys

ORIGIN = "homeward/audit"


class NoteBroken(ValueError):
    """The text is no checkpoint of this log."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint: what was signed, and the signature."""

    size: int
    root: bytes
    signed_at: datetime
    signature: bytes

    def body(self) -> str:
        """The text that is signed."""
        moment = self.signed_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return f"{ORIGIN}\n{self.size}\n{base64.b64encode(self.root).decode()}\ntime {moment}\n"

    def note(self, public_key: bytes) -> str:
        """The whole note, to be sent to a witness or printed."""
        signed = base64.b64encode(key_hash(public_key) + self.signature).decode()
        return f"{self.body()}\n— {ORIGIN} {signed}\n"

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the signature is that key's."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.body().encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def read_note(text: str) -> Signed:
    """The checkpoint in a note; its signature is not yet checked. Raises NoteBroken."""
    try:
        body, _gap, signatures = text.partition("\n\n")
        origin, size, root, time = body.split("\n")
        line = next(line for line in signatures.splitlines() if line.startswith(f"— {ORIGIN} "))
        signature = base64.b64decode(line.rsplit(" ", 1)[1], validate=True)[4:]
        if origin != ORIGIN or not time.startswith("time "):
            raise NoteBroken("not a checkpoint of this log")
        moment = datetime.fromisoformat(time.removeprefix("time ").replace("Z", "+00:00"))
        return Signed(int(size), base64.b64decode(root, validate=True), moment, signature)
    except (ValueError, StopIteration) as broken:
        raise NoteBroken("not a checkpoint of this log") from broken


def key_hash(public_key: bytes) -> bytes:
    """The four bytes by which a signed note names its Ed25519 key."""
    return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + public_key).digest()[:4]


def _private_key(key_id: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.key("audit", "checkpoint", key_id))


def public_key(key_id: int) -> bytes:
    """The public half of the house's checkpoint key of that number. Raises KeyMissing."""
    return _private_key(key_id).public_key().public_bytes_raw()


def sign(size: int, root: bytes, moment: datetime, key_id: int) -> Signed:
    """Sign the tree of that size and root."""
    unsigned = Signed(size, root, moment, b"")
    return Signed(size, root, moment, _private_key(key_id).sign(unsigned.body().encode()))
