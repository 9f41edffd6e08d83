"""A small list of invented people, and enquiries about some of them, for the tests of lists and batches."""

from __future__ import annotations

import csv
from pathlib import Path

REGISTER = [
    ("p1", "Щербач", "Остап", "Іванович", "1990-05-28", "Львів"),
    ("p2", "Иванов", "Александр", "Петрович", "1985-01-02", "Москва"),
    ("p3", "Иванов", "Сергей", "", "1985-03-04", "Тула"),
    ("p4", "Zubritsky", "Ostap", "", "1979-11-30", ""),
    ("p5", "Мельник", "Микола", "Степанович", "1995", "Полтава"),
    ("p6", "Гончаренко", "Дмитро", "Олегович", "2001-07-19", "Одеса"),
]
ENQUIRIES = [
    ("e1", "SCHERBACH", "Ostap", "", "1990", ""),
    ("e2", "Ivanov", "Sacha", "", "02.01.1985", "Moscou"),
    ("e3", "Зубрицкий", "Остап", "", "30.11.1979", ""),
    ("e4", "Melnyk", "Николай", "", "", "Poltava"),
    ("e5", "Honcharenko", "Dmytro", "Olehovych", "2001-07-19", "Odessa"),
]
RIGHT = {"e1": "p1", "e2": "p2", "e3": "p4", "e4": "p5", "e5": "p6"}


def write_lists(folder: Path, times: int = 1) -> tuple[Path, Path]:
    """The register and the enquiries as CSV, with Ukrainian and French headings; the enquiries so many times over."""
    register, enquiries = folder / "register.csv", folder / "enquiries.csv"
    with register.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Номер", "Прізвище", "Ім'я", "По батькові", "Дата народження", "Місце народження"])
        writer.writerows(REGISTER)
    with enquiries.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Identifiant", "Nom", "Prénom", "Patronymique", "Né le", "Lieu de naissance"])
        for time in range(times):
            writer.writerows((f"{first}.{time}" if times > 1 else first, *rest) for first, *rest in ENQUIRIES)
    return register, enquiries
