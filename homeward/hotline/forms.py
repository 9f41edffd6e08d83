"""What an operator types while she listens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.enquiries.facts import FACTS
from homeward.enquiries.models import Relation
from homeward.hotline.models import LANGUAGES, NextStep, Outcome, Try

# In the order in which people tell it.
FIRST = ("surname", "given", "patronymic", "born", "unit", "last_news_on", "last_news")
THEN = tuple(fact.code for fact in FACTS if fact.code not in FIRST)


class TellingForm(forms.Form):
    """What the caller tells."""

    relation = forms.ChoiceField(label=_("She or he is his"), choices=Relation.choices, initial=Relation.UNKNOWN)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    enquirer_name = forms.CharField(label=_("Name of the caller"), required=False, max_length=120)
    call_her = forms.BooleanField(label=_("May be called on the number she calls from"), required=False)
    telephone = forms.CharField(label=_("Another number"), required=False, max_length=40)
    safe_hours = forms.CharField(label=_("Safe hours"), required=False, max_length=80)
    cover_phrase = forms.CharField(label=_("Say you are from ..."), required=False, max_length=120)
    sought = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in FACTS:
            widget = forms.Textarea(attrs={"rows": 2}) if fact.long else forms.TextInput(attrs={"autocomplete": "off"})
            self.fields[fact.code] = forms.CharField(
                label=str(fact.label), required=False, max_length=2000 if fact.long else 200, widget=widget
            )
        for name in ("enquirer_name", "telephone", "safe_hours", "cover_phrase"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["surname"].widget.attrs["autofocus"] = True

    def first(self) -> list[Any]:
        """What is told first."""
        return [self[code] for code in FIRST]

    def more(self) -> list[Any]:
        """What else there may be."""
        return [self[code] for code in THEN]

    def clean(self) -> dict[str, Any]:
        """A name at least in part; a number where she may be called on another one."""
        said = super().clean() or {}
        if not any(said.get(code) for code in ("surname", "given", "full", "aliases")):
            self.add_error("surname", _("Write at least one part of his name."))
        return said

    def facts(self) -> dict[str, str]:
        """What was told of him."""
        return {fact.code: self.cleaned_data.get(fact.code, "") for fact in FACTS}

    def enquirer(self) -> dict[str, str]:
        """What she left of herself."""
        said = self.cleaned_data
        left = {name: said[name] for name in ("telephone", "safe_hours", "cover_phrase")}
        return {**left, "name": said["enquirer_name"]}


class EndForm(forms.Form):
    """What came of the call."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=Outcome.choices)
    result = forms.ChoiceField(label=_("Was she reached"), choices=(("", "—"), *Try.Result.choices), required=False)
    later = forms.DateTimeField(
        label=_("Call again at"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    next_step = forms.ChoiceField(label=_("What follows"), choices=NextStep.choices, initial=NextStep.NONE)
    note = forms.CharField(
        label=_("Note for whoever speaks with her next"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeskForm(forms.Form):
    """State at the desk."""

    state = forms.CharField(max_length=10)
    sip_address = forms.CharField(label=_("Address of your telephone"), required=False, max_length=120)


class SurgeForm(forms.Form):
    """The surge switch."""

    on = forms.BooleanField(required=False)
    partner_lines = forms.CharField(label=_("Numbers of partners, spoken in a surge"), required=False, max_length=80)
