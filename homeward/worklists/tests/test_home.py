import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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


@pytest.mark.both_databases
@pytest.mark.parametrize("role", list(ROLES))
def test_however_many_piles_a_home_costs_twelve_queries_at_most(role: str, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    client = sign_in(Client(), make_staff(role))

    with CaptureQueriesContext(connection) as asked:
        client.get("/")

    sent = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(sent) <= 12, "\n".join(each[:300] for each in sent)
