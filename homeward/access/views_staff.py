"""Pages of the administrator: who works here and with which rights."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeward.access import actions, reading
from homeward.access.forms import NewStaffForm, RolesForm
from homeward.access.guards import SignedInRequest, requires
from homeward.access.models import ReadingAlarm, Staff
from homeward.access.rights import Right
from homeward.access.roles import ROLES
from homeward.lib.refusals import Refusal


@requires(Right.STAFF_MANAGE)
@require_safe
def staff(request: SignedInRequest) -> HttpResponse:
    """Everybody, with roles."""
    people = [
        (person, [ROLES[grant.role].label for grant in person.grants.all() if grant.role in ROLES])
        for person in Staff.objects.prefetch_related("grants").order_by("-is_active", "name")[:500]
    ]
    return render(request, "access/staff/staff.html", {"people": people})


@requires(Right.STAFF_MANAGE)
def new(request: SignedInRequest) -> HttpResponse:
    """A new account."""
    form = NewStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.make_account(
                said["username"], name=said["name"], roles=said["roles"], password=said["password"],
                desk=said["desk"], by=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The account is made."))
            return redirect("access:staff")
    return render(request, "access/staff/account.html", {"form": form})


@requires(Right.STAFF_MANAGE)
def change(request: SignedInRequest, reference: str) -> HttpResponse:
    """Roles of an account."""
    person = get_object_or_404(Staff, reference=reference)
    initial = {"name": person.name, "desk": person.desk, "roles": person.role_codes, "is_active": person.is_active}
    form = RolesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_account(person, **form.cleaned_data, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Changed."))
            return redirect("access:staff")
    return render(request, "access/staff/account.html", {"form": form, "person": person})


@requires(Right.STAFF_MANAGE)
@require_safe
def alarms(request: SignedInRequest) -> HttpResponse:
    """Who opened very many records, the open alarms first."""
    shown = ReadingAlarm.objects.select_related("staff", "lifted_by").order_by(
        F("lifted_at").desc(nulls_first=True), "-pk"
    )
    return render(request, "access/staff/alarms.html", {"alarms": shown[:100]})


@requires(Right.STAFF_MANAGE)
@require_POST
def lift(request: SignedInRequest, reference: str) -> HttpResponse:
    """She was asked and may go on."""
    try:
        reading.lift(get_object_or_404(ReadingAlarm, reference=reference), by=request.user)
        messages.success(request, _("Settled. Counting begins anew."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("access:alarms")
