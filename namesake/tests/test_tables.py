"""Lists are read as people write them, and written so that the same rows give the same bytes."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from namesake.tables import TableFault, TableWriter, guess_columns, open_table, people, require, settle_columns
from namesake.tests.people import write_lists


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Прізвище|Ім'я|По батькові|Дата народження", "surname given patronymic born"),
        ("Прізвище|Імʼя|Військова частина|Позивний", "surname given unit aliases"),
        ("Фамилия|Имя|Отчество|Дата рождения|В/Ч|Личный номер", "surname given patronymic born unit service_number"),
        ("ФИО|Г.Р.|Место рождения", "full born birthplace"),
        ("Имя|Год рождения", "full born"),
        ("П.І.Б.|рік народження", "full born"),
        ("Last name|First name|Date of birth|Mother's maiden name", "surname given born mother_maiden"),
        ("Name|DOB", "full born"),
        ("surname|name|middle_name|birth_place", "surname given patronymic birthplace"),
        ("NOM|Prénom|Né le|Lieu de naissance|Unité", "surname given born birthplace unit"),
        ("Nom|Date de naissance|Nom du père", "full born father"),
        ("Nazwisko|Imię|Imię ojca|Data urodzenia", "surname given father born"),
        ("Name|Vorname|Geburtsdatum|Geburtsort", "surname given born birthplace"),
        ("№|ФИО", "id full"),
    ],
)
def test_columns_are_guessed_in_many_languages(headings: str, fields: str) -> None:
    several = headings.split("|")

    assert guess_columns(several) == dict(zip(fields.split(), several, strict=True))


def test_a_whole_name_beside_its_parts_is_left_out() -> None:
    assert "full" not in guess_columns(["full", "surname", "given"])


def test_what_is_said_overrules_the_guess() -> None:
    columns = settle_columns(["Имя", "X"], {"surname": "X", "given": "Имя"})

    assert columns == {"surname": "X", "given": "Имя"}


def test_a_field_said_to_be_nothing_is_not_read() -> None:
    assert "born" not in settle_columns(["name", "dob"], {"born": ""})


@pytest.mark.parametrize("said", [{"height": "X"}, {"born": "no such column"}])
def test_an_unknown_field_or_column_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(TableFault):
        settle_columns(["name", "X"], said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_delimiters_of_the_region(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = [["Фамилия", "Имя", "Часть"], ["Иванов", "Сергей", "01234"], ["", "Остап", ""]]
    path = tmp_path / "list.csv"
    path.write_text("\r\n".join(delimiter.join(line) for line in lines) + "\r\n", encoding=encoding)

    (block,) = open_table(path).blocks(10)

    assert block.to_pylist() == [
        {"id": "1", "surname": "Иванов", "given": "Сергей", "unit": "01234"},
        {"id": "2", "surname": "", "given": "Остап", "unit": ""},
    ]


def test_an_uneven_line_is_refused_by_its_number_and_without_its_names(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("surname,given\nIvanov,Sergey\nSecretov,Ivan,extra\n")

    with pytest.raises(TableFault) as fault:
        list(open_table(path).blocks(10))

    assert "line 3" in str(fault.value)
    assert "Secretov" not in str(fault.value)


def test_a_list_without_names_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("alpha,beta\n1,2\n")

    with pytest.raises(TableFault, match="alpha, beta"):
        require(open_table(path))


def test_blocks_are_full_and_lose_no_row(tmp_path: Path) -> None:
    register, _ = write_lists(tmp_path)

    sizes = [block.num_rows for block in open_table(register).blocks(4)]

    assert sizes == [4, 2]
    assert open_table(register).count() == 6


def test_a_workbook_with_dates_and_numbers_is_read_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["ПІБ", "Дата народження", "Частина"])
    sheet.append(["Остап Щербач", datetime.datetime(1990, 5, 28), 12345.0])
    sheet.append([None, None, None])
    sheet.append(["Іван Мельник", 1985, None])
    path = tmp_path / "list.xlsx"
    book.save(path)

    (block,) = open_table(path).blocks(10)

    assert [row["born"] for row in block.to_pylist()] == ["1990-05-28", "1985"]
    assert [row["unit"] for row in block.to_pylist()] == ["12345", ""]


def test_parquet_of_any_type_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    table = pa.table(
        {
            "id": pa.array([7, 8]),
            "name": pa.array(["А Б", None]).dictionary_encode(),
            "dob": pa.array([datetime.date(1990, 5, 28), None]),
            "unit": pa.array([12345.0, None]),
            "aliases": pa.array([["Бес", "Кум"], None]),
        }
    )
    pa.parquet.write_table(table, path)

    (block,) = open_table(path).blocks(10)

    assert block.to_pylist() == [
        {"id": "7", "full": "А Б", "born": "1990-05-28", "unit": "12345", "aliases": "Бес; Кум"},
        {"id": "8", "full": "", "born": "", "unit": "", "aliases": ""},
    ]
    assert people(block)[0].aliases == ("Бес", "Кум")


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_what_is_written_reads_back_and_has_the_same_bytes_each_time(tmp_path: Path, ending: str) -> None:
    block = pa.RecordBatch.from_pydict(
        {"id": ["1", "2"], "name": ['О"Ніл <&>, Остап', "line\nbreak"], "unit": ["01", ""]}
    )
    bytes_of = []
    for name in ("first", "second"):
        path = tmp_path / f"{name}.{ending}"
        with TableWriter(path, block.schema) as writer:
            writer.write(block)
            writer.write(block)
        bytes_of.append(path.read_bytes())

    (read,) = open_table(path).blocks(10)

    assert bytes_of[0] == bytes_of[1]
    assert read.to_pylist()[2:] == [
        {"id": "1", "full": 'О"Ніл <&>, Остап', "unit": "01"},
        {"id": "2", "full": "line\nbreak", "unit": ""},
    ]
