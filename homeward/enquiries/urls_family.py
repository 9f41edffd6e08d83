"""Addresses of the family's own pages. They are short and say nothing: an address stays in the history of a telephone."""

from django.urls import path

from homeward.enquiries import views_family as views
from homeward.enquiries import views_family_ask as asking
from homeward.enquiries import views_family_wishes as wishes

app_name = "enquiries_family"
urlpatterns = [
    path("a", asking.start, name="start"),
    path("a/<int:number>", asking.ask, name="ask"),
    path("a/x", asking.take_away, name="take_away"),
    path("a/w", asking.words, name="words"),
    path("b", views.come_back, name="come_back"),
    path("c", views.state, name="state"),
    path("c/q/<str:reference>", views.answer, name="answer"),
    path("c/t", views.tell, name="tell"),
    path("c/p", views.papers, name="papers"),
    path("c/r", views.relative, name="relative"),
    path("c/w", views.new_words, name="new_words"),
    path("c/m", wishes.wishes, name="wishes"),
    path("c/m/n", wishes.not_at_all, name="not_at_all"),
    path("c/e", views.erase, name="erase"),
    path("leave", views.leave, name="leave"),
    path("n", views.nothing, name="nothing"),
]
