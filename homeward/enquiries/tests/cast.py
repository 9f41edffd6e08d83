"""The small cast of this room's tests: Ada and Bea ask; Cleo and Eli work desk 1, Dov desk 2."""

from typing import Any

from homeward.access.models import Staff
from homeward.enquiries import actions
from homeward.enquiries.models import Channel, Enquiry
from homeward.testing import make_staff

OSTAP = {"surname": "Зубрицький", "given": "Остап", "patronymic": "Іванович", "born": "1990-05-28"}
ADA = {"name": "Ada Zubrytska", "telephone": "+380 50 123 45 67", "cover_phrase": "the library"}


def make_enquiry(by: Staff | None = None, **changes: Any) -> Enquiry:
    """Ada asks about Ostap by telephone, unless told otherwise."""
    said: dict[str, Any] = {"facts": OSTAP, "channel": Channel.HOTLINE, "enquirer": ADA} | changes
    return actions.file_enquiry(said.pop("facts"), by=by or make_staff("case_worker"), **said)
