"""What goes over the socket: frames of four bytes length and one CBOR map. The same in both directions.

A question is {"ask": word, ...}; an answer {"ok": ...} or {"no": reason}. Persons travel as maps of their non-empty fields.
"""

import dataclasses
import socket
import struct
from collections.abc import Mapping
from typing import Any

import cbor2

from namesake import Comparison, Evidence, Person, Reason

LONGEST = 64 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class Broken(Exception):
    """The other end went away, or sent what is no frame."""


def send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    """Write one frame."""
    body = cbor2.dumps(message)
    connection.sendall(_LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """Read one frame; None where the other end closed between two frames."""
    head = _exactly(connection, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LONGEST:
        raise Broken("a frame longer than any question")
    body = _exactly(connection, length)
    if body is None:
        raise Broken("a frame that stops in the middle")
    message = cbor2.loads(body)
    if not isinstance(message, dict):
        raise Broken("a frame that is no map")
    return message


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(min(count - len(parts), 1 << 20))
        if not part:
            if parts:
                raise Broken("a frame that stops in the middle")
            return None
        parts += part
    return bytes(parts)


_FIELDS = tuple(field.name for field in dataclasses.fields(Person))


def person_out(person: Person) -> dict[str, Any]:
    """A person as a map of what is said about him."""
    said = {name: getattr(person, name) for name in _FIELDS}
    return {name: value if isinstance(value, str | tuple) else str(value) for name, value in said.items() if value}


def person_in(said: Mapping[str, Any]) -> Person:
    """The person again."""
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Person(**fields)


def comparison_out(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain values."""
    return {
        "bits": comparison.bits,
        "probability": comparison.probability,
        "evidence": [
            [each.trait, each.bits, str(each.reason.code), dict(each.reason.values), each.left, each.right]
            for each in comparison.evidence
        ],
    }


def comparison_in(said: Mapping[str, Any]) -> Comparison:
    """The comparison again."""
    from namesake import ReasonCode

    return Comparison(
        bits=said["bits"],
        probability=said["probability"],
        evidence=tuple(
            Evidence(trait, bits, Reason(ReasonCode(code), values), left, right)
            for trait, bits, code, values, left, right in said["evidence"]
        ),
    )
