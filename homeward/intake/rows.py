"""From cells to rows: typed values, doubts, and the keyed hashes by which a row is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from homeward.intake.columns import fold_header
from homeward.intake.target import Doubt, Field, Kind, Row, Target
from homeward.intake.texts import RawRow
from homeward.intake.values import FoundDate, Parsed, Value, reader_of, split_name, tidy


class RowReader:
    """Reads the rows of one list with its columns as confirmed. Made once per run; used a million times."""

    def __init__(
        self, target: Target, columns: Sequence[str], *, header: Sequence[str], key: bytes, this_year: int
    ) -> None:
        fields = {field.code: field for field in target.fields}
        self._columns: list[tuple[int, Field, Callable[[str], Parsed]]] = sorted(
            (
                (index, fields[code], reader_of(fields[code].kind, this_year=this_year))
                for index, code in enumerate(columns)
                if code in fields
            ),
            # By field, so that a list with its columns in another order says the same.
            key=lambda column: (column[1].code, column[0]),
        )
        # Cells beyond the table are a shifted row; columns without a header still belong to the table.
        self._width = max(len(columns), len(header))
        self._shortest = max((index for index, _field, _read in self._columns), default=0) + 1
        self._header = [fold_header(cell) for cell in header if cell.strip()]
        self._header_starts = frozenset(cell.strip() for cell in header if cell.strip())
        self._key = key
        self._target = target
        self._identity = target.identity
        self._needs = target.identity_needs
        self._own_id = any(field.code == "own_id" for _index, field, _read in self._columns)

    def read(self, raw: RawRow) -> tuple[Row, str]:
        """The row, and the reason for setting it aside or ""."""
        number, cells, problem = raw
        row = Row(number, cells)
        if problem:
            return row, problem
        width = len(cells)
        if width > self._width and any(cell.strip() for cell in cells[self._width :]):
            return row, "too_many_cells"
        values = row.values
        doubts: list[Doubt] = []
        told: list[str] = []
        for index, field, read in self._columns:
            if index >= width:
                continue
            text = cells[index]
            if not text:
                continue
            text = tidy(text)
            if not text:
                continue
            told.append(f"{field.code}\x1f{text}")
            if field.code in values:
                # Several columns of remarks stand side by side; of other things a list may have one column only.
                if field.kind is Kind.TEXT:
                    values[field.code] = f"{row.text(field.code)}; {text}"
                continue
            value, doubt = read(text)
            if value is not None:
                values[field.code] = value
            if doubt:
                doubts.append(Doubt(field.code, doubt, text))
        if not values:
            return row, "nothing"
        whole = values.get("full_name")
        if isinstance(whole, str):
            self._split(whole, values, doubts)
        # The quick look first: folding each of a million rows would cost more than reading it.
        if not self._header_starts.isdisjoint(cells) and self._repeats_header(cells):
            return row, "header_again"
        if width < self._shortest:
            doubts.append(Doubt("", "row_short", ""))
        row.doubts = tuple(doubts)
        digest = hashlib.blake2b("\x1e".join(told).encode("utf-8", "surrogatepass"), digest_size=16, key=self._key)
        row.digest = digest.digest()
        row.key = self._key_of(row)
        return row, self._target.check(row)

    @staticmethod
    def _split(text: str, values: dict[str, Value], doubts: list[Doubt]) -> None:
        # A list that also has the parts in columns of their own knows better.
        if "surname" in values and "given" in values:
            return
        parts = split_name(text)
        for code, part in (("surname", parts.surname), ("given", parts.given), ("patronymic", parts.patronymic)):
            if part and code not in values:
                values[code] = part
        if not parts.sure:
            doubts.append(Doubt("full_name", "name_order", text))

    def _repeats_header(self, cells: Sequence[str]) -> bool:
        return [fold_header(cell) for cell in cells if cell.strip()] == self._header

    def _key_of(self, row: Row) -> bytes:
        if self._own_id and (own := row.text("own_id")):
            told = "id\x1f" + own
        elif all(self._fills(row, code) for code in self._needs):
            told = "who\x1f" + "\x1f".join(row.text(code).casefold() for code in self._identity)
        else:
            # Nobody can say whether this is the one of an earlier list: only the same words are the same row.
            return hashlib.blake2b(b"all" + row.digest, digest_size=16, key=self._key).digest()
        return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16, key=self._key).digest()

    @staticmethod
    def _fills(row: Row, code: str) -> bool:
        value = row.values.get(code)
        if isinstance(value, FoundDate):
            return len(value.iso) == 10
        return bool(value)


def filled_rows(rows: Iterator[RawRow], header_row: int) -> Iterator[RawRow]:
    """The rows below the header that hold anything at all: these are the rows of the list, none may be lost."""
    for row in rows:
        if row.number > header_row and any(cell and not cell.isspace() for cell in row.cells):
            yield row
