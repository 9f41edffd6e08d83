"""Reception, convoy and handover through the staff pages, with pictures of the signatures and no script."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localtime

from homeward.handover.models import Arrival, Convoy, FollowUp, Handover
from homeward.handover.tests.cast import scribble
from homeward.lib import clock
from homeward.returns.models import Return, State
from homeward.returns.tests.cast import COMER, accepted
from homeward.testing import make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _training(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]


def moment(hours: int) -> str:
    return localtime(clock.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def sheet(second: int, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "receipt_id": "ab" * 16, "outcome": "done", "place": "Kyiv", "second_officer": second, "asked_alone": "on",
        "says": "to_go", "his_document": "card", "relative_document": COMER.document_number, "receiver": COMER.name,
        "identities_agree": "on", "effects_agree": "on", "goes_to": "Lviv",
    }  # fmt: skip
    for role in ("handing", "second_officer", "receiver", "witness"):
        values[f"{role}_name"] = f"Name {role}"
        values[f"{role}_file"] = SimpleUploadedFile("s.png", scribble(), "image/png")
    return {**values, **changes}


def test_from_the_meeting_point_to_the_receipt() -> None:
    one = accepted(level=3)
    hana, escort, second = make_staff("handover_officer"), make_staff("escort"), make_staff("handover_officer")
    client = sign_in(Client(), hana)

    client.post(f"/handover/expect/{one.reference}", {"place": "DORO", "at": moment(1)})
    arrival = Arrival.objects.get()
    assert COMER.document_number not in client.get(f"/handover/arrivals/{arrival.reference}").content.decode()
    client.post(f"/handover/arrivals/{arrival.reference}", {"document_number": "fa-123456", "saw_face": "on"})
    client.post(
        "/handover/convoys/new",
        {"from_place": "DORO", "to_place": "KYIV", "leaves_at": moment(2), "arrives_at": moment(12),
         "escorts": [escort.pk], "car-TOTAL_FORMS": "1", "car-INITIAL_FORMS": "0", "car-0-label": "Van 1",
         "car-0-seats": "7"},
    )  # fmt: skip
    client.post("/handover/seats")
    convoy = Convoy.objects.get()
    theirs = sign_in(Client(), escort)
    assert COMER.name in theirs.get(f"/handover/convoys/{convoy.reference}").content.decode()
    assert theirs.get(f"/handover/convoys/{convoy.reference}/sheet.pdf").content.startswith(b"%PDF")
    theirs.post(f"/handover/convoys/{convoy.reference}/left")
    theirs.post(f"/handover/convoys/{convoy.reference}/came")
    assert theirs.get(f"/handover/sheet/{one.reference}").status_code == 403
    assert 'value="Kyiv"' in client.get(f"/handover/sheet/{one.reference}").content.decode()
    answer = client.post(f"/handover/sheet/{one.reference}", sheet(second.pk), follow=True)

    one.refresh_from_db()
    assert one.state == State.HANDED_OVER, answer.content.decode()
    handover = Handover.objects.get()
    assert client.get(f"/handover/records/{handover.reference}/uk.pdf").content.startswith(b"%PDF")
    for page in ("/handover/", "/handover/contacts", f"/handover/records/{handover.reference}"):
        assert client.get(page).status_code == 200
    contact = FollowUp.objects.order_by("due_on")[0]
    client.post(f"/handover/contacts/{contact.reference}", {"outcome": "well", "note": "slept"})
    contact.refresh_from_db()
    assert contact.outcome == "well"


def test_the_page_sends_the_same_sheet_twice_and_is_told_what_is_missing() -> None:
    from homeward.handover.tests.cast import escorted

    one = escorted()
    hana, second = make_staff("handover_officer"), make_staff("handover_officer")
    client = sign_in(Client(), hana)
    address, as_json = f"/handover/sheet/{one.reference}", {"HTTP_ACCEPT": "application/json"}

    refused = client.post(address, sheet(second.pk, identities_agree=""), **as_json)
    blank = sheet(second.pk, witness_file=SimpleUploadedFile("s.png", b"no picture", "image/png"))
    unreadable = client.post(address, blank, **as_json)
    done = [client.post(address, sheet(second.pk), **as_json).json() for _ in range(2)]

    assert (refused.status_code, refused.json()["ok"]) == (409, False)
    assert unreadable.status_code == 409
    assert done[0] == done[1]
    assert done[0]["ok"]
    assert Handover.objects.count() == 1
    assert Return.objects.get().state == State.HANDED_OVER
