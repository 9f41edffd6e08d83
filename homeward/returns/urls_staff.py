"""Addresses of the returns room."""

from django.urls import path

from homeward.returns import views_staff as views

app_name = "returns"
urlpatterns = [
    path("", views.listing, name="list"),
    path("lists/new", views.new_list, name="new_list"),
    path("lists/<str:reference>", views.release, name="release"),
    path("lists/<str:reference>/propose", views.propose, name="propose"),
    path("lists/<str:reference>/off/<str:one>", views.take_off, name="take_off"),
    path("decide/<str:reference>", views.decide, name="decide"),
    path("decide/<str:reference>/refuse", views.refuse, name="refuse"),
    path("papers/<str:reference>", views.decide_paper, name="decide_paper"),
    path("papers/<str:reference>/refuse", views.refuse_paper, name="refuse_paper"),
    path("notices", views.notices, name="notices"),
    path("notices/<str:reference>/sent", views.notice_sent, name="notice_sent"),
    path("notices/<str:reference>/acknowledged", views.notice_acknowledged, name="notice_acknowledged"),
    path("notices/<str:reference>.pdf", views.notice_paper, name="notice_paper"),
    path("dead", views.dead, name="dead"),
    path("dead/begin/<str:reference>", views.begin, name="begin"),
    path("dead/<str:reference>", views.remains, name="remains"),
    path("dead/<str:reference>/ready", views.remains_ready, name="remains_ready"),
    path("dead/<str:reference>/give", views.remains_give, name="remains_give"),
    path("dead/<str:reference>/record", views.record_death, name="record_death"),
    path("dead/<str:reference>/notification.pdf", views.death_paper, name="death_paper"),
    path("packets/<str:reference>/seal", views.seal_packet, name="seal_packet"),
    path("packets/<str:reference>.pdf", views.packet_paper, name="packet_paper"),
    path("entry/<str:reference>/packet", views.list_packet, name="list_packet"),
    path("<str:reference>", views.one, name="one"),
    path("<str:reference>/wish", views.wish, name="wish"),
    path("<str:reference>/withdraw", views.withdraw, name="withdraw"),
    path("<str:reference>/invite", views.invite, name="invite"),
    path("<str:reference>/paper", views.propose_paper, name="propose_paper"),
    path("<str:reference>/answer", views.answer, name="answer"),
    path("<str:reference>/fitness", views.fitness, name="fitness"),
    path("<str:reference>/suspend", views.suspend, name="suspend"),
    path("<str:reference>/resume", views.resume, name="resume"),
    path("<str:reference>/revoke", views.revoke, name="revoke"),
]
