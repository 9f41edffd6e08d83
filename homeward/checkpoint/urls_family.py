"""Addresses of the checkpoint room on the family site: short, and saying nothing."""

from django.urls import path

from homeward.checkpoint import views_family as views

app_name = "checkpoint_family"
urlpatterns = [path("paper/<str:reference>.pdf", views.paper, name="paper")]
