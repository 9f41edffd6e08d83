"""The hash by which two people know that they mean the same content."""

import hmac
from collections.abc import Mapping
from typing import Any

import cbor2

from homeward.lib import keys

Payload = Mapping[str, Any]


def payload_hash(payload: Payload, key_id: int | None = None) -> str:
    """HMAC-SHA-256 over the payload's deterministic CBOR, as "<key id>.<64 hex digits>".

    Keyed, because a plain hash of a short content (a fate, two references) is found by trying: the hash lies open
    in the database while the content is sealed.
    """
    number = key_id or keys.current_id("staff")
    key = keys.key("staff", "decision payload", number)
    return f"{number}.{hmac.new(key, cbor2.dumps(_plain(payload), canonical=True), 'sha256').hexdigest()}"


def is_hash_of(stored: str, payload: Payload) -> bool:
    """Whether the stored hash is that of this payload, whichever key it was made with."""
    number = stored.partition(".")[0]
    return number.isdigit() and hmac.compare_digest(stored, payload_hash(payload, int(number)))


def _plain(value: Any) -> Any:
    # Only what survives being sealed as JSON and read again unchanged, so that the hash can be made again later.
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the keys of a payload are text")
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, (str, bool, int)):
        return str(value) if isinstance(value, str) else value
    raise TypeError("a payload holds text, whole numbers, booleans, lists and nothing else")
