"""Addresses of the access room."""

from django.urls import path

from homeward.access import views_staff as views

app_name = "access"
urlpatterns = [
    path("", views.staff, name="staff"),
    path("alarms", views.alarms, name="alarms"),
    path("alarms/<str:reference>", views.lift, name="lift"),
    path("new", views.new, name="new"),
    path("<str:reference>", views.change, name="change"),
]
