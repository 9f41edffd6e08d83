"""Reasons of the matching library in words, one sentence a code."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from namesake import Evidence, ReasonCode

_SENTENCES: dict[ReasonCode, str | Promise] = {
    ReasonCode.SURNAME_SAME: gettext_lazy("%(left)s on both sides."),
    ReasonCode.SURNAME_ROMANISED: gettext_lazy("%(left)s is %(right)s, spelt otherwise."),
    ReasonCode.SURNAME_CLOSE: gettext_lazy("%(left)s and %(right)s sound nearly alike: a slip of the ear or the pen."),
    ReasonCode.SURNAME_PART: gettext_lazy("%(left)s and %(right)s are forms of one surname."),
    ReasonCode.SURNAME_DIFFERENT: gettext_lazy("%(left)s and %(right)s are different surnames."),
    ReasonCode.GIVEN_SAME: gettext_lazy("%(left)s on both sides."),
    ReasonCode.GIVEN_ROMANISED: gettext_lazy("%(left)s is %(right)s, spelt otherwise."),
    ReasonCode.GIVEN_EQUIVALENT: gettext_lazy("%(left)s and %(right)s are one name in two languages."),
    ReasonCode.GIVEN_DIMINUTIVE: gettext_lazy("%(left)s and %(right)s: one of them is short for the other."),
    ReasonCode.GIVEN_CLOSE: gettext_lazy("%(left)s and %(right)s sound nearly alike."),
    ReasonCode.GIVEN_INITIAL: gettext_lazy("The initial agrees: %(left)s, %(right)s."),
    ReasonCode.GIVEN_DIFFERENT: gettext_lazy("%(left)s and %(right)s are different names."),
    ReasonCode.PATRONYMIC_SAME: gettext_lazy("%(left)s on both sides."),
    ReasonCode.PATRONYMIC_ROMANISED: gettext_lazy("%(left)s is %(right)s, spelt otherwise."),
    ReasonCode.PATRONYMIC_EQUIVALENT: gettext_lazy("%(left)s and %(right)s come from one father's name."),
    ReasonCode.PATRONYMIC_CLOSE: gettext_lazy("%(left)s and %(right)s sound nearly alike."),
    ReasonCode.PATRONYMIC_INITIAL: gettext_lazy("The initial agrees: %(left)s, %(right)s."),
    ReasonCode.PATRONYMIC_DIFFERENT: gettext_lazy("%(left)s and %(right)s come from different fathers' names."),
    ReasonCode.BORN_SAME: gettext_lazy("The same day."),
    ReasonCode.BORN_DAY_MONTH_SWAPPED: gettext_lazy("Day and month changed places."),
    ReasonCode.BORN_OTHER_MONTH: gettext_lazy("The same year and day, another month."),
    ReasonCode.BORN_SAME_MONTH: gettext_lazy("The same year and month; the day is not known."),
    ReasonCode.BORN_SAME_YEAR: gettext_lazy("The same year; more is not known."),
    ReasonCode.BORN_ABOUT: gettext_lazy("The uncertain year fits."),
    ReasonCode.BORN_DIFFERENT_DAY: gettext_lazy("The same year, another day."),
    ReasonCode.BORN_DIFFERENT: gettext_lazy("Different dates of birth."),
    ReasonCode.BIRTHPLACE_SAME: gettext_lazy("The same place: %(left)s, %(right)s."),
    ReasonCode.BIRTHPLACE_CLOSE: gettext_lazy("%(left)s and %(right)s may be one place, or near each other."),
    ReasonCode.BIRTHPLACE_DIFFERENT: gettext_lazy("Different places: %(left)s, %(right)s."),
    ReasonCode.UNIT_SAME: gettext_lazy("The same unit."),
    ReasonCode.UNIT_ONE_DIGIT: gettext_lazy("The units differ in one digit, or two digits changed places."),
    ReasonCode.UNIT_DIFFERENT: gettext_lazy("Different units."),
    ReasonCode.SERVICE_NUMBER_SAME: gettext_lazy("The same service number."),
    ReasonCode.SERVICE_NUMBER_ONE_DIGIT: gettext_lazy("The service numbers differ in one digit."),
    ReasonCode.SERVICE_NUMBER_DIFFERENT: gettext_lazy("Different service numbers."),
    ReasonCode.FATHER_SAME: gettext_lazy("The father's name agrees: %(left)s, %(right)s."),
    ReasonCode.FATHER_CLOSE: gettext_lazy("The fathers' names sound nearly alike: %(left)s, %(right)s."),
    ReasonCode.FATHER_DIFFERENT: gettext_lazy("Different fathers' names: %(left)s, %(right)s. Ask the family."),
    ReasonCode.MOTHER_MAIDEN_SAME: gettext_lazy("The mother's maiden name agrees: %(left)s, %(right)s."),
    ReasonCode.MOTHER_MAIDEN_CLOSE: gettext_lazy("The mothers' maiden names sound nearly alike: %(left)s, %(right)s."),
    ReasonCode.MOTHER_MAIDEN_DIFFERENT: gettext_lazy(
        "Different mothers' maiden names: %(left)s, %(right)s. Ask the family."
    ),
}


# Two spellings that sound the same are not "the same on both sides" to the eye.
_SPELLED = {
    ReasonCode.SURNAME_SAME: ReasonCode.SURNAME_ROMANISED,
    ReasonCode.GIVEN_SAME: ReasonCode.GIVEN_ROMANISED,
    ReasonCode.PATRONYMIC_SAME: ReasonCode.PATRONYMIC_ROMANISED,
}


def _counted(evidence: Evidence) -> str:
    """The sentences that count something."""
    values = evidence.reason.values
    match evidence.reason.code:
        case ReasonCode.BORN_OFF_BY_A_YEAR:
            n = int(values.get("years", 1))
            return ngettext("The same day, %(n)d year apart.", "The same day, %(n)d years apart.", n) % {"n": n}
        case ReasonCode.BORN_OFF_BY_DAYS:
            n = int(values.get("days", 1))
            return ngettext("The same month, %(n)d day apart.", "The same month, %(n)d days apart.", n) % {"n": n}
        case ReasonCode.BORN_YEAR_CLOSE:
            n = int(values.get("years", 1))
            return ngettext("The years are %(n)d apart.", "The years are %(n)d apart.", n) % {"n": n}
    return ""


def sentence(evidence: Evidence) -> str:
    """The reason as a sentence, with how many bear the name where that is known."""
    code = evidence.reason.code
    words = _counted(evidence)
    if code in _SPELLED and evidence.left.casefold() != evidence.right.casefold():
        code = _SPELLED[code]
    if not words:
        words = str(_SENTENCES[code]) % {"left": evidence.left or "…", "right": evidence.right or "…"}
    values = evidence.reason.values
    one_in = int(values.get("one_in", 0))
    if one_in > 1 and evidence.bits > 0:
        words += " " + _("Borne by 1 in %(n)s.") % {"n": f"{one_in:,}".replace(",", "\u202f")}
    if values.get("swapped"):
        words += " " + _("Surname and given name stand in each other's place.")
    return words
