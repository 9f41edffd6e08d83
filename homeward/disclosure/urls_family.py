"""Addresses of the disclosure room on the family site."""

from django.urls import path

from homeward.disclosure import views_family as views

app_name = "disclosure_family"
urlpatterns = [
    path("c/open", views.open_answer, name="open"),
    path("c/keep", views.keep, name="keep"),
    path("c/away", views.put_away, name="put_away"),
    path("report", views.report_scam, name="report"),
    path("verify", views.verify, name="verify"),
]
