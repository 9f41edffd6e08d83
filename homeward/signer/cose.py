"""COSE_Sign1 (RFC 9052) with ES256, and nothing else: one algorithm, one curve, so that no message can choose its own."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from homeward.signer import cbor

ALGORITHM, KEY_ID = 1, 4
ES256 = -7
_ES256 = ec.ECDSA(SHA256(), deterministic_signing=True)  # RFC 6979: the same decision gives the same pass
_VERIFIES = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point on P-256."""

    x: bytes
    y: bytes

    @property
    def kid(self) -> bytes:
        """The first eight bytes of SHA-256 over the uncompressed point: a key names itself."""
        return hashlib.sha256(b"\x04" + self.x + self.y).digest()[:8]


@dataclass(frozen=True, slots=True)
class Sign1:
    """A message and its signature, not yet checked."""

    protected: bytes
    headers: dict[Any, Any]
    unprotected: dict[Any, Any]
    payload: bytes
    signature: bytes


def read(data: bytes, *, sorted_keys: bool = True) -> Sign1:
    """The parts of a tagged COSE_Sign1. Raises NotStrict."""
    parts = cbor.decode(data, tag=cbor.SIGN1, sorted_keys=sorted_keys)
    if not isinstance(parts, list) or len(parts) != 4:
        raise cbor.NotStrict("shape")
    protected, unprotected, payload, signature = parts
    if not (
        isinstance(protected, bytes)
        and isinstance(unprotected, dict)
        and isinstance(payload, bytes)
        and isinstance(signature, bytes)
    ):
        raise cbor.NotStrict("shape")
    headers = cbor.decode(protected, sorted_keys=sorted_keys) if protected else {}
    if not isinstance(headers, dict):
        raise cbor.NotStrict("shape")
    return Sign1(protected, headers, unprotected, payload, signature)


def to_be_signed(message: Sign1, external: bytes = b"") -> bytes:
    """The Sig_structure; an empty protected header is the empty string, however it was written."""
    return cbor.encode(["Signature1", message.protected if message.headers else b"", external, message.payload])


def is_signed_by(message: Sign1, key: PublicKey, *, external: bytes = b"") -> bool:
    """Whether the signature is this key's ES256 over this message."""
    signature = message.signature
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        _opened(key).verify(encode_dss_signature(r, s), to_be_signed(message, external), _VERIFIES)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign(payload: bytes, private: ec.EllipticCurvePrivateKey) -> bytes:
    """The signed message: protected header {alg: ES256, kid}, nothing unprotected."""
    headers = {ALGORITHM: ES256, KEY_ID: public_of(private).kid}
    unsigned = Sign1(cbor.encode(headers), headers, {}, payload, b"")
    r, s = decode_dss_signature(private.sign(to_be_signed(unsigned), _ES256))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return cbor.tagged(cbor.SIGN1, cbor.encode([unsigned.protected, {}, payload, signature]))


def public_of(private: ec.EllipticCurvePrivateKey) -> PublicKey:
    """The public half."""
    numbers = private.public_key().public_numbers()
    return PublicKey(numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))


@lru_cache(maxsize=64)
def _opened(key: PublicKey) -> ec.EllipticCurvePublicKey:
    x, y = int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
