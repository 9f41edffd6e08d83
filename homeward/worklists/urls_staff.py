"""The first page of the staff site."""

from django.urls import path

from homeward.worklists import views_staff as views

app_name = "worklists"
urlpatterns = [path("", views.home, name="home")]
