"""One text by SMTP. Subject and body are the same neutral words; the Message-ID is the posting's, so a mailbox can tell twins."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from homeward.channels.carrying import Blocked, Later, LineDown, Unclear, WrongAddress
from homeward.lib import clock

_PATIENCE = 20.0


class SmtpCarrier:
    """Speaks to one mail server, a connection a text: doorbells are few, and no session waits for hours."""

    def __init__(self, host: str, port: int, *, user: str, password: str, sender: str, encrypted: bool = True) -> None:
        self.host, self.port, self.user, self.password = host, port, user, password
        self.sender, self.encrypted = sender, encrypted

    def carry(self, address: str, text: str, *, reference: str) -> str:
        """See `Carrier`. Whatever breaks before the server has the whole text was surely not carried."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, address, text
        mail["Date"] = format_datetime(clock.now())
        number = f"<{reference}@{self.sender.rpartition('@')[2]}>"
        mail["Message-ID"] = number
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text + "\n")
        handed_over = False
        try:
            with smtplib.SMTP(self.host, self.port, timeout=_PATIENCE) as server:
                if self.encrypted:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.ehlo_or_helo_if_needed()
                self._accepted(*server.mail(self.sender))
                self._accepted(*server.rcpt(address))
                handed_over = True
                self._accepted(*server.data(mail.as_bytes()))
                return number
        except smtplib.SMTPResponseException as answer:
            raise self._meaning(answer.smtp_code) from None
        except (OSError, smtplib.SMTPException) as fault:
            if handed_over:
                raise Unclear(type(fault).__name__) from None
            raise LineDown(type(fault).__name__) from None

    @staticmethod
    def _accepted(code: int, answer: bytes) -> None:
        if code not in (250, 251):
            raise smtplib.SMTPResponseException(code, answer)

    @staticmethod
    def _meaning(code: int) -> Exception:
        if code in (550, 551, 553):
            return WrongAddress(f"smtp_{code}")
        if 500 <= code < 600 and code not in (530, 535, 538, 554):
            return Blocked(f"smtp_{code}")
        # 4xx, and what says that we are not let in: greylisting, a full mailbox, a wrong password of ours.
        return Later(f"smtp_{code}")
