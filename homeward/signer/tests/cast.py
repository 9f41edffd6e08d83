"""Keys, lists and passes for tests, without a house: one root, one key for each purpose, Halyna on her way."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from homeward.signer import base45, cbor, cose, verify
from homeward.signer.trust import (
    KeySet,
    Manifest,
    Purpose,
    Revocations,
    SignerKey,
    Traveller,
    key_set_payload,
    manifest_payload,
    read_key_set,
    read_manifest,
    read_revocations,
    revocations_payload,
)
from homeward.signer.verify import Known

NOW = 1_795_600_000  # 2026-11-25 09:46:40 UTC
HOUR, DAY = 3600, 86_400


@dataclass
class Office:
    """The one who signs in tests."""

    root: ec.EllipticCurvePrivateKey
    keys: dict[Purpose, ec.EllipticCurvePrivateKey]
    signed_keys: bytes

    @property
    def key_set(self) -> KeySet:
        return read_key_set(self.signed_keys, cose.public_of(self.root))

    def pass_of(self, traveller: Traveller, **changes: Any) -> str:
        """Her pass; `changes` replace claims (c1, c4 ...) or drop them (None)."""
        claims: dict[Any, Any] = {
            1: "TEST", 4: NOW + 2 * DAY, 5: NOW - DAY, 6: NOW - HOUR, 7: traveller.pass_id, verify.TRAVEL: traveller.claims(),
        }  # fmt: skip
        for name, value in changes.items():
            claims[int(name[1:])] = value
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.sealed(cbor.encode(claims))

    def sealed(self, payload: bytes, purpose: Purpose = Purpose.PASS, prefix: str = verify.PASS_PREFIX) -> str:
        return prefix + base45.encode(cose.sign(payload, self.keys[purpose]))

    def revocations(self, *passes: bytes, made_at: int = NOW - HOUR) -> Revocations:
        return read_revocations(self.signed_revocations(*passes, made_at=made_at), self.key_set)

    def signed_revocations(self, *passes: bytes, made_at: int = NOW - HOUR, number: int = 1) -> bytes:
        return cose.sign(revocations_payload(number, made_at, passes), self.keys[Purpose.REVOCATION])

    def manifest(self, *travellers: Traveller, **said: Any) -> Manifest:
        return read_manifest(self.signed_manifest(*travellers, **said), self.key_set)

    def signed_manifest(
        self,
        *travellers: Traveller,
        made_at: int = NOW - HOUR,
        point: str = "medyka",
        day: str = "2026-11-25",
        number: int = 1,
    ) -> bytes:
        return cose.sign(manifest_payload(number, made_at, day, point, travellers), self.keys[Purpose.MANIFEST])

    def known(self, *travellers: Traveller, **changes: Any) -> Known:
        """A kit in good order that expects these travellers."""
        known = Known(
            keys=self.key_set,
            now=NOW,
            floor=NOW - HOUR,
            revocations=self.revocations(),
            manifest=self.manifest(*travellers),
        )
        return replace(known, **changes)


def make_office() -> Office:
    root = ec.generate_private_key(ec.SECP256R1())
    keys = {purpose: ec.generate_private_key(ec.SECP256R1()) for purpose in Purpose}
    rows = [SignerKey(cose.public_of(key), purpose, NOW - 5 * DAY, NOW + 25 * DAY) for purpose, key in keys.items()]
    return Office(root, keys, cose.sign(key_set_payload(1, NOW - 5 * DAY, rows), root))


def make_traveller(**changes: Any) -> Traveller:
    said: dict[str, Any] = {
        "pass_id": secrets.token_bytes(16), "number": "482915034", "name": "VYHADANKO HALYNA", "born": "1971-03-09",
        "document": ("P", "FA123456"), "point": "medyka", "window": (NOW - HOUR, NOW + 5 * HOUR), "companions": 1,
        "portrait": secrets.token_bytes(16),
    }  # fmt: skip
    return Traveller(**{**said, **changes})
