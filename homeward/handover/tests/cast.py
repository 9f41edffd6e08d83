"""The cast of the handover: Hana and Ivo are officers, Wanda signs as witness; the family stands at the place of the handover."""

import io
import secrets
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw

from homeward.access.models import Staff
from homeward.handover import actions
from homeward.handover.actions import Car, Sheet
from homeward.handover.models import Arrival, Method, Outcome, Role
from homeward.handover.signatures import Signed
from homeward.lib import clock
from homeward.returns.models import Return, Says
from homeward.returns.tests.cast import COMER, accepted
from homeward.testing import make_staff


def hana() -> Staff:
    return make_staff("handover_officer")


def scribble() -> bytes:
    """A drawn line."""
    sheet = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(sheet).line((10, 90, 120, 10, 280, 70), fill="black", width=3)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def signed(*roles: Role) -> list[Signed]:
    wanted = roles or (Role.HANDING, Role.SECOND, Role.RECEIVER, Role.WITNESS)
    return [Signed(role, Method.DRAWN, f"Name {role.value}", scribble()) for role in wanted]


def expected(return_of: Return | None = None, *, level: int = 3) -> Arrival:
    one = return_of or accepted(level=level)
    return actions.expect(one, place="Dorohusk", at=clock.now() + timedelta(hours=1), by=hana())


def received(*, level: int = 3) -> Arrival:
    return actions.receive(expected(level=level), document_number=COMER.document_number, saw_face=True, by=hana())


def escorted(*, level: int = 3) -> Return:
    """In the convoy, and there."""
    arrival = received(level=level)
    now = clock.now()
    convoy = actions.plan_convoy(
        from_place="Dorohusk", to_place="Kyiv", leaves_at=now + timedelta(hours=2), arrives_at=now + timedelta(hours=12),
        cars=[Car("Van 1", 7)], escorts=[make_staff("escort")], by=hana(),
    )  # fmt: skip
    actions.seat_families(by=hana())
    actions.convoy_leaves(convoy, by=hana())
    one = Return.objects.get(pk=arrival.return_of_id)
    return one


def a_sheet(**changes: Any) -> Sheet:
    """Everything in order."""
    values: dict[str, Any] = {
        "receipt_id": secrets.token_hex(16), "outcome": Outcome.DONE, "happened_at": clock.now(), "place": "Kyiv",
        "says": Says.TO_GO, "asked_alone": True, "his_document": "card 12", "relative_document": COMER.document_number,
        "receiver": COMER.name, "identities_agree": True, "effects_agree": True, "signatures": signed(),
    }  # fmt: skip
    if "second_officer" not in changes:
        values["second_officer"] = hana()
    return Sheet(**{**values, **changes})
