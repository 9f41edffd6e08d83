"""Ten thousand mutated lists: each is refused whole or comes in whole; nothing crashes, no row is lost.

    ./dev python -m bench.fuzz_lists [--mutations 10000] [--seed 1]

Valid lists of invented people (CSV in six alphabets, XLSX, ODS, XLS) are broken in some sixty ways and brought into
the register of a fresh house, by the same actions that pages and commands use.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Mutation = Callable[[random.Random, bytes], bytes]


# --- ways to break a file ---------------------------------------------------------------------------------------------


def _flip(rng: random.Random, content: bytes) -> bytes:
    broken = bytearray(content)
    for _time in range(rng.choice((1, 3, 20))):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def _truncate(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _insert(rng: random.Random, content: bytes, what: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + what + content[at:]


def _double_part(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start : start + rng.randrange(400)] + content[start:]


def _without_part(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.randrange(200) :]


def _noise(rng: random.Random, content: bytes) -> bytes:
    return _insert(rng, content, rng.randbytes(rng.choice((1, 8, 300))))


def _zero(rng: random.Random, content: bytes) -> bytes:
    return _insert(rng, content, b"\0" * rng.choice((1, 2, 50)))


ANY: tuple[Mutation, ...] = (_flip, _truncate, _double_part, _without_part, _noise, _zero)


def _lines(change: Callable[[random.Random, list[bytes]], None]) -> Mutation:
    def mutation(rng: random.Random, content: bytes) -> bytes:
        lines = content.split(b"\n")
        change(rng, lines)
        return b"\n".join(lines)

    return mutation


def _cell(what: str | Callable[[random.Random], str]) -> Mutation:
    """Put something into a cell of a text list, in its own delimiters."""

    def mutation(rng: random.Random, content: bytes) -> bytes:
        lines = content.split(b"\n")
        at = rng.randrange(len(lines))
        for delimiter in (b";", b"\t", b","):
            if delimiter in lines[at]:
                cells = lines[at].split(delimiter)
                text = what if isinstance(what, str) else what(rng)
                cells[rng.randrange(len(cells))] = text.encode("utf-8", "surrogatepass")
                lines[at] = delimiter.join(cells)
                break
        return b"\n".join(lines)

    return mutation


def _swap_columns(rng: random.Random, lines: list[bytes]) -> None:
    for at, line in enumerate(lines):
        cells = line.split(b",")
        rng.shuffle(cells)
        lines[at] = b",".join(cells)


NASTY = [
    *("=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-2+3", '=HYPERLINK("x")', "31.02.1990", "33021"),
    *("28/5/90", "~1985", "99.99.9999", "0000-00-00", "1e309", "NaN", "", " ", "\u202eenko", "\ufeff", "\u0000", "ﷺ"),
    *("Zalgo\u0336\u0336\u0336", "\ud800", "'; DROP TABLE register_entry; --", "<script>alert(1)</script>", "{{7*7}}"),
    *("../../etc/passwd", "👨‍👩‍👧", '"', '""', '"""', "\\", "\r", "\x1a", "x" * 20_000, "٤٢", "½", "Іван\tПетрович"),
]
TEXT: tuple[Mutation, ...] = (
    *(_cell(text) for text in NASTY),
    _cell(lambda rng: "Ы" * 1_000_000),
    _cell(lambda rng: chr(rng.randrange(0xD7FF)) * rng.randrange(40)),
    lambda rng, content: _insert(rng, content, b'"'),
    lambda rng, content: _insert(rng, content, b"\r"),
    lambda rng, content: _insert(rng, content, "Ґанок".encode(rng.choice(("cp1251", "koi8-u", "utf-16", "utf-8")))),
    lambda rng, content: content.replace(b"\n", rng.choice((b"\r", b"\r\n", b"\n\n", b"\n\r"))),
    lambda rng, content: (
        rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"sep=;\n", b"\n\n\n", b"a\nb\n")) + content
    ),
    lambda rng, content: content + content,
    lambda rng, content: content.replace(b",", rng.choice((b";", b"\t", b"|", b",,", b" ,"))),
    lambda rng, content: content.replace(b",", b"," * 300, 1),
    _lines(lambda rng, lines: rng.shuffle(lines)),
    _lines(lambda rng, lines: lines.insert(rng.randrange(len(lines)), lines[0])),
    _lines(lambda rng, lines: lines.append(lines[rng.randrange(len(lines))])),
    _lines(_swap_columns),
)


def _rezipped(change: Callable[[random.Random, str, bytes], bytes]) -> Mutation:
    """Change the parts inside, then pack them properly, so that the reader gets to see them."""

    def mutation(rng: random.Random, content: bytes) -> bytes:
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(content)) as old,
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            names = old.namelist()
            chosen = rng.choice([name for name in names if name.endswith(".xml")])
            for name in names:
                part = old.read(name)
                new.writestr(name, change(rng, name, part) if name == chosen else part)
        return buffer.getvalue()

    return mutation


def _tag_gone(rng: random.Random, _name: str, part: bytes) -> bytes:
    tags = [at for at in range(len(part)) if part[at : at + 1] == b"<"]
    at = rng.choice(tags)
    return part[:at] + part[part.find(b">", at) + 1 :]


def _number_changed(rng: random.Random, _name: str, part: bytes) -> bytes:
    digits = [at for at in range(len(part)) if part[at : at + 1].isdigit()]
    if not digits:
        return part
    at = rng.choice(digits)
    return part[:at] + rng.choice((b"-1", b"99999999", b"4294967296", b"", b"NaN")) + part[at + 1 :]


PACKED: tuple[Mutation, ...] = (
    _rezipped(lambda rng, _name, part: _flip(rng, part) if part else part),
    _rezipped(lambda rng, _name, part: _truncate(rng, part)),
    _rezipped(_tag_gone),
    _rezipped(_number_changed),
    _rezipped(lambda rng, _name, part: part.replace(b"<v>", b"<f>1+1</f><v>", 1)),
    _rezipped(lambda rng, _name, part: part.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)),
    _rezipped(lambda rng, _name, part: b""),
    _rezipped(lambda rng, _name, part: part + b" " * 3_000_000),
)


UNCHANGEABLE = (zipfile.BadZipFile, zlib.error, IndexError, KeyError, ValueError, EOFError, NotImplementedError)


# --- one try ----------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What became of the mutated lists."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    rows: int = 0


def valid_lists() -> list[tuple[str, bytes]]:
    """The files that are broken: (name, content)."""
    from homeward.intake.tests import lists

    rows = [lists.UKRAINIAN, *lists.PEOPLE, *[[str(7 + n), *row[1:]] for n, row in enumerate(lists.PEOPLE)]]
    russian = [lists.RUSSIAN, *rows[1:]]
    numbered = [["id", *rows[0][1:]], *rows[1:]]
    found = [
        ("a.csv", lists.text(rows)),
        ("b.csv", lists.text(numbered, delimiter=";")),
        ("c.tsv", lists.text(rows, delimiter="\t", encoding="utf-16")),
        ("d.csv", lists.text(russian, encoding="cp1251")),
        ("e.csv", lists.text(russian, encoding="koi8-u")),
        ("f.csv", lists.text(numbered, encoding="utf-8-sig")),
        ("g.txt", lists.text([["СПИСОК"], [], *rows], delimiter=";")),
    ]
    for make, ending in ((lists.xlsx, "xlsx"), (lists.ods, "ods"), (lists.xls, "xls")):
        found.append((f"h.{ending}", make({"Табір": rows, "2": [["x"]]})))
    return found


def mutated(seed: int, count: int) -> Iterator[tuple[int, str, bytes]]:
    """The same mutated lists for the same seed."""
    valid = valid_lists()
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        name, content = valid[number % len(valid)]
        kinds = ANY + (TEXT * 2 if not name.startswith("h") else PACKED if name != "h.xls" else ())
        for _time in range(rng.choice((1, 1, 1, 2, 3))):
            # An earlier mutation may have left nothing that this one can change.
            with contextlib.suppress(*UNCHANGEABLE):
                content = rng.choice(kinds)(rng, content) or content
        if rng.random() < 0.02:
            name = rng.choice(("x.csv", "x.xlsx", "x.ods", "x.xls", "x.xlsm", "x"))
        yield number, name, content


def try_one(number: int, name: str, content: bytes, tally: Tally, *, repeat: bool) -> None:
    """Bring one list in and compare what the house says with what the file holds."""
    from homeward.intake import actions, queries
    from homeward.intake.models import Batch
    from homeward.intake.rows import filled_rows
    from homeward.lib.refusals import Refusal
    from homeward.register.models import Statement

    def import_it() -> Batch:
        batch = actions.receive([content], name, target="register", by=None)
        columns = list(batch.columns)
        if not {"surname", "given", "full_name"} & set(columns):
            # The registrar would say so: a list whose header was destroyed still has a first wide column.
            columns[min(1, len(columns) - 1)] = "surname"
        source = actions.source_called(f"Source {number}", target="register", by=None)
        actions.confirm_columns(batch, columns, source=source, by=None)
        return actions.run(actions.start(batch, by=None, in_background=False))

    statements = Statement.objects.count()
    rejected_before = _rejected_count()
    try:
        batch = import_it()
    except Refusal as refusal:
        tally.outcomes[f"refused: {getattr(refusal, 'code', type(refusal).__name__)}"] += 1
        if Statement.objects.count() != statements or not str(refusal):
            tally.faults.append(f"{number} {name}: refused, but something came in")
        return
    batch.refresh_from_db()
    if batch.state != "done":
        tally.faults.append(f"{number} {name}: ended as {batch.state} {batch.refusal}")
        return
    rows = list(filled_rows(queries.opened(batch).rows(batch.sheet or ""), batch.header_row))
    told = batch.new + batch.updated + batch.unchanged + batch.rejected
    if told != len(rows) or batch.rows_total != told:
        tally.faults.append(f"{number} {name}: {len(rows)} rows, {told} told of")
    if Statement.objects.count() - statements != batch.new + batch.updated:
        tally.faults.append(f"{number} {name}: statements do not agree")
    if _rejected_count() - rejected_before != batch.rejected:
        tally.faults.append(f"{number} {name}: rejected rows are missing")
    if name.endswith((".csv", ".tsv", ".txt")) and (missing := _lines_missing(content, batch)):
        tally.faults.append(f"{number} {name}: {missing} lines of the file are in no row")
    tally.rows += told
    tally.outcomes["came in" if not batch.rejected else "came in, some rows rejected"] += 1
    if repeat:
        again = import_it()
        again.refresh_from_db()
        if again.new or again.updated or again.rejected != batch.rejected:
            tally.faults.append(f"{number} {name}: the same file again changed something")


def _rejected_count() -> int:
    from homeward.intake.models import RejectedRow

    return RejectedRow.objects.count()


def _lines_missing(content: bytes, batch: Any) -> int:
    """Lines of a text list that no row accounts for, counted by another way than the reader's."""
    from homeward.intake import queries

    encoding = batch.look["encoding"]
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline=None).read()
    lines = text.count("\n") + bool(text and not text.endswith("\n"))
    rows = queries.opened(batch).rows("")
    return lines - sum(1 + sum(cell.count("\n") for cell in row.cells) for row in rows)


def fuzz(count: int, seed: int, say: Callable[[str], None] = lambda words: None) -> Tally:
    """Bring `count` mutated lists in; the database must be there."""
    tally = Tally()
    began = time.monotonic()
    for number, name, content in mutated(seed, count):
        try:
            try_one(number, name, content, tally, repeat=number % 10 == 0)
        except Exception as crash:
            place = traceback.extract_tb(crash.__traceback__)[-1]
            tally.faults.append(
                f"{number} {name}: {type(crash).__name__} at {Path(place.filename).name}:{place.lineno}"
            )
        if number % 500 == 499:
            say(f"{number + 1} of {count}, {len(tally.faults)} faults, {time.monotonic() - began:.0f} s")
    return tally


def main(arguments: list[str] | None = None) -> int:
    """Run in a fresh data folder and print the figures."""
    parser = argparse.ArgumentParser(prog="bench fuzz_lists", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOMEWARD_HOME=home, DJANGO_SETTINGS_MODULE="homeward.config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        tally = fuzz(said.mutations, said.seed, say=lambda words: print(words, file=sys.stderr, flush=True))
    figures = {
        "mutations": said.mutations,
        "rows": tally.rows,
        "faults": len(tally.faults),
        "seconds": round(time.monotonic() - began),
        "outcomes": dict(tally.outcomes.most_common()),
    }
    print(json.dumps(figures, indent=1))
    for fault in tally.faults[:50]:
        print(fault)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
