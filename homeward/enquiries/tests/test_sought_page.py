"""The page of a sought person."""

import pytest
from django.test import Client

from homeward.enquiries.tests.cast import make_enquiry
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def training(settings):
    settings.TRAINING = True


def test_all_enquiries_about_him_stand_side_by_side(client: Client) -> None:
    first = make_enquiry()
    make_enquiry(sought=first.sought, facts={"surname": "Zubrytsky", "given": "Ostap"})

    answer = sign_in(client, make_staff("tracer")).get(first.sought.get_absolute_url())

    assert answer.status_code == 200
    assert "Зубрицький" in answer.content.decode()
    assert "Zubrytsky" in answer.content.decode()
