"""Evidence in words: the codes of the matching library as sentences of the person who reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TRAITS: dict[str, str | Promise] = {
    "surname": gettext_lazy("Surname"),
    "given": gettext_lazy("Given name"),
    "patronymic": gettext_lazy("Patronymic"),
    "born": gettext_lazy("Born"),
    "birthplace": gettext_lazy("Birthplace"),
    "unit": gettext_lazy("Unit"),
    "service_number": gettext_lazy("Service number"),
    "father": gettext_lazy("Father's name"),
    "mother_maiden": gettext_lazy("Mother's maiden name"),
}


def strength(probability: float) -> tuple[str, str]:
    """(how likely in words, colour of the tag), by absolute calibrated bands."""
    if probability >= 0.9:
        return _("very likely"), "teal"
    if probability >= 0.5:
        return _("likely"), "teal"
    if probability >= 0.1:
        return _("possible"), "amber"
    return _("weak"), ""


def percent(probability: float) -> str:
    """A probability as people read it: 97 %, 0.4 %, never 100 % or 0 %."""
    if probability >= 0.995:
        return "> 99 %"
    if probability < 0.001:
        return "< 0.1 %"
    return f"{probability * 100:.0f} %" if probability >= 0.095 else f"{probability * 100:.1f} %"


def bits_text(bits: float) -> str:
    """Signed, with one digit and a true minus."""
    return f"{'+' if bits >= 0 else '−'}{abs(bits):.1f}"
