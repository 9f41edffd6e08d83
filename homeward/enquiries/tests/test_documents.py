"""The family's photos and papers on the staff side: the right role, a reason, a line in the log."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from homeward.access.roles import ROLES
from homeward.audit.models import Event
from homeward.enquiries import actions_family, pictures
from homeward.enquiries.models import Document
from homeward.enquiries.tests.cast import make_enquiry
from homeward.testing import make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def training(settings):
    settings.TRAINING = True


def photo(size: tuple[int, int] = (400, 300)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("role", ["case_worker", "kin_verifier"])
def test_they_are_shown_for_a_reason_that_is_recorded(role: str, client: Client) -> None:
    enquiry = make_enquiry()
    document = actions_family.add_document([photo()], kind=Document.Kind.KINSHIP, enquiry=enquiry)
    sign_in(client, make_staff(role))
    address = f"/enquiries/{enquiry.reference}/documents"

    assert "data:image" not in client.get(address).content.decode()
    assert "data:image" not in client.post(address, {"purpose": "curiosity"}).content.decode()
    assert not Event.objects.filter(deed="enquiries.document_read").exists()
    assert "data:image/jpeg" in client.post(address, {"purpose": "kinship"}).content.decode()

    event = Event.objects.get(deed="enquiries.document_read")
    assert (event.about, event.purpose) == (enquiry.reference, "kinship")
    assert document.reference in event.detail


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"case_worker", "kin_verifier"}))
def test_nobody_else_sees_them(role: str, client: Client) -> None:
    enquiry = make_enquiry()
    actions_family.add_document([photo()], kind=Document.Kind.PHOTO, enquiry=enquiry)
    sign_in(client, make_staff(role))

    assert client.post(f"/enquiries/{enquiry.reference}/documents", {"purpose": "kinship"}).status_code == 403


def test_another_desk_does_not_know_of_them(client: Client) -> None:
    enquiry = make_enquiry()
    actions_family.add_document([photo()], kind=Document.Kind.PHOTO, enquiry=enquiry)
    sign_in(client, make_staff("case_worker", desk="2"))

    assert client.get(f"/enquiries/{enquiry.reference}/documents").status_code == 404


def test_who_looks_is_written_over_the_picture() -> None:
    with Image.open(BytesIO(pictures.marked(photo(), "1234-5678-9012-3"))) as looked_at:
        assert len(looked_at.getcolors(1_000_000) or []) > 10
