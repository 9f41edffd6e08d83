"""Lists of invented people in every kind of file, for the tests of this room and the fuzz bench."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

UKRAINIAN = ["№ з/п", "Прізвище", "Ім'я", "По батькові", "Дата народження", "Військова частина", "Звання"]
RUSSIAN = ["№ п/п", "Фамилия", "Имя", "Отчество", "Дата рождения", "Войсковая часть", "Звание"]
ENGLISH = ["No", "Surname", "Given name", "Patronymic", "Date of birth", "Unit", "Rank"]
PEOPLE = [
    ["1", "Шевченко", "Іван", "Петрович", "28.05.1990", "А1234", "солдат"],
    ["2", "Ковальчук", "Остап", "Миколайович", "1985-11-03", "А1234", "сержант"],
    ["3", "Бойко", "Юрій", "Васильович", "7/9/1992", "А3057", "ст. солдат"],
    ["4", "Лисенко", "Андрій", "Ігорович", "~1985", "12729", "капітан"],
    ["5", "Щербак", "Олексій", "Дмитрович", "31.02.1990", "", "матрос"],
    ["6", "Соловйов", "Гліб", "", "1979", "54213", ""],
]


def text(rows: Sequence[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as a text list."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding, errors="replace")


def xlsx(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """The sheets as XLSX."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """The sheets as legacy XLS."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(sheets: dict[str, Sequence[Sequence[Any]]], *, formula: str = "") -> bytes:
    """The sheets as ODS; `formula` goes into one more cell."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for cell in row:
                kept = TableCell(valuetype="string")
                kept.addElement(P(text=str(cell)))
                line.addElement(kept)
            table.addElement(line)
        if formula:
            line = TableRow()
            line.addElement(TableCell(formula=formula, valuetype="float", value="2"))
            table.addElement(line)
        document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()
