"""Builders for tests: one small cast everywhere, so a reader knows who may see what."""

import itertools

from django.test import Client

from homeward.access.actions import make_account
from homeward.access.models import Staff

_numbers = itertools.count(1)


def make_staff(*roles: str, desk: str = "1", name: str = "") -> Staff:
    """A member of staff with these roles; conflicting ones are refused as in life."""
    number = next(_numbers)
    return make_account(
        f"staff{number}", name=name or f"Staff {number}", roles=roles, password=None, desk=desk, by=None
    )


def sign_in(client: Client, staff: Staff) -> Client:
    """The client, signed in."""
    client.force_login(staff, backend="homeward.access.backends.StaffBackend")
    return client
