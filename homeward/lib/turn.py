"""One writer at a time, where the order of numbers must be the order in which they become visible."""

from django.db import connection

_LOCK = 0x686F6D65  # any fixed number: "home"


def take_turn() -> None:
    """Wait until no other transaction holds the turn; held to the end of this transaction.

    On PostgreSQL a later number can be committed before an earlier one, and a reader that follows the numbers would
    step over the gap. SQLite needs nothing: its transactions begin IMMEDIATE, so there is one writer anyway.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("take_turn() holds only inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
