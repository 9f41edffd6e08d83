"""The left rail of the staff site: the rooms a person's roles open, with what waits in them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeward.access.models import Staff
from homeward.access.rights import Right


@dataclass(frozen=True, slots=True)
class Door:
    """A line of the rail; `waiting` counts what waits there for this person."""

    label: str | Promise
    url_name: str
    rights: tuple[Right, ...] = ()
    waiting: Callable[[Staff], int] | None = None


@dataclass(frozen=True, slots=True)
class RailLine:
    """A door as one page shows it."""

    label: str | Promise
    url: str
    here: bool
    waiting: int | None


DOORS: tuple[Door, ...] = (
    Door(_("Today"), "worklists:home"),
    Door(_("Telephone"), "hotline:desk", (Right.CALLS_ANSWER,)),
    Door(_("Calls we owe"), "hotline:call_backs", (Right.CALLS_ANSWER, Right.CALLS_SUPERVISE)),
    Door(_("Calls by the psychologist"), "hotline:care_queue", (Right.CALLS_CARE,)),
    Door(_("Hotline"), "hotline:board", (Right.CALLS_SUPERVISE,)),
    Door(_("Spoken messages"), "hotline:messages", (Right.CALLS_LISTEN,)),
    Door(_("New enquiry"), "enquiries:file", (Right.ENQUIRIES_FILE,)),
    Door(_("Enquiries"), "enquiries:list", (Right.ENQUIRIES_READ, Right.ENQUIRIES_FILE)),
    Door(_("Register"), "register:list", (Right.REGISTER_READ,)),
    Door(_("Lists that come in"), "intake:list", (Right.REGISTER_IMPORT, Right.ENQUIRIES_IMPORT)),
    Door(_("PFIF"), "partners:bring", (Right.ENQUIRIES_IMPORT,)),
    Door(_("Tracing"), "tracing:worklist", (Right.TRACING_READ,)),
    Door(_("Kinship"), "disclosure:kinships", (Right.KINSHIP_READ,)),
    Door(_("Answers"), "disclosure:list", (Right.DISCLOSURE_READ,)),
    Door(_("Papers"), "disclosure:papers", (Right.DISCLOSURE_READ,)),
    Door(_("Checkpoint"), "checkpoint:today", (Right.CHECKPOINT_READ, Right.CHECKPOINT_KIT)),
    Door(_("Returns"), "returns:list", (Right.RETURNS_READ,)),
    Door(_("Meeting point"), "handover:list", (Right.HANDOVER_READ,)),
    Door(_("Records for partners"), "partners:records", (Right.DISCLOSURE_READ,)),
    Door(_("Scams"), "disclosure:scams", (Right.SCAMS_READ,)),
    Door(_("Partners"), "partners:list", (Right.PARTNERS_MANAGE,)),
    Door(_("Messages"), "contact:list", (Right.MESSAGES_READ,)),
    Door(_("Call-backs"), "contact:call_backs", (Right.MESSAGES_CALL,)),
    Door(_("Journeys"), "journeys:board", (Right.JOURNEYS_READ, Right.JOURNEYS_CHECK_IN)),
    Door(_("Network"), "journeys:network", (Right.NETWORK_KEEP,)),
    Door(_("Background work"), "work:list", (Right.WORK_MANAGE,)),
    Door(_("Staff"), "access:staff", (Right.STAFF_MANAGE,)),
    Door(_("Audit"), "audit:list", (Right.AUDIT_READ,)),
)


def rail_for(staff: Staff, path: str) -> list[RailLine]:
    """The doors this person's rights open; the longest address that begins the path is where she is."""
    lines = []
    for door in DOORS:
        if door.rights and not any(staff.may(right) for right in door.rights):
            continue
        try:
            url = reverse(door.url_name)
        except NoReverseMatch:
            continue
        lines.append((door, url))
    here = max((url for _door, url in lines if path.startswith(url)), key=len, default="")
    return [
        RailLine(door.label, url, url == here, door.waiting(staff) if door.waiting else None) for door, url in lines
    ]
