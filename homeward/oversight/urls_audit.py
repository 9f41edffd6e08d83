"""The log."""

from django.urls import path

from homeward.oversight import views_staff as views

app_name = "audit"
urlpatterns = [path("", views.log, name="list")]
