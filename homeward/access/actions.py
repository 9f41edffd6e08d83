"""What is done to staff accounts."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from homeward.access.deeds import Deed
from homeward.access.models import RoleGrant, Staff
from homeward.access.roles import ROLES, conflict_in
from homeward.audit import actions as audit
from homeward.lib.refusals import Refusal


class RolesConflict(Refusal):
    """Two of the roles may not be held by one person."""


class NotOneself(Refusal):
    """Nobody changes her own rights."""


@transaction.atomic
def make_account(
    username: str, *, name: str, roles: Iterable[str], password: str | None, desk: str = "1", by: Staff | None
) -> Staff:
    """A new member of staff. `by` is None only for the first one, made on the machine itself."""
    staff = Staff(username=username, name=name, desk=desk)
    staff.set_password(password)
    staff.save()
    _hold(staff, roles, by=by)
    audit.record(Deed.ACCOUNT_MADE, by=by, about=staff.reference, detail=_roles_of(staff))
    return staff


@transaction.atomic
def change_account(staff: Staff, *, name: str, desk: str, roles: Iterable[str], is_active: bool, by: Staff) -> None:
    """Name, desk, roles, and whether the person may sign in. Closing ends every session at the next request."""
    if staff.pk == by.pk:
        raise NotOneself(_("Nobody changes her own rights. Ask another administrator."))
    was_active = staff.is_active
    staff.name, staff.desk, staff.is_active = name, desk, is_active
    staff.save(update_fields=["name", "desk", "is_active"])
    _hold(staff, roles, by=by)
    if was_active != is_active:
        audit.record(Deed.ACCOUNT_OPENED if is_active else Deed.ACCOUNT_CLOSED, by=by, about=staff.reference)
    audit.record(Deed.ROLES_SET, by=by, about=staff.reference, detail=_roles_of(staff))


def _roles_of(staff: Staff) -> dict[str, str]:
    return {"roles": ",".join(staff.role_codes)}


def _hold(staff: Staff, roles: Iterable[str], *, by: Staff | None) -> None:
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
