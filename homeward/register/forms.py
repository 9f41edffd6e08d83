"""What registrars type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.register.models import EventKind
from homeward.register.particulars import BY_CODE, DECLINED, FIELDS, GROUPS, UNKNOWN
from namesake import PartialDate, Person

STATED = "stated"
_HOW = (("stated", _("stated")), ("declined", _("declined to state")), ("unknown", _("unknown")))
_MARKS = {"declined": DECLINED, "unknown": UNKNOWN}


class CaptureCardForm(forms.Form):
    """The fields of the card; beside each, whether he declined to state it or it is unknown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in FIELDS:
            widget = forms.Textarea(attrs={"rows": 2}) if field.long else forms.TextInput()
            self.fields[field.code] = forms.CharField(
                label=str(field.label), required=False, max_length=2000 if field.long else 200, widget=widget
            )
            self.fields[f"{field.code}_how"] = forms.ChoiceField(
                label=_("How it is known: %(field)s") % {"field": field.label}, choices=_HOW, required=False
            )

    def parts(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        """The fields by parts of the card, each with its companion."""
        return [
            (label, [(self[field.code], self[f"{field.code}_how"]) for field in FIELDS if field.group == group])
            for group, label in GROUPS.items()
        ]

    def clean(self) -> dict[str, Any]:
        """A name at least in part; nothing both stated and declined."""
        said = super().clean() or {}
        for field in FIELDS:
            if said.get(field.code) and said.get(f"{field.code}_how") in _MARKS:
                self.add_error(field.code, _("Either a value, or “declined” or “unknown”, not both."))
        if not said.get("surname") and not said.get("given"):
            self.add_error("surname", _("A card needs a name, or at least one part of it."))
        return said

    def particulars(self) -> dict[str, str]:
        """What was said, in the form the register keeps."""
        said = self.cleaned_data
        found = {}
        for field in FIELDS:
            value = said.get(field.code, "").strip() or _MARKS.get(said.get(f"{field.code}_how", ""), "")
            if value:
                found[field.code] = value
        return found


class CorrectionForm(forms.Form):
    """One field, said right."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    value = forms.CharField(label=_("It is right so"), required=False, max_length=2000)
    how = forms.ChoiceField(label=_("Or"), choices=_HOW, required=False)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field_label = BY_CODE[code].label
        if BY_CODE[code].long:
            self.fields["value"].widget = forms.Textarea(attrs={"rows": 3})

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        said = super().clean() or {}
        if not said.get("value", "").strip() and said.get("how") not in _MARKS:
            self.add_error("value", _("Say what is right, or that it is unknown or that he declined to state it."))
        return said

    def value_said(self) -> str:
        """The value, or the mark for declined or unknown."""
        return self.cleaned_data["value"].strip() or _MARKS[self.cleaned_data["how"]]


class EventForm(forms.Form):
    """Something that happened to him."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What happened"), choices=EventKind.choices)
    happened_on = forms.CharField(
        label=_("When"),
        help_text=_("A day, a month or a year: 2026-03-14, 2026-03, 2026."),
        required=False,
        max_length=30,
    )
    place = forms.CharField(label=_("Where"), required=False, max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_happened_on(self) -> str:
        """Any usual way to write a date; kept as year, month, day as far as known."""
        text: str = self.cleaned_data["happened_on"].strip()
        if not text:
            return ""
        day = PartialDate.parse(text)
        if not day.year:
            raise forms.ValidationError(_("This is not a date. Write it as 2026-03-14, 14.03.2026, 2026-03 or 2026."))
        return str(day).removeprefix("~")


class SearchForm(forms.Form):
    """A surname and one more fact: nobody browses the register by one word."""

    surname = forms.CharField(label=_("Surname"), required=False, max_length=100)
    given = forms.CharField(label=_("First names"), required=False, max_length=100)
    patronymic = forms.CharField(label=_("Patronymic"), required=False, max_length=100)
    born = forms.CharField(label=_("Born"), required=False, max_length=40)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=40)
    service_number = forms.CharField(label=_("Service number"), required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """At least two facts."""
        said = super().clean() or {}
        if sum(bool(value) for value in said.values()) < 2:
            raise forms.ValidationError(_("Give at least two facts, such as surname and year of birth."))
        return said

    def person(self) -> Person:
        """What is searched for."""
        return Person(**self.cleaned_data)


class JoinForm(forms.Form):
    """The other entry of the same man."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    other = forms.CharField(label=_("Number of the other entry"), max_length=20)
