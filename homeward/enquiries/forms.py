"""What operators type while somebody tells it."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.enquiries.facts import FACTS, GROUPS
from homeward.enquiries.forms_family import WishesForm
from homeward.enquiries.models import Channel, Reach, Relation

LANGUAGES = (
    ("uk", "Українська"),
    ("ru", "Русский"),
    ("en", "English"),
    ("fr", "Français"),
    ("pl", "Polski"),
    ("de", "Deutsch"),
)


class FactsForm(forms.Form):
    """What is told about him."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact in FACTS:
            widget = forms.Textarea(attrs={"rows": 2}) if fact.long else forms.TextInput(attrs={"autocomplete": "off"})
            self.fields[fact.code] = forms.CharField(
                label=str(fact.label), required=False, max_length=2000 if fact.long else 200, widget=widget
            )

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields by parts, in the order people tell them."""
        return [(label, [self[fact.code] for fact in FACTS if fact.group == group]) for group, label in GROUPS.items()]

    def clean(self) -> dict[str, Any]:
        """A name at least in part."""
        said = super().clean() or {}
        if not any(said.get(code) for code in ("surname", "given", "full", "aliases")):
            self.add_error("surname", _("Write at least one part of his name."))
        return said

    def facts(self) -> dict[str, str]:
        """What was told."""
        return {fact.code: self.cleaned_data.get(fact.code, "") for fact in FACTS}


class EnquiryForm(FactsForm):
    """A whole enquiry: the man, who asks, and how she may be reached."""

    relation = forms.ChoiceField(label=_("She or he is his"), choices=Relation.choices, initial=Relation.UNKNOWN)
    channel = forms.ChoiceField(label=_("Asked by"), choices=Channel.choices, initial=Channel.HOTLINE)
    language = forms.ChoiceField(label=_("Language of the enquirer"), choices=LANGUAGES, initial="uk")
    enquirer_name = forms.CharField(label=_("Name of the enquirer"), required=False, max_length=120)
    reach = forms.ChoiceField(label=_("May be reached"), choices=Reach.choices, initial=Reach.NONE)
    telephone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    email = forms.EmailField(label=_("E-mail"), required=False)
    telegram = forms.CharField(label=_("Telegram"), required=False, max_length=64)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    safe_hours = forms.CharField(label=_("Safe hours"), required=False, max_length=80)
    cover_phrase = forms.CharField(
        label=_("Say you are from ..."),
        help_text=_("A cover she chose, if somebody else answers."),
        required=False,
        max_length=120,
    )
    may_leave_message = forms.BooleanField(label=_("A message may be left"), required=False)
    sighting = forms.CharField(
        label=_("Seen by somebody, or in a published video"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    sighting_link = forms.CharField(
        label=_("Address of the video"), help_text=_("Kept as evidence, never shown."), required=False, max_length=500
    )
    sought = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    filing_token = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("enquirer_name", "telephone", "email", "telegram", "address", "safe_hours", "cover_phrase"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if not self.is_bound:
            self.initial.setdefault("filing_token", secrets.token_hex(16))

    _WAYS = {"telephone": "telephone", "sms": "telephone", "email": "email", "telegram": "telegram", "post": "address"}

    def clean(self) -> dict[str, Any]:
        """Whoever may be reached by a way has left where."""
        said = super().clean()
        way = self._WAYS.get(said.get("reach", ""))
        if way and not said.get(way):
            self.add_error(way, _("Needed to reach her in the chosen way."))
        return said

    def enquirer(self) -> dict[str, str]:
        """What the enquirer left of herself."""
        said = self.cleaned_data
        found = {
            name: said[name] for name in ("telephone", "email", "telegram", "address", "safe_hours", "cover_phrase")
        }
        return {**found, "name": said["enquirer_name"], "may_leave_message": "yes" if said["may_leave_message"] else ""}


class ChangeForm(FactsForm):
    """What is told about him, changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """What the family answered."""

    answer = forms.CharField(
        label=_("What the family answered"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class UnmaskForm(forms.Form):
    """Why the contacts are needed."""

    PURPOSES = (
        ("call_back", _("to call back")),
        ("question", _("to ask a question")),
        ("answer", _("to give an answer")),
        ("check", _("to check who calls")),
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=PURPOSES)


class LookForm(forms.Form):
    """Why the photos and papers are looked at."""

    PURPOSES = (
        ("kinship", _("to check that they are family")),
        ("identity", _("to know the man")),
        ("question", _("because of a question of the family")),
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=PURPOSES)


class JoinForm(forms.Form):
    """The number of the other sought person."""

    other = forms.CharField(label=_("Number of the other sought person"), max_length=20)


class SightingForm(forms.Form):
    """Somebody saw him."""

    what = forms.CharField(
        label=_("Who saw him, where, when"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    link = forms.CharField(label=_("Address of the video"), required=False, max_length=500)


class StaffWishesForm(WishesForm):
    """The same wishes, noted while she tells them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["add"].label = _("Add a way to reach her")
        ways = [
            ("", _("Nothing to add")),
            ("sms", _("by text message")),
            ("voice", _("a person may call her")),
            ("email", _("by e-mail")),
        ]
        self.fields["add"].choices = ways  # type: ignore[attr-defined]
        self.fields["add"].widget = forms.Select(choices=ways)
        self.fields["cover_phrase"].label = _("Say you are from ...")
        self.fields["cover_phrase"].help_text = _("Left empty, the phrase she chose stays.")
