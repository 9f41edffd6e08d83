"""Lists that come in: camps', hospitals' and partners' spreadsheets, as they are.

This room opens a file (CSV, XLSX, ODS, XLS), finds out what its columns mean, reads its cells as typed values with
their doubts, shows a dry run, and carries the rows into the room that owns them, in the background, exactly once.
It promises that no row is lost: when a batch is done, new + updated + unchanged + rejected equals the rows of the
file, and the rejected ones download with the reason beside each. It knows nothing of register entries or enquiries:
the room that owns the rows hands in a `Target` (`target.py`) when the house starts.

What an owning room does
------------------------
1. It writes `<room>/lists.py` with a class that fulfils `intake.target.Target` and calls `intake.target.offer(...)` in
   its `AppConfig.ready()`.
2. `fields`: what it takes. The codes of `intake.columns.KNOWN_FIELDS` are guessed from headers in six languages. A
   `FULL_NAME` column also fills surname, given and patronymic, with a doubt where the order is not plain.
3. `check(row)`: a reason code if the row cannot be taken at all, else "". Pure: the dry run calls it too.
4. `apply(batch, rows, by=)`: called inside the transaction of the chunk (500 rows), with rows that are new
   (`row.known == ""`) or known from the same source with other facts (`row.known` is the reference returned for it
   earlier). It writes with `bulk_create`, notes the changes, and returns one `Outcome` per row in the same order. The
   audit line of the chunk, the transaction and the counts are this room's; unchanged and repeated rows never reach it.
   What came before must stay recoverable, so `batch.reference` is kept beside each fact.
5. `undo(batch, new=, updated=, by=)`: takes back what this batch did to those references, in the chunk's transaction,
   and returns those that must stay because someone has worked on them since.
6. `url_of(reference)`: the staff page of a row, or "".
7. Its command is `class Command(intake.command.ImportCommand)` with `target` and `source_option`. The pages are this
   room's own (`lists/`), open to whoever may import that kind of list.

What a row looks like
---------------------
`row.values` maps field codes to typed values: `str` for texts, `FoundDate(iso, text)` for dates (`iso` is
"1990-05-28", "1990-05", "1990", "~1985", or "" when doubtful), `Coded(code, text)` for words of closed sets. Empty
cells are absent. `row.doubts` are `Doubt(field, code, text)`; `doubt_sentence(code)` puts one in words. `row.key` and
`row.digest` are keyed hashes: who the row is about within its source, and everything it says.

When is a row the same as an earlier one of the same source? If the list carries its own number (`own_id`), by that
number; else by the target's `identity` fields, provided that all of `identity_needs` are filled (a date: to the day);
else only by its whole content, so that people who cannot be told apart are never written over each other. A second row
with the same key in one file is unchanged if it says the same, and rejected (`repeated`) if it says something else.
Each of these rules makes the second import of a file change nothing.

What is refused: docs of each reason are its sentence in `refusals.py`. A file is refused whole when it is no table, is
not what its name says, is protected, carries macros, unpacks to too much, or holds formulas in the chosen sheet (their
results are nobody's word). A row alone is set aside when a cell is longer than 10,000 characters, looks like a
formula, has NUL bytes or letters that cannot be read, or when the row is shifted.
"""
