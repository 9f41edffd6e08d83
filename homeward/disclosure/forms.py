"""What case workers and approvers type."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from homeward.decisions.models import RefusalReason
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import CallOutcome, EvidenceKind, KinshipStep, Level, Wish


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


class FindForm(forms.Form):
    """The enquiry by its number."""

    reference = forms.CharField(label=_("Number of the enquiry"), max_length=30)


class EvidenceForm(forms.Form):
    """What was checked."""

    kind = forms.ChoiceField(label=_("What was checked"), choices=EvidenceKind.choices)
    what = forms.CharField(label=_("What it showed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class LevelForm(forms.Form):
    """The level to raise to."""

    level = forms.TypedChoiceField(choices=Level.choices[1:], coerce=int)


class LowerForm(forms.Form):
    """Back to which level, and why."""

    level = forms.TypedChoiceField(label=_("Back to level"), choices=Level.choices[:2], coerce=int)
    why = forms.ChoiceField(
        label=_("Why"),
        choices=[
            (why.value, why.label)
            for why in KinshipStep.Why
            if why not in (KinshipStep.Why.CONSISTENT, KinshipStep.Why.APPROVED)
        ],
    )
    note = forms.CharField(
        label=_("More for the colleague"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class StatementForm(forms.Form):
    """What the prisoner said of this relative."""

    names_her = forms.ChoiceField(
        label=_("Does he name her?"),
        choices=[("yes", _("yes, on his own, before he was told who asks")), ("no", _("no"))],
    )
    question = forms.CharField(label=_("Control question"), required=False, max_length=300)
    his_answer = forms.CharField(label=_("What he answered"), required=False, max_length=300)
    answer_agrees = forms.BooleanField(label=_("His answer agrees with hers"), required=False)
    wish = forms.ChoiceField(label=_("His wish for this relative"), choices=Wish.choices[1:])
    spoken_on = forms.DateField(
        label=_("Spoken with him, alone, on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PaperForm(forms.Form):
    """The confirmation of captivity for one family."""

    reference = forms.CharField(label=_("Number of the enquiry"), max_length=30)
    second_language = forms.ChoiceField(
        label=_("Second language of the paper"), choices=settings.FAMILY_LANGUAGES, initial="en"
    )


class WarningForm(forms.Form):
    """What the family site says, in its four languages."""

    text_uk = forms.CharField(
        label="Українська", max_length=600, widget=forms.Textarea(attrs={"rows": 3, "lang": "uk"})
    )
    text_ru = forms.CharField(label="Русский", max_length=600, widget=forms.Textarea(attrs={"rows": 3, "lang": "ru"}))
    text_en = forms.CharField(label="English", max_length=600, widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}))
    text_fr = forms.CharField(label="Français", max_length=600, widget=forms.Textarea(attrs={"rows": 3, "lang": "fr"}))
