"""Against a real mail server in the test."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from homeward.channels.carrying import Later, Unclear, WrongAddress
from homeward.channels.email.carrier import SmtpCarrier


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.on_data = "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 nobody"
        if address.startswith("grey"):
            return "451 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(bytes(envelope.content or b""))
        if self.on_data == "break":
            server.transport.abort()
        return self.on_data


@pytest.fixture
def box() -> Iterator[tuple[Mailbox, SmtpCarrier]]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    yield (
        mailbox,
        SmtpCarrier("127.0.0.1", controller.port, user="", password="", sender="post@house.example", encrypted=False),
    )
    controller.stop()


def test_a_text_arrives_as_it_is(box: tuple[Mailbox, SmtpCarrier]) -> None:
    mailbox, carrier = box

    number = carrier.carry("ada@example.org", "Для Вас є що прочитати. 1234-5678-4", reference="r1")

    mail = message_from_bytes(mailbox.mails[0], policy=default)
    assert mail["Subject"] == "Для Вас є що прочитати. 1234-5678-4"
    assert mail.get_content().strip() == "Для Вас є що прочитати. 1234-5678-4"  # type: ignore[attr-defined]
    assert mail["Message-ID"] == number == "<r1@house.example>"


@pytest.mark.parametrize(("address", "kind"), [("nobody@example.org", WrongAddress), ("grey@example.org", Later)])
def test_what_the_server_says_is_understood(
    box: tuple[Mailbox, SmtpCarrier], address: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        box[1].carry(address, "text", reference="r1")


def test_a_line_that_breaks_after_the_text_is_unclear(box: tuple[Mailbox, SmtpCarrier]) -> None:
    box[0].on_data = "break"

    with pytest.raises(Unclear):
        box[1].carry("ada@example.org", "text", reference="r1")


def test_no_server_is_later() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with pytest.raises(Later):
        SmtpCarrier("127.0.0.1", port, user="", password="", sender="p@h.example").carry(
            "a@b.example", "t", reference="r"
        )
