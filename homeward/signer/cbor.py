"""The little CBOR (RFC 8949) that passes are made of, read strictly: one value has one encoding, everything else is refused.

No indefinite lengths, no tags but 18 around the whole, no floating point, no number beyond 2**53 - 1 (JavaScript reads the same
bytes), the shortest form of every length, no key twice, keys in the order of their bytes (RFC 8949 §4.2.1), nothing left over.
"""

from collections.abc import Mapping
from typing import Any

LARGEST = 2**53 - 1
DEEPEST = 8
SIGN1 = 18


class NotStrict(ValueError):
    """The bytes are no CBOR, or not in the one form that is taken."""


def decode(data: bytes, *, tag: int | None = None, sorted_keys: bool = True) -> Any:
    """The one value these bytes hold. `tag`: the value must stand in exactly this tag.

    `sorted_keys=False` also reads maps whose keys stand in another order, as foreign certificates write them.
    """
    reader = _Reader(data, sorted_keys)
    if tag is not None and reader.head() != (6, tag):
        raise NotStrict("tag")
    value = reader.value(0)
    if reader.at != len(data):
        raise NotStrict("left over")
    return value


class _Reader:
    def __init__(self, data: bytes, sorted_keys: bool) -> None:
        self.data, self.at, self.sorted_keys = data, 0, sorted_keys

    def take(self, count: int) -> bytes:
        if count > len(self.data) - self.at:
            raise NotStrict("cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def head(self) -> tuple[int, int]:
        """Major type and argument; the argument in its shortest form."""
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if low < 24:
            return major, low
        if low > 27:
            raise NotStrict("indefinite or reserved")
        size = 1 << (low - 24)
        argument = int.from_bytes(self.take(size), "big")
        if argument < (24, 1 << 8, 1 << 16, 1 << 32)[low - 24]:
            raise NotStrict("not shortest")
        if argument > LARGEST:
            raise NotStrict("too large")
        return major, argument

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise NotStrict("too deep")
        major, argument = self.head()
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            try:
                return self.take(argument).decode()
            except UnicodeDecodeError:
                raise NotStrict("text") from None
        if major == 4:
            return [self.value(depth + 1) for _ in range(self._count(argument, 1))]
        if major == 5:
            return self._map(self._count(argument, 2), depth)
        if major == 7 and argument in (20, 21, 22):
            return (False, True, None)[argument - 20]
        raise NotStrict("type")

    def _count(self, items: int, least: int) -> int:
        # Every item takes a byte at least: a head that promises more than there is never makes us wait.
        if items * least > len(self.data) - self.at:
            raise NotStrict("cut short")
        return items

    def _map(self, items: int, depth: int) -> dict[Any, Any]:
        held: dict[Any, Any] = {}
        seen: set[bytes] = set()
        before = b""
        for _ in range(items):
            start = self.at
            key = self.value(depth + 1)
            if not isinstance(key, int | str) or isinstance(key, bool):
                raise NotStrict("key")
            raw = self.data[start : self.at]
            if raw in seen or (self.sorted_keys and raw < before):
                raise NotStrict("keys")
            seen.add(raw)
            before = raw
            held[key] = self.value(depth + 1)
        return held


def encode(value: Any) -> bytes:
    """The one encoding of this value."""
    if value is None or isinstance(value, bool):
        return bytes([{False: 0xF4, True: 0xF5, None: 0xF6}[value]])
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        written = value.encode()
        return _head(3, len(written)) + written
    if isinstance(value, list | tuple):
        return _head(4, len(value)) + b"".join(encode(each) for each in value)
    if isinstance(value, Mapping):
        pairs = sorted((encode(key), encode(held)) for key, held in value.items())
        return _head(5, len(pairs)) + b"".join(key + held for key, held in pairs)
    raise TypeError(f"a {type(value).__name__} is not signed")


def tagged(tag: int, encoded: bytes) -> bytes:
    """An encoded value in a tag."""
    return _head(6, tag) + encoded


def _head(major: int, argument: int) -> bytes:
    if argument > LARGEST:
        raise ValueError("a number beyond 2**53 - 1")
    if argument < 24:
        return bytes([major << 5 | argument])
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            return bytes([major << 5 | low]) + argument.to_bytes(size, "big")
    raise AssertionError("unreachable")
