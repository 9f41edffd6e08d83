"""Lists of people as they come: CSV, Parquet and XLSX, in any of several languages.

A list is read as text only (a unit "01234" keeps its nought, a birth year stays "1985"), in blocks of rows, so
a list larger than memory can be read. The columns are guessed from their headings in Ukrainian, Russian,
English, French, Polish and German, and whoever knows better says so (`--map born=COLUMN`).
"""

from __future__ import annotations

import codecs
import datetime
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from namesake.person import Person

NAME_FIELDS = ("surname", "given", "patronymic", "full")
FIELDS = (*NAME_FIELDS, "born", "birthplace", "unit", "service_number", "father", "mother_maiden", "aliases")
"""The fields of a `Person`, each of which a column may fill."""

LABELS = ("id", "true_id", "mode", "noise")
"""Columns that are not part of a person: the identifier, and what `evaluate` needs to judge and to slice."""

ROWS_PER_SHEET = 1_048_575  # what a sheet of XLSX holds below its heading

# Headings as people write them; compared without case, accents, spaces and punctuation.
_HEADINGS: dict[str, str] = {
    "id": """
        id; key; number; no; nr; ref; reference; person id; enquiry id; entry id; record id; qid;
        case; case number; №; № п/п; п/п; номер; ид; код; идентификатор; ідентифікатор; номер
        записи; номер запису; номер заявки; identifiant; numéro; numéro de dossier; identyfikator;
        numer; lp; kennung; nummer; aktenzeichen""",
    "true_id": "true id; true; truth; right id; верный ид; правильний ід",
    "mode": "mode",
    "noise": "noise",
    "surname": """
        surname; last name; family name; surname latin; фамилия; прізвище; призвище; nom de famille;
        nom patronymique; nazwisko; nachname; familienname; прозвішча""",
    "given": """
        given; given name; given names; first name; forename; forenames; имя собственное; власне
        ім'я; имя; ім'я; імя; імʼя; prénom; prénoms; imię; imiona; vorname; vornamen; імя ўласнае""",
    "patronymic": """
        patronymic; middle name; second name; отчество; по батькові; побатькові; імя па бацьку;
        patronymique; otczestwo; patronimik; vatersname; mittelname""",
    "full": """
        full; full name; complete name; name; names; person; person name; фио; ф.и.о.; фио
        полностью; фамилия имя отчество; фамилия и имя; имя и фамилия; фамилия, и.о.; піб; п.і.б.;
        прізвище ім'я по батькові; прізвище та ім'я; прізвище, ім'я; ім'я та прізвище; nom complet;
        nom et prénom; nom et prénoms; nom prénom; nom; noms; imię i nazwisko; nazwisko i imię;
        vollständiger name; vor und nachname; name und vorname""",
    "born": """
        born; dob; birth; birth date; birthdate; birthday; date of birth; year of birth; birth year;
        дата рождения; год рождения; д.р.; г.р.; дата рожд; рожд; родился; рождение; дата
        народження; рік народження; народився; народження; р.н.; д.н.; дата нар; date de naissance;
        année de naissance; né le; naissance; data urodzenia; rok urodzenia; urodzony; geburtsdatum;
        geburtstag; geburtsjahr; geboren; geboren am; дата нараджэння""",
    "birthplace": """
        birthplace; place of birth; birth place; born in; born at; town of birth; место рождения;
        место рожд; родом из; откуда родом; місце народження; звідки родом; родом з; lieu de
        naissance; né à; lieu; miejsce urodzenia; geburtsort; ort der geburt; месца нараджэння""",
    "unit": """
        unit; military unit; regiment; unit number; часть; номер части; военная часть; войсковая
        часть; в/ч; вч; подразделение; частина; номер частини; військова частина; підрозділ; unité;
        unité militaire; régiment; jednostka; jednostka wojskowa; einheit; truppenteil;
        militäreinheit""",
    "service_number": """
        service number; service no; military id; military number; dog tag; tag; tag number; личный
        номер; жетон; номер жетона; военный билет; особистий номер; жетон номер; військовий квиток;
        matricule; numéro matricule; plaque; numer służbowy; nieśmiertelnik; dienstnummer;
        erkennungsmarke; personenkennziffer""",
    "father": """
        father; fathers name; name of father; father name; отец; имя отца; фио отца; батько; ім'я
        батька; піб батька; père; nom du père; prénom du père; ojciec; imię ojca; vater; name des
        vaters; vorname des vaters""",
    "mother_maiden": """
        mother maiden; mothers maiden name; mother maiden name; maiden name of mother; maiden name
        of the mother; девичья фамилия матери; дівоче прізвище матері; nom de jeune fille de la
        mère; nazwisko panieńskie matki; mädchenname der mutter; geburtsname der mutter""",
    "aliases": """
        aliases; alias; aka; also known as; other names; nickname; call sign; callsign; позывной;
        кличка; прозвище; псевдоним; другие имена; позивний; псевдонім; прізвисько; інші імена;
        surnom; alias connus; pseudonyme; autres noms; nom de guerre; pseudonim; inne nazwiska;
        spitzname; rufname; weitere namen""",
}
_EITHER_WAY = {"name", "names", "nom", "noms", "имя", "імя"}
"""Headings that mean the whole name when they stand alone, and one part of it beside the other part."""


class TableFault(ValueError):
    """A list cannot be read; the sentence says why and names no person."""


def fold_heading(heading: str) -> str:
    """A heading without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", heading.casefold()).replace("№", "no")
    return "".join(c for c in plain if c.isalnum() and c != "\u02bc")


def _known_headings() -> dict[str, str]:
    known: dict[str, str] = {}
    for name, headings in _HEADINGS.items():
        for heading in headings.split(";"):
            known.setdefault(fold_heading(heading), name)
    return known


_KNOWN = _known_headings()


def guess_columns(headings: Sequence[str]) -> dict[str, str]:
    """Which column fills which field: field -> heading. Headings that say nothing are left out.

    A whole name beside its own parts (surname and given name) is left out: the parts say the same and more.
    """
    folded = [fold_heading(heading) for heading in headings]
    parts = {_KNOWN.get(name) for name in folded if name not in _EITHER_WAY}
    found: dict[str, str] = {}
    for heading, name in zip(headings, folded, strict=True):
        what = _KNOWN.get(name)
        if name in _EITHER_WAY:
            # "Nom, Prénom" and "Фамилия, Имя": beside one part of a name, such a word means the other part.
            beside = parts & {"surname", "given"}
            what = "surname" if beside == {"given"} else "given" if beside == {"surname"} else "full"
        if what is not None and what not in found:
            found[what] = heading
    if "surname" in found and "given" in found:
        found.pop("full", None)
    return found


def settle_columns(headings: Sequence[str], said: Mapping[str, str] | None = None) -> dict[str, str]:
    """The guess, corrected by what was said. A field said to be "" is not read at all."""
    columns = guess_columns(headings)
    for name, heading in (said or {}).items():
        if name not in FIELDS and name not in LABELS:
            raise TableFault(f"There is no field {name!r}. The fields are: {', '.join((*LABELS[:2], *FIELDS))}.")
        # One column fills one field: saying "born=Date" takes Date away from whatever was guessed.
        columns = {f: h for f, h in columns.items() if f != name and h != heading}
        if not heading:
            continue
        if heading not in headings:
            raise TableFault(f"There is no column {heading!r}. The columns are: {', '.join(headings)}.")
        columns[name] = heading
    return columns


@dataclass(frozen=True)
class Table:
    """A list in a file: its headings, which fields they fill, and its rows in blocks of text."""

    path: Path
    headings: tuple[str, ...]
    columns: Mapping[str, str]
    encoding: str = "utf-8"
    delimiter: str = ","
    _count: list[int] = field(default_factory=list, compare=False, repr=False)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a person that some column fills."""
        return tuple(name for name in FIELDS if name in self.columns)

    def count(self) -> int:
        """How many rows the list has (a CSV or XLSX is read once to know)."""
        if not self._count:
            if _kind(self.path) == "parquet":
                self._count.append(int(pa.parquet.ParquetFile(self.path).metadata.num_rows))
            else:
                self._count.append(sum(batch.num_rows for batch in self._raw([self.headings[0]])))
        return self._count[0]

    def blocks(self, rows: int) -> Iterator[pa.RecordBatch]:
        """Every row in file order, `rows` at a time; columns named by field, all text, nothing null.

        Where no column holds the identifier, it is the number of the row, counted from 1.
        """
        wanted = {name: self.columns[name] for name in (*LABELS, *FIELDS) if name in self.columns}
        start = 0
        for batch in _in_blocks(self._raw(list(wanted.values())), rows):
            arrays = {name: _as_text(batch.column(heading)) for name, heading in wanted.items()}
            if "id" not in arrays:
                numbers = pa.array(range(start + 1, start + batch.num_rows + 1), pa.int64())
                arrays = {"id": pc.cast(numbers, pa.string()), **arrays}
            start += batch.num_rows
            yield pa.RecordBatch.from_pydict(arrays)

    def rows(self, headings: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
        """Columns by their own headings, all text, `rows` rows at a time."""
        for batch in _in_blocks(self._raw(list(headings)), rows):
            yield pa.RecordBatch.from_pydict({heading: _as_text(batch.column(heading)) for heading in headings})

    def _raw(self, headings: Sequence[str]) -> Iterator[pa.RecordBatch]:
        kind = _kind(self.path)
        if kind == "parquet":
            yield from pa.parquet.ParquetFile(self.path).iter_batches(columns=list(headings))
        elif kind == "xlsx":
            yield from _xlsx_batches(self.path, headings)
        else:
            yield from _csv_batches(self.path, headings, self.encoding, self.delimiter)


def open_table(path: str | Path, said: Mapping[str, str] | None = None, encoding: str = "") -> Table:
    """The list in a file, its headings read and its columns settled; `encoding` overrules what is guessed of a CSV."""
    path = Path(path)
    if not path.is_file():
        raise TableFault(f"There is no file {path}.")
    kind = _kind(path)
    delimiter = ","
    if kind == "parquet":
        headings = tuple(pa.parquet.ParquetFile(path).schema_arrow.names)
    elif kind == "xlsx":
        headings = _xlsx_headings(path)
    else:
        encoding = encoding or _guess_encoding(path)
        delimiter, headings = _csv_headings(path, encoding)
    return Table(path, headings, settle_columns(headings, said), encoding or "utf-8", delimiter)


def require(table: Table, *names: str) -> None:
    """Refuse a list that lacks a field we cannot do without, or has no name at all."""
    for name in names:
        if name not in table.columns:
            raise TableFault(
                f"{table.path}: no column looks like {name!r}. Its columns are: {', '.join(table.headings)}. "
                f"Say which it is with --map {name}=COLUMN."
            )
    if not any(name in table.columns for name in NAME_FIELDS):
        raise TableFault(
            f"{table.path}: no column looks like a name. Its columns are: {', '.join(table.headings)}. "
            "Say which it is with --map full=COLUMN (or surname=COLUMN and given=COLUMN)."
        )


def people(block: pa.RecordBatch) -> list[Person]:
    """A block of rows as persons; aliases are separated by semicolons."""
    columns = {name: block.column(name).to_pylist() for name in block.schema.names if name in FIELDS}
    aliases = columns.pop("aliases", None)
    names = list(columns)
    built = [Person(**dict(zip(names, row, strict=True))) for row in zip(*columns.values(), strict=True)]
    if aliases is None:
        return built
    return [
        Person(
            **dict(zip(names, row, strict=True)),
            aliases=tuple(part.strip() for part in alias.split(";") if part.strip()),
        )
        for row, alias in zip(zip(*columns.values(), strict=True), aliases, strict=True)
    ]


# Reading


def _kind(path: Path) -> str:
    name = path.name.lower()
    if name.endswith((".parquet", ".pq")):
        return "parquet"
    if name.endswith((".xlsx", ".xlsm")):
        return "xlsx"
    if name.endswith((".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".csv.zst")):
        return "csv"
    raise TableFault(f"{path.name}: lists are read from .csv, .tsv, .csv.gz, .parquet and .xlsx files.")


def _in_blocks(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        while batch.num_rows:
            piece = batch.slice(0, rows - count)
            batch = batch.slice(piece.num_rows)
            waiting.append(piece)
            count += piece.num_rows
            if count == rows:
                yield pa.concat_batches(waiting)
                waiting, count = [], 0
    if count:
        yield pa.concat_batches(waiting)


def _as_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_floating(kind):
        # A column of years with gaps comes as 1985.0: the list meant 1985.
        text = [
            "" if value is None or value != value else str(int(value)) if value == int(value) else str(value)
            for value in column.to_pylist()
        ]
        return pa.array(text, pa.string())
    if pa.types.is_timestamp(kind):
        column = pc.cast(column, pa.date32(), safe=False)
    elif pa.types.is_nested(kind):
        text = ["; ".join(str(part) for part in value) if value else "" for value in column.to_pylist()]
        return pa.array(text, pa.string())
    return pc.utf8_trim_whitespace(pc.fill_null(pc.cast(column, pa.string()), ""))


def _guess_encoding(path: Path) -> str:
    with pa.input_stream(str(path), compression="detect") as stream:
        first = stream.read(1 << 20)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            decoder.decode(first)
            while block := stream.read(1 << 22):
                decoder.decode(block)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            # Excel in the region saves text in Windows' Cyrillic code page unless told otherwise.
            return "cp1251"
    return "utf-8"


def _csv_headings(path: Path, encoding: str) -> tuple[str, tuple[str, ...]]:
    with pa.input_stream(str(path), compression="detect") as stream:
        decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)(errors="replace")
        text = ""
        while "\n" not in text and (block := stream.read(1 << 16)):
            text += decoder.decode(block)
    line = text.splitlines()[0] if text.strip() else ""
    if not line.strip():
        raise TableFault(f"{path}: the first line should hold the headings of the columns, and is empty.")
    bare = re.sub(r'"[^"]*"', "", line)
    delimiter = max((",", ";", "\t", "|"), key=bare.count)
    if not bare.count(delimiter):
        delimiter = ","
    options = pa.csv.ParseOptions(delimiter=delimiter)
    header = pa.csv.read_csv(pa.py_buffer((line + "\n").encode()), parse_options=options)
    headings = tuple(header.schema.names)
    if len(set(headings)) != len(headings):
        raise TableFault(f"{path}: two columns have the same heading. The columns are: {', '.join(headings)}.")
    return delimiter, headings


def _csv_batches(path: Path, headings: Sequence[str], encoding: str, delimiter: str) -> Iterator[pa.RecordBatch]:
    uneven: list[int] = []

    def refuse(row: Any) -> str:
        uneven.append(int(row.number or 0))
        return "skip"

    wanted = list(dict.fromkeys(headings))
    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            reader = pa.csv.open_csv(
                stream,
                # One thread: then a fault can name the line it is on.
                read_options=pa.csv.ReadOptions(encoding=encoding, use_threads=False, block_size=1 << 22),
                parse_options=pa.csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse
                ),
                convert_options=pa.csv.ConvertOptions(
                    column_types={heading: pa.string() for heading in wanted},
                    include_columns=wanted,
                    strings_can_be_null=False,
                ),
            )
            for batch in reader:
                if uneven:
                    break
                yield batch
    except pa.ArrowInvalid as fault:
        # The fault's own words may quote the row, and with it a name.
        if "Empty CSV file" in str(fault):
            raise TableFault(f"{path}: the list is empty.") from None
        raise TableFault(f"{path}: this is not a table with delimiter {delimiter!r} in {encoding}.") from None
    if uneven:
        lines = ", ".join(str(number) for number in uneven[:5])
        raise TableFault(f"{path}: line {lines} has more or fewer columns than the first line.")


def _xlsx_headings(path: Path) -> tuple[str, ...]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            cells = ["" if cell is None else str(cell).strip() for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                return tuple(cell or f"column {number}" for number, cell in enumerate(cells, 1))
    finally:
        book.close()
    raise TableFault(f"{path}: the first sheet is empty.")


def _xlsx_batches(path: Path, headings: Sequence[str], rows: int = 10_000) -> Iterator[pa.RecordBatch]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    all_headings = _xlsx_headings(path)
    places = [all_headings.index(heading) for heading in headings]
    schema = pa.schema([(heading, pa.string()) for heading in headings])
    try:
        for sheet in book.worksheets:
            started = False
            waiting: list[list[str]] = []
            for row in sheet.iter_rows(values_only=True):
                if all(cell is None or cell == "" for cell in row):
                    continue
                if not started:
                    started = True
                    cells = ["" if cell is None else str(cell).strip() for cell in row]
                    # A second sheet continues the list only if it has the same headings (a long list is cut so).
                    if [cell for cell in cells if cell] != [h for h in all_headings if not re.match(r"column \d+$", h)]:
                        break
                    continue
                waiting.append([_cell_text(row[place]) if place < len(row) else "" for place in places])
                if len(waiting) == rows:
                    yield pa.RecordBatch.from_arrays([pa.array(c, pa.string()) for c in zip(*waiting)], schema=schema)
                    waiting = []
            if waiting:
                yield pa.RecordBatch.from_arrays([pa.array(c, pa.string()) for c in zip(*waiting)], schema=schema)
    finally:
        book.close()


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip()


# Writing: the same rows always give the same bytes (an interrupted run, continued, must end like an unbroken one).


class TableWriter:
    """Writes blocks of rows to a CSV, Parquet or XLSX file by the extension of its name."""

    def __init__(self, path: str | Path, schema: pa.Schema) -> None:
        self.path = Path(path)
        self.schema = schema
        kind = writable_kind(self.path)
        self._parquet: pa.parquet.ParquetWriter | None = None
        self._csv: Any = None
        self._xlsx: _XlsxWriter | None = None
        if kind == "parquet":
            self._parquet = pa.parquet.ParquetWriter(self.path, schema, compression="zstd")
        elif kind == "xlsx":
            self._xlsx = _XlsxWriter(self.path, schema.names)
        else:
            self._csv = self.path.open("wb")
            self._csv.write((",".join(schema.names) + "\n").encode())

    def write(self, block: pa.RecordBatch) -> None:
        """Append rows."""
        if self._parquet is not None:
            self._parquet.write_batch(block)
        elif self._xlsx is not None:
            self._xlsx.write(block)
        else:
            self._csv.write(csv_bytes(block))

    def write_lines(self, path: Path) -> None:
        """Append rows that lie in a file as the lines of a CSV."""
        with path.open("rb") as lines:
            shutil.copyfileobj(lines, self._csv, 1 << 20)

    def close(self) -> None:
        """Finish the file."""
        for writer in (self._parquet, self._xlsx, self._csv):
            if writer is not None:
                writer.close()

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def writable_kind(path: Path) -> str:
    """csv, parquet or xlsx; refused for any other extension."""
    name = path.name.lower()
    for kind, endings in {"parquet": (".parquet", ".pq"), "xlsx": (".xlsx",), "csv": (".csv",)}.items():
        if name.endswith(endings):
            return kind
    raise TableFault(f"{path.name}: results are written to .csv, .parquet or .xlsx files.")


def csv_bytes(block: pa.RecordBatch) -> bytes:
    """Rows as CSV without the headings."""
    sink = pa.BufferOutputStream()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
    pa.csv.write_csv(block, sink, write_options=options)
    return bytes(sink.getvalue())


class _XlsxWriter:
    """A plain XLSX file written as a stream; without the clock, so the same rows give the same bytes."""

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._headings = list(headings)
        self._sheet: Any = None
        self._sheets = 0
        self._rows = 0
        self._next_sheet()

    def _open(self, name: str) -> Any:
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        return self._zip.open(entry, "w", force_zip64=True)

    def _next_sheet(self) -> None:
        self._finish_sheet()
        self._sheets += 1
        self._rows = 0
        self._sheet = self._open(f"xl/worksheets/sheet{self._sheets}.xml")
        self._sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        self._sheet.write(_xlsx_row(self._headings))

    def _finish_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.write(b"</sheetData></worksheet>")
            self._sheet.close()

    def write(self, block: pa.RecordBatch) -> None:
        for row in zip(*(column.to_pylist() for column in block.columns), strict=True):
            if self._rows == ROWS_PER_SHEET:
                self._next_sheet()
            self._sheet.write(_xlsx_row(row))
            self._rows += 1

    def close(self) -> None:
        self._finish_sheet()
        numbers = range(1, self._sheets + 1)
        sheets = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SML}.worksheet+xml"/>' for n in numbers
        )
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_REL}">{links}</Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_REL}"><Relationship Id="rId1" Type="{_DOC}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{_SML}.sheet.main+xml"/>{types}</Types>',
        }
        for name, text in parts.items():
            with self._open(name) as part:
                part.write((_XML + text).encode())
        self._zip.close()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FORBIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _xlsx_row(cells: Iterable[object]) -> bytes:
    row = []
    for cell in cells:
        if cell is None:
            row.append("<c/>")
        elif isinstance(cell, int | float):
            row.append(f"<c><v>{cell!r}</v></c>")
        else:
            text = escape(_FORBIDDEN_IN_XML.sub("\ufffd", str(cell)))
            row.append(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
    return f"<row>{''.join(row)}</row>".encode()
