"""The family site. No staff page has an address here, and the process that serves it holds no register key."""

from django.urls import URLPattern, URLResolver, path

from homeward.config.rooms import room
from homeward.config.views import family_home, healthy, set_language, source

handler404 = "homeward.config.views.not_found"
handler403 = "homeward.config.views.forbidden"
handler400 = "homeward.config.views.bad_request"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", family_home, name="home"),
    path("healthy", healthy, name="healthy"),
    path("language", set_language, name="set_language"),
    path("source", source, name="source"),
    *room("family", "", "enquiries"),
    *room("family", "", "contact"),
    *room("family", "", "disclosure"),
    *room("family", "", "returns"),
    *room("family", "", "correspondence"),
    *room("family", "", "journeys"),
    *room("family", "", "checkpoint"),
    *room("family", "", "handover"),
    *room("family", "", "calls"),
    *room("family", "", "hotline"),
    *room("family", "", "partners"),
]
