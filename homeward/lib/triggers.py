"""Rules the database itself keeps, written once for both vendors and carried by migrations.

A later migration that alters a table on SQLite may make the table anew (Django does so for most changes), and
its triggers are gone with the old one: such a migration puts them back at its end. The tests by direct SQL notice.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.migrations.operations import RunPython

Statements = Sequence[str]


def by_vendor(make: Mapping[str, Statements], unmake: Mapping[str, Statements]) -> RunPython:
    """A migration step that runs the statements of the database at hand, and can be taken back."""

    def run(statements: Mapping[str, Statements]) -> Callable[[Any, Any], None]:
        def step(apps: Any, schema_editor: Any) -> None:
            for statement in statements[schema_editor.connection.vendor]:
                schema_editor.execute(statement, params=None)

        return step

    return RunPython(run(make), run(unmake))


def refuse(
    table: str, name: str, *, before: str, condition: str, message: str, condition_postgresql: str | None = None
) -> RunPython:
    """A trigger that refuses an operation on a table when the SQL condition over OLD and NEW holds.

    `before` is INSERT, UPDATE or DELETE. The condition is the same on both databases unless a second one is given;
    it may hold sub-queries.
    """
    make = {
        "sqlite": [
            f"CREATE TRIGGER {name} BEFORE {before} ON {table} FOR EACH ROW WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        ],
        "postgresql": [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition_postgresql or condition} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {'OLD' if before == 'DELETE' else 'NEW'}; END $$",
            f"CREATE TRIGGER {name} BEFORE {before} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ],
    }
    return by_vendor(make, _unmake(table, [name], functions=[name]))


def append_only(table: str, *, updates: bool = True) -> list[RunPython]:
    """Rows of the table can be added, never changed (unless `updates` is False) nor removed."""
    message = f"{table} is append-only"
    forbidden = [*(["update"] if updates else []), "delete", "truncate"]
    names = [f"{table}_no_{verb}" for verb in forbidden]
    make = {
        "sqlite": [
            f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for name, verb in zip(names, forbidden, strict=True)
            if verb != "truncate"  # SQLite has none
        ],
        "postgresql": [
            f"CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            *(
                f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {table}_refuses()"
                for name, verb in zip(names, forbidden, strict=True)
            ),
        ],
    }
    return [by_vendor(make, _unmake(table, names, functions=[f"{table}_refuses"]))]


def _unmake(table: str, triggers: Sequence[str], functions: Sequence[str]) -> dict[str, Statements]:
    return {
        "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name in triggers],
        "postgresql": [
            *(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in triggers),
            *(f"DROP FUNCTION IF EXISTS {name}()" for name in functions),
        ],
    }
