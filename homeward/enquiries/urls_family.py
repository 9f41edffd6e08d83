"""Addresses of the family's own pages. They are short and say nothing: an address stays in the history of a telephone."""

from django.urls import path

from homeward.enquiries import views_family as views

app_name = "enquiries_family"
urlpatterns = [
    path("b", views.come_back, name="come_back"),
    path("c", views.state, name="state"),
    path("leave", views.leave, name="leave"),
    path("n", views.nothing, name="nothing"),
]
