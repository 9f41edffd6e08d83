"""What families type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.lib import references

# Telephones must neither correct nor remember what is typed here.
QUIET = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class ComeBackForm(forms.Form):
    """With what she comes back."""

    number = forms.CharField(
        label=_("The number of your enquiry"),
        help_text=_("Nine digits, like 1234-5678-4."),
        max_length=40,
        widget=forms.TextInput(attrs={**QUIET, "inputmode": "numeric"}),
    )
    secret = forms.CharField(
        label=_("Your six words, or your twenty digits"),
        help_text=_("Small or capital letters, with or without accents, in Cyrillic or Latin letters: all is read."),
        max_length=400,
        widget=forms.TextInput(attrs=QUIET),
    )

    def clean_number(self) -> str:
        """A number of ours as its check digit says; whether anybody has it is not told."""
        typed: str = self.cleaned_data["number"]
        if not references.is_valid(typed):
            raise forms.ValidationError(_("This is no number of ours. Look again: a digit is missing or wrong."))
        return references.tidy(typed)
