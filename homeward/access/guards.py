"""The guard at every door."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from homeward.access.models import Staff
from homeward.access.rights import Right

View = TypeVar("View", bound=Callable[..., HttpResponse])


class SignedInRequest(HttpRequest):
    """A request whose guard has passed: `user` is a member of staff."""

    user: Staff  # type: ignore[assignment]


def requires(*rights: Right) -> Callable[[View], View]:
    """Open to signed-in staff holding at least one of the rights; 403 for other staff, sign-in for strangers."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, Staff) or not user.is_active:
                return _to_sign_in(request)
            if not any(user.may(right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.guard = rights  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def any_staff(view: View) -> View:
    """Open to every signed-in member of staff, whatever the role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, Staff) or not request.user.is_active:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.guard = "staff"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def open_to_anyone(view: View) -> View:
    """Open without sign-in: for the family site's pages and the few that must be."""
    view.guard = "anyone"  # type: ignore[attr-defined]
    return view


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    # The path goes along so that work continues where it stopped; it carries references, never names.
    return redirect(f"{reverse('account_login')}?next={request.path}")
