from typing import ClassVar

from django.db import migrations

from homeward.lib.triggers import refuse

# A new key may re-seal what was said (its number is the second byte); with the same key nothing is written over.
_SAME_KEY = "substr(NEW.{0}, 2, 1) = substr(OLD.{0}, 2, 1)"


def _differs(*columns: str) -> tuple[str, str]:
    sqlite = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
    return sqlite, " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def _kept(table: str, columns: tuple[str, ...], sealed: tuple[str, ...]) -> list[migrations.RunPython]:
    sqlite, postgresql = _differs(*columns)
    for column in sealed:
        ours, theirs = _differs(column)
        # Words that were not there are not added later, nor are they taken away.
        same_key = f"COALESCE({_SAME_KEY.format(column)}, {{}})"
        sqlite += f" OR ({ours} AND {same_key.format('1')})"
        postgresql += f" OR ({theirs} AND {same_key.format('true')})"
    message = f"{table}: what was said is never changed"
    return [
        refuse(
            table,
            f"{table}_keeps",
            before="UPDATE",
            condition=f"({sqlite})",
            condition_postgresql=postgresql,
            message=message,
        ),
        refuse(table, f"{table}_stays", before="DELETE", condition="1", condition_postgresql="true", message=message),
    ]


_CHAIN = (
    "NEW.joined_into_id IS NOT NULL AND (EXISTS (SELECT 1 FROM register_entry WHERE joined_into_id = NEW.id) "
    "OR EXISTS (SELECT 1 FROM register_entry WHERE id = NEW.joined_into_id AND joined_into_id IS NOT NULL))"
)


class Migration(migrations.Migration):
    """Statements and events are kept as they were said; an entry joins only one that stands by itself."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("register", "0001_initial")]
    operations: ClassVar[list[migrations.RunPython]] = [
        *_kept(
            "register_statement",
            ("reference", "entry_id", "kind", "source_id", "batch", "row", "entered_by_id", "stated_at"),
            ("particulars", "doubts"),
        ),
        *_kept(
            "register_statusevent",
            ("reference", "entry_id", "kind", "happened_on", "source_id", "batch", "recorded_by_id", "recorded_at"),
            ("place", "note"),
        ),
        refuse(
            "register_entry",
            "register_entry_no_chain",
            before="UPDATE",
            condition=f"({_CHAIN})",
            condition_postgresql=_CHAIN,
            message="an entry is joined into one that stands by itself",
        ),
    ]
