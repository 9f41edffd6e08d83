"""Addresses of the hotline."""

from django.urls import path

from homeward.hotline import views_staff as views

app_name = "hotline"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("next", views.take_next, name="take_next"),
    path("state", views.set_state, name="set_state"),
    path("draft", views.draft, name="draft"),
    path("earlier", views.earlier, name="earlier"),
    path("file", views.file, name="file"),
    path("digits", views.digits, name="digits"),
    path("number", views.number, name="number"),
    path("distress", views.distress, name="distress"),
    path("hung-up", views.hung_up, name="hung_up"),
    path("end", views.end, name="end"),
    path("words", views.care_words, name="care_words"),
    path("owed", views.call_backs, name="call_backs"),
    path("owed/psychologist", views.care_queue, name="care_queue"),
    path("owed/hand-on", views.hand_on, name="hand_on"),
    path("owed/<str:reference>/take", views.take_call_back, name="take_call_back"),
    path("messages", views.spoken, name="messages"),
    path("messages/<str:reference>", views.listen, name="listen"),
    path("board", views.board, name="board"),
    path("board/now", views.board_now, name="board_now"),
    path("board/surge", views.surge, name="surge"),
    path("board/export", views.export, name="export"),
]
