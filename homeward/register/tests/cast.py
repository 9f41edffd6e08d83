"""The cast of this room's tests: invented men on invented lists."""

from homeward.access.models import Staff
from homeward.intake import actions as intake
from homeward.intake.models import Batch, Source
from homeward.register import actions
from homeward.register.models import Entry, EventKind
from homeward.testing import make_staff

OREST = {
    "surname": "Вигаданко",
    "given": "Орест",
    "patronymic": "Лук'янович",
    "born": "1991-04-07",
    "birthplace": "Тихоріг",
    "unit": "00417",
    "rank": "солдат",
    "power": "Aldania",
}
HEADER = "id,surname,given,patronymic,dob,unit,status,status date,camp\n"
FIRST = HEADER + (
    "N-1,Вигаданко,Орест,Лук'янович,07.04.1991,00417,полон,01.03.2026,Camp North\n"
    "N-2,Домислюк,Панас,,31.02.1990,,загинув,2026-05,\n"
    "N-3,,,,1988,00012,,,\n"
)


def enter(by: Staff, **changes: str) -> Entry:
    """An entry from a capture card."""
    return actions.enter_capture_card({**OREST, **changes}, by=by)


def happen(entry: Entry, kind: EventKind, on: str, by: Staff, **more: str) -> None:
    """Something happened to him."""
    entry.refresh_from_db()
    actions.record_event(entry, kind=kind, happened_on=on, version=entry.version, by=by, **more)


def take_in(text: str, by: Staff | None = None, *, source: str = "Camp North", name: str = "list.csv") -> Batch:
    """Bring a list in from its bytes to its last row, as a registrar does."""
    by = by or make_staff("registrar")
    sender: Source = intake.source_called(source, target="register", by=by)
    batch = intake.receive([text.encode()], name, target="register", by=by, source=sender)
    intake.confirm_columns(batch, batch.columns, source=sender, by=by)
    batch = intake.start(batch, by=by, in_background=False)
    return intake.run(batch)


def take_back(batch: Batch, by: Staff | None = None) -> Batch:
    """Undo a list to its end."""
    return intake.run_undo(intake.undo(batch, by=by or make_staff("registrar"), in_background=False))
