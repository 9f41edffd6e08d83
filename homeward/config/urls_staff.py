"""The staff site. Rooms mount their own pages; what stands here and in them is all there is (no admin)."""

from importlib.util import find_spec

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from homeward.access.guards import open_to_anyone
from homeward.config.views import healthy, keys_help, not_found, set_language

handler404 = "homeward.config.views.not_found"
handler403 = "homeward.config.views.forbidden"
handler400 = "homeward.config.views.bad_request"


def _room(prefix: str, room: str) -> list[URLPattern | URLResolver]:
    module = f"homeward.{room}"
    return (
        [path(prefix, include(f"{module}.urls_staff"))]
        if module in settings.ROOMS and find_spec(f"{module}.urls_staff")
        else []
    )


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthy", healthy, name="healthy"),
    path("language", set_language, name="set_language"),
    path("keys", keys_help, name="keys_help"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    # The library asks for these names; nobody may sign up or reset by mail, so they are not there.
    path("accounts/signup/", open_to_anyone(not_found), name="account_signup"),
    path("accounts/password/reset/", open_to_anyone(not_found), name="account_reset_password"),
    path("accounts/email/", open_to_anyone(not_found), name="account_email"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    *_room("", "worklists"),
    *_room("enquiries/", "enquiries"),
    *_room("register/", "register"),
    *_room("lists/", "intake"),
    *_room("tracing/", "tracing"),
    *_room("answers/", "disclosure"),
    *_room("staff/", "access"),
    *_room("", "oversight"),
]
