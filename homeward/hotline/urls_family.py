"""Addresses the hosted provider asks."""

from django.urls import path

from homeward.hotline import views_family as views

app_name = "hotline_family"
urlpatterns = [
    path("hotline/call", views.call, name="call"),
    path("hotline/keys", views.keys, name="keys"),
    path("hotline/said", views.said, name="said"),
    path("hotline/recorded", views.recorded, name="recorded"),
    path("hotline/ended", views.ended, name="ended"),
]
