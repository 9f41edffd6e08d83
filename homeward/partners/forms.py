"""What staff type about partners."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.enquiries.models import Partner


class AgreementForm(forms.Form):
    """A partner and what it may do."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    desk = forms.CharField(label=_("Desk"), max_length=40, initial="1")
    a_minute = forms.IntegerField(label=_("Requests a minute"), min_value=1, max_value=6000, initial=120)
    a_day = forms.IntegerField(label=_("Referrals a day"), min_value=1, max_value=1_000_000, initial=5000)
    is_open = forms.BooleanField(label=_("May refer enquiries"), required=False, initial=True)
    receives_records = forms.BooleanField(label=_("May receive cleared records (PFIF)"), required=False)


class RecordForm(forms.Form):
    """The record of one family for one partner."""

    reference = forms.CharField(label=_("Number of the enquiry"), max_length=30)
    partner = forms.ModelChoiceField(label=_("Partner"), queryset=Partner.objects.none(), to_field_name="reference")
    status = forms.ChoiceField(
        label=_("What it says of him"),
        choices=[
            ("", _("nothing")),
            ("information_sought", _("the family asks for information")),
            ("believed_alive", _("alive (only once the family has been told and he agreed)")),
        ],
        required=False,
    )
    consent = forms.CharField(label=_("How and when the family agreed"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = Partner.objects.filter(agreement__receives_records=True).order_by("name")
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]


class PfifForm(forms.Form):
    """A PFIF file of a partner."""

    partner = forms.ModelChoiceField(
        label=_("Whose list"), queryset=Partner.objects.order_by("name"), to_field_name="reference"
    )
    file = forms.FileField(label=_("PFIF file (1.1 to 1.4)"))
