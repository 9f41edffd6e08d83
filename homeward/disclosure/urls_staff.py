"""Addresses of the disclosure room."""

from django.urls import path

from homeward.disclosure import views_kinship as kinship
from homeward.disclosure import views_papers as papers
from homeward.disclosure import views_scams as scams
from homeward.disclosure import views_staff as views

app_name = "disclosure"
urlpatterns = [
    path("", views.listing, name="list"),
    path("kinship", kinship.listing, name="kinships"),
    path("kinship/decide/<str:reference>", kinship.decide, name="decide_kinship"),
    path("kinship/decide/<str:reference>/refuse", kinship.refuse, name="refuse_kinship"),
    path("kinship/evidence/<str:reference>/aside", kinship.set_aside, name="set_aside"),
    path("kinship/<str:reference>", kinship.kinship, name="kinship"),
    path("kinship/<str:reference>/evidence", kinship.add_evidence, name="add_evidence"),
    path("kinship/<str:reference>/raise", kinship.raise_level, name="raise_level"),
    path("kinship/<str:reference>/lower", kinship.lower, name="lower_level"),
    path("kinship/<str:reference>/statement", kinship.statement, name="statement"),
    path("papers", papers.listing, name="papers"),
    path("papers/decide/<str:reference>", papers.decide, name="decide_paper"),
    path("papers/decide/<str:reference>/refuse", papers.refuse, name="refuse_paper"),
    path("papers/issue/<str:reference>", papers.issue, name="issue_paper"),
    path("papers/revoke/<str:reference>", papers.revoke, name="revoke_paper"),
    path("scams", scams.listing, name="scams"),
    path("scams/warning/end", scams.end, name="end_warning"),
    path("scams/warning/<str:reference>", scams.decide, name="decide_warning"),
    path("scams/<str:reference>", scams.wave, name="scam_wave"),
    path("calls", views.calls, name="calls"),
    path("calls/<str:reference>", views.call, name="call"),
    path("propose/<str:reference>", views.propose, name="propose"),
    path("decide/<str:reference>", views.decide, name="decide"),
    path("decide/<str:reference>/refuse", views.refuse, name="refuse"),
]
