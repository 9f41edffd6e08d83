"""The background work."""

from django.urls import path

from homeward.oversight import views_staff as views

app_name = "work"
urlpatterns = [
    path("", views.jobs, name="list"),
    path("<slug:reference>/restart", views.restart, name="restart"),
    path("<slug:reference>/stop", views.stop, name="stop"),
]
