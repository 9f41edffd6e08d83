"""What return officers, approvers and families type."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import RefusalReason
from homeward.lib import clock, references
from homeward.returns.actions import SUSPENSIONS, Comer, Terms
from homeward.returns.effects import Thing
from homeward.returns.models import Basis, Category, DeathRecordKind, DocumentKind, Fitness, ItemKind, Says, Way


def _date(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ListForm(forms.Form):
    """A new release list."""

    title = forms.CharField(
        label=_("What the list is called in the house"), max_length=120, required=False,
        help_text=_("No names: it stands on worklists."),
    )  # fmt: skip


class ManForm(forms.Form):
    """The men to put on the list, by the enquiries of those who receive them, and the terms that hold for all of them."""

    enquiries = forms.CharField(
        label=_("Enquiries of those who receive them"),
        help_text=_("One number a line, up to 500. Each must have a match that two people confirmed."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    basis = forms.ChoiceField(label=_("On what ground"), choices=Basis.choices)
    category = forms.ChoiceField(
        label=_("Category of Art. 110"), choices=[("", "—"), *Category.choices], required=False,
        help_text=_("Only for the wounded and sick."),
    )  # fmt: skip
    authority = forms.CharField(label=_("By whose authority"), max_length=300, help_text=_("Order, number, date."))
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    valid_until = _date(_("Valid until"))
    fitness = forms.ChoiceField(label=_("A physician finds him"), choices=Fitness.choices)
    fitness_on = _date(_("Examined on"))
    fitness_note = forms.CharField(
        label=_("What he needs on the way"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_enquiries(self) -> list[str]:
        """The references, tidied; one that is none is named."""
        said = [line.strip() for line in self.cleaned_data["enquiries"].splitlines() if line.strip()]
        tidied = [references.tidy(line) for line in said]
        wrong = [line for line, tidy in zip(said, tidied, strict=True) if not tidy]
        if wrong:
            raise forms.ValidationError(
                _("These are no numbers of enquiries: %(which)s"), params={"which": ", ".join(wrong[:5])}
            )
        if len(tidied) > 500:
            raise forms.ValidationError(_("At most 500 at once."))
        return list(dict.fromkeys(tidied))

    def terms(self) -> Terms:
        """As the action takes them."""
        said = self.cleaned_data
        return Terms(
            basis=Basis(said["basis"]),
            category=Category(said["category"]) if said["category"] else None,
            authority=said["authority"],
            conditions=said["conditions"],
            valid_until=said["valid_until"],
            fitness=Fitness(said["fitness"]),
            fitness_on=said["fitness_on"],
            fitness_note=said["fitness_note"],
        )


class DecideForm(forms.Form):
    """The hash of what the page showed."""

    payload_hash = forms.CharField(widget=forms.HiddenInput)


class RefuseForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(label=_("Why not"), choices=RefusalReason.choices)
    note = forms.CharField(label=_("More for the colleague"), required=False, max_length=2000, widget=forms.Textarea)


class WishForm(forms.Form):
    """What he said."""

    says = forms.ChoiceField(label=_("He says"), choices=Says.choices, widget=forms.RadioSelect)
    said_on = _date(_("Asked on"))
    was_alone = forms.BooleanField(
        label=_("He was asked alone: no guard, no other prisoner, nobody who decides about him"), required=False
    )
    interpreter = forms.CharField(label=_("Interpreter (empty: none was needed)"), required=False, max_length=120)
    with_whom = forms.CharField(label=_("With whom he wishes to go"), required=False, max_length=120)
    note = forms.CharField(
        label=_("In his words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_said_on(self) -> Any:
        """Not in the future, and not so long ago that it counts for nothing."""
        day = self.cleaned_data["said_on"]
        if not clock.today() - timedelta(days=365) <= day <= clock.today():
            raise forms.ValidationError(_("This day cannot be right."))
        return day


class FitnessForm(forms.Form):
    """A physician's finding."""

    fitness = forms.ChoiceField(label=_("A physician finds him"), choices=Fitness.choices)
    on = _date(_("Examined on"))
    note = forms.CharField(
        label=_("What he needs on the way"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class StopForm(forms.Form):
    """Why it stands still, or ends."""

    reason = forms.ChoiceField(label=_("Why"), choices=list(SUSPENSIONS.items()))
    note = forms.CharField(label=_("More"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class PacketForm(forms.Form):
    """The seal of a packet and what it weighs."""

    seal_number = forms.CharField(label=_("Number on the seal"), max_length=30)
    weight = forms.DecimalField(label=_("Weight, kg"), min_value=0, max_value=500, decimal_places=1, required=False)


class ThingForm(forms.Form):
    """One line of a packet's list."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices, required=False)
    what = forms.CharField(label=_("What"), max_length=300, required=False)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=10_000, required=False, initial=1)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2, required=False)

    def thing(self) -> Thing | None:
        """As the action takes it; None for an empty line."""
        said = self.cleaned_data
        if not said.get("what") and said.get("amount") is None:
            return None
        amount = said.get("amount")
        return Thing(
            kind=ItemKind(said["kind"] or ItemKind.EFFECT),
            what=said["what"] or said.get("currency", ""),
            count=said.get("count") or 1,
            currency=(said.get("currency") or "").upper(),
            amount=int(amount * 100) if amount is not None else None,
        )


ThingFormSet = forms.formset_factory(ThingForm, extra=8, max_num=60)


class SentForm(forms.Form):
    """By which route a notice went."""

    route = forms.CharField(label=_("By which route"), max_length=40)


class BeginForm(forms.Form):
    """What the last return is of."""

    with_remains = forms.BooleanField(label=_("His remains"), required=False)
    with_effects = forms.BooleanField(label=_("His effects"), required=False, initial=True)


class ChooseForm(forms.Form):
    """How and when the family wishes to receive what is left of him."""

    way = forms.ChoiceField(label=_("How"), choices=Way.choices, widget=forms.RadioSelect)
    wanted_on = _date(_("When"), required=False)
    wishes = forms.CharField(
        label=_("What else you wish"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class GiveForm(forms.Form):
    """Who received it, and before whom."""

    received_by = forms.CharField(label=_("Received by"), max_length=120)
    witness = forms.CharField(label=_("Witness (sign-in name of a colleague)"), max_length=60)


class DeathForm(forms.Form):
    """A line more of what is known of a death and a grave (GC III Art. 120, Annex IV D)."""

    kind = forms.ChoiceField(label=_("This is"), choices=DeathRecordKind.choices)
    authority = forms.CharField(label=_("Responsible authority"), required=False, max_length=200)
    died_on = forms.CharField(label=_("Date of death"), required=False, max_length=20)
    died_at = forms.CharField(label=_("Place of death"), required=False, max_length=200)
    cause = forms.CharField(label=_("Cause and circumstances"), required=False, max_length=500)
    examination = forms.CharField(label=_("Medical examination before burial"), required=False, max_length=300)
    buried_on = forms.CharField(label=_("Date of burial"), required=False, max_length=20)
    burial_place = forms.CharField(label=_("Place of burial"), required=False, max_length=200)
    grave = forms.CharField(label=_("Where the grave is, so that it can be found"), required=False, max_length=300)
    grave_marked = forms.ChoiceField(
        label=_("Marked, and can be found by relatives"), required=False,
        choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))],
    )  # fmt: skip
    burial_mode = forms.CharField(
        label=_("Individual, collective, cremation (and why)"), required=False, max_length=200
    )
    rites = forms.CharField(label=_("Religion, rites"), required=False, max_length=200)
    will = forms.CharField(label=_("Last will"), required=False, max_length=300)
    effects = forms.CharField(label=_("Personal effects: kept, or forwarded"), required=False, max_length=200)
    effects_through = forms.CharField(label=_("If forwarded, through whom"), required=False, max_length=200)
    last_moments = forms.CharField(
        label=_("His last moments, by who cared for him"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    captured = forms.CharField(label=_("Where and when taken prisoner"), required=False, max_length=200)
    witness_1 = forms.CharField(label=_("First witness, address"), required=False, max_length=200)
    witness_2 = forms.CharField(label=_("Second witness, address"), required=False, max_length=200)
    moved_on = forms.CharField(label=_("Grave moved on"), required=False, max_length=20)
    moved_why = forms.CharField(label=_("Why it was moved"), required=False, max_length=200)


class ComerForm(forms.Form):
    """One of those who come."""

    name = forms.CharField(
        label=_("Name in Latin letters, as in the document"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    born = forms.DateField(
        label=_("Born on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    nationality = forms.ChoiceField(
        label=_("The document is from"), required=False,
        choices=[("UA", _("Ukraine")), ("RU", _("Russia")), ("BY", _("Belarus")), ("XX", _("another country"))],
    )  # fmt: skip
    document_kind = forms.ChoiceField(label=_("Document"), choices=DocumentKind.choices, required=False)
    document_number = forms.CharField(
        label=_("Number of the document"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    step_free = forms.BooleanField(label=_("Cannot climb steps"), required=False)

    def clean_name(self) -> str:
        """Latin letters, for border officers read it."""
        name: str = self.cleaned_data["name"].strip()
        if name and not all(letter.isascii() for letter in name):
            raise forms.ValidationError(_("Please write the name in Latin letters, as it stands in the document."))
        return name.upper()

    def clean(self) -> dict[str, Any]:
        """A person is whole or not there."""
        said = super().clean() or {}
        whole = ("name", "born", "document_number")
        given = [code for code in whole if said.get(code)]
        if given and len(given) < len(whole) and not self.errors:
            raise forms.ValidationError(_("Please fill in name, day of birth and number of the document."))
        return said

    def comer(self) -> Comer | None:
        """As the action takes it; None where nobody is named."""
        said = self.cleaned_data
        if not said.get("name"):
            return None
        return Comer(
            name=said["name"], born=said["born"].isoformat(), nationality=said["nationality"] or "XX",
            document_kind=DocumentKind(said["document_kind"] or DocumentKind.PASSPORT),
            document_number=said["document_number"].strip(), step_free=said["step_free"],
        )  # fmt: skip


ComerFormSet = forms.formset_factory(ComerForm, extra=3, max_num=3)
