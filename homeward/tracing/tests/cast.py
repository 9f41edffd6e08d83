"""The cast of tracing: Ada asks about Ostap; a camp records him in other letters; Cleo and Eli judge."""

from homeward.access.models import Staff
from homeward.enquiries import actions as enquiries
from homeward.enquiries.models import Channel, Enquiry
from homeward.matching.memory import Memory
from homeward.register import actions as register
from homeward.register.models import Entry
from homeward.testing import make_staff
from homeward.tracing.following import match_changes
from homeward.tracing.models import PotentialMatch

ASKED = {"surname": "Szczerbacki", "given": "Ostap", "patronymic": "Iwanowycz", "born": "1990-05-28", "unit": "45261"}
RECORDED = {"surname": "Щербацький", "given": "Остап", "patronymic": "Іванович", "born": "1990-05-28", "unit": "45216"}
NAMESAKE = {"surname": "Щербацький", "given": "Остап", "patronymic": "Петрович", "born": "1990"}


def ask(facts: dict[str, str] | None = None, *, by: Staff | None = None, **more: object) -> Enquiry:
    """An enquiry by telephone."""
    staff = by or make_staff("case_worker")
    return enquiries.file_enquiry(facts or ASKED, channel=Channel.HOTLINE, by=staff, **more)  # type: ignore[arg-type]


def record(particulars: dict[str, str] | None = None, *, by: Staff | None = None) -> Entry:
    """A capture card."""
    return register.enter_capture_card(particulars or RECORDED, by=by or make_staff("registrar"))


def follow() -> None:
    """What the worker does until there is nothing left."""
    while match_changes():
        pass


def match_of(enquiry: Enquiry, entry: Entry) -> PotentialMatch:
    """The pair, as the database has it."""
    return PotentialMatch.objects.get(sought=enquiry.sought_id, entry=entry)


def a_pair(matcher: Memory) -> PotentialMatch:
    """Ada's question and the camp's entry, found by the worker."""
    entry = record()
    enquiry = ask()
    follow()
    return match_of(enquiry, entry)
