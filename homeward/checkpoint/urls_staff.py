"""Addresses of the checkpoint room."""

from django.urls import path

from homeward.checkpoint import views_staff as views

app_name = "checkpoint"
urlpatterns = [
    path("", views.today, name="today"),
    path("passes", views.listing, name="passes"),
    path("passes/new", views.propose, name="propose"),
    path("passes/decide/<str:reference>", views.decide, name="decide"),
    path("passes/decide/<str:reference>/refuse", views.refuse, name="refuse"),
    path("passes/<str:reference>", views.one, name="pass"),
    path("passes/<str:reference>/revoke", views.revoke, name="revoke"),
    path("passes/<str:reference>/paper.pdf", views.paper, name="paper"),
    path("lists", views.make_list, name="make_list"),
    path("lists/<str:reference>/kit.json", views.list_file, name="list_file"),
    path("logs", views.merge, name="merge"),
    path("kit/", views.kit, name="kit"),
    path("kit/<str:name>", views.kit, name="kit_file"),
]
