"""What families type."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.contact.actions import tidied
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


RELATIONS = (
    ("mother", _("his mother")), ("father", _("his father")), ("wife", _("his wife or partner")),
    ("sister", _("his sister")), ("brother", _("his brother")), ("daughter", _("his daughter")), ("son", _("his son")),
    ("relative", _("another relative")), ("friend", _("a friend or comrade")), ("unknown", _("I would rather not say")),
)  # fmt: skip
HOURS = [(str(hour), f"{hour}:00") for hour in range(7, 23)]


class _Page(forms.Form):
    """One question. Whatever is typed is kept as typed; only what cannot be meant is asked again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs = {"autocomplete": "off", **field.widget.attrs}


class NamePage(_Page):
    """What he is called."""

    surname = forms.CharField(label=_("Surname"), max_length=120)
    given = forms.CharField(label=_("First name"), max_length=120)
    patronymic = forms.CharField(label=_("Patronymic, if he has one"), max_length=120)


class BornPage(_Page):
    """When he was born."""

    day = forms.IntegerField(
        label=_("Day"), min_value=1, max_value=31, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    month = forms.IntegerField(
        label=_("Month"), min_value=1, max_value=12, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    year = forms.IntegerField(
        label=_("Year"), min_value=1900, max_value=2020, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    unsure = forms.BooleanField(label=_("I am not sure of the date"))

    def clean(self) -> dict[str, Any]:
        """A day that exists, as far as it is told."""
        said = super().clean() or {}
        day, month, year = (said.get(part) for part in ("day", "month", "year"))
        if (day or month) and not year and "year" not in self.errors:
            self.add_error("year", _("Write the year too, even if you are not sure."))
        if day and month and year:
            try:
                date(year, month, day)
            except ValueError:
                self.add_error("day", _("This day does not exist in that month."))
        return said


class BirthplacePage(_Page):
    """Where he was born."""

    birthplace = forms.CharField(label=_("Town or village, and region"), max_length=200)


class ServicePage(_Page):
    """Where he served."""

    unit = forms.CharField(label=_("Unit: its number or name"), max_length=200)
    service_number = forms.CharField(label=_("His own number, if you know it"), max_length=60)
    rank = forms.CharField(label=_("Rank"), max_length=60)


class NewsPage(_Page):
    """The last news of him."""

    last_news_on = forms.CharField(label=_("When was it? A day or a month."), max_length=60)
    last_news = forms.CharField(
        label=_("What was it, and from whom?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class MarksPage(_Page):
    """By what he would be known."""

    marks = forms.CharField(
        label=_("Tattoos, scars, glasses, a ring"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    aliases = forms.CharField(label=_("Call sign, or another way to write his name"), max_length=200)


class PapersPage(_Page):
    """A photo of him, a paper of kinship."""

    kind = forms.ChoiceField(
        label=_("What is it?"), widget=forms.RadioSelect, initial="photo",
        choices=[("photo", _("A photo of him")), ("kinship", _("A paper that shows we are family")), ("other", _("Another paper"))],
    )  # fmt: skip
    file = forms.FileField(
        label=_("Choose the photo or PDF"), help_text=_("Up to 15 MB. Where and when it was taken is removed from it.")
    )


class YouPage(_Page):
    """Who she is."""

    relation = forms.ChoiceField(label=_("You are"), widget=forms.RadioSelect, choices=RELATIONS)
    your_name = forms.CharField(label=_("Your name, if you want to say it"), max_length=120)


class ReachPage(_Page):
    """How and when she may be reached; unless she chooses, not at all."""

    reach = forms.ChoiceField(
        label=_("May we let you know when there is something to read?"), widget=forms.RadioSelect, initial="none",
        choices=[
            ("none", _("No. I will come back and look myself.")), ("sms", _("By text message")),
            ("telephone", _("A person may call me")), ("email", _("By e-mail")),
        ],
    )  # fmt: skip
    telephone = forms.CharField(
        label=_("Telephone, with the code of the country"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), max_length=200, widget=forms.TextInput(attrs={"inputmode": "email"}))
    from_hour = forms.ChoiceField(label=_("Not before"), choices=HOURS, initial="9")
    to_hour = forms.ChoiceField(label=_("Not after"), choices=HOURS, initial="20")
    cover_phrase = forms.CharField(label=_("If somebody else answers, say you are from ..."), max_length=120)

    def clean(self) -> dict[str, Any]:
        """Whoever may be reached leaves where; hours go forward."""
        said = super().clean() or {}
        way = said.get("reach")
        if way in ("sms", "telephone") and sum(sign.isdigit() for sign in said.get("telephone") or "") < 7:
            self.add_error("telephone", _("Write the number at which we may reach you, or choose not to be reached."))
        if way == "email" and not said.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write the address at which we may reach you, or choose not to be reached."))
        if way and way != "none" and int(said.get("from_hour") or 9) >= int(said.get("to_hour") or 20):
            self.add_error("to_hour", _("The second hour must be later than the first."))
        return said


PAGES: dict[str, type[_Page]] = {
    "name": NamePage, "born": BornPage, "birthplace": BirthplacePage, "service": ServicePage, "news": NewsPage,
    "marks": MarksPage, "papers": PapersPage, "you": YouPage, "reach": ReachPage,
}  # fmt: skip


class AnswerForm(forms.Form):
    """Her answer."""

    text = forms.CharField(
        label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"})
    )


class RelativeForm(forms.Form):
    """Another relative who asks about him."""

    relation = forms.ChoiceField(label=_("She or he is"), widget=forms.RadioSelect, choices=RELATIONS[:-1])
    name = forms.CharField(label=_("Name, if you want to say it"), max_length=120, required=False)
    token = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pressed twice, it makes one enquiry.
        self.initial.setdefault("token", secrets.token_hex(16))


class EraseForm(forms.Form):
    """Yes, once more, with the passphrase."""

    secret = forms.CharField(
        label=_("Your six words, or your twenty digits"), max_length=400, widget=forms.TextInput(attrs=QUIET)
    )


# What she may be written to in: the languages of the neutral texts, each under its own name.
TONGUES = (("uk", "Українська"), ("ru", "Русский"), ("en", "English"), ("fr", "Français"))
CLOCKS = (
    ("Europe/Kyiv", _("Kyiv")), ("Europe/Moscow", _("Moscow")), ("Europe/Berlin", _("Warsaw, Berlin, Paris")),
    ("Europe/London", _("London")),
)  # fmt: skip
DAYS = (
    ("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday")), ("4", _("Thursday")), ("5", _("Friday")),
    ("6", _("Saturday")), ("7", _("Sunday")),
)  # fmt: skip
TAKE_AWAY = "away"
_ORDINALS = (_("first"), _("second"), _("third"), _("fourth"), _("fifth"), _("sixth"))


class WishesForm(forms.Form):
    """Where she may be reached, in her order, when, and in which language; one more place may be added at a time."""

    add = forms.ChoiceField(
        label=_("Add a way to reach you"), widget=forms.RadioSelect, initial="", required=False,
        choices=[("", _("Nothing to add")), ("sms", _("By text message")), ("voice", _("A person may call me")),
                 ("email", _("By e-mail"))],
    )  # fmt: skip
    telephone = forms.CharField(
        label=_("Telephone, with the code of the country"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    email = forms.CharField(
        label=_("E-mail"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )  # fmt: skip
    from_hour = forms.ChoiceField(label=_("Not before"), choices=HOURS, initial="9")
    to_hour = forms.ChoiceField(label=_("Not after"), choices=HOURS, initial="20")
    time_zone = forms.ChoiceField(label=_("By the clock of"), choices=CLOCKS, initial="Europe/Kyiv")
    quiet_days = forms.MultipleChoiceField(
        label=_("Never on these days"), choices=DAYS, widget=forms.CheckboxSelectMultiple, required=False
    )
    language = forms.ChoiceField(label=_("Language of the messages"), choices=TONGUES)
    cover_phrase = forms.CharField(
        label=_("If somebody else answers, say you are from ..."), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, stands: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`stands`: reference and words of each place there is, in her order."""
        super().__init__(*args, **kwargs)
        self.stands = [reference for reference, _words in stands]
        order = [(str(place), _ORDINALS[place]) for place in range(len(stands))]
        for place, (reference, words) in enumerate(stands):
            self.fields[f"place_{reference}"] = forms.ChoiceField(
                label=words, choices=[*order, (TAKE_AWAY, _("take it away"))], initial=str(place)
            )

    def places(self) -> list[Any]:
        """The fields of the places there are."""
        return [self[f"place_{reference}"] for reference in self.stands]

    def order(self) -> list[str]:
        """What stays, in the order wished; of two that were given one place the earlier one comes first."""
        said = {reference: self.cleaned_data[f"place_{reference}"] for reference in self.stands}
        return sorted((one for one in said if said[one] != TAKE_AWAY), key=lambda one: int(said[one]))

    def added(self) -> tuple[str, str] | None:
        """The channel and the address she added."""
        way = self.cleaned_data["add"]
        return (way, self.cleaned_data["email" if way == "email" else "telephone"]) if way else None

    def said(self) -> dict[str, Any]:
        """What was chosen, as `reach_family.change` takes it."""
        said = self.cleaned_data
        return {
            "order": self.order(), "added": self.added(), "language": said["language"], "time_zone": said["time_zone"],
            "hours": (int(said["from_hour"]), int(said["to_hour"])), "quiet_days": [int(day) for day in said["quiet_days"]],
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A place that can be one; hours that go forward; a day that is left."""
        said = super().clean() or {}
        way, number, address = said.get("add"), said.get("telephone", "").strip(), said.get("email", "").strip()
        if way in ("sms", "voice") and not tidied(way, number)[1]:
            self.add_error("telephone", _("Write the whole number, with the code of the country."))
        if way == "email" and not tidied(way, address)[1]:
            self.add_error("email", _("This is not a whole e-mail address."))
        if not way and (number or address):
            self.add_error("add", _("Choose how we may reach you there."))
        if int(said.get("from_hour") or 9) >= int(said.get("to_hour") or 20):
            self.add_error("to_hour", _("The second hour must be later than the first."))
        if len(said.get("quiet_days") or ()) == len(DAYS):
            self.add_error("quiet_days", _("Leave at least one day of the week."))
        return said
