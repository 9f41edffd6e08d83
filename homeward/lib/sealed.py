"""Fields that the application encrypts: what lies on a disk or in a backup tells nothing.

Format: version (1) | key id (1) | nonce (12) | AES-256-GCM ciphertext and tag. The associated data is
`table|column|row reference|key id`, so a ciphertext moved to another row, column or table does not open. The plain text
is padded to steps of 32 bytes. Standard: NIST SP 800-38D; random 96-bit nonces keep one key good for 2**32 values, far
above the rows of one house, and every column has its own key.
"""

import hashlib
import hmac
import json
import os
import struct
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import FieldError
from django.db import models

from homeward.lib import keys

_VERSION = 1
_STEP = 32


class SealBroken(Exception):
    """A sealed value does not open: it was altered, moved, or sealed with another key."""


@lru_cache(maxsize=256)
def _cipher(key_class: str, purpose: str, key_id: int, place: str) -> AESGCM:
    return AESGCM(keys.derived(key_class, purpose, key_id, place))


def seal(plain: bytes, *, key_class: str, purpose: str, about: str) -> bytes:
    """Encrypt for one place: `purpose` is the table and column (or the kind of file), `about` the row's reference."""
    key_id = keys.current_id(key_class)
    padded = struct.pack(">I", len(plain)) + plain
    padded += b"\0" * (-len(padded) % _STEP)
    nonce = os.urandom(12)
    cipher = _cipher(key_class, purpose, key_id, keys.place())
    return bytes((_VERSION, key_id)) + nonce + cipher.encrypt(nonce, padded, f"{purpose}|{about}|{key_id}".encode())


def unseal(value: bytes, *, key_class: str, purpose: str, about: str) -> bytes:
    """The plain bytes again. Raises SealBroken, or KeyMissing where this process may not read them."""
    if len(value) < 14 + 16 + _STEP or value[0] != _VERSION:
        raise SealBroken(f"not a sealed value of {purpose}")
    key_id = value[1]
    cipher = _cipher(key_class, purpose, key_id, keys.place())
    try:
        padded = cipher.decrypt(value[2:14], value[14:], f"{purpose}|{about}|{key_id}".encode())
    except InvalidTag as broken:
        raise SealBroken(f"a value of {purpose} does not open in its place") from broken
    (length,) = struct.unpack(">I", padded[:4])
    return padded[4 : 4 + length]


def blind_index(key_class: str, column: str, value: str) -> bytes:
    """Sixteen bytes that find an identifier of high variety again (telephone, document or service number) exactly.

    Never for a name: a keyed hash of names still gives them away by how often each occurs.
    """
    tidied = " ".join(value.casefold().split())
    return hmac.new(keys.key(key_class, f"blind {column}"), tidied.encode(), hashlib.sha256).digest()[:16]


class _Unopened:
    """Sealed bytes as they came from the database, opened only when somebody reads the attribute."""

    __slots__ = ("value",)

    def __init__(self, value: bytes) -> None:
        self.value = value


class _Attribute:
    """Opens a sealed field on first reading, with the row's own reference as its place."""

    def __init__(self, field: "_Sealed") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Unopened):
            plain = unseal(
                value.value,
                key_class=self.field.key_class,
                purpose=self.field.purpose,
                about=self.field.about(instance),
            )
            value = instance.__dict__[name] = self.field.decode(plain)
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class _Sealed(models.BinaryField):  # type: ignore[type-arg]
    """The common part of the sealed fields; the row must carry its `reference` before it is saved."""

    def __init__(self, *args: Any, key_class: str = "register", **kwargs: Any) -> None:
        self.key_class = key_class
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["key_class"] = self.key_class
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Attribute(self))

    @property
    def purpose(self) -> str:
        """The table and column this field stands in."""
        return f"{self.model._meta.db_table}|{self.attname}"

    @staticmethod
    def about(instance: models.Model) -> str:
        """The reference of the row, without which nothing can be sealed."""
        reference = str(getattr(instance, "reference", "") or "")
        if not reference:
            raise FieldError(f"{type(instance).__name__} needs its reference before a field can be sealed")
        return reference

    def encode(self, value: Any) -> bytes:
        """UTF-8; lone surrogates of broken input survive."""
        return str(value).encode("utf-8", "surrogatepass")

    def decode(self, plain: bytes) -> Any:
        """The text again."""
        return plain.decode("utf-8", "surrogatepass")

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        """Sealed until somebody reads it."""
        return None if value is None else _Unopened(bytes(value))

    def to_python(self, value: Any) -> Any:
        """As it is: forms never carry a sealed field directly."""
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal at the last moment, when the row's reference is certain."""
        value = model_instance.__dict__.get(self.attname)
        if value is None:
            return None
        if isinstance(value, _Unopened):
            return _Ready(value.value)
        sealed = seal(
            self.encode(value), key_class=self.key_class, purpose=self.purpose, about=self.about(model_instance)
        )
        return _Ready(sealed)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Only what pre_save sealed may be written: an update() would bypass the row's reference."""
        if value is None:
            return None
        if not isinstance(value, _Ready):
            raise FieldError(f"{self.attname} is sealed: save the row, do not update or filter by it")
        return connection.Database.Binary(value.value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Nothing can be looked up in sealed text, except whether there is any."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.attname} is sealed and cannot be searched")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        """Sealed fields are never serialised."""
        raise FieldError(f"{self.attname} is sealed and is never exported")


class _Ready:
    """Bytes sealed for exactly this row."""

    __slots__ = ("value",)

    def __init__(self, value: bytes) -> None:
        self.value = value


class SealedText(_Sealed):
    """Text that is encrypted in the database."""


class SealedJSON(_Sealed):
    """A dict or list of plain values that is encrypted in the database."""

    def encode(self, value: Any) -> bytes:
        """Compact JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

    def decode(self, plain: bytes) -> Any:
        """The value again."""
        return json.loads(plain.decode("utf-8", "surrogatepass"))
