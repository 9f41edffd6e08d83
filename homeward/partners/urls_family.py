"""Addresses of the partners' interface, beside the family site: this process holds no key of the register."""

from typing import Any

from django.urls import path

from homeward.partners import views_family as views
from homeward.partners.api import api


def _guarded() -> list[Any]:
    patterns: list[Any] = list(api.urls[0])
    for pattern in patterns:
        # Each checks the partner's key itself; the description is for everybody.
        pattern.callback.guard = "partner"
    return patterns


app_name = "partners_family"
urlpatterns = [
    path("partners", views.description, name="description"),
    path("partners/v1/", (_guarded(), "partners_api", "partners_api")),
]
