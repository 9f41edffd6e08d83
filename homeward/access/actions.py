"""What is done to staff accounts."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from homeward.access.models import RoleGrant, Staff
from homeward.access.roles import ROLES, conflict_in
from homeward.lib.refusals import Refusal


class RolesConflict(Refusal):
    """Two of the roles may not be held by one person."""


@transaction.atomic
def make_account(
    username: str, *, name: str, roles: Iterable[str], password: str | None, desk: str = "1", by: Staff | None
) -> Staff:
    """A new member of staff. `by` is None only for the first one, made on the machine itself."""
    staff = Staff(username=username, name=name, desk=desk)
    staff.set_password(password)
    staff.save()
    set_roles(staff, roles, by=by)
    return staff


@transaction.atomic
def set_roles(staff: Staff, roles: Iterable[str], *, by: Staff | None) -> None:
    """The person holds exactly these roles from now on."""
    wanted = [code for code in ROLES if code in set(roles)]
    pair = conflict_in(wanted)
    if pair:
        labels = {"first": ROLES[pair[0]].label, "second": ROLES[pair[1]].label}
        raise RolesConflict(_("One person cannot be both %(first)s and %(second)s.") % labels)
    staff.grants.exclude(role__in=wanted).delete()
    held = set(staff.grants.values_list("role", flat=True))
    RoleGrant.objects.bulk_create(
        [RoleGrant(staff=staff, role=code, granted_by=by) for code in wanted if code not in held]
    )
    staff.__dict__.pop("_roles_held", None)
