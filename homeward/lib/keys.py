"""The keyring: one root secret a key class, working keys derived from it (HKDF-SHA256, RFC 5869).

Key classes keep the two sides apart: a family process is given no register key, so nothing it runs can read the
register. The embedded default writes one file a class, mode 0600, on the first start.
"""

import base64
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from homeward.lib import paths

KEY_CLASSES = ("register", "family", "index", "session", "audit", "staff", "voice")
# What each kind of process may hold (SECURITY.md §3.1). Anything else it may not even open.
ZONES: dict[str, tuple[str, ...]] = {
    "family": ("family", "session", "audit"),
    # Talks with families and files what they ask; as little as the family site can it read the register.
    "telegram": ("family", "session", "audit"),
    # Answers the telephone: writes calls and seals spoken messages.
    "phone": ("family", "session", "audit", "voice"),
    "staff": KEY_CLASSES,
    "worker": KEY_CLASSES,
    "matcher": ("register", "family", "index"),
    "signer": ("staff", "audit", "signing"),
    "command": KEY_CLASSES,
}
# Without a signer of its own (HOMEWARD_SIGNER, its socket) these sign themselves; with one, nobody else may hold its key.
_SIGN_WHERE_EMBEDDED = ("staff", "worker", "command")


class KeyMissing(Exception):
    """This process has no key of that class: either it must not have it, or the keyring was never made."""


def zone() -> str:
    """The kind of process this is (HOMEWARD_ZONE); a person's own command line unless said otherwise."""
    return os.environ.get("HOMEWARD_ZONE", "command")


def may_hold(key_class: str) -> bool:
    """Whether a process of this zone may open that class."""
    if key_class == "signing" and not os.environ.get("HOMEWARD_SIGNER"):
        return zone() in _SIGN_WHERE_EMBEDDED
    return key_class in ZONES.get(zone(), ())


def folder() -> Path:
    """The folder of the key files; in production on another device (HOMEWARD_KEYS)."""
    return Path(os.environ.get("HOMEWARD_KEYS") or paths.home() / "keys")


def place() -> str:
    """The folder as text; asked for each sealed value, so it is not put together anew each time."""
    return _place(os.environ.get("HOMEWARD_KEYS"), os.environ.get("HOMEWARD_HOME"))


@lru_cache(maxsize=16)
def _place(_keys: str | None, _home: str | None) -> str:
    return str(folder())


def make_keyring() -> bool:
    """Write the missing key files; True where any was written. An existing key is never touched."""
    wrote = False
    folder().mkdir(parents=True, mode=0o700, exist_ok=True)
    for key_class in KEY_CLASSES:
        path = folder() / f"{key_class}.key"
        if path.exists():
            continue
        content = {"current": 1, "roots": {"1": base64.b64encode(secrets.token_bytes(32)).decode()}}
        # Written aside and linked into place: a start that dies half-way leaves no half key, and of two starts at
        # once one wins whole.
        aside = path.with_suffix(f".{os.getpid()}.new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
            wrote = True
        except FileExistsError:
            pass
        aside.unlink()
    _roots.cache_clear()
    derived.cache_clear()
    return wrote


@lru_cache(maxsize=32)
def _roots(key_class: str, place: str) -> tuple[int, dict[int, bytes]]:
    if not may_hold(key_class):
        raise KeyMissing(f"a {zone()} process holds no {key_class} key")
    try:
        content = json.loads((Path(place) / f"{key_class}.key").read_text())
    except FileNotFoundError as missing:
        raise KeyMissing(f"no {key_class} key in the keyring: run `homeward init`") from missing
    return content["current"], {int(number): base64.b64decode(root) for number, root in content["roots"].items()}


def current_id(key_class: str) -> int:
    """The number of the key new values are sealed with."""
    return _roots(key_class, place())[0]


def key(key_class: str, purpose: str, key_id: int | None = None) -> bytes:
    """A 32-byte working key for one purpose, derived from the class's root. Raises KeyMissing."""
    return derived(key_class, purpose, key_id or current_id(key_class), place())


@lru_cache(maxsize=256)
def derived(key_class: str, purpose: str, key_id: int, place: str) -> bytes:
    """HKDF-SHA256 over the class's root with the purpose as its label."""
    roots = _roots(key_class, place)[1]
    if key_id not in roots:
        raise KeyMissing(f"the keyring holds no {key_class} key number {key_id}")
    label = f"homeward {key_class} {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(roots[key_id])
