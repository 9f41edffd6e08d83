"""What a room puts on its own table so that no row of it can stand without an approval over the same content."""

from django.db.migrations.operations import RunPython

from homeward.lib.triggers import refuse


def approved_proposal_sql(
    *, kind: str, proposal: str = "proposal_id", payload_hash: str | None = "payload_hash", subject: str | None = None
) -> str:
    """The SQL condition "the new row names no approved proposal of that kind over the same hash (and subject)".

    The names are columns of the table the trigger stands on. The same text serves SQLite and PostgreSQL.
    """
    same = f" AND p.payload_hash = NEW.{payload_hash}" if payload_hash else ""
    same += f" AND p.subject = NEW.{subject}" if subject else ""
    return (  # column names from migrations, nothing a person typed
        f"NOT EXISTS (SELECT 1 FROM decisions_proposal p WHERE p.id = NEW.{proposal} AND p.kind = '{kind}' "  # noqa: S608
        "AND p.approved_at IS NOT NULL AND p.approved_by_id IS NOT NULL AND p.voided_at IS NULL "
        f"AND p.approved_by_id <> p.proposed_by_id{same})"
    )


def require_approval(
    table: str,
    *,
    kind: str,
    when: str = "",
    proposal: str = "proposal_id",
    payload_hash: str | None = "payload_hash",
    subject: str | None = None,
) -> list[RunPython]:
    """Migration steps: the database refuses to insert or update a row without its approval.

    `when` limits the rule to some rows, an SQL condition over NEW such as "NEW.state = 'approved'". Let the migration
    depend on ("decisions", "0002_two_people").
    """
    missing = approved_proposal_sql(kind=kind, proposal=proposal, payload_hash=payload_hash, subject=subject)
    condition = f"({when}) AND {missing}" if when else missing
    return [
        refuse(
            table,
            f"{table}_approved_{verb.lower()}",
            before=verb,
            condition=condition,
            message=f"{table} needs the approval of a second person",
        )
        for verb in ("INSERT", "UPDATE")
    ]
