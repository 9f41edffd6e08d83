"""Why a list, or one row of it, was not taken: each reason a code with one sentence."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeward.lib.refusals import Refusal

# Reasons for which a whole file is turned away. Placeholders are filled by the place that refuses.
FILE_REASONS: dict[str, str | Promise] = {
    "empty": gettext_lazy("The file is empty."),
    "too_large": gettext_lazy("The file is larger than %(limit)s. Please split it."),
    "wrong_extension": gettext_lazy(
        "The name of the file ends in %(ending)s, but its content is %(content)s. Save it again in the right format."
    ),
    "unknown_ending": gettext_lazy("Lists are taken as CSV, TSV, TXT, XLSX, ODS or XLS; this file ends in %(ending)s."),
    "not_a_list": gettext_lazy("The content of this file is %(content)s, not a table."),
    "damaged": gettext_lazy("The file is damaged and cannot be opened. Please save it again and send it once more."),
    "password": gettext_lazy("The file is protected by a password. Please save it without one."),
    "macros": gettext_lazy("The file contains macros. Please save it as a plain XLSX or CSV file."),
    "bomb": gettext_lazy("The file would unpack to more than a list can be. It was not opened."),
    "unsafe_archive": gettext_lazy("The file contains parts that do not belong in a table. It was not opened."),
    "formula": gettext_lazy(
        "Cell %(cell)s holds a formula. Lists are taken with plain values only: copy the sheet and paste it as values."
    ),
    "too_many_columns": gettext_lazy("The table has more than %(limit)s columns."),
    "too_wide": gettext_lazy(
        "The table of this sheet covers too large an area. Delete the empty rows and columns around it."
    ),
    "too_slow": gettext_lazy("The file takes too long to open. Please save it as CSV."),
    "line_too_long": gettext_lazy("A line of the file is longer than %(limit)s characters."),
    "no_rows": gettext_lazy("There is no row with data in this file."),
    "no_sheet": gettext_lazy("There is no sheet of this name in the file."),
    "changed": gettext_lazy("The stored file is not the one that was uploaded. Please upload it again."),
}

# Reasons for which one row is set aside; a target adds its own.
ROW_REASONS: dict[str, str | Promise] = {
    "nul": gettext_lazy("The row contains NUL bytes."),
    "cell_too_long": gettext_lazy("A cell is longer than 10,000 characters."),
    "unreadable": gettext_lazy("The row contains characters that cannot be read in the alphabet of the file."),
    "open_quote": gettext_lazy("A quotation mark is opened and never closed."),
    "formula": gettext_lazy("A cell looks like a formula."),
    "too_many_cells": gettext_lazy("The row has more cells than the table has columns."),
    "nothing": gettext_lazy("None of the columns that are taken has a value in this row."),
    "repeated": gettext_lazy("An earlier row of this file is about the same person and says something else."),
    "header_again": gettext_lazy("The row repeats the header."),
}


class ListRefused(Refusal):
    """A file, or a sheet of it, is not taken; the message says why and what helps."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(str(FILE_REASONS[code]) % values)


class StepRefused(Refusal):
    """A batch is not in a state in which this can be done."""


class SourceNeeded(Refusal):
    """A batch cannot start before it is known who sent the list."""

    def __init__(self) -> None:
        super().__init__(_("Please say from whom this list comes."))
