"""Addresses of the lists that come in."""

from django.urls import path

from homeward.intake import views_staff

app_name = "intake"
urlpatterns = [
    path("", views_staff.lists, name="list"),
    path("receive", views_staff.receive, name="receive"),
    path("<str:reference>/", views_staff.batch, name="batch"),
    path("<str:reference>/columns", views_staff.columns, name="columns"),
    path("<str:reference>/sheet", views_staff.sheet, name="sheet"),
    path("<str:reference>/dry-run", views_staff.dry_run, name="dry-run"),
    path("<str:reference>/start", views_staff.start, name="start"),
    path("<str:reference>/stop", views_staff.stop, name="stop"),
    path("<str:reference>/undo", views_staff.undo, name="undo"),
    path("<str:reference>/doubtful", views_staff.doubtful, name="doubtful"),
    path("<str:reference>/rejected.csv", views_staff.rejected, name="rejected"),
]
