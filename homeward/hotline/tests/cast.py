"""Callers of this room's tests, and how the provider asks."""

import re
from typing import Any

from django.test import Client
from twilio.request_validator import RequestValidator

from homeward.enquiries.actions import file_enquiry
from homeward.enquiries.models import Channel, Enquiry
from homeward.enquiries.passphrases import give_digits
from homeward.hotline import actions
from homeward.hotline.models import Call
from homeward.hotline.script import Keyed, Silence

TOKEN = "a-token-of-the-tests"
NUMBER = "+380501234567"


def enquiry_with_digits() -> tuple[Enquiry, str]:
    """Somebody asked already, and was given twenty digits."""
    enquiry = file_enquiry({"surname": "Зубрицький", "given": "Остап"}, channel=Channel.HOTLINE, by=None)
    return enquiry, give_digits(enquiry, language="uk").replace(" ", "")


def waiting_call(line_id: str = "line 1", *, number: str = NUMBER, distress: bool = False) -> Call:
    """She chose her language and waits for a person."""
    actions.ring(line_id, number=number)
    for event in (Keyed("1"), Silence(), Keyed("3" if distress else "2"), Silence()):
        call = actions.hear(line_id, event)
    return call


class Provider:
    """The hosted provider, as far as the house sees it: posts, signed, and does what the XML says."""

    def __init__(self, sid: str, number: str = NUMBER) -> None:
        self.client, self.sid, self.number = Client(), sid, number

    def post(self, path: str, **sent: str) -> Any:
        sent = {"CallSid": self.sid, "From": self.number, **sent}
        signature = RequestValidator(TOKEN).compute_signature(f"http://testserver{path}", sent)
        return self.client.post(path, sent, headers={"X-Twilio-Signature": signature})

    def xml(self, path: str, **sent: str) -> str:
        answer = self.post(path, **sent)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def keys(self, keys: str) -> str:
        return self.xml("/hotline/keys", Digits=keys)

    @staticmethod
    def says(xml: str) -> list[str]:
        return re.findall(r"<Say[^>]*>([^<]*)</Say>", xml)
