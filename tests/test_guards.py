"""Every address of the staff site asked for as a stranger and as every role: the role table is the only truth."""

import pytest
from django.test import Client

from homeward.access.models import Staff
from homeward.access.rights import Right
from homeward.access.roles import ROLES
from homeward.testing import make_staff, sign_in
from tests.addresses import Address, addresses_of

pytestmark = pytest.mark.django_db

STAFF = addresses_of("staff")
OPEN_BY_DESIGN = {
    "healthy", "set_language", "account_login", "account_logout", "account_reauthenticate", "account_change_password",
    "account_signup", "account_reset_password", "account_email",
    "source",
}  # fmt: skip


def _guard(address: Address) -> object:
    return getattr(address.view, "guard", None)


def test_every_view_says_who_may_enter() -> None:
    unguarded = [
        address.name
        for address in STAFF
        if _guard(address) is None and not address.view.__module__.startswith(("allauth.account.", "allauth.mfa."))
    ]

    assert unguarded == []


def test_only_the_listed_views_are_open() -> None:
    opened = {address.name for address in STAFF if _guard(address) == "anyone"}

    assert opened <= OPEN_BY_DESIGN


@pytest.mark.parametrize("address", [each for each in STAFF if _guard(each) != "anyone"], ids=lambda a: a.name)
def test_strangers_are_led_to_sign_in(address: Address, client: Client) -> None:
    for answer in (client.get(address.path), client.post(address.path)):
        if address.view.__module__.startswith("allauth."):
            # The sign-in library's own pages: a stranger gets the sign-in page or nothing, never an account's page.
            assert answer.status_code in (200, 302, 404, 405)
            continue
        # A wrong method may be refused before anybody is asked who he is.
        assert answer.status_code in (302, 405)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/accounts/login/")


GUARDED = [each for each in STAFF if isinstance(_guard(each), tuple)]


@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_enters_where_its_rights_say_and_nowhere_else(role: str, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    staff = make_staff(role)
    client = sign_in(Client(), staff)
    wrong = []
    for address in GUARDED:
        rights: tuple[Right, ...] = _guard(address)  # type: ignore[assignment]
        may = bool(set(rights) & ROLES[role].rights)
        for method in ("get", "post"):
            status = getattr(client, method)(address.path).status_code
            # Inside, anything but a fault may answer: the reference names nothing, the form is empty.
            if status == 405:
                continue
            entered = status not in (302, 403) or (status == 302 and may)
            if entered != may and not (may and status == 403):
                wrong.append((address.name, method, status))
            if status >= 500 and status != 503:
                wrong.append((address.name, method, status))

    assert wrong == []


def test_a_closed_account_enters_nowhere(client: Client) -> None:
    staff = make_staff("registrar")
    sign_in(client, staff)
    Staff.objects.filter(pk=staff.pk).update(is_active=False)

    assert client.get("/keys").status_code == 302


def test_without_a_second_factor_nothing_opens_outside_training(client: Client, settings: object) -> None:
    settings.TRAINING = False  # type: ignore[attr-defined]
    sign_in(client, make_staff("registrar"))

    answer = client.get("/keys")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/2fa/"


def test_every_answer_carries_the_headers(client: Client) -> None:
    answer = client.get("/accounts/login/")

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store" or "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_family_site_has_no_staff_address() -> None:
    family = addresses_of("family")

    assert {"/", "/healthy", "/language", "/b", "/c", "/leave"} <= {address.path for address in family}
    assert [
        each.name for each in family if "views_staff" in each.view.__module__ or "allauth" in each.view.__module__
    ] == []
    assert {_guard(each) for each in family} <= {"anyone", "family", "partner"}
