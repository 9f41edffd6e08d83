"""The capture card as a paper: GC III Annex IV B, 15 x 10.5 cm, front and back."""

import json
from pathlib import Path

import typst
from django.utils.translation import gettext as _
from django.utils.translation import override

from homeward.register.particulars import Particulars, in_words, said

_TEMPLATE = Path(__file__).parent / "templates" / "register" / "papers" / "capture_card.typ"
# The lines of the back, in the order and numbering of the Annex.
_LINES = (
    ("1", "power", "Power on which the prisoner depends"),
    ("2", "surname", "Name"),
    ("3", "given", "First names (in full)"),
    ("4", "father", "First name of father"),
    ("5", "born", "Date of birth"),
    ("6", "birthplace", "Place of birth"),
    ("7", "rank", "Rank"),
    ("8", "service_number", "Service number"),
    ("9", "next_of_kin", "Address of next of kin"),
)


def capture_card(particulars: Particulars, *, reference: str, languages: tuple[str, ...] = ("en", "uk")) -> bytes:
    """The card as PDF; its headings in the languages given, the first one large. Empty fields stay ruled for the pen."""
    content = {
        "reference": reference,
        "lines": [
            {"no": number, "labels": _in_each(label, languages), "text": str(in_words(particulars.get(code, "")))}
            for number, code, label in _LINES
        ],
        "captured": {"labels": _in_each("Taken prisoner on", languages), "text": said(particulars, "captured_on")},
        "coming": {"labels": _in_each("Coming from", languages), "text": said(particulars, "coming_from")},
        "health": {"labels": _in_each("State of health", languages), "text": said(particulars, "health")},
        "number": {"labels": _in_each("Prisoner's number", languages), "text": said(particulars, "prisoner_number")},
        "camp": {"labels": _in_each("Name of the camp", languages), "text": said(particulars, "camp")},
        "date": _in_each("Date", languages),
        "signature": _in_each("Signature", languages),
        "title": _in_each("Capture card for a prisoner of war", languages),
        "mail": _in_each("Prisoner-of-war mail", languages),
        "free": _in_each("Postage free", languages),
        "to": _in_each("To the Central Prisoners of War Information Agency", languages),
        "notice": _in_each(
            "This card is filled in as soon as a person is taken prisoner, and each time his address changes through "
            "transfer to a hospital or another camp. It is distinct from the card he sends to his relatives. No remarks may "
            "be added.",
            languages,
        ),
    }
    compiled = typst.compile(str(_TEMPLATE), sys_inputs={"card": json.dumps(content, ensure_ascii=False)})
    return bytes(compiled)


def _in_each(label: str, languages: tuple[str, ...]) -> list[str]:
    words = []
    for language in languages:
        with override(language):
            words.append(_(label))
    return words


def _labels() -> tuple[str, ...]:
    """The headings above, where the gathering of texts finds them."""
    return (
        _("Power on which the prisoner depends"), _("Name"), _("First names (in full)"), _("First name of father"),
        _("Date of birth"), _("Place of birth"), _("Rank"), _("Service number"), _("Address of next of kin"),
        _("Taken prisoner on"), _("Coming from"), _("State of health"), _("Prisoner's number"), _("Name of the camp"),
        _("Date"), _("Signature"), _("Capture card for a prisoner of war"), _("Prisoner-of-war mail"), _("Postage free"),
        _("To the Central Prisoners of War Information Agency"),
        _(
            "This card is filled in as soon as a person is taken prisoner, and each time his address changes through "
            "transfer to a hospital or another camp. It is distinct from the card he sends to his relatives. No remarks may "
            "be added."
        ),
    )  # fmt: skip
