"""Both under their own names, as the rail and the piles call them."""

from django.urls import include, path

urlpatterns = [
    path("audit/", include("homeward.oversight.urls_audit")),
    path("work/", include("homeward.oversight.urls_work")),
]
