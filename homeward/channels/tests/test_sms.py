"""Against a message centre of our own: it reads each PDU with the wire format of SMPP 3.4, written here from the standard."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from homeward.channels.carrying import Later, Unclear, WrongAddress
from homeward.channels.sms.carrier import SmppCarrier

BIND_TRANSMITTER, SUBMIT_SM, RESPONSE = 0x02, 0x04, 0x80000000


class Centre(threading.Thread):
    """Answers one connection after the other with the status it was told."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.status: int | None = 0
        self.bind_status = 0
        self.texts: list[tuple[str, str]] = []

    def run(self) -> None:
        while True:
            try:
                line, _where = self.listening.accept()
            except OSError:
                return
            with line:
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        while head := line.recv(16, socket.MSG_WAITALL):
            length, command, _status, sequence = struct.unpack(">IIII", head)
            body = line.recv(length - 16, socket.MSG_WAITALL) if length > 16 else b""
            if command == BIND_TRANSMITTER:
                line.sendall(struct.pack(">IIII", 21, command | RESPONSE, self.bind_status, sequence) + b"SMSC\0")
            elif command == SUBMIT_SM:
                self.texts.append(self._read(body))
                if self.status is None:
                    return  # breaks the line without an answer
                answer = b"id7\0" if self.status == 0 else b""
                line.sendall(struct.pack(">IIII", 16 + len(answer), command | RESPONSE, self.status, sequence) + answer)

    @staticmethod
    def _read(body: bytes) -> tuple[str, str]:
        _service, rest = body.split(b"\0", 1)
        rest = rest[2:]
        _source, rest = rest.split(b"\0", 1)
        rest = rest[2:]
        destination, rest = rest.split(b"\0", 1)
        rest = rest[3:]
        _schedule, rest = rest.split(b"\0", 1)
        _validity, rest = rest.split(b"\0", 1)
        coding, length = rest[2], rest[4]
        text = rest[5 : 5 + length]
        return destination.decode(), text.decode("utf-16-be" if coding == 8 else "ascii")


@pytest.fixture
def centre() -> Iterator[Centre]:
    running = Centre()
    running.start()
    yield running
    running.listening.close()


def carry(centre: Centre, text: str = "Для Вас є що прочитати. 1234-5678-4") -> str:
    carrier = SmppCarrier("127.0.0.1", centre.port, user="house", password="secret", sender="post")
    return carrier.carry("+380501234567", text, reference="r1")


def test_a_text_arrives_in_one_part(centre: Centre) -> None:
    assert carry(centre) == "id7"

    assert centre.texts == [("380501234567", "Для Вас є що прочитати. 1234-5678-4")]


@pytest.mark.parametrize(("status", "kind"), [(0x0B, WrongAddress), (0x58, Later), (0x14, Later), (None, Unclear)])
def test_what_the_centre_says_is_understood(centre: Centre, status: int | None, kind: type[Exception]) -> None:
    centre.status = status

    with pytest.raises(kind):
        carry(centre)

    assert len(centre.texts) == 1


def test_a_wrong_password_hands_nothing_over(centre: Centre) -> None:
    centre.bind_status = 0x0E

    with pytest.raises(Later):
        carry(centre)

    assert centre.texts == []
