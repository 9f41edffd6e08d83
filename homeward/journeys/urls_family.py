"""Addresses of a family's journey. Short, and they say nothing: an address stays in the history of a telephone."""

from django.urls import path

from homeward.journeys import views_family as views

app_name = "journeys_family"
urlpatterns = [
    path("j", views.journey, name="journey"),
    path("j/here", views.here, name="here"),
    path("j/help", views.help_me, name="help"),
    path("j/paper.pdf", views.paper, name="paper"),
]
