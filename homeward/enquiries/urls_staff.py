"""Addresses of the enquiries room."""

from django.urls import path

from homeward.enquiries import views_staff as views
from homeward.enquiries import views_staff_wishes as wishes

app_name = "enquiries"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new", views.file, name="file"),
    path("earlier", views.earlier, name="earlier"),
    path("questions", views.questions, name="questions"),
    path("questions/<str:reference>", views.answer, name="answer"),
    path("sought/<str:reference>", views.sought, name="sought"),
    path("sought/<str:reference>/join", views.join, name="join"),
    path("joinings/<str:reference>/undo", views.undo_joining, name="undo_joining"),
    path("<str:reference>", views.enquiry, name="enquiry"),
    path("<str:reference>/change", views.change, name="change"),
    path("<str:reference>/contacts", views.contacts, name="contacts"),
    path("<str:reference>/documents", views.documents, name="documents"),
    path("<str:reference>/sighting", views.sighting, name="sighting"),
    path("<str:reference>/separate", views.separate, name="separate"),
    path("<str:reference>/wishes", wishes.wishes, name="wishes"),
    path("<str:reference>/wishes/none", wishes.not_at_all, name="not_at_all"),
    path("<str:reference>/withdraw", views.withdraw, name="withdraw"),
]
