"""Files of every kind are opened, or refused with a sentence."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import BinaryIO

import openpyxl
import pytest

from homeward.intake import texts
from homeward.intake.columns import find_header, guess_columns, person_likeness
from homeward.intake.reading import OpenList, open_list
from homeward.intake.refusals import ListRefused
from homeward.intake.target import Kind
from homeward.intake.tests import lists
from homeward.intake.values import FoundDate, read_date, read_word, split_name

ALL = [
    "own_id", "full_name", "surname", "given", "patronymic", "born", "birthplace", "unit", "rank", "status",
    "status_on", "sex", "remarks",
]  # fmt: skip


def opener(content: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(content)


def opened(content: bytes, name: str = "list.csv") -> OpenList:
    return open_list(opener(content), name)


def refused(content: bytes, name: str) -> str:
    def read_all() -> None:
        list_ = opened(content, name)
        for sheet in list_.sheets:
            list(list_.rows(sheet.name))

    with pytest.raises(ListRefused) as refusal:
        read_all()
    assert str(refusal.value)
    return refusal.value.code


def cells(content: bytes, name: str = "list.csv", sheet: str | None = None) -> list[list[str]]:
    list_ = opened(content, name)
    wanted = list_.sheets[0].name if sheet is None else sheet
    return [row.cells for row in list_.rows(wanted) if any(row.cells)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-u", "cp866"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_list_is_read_in_every_alphabet_and_delimiter(encoding: str, delimiter: str) -> None:
    # Every one of these alphabets has the letters of Russian; "№" not all of them.
    letters = str.maketrans("іїІ№", "ииИN")
    rows = [[cell.translate(letters) for cell in row] for row in (lists.RUSSIAN, *lists.PEOPLE)]

    assert cells(lists.text(rows, delimiter=delimiter, encoding=encoding)) == rows


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-u"])
def test_two_ukrainian_rows_suffice_to_tell_the_alphabet(encoding: str) -> None:
    rows = [lists.PEOPLE[0], lists.PEOPLE[2]]

    assert cells(lists.text(rows, encoding=encoding)) == rows


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252"])
def test_latin_lists_in_old_alphabets_are_read(encoding: str) -> None:
    rows = [["Name", "Geburtsort"], ["Müller Jörg", "Köln"], ["Schäfer Günther", "Düsseldorf"]]

    assert cells(lists.text(rows, encoding=encoding)) == rows


@pytest.mark.parametrize(
    ("make", "name"), [(lists.xlsx, "list.xlsx"), (lists.ods, "list.ods"), (lists.xls, "list.xls")]
)
def test_spreadsheets_give_the_same_rows(make: Callable[..., bytes], name: str) -> None:
    rows = [lists.UKRAINIAN, *lists.PEOPLE]

    found = cells(make({"Зведення": [["нічого"]], "Табір": rows}), name, "Табір")

    assert [[cell for cell in row if cell] for row in found] == [[cell for cell in row if cell] for row in rows]


def test_days_and_numbers_of_a_spreadsheet_come_as_plain_text() -> None:
    content = lists.xlsx({"a": [["Name", "Born", "Unit"], ["Boiko", date(1990, 5, 28), 54559], ["Bo", 33021, 1.5]]})

    assert cells(content, "a.xlsx")[1:] == [["Boiko", "1990-05-28", "54559"], ["Bo", "33021", "1.5"]]


def test_a_quotation_mark_left_open_spoils_its_own_row_only() -> None:
    content = b'Name,Born\n"Boiko Yurii,1990\nKovalchuk Ostap,1991\n"Shcherbak, Ivan",1992\n'

    rows = list(opened(content).rows())

    assert [row.problem for row in rows] == ["", "open_quote", "", ""]
    assert rows[3].cells == ["Shcherbak, Ivan", "1992"]


def test_a_cell_may_hold_line_breaks() -> None:
    assert cells(b'Name,Note\n"Boiko\nYurii",x\nKoval,y\n')[1] == ["Boiko\nYurii", "x"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Bo\0iko,1990", "nul"),
        ("x" * 1_000_000 + ",1990", "cell_too_long"),
        ("=cmd|' /C calc'!A0,1990", "formula"),
        ("@SUM(A1:A2),1990", "formula"),
        ("+HYPERLINK(1),1990", "formula"),
        ("Boiko,+380 44 123 45 67", ""),
        ("Boiko,-", ""),
        ("Boiko,@boiko", ""),
        (",".join("x" * 300), "too_many_cells"),
    ],
)
def test_what_is_wrong_with_one_row_stays_with_it(row: str, problem: str) -> None:
    rows = list(opened(f"Name,Born\n{row}\nKoval,1991\n".encode()).rows())

    assert [found.problem for found in rows] == ["", problem, ""]


def test_a_few_broken_letters_do_not_change_the_alphabet_of_the_file() -> None:
    good = lists.text([lists.UKRAINIAN, *lists.PEOPLE * 3])
    content = good + "Ярий,Іван".encode("cp1251") + b"\n" + lists.text(lists.PEOPLE)

    rows = list(opened(content).rows())

    assert [row.problem for row in rows].count("unreadable") == 1
    assert len(rows) == 1 + 18 + 1 + 6


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _zip({info.filename: archive.read(info) for info in archive.infolist()} | {name: part})


def _with_formula() -> bytes:
    return lists.xlsx({"a": [["Name", "Sum"], ["Boiko", "=1+1"]]})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DTD = b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'
XLSX = lists.xlsx({"a": [lists.UKRAINIAN, *lists.PEOPLE]})


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b"\n\n \n", "a.csv", "no_rows"),
        (XLSX, "a.csv", "wrong_extension"),
        (XLSX, "a.xls", "wrong_extension"),
        (b"Name,Born\nBoiko,1990\n", "a.xlsx", "wrong_extension"),
        (b"<html><table><tr><td>Boiko</td></tr></table>", "a.xls", "wrong_extension"),
        (b"%PDF-1.7 ...", "a.csv", "not_a_list"),
        (b"Name", "a.exe", "unknown_ending"),
        (XLSX, "a.xlsm", "macros"),
        (_with_part(XLSX, "xl/vbaProject.bin", b"x"), "a.xlsx", "macros"),
        (_with_part(XLSX, "../../evil", b"x"), "a.xlsx", "unsafe_archive"),
        (_with_part(XLSX, "xl/worksheets/sheet9.xml", b"<a>" + b" " * 190_000_000), "a.xlsx", "bomb"),
        (_with_part(XLSX, "xl/worksheets/sheet1.xml", DTD), "a.xlsx", "unsafe_archive"),
        (_with_formula(), "a.xlsx", "formula"),
        (lists.ods({"a": [["Name"], ["Boiko"]]}, formula="of:=1+1"), "a.ods", "formula"),
        (XLSX[: len(XLSX) // 2], "a.xlsx", "damaged"),
        (_zip({"word/document.xml": b"<x/>"}), "a.xlsx", "not_a_list"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (OLE, "a.xls", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.csv", "not_a_list"),
        (bytes(range(1, 32)) * 40, "a.csv", "not_a_list"),
    ],
)  # fmt: skip
def test_what_is_no_safe_list_is_refused_with_a_sentence(content: bytes, name: str, code: str) -> None:
    assert refused(content, name) == code


def test_a_formula_in_another_sheet_does_no_harm() -> None:
    content = lists.xlsx({"sum": [["=1+1"], ["x"]], "list": [["Name", "Born"], ["Boiko", "1990"]]})

    assert cells(content, "a.xlsx", "list") == [["Name", "Born"], ["Boiko", "1990"]]


def test_formulas_of_old_spreadsheets_are_found() -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "Boiko")
    sheet.write(2, 1, xlwt.Formula("1+1"))
    buffer = io.BytesIO()
    book.save(buffer)

    assert refused(buffer.getvalue(), "a.xls") == "formula"


def test_two_far_cells_do_not_fill_the_memory() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "Boiko"
    book.active["XFD1048576"] = "Koval"
    buffer = io.BytesIO()
    book.save(buffer)

    assert refused(buffer.getvalue(), "a.xlsx") == "too_wide"


# --- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [lists.UKRAINIAN, lists.RUSSIAN, lists.ENGLISH])
@pytest.mark.parametrize("above", [[], [["СПИСОК полонених, табір № 3"], []], [["a"], ["b", "2024-01-05"], [], []]])
def test_the_header_is_found_and_understood(header: list[str], above: list[list[str]]) -> None:
    preview = opened(lists.text([*above, header, *lists.PEOPLE])).sheets[0].preview

    found = find_header(preview)
    guesses = guess_columns(preview, found, ALL, this_year=2026)

    assert found == len(above) + 1
    assert [guess.field for guess in guesses] == ["", "surname", "given", "patronymic", "born", "unit", "rank"]


def test_without_a_header_the_cells_speak() -> None:
    preview = opened(lists.text(lists.PEOPLE)).sheets[0].preview

    found = find_header(preview)

    assert found == 0
    guessed = [guess.field for guess in guess_columns(preview, 0, ALL, this_year=2026)]
    assert guessed[1:5] == ["surname", "given", "patronymic", "born"]
    assert guessed[5:] == ["unit", "rank"]


def test_a_header_in_an_unknown_language_is_still_a_header() -> None:
    rows = [["Sukunimi", "Etunimi", "Isä", "Syntymä", "Joukko"], *[row[1:6] for row in lists.PEOPLE]]
    preview = opened(lists.text(rows)).sheets[0].preview

    assert find_header(preview) == 1
    assert [guess.field for guess in guess_columns(preview, 1, ALL, this_year=2026)][:4] == [
        "surname", "given", "patronymic", "born"
    ]  # fmt: skip


def test_one_column_with_the_whole_name_is_known_by_header_and_by_cells() -> None:
    people = [[" ".join(row[1:4]), row[4]] for row in lists.PEOPLE]
    for rows, number in (([["ПІБ", "д.н."], *people], 1), (people, 0)):
        preview = opened(lists.text(rows, delimiter=";")).sheets[0].preview
        assert find_header(preview) == number
        assert [guess.field for guess in guess_columns(preview, number, ALL, this_year=2026)] == ["full_name", "born"]


def test_the_sheet_with_people_is_preferred() -> None:
    people = opened(lists.text([lists.UKRAINIAN, *lists.PEOPLE])).sheets[0].preview
    sums = opened(b"Month,Number\nMay,3\nJune,4\n").sheets[0].preview

    assert person_likeness(people, this_year=2026) > person_likeness(sums, this_year=2026)


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "iso", "doubt"),
    [
        ("28.05.1990", "1990-05-28", ""),
        ("1990-05-28", "1990-05-28", ""),
        ("28/5/90", "1990-05-28", "two_digit_year"),
        ("28 травня 1990", "1990-05-28", ""),
        ("28 мая 1990 г.", "1990-05-28", ""),
        ("28 травня 1990 року", "1990-05-28", ""),
        ("May 28, 1990", "1990-05-28", ""),
        ("28 maja 1990", "1990-05-28", ""),
        ("28. Mai 1990", "1990-05-28", ""),
        ("28.V.1990", "1990-05-28", ""),
        ("05/28/1990", "1990-05-28", ""),
        ("03/04/1990", "1990-04-03", "day_or_month"),
        ("33021", "1990-05-28", "serial_date"),
        ("19900528", "1990-05-28", ""),
        ("1990-05-28 00:00:00", "1990-05-28", ""),
        ("1990", "1990", ""),
        ("1990 р.н.", "1990", ""),
        ("1990 г.р.", "1990", ""),
        ("05.1990", "1990-05", ""),
        ("~1985", "~1985", "approximate"),
        ("1985?", "~1985", "approximate"),
        ("около 1985", "~1985", "approximate"),
        ("бл. 1985 р.", "~1985", "approximate"),
        ("1985-1987", "~1986", "approximate"),
        ("~40 років", "~1986", "from_age"),
        ("40 лет", "~1986", "from_age"),
        ("31.02.1990", "", "no_such_day"),
        ("1850", "", "date_out_of_range"),
        ("2025-01-01", "", "date_out_of_range"),
        ("колись", "", "date_unclear"),
    ],
)
def test_dates_are_read_as_far_as_they_are_sure(text: str, iso: str, doubt: str) -> None:
    value, found = read_date(text, this_year=2026, birth=True)

    assert isinstance(value, FoundDate)
    assert (value.iso, value.text, found) == (iso, text, doubt)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("у полоні", Kind.STATUS, "in_custody"),
        ("Взят в плен", Kind.STATUS, "in_custody"),
        ("загинув", Kind.STATUS, "deceased"),
        ("в госпитале", Kind.STATUS, "in_hospital"),
        ("died", Kind.STATUS, "deceased"),
        ("взят в плен, умер в госпитале", Kind.STATUS, ""),
        ("not captured", Kind.STATUS, ""),
        ("ст. солдат", Kind.RANK, "senior_private"),
        ("Солдат", Kind.RANK, "private"),
        ("старший лейтенант", Kind.RANK, "senior_lieutenant"),
        ("тяжко поранений", Kind.HEALTH, "seriously_wounded"),
        ("чол.", Kind.SEX, "male"),
        ("мати", Kind.RELATION, "mother"),
        ("так", Kind.YES_NO, "yes"),
    ],
)
def test_words_of_closed_sets_are_known_in_several_languages(text: str, kind: Kind, code: str) -> None:
    value, doubt = read_word(text, kind)

    assert value is not None
    assert not isinstance(value, str | FoundDate)
    assert (value.code, bool(doubt)) == (code, not code)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Шевченко Іван Петрович", ("Шевченко", "Іван", "Петрович", True)),
        ("Іван Петрович Шевченко", ("Шевченко", "Іван", "Петрович", True)),
        ("Shevchenko, Ivan", ("Shevchenko", "Ivan", "", True)),
        ("Шевченко І.П.", ("Шевченко", "І.", "П.", True)),
        ("Магомедов Магомед Алі огли", ("Магомедов", "Магомед", "Алі огли", True)),
        ("Іван Коваль", ("Іван", "Коваль", "", False)),
    ],
)
def test_undivided_names_are_taken_apart(text: str, expected: tuple[str, str, str, bool]) -> None:
    assert tuple(split_name(text)) == expected


def test_a_million_rows_are_streamed() -> None:
    rows = texts.rows_of_text(opener(b"Boiko,Yurii,1990\n" * 50_000), "utf-8", ",")

    assert sum(1 for _row in rows) == 50_000
