"""What tracers type."""

from django import forms
from django.utils.translation import gettext_lazy as _


class JudgementForm(forms.Form):
    """A judgement on the pair as it stood when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note for the colleague who reads this"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class UnsureForm(JudgementForm):
    """The question that would decide it."""

    ask_family = forms.CharField(
        label=_("Question to the family"),
        help_text=_("They read it word for word. Ask only about their own man; tell nothing from the register."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ask_registrar = forms.CharField(
        label=_("Question to the registrar"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    """The registrar's answer."""

    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea)
