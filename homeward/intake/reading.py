"""Opens any list: finds out its kind, alphabet, delimiter and sheets, and gives its rows in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from homeward.intake import texts, workbooks
from homeward.intake.refusals import ListRefused
from homeward.intake.texts import MOST_COLUMNS, RawRow

LARGEST_TEXT = 2 * 1024 * 1024 * 1024
PREVIEW = 60

_ENDINGS = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".tab": "text",
    ".xlsx": "xlsx",
    ".ods": "ods",
    ".xls": "xls",
}
_CONTENT_WORDS = {"text": "CSV", "xlsx": "XLSX", "ods": "ODS", "xls": "XLS"}


@dataclass
class Sheet:
    """One table of the file; a text file is one nameless sheet. `preview` holds its first rows, blank ones too."""

    name: str
    preview: list[RawRow]
    height: int | None = None  # unknown for text until it has been read
    hidden: bool = False


class OpenList:
    """A list whose kind is known. `rows(sheet)` may be called as often as needed; each call starts at the top."""

    def __init__(
        self,
        form: str,
        sheets: list[Sheet],
        *,
        encoding: str = "",
        delimiter: str = "",
        opener: Callable[[], BinaryIO] | None = None,
        book: workbooks.Workbook | None = None,
    ) -> None:
        self.form = form
        self.sheets = sheets
        self.encoding = encoding
        self.delimiter = delimiter
        self._opener = opener
        self._book = book

    def sheet(self, name: str) -> Sheet:
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise ListRefused("no_sheet")

    def rows(self, name: str = "") -> Iterator[RawRow]:
        """Every row of the sheet in the order of the file, blank rows included, so that numbers agree with the file."""
        if self._book is None:
            assert self._opener is not None
            return texts.rows_of_text(self._opener, self.encoding, self.delimiter)
        for look in self._book.sheets:
            if look.name == name:
                return workbooks.rows_of_sheet(self._book, look)
        raise ListRefused("no_sheet")


def open_list(opener: Callable[[], BinaryIO], file_name: str) -> OpenList:
    """What the file is, by its content; ListRefused if it is no list, or not what its name says.

    `opener` gives a fresh binary stream from the start each time it is called.
    """
    ending = PurePath(file_name.lower()).suffix
    if ending in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise ListRefused("macros")
    if ending not in _ENDINGS:
        raise ListRefused("unknown_ending", ending=ending[:12] or "-")
    promised = _ENDINGS[ending]
    with opener() as stream:
        head = stream.read(8_192)
        if not head:
            raise ListRefused("empty")
        kind = workbooks.kind_of(head)
        if kind in ("zip", "ole"):
            content = head + stream.read(workbooks.LARGEST_WORKBOOK + 1)
            if len(content) > workbooks.LARGEST_WORKBOOK:
                raise ListRefused("too_large", limit="64 MB")
            form = workbooks.format_of(content)
            if form != promised:
                raise ListRefused("wrong_extension", ending=ending, content=_CONTENT_WORDS[form])
            return _open_workbook(form, content)
        if kind:
            if promised == "text" and kind != "XML":
                raise ListRefused("not_a_list", content=kind)
            raise ListRefused("wrong_extension", ending=ending, content=kind)
        if promised != "text":
            # A damaged spreadsheet and a text file with a wrong name look alike; the sentence fits both.
            raise ListRefused("wrong_extension", ending=ending, content=_CONTENT_WORDS["text"])
        probe = texts.Probe()
        probe.feed(head)
        while piece := stream.read(1 << 20):
            probe.feed(piece)
            if probe.size > LARGEST_TEXT:
                raise ListRefused("too_large", limit="2 GB")
    encoding = probe.encoding()
    if not texts.looks_like_text(head, encoding):
        raise ListRefused("not_a_list", content="?")
    delimiter = texts.guess_delimiter(texts.first_lines(opener, encoding, 80))
    preview: list[RawRow] = []
    for row in texts.rows_of_text(opener, encoding, delimiter):
        preview.append(row)
        if len(preview) >= PREVIEW:
            break
    filled = [row for row in preview if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise ListRefused("no_rows")
    if sum(len(row.cells) > MOST_COLUMNS for row in filled) * 2 > len(filled):
        raise ListRefused("too_many_columns", limit=MOST_COLUMNS)
    return OpenList("csv", [Sheet("", preview)], encoding=encoding, delimiter=delimiter, opener=opener)


def _open_workbook(form: str, content: bytes) -> OpenList:
    book = workbooks.open_workbook(content)
    sheets = [
        Sheet(look.name, look.rows, look.height, look.hidden)
        for look in book.sheets
        if any(cell.strip() for row in look.rows for cell in row.cells)
    ]
    if not sheets:
        raise ListRefused("no_rows")
    return OpenList(form, sheets, book=book)
