"""Addresses of the disclosure room on the family site."""

from django.urls import path

from homeward.disclosure import views_family as views

app_name = "disclosure_family"
urlpatterns = [
    path("verify", views.verify, name="verify"),
]
