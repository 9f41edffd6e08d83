"""Addresses of the journeys room on the staff site."""

from django.urls import path

from homeward.journeys import views_staff as views

app_name = "journeys"
urlpatterns = [
    path("", views.board, name="board"),
    path("plan", views.plan, name="plan"),
    path("plan/choose", views.choose, name="choose"),
    path("new-ways", views.new_ways, name="new_ways"),
    path("new-ways/release-all", views.release_all, name="release_all"),
    path("new-ways/<str:reference>/release", views.release, name="release"),
    path("new-ways/<str:reference>/drop", views.drop, name="drop"),
    path("alarms/<str:reference>/settle", views.settle, name="settle"),
    path("network", views.network, name="network"),
    path("network/places/<str:code>", views.place, name="place"),
    path("network/legs/<str:code>", views.leg, name="leg"),
    path("network/closures", views.closures, name="closures"),
    path("network/closures/new", views.close, name="close"),
    path("network/closures/<str:reference>/lift", views.lift, name="lift"),
    path("j/<str:reference>", views.journey, name="journey"),
    path("j/<str:reference>/send", views.send, name="send"),
    path("j/<str:reference>/here", views.check_in, name="check_in"),
    path("j/<str:reference>/wrong", views.wrong, name="wrong"),
    path("j/<str:reference>/end", views.end, name="end"),
    path("j/<str:reference>/people", views.people, name="people"),
    path("j/<str:reference>/names", views.take_names, name="take_names"),
    path("j/<str:reference>/follow", views.follow, name="follow"),
    path("j/<str:reference>/paper.pdf", views.paper, name="paper"),
]
