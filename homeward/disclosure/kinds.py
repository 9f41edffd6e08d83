"""The kinds of answer, and which one a register entry calls for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a family is told."""

    IN_CAPTIVITY = "in_captivity", _("In captivity")
    IN_HOSPITAL = "in_hospital", _("In captivity, in hospital")
    RELEASED = "released", _("Released")
    CALL = "call", _("A person calls (grave news)")
    NO_INFORMATION = "no_information", _("No information at present")


_BY_STATE = {
    "in_custody": Kind.IN_CAPTIVITY,
    "transferred": Kind.IN_CAPTIVITY,
    "in_hospital": Kind.IN_HOSPITAL,
    "released": Kind.RELEASED,
    "repatriated": Kind.RELEASED,
    "deceased": Kind.CALL,
}


def kinds_for(entry_state: str) -> tuple[Kind, ...]:
    """The answers this state allows, the first one being the proposal. A death allows a call or silence, never a text.

    Escaped, and whatever else is not in the table, is not told: it could bring him into danger.
    """
    fitting = _BY_STATE.get(entry_state)
    return (Kind.NO_INFORMATION,) if fitting is None else (fitting, Kind.NO_INFORMATION)
