"""The files of the demo themselves: reproducible, invented, and free of anybody's flag or insult."""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from pathlib import Path

from homeward.demo import generate
from homeward.demo.files import Cell
from homeward.demo.spelling import feminine, romanise
from homeward.intake.reading import open_list

LISTS = generate.LISTS
TRUTH = json.loads((generate.HERE / "truth.json").read_text(encoding="utf-8"))
# Kept as digests: the words themselves have no place here.
INSULTS = {
    "0d3cbd3ecac8", "12ad8312562c", "23fbf8a25da0", "247c3bc07760", "250ca5f63476", "2a6937d721b1", "2f761ebed15a",
    "32cf76626b56", "379561f0bf6a", "4576974ca3e9", "459ccb13694b", "46f191d1023e", "4aad4d553e98", "4e777d77b7f8",
    "54f65f374dfb", "59c5d1c454df", "5a6de07d63c9", "5f2b535d2775", "60c22c644d11", "620819cce4ff", "63a0f641d758",
    "661d87f80a86", "6ca7aa4a140e", "6d9ba2670ee9", "6ff8d697ee26", "77c309d4bace", "7d8a345b1e0a", "7dd50cf1b55f",
    "7fa6552a6909", "8524582ece25", "860c29b8e51c", "861727e615ec", "876a7378820b", "92bfb1a4b907", "9801d5dd92e5",
    "9c55ee9644e3", "a0e2ef644872", "a275a2b25853", "a2c32337113e", "a41894a508d5", "ac092ab0b10c", "acd69818273a",
    "b3b24b133576", "b99a1d95427a", "d0ffdefe1a95", "d17b988076f7", "dbcd78099015", "dbe7c41a396a", "ed2610a4d44c",
    "f2605a9a9ab5", "f90502ffb5e3", "fa1597ae5dc4",
}  # fmt: skip


def cells_of(path: Path) -> list[str]:
    content = path.read_bytes()
    opened = open_list(lambda: io.BytesIO(content), path.name)
    return [cell for sheet in opened.sheets for row in opened.rows(sheet.name) for cell in row.cells if cell]


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    generate.build(tmp_path / "lists", tmp_path / "truth.json")

    for path in sorted(LISTS.iterdir()):
        assert (tmp_path / "lists" / path.name).read_bytes() == path.read_bytes(), path.name
    for name in ("truth.json", "days.json"):
        assert (tmp_path / name).read_bytes() == (generate.HERE / name).read_bytes(), name


def test_the_scenario_has_the_size_it_promises() -> None:
    assert len(TRUTH["people"]) == 240
    assert sum(len(said["enquiries"]) for said in TRUTH["sought"].values()) == 1200
    assert len(TRUTH["sought"]) == 260
    found = [said for said in TRUTH["sought"].values() if said["entries"]]
    assert 0.08 <= len(found) / 260 <= 0.20
    dead = sum(1 for rows in TRUTH["people"] if set(rows) & set(TRUTH["dead"]))
    assert 0.08 <= dead / 240 <= 0.12
    assert len(TRUTH["languages"]) == 6


def test_dates_come_in_a_dozen_forms() -> None:
    forms: Counter[str] = Counter()
    for path in LISTS.iterdir():
        for cell in cells_of(path):
            if (
                len(cell) < 24
                and re.search(r"\d", cell)
                and not re.search(r"[КKПРHМ]-\d|@|/[чЧ]|part|част|unit|\+", cell)
            ):
                forms[re.sub(r"[^\W\d_]+", "w", re.sub(r"\d", "0", cell))] += 1

    assert len(forms) >= 12
    assert "00.00.0000" in forms
    assert any("31.02.1990" in cell for cell in cells_of(LISTS / "camp-north.xlsx"))
    assert any(cell.startswith("~19") for cell in cells_of(LISTS / "camp-river.csv"))


def test_no_country_no_flag_no_insult() -> None:
    texts = [cell for path in LISTS.iterdir() for cell in cells_of(path)]
    texts += [path.read_text(encoding="utf-8") for path in generate.HERE.glob("*.py")]
    for text in texts:
        assert not re.search("[\U0001f1e6-\U0001f1ff\U0001f3f4\U0001f6a9]", text)
        for word in re.findall(r"\w+", text.casefold()):
            assert hashlib.sha256(word.encode()).hexdigest()[:12] not in INSULTS
            assert word not in {
                "україна",
                "украина",
                "росія",
                "россия",
                "ukraine",
                "russia",
                "russland",
                "russie",
                "rosja",
            }


def test_nobody_can_be_reached_by_what_the_demo_says() -> None:
    with (LISTS / "enquiries-east.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    assert all(re.match(r"\+\d{1,3} 00 ", row["Телефон заявника"]) for row in rows if row["Телефон заявника"])
    assert all(row["E-mail заявника"].endswith("@example.org") for row in rows if row["E-mail заявника"])


def test_names_are_spelt_as_each_language_writes_them() -> None:
    spelt = {into: romanise("Шевченко", from_language="uk", into=into) for into in ("en", "de", "pl", "fr")}

    assert spelt == {"en": "Shevchenko", "de": "Schewtschenko", "pl": "Szewczenko", "fr": "Chevtchenko"}
    assert romanise("Щербак", from_language="ru", into="pl") == "Szczerbak"
    assert romanise("Зелинский", from_language="ru", into="en") == "Zelinskiy"
    assert feminine("Левицький", "uk") == "Левицька"
    assert feminine("Кравченко", "uk") == "Кравченко"


def test_every_cell_of_a_table_is_text_number_or_date() -> None:
    kinds: set[type] = set()
    cell: Cell
    for style in ("dots", "iso", "words", "roman", "year", "about", "serial", "true date", "three letters", "blank"):
        cell = generate.written_date(generate.datetime.date(1990, 5, 28), style, "uk")
        kinds.add(type(cell))

    assert kinds <= {str, int, generate.datetime.date}
    assert generate.written_date(generate.datetime.date(1990, 5, 28), "serial", "uk") == 33021
