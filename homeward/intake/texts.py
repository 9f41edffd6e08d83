"""Text lists (CSV and its kin): which alphabet, which delimiter, which rows. One bad row never hurts the next."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import BinaryIO, NamedTuple

from homeward.intake.refusals import ListRefused

LONGEST_CELL = 10_000
LONGEST_LINE = 4_000_000
MOST_COLUMNS = 200
# A quotation mark that is not closed within so many lines was never meant to open a cell.
LONGEST_QUOTE_LINES = 40
LONGEST_QUOTE = 60_000

# The csv module refuses longer cells with an error of its own; ours is a reason for one row.
csv.field_size_limit(LONGEST_LINE * 2)


class RawRow(NamedTuple):
    """A row as it stands in the file; `number` counts from 1 as a spreadsheet does, `problem` is a row reason or ""."""

    number: int
    cells: list[str]
    problem: str


# --- which alphabet ---------------------------------------------------------------------------------------------------

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Old eight-bit alphabets that lists are still saved in. The order settles ties.
_EIGHT_BIT = ("cp1251", "koi8-u", "koi8-r", "cp866", "cp1250", "cp1252")
# Frequent letters of Ukrainian and Russian texts, in hundredths; own rough counts, only the order of size matters.
_LETTERS = {
    **dict.fromkeys("оаеин", 70),
    **dict.fromkeys("трсвлк", 48),
    **dict.fromkeys("мдпуіяь", 28),
    **dict.fromkeys("гзбчйыхж", 16),
    **dict.fromkeys("шюцщєїэф", 8),
    **dict.fromkeys("ґёъўў'’", 2),
}
_LATIN_MARKED = frozenset("ąćęłńóśźżäöüßéèêëàâçîïôûáčďěíňřšťúůýžőűĄĆĘŁŃÓŚŹŻÄÖÜÉÈÀÇÁČĎĚÍŇŘŠŤÚŮÝŽŐŰ")
_WORD = re.compile(r"[^\W\d_]+")


def _plausibility(text: str) -> float:
    """How far a decoded sample looks like words of a list: higher is better, per letter outside ASCII."""
    score = 0.0
    foreign = 0
    for letter in text:
        if letter > "\x7f" and not letter.isalpha():
            foreign += 1
            # Signs such as №, «, » and – do occur; box drawing and controls do not.
            score += 5 if letter in "№«»–—’“”„…°\xa0" else -60
    for word in _WORD.findall(text):
        high = sum(letter > "\x7f" for letter in word)
        if not high:
            continue
        foreign += high
        cyrillic = sum("Ѐ" <= letter <= "ӿ" for letter in word)
        if cyrillic:
            score += sum(_LETTERS.get(letter, -40) for letter in word.lower() if letter > "\x7f")
            if cyrillic != len(word):
                score -= 30 * len(word)
            # Reading KOI8 as Windows-1251 turns case inside out: small letters first, capitals after.
            turns = sum(a.islower() and b.isupper() for a, b in pairwise(word))
            score -= 80 * turns
            if len(word) > 1 and word[0].islower() and word[1:].isupper():
                score -= 40 * len(word)
        else:
            marked = sum(letter in _LATIN_MARKED for letter in word)
            score += 40 * marked - 60 * (high - marked)
            # A Latin word is mostly plain letters; one full of marks is Cyrillic read wrongly.
            if high * 2 > len(word):
                score -= 60 * high
    return score / foreign if foreign else 0.0


def guess_eight_bit(sample: bytes) -> str:
    """The eight-bit alphabet in which the sample reads most like words."""
    best, best_score = "cp1251", float("-inf")
    for name in _EIGHT_BIT:
        decoded = sample.decode(name, errors="replace")
        score = _plausibility(decoded)
        if score > best_score:
            best, best_score = name, score
    return best


class Probe:
    """Looks at every byte of a file once and tells the alphabet; fed piece by piece so that size does not matter."""

    def __init__(self) -> None:
        self._head = b""
        self._utf8 = codecs.getincrementaldecoder("utf-8")("strict")
        self._is_utf8 = True
        self._high = bytearray()
        self.size = 0

    def feed(self, piece: bytes) -> None:
        self.size += len(piece)
        if len(self._head) < 65_536:
            self._head += piece[: 65_536 - len(self._head)]
        if self._is_utf8:
            try:
                self._utf8.decode(piece)
            except UnicodeDecodeError:
                self._is_utf8 = False
        if len(self._high) < 200_000 and not piece.isascii():
            for line in piece.split(b"\n"):
                if not line.isascii():
                    self._high += line[:2_000] + b"\n"
                    if len(self._high) >= 200_000:
                        break

    def encoding(self) -> str:
        for bom, name in _BOMS:
            if self._head.startswith(bom):
                return name
        even, odd = self._head[0::2].count(0), self._head[1::2].count(0)
        half = max(1, len(self._head) // 2)
        # Without a mark UTF-16 still shows: ASCII signs (digits, delimiters) leave a zero in every second byte.
        if odd > half * 0.2 and odd > 8 * even:
            return "utf-16-le"
        if even > half * 0.2 and even > 8 * odd:
            return "utf-16-be"
        if self._is_utf8:
            try:
                self._utf8.decode(b"", final=True)
                return "utf-8"
            except UnicodeDecodeError:
                pass
        high = bytes(self._high)
        if not high:
            return "utf-8"
        # A few broken places in a UTF-8 file make those rows unreadable, not the whole file another alphabet.
        decoded = high.decode("utf-8", errors="replace")
        broken = decoded.count("�")
        whole = sum(letter > "\x7f" for letter in decoded) - broken
        if whole > 2 * broken:
            return "utf-8"
        return guess_eight_bit(high)


def looks_like_text(head: bytes, encoding: str) -> bool:
    """Whether the first bytes are a table in letters rather than a picture or a program."""
    text = head.decode(encoding, errors="replace")
    if not text:
        return True
    strange = sum((letter < " " and letter not in "\t\n\r\x0b\x0c\x1a\0") or letter == "\x7f" for letter in text)
    # NUL bytes alone make rows unreadable; a file full of them is no text.
    return strange <= len(text) * 0.02 + 2 and text.count("\0") <= len(text) * 0.2 + 4


# --- which delimiter --------------------------------------------------------------------------------------------------

_DELIMITERS = (",", ";", "\t", "|")
_HINT = re.compile(r"^\ufeff?sep=(.)\s*$", re.IGNORECASE)


def guess_delimiter(lines: list[str]) -> str:
    """The delimiter that gives most lines one and the same number of cells; a comma if none does."""
    if lines and (hint := _HINT.match(lines[0])):
        return hint[1]
    best, best_score = ",", 0.0
    filled = [line for line in lines if line.strip()]
    for delimiter in _DELIMITERS:
        widths = Counter(
            len(_cells_of(line, delimiter)[0]) if '"' in line else line.count(delimiter) + 1 for line in filled
        )
        widths.pop(1, 0)
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = times / len(filled) * (1 + min(width, 20) / 100)
        if score > best_score:
            best, best_score = delimiter, score
    return best


# --- which rows -------------------------------------------------------------------------------------------------------

# Lines without any of these signs need no second look: the quick way through a million rows.
_SPECIAL = re.compile('["\0\ufffd=@+]|-\\s*[A-Za-z_.]+\\s*[(|!]')
_FORMULA = re.compile(r"^\s*(?:=+\s*[^=\s]|[+\-@]\s*[A-Za-z_.]+\s*[(|!]|[+\-@]\s*'?[\w .]*'?!)")


def looks_like_formula(cell: str) -> bool:
    """Text that a spreadsheet would run. "+380..." (telephone), "-" (nothing) and "@name" (handle) are not formulas."""
    return bool(_FORMULA.match(cell))


def problem_of(cells: list[str]) -> str:
    """The reason for which a row of these cells is set aside, or ""."""
    for cell in cells:
        if len(cell) > LONGEST_CELL:
            return "cell_too_long"
    if len(cells) > MOST_COLUMNS:
        return "too_many_cells"
    joined = "\n".join(cells)
    if "\0" in joined:
        return "nul"
    if "\ufffd" in joined:
        return "unreadable"
    if _SPECIAL.search(joined) and any(looks_like_formula(cell) for cell in cells):
        return "formula"
    return ""


def _cells_of(record: str, delimiter: str) -> tuple[list[str], bool]:
    """The cells of one record and whether its quotation marks are balanced."""
    reader = csv.reader((record,), delimiter=delimiter, skipinitialspace=True, strict=False)
    try:
        return next(reader, []), True
    except csv.Error:
        return record.split(delimiter), False


def _lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None)
    readline = text.readline
    while line := readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise ListRefused("line_too_long", limit=f"{LONGEST_LINE:,}")
        yield line[:-1] if line.endswith("\n") else line


def first_lines(opener: Callable[[], BinaryIO], encoding: str, count: int) -> list[str]:
    with opener() as stream:
        found = []
        for line in _lines(stream, encoding):
            found.append(line)
            if len(found) >= count:
                break
        return found


def rows_of_text(opener: Callable[[], BinaryIO], encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Every row of the file in order. A quotation mark left open spoils its own row only."""
    with opener() as stream:
        source = _lines(stream, encoding)
        waiting: deque[str] = deque()
        number = 0
        special = _SPECIAL.search
        while True:
            if waiting:
                line = waiting.popleft()
            else:
                following = next(source, None)
                if following is None:
                    return
                line = following
            number += 1
            if number == 1 and (line.startswith("\ufeff") or _HINT.match(line)):
                line = "" if _HINT.match(line) else line[1:]
            if special(line) is None and len(line) <= LONGEST_CELL:
                cells = line.split(delimiter)
                yield RawRow(number, cells, "too_many_cells" if len(cells) > MOST_COLUMNS else "")
                continue
            if '"' not in line:
                cells = line.split(delimiter)
                yield RawRow(number, cells, problem_of(cells))
                continue
            closed = line.count('"') % 2 == 0
            if not closed:
                taken: list[str] = []
                length = len(line)
                while len(taken) < LONGEST_QUOTE_LINES and length < LONGEST_QUOTE:
                    more = waiting.popleft() if waiting else next(source, None)
                    if more is None:
                        break
                    taken.append(more)
                    length += len(more)
                    if more.count('"') % 2:
                        closed = True
                        break
                if closed:
                    whole = "\n".join((line, *taken))
                    # Two rows with one stray mark each look like one long cell: believe it only if the
                    # quotation opens where a cell begins and closes where a cell ends.
                    if _opens_and_closes(line, taken[-1], delimiter):
                        cells, closed = _cells_of(whole, delimiter)
                        yield RawRow(number, cells, problem_of(cells) if closed else "open_quote")
                        continue
                waiting.extendleft(reversed(taken))
                yield RawRow(number, line.split(delimiter), "open_quote")
                continue
            cells, closed = _cells_of(line, delimiter)
            yield RawRow(number, cells, problem_of(cells) if closed else "open_quote")


def _opens_and_closes(first: str, last: str, delimiter: str) -> bool:
    mark = re.escape(delimiter)
    return bool(re.search(rf'(?:^|{mark})\s*"(?:[^"]|"")*$', first)) and bool(
        re.search(rf'^(?:[^"]|"")*"\s*(?:{mark}|$)', last)
    )
