"""Lists that come in: camps', hospitals' and partners' spreadsheets, as they are.

This room opens a file (CSV, XLSX, ODS, XLS), finds out what its columns mean, reads its cells as typed values
with their doubts, shows a dry run, and carries the rows into the room that owns them, in the background, exactly once.
It promises that no row is lost: when a batch is done, new + updated + unchanged + rejected equals the rows of the file,
and the rejected ones download with the reason beside each. It knows nothing of register entries or enquiries:
the room that owns the rows hands in a `Target` (`target.py`) when the house starts.

What an owning room does
------------------------
1.  Write `<room>/lists.py` with a class that fulfils `homeward.intake.target.Target` and, in the room's
    `AppConfig.ready()`, call `homeward.intake.target.offer(TheTarget())`.
2.  `fields`: the `Field(code, label, kind)` it takes. Use the codes of `homeward.intake.columns.KNOWN_FIELDS` where they fit,
    for those are guessed from headers in six languages:
    `own_id full_name surname given patronymic born born_place birthplace unit rank service_number father mother_maiden
    sex status status_on place captured_on captured_at deceased_on health camp power next_of_kin address remarks aliases
    enquirer_name enquirer_relation enquirer_phone enquirer_email enquirer_telegram enquirer_address enquirer_language
    last_news_on last_news marks sightings`. A `FULL_NAME` column also fills surname, given and
    patronymic (with a doubt where the order is not plain).
3.  `check(row)`: a reason code if the row cannot be taken at all (no name), else "". Pure: it is called in the dry run too.
4.  `apply(batch, rows, by=)`: called inside the transaction of the chunk (500 rows), with rows that are new (`row.known == ""`)
    or known from the same source with other facts (`row.known` is the reference you returned for it earlier). Write everything with
    `bulk_create`, note the changes (`note_changes`), and return one `Outcome` per row in the same order. Do not write audit lines here: intake
    writes one per chunk. Do not open your own transaction, do not catch database errors. Unchanged and repeated rows never reach you.
    What came before must stay recoverable: keep `batch.reference` beside each fact you write.
5.  `undo(batch, new=, updated=, by=)`: take back what this batch did to those references, again within the chunk's transaction;
    return the references that must stay (someone has worked on them since), which are then listed as kept.
6.  `url_of(reference)`: the staff page of a row, or "".
7.  Mount the pages: `path("register/lists/", include(staff_urls("register", Right.REGISTER_IMPORT)))` with `homeward.intake.urls_staff.staff_urls`;
    the names are `register-lists`, `register-list` ... (`<target code>-list...`).
8.  The command: `class Command(ImportCommand): target = "register"; source_option = "--source"` with
    `homeward.intake.command.ImportCommand`.

What a row looks like
---------------------
`row.values` maps field codes to typed values: `str` for texts, `FoundDate` for dates (`.iso` is "1990-05-28", "1990-05", "1990",
"~1985" or "" when doubtful, `.text` is what was written), `Coded(code, text)` for rank, status, health, sex, relation and yes/no. Empty cells are
absent, not empty strings. `row.doubts` are `Doubt(field, code, text)`; a doubt's sentence is `doubt_sentence(code)`. `row.key` and `row.digest` are
keyed hashes: who this row is about within its source, and everything it says.

When is a row the same as an earlier one of the same source? If the list carries its own number (`own_id`), by that number;
else by the target's `identity` fields, provided all of `identity_needs` are filled; else only by its whole content, so that people
who cannot be told apart are never written over each other. A second row with the same key in one file is unchanged if it says the same and is
rejected (`repeated`) if it says something else.
"""
