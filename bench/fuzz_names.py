"""Arbitrary strings against everything in `namesake` that reads text: no exception, and none may take 5 ms.

    ./dev python -m bench.fuzz_names                                  # 1,000,000 strings, about ten minutes
    ./dev python -m bench.fuzz_names --strings 20000 --seed 7

Strings of all of Unicode (surrogates and unassigned signs too), of the alphabets the library reads, of pieces that its
rules look for, repeated and nested; and the list of naughty strings (../shared/vectors/blns, or HOMEWARD_SHARED). Each is
read as a whole name, as every part of a name, as a date, a place and a number, searched for in a small index and, every
tenth, compared with another. The time is that of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from namesake import Index, Person, compare
from namesake.names import compare_names
from namesake.reading import father_of, patronymic_of

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MS = 5.0
_ALPHABETS = (
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўһқңғүұөә",
    "abcdefghijklmnopqrstuvwxyzßäöüéèçłńśźżščřžėįųğışəñ'`ʹʼ’-. ",
    "0123456789.-/~ годрвчу",
    '\u0301\u0306\u0308\u200d\u202e\ufeff\u0000\n\t"«»()[]{}<>,;:|\\',
)
_PIECES = (
    "ович", "івна", "оглы", "кызы", "ұлы", "ищу ", "сына ", "sch", "tch", "shch", "ie", "iy", "О.", "«", "»", "\"", "(", "-",
    "'", "Мак", "Иван",
    "Саша", "позывной ", "в/ч ", "г. ", "обл", "1990", "31.12.", "около ", "Щербач", "oglu", "ibn ", "de la ", "4", "6",
)  # fmt: skip


def strings(count: int, seed: int) -> Iterator[str]:
    """The same strings for the same seed; most are short, some very long."""
    draw = random.Random(seed)
    for _ in range(count):
        length = min(int(draw.expovariate(1 / 18)), 400) if draw.random() < 0.98 else draw.randrange(400, 20_000)
        kind = draw.random()
        if kind < 0.3:
            text = "".join(chr(draw.randrange(0x110000)) for _ in range(min(length, 400)))
        elif kind < 0.4:
            text = "".join(chr(draw.randrange(0x3100)) for _ in range(min(length, 400)))
        elif kind < 0.6:
            text = "".join(draw.choices(draw.choice(_ALPHABETS), k=min(length, 400)))
        elif kind < 0.9:
            text = "".join(draw.choices(_PIECES, k=max(1, length // 4)))
        else:
            piece = draw.choice(_PIECES) if draw.random() < 0.7 else chr(draw.randrange(0x110000))
            text = piece * max(1, length // len(piece))
        yield text


def naughty(shared: Path) -> list[str]:
    """The list of naughty strings, each line, and all of it as one string."""
    file = shared / "vectors" / "blns" / "blns.txt"
    if not file.exists():
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    return [*text.splitlines(), text]


def read(text: str, other: str, index: Index) -> None:
    """Everything that reads text, once."""
    index.search(Person(full=text, born=text, birthplace=text, unit=text, service_number=text), limit=3)
    index.search(
        Person(surname=text, given=other, patronymic=text, born=other, mother_maiden=text, father=text), limit=3
    )
    father_of(text)
    patronymic_of(text)


def small_index() -> Index:
    """A few persons to search among."""
    index = Index()
    for key, (surname, given) in enumerate(
        (("Щербач", "Остап"), ("Иванов", "Сергей"), ("Ivanov", "Sergei"), ("Алиев", "Магомед"))
    ):
        index.add(
            key, Person(surname, given, born="1990-05-28", birthplace="Львів", unit="12345", service_number="АБ-1")
        )
    return index


def measured(several: Iterator[str] | list[str], index: Index) -> Iterator[tuple[str, float]]:
    """Each string with the milliseconds of processor time it took."""
    before = "Иванов Сергей"
    read(before, before, index)
    compare(Person(full=before), Person(full=before))
    compare_names(before, before)
    for number, text in enumerate(several):
        began = time.thread_time()
        read(text, before, index)
        took = time.thread_time() - began
        if number % 10 == 0:
            began = time.thread_time()
            compare(Person(full=text), Person(full=before))
            compare_names(text, before)
            took = max(took, time.thread_time() - began)
        yield text, took * 1000
        before = text


def main() -> int:
    """Read them all; 1 if any was refused or too slow."""
    parser = argparse.ArgumentParser("python -m bench.fuzz_names", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--strings", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    index = small_index()
    listed = naughty(Path(os.environ.get("HOMEWARD_SHARED") or ROOT.parent / "shared"))
    began, count, longest, slow = time.monotonic(), 0, 0.0, 0
    for several in (listed, strings(options.strings, options.seed)):
        for text, took in measured(several, index):
            count += 1
            longest = max(longest, took)
            if took >= LONGEST_MS:
                # Two longest times in a row are the string's; one alone may be the machine's.
                again = next(measured([text], index))[1]
                if again >= LONGEST_MS:
                    slow += 1
                    print(f"string {count}: {again:.1f} ms, {len(text)} characters, {text[:60]!a}", flush=True)
            if count % 100_000 == 0:
                print(f"{count:,} strings, longest {longest:.2f} ms", file=sys.stderr, flush=True)
    print(
        f"{count:,} strings ({len(listed)} naughty ones): no exception, {slow} of {LONGEST_MS} ms and more (read twice), "
        f"longest {longest:.2f} ms, {time.monotonic() - began:.0f} s"
    )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
