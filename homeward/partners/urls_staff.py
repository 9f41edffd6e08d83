"""Addresses of the partners room on the staff site."""

from django.urls import path

from homeward.partners import views_staff as views

app_name = "partners"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new", views.new, name="new"),
    path("pfif", views.bring, name="bring"),
    path("records", views.records, name="records"),
    path("records/<str:reference>/decide", views.decide, name="decide"),
    path("records/<str:reference>/end", views.end_clearance, name="end_clearance"),
    path("<str:reference>", views.partner, name="partner"),
    path("<str:reference>/key", views.make_key, name="make_key"),
    path("<str:reference>/end", views.end_keys, name="end_keys"),
]
