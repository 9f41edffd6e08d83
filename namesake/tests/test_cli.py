"""Each command does what its help says."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from namesake.cli import main
from namesake.tests.people import ENQUIRIES, RIGHT, write_lists


def test_compare_shows_bits_for_and_against(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "Щербач Остап 1990", "SCHERBACH Ostap 28.05.1990"]) == 0

    shown = capsys.readouterr().out
    assert "surname" in shown
    assert "together" in shown


def test_compare_takes_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "surname=Иванов; born=1990-01-01", "surname=Ivanov; born=1991-01-01"]) == 0
    assert "born" in capsys.readouterr().out

    assert main(["compare", "height=190", "surname=Ivanov"]) == 2


def test_pairs_are_scored_in_their_order(tmp_path: Path) -> None:
    source, out = tmp_path / "pairs.csv", tmp_path / "scores.csv"
    source.write_text(
        "n,a,b\n1,Иван Мельник,Ivan Melnyk\n2,Иван Мельник,Oleh Tkachuk\n3,Саша Иванов,Alexandre Ivanov\n"
    )

    assert main(["pairs", str(source), "--out", str(out)]) == 0

    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert [row["n"] for row in rows] == ["1", "2", "3"]
    assert float(rows[1]["score"]) < min(float(rows[0]["score"]), float(rows[2]["score"]))


def test_search_answers_line_by_line_on_a_list_and_on_a_saved_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    register, _ = write_lists(tmp_path)
    saved = tmp_path / "register.index"
    monkeypatch.setattr("sys.stdin", io.StringIO("Scherbach Ostap 1990\nnonsense=1\n\n"))

    assert main(["search", str(register), "--save", str(saved)]) == 0

    shown = capsys.readouterr().out
    assert "p1" in shown
    assert "Щербач" in shown
    monkeypatch.setattr("sys.stdin", io.StringIO("Scherbach Ostap 1990\n"))
    assert main(["search", str(saved)]) == 0
    assert "probability" in capsys.readouterr().out


def test_evaluate_prints_the_measures_and_draws_the_diagram(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register, _ = write_lists(tmp_path)
    enquiries, diagram, figures = tmp_path / "asked.csv", tmp_path / "diagram.svg", tmp_path / "figures.json"
    with enquiries.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["qid", "true_id", "mode", "noise", "surname", "given", "patronymic", "dob", "birthplace"])
        for one in ENQUIRIES:
            writer.writerow([one[0], RIGHT[one[0]], "lat_std", "typo_s+nopatr", *one[1:]])
        writer.writerow(["e9", "-1", "cyr", "", "Небувалий", "Нестор", "", "1950", ""])

    command = ["evaluate", str(register), str(enquiries), "--diagram", str(diagram), "--json", str(figures)]
    assert main([*command, "--missed", str(tmp_path / "missed.csv")]) == 0

    shown = capsys.readouterr().out
    assert "recall@10" in shown
    assert "latin + typing error in the surname" in shown
    assert diagram.read_text(encoding="utf-8").startswith("<svg")
    assert '"people": 6' in figures.read_text()


def test_a_list_that_is_not_there_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out.csv")

    assert main(["reconcile", str(tmp_path / "none.csv"), str(tmp_path / "none.csv"), "--out", out]) == 2

    assert "There is no file" in capsys.readouterr().err


def test_map_names_a_column_for_one_list_only(tmp_path: Path) -> None:
    register, enquiries = write_lists(tmp_path)
    out = tmp_path / "out.csv"
    options = ["--map", "enquiries:born=", "--map", "id=Номер", "--map", "enquiries:id=Identifiant", "--quiet"]

    assert main(["reconcile", str(register), str(enquiries), "--out", str(out), "--top", "1", *options]) == 0

    assert all("born" not in row["reasons"] for row in csv.DictReader(io.StringIO(out.read_text())))
