"""Opens a spreadsheet in a process of its own, so that a hostile file can take down nothing but this process.

Started by `workbooks.py` with a plain interpreter (nothing of the house is imported here): the file comes on
standard input, lines of JSON go to standard output. Memory, time and file size are limited before the file is touched.
"""

from __future__ import annotations

import datetime
import io
import json
import resource
import sys
from typing import Any

MEMORY = 1_600_000_000
SECONDS = 90
PREVIEW = 60


def written(cell: Any) -> str:
    """A cell as the text a person would read in it; days in the ISO form so that they cannot be mistaken."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def main() -> int:
    mode, index = sys.argv[1], int(sys.argv[2])
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    write = sys.stdout.write
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        if mode == "look":
            for position, about in enumerate(book.sheets_metadata):
                if "WorkSheet" not in str(about.typ):
                    continue
                sheet = book.get_sheet_by_index(position)
                start = sheet.start or (0, 0)
                rows: list[tuple[int, list[str]]] = []
                for number, row in enumerate(sheet.iter_rows(), start[0] + 1):
                    if len(rows) >= PREVIEW:
                        break
                    rows.append((number, [written(cell) for cell in row]))
                described = {
                    "index": position,
                    "name": about.name,
                    "height": sheet.height,
                    "width": sheet.width,
                    "hidden": "Visible" not in str(about.visible).split("."),
                    "rows": rows,
                }
                write(json.dumps(described) + "\n")
        else:
            sheet = book.get_sheet_by_index(index)
            start = sheet.start or (0, 0)
            for number, row in enumerate(sheet.iter_rows(), start[0] + 1):
                write(json.dumps((number, [written(cell) for cell in row])) + "\n")
        write('"end"\n')
    except PasswordError:
        return 3
    except (CalamineError, OSError, ValueError, IndexError):
        return 4
    except MemoryError:
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
