"""Pages that belong to no room: the first family page, language, errors, a sign of life."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from homeward import __version__
from homeward.access.guards import SignedInRequest, any_staff, open_to_anyone
from homeward.access.models import Staff
from homeward.config.source import archive, fingerprint


@open_to_anyone
@require_safe
def healthy(request: HttpRequest) -> HttpResponse:
    """'ok' while this process can reach the database; for the supervisor and the reverse proxy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@open_to_anyone
@require_safe
def family_home(request: HttpRequest) -> HttpResponse:
    """What this is, who runs it, what it costs (nothing)."""
    return render(request, "family/home.html")


@open_to_anyone
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on: remembered with the account, else in a cookie."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Staff):
        Staff.objects.filter(pk=request.user.pk).update(language=chosen)
    translation.activate(chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Strict", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@any_staff
@require_safe
def keys_help(request: SignedInRequest) -> HttpResponse:
    """Which keys do what."""
    return render(request, "staff/keys.html")


@open_to_anyone
@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """The source code of what serves this very page."""
    answer = HttpResponse(archive(), content_type="application/gzip")
    name = f"homeward-{__version__}-{fingerprint()}.tar.gz"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What is not there and what may not be seen look exactly alike."""
    return render(request, f"{settings.SITE}/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A right is missing."""
    return render(request, f"{settings.SITE}/403.html", status=403)


def forged_or_stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or from one that stood open too long."""
    return render(request, f"{settings.SITE}/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The browser sent something that cannot be read."""
    return render(request, f"{settings.SITE}/400.html", status=400)
