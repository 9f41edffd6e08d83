"""What stands before every view: no guard, no entry; refusals as calm pages; the headers of every answer."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from homeward.access.models import Staff
from homeward.lib import clock
from homeward.lib.refusals import Refusal

log = logging.getLogger("homeward")
Handler = Callable[[HttpRequest], HttpResponse]

# Views of the sign-in library that are routed on purpose; they do their own checks.
_SIGN_IN = ("allauth.account.", "allauth.mfa.", "allauth.decorators")


class GuardMiddleware:
    """Refuses every view that does not say who may enter."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let guarded, open and sign-in views pass; close all others."""
        if getattr(view, "guard", None) is not None or view.__module__.startswith(_SIGN_IN):
            return None
        log.error("a view without a guard was asked for: %s.%s", view.__module__, view.__name__)
        return render(request, f"{settings.SITE}/403.html", status=403)


class SecondFactorMiddleware:
    """Outside training, staff without a second factor are led to set one up and may do nothing else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            not settings.TRAINING
            and isinstance(user, Staff)
            and not request.path.startswith(("/accounts/", "/static/"))
            and not user.authenticator_set.exists()  # type: ignore[attr-defined]
        ):
            return redirect(reverse("mfa_index"))
        return self.get_response(request)


class StillHereMiddleware:
    """A session lasts as long as somebody works. Noted once a minute: a write for every page would cost each its own wait."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.TRAINING and not request.session.is_empty():
            minute = int(clock.now().timestamp()) // 60
            if request.session.get("here") != minute:
                request.session["here"] = minute
        return self.get_response(request)


class StaffLanguageMiddleware:
    """Staff pages speak the language the person chose; strangers get the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Staff):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or "en"
        return self.get_response(request)


class RefusalMiddleware:
    """Shows a refusal that no view caught as a calm page; an unforeseen fault gets a number, logged with it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for a refusal and, outside tests, for a fault."""
        if isinstance(exception, Refusal):
            context = {"sentence": str(exception)}
            return render(request, f"{settings.SITE}/refusal.html", context, status=exception.status)
        if type(exception).__name__ in ("Http404", "PermissionDenied") or type(exception).__module__.startswith(
            "allauth."
        ):
            # Django and the sign-in library have their own answers to these (asking for the password again, say).
            return None
        if settings.DEBUG or settings.TESTING:
            return None
        number = secrets.token_hex(4)
        # Only where it happened, never what was in it: a traceback's values may be a person's data.
        trace = exception.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        log.error("fault %s: %s at %s", number, type(exception).__name__, where)
        return render(request, f"{settings.SITE}/500.html", {"number": number}, status=500)


class NoNullMiddleware:
    """Refuses the zero sign wherever it could reach a query: no person types it, and PostgreSQL takes it in no text."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.path + request.META.get("QUERY_STRING", "")
        if "\x00" in asked or "%00" in asked:
            return HttpResponseBadRequest("The address holds a sign that cannot be read.", content_type="text/plain")
        if request.content_type == "application/json" and b"\\u0000" in request.body:
            refusal = {"detail": "The text holds a sign that cannot be read."}
            return JsonResponse(refusal, status=400)
        return self.get_response(request)


class HeadersMiddleware:
    """The headers SECURITY.md §3.12 asks for on every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        # A page that needs the camera says so itself.
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
        )
        return response
