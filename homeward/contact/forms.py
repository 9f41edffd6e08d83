"""What the communication officer types."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.contact import neutral
from homeward.contact.audiences import audience
from homeward.decisions.models import RefusalReason

_LABELS = {"uk": _("In Ukrainian"), "ru": _("In Russian"), "en": _("In English"), "fr": _("In French")}


class CampaignForm(forms.Form):
    """The words in four languages, and the group."""

    title = forms.CharField(label=_("What it is about (staff only)"), max_length=80)

    def __init__(self, *args: Any, audience_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = audience(audience_code).choices()
        for language, label in _LABELS.items():
            widget = forms.Textarea(attrs={"rows": 2, "lang": language, "maxlength": neutral.LONGEST})
            self.fields[f"text_{language}"] = forms.CharField(label=label, max_length=neutral.LONGEST, widget=widget)
        for choice in self.choices:
            options = [("", _("all")), *choice.options]
            self.fields[f"by_{choice.code}"] = forms.ChoiceField(label=choice.label, choices=options, required=False)

    def clean(self) -> dict[str, Any]:
        """Each text by the rules of neutral words."""
        said = super().clean() or {}
        for language in _LABELS:
            for fault in neutral.faults_of(said.get(f"text_{language}", ""), language):
                self.add_error(f"text_{language}", fault)
        return said

    def words(self) -> list[Any]:
        """The fields of the words."""
        return [self[f"text_{language}"] for language in _LABELS]

    def group(self) -> list[Any]:
        """The fields of the group."""
        return [self[f"by_{choice.code}"] for choice in self.choices]

    def texts(self) -> dict[str, str]:
        """What was written."""
        return {language: self.cleaned_data[f"text_{language}"] for language in _LABELS}

    def chosen(self) -> dict[str, str]:
        """Who was chosen."""
        return {choice.code: self.cleaned_data.get(f"by_{choice.code}", "") for choice in self.choices}


class DecideForm(forms.Form):
    """The hash of what the page showed."""

    payload_hash = forms.CharField(widget=forms.HiddenInput)


class RefuseForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(label=_("Why not"), choices=RefusalReason.choices)
    note = forms.CharField(label=_("More for the colleague"), required=False, max_length=2000, widget=forms.Textarea)
