"""Spreadsheets (XLSX, ODS, XLS): looked over for bombs, macros and formulas, then opened in a child process."""

from __future__ import annotations

import contextlib
import json
import re
import struct
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from homeward.intake.refusals import ListRefused
from homeward.intake.texts import MOST_COLUMNS, RawRow, problem_of

LARGEST_WORKBOOK = 64 * 1024 * 1024
MOST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 2_000
# Honest sheets shrink 10 to 30 times; a bomb a thousand. Small parts may shrink as they like.
HIGHEST_RATIO = 80
RATIO_COUNTS_FROM = 2 * 1024 * 1024
LARGEST_AREA = 10_000_000
LONGEST_WAIT = 120

_CHILD = Path(__file__).with_name("workbook_child.py")


@dataclass
class SheetLook:
    """A sheet as the registrar first sees it."""

    index: int
    name: str
    height: int
    width: int
    hidden: bool
    rows: list[RawRow]


@dataclass
class Workbook:
    """A spreadsheet that was found harmless; `formulas` names a cell with a formula for each sheet that has one."""

    content: bytes
    sheets: list[SheetLook] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)


# --- what the file is -------------------------------------------------------------------------------------------------


def kind_of(head: bytes) -> str:
    """What the first bytes say: "zip", "ole", or the name of something that is no list, or "" for text."""
    for start, kind in (
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"%PDF", "PDF"),
        (b"{\\rtf", "RTF"),
        (b"\x1f\x8b", "GZIP"),
        (b"7z\xbc\xaf", "7z"),
        (b"Rar!", "RAR"),
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF8", "GIF"),
        (b"SQLite format 3", "SQLite"),
        (b"\x7fELF", "ELF"),
        (b"MZ\x90", "EXE"),
    ):
        if head.startswith(start):
            return kind
    plain = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith((b"<!doctype html", b"<html", b"<table")):
        return "HTML"
    if plain.startswith(b"<?xml"):
        return "XML"
    return ""


# --- zip archives: XLSX and ODS ---------------------------------------------------------------------------------------


def _archive(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        parts = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        OverflowError,
        struct.error,
        NotImplementedError,
        OSError,
        EOFError,
    ) as error:
        raise ListRefused("damaged") from error
    if len(parts) > MOST_PARTS:
        raise ListRefused("bomb")
    total = 0
    names = set()
    for part in parts:
        name = part.filename
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/") or name in names:
            raise ListRefused("unsafe_archive")
        names.add(name)
        if part.flag_bits & 0x1:
            raise ListRefused("password")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ListRefused("unsafe_archive")
        total += part.file_size
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > HIGHEST_RATIO * max(1, part.compress_size):
            raise ListRefused("bomb")
    if total > MOST_UNPACKED:
        raise ListRefused("bomb")
    return archive


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part unpacked piece by piece; one that unpacks to more than it declares is a bomb."""
    try:
        part = archive.getinfo(name)
        taken = 0
        with archive.open(part) as stream:
            while piece := stream.read(1 << 18):
                taken += len(piece)
                if taken > part.file_size or taken > MOST_UNPACKED:
                    raise ListRefused("bomb")
                yield piece
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise ListRefused("damaged") from error


def _small_part(archive: zipfile.ZipFile, name: str) -> bytes:
    found = b""
    for piece in _pieces(archive, name):
        found += piece
        if len(found) > 4 * 1024 * 1024:
            raise ListRefused("bomb")
    if b"<!DOCTYPE" in found or b"<!ENTITY" in found:
        raise ListRefused("unsafe_archive")
    return found


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        # Small, and without declarations of entities: _small_part has refused those.
        return ElementTree.fromstring(_small_part(archive, name))  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ListRefused("damaged") from error


_XLSX_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,7})(\d{1,9})"')
_XLSX_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _look_over_xml(piece: bytes, first: bool) -> None:
    # A part in UTF-16 would slip past the patterns; no program writes one.
    if first and (piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in piece[:8]):
        raise ListRefused("unsafe_archive")
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise ListRefused("unsafe_archive")


def _xlsx_formula(archive: zipfile.ZipFile, name: str) -> str:
    """The first cell of the sheet that holds a formula, or ""; refuses a sheet that covers too large an area."""
    before = b""
    left, right, top, bottom = 1 << 30, 0, 1 << 30, 0
    formula = ""
    last_cell = ""
    for piece in _pieces(archive, name):
        _look_over_xml(before + piece, not before)
        whole = before + piece
        # Overlap far enough that a tag cut in two is seen whole once.
        cut = max(0, whole.rfind(b"<", max(0, len(whole) - 4_096)))
        ready, before = whole[:cut], whole[cut:]
        if len(before) > 1 << 20:
            raise ListRefused("damaged")
        found = None if formula else _XLSX_FORMULA.search(ready)
        for cell in _XLSX_CELL.finditer(ready):
            column, row = _column_number(cell[1]), int(cell[2])
            left, right = min(left, column), max(right, column)
            top, bottom = min(top, row), max(bottom, row)
            if not found or cell.start() < found.start():
                last_cell = (cell[1] + cell[2]).decode()
        if found and not formula:
            formula = last_cell or "?"
    if _XLSX_FORMULA.search(before) and not formula:
        formula = last_cell or "?"
    if right and (right - left + 1) * (bottom - top + 1) > LARGEST_AREA:
        raise ListRefused("too_wide")
    return formula


def _look_over_xlsx(archive: zipfile.ZipFile) -> dict[str, str]:
    names = set(archive.namelist())
    if any("vbaProject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise ListRefused("macros")
    if "[Content_Types].xml" in names and b"macroEnabled" in _small_part(archive, "[Content_Types].xml"):
        raise ListRefused("macros")
    links: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for link in _tree(archive, "xl/_rels/workbook.xml.rels"):
            target = link.get("Target", "").lstrip("/")
            links[link.get("Id", "")] = target if target.startswith("xl/") else "xl/" + target
    formulas: dict[str, str] = {}
    listed: dict[str, str] = {}
    for element in _tree(archive, "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet") or element.tag == "sheet":
            link_id = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            listed[links.get(link_id, "")] = element.get("name", "")
    for name in sorted(names):
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            formula = _xlsx_formula(archive, name)
            if formula:
                formulas[listed.get(name, name)] = formula
        elif name == "xl/sharedStrings.xml":
            first = True
            for piece in _pieces(archive, name):
                _look_over_xml(piece, first)
                first = False
    return formulas


_ODS_TABLE = re.compile(rb'<table:table\s[^>]*?table:name="([^"]*)"')
_ODS_FORMULA = re.compile(rb"\btable:formula=")
_ODS_FILLED_REPEAT = re.compile(
    rb'<table:table-cell\b(?=[^>]*office:value-type)[^>]*?table:number-columns-repeated="(\d+)"'
)


def _look_over_ods(archive: zipfile.ZipFile) -> dict[str, str]:
    names = set(archive.namelist())
    if "META-INF/manifest.xml" in names and b"encryption-data" in _small_part(archive, "META-INF/manifest.xml"):
        raise ListRefused("password")
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise ListRefused("macros")
    formulas: dict[str, str] = {}
    table = "?"
    before = b""
    for piece in _pieces(archive, "content.xml"):
        _look_over_xml(before + piece, not before)
        whole = before + piece
        cut = max(0, whole.rfind(b"<", max(0, len(whole) - 8_192)))
        ready, before = whole[:cut], whole[cut:]
        if len(before) > 1 << 20:
            raise ListRefused("damaged")
        position = 0
        for found in [*_ODS_TABLE.finditer(ready), None]:
            end = found.start() if found else len(ready)
            if table not in formulas and _ODS_FORMULA.search(ready, position, end):
                formulas[table] = "?"
            if found:
                table = _unescaped(found[1])
                position = end
        for repeat in _ODS_FILLED_REPEAT.finditer(ready):
            if int(repeat[1][:9]) > MOST_COLUMNS:
                raise ListRefused("too_many_columns", limit=MOST_COLUMNS)
    return formulas


def _unescaped(name: bytes) -> str:
    text = name.decode("utf-8", errors="replace")
    for escape, sign in (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escape, sign)
    return text


# --- compound files: XLS ----------------------------------------------------------------------------------------------


def _compound_stream(content: bytes) -> bytes:
    """The workbook stream of a compound file (the container of XLS)."""
    try:
        sector = 1 << struct.unpack_from("<H", content, 30)[0]
        if sector not in (512, 4096):
            raise ListRefused("damaged")
        fat_count, first_directory = struct.unpack_from("<I", content, 44)[0], struct.unpack_from("<I", content, 48)[0]
        small_cutoff, first_small_fat = struct.unpack_from("<II", content, 56)
        first_more, more_count = struct.unpack_from("<II", content, 68)
        per_sector = sector // 4
        fat_sectors = list(struct.unpack_from("<109I", content, 76))
        following, seen = first_more, 0
        while following < 0xFFFFFFFA and seen <= more_count and seen < 4_096:
            block = struct.unpack_from(f"<{per_sector}I", content, (following + 1) * sector)
            fat_sectors.extend(block[:-1])
            following, seen = block[-1], seen + 1
        fat: list[int] = []
        for number in fat_sectors[: min(fat_count, len(content) // sector + 1)]:
            if number < 0xFFFFFFFA:
                fat.extend(struct.unpack_from(f"<{per_sector}I", content, (number + 1) * sector))

        def chain(start: int, links: list[int]) -> list[int]:
            found: list[int] = []
            while start < 0xFFFFFFFA:
                found.append(start)
                if len(found) > len(links):
                    raise ListRefused("damaged")
                start = links[start]
            return found

        def read(start: int) -> bytes:
            return b"".join(content[(n + 1) * sector : (n + 2) * sector] for n in chain(start, fat))

        directory = read(first_directory)
        root_start, stream = 0, None
        for offset in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, offset + 64)[0]
            name = directory[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
            start, size = struct.unpack_from("<II", directory, offset + 116)
            if directory[offset + 66] == 5:
                root_start = start
            elif name in ("Workbook", "Book"):
                stream = (start, size)
        if stream is None:
            raise ListRefused("not_a_list", content="OLE")
        start, size = stream
        if size >= small_cutoff:
            return read(start)[:size]
        small = read(root_start)
        small_fat = list(struct.unpack(f"<{len(b := read(first_small_fat)) // 4}I", b))
        return b"".join(small[n * 64 : n * 64 + 64] for n in chain(start, small_fat))[:size]
    except (struct.error, IndexError, OverflowError, MemoryError) as error:
        raise ListRefused("damaged") from error


def _look_over_xls(content: bytes) -> dict[str, str]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ListRefused("password")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise ListRefused("macros")
    stream = _compound_stream(content)
    names: dict[int, str] = {}
    formulas: dict[str, str] = {}
    sheet = "?"
    position = 0
    left, right, top, bottom = 1 << 30, -1, 1 << 30, -1
    while position + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, position)
        body = stream[position + 4 : position + 4 + length]
        if record == 0x2F:
            raise ListRefused("password")
        if record == 0x85 and len(body) > 8:  # BOUNDSHEET: where a sheet begins and its name
            wide = body[7] & 1
            raw = body[8 : 8 + body[6] * (2 if wide else 1)]
            names[struct.unpack_from("<I", body)[0]] = raw.decode("utf-16-le" if wide else "latin-1", errors="replace")
            if body[5] in (1, 6):
                raise ListRefused("macros")
        elif record in (0x809, 0x409, 0x209, 0x9):
            sheet = names.get(position, sheet)
            left, right, top, bottom = 1 << 30, -1, 1 << 30, -1
        elif record in (0x06, 0x206, 0x406) and len(body) >= 4 and sheet not in formulas:
            row, column = struct.unpack_from("<HH", body)
            letters = (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)
            formulas[sheet] = f"{letters}{row + 1}"
        if record in (0x203, 0xFD, 0x204, 0x27E, 0x205, 0xBD, 0xD6) and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            left, right, top, bottom = min(left, column), max(right, column), min(top, row), max(bottom, row)
            if (right - left + 1) * (bottom - top + 1) > LARGEST_AREA:
                raise ListRefused("too_wide")
        position += 4 + length
    return formulas


# --- opening ----------------------------------------------------------------------------------------------------------


def format_of(content: bytes) -> str:
    """ "xlsx", "ods" or "xls"; other things in the same containers are refused by name."""
    if kind_of(content[:512]) == "ole":
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise ListRefused("password")
        if "WordDocument".encode("utf-16-le") in content:
            raise ListRefused("not_a_list", content="DOC")
        return "xls"
    archive = _archive(content)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise ListRefused("not_a_list", content="XLSB")
    if "mimetype" in names and b"opendocument.spreadsheet" in _small_part(archive, "mimetype"):
        return "ods"
    if "word/document.xml" in names:
        raise ListRefused("not_a_list", content="DOCX")
    raise ListRefused("not_a_list", content="ZIP")


def open_workbook(content: bytes) -> Workbook:
    """A spreadsheet with a look at each of its sheets; ListRefused if it is not one or is not safe."""
    form = format_of(content)
    if form == "xls":
        formulas = _look_over_xls(content)
    elif form == "xlsx":
        formulas = _look_over_xlsx(_archive(content))
    else:
        formulas = _look_over_ods(_archive(content))
    book = Workbook(content, formulas=formulas)
    for described in _from_child(content, "look", 0):
        rows = [RawRow(number, cells, problem_of(cells)) for number, cells in described["rows"]]
        book.sheets.append(
            SheetLook(
                described["index"],
                described["name"],
                described["height"],
                described["width"],
                described["hidden"],
                rows,
            )
        )
    return book


def rows_of_sheet(book: Workbook, sheet: SheetLook) -> Iterator[RawRow]:
    """Every row of the sheet in order; refused whole if it holds a formula, for its result is nobody's word."""
    formula = book.formulas.get(sheet.name) or book.formulas.get("?")
    if formula:
        raise ListRefused("formula", cell=f"{sheet.name}!{formula}" if formula != "?" else sheet.name)
    if sheet.width > MOST_COLUMNS:
        raise ListRefused("too_many_columns", limit=MOST_COLUMNS)
    for number, cells in _from_child(book.content, "rows", sheet.index):
        yield RawRow(number, cells, problem_of(cells))


def _feed(pipe: IO[bytes], content: bytes) -> None:
    try:
        pipe.write(content)
        pipe.close()
    except OSError:
        pass  # The child has ended already; its exit code says why.


def _from_child(content: bytes, mode: str, index: int) -> Iterator[Any]:
    """The child's lines; an end without its last word means that the file could not be read to the end."""
    child = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), mode, str(index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    feeder = threading.Thread(target=_feed, args=(child.stdin, content), daemon=True)
    feeder.start()
    clock = threading.Timer(LONGEST_WAIT, child.kill)
    clock.daemon = True
    # Rows are asked for as the import goes on, which may take long; only the opening is timed by the wall clock,
    # the reading itself by the child's own limit of processor time.
    clock.start()
    ended = False
    try:
        for line in child.stdout:
            clock.cancel()
            described = json.loads(line)
            if described == "end":
                ended = True
                break
            yield described
        if not ended:
            code = child.wait()
            if code == 3:
                raise ListRefused("password")
            if code in (5, -6, -9, -24):
                raise ListRefused("too_wide" if code in (5, -6) else "too_slow")
            raise ListRefused("damaged")
    finally:
        clock.cancel()
        if child.poll() is None:
            child.kill()
        child.stdout.close()
        feeder.join(timeout=5)
        if not child.stdin.closed:
            with contextlib.suppress(OSError):
                child.stdin.close()
        child.wait()
