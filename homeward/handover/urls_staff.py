"""Addresses of the handover room."""

from django.urls import path

from homeward.handover import views_staff as views

app_name = "handover"
urlpatterns = [
    path("", views.listing, name="list"),
    path("worker.js", views.worker, name="worker"),
    path("token", views.token, name="token"),
    path("expect/<str:reference>", views.expect, name="expect"),
    path("arrivals/<str:reference>", views.arrival, name="arrival"),
    path("arrivals/<str:reference>/not", views.not_received, name="not_received"),
    path("arrivals/<str:reference>/seat", views.seat, name="seat"),
    path("seats", views.seats, name="seats"),
    path("convoys/new", views.new_convoy, name="new_convoy"),
    path("convoys/<str:reference>", views.convoy, name="convoy"),
    path("convoys/<str:reference>/left", views.convoy_left, name="convoy_left"),
    path("convoys/<str:reference>/came", views.convoy_came, name="convoy_came"),
    path("convoys/<str:reference>/sheet.pdf", views.convoy_paper, name="convoy_paper"),
    path("sheet/<str:reference>", views.sheet, name="sheet"),
    path("records/<str:reference>", views.record, name="record"),
    path("records/<str:reference>/sign", views.sign, name="sign"),
    path("records/<str:reference>/<str:language>.pdf", views.receipt_paper, name="receipt_paper"),
    path("contacts", views.contacts, name="contacts"),
    path("contacts/<str:reference>", views.contact, name="contact"),
]
