"""What is said about a captured or deceased person: the fields of the capture card (GC III Annex IV B) and of Art. 122.

Each field holds a value, or that he declined to state it (which has no consequence for him, Art. 17), or that it is unknown. A field of
which nothing was said at all is absent: silence, refusal and ignorance are three different facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from namesake import Person

DECLINED = "\x00declined"
UNKNOWN = "\x00unknown"


class Group(StrEnum):
    """The parts of the card."""

    PERSON = "person"
    SERVICE = "service"
    CAPTURE = "capture"
    KIN = "kin"


GROUPS: dict[Group, str | Promise] = {
    Group.PERSON: _("Who he is"),
    Group.SERVICE: _("Service"),
    Group.CAPTURE: _("Capture, place and health"),
    Group.KIN: _("Whom to tell"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its code, what staff read, its part of the card, and the article that asks for it."""

    code: str
    label: str | Promise
    group: Group
    origin: str
    matched: bool = False
    long: bool = False


FIELDS: tuple[Field, ...] = (
    Field("surname", _("Surname"), Group.PERSON, "Art. 17, IV B 2", matched=True),
    Field("given", _("First names"), Group.PERSON, "Art. 17, IV B 3", matched=True),
    Field("patronymic", _("Patronymic"), Group.PERSON, "", matched=True),
    Field("father", _("First name of the father"), Group.PERSON, "Art. 122(4), IV B 4", matched=True),
    Field("mother_maiden", _("Maiden name of the mother"), Group.PERSON, "Art. 122(4)", matched=True),
    Field("aliases", _("Other spellings of the name"), Group.PERSON, "", matched=True),
    Field("born", _("Date of birth"), Group.PERSON, "Art. 17, IV B 5", matched=True),
    Field("birthplace", _("Place of birth"), Group.PERSON, "Art. 122(4), IV B 6", matched=True),
    Field("sex", _("Sex"), Group.PERSON, ""),
    Field("marks", _("Distinguishing marks"), Group.PERSON, "GC IV 138", long=True),
    Field("rank", _("Rank"), Group.SERVICE, "Art. 17, IV B 7"),
    Field("service_number", _("Service number"), Group.SERVICE, "Art. 17, IV B 8", matched=True),
    Field("unit", _("Unit"), Group.SERVICE, "", matched=True),
    Field("power", _("Power on which he depends"), Group.SERVICE, "Art. 122(4), IV B 1"),
    Field("captured_on", _("Taken prisoner on"), Group.CAPTURE, "IV B 10"),
    Field("captured_at", _("Taken prisoner at"), Group.CAPTURE, ""),
    Field("coming_from", _("Coming from (camp, hospital)"), Group.CAPTURE, "IV B 10"),
    Field("health", _("State of health"), Group.CAPTURE, "IV B 11"),
    Field("camp", _("Camp or hospital"), Group.CAPTURE, "IV B 12"),
    Field("prisoner_number", _("Prisoner's number"), Group.CAPTURE, "IV B 12"),
    Field("address", _("Address for his mail"), Group.CAPTURE, "Art. 122(4)", long=True),
    Field("remarks", _("Remarks of the list"), Group.CAPTURE, "", long=True),
    Field("informed_name", _("Person to be informed: name"), Group.KIN, "Art. 122(4)"),
    Field("informed_address", _("Person to be informed: address"), Group.KIN, "Art. 122(4)", long=True),
    Field("next_of_kin", _("Next of kin: address"), Group.KIN, "IV B 9", long=True),
)
BY_CODE = {field.code: field for field in FIELDS}
MATCHED = tuple(field.code for field in FIELDS if field.matched)

Particulars = Mapping[str, str]


def said(particulars: Particulars, code: str) -> str:
    """The value of a field; "" where nothing was said, where he declined or where it is unknown."""
    value = particulars.get(code, "")
    return "" if value.startswith("\x00") else value


def in_words(value: str) -> str | Promise:
    """A field's value as people read it."""
    if value == DECLINED:
        return _("declined to state")
    if value == UNKNOWN:
        return _("unknown")
    return value


def person_of(particulars: Particulars) -> Person:
    """What the matching library compares."""
    return Person(
        surname=said(particulars, "surname"),
        given=said(particulars, "given"),
        patronymic=said(particulars, "patronymic"),
        born=said(particulars, "born"),
        birthplace=said(particulars, "birthplace"),
        unit=said(particulars, "unit"),
        service_number=said(particulars, "service_number"),
        father=said(particulars, "father"),
        mother_maiden=said(particulars, "mother_maiden"),
        aliases=tuple(part.strip() for part in said(particulars, "aliases").split(";") if part.strip()),
    )


def merged(statements: Iterable[Particulars]) -> dict[str, str]:
    """The card as it stands: what was said later about a field counts; a value counts more than ignorance."""
    card: dict[str, str] = {}
    for statement in statements:
        for code, value in statement.items():
            if value == UNKNOWN and code in card:
                continue
            card[code] = value
    return card


def name_of(particulars: Particulars) -> str:
    """The name in one line."""
    parts = (said(particulars, code) for code in ("surname", "given", "patronymic"))
    return " ".join(part for part in parts if part) or "—"
