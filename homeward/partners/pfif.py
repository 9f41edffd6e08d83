"""PFIF 1.4 (zesty.ca/pfif/1.4): reading other people's lists, writing cleared records, and the rules of both.

Never a public feed: what goes out goes to one keyed partner, record by record as two people cleared it. Only what tells a man
from others goes out: no enquirer, no service number, no place, no health, no picture.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from homeward.enquiries.models import Enquiry, Partner
from homeward.lib import clock
from homeward.partners import actions
from homeward.partners.models import Clearance

NAMESPACE = "http://zesty.ca/pfif/1.4"
DOMAIN = "homeward.invalid"
_NAMESPACE = re.compile(r"\{http://zesty\.ca/pfif/(1\.[1-4])/?\}(\w+)", re.ASCII)
PERSON_FIELDS = (
    "person_record_id", "entry_date", "expiry_date", "author_name", "author_email", "author_phone", "source_name",
    "source_date", "source_url", "full_name", "given_name", "family_name", "alternate_names", "description", "sex",
    "date_of_birth", "age", "home_street", "home_neighborhood", "home_city", "home_state", "home_postal_code",
    "home_country", "photo_url", "profile_urls",
)  # fmt: skip
NOTE_FIELDS = (
    "note_record_id", "person_record_id", "linked_person_record_id", "entry_date", "author_name", "author_email",
    "author_phone", "source_date", "author_made_contact", "status", "email_of_found_person", "phone_of_found_person",
    "last_known_location", "text", "photo_url",
)  # fmt: skip
PLACEHOLDER_FIELDS = ("person_record_id", "source_date", "entry_date", "expiry_date")
# Names of 1.1 to 1.3, as 1.4 calls them.
_OLD = {"first_name": "given_name", "last_name": "family_name", "found": "author_made_contact", "other": "description"}
_MANDATORY = {
    "person": ("person_record_id", "source_date", "full_name"),
    "note": ("note_record_id", "source_date", "author_name", "text"),
}
_ID = r"[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*/\S+"
_URL = r"https?://[^\s/?#]+\S*"
_FORMATS = {
    "person_record_id": _ID, "note_record_id": _ID, "linked_person_record_id": _ID,
    "entry_date": "date", "source_date": "date", "expiry_date": "date",
    "author_email": r"[^@\s]+@[^@\s]+", "email_of_found_person": r"[^@\s]+@[^@\s]+",
    "author_phone": r"\+?[0-9 .()/-]+( ?(x|ext\.?) ?[0-9]+)?", "phone_of_found_person": r"\+?[0-9 .()/-]+( ?(x|ext\.?) ?[0-9]+)?",
    "source_url": _URL, "photo_url": _URL, "profile_urls": rf"{_URL}(\n{_URL})*",
    "sex": r"female|male|other", "date_of_birth": "birth", "age": "age",
    "home_state": r"([A-Z]{2}-)?[A-Z0-9]{1,3}", "home_country": r"[A-Z]{2}",
    "author_made_contact": r"true|false",
    "status": r"information_sought|is_note_author|believed_alive|believed_missing|believed_dead",
}  # fmt: skip
MOST_BYTES = 2_000_000
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unreadable(Exception):
    """Not a PFIF document at all."""


class Fault(NamedTuple):
    """One rule a document breaks: in which record, at which field."""

    rule: str
    record: str
    field: str = ""


@dataclass
class Record:
    """A person or a note, as found."""

    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    notes: list["Record"] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its identifier, or nothing."""
        return self.fields.get(f"{self.kind}_record_id", "")


@dataclass
class Document:
    """What a file holds."""

    version: str
    persons: list[Record]
    notes: list[Record]
    faults: list[Fault]


def read(content: bytes) -> Document:
    """The records of a document, 1.1 to 1.4, the names of old versions brought to 1.4. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable("The document is too large: two megabytes at most.")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as broken:
        raise Unreadable("The document is not well-formed XML, or declares entities.") from broken
    match = _NAMESPACE.fullmatch(root.tag)
    if match is None or match[2] != "pfif":
        raise Unreadable("The document is not PFIF 1.1 to 1.4.")
    document = Document(match[1], [], [], [])
    for child in root:
        tag = _tag(child)
        if tag == "person":
            document.persons.append(_record(child, "person"))
        elif tag == "note":
            document.notes.append(_record(child, "note"))
        else:
            document.faults.append(Fault("unknown_element", "", tag[:40]))
    return document


def _tag(element: object) -> str:
    match = _NAMESPACE.fullmatch(str(getattr(element, "tag", "")))
    return match[2] if match else ""


def _record(element: Iterable[object], kind: str) -> Record:
    record = Record(kind)
    allowed = PERSON_FIELDS if kind == "person" else NOTE_FIELDS
    for child in element:
        tag = _tag(child)
        tag = _OLD.get(tag, tag)
        if kind == "person" and tag == "note":
            record.notes.append(_record(child, "note"))  # type: ignore[arg-type]
        elif tag not in allowed:
            record.faults.append(Fault("unknown_field", record.name, tag[:40]))
        elif tag in record.fields:
            record.faults.append(Fault("field_twice", record.name, tag))
        else:
            record.fields[tag] = (getattr(child, "text", "") or "").strip()
            if len(child):  # type: ignore[arg-type]
                record.faults.append(Fault("element_in_field", record.name, tag))
    return record


def faults_of(document: Document, *, on: datetime | None = None) -> list[Fault]:
    """Every rule the document breaks; an empty list is a conformant one."""
    found = list(document.faults)
    seen: set[str] = set()
    every_note = [*document.notes, *(note for person in document.persons for note in person.notes)]
    for record in [*document.persons, *every_note]:
        found += record.faults
        if record.name and (record.kind + record.name) in seen:
            found.append(Fault("id_twice", record.name, f"{record.kind}_record_id"))
        seen.add(record.kind + record.name)
        found += _faults_of_fields(record, on or clock.now())
    for note in document.notes:
        if not note.fields.get("person_record_id"):
            found.append(Fault("missing", note.name, "person_record_id"))
    for person in document.persons:
        for note in person.notes:
            if note.fields.get("person_record_id") not in (None, "", person.name):
                found.append(Fault("note_of_another", note.name, "person_record_id"))
    return found + _faults_of_links(document)


def _faults_of_fields(record: Record, now: datetime) -> list[Fault]:
    found: list[Fault] = []
    placeholder = record.kind == "person" and _is_expired(record, now)
    for name in _MANDATORY[record.kind]:
        if not record.fields.get(name) and not (placeholder and name == "full_name"):
            found.append(Fault("missing", record.name, name))
    for name, text in record.fields.items():
        if not text:
            if name not in _MANDATORY[record.kind]:
                found.append(Fault("empty", record.name, name))
        elif name in _FORMATS and not _fits(_FORMATS[name], text):
            found.append(Fault("format", record.name, name))
    if placeholder:
        found += _faults_of_expired(record)
    return found


def _is_expired(record: Record, now: datetime) -> bool:
    expiry = _moment(record.fields.get("expiry_date", ""))
    return expiry is not None and expiry + timedelta(days=1) < now


def _faults_of_expired(record: Record) -> list[Fault]:
    found = [
        Fault("kept_after_expiry", record.name, name)
        for name, text in record.fields.items()
        if text and name not in PLACEHOLDER_FIELDS
    ]
    if record.notes:
        found.append(Fault("notes_after_expiry", record.name, "note"))
    source, entry = record.fields.get("source_date", ""), record.fields.get("entry_date", "")
    if source != entry:
        found.append(Fault("placeholder_dates_differ", record.name, "entry_date"))
    made, expiry = _moment(source), _moment(record.fields["expiry_date"])
    if made is not None and expiry is not None and made > expiry + timedelta(days=1):
        found.append(Fault("placeholder_too_late", record.name, "source_date"))
    return found


def _faults_of_links(document: Document) -> list[Fault]:
    links = {
        (person.name, note.fields["linked_person_record_id"])
        for person in document.persons
        for note in person.notes
        if note.fields.get("linked_person_record_id")
    } | {
        (note.fields.get("person_record_id", ""), note.fields["linked_person_record_id"])
        for note in document.notes
        if note.fields.get("linked_person_record_id")
    }
    found = [
        Fault("link_one_way", one, "linked_person_record_id")
        for one, other in sorted(links)
        if (other, one) not in links
    ]
    found += [Fault("link_to_itself", one, "linked_person_record_id") for one, other in sorted(links) if one == other]
    return found


def _fits(pattern: str, text: str) -> bool:
    if pattern == "date":
        return _moment(text) is not None
    if pattern == "birth":
        return _birth(text) is not None
    if pattern == "age":
        match = re.fullmatch(r"([0-9]{1,3})(?:-([0-9]{1,3}))?", text, re.ASCII)
        return match is not None and (match[2] is None or int(match[1]) < int(match[2]))
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _moment(text: str) -> datetime | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z", text, re.ASCII):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"\.[0-9]+Z", "Z", text))
    except ValueError:
        return None


def _birth(text: str) -> str | None:
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text, re.ASCII)
    if match is None:
        return None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return text


# --- coming in -----------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """What became of one person record."""

    record: str
    outcome: str
    faults: tuple[str, ...]


def bring(content: bytes, partner: Partner) -> list[Row]:
    """Each person of the document as a referral of this partner: one row each, whatever is wrong with it."""
    document = read(content)
    by_record: dict[str, list[str]] = {}
    for fault in faults_of(document):
        by_record.setdefault(fault.record, []).append(f"{fault.rule}:{fault.field}")
    rows: list[Row | None] = []
    incoming: list[actions.Incoming] = []
    for person in document.persons:
        faults = tuple(by_record.get(person.name, []))
        refused = _refusal(person)
        rows.append(Row(person.name[:200], refused, faults) if refused else None)
        if not refused:
            incoming.append(_incoming(person))
    outcomes = iter(zip(_in_parts(partner, incoming), incoming, strict=True))
    report = []
    for person, row in zip(document.persons, rows, strict=True):
        if row is None:
            outcome, _each = next(outcomes)
            row = Row(person.name[:200], outcome, tuple(by_record.get(person.name, [])))
        report.append(row)
    return report


def _in_parts(partner: Partner, incoming: Sequence[actions.Incoming]) -> list[str]:
    outcomes: list[str] = []
    for start in range(0, len(incoming), 500):
        outcomes += actions.refer(partner, incoming[start : start + 500])
    return outcomes


def _refusal(person: Record) -> str:
    """Why a record cannot be a referral; small faults are reported and tolerated."""
    if not person.name:
        return "no_id"
    if _is_expired(person, clock.now()):
        return "expired"
    if any(note.fields.get("status") == "is_note_author" for note in person.notes):
        return "found_himself"
    return ""


def number_of(record_id: str) -> str:
    """The partner's number of a record: its identifier, or a digest of one that is too long."""
    return record_id if len(record_id) <= 60 else f"pfif-{hashlib.sha256(record_id.encode()).hexdigest()[:40]}"


def _incoming(person: Record) -> actions.Incoming:
    said = person.fields
    family, given = said.get("family_name", ""), said.get("given_name", "")
    facts = {
        "surname": family,
        "given": given,
        "full": "" if family or given else " ".join(said.get("full_name", "").split("\n")[0].split()),
        "aliases": "; ".join(line.strip() for line in said.get("alternate_names", "").split("\n") if line.strip()),
        "born": _birth(said.get("date_of_birth", "")) or "",
        "marks": said.get("description", ""),
        "last_news": "\n".join(note.fields.get("text", "") for note in person.notes if note.fields.get("text"))[:2000],
    }
    enquirer = {
        "name": said.get("author_name", ""),
        "email": said.get("author_email", ""),
        "telephone": said.get("author_phone", ""),
    }
    return actions.Incoming(number_of(person.name), facts, enquirer=enquirer)


# --- going out -----------------------------------------------------------------------------------------------------

_STATUS_TEXTS = {
    "believed_alive": "The family has been told. Please ask the bureau before you publish or pass on anything.",
    "information_sought": "The family asks for information. Please write to the bureau, to nobody else.",
}


def export(clearances: Iterable[Clearance]) -> bytes:
    """The cleared records of one partner. What expired is a placeholder: it says that the data must be gone."""
    return write([record_of(each) for each in clearances])


def record_of(clearance: Clearance) -> Record:
    """One record as it goes out: name, year and place of nobody; never what the register knows."""
    record_id = f"{DOMAIN}/person.{clearance.reference}"
    if clearance.enquiry.withdrawn_at is not None or clearance.expires_at <= clock.now():
        ended = _written(min(clearance.expires_at, clearance.enquiry.withdrawn_at or clearance.expires_at))
        return Record(
            "person",
            {"person_record_id": record_id, "entry_date": ended, "expiry_date": ended, "source_date": ended},
        )
    stated = _written(clearance.cleared_at)
    record = Record(
        "person",
        {
            "person_record_id": record_id,
            "entry_date": stated,
            "expiry_date": _written(clearance.expires_at),
            "source_name": "Tracing bureau",
            "source_date": stated,
            **_who(clearance.enquiry),
        },
    )
    if clearance.status:
        record.notes.append(
            Record(
                "note",
                {
                    "note_record_id": f"{DOMAIN}/note.{clearance.reference}",
                    "person_record_id": record_id,
                    "entry_date": stated,
                    "author_name": "Tracing bureau",
                    "source_date": stated,
                    "status": clearance.status,
                    "text": _STATUS_TEXTS[clearance.status],
                },
            )
        )
    return record


def _who(enquiry: Enquiry) -> dict[str, str]:
    facts = enquiry.facts
    full = facts.get("full") or " ".join(
        part for part in (facts.get("given"), facts.get("patronymic"), facts.get("surname")) if part
    )
    found = {
        "full_name": full or facts.get("aliases", ""),
        "given_name": " ".join(part for part in (facts.get("given"), facts.get("patronymic")) if part),
        "family_name": facts.get("surname", ""),
        "alternate_names": "\n".join(part.strip() for part in facts.get("aliases", "").split(";") if part.strip()),
        "date_of_birth": _birth(facts.get("born", "")) or "",
    }
    return {name: text for name, text in found.items() if text}


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(records: Iterable[Record]) -> bytes:
    """The document, fields in the order of the format, empty ones left out, signs XML forbids taken out."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<pfif:pfif xmlns:pfif="{NAMESPACE}">']
    for record in records:
        lines += _lines(record, "  ")
    return "\n".join([*lines, "</pfif:pfif>", ""]).encode()


def _lines(record: Record, indent: str) -> list[str]:
    order = PERSON_FIELDS if record.kind == "person" else NOTE_FIELDS
    lines = [f"{indent}<pfif:{record.kind}>"]
    for name in order:
        text = _ILLEGAL.sub("", record.fields.get(name, "")).replace("\r", "").strip()
        if text:
            lines.append(f"{indent}  <pfif:{name}>{escape(text)}</pfif:{name}>")
    for note in record.notes:
        lines += _lines(note, f"{indent}  ")
    return [*lines, f"{indent}</pfif:{record.kind}>"]
