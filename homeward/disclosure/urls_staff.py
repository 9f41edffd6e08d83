"""Addresses of the disclosure room."""

from django.urls import path

from homeward.disclosure import views_staff as views

app_name = "disclosure"
urlpatterns = [
    path("", views.listing, name="list"),
    path("calls", views.calls, name="calls"),
    path("calls/<str:reference>", views.call, name="call"),
    path("propose/<str:reference>", views.propose, name="propose"),
    path("decide/<str:reference>", views.decide, name="decide"),
    path("decide/<str:reference>/refuse", views.refuse, name="refuse"),
]
