"""Addresses of the returns room on the family site: short, and saying nothing."""

from django.urls import path

from homeward.returns import views_family as views

app_name = "returns_family"
urlpatterns = [
    path("coming", views.coming, name="coming"),
    path("coming/no", views.not_coming, name="not_coming"),
    path("coming/paper.pdf", views.paper, name="paper"),
    path("farewell", views.farewell, name="farewell"),
]
