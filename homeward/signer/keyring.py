"""The signer's own keys: one for each purpose, good for 30 days, in a key set signed by the root.

In production the root is a file on a machine without network, and this file holds none: `homeward signer-keys request` writes
the public halves of new keys, the root signs them there, `take` takes the signed set. Embedded (no HOMEWARD_SIGNER), `init` makes a
root beside the keys and the set renews itself; passes then call their issuer TRAINING.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from homeward.lib import clock, keys
from homeward.signer import cose
from homeward.signer.trust import KeySet, Purpose, SignerKey, key_set_payload, read_key_set

DAY = 86_400
LIVES = 30 * DAY
# A pass may be made out three weeks ahead, so a new key is due before less than that (and a day) is left of the old.
AHEAD = 21 * DAY
_DUE = AHEAD + DAY
_KEPT = (
    8 * DAY
)  # after its last day a key stays in the set until its last pass has ended; receipts are checked for years
ISSUER_IN_TRAINING = "TRAINING"


class NoSigningKey(Exception):
    """There is no key for this purpose that lives long enough."""


def is_embedded() -> bool:
    """Whether this house has no signer process of its own."""
    return not os.environ.get("HOMEWARD_SIGNER")


def issuer() -> str:
    """What passes call the house that issued them: two to eight capitals."""
    return ISSUER_IN_TRAINING if is_embedded() else os.environ.get("HOMEWARD_ISSUER", "HW")


def path() -> Path:
    """The key file: mode 0600; in production readable by the signer's own system user only."""
    return Path(os.environ.get("HOMEWARD_SIGNER_KEYS") or keys.folder() / "signing.json")


def make() -> bool:
    """Embedded: make root, keys and set where there are none. True where they were made."""
    if path().exists():
        return False
    path().parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    with _locked():
        if path().exists():
            return False
        root = ec.generate_private_key(ec.SECP256R1())
        held: dict[str, Any] = {
            "root": _out(root),
            "root_public": _public_out(root),
            "keys": [],
            "number": 0,
            "set": "",
        }
        _renewed(held, int(clock.now().timestamp()), force=True)
        _write(held)
    return True


def set_up(root_public: dict[str, str]) -> None:
    """Production: begin a key file that trusts this root and does not hold it."""
    if path().exists():
        raise FileExistsError(path())
    with _locked():
        _write({"root_public": root_public, "keys": [], "number": 0, "set": ""})


def trust() -> tuple[cose.PublicKey, bytes]:
    """The root's public key and the signed key set: what a kit pins and reads."""
    held = _current()
    return _public_in(held["root_public"]), base64.b64decode(held["set"])


def key_set() -> KeySet:
    """The key set, read as a kit would read it."""
    root, signed = trust()
    return read_key_set(signed, root)


def private_key(purpose: Purpose, *, until: int) -> ec.EllipticCurvePrivateKey:
    """The newest key for this purpose in the signed set that lives until then. Raises NoSigningKey."""
    held = _current()
    now = int(clock.now().timestamp())
    in_set = {key.public.kid for key in key_set().keys}
    for each in reversed(held["keys"]):
        if each["purpose"] == purpose and each["not_before"] <= now and until <= each["not_after"]:
            private = _in(each["private"])
            if cose.public_of(private).kid in in_set:
                return private
    raise NoSigningKey(f"no key for {purpose.name} lives until then")


def request() -> dict[str, Any]:
    """New keys, kept here and not yet used; their public halves for the root to sign, with the keys of the set that stay."""
    with _locked():
        held = _read()
        _with_new_keys(held, int(clock.now().timestamp()), force=True)
        _write(held)
    return {"number": held["number"] + 1, "keys": [_row(each) for each in held["keys"]]}


def sign_request(asked: dict[str, Any], root: ec.EllipticCurvePrivateKey) -> bytes:
    """On the machine without network: the key set that was asked for, signed by the root."""
    rows = (
        SignerKey(_public_in(each), Purpose(each["purpose"]), each["not_before"], each["not_after"])
        for each in asked["keys"]
    )
    return cose.sign(key_set_payload(asked["number"], int(clock.now().timestamp()), rows), root)


def take(signed: bytes) -> KeySet:
    """Take a set which the root signed; it must be newer than the one at hand. Raises Untrusted, ValueError."""
    with _locked():
        held = _read()
        taken = read_key_set(signed, _public_in(held["root_public"]))
        if taken.number <= held["number"]:
            raise ValueError("this key set is not newer than the one at hand")
        held["number"], held["set"] = taken.number, base64.b64encode(signed).decode()
        _write(held)
    return taken


# --- the file ------------------------------------------------------------------------------------------------------


def _current() -> dict[str, Any]:
    if is_embedded() and keys.may_hold("signing"):
        make()
    held = _read()
    now = int(clock.now().timestamp())
    if "root" in held and _is_due(held, now):
        with _locked():
            held = _read()
            _renewed(held, now)
            _write(held)
    return held


def _is_due(held: dict[str, Any], now: int) -> bool:
    return any(not any(_serves(each, purpose, now) for each in held["keys"]) for purpose in Purpose)


def _serves(each: dict[str, Any], purpose: Purpose, now: int) -> bool:
    """Whether this key signs now and for long enough. One made while the clock ran ahead does not: another is made beside it."""
    return bool(each["purpose"] == purpose and each["not_before"] <= now and each["not_after"] >= now + _DUE)


def _with_new_keys(held: dict[str, Any], now: int, *, force: bool = False) -> None:
    held["keys"] = [
        each for each in held["keys"] if each["purpose"] == Purpose.RECEIPT or each["not_after"] + _KEPT > now
    ]
    for purpose in Purpose:
        if not force and any(_serves(each, purpose, now) for each in held["keys"]):
            continue
        private = ec.generate_private_key(ec.SECP256R1())
        held["keys"].append(
            {"purpose": int(purpose), "private": _out(private), "not_before": now - 60, "not_after": now + LIVES}
        )


def _renewed(held: dict[str, Any], now: int, *, force: bool = False) -> None:
    _with_new_keys(held, now, force=force)
    signed = sign_request(
        {"number": held["number"] + 1, "keys": [_row(each) for each in held["keys"]]}, _in(held["root"])
    )
    held["number"], held["set"] = held["number"] + 1, base64.b64encode(signed).decode()


def _row(each: dict[str, Any]) -> dict[str, Any]:
    return {
        **_public_out(_in(each["private"])),
        "purpose": each["purpose"], "not_before": each["not_before"], "not_after": each["not_after"],
    }  # fmt: skip


def _read() -> dict[str, Any]:
    if not keys.may_hold("signing"):
        raise keys.KeyMissing(f"a {keys.zone()} process holds no signing key")
    try:
        held: dict[str, Any] = json.loads(path().read_text())
    except FileNotFoundError as missing:
        raise keys.KeyMissing("there is no signing key: run `homeward init`") from missing
    return held


def _write(held: dict[str, Any]) -> None:
    aside = path().with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(held, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path())


@contextmanager
def _locked() -> Iterator[None]:
    with path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _out(private: ec.EllipticCurvePrivateKey) -> str:
    return f"{private.private_numbers().private_value:064x}"


def _in(said: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(said, 16), ec.SECP256R1())


def _public_out(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    public = cose.public_of(private)
    return {"x": public.x.hex(), "y": public.y.hex()}


def _public_in(said: dict[str, str]) -> cose.PublicKey:
    return cose.PublicKey(bytes.fromhex(said["x"]), bytes.fromhex(said["y"]))
