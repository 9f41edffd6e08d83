"""The lines of the change log."""

from collections.abc import Iterable

from django.db import connection, models

from homeward.lib import clock
from homeward.lib.turn import take_turn


class Side(models.TextChoices):
    """The two sides that are matched with each other."""

    REGISTER = "register", "register"
    SOUGHT = "sought", "sought"


class Change(models.Model):
    """Something matchable changed on one side. Carries a reference only; kept as long as the row it names."""

    number = models.BigAutoField(primary_key=True)
    side = models.CharField(max_length=8, choices=Side.choices)
    reference = models.CharField(max_length=20)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(side__in=Side.values), name="change_has_a_side")]

    def __str__(self) -> str:
        return f"change {self.number}"


def note_changes(side: str, references: Iterable[str]) -> None:
    """Write one line for each reference. Call it inside the transaction that makes the change."""
    take_turn()
    moment = clock.now()
    table = connection.ops.quote_name(Change._meta.db_table)
    at = connection.ops.adapt_datetimefield_value(moment)
    with connection.cursor() as cursor:
        # By hand: a list of a million rows writes a million of these, and an object for each took a tenth of the time.
        cursor.executemany(
            f"INSERT INTO {table} (side, reference, happened_at) VALUES (%s, %s, %s)",  # noqa: S608 - our own name
            [(str(side), reference, at) for reference in references],
        )


def latest_number() -> int:
    """The number of the newest line; 0 while there is none."""
    newest = Change.objects.order_by("-number").values_list("number", flat=True).first()
    return newest or 0
