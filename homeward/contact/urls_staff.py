"""Addresses of messages to many and of call-backs."""

from django.urls import path

from homeward.contact import views_staff as views

app_name = "contact"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new", views.new, name="new"),
    path("call-backs", views.call_backs, name="call_backs"),
    path("call-backs/<str:reference>", views.call_back_done, name="call_back_done"),
    path("<str:reference>", views.campaign, name="campaign"),
    path("<str:reference>/approve", views.approve, name="approve"),
    path("<str:reference>/refuse", views.refuse, name="refuse"),
    path("<str:reference>/pause", views.pause, name="pause"),
    path("<str:reference>/resume", views.resume, name="resume"),
]
