"""Base45 (RFC 9285), strictly: two bytes as three characters of the QR code's alphanumeric alphabet."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


class NotBase45(ValueError):
    """The text is no base45."""


def encode(data: bytes) -> str:
    """The text of these bytes."""
    said = []
    for place in range(0, len(data) - 1, 2):
        high, rest = divmod(data[place] * 256 + data[place + 1], 45 * 45)
        said.append(ALPHABET[rest % 45] + ALPHABET[rest // 45] + ALPHABET[high])
    if len(data) % 2:
        said.append(ALPHABET[data[-1] % 45] + ALPHABET[data[-1] // 45])
    return "".join(said)


def decode(text: str) -> bytes:
    """The bytes of this text. Raises NotBase45: a foreign character, a length of 1 mod 3, a group above its largest value."""
    if len(text) % 3 == 1:
        raise NotBase45("length")
    try:
        values = [_VALUE[character] for character in text]
    except KeyError:
        raise NotBase45("alphabet") from None
    data = bytearray()
    for place in range(0, len(values) - 2, 3):
        number = values[place] + values[place + 1] * 45 + values[place + 2] * 45 * 45
        if number > 0xFFFF:
            raise NotBase45("overflow")
        data += number.to_bytes(2, "big")
    if len(values) % 3 == 2:
        number = values[-2] + values[-1] * 45
        if number > 0xFF:
            raise NotBase45("overflow")
        data.append(number)
    return bytes(data)
