"""What case workers and approvers type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import RefusalReason
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import CallOutcome


class ProposeForm(forms.Form):
    """The answer to propose, out of those the case allows."""

    kind = forms.ChoiceField(label=_("The family is told"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kinds: tuple[Kind, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0].value


class DecideForm(forms.Form):
    """The hash of what the page showed."""

    payload_hash = forms.CharField(widget=forms.HiddenInput)


class RefuseForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(label=_("Why not"), choices=RefusalReason.choices)
    note = forms.CharField(label=_("More for the colleague"), required=False, max_length=2000, widget=forms.Textarea)


class CallForm(forms.Form):
    """What became of a call."""

    outcome = forms.ChoiceField(label=_("What happened"), choices=CallOutcome.choices)
    next_on = forms.DateField(
        label=_("Call again on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea)
