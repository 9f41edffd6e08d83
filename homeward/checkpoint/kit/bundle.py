"""The kit file: what a checkpoint needs for a day. Everything in it is signed; the list of travellers is sealed under a PIN as well.

The key is PBKDF2-HMAC-SHA-256 of the PIN's digits (browsers have nothing stronger), 600,000 rounds, over a random salt of 16 bytes;
the cipher is AES-256-GCM. The house makes the PIN of twelve random digits: 10**12 tries at 15,000 a second, what one large graphics
card does, take two years. A PIN that people choose would fall within hours.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from homeward.signer.cose import PublicKey
from homeward.signer.trust import (
    KeySet,
    Manifest,
    Revocations,
    Untrusted,
    read_key_set,
    read_manifest,
    read_revocations,
)

FORMAT = 1
ROUNDS = 600_000
MOST_ROUNDS = 5_000_000
PIN_DIGITS = 12
KEPT = 72 * 3600
LONGEST = 8_000_000
_ABOUT = b"homeward kit list 1"
_STEP = 4096


class NotOpened(Exception):
    """The PIN does not open the list."""


@dataclass(frozen=True, slots=True)
class SealedList:
    """The signed list of travellers under its PIN."""

    salt: bytes
    rounds: int
    nonce: bytes
    sealed: bytes

    def out(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"salt": _out(self.salt), "rounds": self.rounds, "nonce": _out(self.nonce), "sealed": _out(self.sealed)}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A kit file that was read: the keys and the revoked passes are checked, the list is still sealed."""

    made_at: int
    root: PublicKey
    signed_keys: bytes
    keys: KeySet
    signed_revocations: bytes
    revocations: Revocations
    sealed: SealedList


def new_pin() -> str:
    """Twelve random digits, in fours."""
    digits = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    return " ".join(digits[place : place + 4] for place in range(0, PIN_DIGITS, 4))


def _key(pin: str, salt: bytes, rounds: int) -> bytes:
    digits = "".join(each for each in pin if each in "0123456789")
    return hashlib.pbkdf2_hmac("sha256", digits.encode(), salt, rounds)


def seal_list(signed: bytes, pin: str, *, rounds: int = ROUNDS) -> SealedList:
    """Seal the signed list under the PIN; its length tells no number of travellers."""
    padded = len(signed).to_bytes(4, "big") + signed
    padded += b"\0" * (-len(padded) % _STEP)
    salt, nonce = os.urandom(16), os.urandom(12)
    return SealedList(salt, rounds, nonce, AESGCM(_key(pin, salt, rounds)).encrypt(nonce, padded, _ABOUT))


def open_list(sealed: SealedList, pin: str, keys: KeySet) -> Manifest:
    """The list of travellers. Raises NotOpened; Untrusted where it opens and is not signed by the house."""
    try:
        padded = AESGCM(_key(pin, sealed.salt, sealed.rounds)).decrypt(sealed.nonce, sealed.sealed, _ABOUT)
    except InvalidTag:
        raise NotOpened from None
    return read_manifest(padded[4 : 4 + int.from_bytes(padded[:4], "big")], keys)


def write(*, made_at: int, root: PublicKey, keys: bytes, revocations: bytes, sealed: SealedList) -> bytes:
    """The kit file."""
    said = {
        "homeward_kit": FORMAT, "made_at": made_at, "root": {"x": root.x.hex(), "y": root.y.hex()},
        "keys": _out(keys), "revocations": _out(revocations), "list": sealed.out(),
    }  # fmt: skip
    return json.dumps(said, indent=1).encode()


def read(content: bytes, *, pinned: PublicKey | None) -> Bundle:
    """A kit file, checked under the pinned root (None: the first one, which the kit will pin). Raises Untrusted."""
    try:
        if len(content) > LONGEST:
            raise Untrusted("this is no kit file")
        said = json.loads(content)
        if said["homeward_kit"] != FORMAT:
            raise Untrusted("this kit file is of a kind that this kit does not know")
        root = PublicKey(bytes.fromhex(said["root"]["x"]), bytes.fromhex(said["root"]["y"]))
        if pinned is not None and root != pinned:
            raise Untrusted("this kit file is of another house: its root is not the one this kit knows")
        signed_keys, signed_revocations = _in(said["keys"]), _in(said["revocations"])
        keys = read_key_set(signed_keys, root)
        revocations = read_revocations(signed_revocations, keys)
        made_at = said["made_at"]
        if not isinstance(made_at, int) or isinstance(made_at, bool):
            raise Untrusted("this is no kit file")
        return Bundle(made_at, root, signed_keys, keys, signed_revocations, revocations, sealed_in(said["list"]))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise fault if isinstance(fault, Untrusted) else Untrusted("this is no kit file") from fault


def sealed_in(said: Mapping[str, Any]) -> SealedList:
    """The sealed list out of JSON. Raises ValueError, KeyError, TypeError."""
    rounds = said["rounds"]
    if not isinstance(rounds, int) or not ROUNDS // 600 <= rounds <= MOST_ROUNDS:
        raise ValueError("rounds")
    found = SealedList(_in(said["salt"]), rounds, _in(said["nonce"]), _in(said["sealed"]))
    if len(found.salt) != 16 or len(found.nonce) != 12:
        raise ValueError("lengths")
    return found


def _out(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _in(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
