"""Correcting a field without losing what stood there."""

import pytest
from django.urls import reverse

from homeward.audit.models import Event
from homeward.lib.changes.models import Change
from homeward.register import actions, queries
from homeward.register.models import Entry, Statement
from homeward.register.particulars import UNKNOWN
from homeward.register.tests.cast import FIRST, enter, take_in
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def story_of(entry, code):
    stories = [story for _label, stories in queries.card_of(entry).parts for story in stories]
    return next(story for story in stories if story.field.code == code)


def test_what_stood_there_stays_with_its_source():
    ada, bea = make_staff("registrar", name="Ada"), make_staff("registrar", name="Bea")
    entry = enter(ada)

    actions.correct_field(entry, code="given", value="Остап", version=0, by=bea)

    story = story_of(entry, "given")
    assert story.text == "Остап"
    assert [(word.text, word.statement.entered_by.name) for word in story.words] == [("Остап", "Bea"), ("Орест", "Ada")]
    assert Statement.objects.count() == 2


def test_a_name_corrected_is_matched_anew_and_a_rank_is_not():
    ada = make_staff("registrar")
    entry = enter(ada)
    before = Change.objects.count()

    entry = actions.correct_field(entry, code="rank", value="сержант", version=0, by=ada)
    assert Change.objects.count() == before
    actions.correct_field(entry, code="surname", value="Вигадченко", version=1, by=ada)

    assert Change.objects.count() == before + 1
    line = Event.objects.filter(deed="register.corrected").order_by("-number").first()
    assert line.details == {"field": "surname"}


def test_two_people_at_once_are_told():
    ada = make_staff("registrar")
    entry = enter(ada)
    actions.correct_field(entry, code="rank", value="сержант", version=0, by=ada)

    with pytest.raises(actions.SomebodyWasFaster):
        actions.correct_field(entry, code="rank", value="капітан", version=0, by=ada)

    assert story_of(entry, "rank").text == "сержант"


def test_a_field_may_be_corrected_to_unknown():
    ada = make_staff("registrar")
    take_in(FIRST, ada)
    entry = Entry.objects.order_by("pk").first()

    actions.correct_field(entry, code="born", value=UNKNOWN, version=entry.version, by=ada)

    assert {str(word.text) for word in story_of(entry, "born").words} == {"unknown", "1991-04-07"}


@pytest.mark.parametrize(("code", "value"), [("shoe_size", "44"), ("rank", "")])
def test_a_correction_says_something_about_a_known_field(code, value):
    ada = make_staff("registrar")
    entry = enter(ada)

    with pytest.raises(actions.NothingSaid):
        actions.correct_field(entry, code=code, value=value, version=0, by=ada)


def test_the_page_shows_what_stands_and_takes_the_correction(client):
    sign_in(client, make_staff("registrar"))
    entry = enter(make_staff("registrar"))
    url = reverse("register:correct", args=[entry.reference, "birthplace"])

    assert "Тихоріг" in client.get(url).content.decode()
    empty = client.post(url, {"version": 0, "value": "", "how": "stated"})
    assert "Say what is right" in empty.content.decode()
    client.post(url, {"version": 0, "value": "Тихий Ріг", "how": "stated"})

    assert story_of(entry, "birthplace").text == "Тихий Ріг"
    assert client.get(reverse("register:correct", args=[entry.reference, "shoe_size"])).status_code == 404
    assert client.get(reverse("register:correct", args=["0000-0000-0000-1", "rank"])).status_code == 404


def test_who_may_only_read_corrects_nothing(client):
    entry = enter(make_staff("registrar"))
    url = reverse("register:correct", args=[entry.reference, "rank"])

    assert sign_in(client, make_staff("tracer")).post(url, {"version": 0, "value": "x"}).status_code == 403
