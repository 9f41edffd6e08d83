"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from homeward import __version__
from homeward.access.models import Staff
from homeward.config.rail import rail_for


def house(request: HttpRequest) -> dict[str, Any]:
    """The site, whether this is training, and the left rail of a member of staff."""
    context: dict[str, Any] = {
        "site": settings.SITE,
        "training": settings.TRAINING,
        "house_version": __version__,
        "source_address": settings.SOURCE or reverse("source"),
    }
    if settings.SITE == "family":
        context["tongues"] = settings.FAMILY_LANGUAGES
        context["bureau_name"], context["bureau_telephone"] = settings.BUREAU_NAME, settings.BUREAU_TELEPHONE
    user = getattr(request, "user", None)
    if settings.SITE == "staff" and isinstance(user, Staff):
        context["rail"] = rail_for(user, request.path)
        context["rights"] = {right.value.replace(".", "_"): True for right in user.rights}
    return context
