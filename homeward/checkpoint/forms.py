"""What is typed about passes, days and kits."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.checkpoint.models import RevokedBecause
from homeward.decisions.models import RefusalReason
from homeward.enquiries.models import Enquiry
from homeward.lib import clock, references

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ProposeForm(forms.Form):
    """A traveller and when and where she is expected."""

    name = forms.CharField(label=_("Name as in the document, in Latin letters, surname first"), max_length=80)
    born = forms.DateField(label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    document_type = forms.ChoiceField(label=_("Document"), choices=[("P", _("passport")), ("I", _("identity card"))])
    document = forms.CharField(label=_("Number of the document"), max_length=20)
    point = forms.SlugField(label=_("Crossing or meeting point"), max_length=20)
    window_from = forms.DateTimeField(label=_("Expected from"), widget=_MOMENT)
    window_until = forms.DateTimeField(label=_("Expected until"), widget=_MOMENT)
    companions = forms.IntegerField(label=_("People travelling with her"), min_value=0, max_value=9, initial=0)
    enquiry = forms.CharField(label=_("Enquiry on whose page it stands"), max_length=20, required=False)
    journey = forms.CharField(label=_("Journey, if there is one"), max_length=20, required=False)
    portrait = forms.FileField(
        label=_("Photograph; the pass keeps only its fingerprint"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )
    with_code = forms.BooleanField(
        label=_(
            "Make a code to carry. Without it she is on the list all the same, and carries nothing that could be found on her."
        ),
        required=False,
        initial=True,
    )

    def clean_point(self) -> str:
        """As the network writes it."""
        return str(self.cleaned_data["point"]).lower()

    def clean_enquiry(self) -> Enquiry | None:
        """The enquiry of this number."""
        typed = self.cleaned_data["enquiry"]
        if not typed:
            return None
        found = Enquiry.objects.filter(reference=references.tidy(typed)).first()
        if found is None:
            raise forms.ValidationError(_("There is no enquiry with this number."))
        return found

    def said(self) -> dict[str, Any]:
        """For `propose_pass`."""
        said = self.cleaned_data
        portrait = said["portrait"].read() if said["portrait"] else None
        window: tuple[datetime, datetime] = (said["window_from"], said["window_until"])
        names = ("name", "born", "document_type", "document", "point", "companions", "enquiry", "journey", "with_code")
        return {**{name: said[name] for name in names}, "window": window, "portrait": portrait}


class DecideForm(forms.Form):
    """The hash of what the page showed."""

    payload_hash = forms.CharField(widget=forms.HiddenInput)


class RefuseForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(label=_("Why not"), choices=RefusalReason.choices)
    note = forms.CharField(label=_("More for the colleague"), required=False, max_length=2000, widget=forms.Textarea)


class RevokeForm(forms.Form):
    """Why it is taken back."""

    because = forms.ChoiceField(label=_("Why"), choices=RevokedBecause.choices)


class ListForm(forms.Form):
    """The day and the point of a list."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    point = forms.SlugField(label=_("Crossing or meeting point"), max_length=20)


class DayForm(forms.Form):
    """The day that is looked at; today unless said otherwise."""

    day = forms.DateField(required=False)

    def chosen(self) -> date:
        """The day."""
        return (self.cleaned_data.get("day") if self.is_valid() else None) or clock.today()


class MergeForm(forms.Form):
    """The log of a kit."""

    log = forms.FileField(label=_("Log of a kit (or of several, put together)"))
