import pytest
from django.test import Client

from homeward.access import actions
from homeward.access.models import Staff
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _training(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]


def test_roles_that_watch_each_other_are_refused_together() -> None:
    with pytest.raises(actions.RolesConflict):
        make_staff("verifier", "approver")


def test_nobody_changes_her_own_rights() -> None:
    adam = make_staff("administrator")

    with pytest.raises(actions.NotOneself):
        actions.change_account(adam, name="Adam", desk="1", roles=["registrar"], is_active=True, by=adam)


def test_an_account_is_made_and_closed_through_the_pages() -> None:
    client = sign_in(Client(), make_staff("administrator"))
    form = {"username": "nora", "name": "Nora", "desk": "2", "password": "a-long-pass-phrase", "roles": ["tracer"]}

    client.post("/staff/new", form)

    nora = Staff.objects.get(username="nora")
    assert nora.role_codes == ["tracer"]
    client.post(f"/staff/{nora.reference}", {"name": "Nora", "desk": "2", "roles": ["tracer"]})
    nora.refresh_from_db()
    assert not nora.is_active


@pytest.mark.parametrize("password", ["short", "password1234", "nora-nora-nora"])
def test_a_weak_password_is_refused_and_nothing_typed_is_lost(password: str) -> None:
    client = sign_in(Client(), make_staff("administrator"))
    form = {"username": "nora-nora-nora", "name": "Nora Long", "desk": "2", "password": password, "roles": ["tracer"]}

    answer = client.post("/staff/new", form)

    assert answer.status_code == 200
    assert "Nora Long" in answer.content.decode()
    assert not Staff.objects.filter(name="Nora Long").exists()


def test_the_language_is_remembered_with_the_account(client: Client) -> None:
    staff = make_staff("tracer")
    sign_in(client, staff).post("/language", {"language": "uk", "next": "/keys"})

    assert "Клавіші" in client.get("/keys").content.decode()


def test_a_language_change_never_leads_to_another_site(client: Client) -> None:
    answer = client.post("/language", {"language": "uk", "next": "https://elsewhere.example/"})

    assert answer.headers["Location"] == "/"


def test_the_password_is_asked_for_again_before_sign_in_keys_change(client: Client, settings: object) -> None:
    settings.TESTING = False  # type: ignore[attr-defined]  # as it runs: faults become calm pages
    nora = make_staff("tracer")
    nora.set_password("a-long-pass-phrase")
    nora.save()
    client.post("/accounts/login/", {"login": nora.username, "password": "a-long-pass-phrase"})
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0, "username": nora.username}]
    session.save()

    answer = client.get("/accounts/2fa/totp/activate/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
