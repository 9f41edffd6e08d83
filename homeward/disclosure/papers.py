"""The words of official papers, and their printing."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from homeward.disclosure.models import PaperKind
from homeward.enquiries.models import Enquiry
from homeward.register.models import Entry
from homeward.register.particulars import said
from homeward.register.queries import card_of

_TEMPLATE = Path(__file__).parent / "templates" / "disclosure" / "papers" / "paper.typ"
_LANGUAGES = tuple(code for code, _name in settings.FAMILY_LANGUAGES)

_CAPTIVITY_TITLE = gettext_noop("Confirmation of captivity")
_CAPTIVITY = (
    gettext_noop("According to the records that reached this bureau, the person named above is a prisoner of war."),
    gettext_noop(
        "This paper is given to the person who asked about him under the number above. It says nothing about where he is held."
    ),
)
_NEXT_TITLE = gettext_noop("What you can do next")
_NEXT = (
    gettext_noop("Write to him. Letters to prisoners of war are free of postage. Ask this bureau for the address."),
    gettext_noop("Answer questions of this bureau on your page or by telephone. They help to reach him."),
    gettext_noop("Keep this paper in a safe place. Do not put a photograph of it on the internet."),
    gettext_noop("If someone asks for money for a call, a letter or a place on a list, it is fraud. Tell this bureau."),
)
_LABELS = {"surname": gettext_noop("Surname"), "given": gettext_noop("First names"),
           "patronymic": gettext_noop("Patronymic"), "born": gettext_noop("Born")}  # fmt: skip
_CHECK = gettext_noop(
    "To check that this paper is genuine, open the page “Check a paper” of this bureau and type the code below. The code can be "
    "checked once. The answer says only whether the paper is genuine and names nobody."
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a paper says, in her language and a second one: pairs of the same text in both."""

    kind: PaperKind
    language: str
    second_language: str
    title: tuple[str, str]
    facts: tuple[tuple[str, str, str], ...]  # label, label in the second language, what stands there
    paragraphs: tuple[tuple[str, str], ...]
    next_title: tuple[str, str] = ("", "")
    next_steps: tuple[tuple[str, str], ...] = ()
    valid_days: int = 180

    def payload(self) -> dict[str, Any]:
        """As it is proposed, hashed, approved and printed."""
        return {
            "paper": str(self.kind),
            "language": self.language,
            "second_language": self.second_language,
            "title": list(self.title),
            "facts": [list(fact) for fact in self.facts],
            "paragraphs": [list(pair) for pair in self.paragraphs],
            "next_title": list(self.next_title),
            "next_steps": [list(pair) for pair in self.next_steps],
            "valid_days": self.valid_days,
        }


def in_both(text: str, first: str, second: str) -> tuple[str, str]:
    """A translatable text in two languages; the second is empty where both are one."""
    return _in(text, first), _in(text, second) if second != first else ""


def _in(text: str, language: str) -> str:
    with override(language):
        return _(text)


def languages_of(enquiry: Enquiry, second: str) -> tuple[str, str]:
    """Her language where the house speaks it, and the second one."""
    first = enquiry.language if enquiry.language in _LANGUAGES else "en"
    return first, second if second in _LANGUAGES else "en"


def captivity(enquiry: Enquiry, entry: Entry, *, second_language: str = "en") -> Content:
    """The confirmation of captivity: who he is as the register has him, and what she can do next. No place, no captor."""
    first, second = languages_of(enquiry, second_language)
    card = card_of(entry).particulars
    facts = [(*in_both(label, first, second), text) for code, label in _LABELS.items() if (text := said(card, code))]
    facts.append((*in_both(gettext_noop("Number of your enquiry"), first, second), enquiry.reference))
    return Content(
        kind=PaperKind.CAPTIVITY,
        language=first,
        second_language=second,
        title=in_both(_CAPTIVITY_TITLE, first, second),
        facts=tuple(facts),
        paragraphs=tuple(in_both(text, first, second) for text in _CAPTIVITY),
        next_title=in_both(_NEXT_TITLE, first, second),
        next_steps=tuple(in_both(text, first, second) for text in _NEXT),
    )


def print_paper(payload: dict[str, Any], *, reference: str, code: str, on: date) -> bytes:
    """The paper as PDF, A4."""
    first, second = payload["language"], payload["second_language"]
    days = []
    for language in (first, second):
        with override(language):
            days.append(date_format(on, "DATE_FORMAT"))
    content = {
        **payload,
        "bureau": in_both(gettext_noop("Tracing bureau"), first, second),
        "reference": reference,
        "number": in_both(gettext_noop("Number of this paper"), first, second),
        "date": [days[0], days[1] if second != first else ""],
        "check": in_both(_CHECK, first, second),
        "code_title": in_both(gettext_noop("Code to check this paper"), first, second),
        "code": code,
        "free": in_both(gettext_noop("This paper is free of charge. The bureau never asks for money."), first, second),
        "signature": in_both(gettext_noop("For the bureau"), first, second),
        "training": in_both(gettext_noop("Training: everything here is invented."), first, second)
        if settings.TRAINING
        else ["", ""],
    }
    compiled = typst.compile(str(_TEMPLATE), sys_inputs={"paper": json.dumps(content, ensure_ascii=False)})
    return bytes(compiled)
