import pytest
from django.test import Client

from homeward.access.roles import ROLES
from homeward.testing import make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(ROLES))
def test_each_role_has_a_home(role: str, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]

    answer = sign_in(Client(), make_staff(role)).get("/")

    assert answer.status_code == 200


def test_a_tracer_sees_only_her_own_piles(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]

    page = sign_in(Client(), make_staff("tracer")).get("/").content.decode()

    assert "Pairs to judge" in page
    assert "Answers to decide" not in page
