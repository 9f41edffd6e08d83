"""The shape of what people say about a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeward.intake import queries
from homeward.intake.models import Batch
from homeward.intake.target import Target, target_called
from homeward.intake.texts import MOST_COLUMNS


class ListForm(forms.Form):
    """A file to be brought in, and what kind of list it is."""

    target = forms.ChoiceField(label=_("What the list holds"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX, ODS or XLS, as it was sent. Nothing comes in before you have seen what would happen."),
    )

    def __init__(self, *args: Any, targets: list[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["target"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(target.code, target.label) for target in targets]
        self.fields["file"].widget.attrs["accept"] = ".csv,.tsv,.txt,.xlsx,.ods,.xls"


class SheetForm(forms.Form):
    """Which sheet holds the list and where its header stands."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.TypedChoiceField(label=_("Header"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheets = [sheet["name"] for sheet in (batch.look or {"sheets": []})["sheets"]]
        self.fields["sheet"].choices = [(name, name or "CSV") for name in sheets]  # type: ignore[attr-defined]
        self.fields["sheet"].initial = batch.sheet
        if len(sheets) == 1:
            self.fields["sheet"].widget = forms.HiddenInput()
        numbers = [row.number for row in queries.preview_of(batch) if any(map(str.strip, row.cells))][:10]
        if batch.header_row and batch.header_row not in numbers:
            numbers.append(batch.header_row)
        self.fields["header_row"].choices = [  # type: ignore[attr-defined]
            (0, _("no header")),
            *((number, _("row %(number)s") % {"number": number}) for number in numbers),
        ]
        self.fields["header_row"].initial = batch.header_row


class ColumnsForm(forms.Form):
    """Who sent the list, and the meaning of each column."""

    source = forms.ChoiceField(label=_("From"), required=False)
    new_source = forms.CharField(
        label=_("or someone new"), max_length=120, required=False, help_text=_("The camp, hospital or partner.")
    )

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sources = {source.reference: source for source in queries.sources_of(batch.target)}
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((reference, source.name) for reference, source in self._sources.items()),
        ]
        if batch.source is not None:
            self.fields["source"].initial = batch.source.reference
        silences = target_called(batch.target).silences
        if silences:
            self.fields["silence"] = forms.ChoiceField(
                label=_("Rows that say no state mean"),
                required=False,
                choices=list(silences.items()),
                initial=queries.silence_of(batch.target, batch.silence, batch.source.silence if batch.source else ""),
                help_text=_("A list of the dead without a column for it says so here. Remembered for this sender."),
            )
        choices = [("", _("leave out")), *((field.code, field.label) for field in target_called(batch.target).fields)]
        header = queries.header_of(batch)
        self.width = min(len(batch.columns), MOST_COLUMNS)
        for index in range(self.width):
            name = header[index].strip() if index < len(header) else ""
            self.fields[f"column_{index}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=batch.columns[index],
                label=name[:80] or _("Column %(number)s") % {"number": index + 1},
            )

    def columns(self) -> list[str]:
        """The chosen field of each column."""
        return [self.cleaned_data[f"column_{index}"] for index in range(self.width)]

    def source_name(self) -> str:
        """The name of the source, chosen or new; "" if neither was said."""
        if self.cleaned_data["new_source"].strip():
            return str(self.cleaned_data["new_source"])
        source = self._sources.get(self.cleaned_data["source"])
        return source.name if source else ""

    def bound_columns(self) -> list[forms.BoundField]:
        """The selects in the order of the columns."""
        return [self[f"column_{index}"] for index in range(self.width)]
