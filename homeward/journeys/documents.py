"""Papers a traveller shows, by their codes in the network."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAPERS: dict[str, str | Promise] = {
    "passport": _("passport"),
    "passport_abroad": _("passport for travel abroad"),
    "visa_schengen": _("Schengen visa"),
    "entry_poland": _("visa or letter of admission to Poland"),
    "entry_ukraine": _("letter of admission to Ukraine"),
}
KINDS: dict[str, str | Promise] = {
    "train": _("train"),
    "bus": _("bus"),
    "taxi": _("taxi"),
    "flight": _("flight"),
    "foot": _("on foot"),
    "border": _("border"),
    "escort": _("with an escort"),
}
# What she does on a leg, for her page.
DOES: dict[str, str | Promise] = {
    "train": _("Train to %(place)s"),
    "bus": _("Bus to %(place)s"),
    "taxi": _("Taxi to %(place)s"),
    "flight": _("Flight to %(place)s"),
    "foot": _("Walk to %(place)s"),
    "border": _("Border: %(place)s"),
    "escort": _("We take you to %(place)s"),
}


def papers(codes: tuple[str, ...] | None) -> list[str]:
    """The papers in words."""
    return [str(PAPERS.get(code, code)) for code in codes or ()]


COUNTRIES: dict[str, str | Promise] = {
    "RU": _("Russia"), "BY": _("Belarus"), "UA": _("Ukraine"), "PL": _("Poland"), "LT": _("Lithuania"), "LV": _("Latvia"),
    "EE": _("Estonia"), "FI": _("Finland"), "TR": _("Türkiye"), "GE": _("Georgia"), "AM": _("Armenia"), "MD": _("Moldova"),
}  # fmt: skip


def country_name(code: str) -> str:
    """The country in words; its code where the house has no word for it."""
    return str(COUNTRIES.get(code, code))
