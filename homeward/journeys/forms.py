"""What coordinators type."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from homeward.enquiries.models import Enquiry
from homeward.enquiries.queries import enquiries_visible_to
from homeward.journeys import networks
from homeward.journeys.actions import Person, Shutting
from homeward.journeys.documents import KINDS, country_name
from homeward.journeys.planner.network import Network, Role
from homeward.lib import references

NATIONALITIES = (
    ("RU", _("Russia")),
    ("BY", _("Belarus")),
    ("UA", _("Ukraine")),
    ("PL", _("Poland")),
    ("XX", _("another")),
)
ROLES_FROM = (Role.ORIGIN, Role.GATEWAY, Role.CAPITAL)


def _named(network: Network, roles: tuple[Role, ...], language: str) -> list[tuple[str, str]]:
    found = [(place.code, place.name(language)) for place in network.places.values() if place.role in roles]
    return sorted(found, key=lambda pair: pair[1])


class PlanForm(forms.Form):
    """Whose journey, from where, on which day."""

    enquiry = forms.CharField(label=_("Number of the enquiry"), max_length=20, required=False)
    origin = forms.ChoiceField(label=_("From"))
    goal = forms.ChoiceField(label=_("To"), initial="KYIV")
    on = forms.DateField(label=_("Leaves on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    party = forms.IntegerField(label=_("People"), min_value=1, max_value=6, initial=1)
    nationality = forms.ChoiceField(label=_("Nationality"), choices=NATIONALITIES)
    step_free = forms.BooleanField(label=_("Without steps"), required=False)

    def __init__(self, *args: Any, network: Network, language: str, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        choices = _named(network, ROLES_FROM, language)
        self.fields["origin"].choices = choices  # type: ignore[attr-defined]
        self.fields["goal"].choices = choices  # type: ignore[attr-defined]

    def clean_enquiry(self) -> Enquiry | None:
        """The enquiry, of this person's desk."""
        said = self.cleaned_data["enquiry"].strip()
        if not said:
            return None
        found = (
            enquiries_visible_to(self.staff).filter(reference=references.tidy(said)).select_related("sought").first()
        )
        if found is None:
            raise forms.ValidationError(gettext("There is no such enquiry at your desk."))
        return found

    def clean(self) -> dict[str, Any]:
        """Somewhere else than from."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("origin") and said.get("origin") == said.get("goal"):
            self.add_error("goal", gettext("Choose another place than where she begins."))
        return said


class ChooseForm(forms.Form):
    """The way chosen, and whom she calls."""

    way = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=9)
    call = forms.CharField(label=_("Telephone she may call on the way"), max_length=60, required=False)


class TravellersForm(forms.Form):
    """At most three who come."""

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in (1, 2, 3):
            person = people[number - 1] if number <= len(people) else Person("")
            self.fields[f"name{number}"] = forms.CharField(
                label=_("Name as in the passport"), max_length=120, required=number == 1, initial=person.name
            )
            self.fields[f"born{number}"] = forms.DateField(
                label=_("Born on"), required=False, initial=person.born,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )  # fmt: skip
            self.fields[f"nationality{number}"] = forms.ChoiceField(
                label=_("Nationality"), choices=NATIONALITIES, initial=person.nationality
            )
            self.fields[f"document{number}"] = forms.CharField(
                label=_("Passport number"), max_length=40, required=False, initial=person.document
            )

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each person."""
        return [
            [self[f"{name}{number}"] for name in ("name", "born", "nationality", "document")] for number in (1, 2, 3)
        ]

    def people(self) -> list[Person]:
        """Those who were named."""
        said = self.cleaned_data
        return [
            Person(
                said[f"name{number}"], said[f"born{number}"].isoformat() if said[f"born{number}"] else "",
                said[f"nationality{number}"], said[f"document{number}"],
            )
            for number in (1, 2, 3)
            if said[f"name{number}"].strip()
        ]  # fmt: skip


class CheckInForm(forms.Form):
    """Where she is."""

    place = forms.ChoiceField(label=_("She is in"))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class AbortForm(forms.Form):
    """Why it ends."""

    reason = forms.ChoiceField(
        label=_("Why it ends"),
        choices=(
            ("turned_back", _("she turned back")), ("ill", _("illness")), ("way_shut", _("the way is shut")),
            ("papers", _("papers")), ("called_off", _("called off by the bureau")), ("other", _("another reason")),
        ),
    )  # fmt: skip


class SettleForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=(
            ("well", _("She is well and goes on")), ("helped", _("Help was arranged")),
            ("not_reached", _("Not reached")), ("handed_on", _("Handed on to the duty officer")),
        ),
    )  # fmt: skip


class ClosureForm(forms.Form):
    """What is shut, from when until when, why, and who says so."""

    what = forms.ChoiceField(label=_("What is closed"))
    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    until = forms.DateTimeField(
        label=_("Until"), required=False, help_text=_("Empty: nobody knows yet."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    source = forms.CharField(label=_("Who says so"), max_length=200)

    def __init__(self, *args: Any, network: Network, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.FAMILY_LANGUAGES:
            self.fields[f"reason_{code}"] = forms.CharField(
                label=_("Why, as families read it (%(language)s)") % {"language": name},
                max_length=200,
                required=code == "en",
            )
        self.fields["what"].choices = _shuttable(network, language)  # type: ignore[attr-defined]

    def reasons(self) -> list[forms.BoundField]:
        """The fields of the reason, a language each."""
        return [self[f"reason_{code}"] for code, _name in settings.FAMILY_LANGUAGES]

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("since") and said.get("until") and said["until"] <= said["since"]:
            self.add_error("until", gettext("It has to end after it begins."))
        return said

    def shutting(self) -> Shutting:
        """As the action takes it."""
        said = self.cleaned_data
        reason = {code: said[f"reason_{code}"] for code, _name in settings.FAMILY_LANGUAGES if said[f"reason_{code}"]}
        return Shutting(said["what"], said["since"], said["until"], reason, said["source"])


def _shuttable(network: Network, language: str) -> list[Any]:
    places = sorted(
        ((f"place:{place.code}", place.name(language)) for place in network.places.values()), key=lambda pair: pair[1]
    )
    crossings = [pair for pair in places if network.places[pair[0][6:]].role in (Role.CROSSING, Role.MEETING)]
    others = [pair for pair in places if pair not in crossings]
    countries = sorted({place.country for place in network.places.values()})
    legs = sorted(
        (
            f"leg:{leg.code}",
            f"{network.places[leg.start].name(language)} - {network.places[leg.end].name(language)} ({KINDS[leg.kind]})",
        )
        for leg in network.legs.values()
    )
    return [
        (gettext("Borders and meeting points"), crossings),
        (
            gettext("Airspace"),
            [
                (f"air:{code}", gettext("airspace over %(country)s") % {"country": country_name(code)})
                for code in countries
            ],
        ),
        (gettext("Whole countries"), [(f"country:{code}", country_name(code)) for code in countries]),
        (gettext("Other places"), others),
        (gettext("Single legs"), legs),
    ]


class PlaceForm(forms.Form):
    """A place as the bureau knows it."""

    is_on = forms.BooleanField(label=_("Switched on"), required=False)
    beds = forms.BooleanField(label=_("There are beds for the night"), required=False)
    change = forms.IntegerField(label=_("Minutes to change here"), min_value=0, max_value=600)
    step_free = forms.BooleanField(label=_("Without steps"), required=False)
    confirmed = forms.BooleanField(label=_("Confirmed by the bureau"), required=False)
    origin = forms.CharField(label=_("Where this is known from"), max_length=200)
    as_of = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class LegForm(forms.Form):
    """A leg as the bureau knows it. When it runs is written as the network file writes it."""

    is_on = forms.BooleanField(label=_("Switched on"), required=False)
    least = forms.IntegerField(label=_("Minutes at least"), min_value=1)
    usual = forms.IntegerField(label=_("usually"), min_value=1)
    most = forms.IntegerField(label=_("at most"), min_value=1)
    runs = forms.CharField(
        label=_("When it runs"), widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_(
            '"times": ["08:40"], or "every": {"minutes": 30, "from": "05:00", "until": "22:00"}, '
            'or "hours": [["00:00", "24:00"]]; with "days": "12345", "waits" and "seats" where needed.'
        ),
    )  # fmt: skip
    amount = forms.IntegerField(label=_("Price"), min_value=0, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    pays = forms.ChoiceField(label=_("Who pays"), choices=(("family", _("the family")), ("bureau", _("the bureau"))))
    step_free = forms.BooleanField(label=_("Without steps"), required=False)
    confirmed = forms.BooleanField(label=_("Confirmed by the bureau"), required=False)
    origin = forms.CharField(label=_("Where this is known from"), max_length=200)
    as_of = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    RUNS = ("times", "every", "hours", "days", "waits", "seats", "sleeps")

    def clean_runs(self) -> dict[str, Any]:
        """The part of the document that says when."""
        try:
            said = (
                json.loads("{" + self.cleaned_data["runs"].strip().strip("{}").strip() + "}")
                if not self.cleaned_data["runs"].strip().startswith("{")
                else json.loads(self.cleaned_data["runs"])
            )
        except ValueError as fault:
            raise forms.ValidationError(gettext("This cannot be read.")) from fault
        if not isinstance(said, dict) or not set(said) <= set(self.RUNS):
            raise forms.ValidationError(gettext("This cannot be read."))
        return said


def day_in(zone: str, moment: datetime) -> date:
    """The day of a moment there."""
    return moment.astimezone(ZoneInfo(zone)).date()


__all__ = ["networks"]
