"""The staff site. Rooms mount their own pages; what stands here and in them is all there is (no admin)."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from homeward.access.guards import open_to_anyone
from homeward.config.rooms import room
from homeward.config.views import healthy, keys_help, not_found, set_language, source

handler404 = "homeward.config.views.not_found"
handler403 = "homeward.config.views.forbidden"
handler400 = "homeward.config.views.bad_request"


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthy", healthy, name="healthy"),
    path("language", set_language, name="set_language"),
    path("source", source, name="source"),
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
    *room("staff", "", "worklists"),
    *room("staff", "enquiries/", "enquiries"),
    *room("staff", "register/", "register"),
    *room("staff", "lists/", "intake"),
    *room("staff", "tracing/", "tracing"),
    *room("staff", "answers/", "disclosure"),
    *room("staff", "messages/", "contact"),
    *room("staff", "returns/", "returns"),
    *room("staff", "letters/", "correspondence"),
    *room("staff", "journeys/", "journeys"),
    *room("staff", "checkpoint/", "checkpoint"),
    *room("staff", "handover/", "handover"),
    *room("staff", "partners/", "partners"),
    *room("staff", "video/", "calls"),
    *room("staff", "calls/", "hotline"),
    *room("staff", "staff/", "access"),
    *room("staff", "", "oversight"),
]
