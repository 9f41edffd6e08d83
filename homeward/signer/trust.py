"""What a checker trusts: the key set under the pinned root, the list of revoked passes, the list of travellers.

Each is a COSE_Sign1 like a pass, signed by a key whose one purpose it is; the key set is signed by the root.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from homeward.signer import cbor, cose
from homeward.signer.cose import PublicKey


class Purpose(IntEnum):
    """What a signer key may sign; each key has one."""

    PASS = 1
    RECEIPT = 2
    REVOCATION = 3
    MANIFEST = 4


class Untrusted(ValueError):
    """A document is not signed by the key it must be signed by, or does not hold what it must."""


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A public key, its one purpose, and the days it is good for (seconds since 1970)."""

    public: PublicKey
    purpose: Purpose
    not_before: int
    not_after: int


@dataclass(frozen=True, slots=True)
class KeySet:
    """The signer keys, as the root signed them."""

    number: int
    made_at: int
    keys: tuple[SignerKey, ...]

    def by_kid(self, kid: bytes) -> SignerKey | None:
        """The key that calls itself so."""
        return next((key for key in self.keys if key.public.kid == kid), None)


@dataclass(frozen=True, slots=True)
class Revocations:
    """The passes that no longer hold."""

    number: int
    made_at: int
    passes: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who is expected: what a pass says of her, and the pass's id."""

    pass_id: bytes
    number: str
    name: str
    born: str
    document: tuple[str, str]
    point: str
    window: tuple[int, int]
    companions: int
    portrait: bytes | None

    def claims(self) -> dict[int, Any]:
        """The travel part of a pass (claim -70001)."""
        held: dict[int, Any] = {
            1: 1, 2: self.number, 3: self.name, 4: self.born, 5: list(self.document), 6: self.point,
            7: list(self.window), 8: self.companions,
        }  # fmt: skip
        if self.portrait is not None:
            held[9] = self.portrait
        return held


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who is expected at one border point on one day."""

    number: int
    made_at: int
    day: str
    point: str
    travellers: tuple[Traveller, ...]

    def by_pass(self, pass_id: bytes) -> Traveller | None:
        """The traveller with this pass."""
        return next((each for each in self.travellers if each.pass_id == pass_id), None)

    def by_document(self, number: str) -> Traveller | None:
        """The traveller with this travel document, however it was typed."""
        wanted = document_key(number)
        return next((each for each in self.travellers if wanted and document_key(each.document[1]) == wanted), None)


_MRZ_NAME = re.compile(r"[A-Z][A-Z '\-]{0,38}")
_NUMBER = re.compile(r"[0-9]{9}")
_DOCUMENT = re.compile(r"[A-Z0-9]{4,14}")
_POINT = re.compile(r"[a-z0-9][a-z0-9.\-]{1,19}")
_DAY = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def document_key(number: str) -> str:
    """A document number as two writings of it agree: capitals and digits only."""
    return "".join(each for each in number.upper() if each in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def read_traveller(pass_id: Any, held: Any) -> Traveller | None:
    """The travel part of a pass, if it is exactly that; None where anything is missing, foreign or of another kind."""
    if not isinstance(held, dict) or not {1, 2, 3, 4, 5, 6, 7, 8} <= held.keys() <= {1, 2, 3, 4, 5, 6, 7, 8, 9}:
        return None
    document, window, portrait = held[5], held[7], held.get(9)
    good = (
        _is_bytes(pass_id, 16)
        and _is_number(held[1]) and held[1] == 1
        and _is_text(held[2], _NUMBER)
        and _is_text(held[3], _MRZ_NAME)
        and _is_text(held[4], _DAY)
        and isinstance(document, list) and len(document) == 2
        and document[0] in ("P", "I") and _is_text(document[1], _DOCUMENT)
        and _is_text(held[6], _POINT)
        and isinstance(window, list) and len(window) == 2
        and _is_number(window[0]) and _is_number(window[1]) and window[0] < window[1]
        and _is_number(held[8]) and held[8] <= 9
        and (9 not in held or _is_bytes(portrait, 16))
    )  # fmt: skip
    if not good:
        return None
    return Traveller(
        pass_id,
        held[2],
        held[3],
        held[4],
        (document[0], document[1]),
        held[6],
        (window[0], window[1]),
        held[8],
        portrait,
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_bytes(value: Any, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length


def _is_text(value: Any, shape: re.Pattern[str]) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None


# --- documents -----------------------------------------------------------------------------------------------------


def key_set_payload(number: int, made_at: int, keys: Iterable[SignerKey]) -> bytes:
    """The key set as it is signed."""
    rows = [
        [key.public.kid, key.public.x, key.public.y, int(key.purpose), key.not_before, key.not_after] for key in keys
    ]
    return cbor.encode({0: "keys", 1: number, 2: made_at, 3: rows})


def read_key_set(data: bytes, root: PublicKey) -> KeySet:
    """The key set, if this root signed it. Raises Untrusted."""
    try:
        message = cose.read(data)
        if not _is_profile(message, root.kid) or not cose.is_signed_by(message, root):
            raise Untrusted("the key set is not signed by the root")
        held = _document(message, "keys")
        keys = tuple(_read_key(row) for row in held[3])
    except (ValueError, TypeError, KeyError) as fault:
        raise fault if isinstance(fault, Untrusted) else Untrusted("the key set cannot be read") from fault
    return KeySet(held[1], held[2], keys)


def _read_key(row: Any) -> SignerKey:
    kid, x, y, purpose, not_before, not_after = row
    if not (_is_bytes(x, 32) and _is_bytes(y, 32) and _is_number(not_before) and _is_number(not_after)):
        raise Untrusted("a key of the set cannot be read")
    key = SignerKey(PublicKey(x, y), Purpose(purpose), not_before, not_after)
    if kid != key.public.kid:
        raise Untrusted("a key of the set is not called by its name")
    return key


def revocations_payload(number: int, made_at: int, passes: Iterable[bytes]) -> bytes:
    """The list of revoked passes as it is signed."""
    return cbor.encode({0: "revoked", 1: number, 2: made_at, 3: sorted(passes)})


def read_revocations(data: bytes, keys: KeySet) -> Revocations:
    """The list of revoked passes, if a key for it signed it. Raises Untrusted."""
    held = _signed_document(data, keys, Purpose.REVOCATION, "revoked")
    if not all(_is_bytes(each, 16) for each in held[3]):
        raise Untrusted("the list of revoked passes cannot be read")
    return Revocations(held[1], held[2], frozenset(held[3]))


def manifest_payload(number: int, made_at: int, day: str, point: str, travellers: Iterable[Traveller]) -> bytes:
    """The list of travellers as it is signed."""
    rows = [[each.pass_id, each.claims()] for each in travellers]
    return cbor.encode({0: "manifest", 1: number, 2: made_at, 3: rows, 4: day, 5: point})


def read_manifest(data: bytes, keys: KeySet) -> Manifest:
    """The list of travellers, if a key for it signed it. Raises Untrusted."""
    held = _signed_document(data, keys, Purpose.MANIFEST, "manifest")
    if not (_is_text(held[4], _DAY) and _is_text(held[5], _POINT)):
        raise Untrusted("the list of travellers cannot be read")
    travellers = []
    for row in held[3]:
        known = read_traveller(row[0], row[1]) if isinstance(row, list) and len(row) == 2 else None
        if known is None:
            raise Untrusted("the list of travellers cannot be read")
        travellers.append(known)
    return Manifest(held[1], held[2], held[4], held[5], tuple(travellers))


def _is_profile(message: cose.Sign1, kid: bytes) -> bool:
    return message.headers == {cose.ALGORITHM: cose.ES256, cose.KEY_ID: kid} and not message.unprotected


def _document(message: cose.Sign1, name: str) -> dict[Any, Any]:
    held = cbor.decode(message.payload)
    wanted = {0, 1, 2, 3, 4, 5} if name == "manifest" else {0, 1, 2, 3}
    if (
        not isinstance(held, dict)
        or held.keys() != wanted
        or held[0] != name
        or not (_is_number(held[1]) and _is_number(held[2]) and isinstance(held[3], list))
    ):
        raise Untrusted(f"not a document of the kind {name}")
    return held


def _signed_document(data: bytes, keys: KeySet, purpose: Purpose, name: str) -> dict[Any, Any]:
    try:
        message = cose.read(data)
        kid = message.headers.get(cose.KEY_ID)
        key = keys.by_kid(kid) if isinstance(kid, bytes) else None
        if key is None or key.purpose != purpose or not _is_profile(message, key.public.kid):
            raise Untrusted(f"{name}: not signed with a key for it")
        if not cose.is_signed_by(message, key.public):
            raise Untrusted(f"{name}: the signature is wrong")
        held = _document(message, name)
        if not key.not_before <= held[2] <= key.not_after:
            raise Untrusted(f"{name}: signed outside the days of its key")
    except (ValueError, TypeError, KeyError) as fault:
        raise fault if isinstance(fault, Untrusted) else Untrusted(f"{name} cannot be read") from fault
    return held
