"""Addresses of the register."""

from django.urls import path

from homeward.register import views_staff as views

app_name = "register"
urlpatterns = [
    path("", views.listing, name="list"),
    path("doubtful", views.doubtful, name="doubtful"),
    path("new", views.new, name="new"),
    path("<str:reference>", views.person, name="person"),
    path("<str:reference>/correct/<str:code>", views.correct, name="correct"),
    path("<str:reference>/event", views.event, name="event"),
    path("<str:reference>/event/<str:event>/cancel", views.cancel_event, name="cancel_event"),
    path("<str:reference>/similar", views.similar, name="similar"),
    path("<str:reference>/apart", views.apart, name="apart"),
    path("<str:reference>/join", views.join, name="join"),
    path("<str:reference>/separate", views.separate, name="separate"),
    path("<str:reference>/settle", views.settle, name="settle"),
    path("<str:reference>/card.pdf", views.card, name="card"),
]
