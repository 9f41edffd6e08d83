"""Addresses of the tracing room."""

from django.urls import path

from homeward.tracing import views_staff as views

app_name = "tracing"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("questions", views.questions, name="questions"),
    path("questions/<str:reference>", views.answer, name="answer"),
    path("candidates-now", views.candidates_now, name="candidates_now"),
    path("<str:reference>", views.compare, name="compare"),
    path("<str:reference>/same", views.same, name="same"),
    path("<str:reference>/not-the-same", views.not_the_same, name="not_the_same"),
    path("<str:reference>/unsure", views.unsure, name="unsure"),
    path("<str:reference>/undo", views.undo, name="undo"),
]
