"""Writes tables as the spreadsheets that offices send: same rows, same bytes, whenever it runs."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | datetime.date | None
Table = Sequence[Sequence[Cell]]

_SOME_DAY = (2026, 1, 1, 0, 0, 0)


def write_csv(path: Path, table: Table, *, encoding: str, delimiter: str) -> None:
    """Rows as text; a date is written with dots, as offices do."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for row in table:
        writer.writerow([f"{c:%d.%m.%Y}" if isinstance(c, datetime.date) else "" if c is None else c for c in row])
    path.write_bytes(text.getvalue().encode(encoding))


def write_xlsx(path: Path, table: Table, *, sheet: str, title_rows: int) -> None:
    """An XLSX with its title cells merged, and true dates where the table has them."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in table:
        page.append(list(row))
    width = max(len(row) for row in table)
    for number in range(1, title_rows + 1):
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
        page.cell(number, 1).font = Font(bold=True, size=14)
    for row_cells in page.iter_rows(min_row=title_rows + 1):
        for cell in row_cells:
            if isinstance(cell.value, datetime.date):
                cell.number_format = "DD.MM.YYYY"
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    # The library writes the present moment into the properties; a fixed day keeps the file the same.
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-01-01T00:00:00Z", core).encode()
    _write_zip(path, parts)


def write_xls(path: Path, table: Table, *, sheet: str) -> None:
    """A legacy XLS, as old office programs still save it."""
    import xlwt  # type: ignore[import-untyped]

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    as_date = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for number, row in enumerate(table):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime.date):
                page.write(number, column, cell, as_date)
            elif cell is not None and cell != "":
                page.write(number, column, cell)
    book.save(str(path))


def write_ods(path: Path, table: Table, *, sheet: str) -> None:
    """An OpenDocument spreadsheet."""
    rows = "".join(f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in table)
    namespaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{escape(sheet)}">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    _write_zip(
        path,
        {
            "mimetype": kind.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        },
    )


def _ods_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, datetime.date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell:%Y-%m-%d}">'
            f"<text:p>{cell:%d.%m.%Y}</text:p></table:table-cell>"
        )
    if isinstance(cell, int):
        shown = f"<text:p>{cell}</text:p>"
        return f'<table:table-cell office:value-type="float" office:value="{cell}">{shown}</table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def _write_zip(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in parts.items():
            entry = zipfile.ZipInfo(name, _SOME_DAY)
            # OpenDocument wants its type first and readable without unpacking.
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, body)
