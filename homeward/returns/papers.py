"""The papers of this room, set with Typst: packet lists, notices, the notification of death; and the setting for rooms above."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeward.disclosure import papers as official
from homeward.disclosure.models import PaperKind
from homeward.lib import clock
from homeward.register.models import Entry
from homeward.register.particulars import name_of, said
from homeward.register.queries import card_of
from homeward.returns import dead
from homeward.returns.models import Invitation, ItemKind, Notice, NoticeKind, NoticeTo, Packet

_TEMPLATE = Path(__file__).parent / "templates" / "returns" / "papers" / "paper.typ"
LANGUAGES = ("en", "uk")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: facts in pairs, a table (its first row the heading), plain lines."""

    heading: list[str]
    rows: Sequence[tuple[list[str], str]] = ()
    table: Sequence[Sequence[str]] = ()
    wide: int = 1
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Signing:
    """A place to sign, or the signature."""

    label: list[str]
    name: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is set."""

    title: list[str]
    reference: str
    sections: Sequence[Section]
    lead: Sequence[str] = ()
    signatures: Sequence[Signing] = ()
    mark: str = ""
    code: str = ""
    check: Sequence[str] = field(default_factory=tuple)


def in_each(label: str, languages: Sequence[str] = LANGUAGES) -> list[str]:
    """A label in each language, the first one large."""
    words = []
    for language in languages:
        with translation.override(language):
            words.append(_(label))
    return words


def set_paper(paper: Paper) -> bytes:
    """As PDF."""
    code = ""
    if paper.code:
        drawn = io.BytesIO()
        segno.make(paper.code, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
        code = drawn.getvalue().decode()
    content = {
        "title": paper.title,
        "reference": paper.reference,
        "lead": list(paper.lead),
        "mark": paper.mark,
        "foot": date_format(clock.today(), "j E Y"),
        "sections": [
            {
                "heading": section.heading,
                "rows": [[list(labels), value] for labels, value in section.rows],
                "table": [list(row) for row in section.table],
                "wide": section.wide,
                "lines": list(section.lines),
            }
            for section in paper.sections
        ],
        "signatures": [
            {"label": each.label, "name": each.name, "picture": list(each.picture)} for each in paper.signatures
        ],
        "code": code,
        "code_text": paper.code,
        "check": list(paper.check),
    }
    return bytes(typst.compile(str(_TEMPLATE), sys_inputs={"paper": json.dumps(content, ensure_ascii=False)}))


# --- the invitation --------------------------------------------------------------------------------------------------

_INVITATION = (
    gettext_noop("The person who holds this paper is invited to come and receive a member of the family."),
    gettext_noop("At most three people may come. The first one named on her page receives him and signs."),
    gettext_noop("The bureau plans the way with her and has her met at the place that stands on her page."),
)
_NEXT = (
    gettext_noop("Say on your page who comes, and with which documents."),
    gettext_noop("Buy no tickets before your way, as we planned it, stands on your page."),
    gettext_noop("Keep this paper with your documents. Do not put a photograph of it on the internet."),
    gettext_noop("If somebody asks you for money for this invitation, it is fraud. Tell this bureau."),
)


def invitation(of: Invitation, *, second_language: str = "en") -> official.Content:
    """The invitation as an official paper, in her language and a second one. It names neither him nor anybody else."""
    first, second = official.languages_of(of.return_of.enquiry, second_language)
    facts = (
        (gettext_noop("Number of your enquiry"), of.return_of.enquiry.reference),
        (gettext_noop("Number of the invitation"), of.reference),
        (gettext_noop("Valid until"), of.return_of.valid_until.isoformat()),
    )
    return official.Content(
        kind=PaperKind.INVITATION, language=first, second_language=second,
        title=official.in_both(gettext_noop("Invitation"), first, second),
        facts=tuple((*official.in_both(label, first, second), value) for label, value in facts),
        paragraphs=tuple(official.in_both(text, first, second) for text in _INVITATION),
        next_title=official.in_both(gettext_noop("What you can do next"), first, second),
        next_steps=tuple(official.in_both(text, first, second) for text in _NEXT),
        valid_days=max(1, (of.return_of.valid_until - clock.today()).days),
    )  # fmt: skip


# --- who he is -------------------------------------------------------------------------------------------------------

_WHO = (
    ("surname", gettext_noop("Surname")),
    ("given", gettext_noop("First names")),
    ("father", gettext_noop("First name of father")),
    ("mother_maiden", gettext_noop("Maiden name of the mother")),
    ("born", gettext_noop("Date of birth")),
    ("birthplace", gettext_noop("Place of birth")),
    ("rank", gettext_noop("Rank")),
    ("service_number", gettext_noop("Service number")),
    ("power", gettext_noop("Power on which he depends")),
    ("informed_name", gettext_noop("Person to be informed")),
    ("informed_address", gettext_noop("Address of the person to be informed")),
    ("address", gettext_noop("Address for his mail")),
)


def who(particulars: dict[str, str], *, only: Sequence[str] = ()) -> Section:
    """His particulars as Art. 122(4) orders them."""
    rows = [(in_each(label), said(particulars, code)) for code, label in _WHO if not only or code in only]
    return Section(in_each(gettext_noop("Who he is")), rows)


# --- packets ---------------------------------------------------------------------------------------------------------


def items_table(packet: Packet) -> list[list[str]]:
    """The list of a packet, its heading first."""
    rows = [[_("No."), _("What"), _("Kind"), _("How many"), _("Amount")]]
    for number, item in enumerate(packet.items.order_by("pk"), 1):
        amount = f"{item.amount / 100:.2f} {item.currency}" if item.amount is not None else ""
        rows.append([str(number), item.what, str(ItemKind(item.kind).label), str(item.count), amount])
    return rows


def packet_list(packet: Packet) -> bytes:
    """The complete list that lies in a sealed packet (GC III Art. 122(9))."""
    card = card_of(packet.entry).particulars
    sealed = packet.sealed_at
    with translation.override("en"):
        paper = Paper(
            title=in_each(gettext_noop("List of a sealed packet")),
            reference=packet.reference,
            lead=[
                _(
                    "Effects, money and papers of the person named here (GC III Articles 18, 119 and 122). The list is complete."
                ),
            ],
            sections=[
                who(card, only=("surname", "given", "born", "rank", "service_number", "power")),
                Section(
                    in_each(gettext_noop("Seal")),
                    [
                        (in_each(gettext_noop("Number on the seal")), packet.seal_number),
                        (
                            in_each(gettext_noop("Weight")),
                            f"{packet.weight_grams / 1000:.1f} kg" if packet.weight_grams else "",
                        ),
                        (in_each(gettext_noop("Sealed on")), date_format(sealed, "j E Y H:i") if sealed else ""),
                    ],
                ),
                Section(in_each(gettext_noop("Contents")), table=items_table(packet)),
            ],
            signatures=[
                Signing(in_each(gettext_noop("Listed by")), packet.listed_by.name),
                Signing(in_each(gettext_noop("Sealed by")), packet.sealed_by.name if packet.sealed_by else ""),
            ],
        )
        return set_paper(paper)


# --- notices ---------------------------------------------------------------------------------------------------------

_EVENT_LABELS = {
    "happened_on": gettext_noop("Date"),
    "place": gettext_noop("Place"),
    "basis": gettext_noop("On what ground"),
    "category": gettext_noop("Category of Art. 110"),
    "receipt": gettext_noop("Number of the receipt"),
    "return": gettext_noop("Number of the return"),
    "packets": gettext_noop("Sealed packets"),
    "way": gettext_noop("How it was given"),
    "remains": gettext_noop("Remains"),
}


def notice(notice_of: Notice) -> bytes:
    """A notice to the Agency or the Protecting Power, with the particulars of Art. 122(4) and the event of Art. 122(5)."""
    content: dict[str, Any] = notice_of.content
    event = dict(content["event"])
    rows = []
    for code, value in event.items():
        text = ", ".join(value) if isinstance(value, list) else str(value)
        rows.append((in_each(_EVENT_LABELS.get(code, _death_label(code))), text))
    with translation.override("en"):
        paper = Paper(
            title=in_each(_NOTICE_TITLES[NoticeKind(notice_of.kind)]),
            reference=notice_of.reference,
            mark=str(NoticeTo(notice_of.recipient).label),
            lead=[_("Notice of the National Information Bureau under GC III Article 122, paragraphs 4 and 5.")],
            sections=[who(content["particulars"]), Section(in_each(gettext_noop("What happened")), rows)],
            signatures=[Signing(in_each(gettext_noop("Date, seal, signature of the bureau")))],
            check=[notice_of.content_hash],
        )
        return set_paper(paper)


_NOTICE_TITLES = {
    NoticeKind.RELEASED: gettext_noop("Notice of release"),
    NoticeKind.REPATRIATED: gettext_noop("Notice of repatriation"),
    NoticeKind.DIED: gettext_noop("Notice of death"),
    NoticeKind.REMAINS: gettext_noop("Notice: remains or effects given to the family"),
}

# --- the dead --------------------------------------------------------------------------------------------------------

_DEATH = (
    ("authority", gettext_noop("Responsible authority")),
    ("died_on", gettext_noop("Date of death")),
    ("died_at", gettext_noop("Place of death")),
    ("cause", gettext_noop("Cause and circumstances of death")),
    ("examination", gettext_noop("Medical examination")),
    ("buried_on", gettext_noop("Date of burial")),
    ("burial_place", gettext_noop("Place of burial")),
    ("grave", gettext_noop("Grave")),
    ("grave_marked", gettext_noop("Is the grave marked, and can the relatives find it")),
    ("burial_mode", gettext_noop("Manner of burial")),
    ("rites", gettext_noop("Religion, rites")),
    ("will", gettext_noop("Last will")),
    ("effects", gettext_noop("Personal effects")),
    ("effects_through", gettext_noop("Forwarded through")),
    ("captured", gettext_noop("Where and when taken prisoner")),
    ("last_moments", gettext_noop("Last moments, told by who cared for him")),
    ("witness_1", gettext_noop("First witness, address")),
    ("witness_2", gettext_noop("Second witness, address")),
    ("moved_on", gettext_noop("Grave moved on")),
    ("moved_why", gettext_noop("Why it was moved")),
)


def _death_label(code: str) -> str:
    return dict(_DEATH).get(code, code)


def death_notification(entry: Entry) -> bytes:
    """The notification of death (GC III Art. 120, Annex IV D), from what is known now."""
    known = dead.known_of_death(entry)
    card = card_of(entry).particulars
    known.setdefault(
        "captured", " ".join(part for part in (said(card, "captured_on"), said(card, "captured_at")) if part)
    )
    empty_too = [
        (in_each(label), known.get(code, "")) for code, label in _DEATH if not code.startswith("moved") or code in known
    ]
    with translation.override("en"):
        paper = Paper(
            title=in_each(gettext_noop("Notification of death")),
            reference=entry.reference,
            lead=[
                name_of(card),
                _("GC III Article 120 and Annex IV D. What is not known is left open and may be added at any time."),
            ],
            sections=[
                who(
                    card,
                    only=(
                        "surname",
                        "given",
                        "father",
                        "born",
                        "birthplace",
                        "rank",
                        "service_number",
                        "power",
                        "informed_name",
                        "informed_address",
                    ),
                ),
                Section(in_each(gettext_noop("Death and grave")), empty_too),
            ],
            signatures=[
                Signing(in_each(gettext_noop("Date, seal and signature of the responsible authority"))),
                Signing(in_each(gettext_noop("Signature of the first witness")), known.get("witness_1", "")),
                Signing(in_each(gettext_noop("Signature of the second witness")), known.get("witness_2", "")),
            ],
        )
        return set_paper(paper)
