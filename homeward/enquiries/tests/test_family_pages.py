"""A mother asks on the family site, comes back, answers, adds, takes everything back."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from homeward.audit.models import Event
from homeward.contact.models import Wishes
from homeward.enquiries import actions, actions_family, passphrases, pictures
from homeward.enquiries.models import (
    Channel,
    Correction,
    Credential,
    Document,
    Draft,
    Enquiry,
    Question,
    Reach,
    Relation,
    State,
)
from homeward.enquiries.tests.cast import OSTAP, make_enquiry
from homeward.lib import clock, references
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family_site", "quick_derivation")]


def jpeg() -> BytesIO:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    out.seek(0)
    return out


def page(name: str) -> str:
    number = {
        "name": 1,
        "born": 2,
        "birthplace": 3,
        "service": 4,
        "news": 5,
        "marks": 6,
        "papers": 7,
        "you": 8,
        "reach": 9,
        "send": 10,
    }
    return f"/a/{number[name]}"


def ask_for_ostap(client: Client) -> str:
    """The number and the words, by every page."""
    client.post(page("name"), {"surname": "Зубрицький", "given": "Остап", "go": ""})
    client.post(page("born"), {"day": "28", "month": "5", "year": "1990", "go": ""})
    client.post(page("marks"), {"marks": "a tattoo on the left arm", "go": ""})
    client.post(page("you"), {"relation": "mother", "your_name": "Ada", "go": ""})
    client.post(
        page("reach"), {"reach": "sms", "telephone": "+380 50 123 45 67", "from_hour": "10", "to_hour": "18", "go": ""}
    )
    answer = client.post(page("send"), {"go": ""})
    assert answer.headers["Location"] == "/a/w"
    return client.get("/a/w").content.decode()


def words_on(html: str) -> tuple[str, str]:
    number = re.search(r'class="spell number">([\d-]+)<', html)
    assert number is not None
    return number[1], " ".join(re.findall(r"<li>(\w+)</li>", html))


def come_in(client: Client, enquiry: Enquiry, **changes: str) -> Client:
    phrase = passphrases.give_passphrase(enquiry, language="uk")
    answer = client.post("/b", {"number": enquiry.reference, "secret": phrase} | changes)
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_she_asks_one_question_a_page_and_is_given_a_number_and_six_words(client: Client) -> None:
    number, words = words_on(ask_for_ostap(client))

    enquiry = Enquiry.objects.get(reference=number)
    assert references.is_valid(number)
    assert len(words.split()) == 6
    assert (enquiry.channel, enquiry.relation, enquiry.reach) == (Channel.WEB, Relation.MOTHER, Reach.SMS)
    assert enquiry.facts == {
        "surname": "Зубрицький", "given": "Остап", "born": "1990-05-28", "marks": "a tattoo on the left arm",
    }  # fmt: skip
    assert enquiry.enquirer == {"name": "Ada", "telephone": "+380 50 123 45 67"}
    wishes = Wishes.objects.get(subject=number)
    assert (wishes.from_hour, wishes.to_hour) == (10, 18)
    assert passphrases.check_passphrase(number, words) == enquiry


def test_the_words_can_be_seen_until_she_has_written_them_down_and_never_again(client: Client) -> None:
    first = words_on(ask_for_ostap(client))

    assert words_on(client.get("/a/w").content.decode()) == first  # the line broke; she looks again
    assert client.get("/a").headers["Location"] == "/a/w"
    assert client.post("/a/w").headers["Location"] == "/c"
    assert client.get("/c").status_code == 200
    assert client.get("/a/w").headers["Location"] == "/b"
    assert not Draft.objects.exists()


def test_the_words_are_shown_for_a_quarter_of_an_hour_at_most(client: Client) -> None:
    ask_for_ostap(client)

    with clock.freeze(clock.now() + timedelta(minutes=16)):
        assert client.get("/a/w").headers["Location"] == "/b"


def test_sent_twice_it_is_filed_once(client: Client) -> None:
    first = words_on(ask_for_ostap(client))
    client.post(page("send"), {"go": ""})

    assert Enquiry.objects.count() == 1
    assert words_on(client.get("/a/w").content.decode()) == first


def test_back_and_forward_lose_nothing_nor_does_another_language(client: Client) -> None:
    assert client.post(page("name"), {"surname": "Зуб", "back": ""}).headers["Location"] == "/"
    assert 'value="Зуб"' in client.get(page("name")).content.decode()
    client.post(page("born"), {"year": "1990", "language": "fr"})
    spoken = client.get(page("born")).content.decode()

    assert 'value="1990"' in spoken
    assert 'lang="fr"' in spoken
    assert client.post(page("born"), {"year": "1991", "back": ""}).headers["Location"] == page("name")
    assert 'value="1991"' in client.get(page("born")).content.decode()


def test_a_page_with_a_fault_keeps_what_she_typed(client: Client) -> None:
    answer = client.post(page("born"), {"day": "31", "month": "2", "year": "1990", "go": ""})

    assert answer.status_code == 200
    assert 'value="31"' in answer.content.decode()
    assert 'class="why"' in answer.content.decode()
    assert 'value="31"' in client.get(page("born")).content.decode()


@pytest.mark.parametrize(
    ("told", "enough"),
    [
        ({}, False), ({"surname": "Зубрицький"}, False), ({"year": "1990"}, False),
        ({"surname": "Зубрицький", "given": "Остап"}, True), ({"given": "Остап", "unit": "A 1234"}, True),
    ],
)  # fmt: skip
def test_a_name_and_one_more_fact_are_enough_and_needed(client: Client, told: dict[str, str], enough: bool) -> None:
    draft = actions_family.open_draft()
    actions_family.write_down(draft, told)

    assert actions_family.is_enough(told) is enough
    if enough:
        assert actions_family.file_draft(draft, language="uk").reach == Reach.NONE
        assert not Wishes.objects.exists()
    else:
        with pytest.raises(actions_family.TooLittle):
            actions_family.file_draft(draft, language="uk")


def test_nothing_of_a_draft_lies_readable_and_it_goes_after_two_hours(client: Client) -> None:
    client.post(page("name"), {"surname": "Зубрицький", "go": ""})
    client.post(page("papers"), {"kind": "photo", "file": jpeg(), "go": ""})

    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM enquiries_draft")
        assert "Зубрицький".encode() not in bytes(cursor.fetchone()[0])
    document = Document.objects.get()
    assert pictures.path_of(document.reference).exists()
    with clock.freeze(clock.now() + timedelta(hours=2, minutes=1)):
        assert 'value="Зубрицький"' not in client.get(page("name")).content.decode()
        assert actions_family.throw_away_old_drafts() == 1
    assert not Draft.objects.exists()
    assert not Document.objects.exists()


def test_another_browser_sees_nothing_of_the_draft(client: Client) -> None:
    client.post(page("name"), {"surname": "Зубрицький", "go": ""})

    assert "Зубрицький" not in Client().get(page("name")).content.decode()


def test_a_photo_goes_with_the_enquiry_and_can_be_taken_back_before(client: Client) -> None:
    client.post(page("papers"), {"kind": "photo", "file": jpeg(), "go": ""})
    client.post(page("papers"), {"kind": "kinship", "file": jpeg(), "go": ""})
    photo, kinship = Document.objects.order_by("pk")

    Client().post("/a/x", {"document": photo.reference})
    assert Document.objects.count() == 2
    client.post("/a/x", {"document": photo.reference})
    ask_for_ostap(client)

    kinship.refresh_from_db()
    assert Document.objects.get() == kinship
    assert kinship.enquiry == Enquiry.objects.get()
    assert pictures.pages_of(kinship)[0][:3] == b"\xff\xd8\xff"


def test_she_comes_back_and_is_let_out_in_time(client: Client) -> None:
    enquiry = make_enquiry()
    assert client.get("/c").headers["Location"] == "/b"
    come_in(client, enquiry)
    now = clock.now()

    assert enquiry.reference in client.get("/c").content.decode()
    with clock.freeze(now + timedelta(minutes=14)):
        assert client.get("/c").status_code == 200
    with clock.freeze(now + timedelta(minutes=30)):
        assert client.get("/c").headers["Location"] == "/b"
    come_in(client, enquiry)
    for minutes in (10, 20, 30, 40, 50, 59):
        with clock.freeze(now + timedelta(minutes=minutes)):
            assert client.get("/c").status_code == 200
    with clock.freeze(now + timedelta(minutes=61)):
        assert client.get("/c").headers["Location"] == "/b"


def test_a_wrong_passphrase_says_nothing_and_keeps_what_she_typed(client: Client) -> None:
    enquiry = make_enquiry()
    passphrases.give_passphrase(enquiry, language="uk")
    wrong = " ".join(__import__("homeward.enquiries.words", fromlist=["x"]).words_of("uk")[:6])

    ours = client.post("/b", {"number": enquiry.reference, "secret": wrong})
    nobodys = client.post("/b", {"number": "9876-5432-" + references.check_digit("98765432"), "secret": wrong})

    assert wrong in ours.content.decode()
    tidy = [re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in (ours, nobodys)]
    assert tidy[0] == tidy[1]
    again = client.post("/b", {"number": enquiry.reference, "secret": wrong})
    assert again.status_code in (200, 503)  # one time in 256 the bits agree


def test_new_words_end_every_session_of_the_old_ones(client: Client) -> None:
    enquiry = make_enquiry()
    stolen = come_in(Client(), enquiry)
    # In real life with the same words; here the second passphrase stands for that.
    phrase = passphrases.give_passphrase(enquiry, language="uk")
    assert stolen.get("/c").headers["Location"] == "/b"
    client.post("/b", {"number": enquiry.reference, "secret": phrase})

    html = client.post("/c/w").content.decode()

    assert passphrases.check_passphrase(enquiry.reference, phrase) is None
    assert passphrases.check_passphrase(*words_on(html)) == enquiry
    assert client.get("/c").status_code == 200


def test_she_answers_a_question_and_only_she_sees_her_words(client: Client) -> None:
    tracer = make_staff("tracer")
    enquiry = make_enquiry()
    bea = make_enquiry(sought=enquiry.sought)
    question = actions.ask_question(enquiry.sought, text="Does he wear glasses?", by=tracer)
    come_in(client, enquiry)
    assert "Does he wear glasses?" in client.get("/c").content.decode()

    client.post(f"/c/q/{question.reference}", {"text": "Yes, since school"})

    question.refresh_from_db()
    assert (question.answer, question.answered_in, question.answered_by) == ("Yes, since school", enquiry, None)
    assert "Does he wear glasses?" in client.get("/c").content.decode()
    assert "glasses" not in come_in(Client(), bea).get("/c").content.decode()
    assert client.get(f"/c/q/{question.reference}").status_code == 404


def test_a_question_about_another_man_is_not_there(client: Client) -> None:
    other = make_enquiry(facts={"surname": "Інший"})
    question = actions.ask_question(other.sought, text="?", by=make_staff("tracer"))
    come_in(client, make_enquiry())

    assert client.get(f"/c/q/{question.reference}").status_code == 404


def test_she_adds_and_corrects(client: Client) -> None:
    enquiry = make_enquiry()
    come_in(client, enquiry)
    shown = client.get("/c/t").content.decode()
    assert 'value="1990"' in shown
    typed = {**OSTAP, "day": "29", "month": "5", "year": "1990", "marks": "a scar", "version": str(enquiry.version)}

    assert client.post("/c/t", typed).headers["Location"] == "/c"

    enquiry.refresh_from_db()
    assert enquiry.facts == {**OSTAP, "born": "1990-05-29", "marks": "a scar"}
    assert client.post("/c/t", typed).status_code == 200  # somebody was faster: nothing lost, nothing saved


def test_a_relative_asks_about_the_same_man_with_words_of_her_own(client: Client) -> None:
    enquiry = make_enquiry()
    come_in(client, enquiry)
    typed = {"relation": "sister", "name": "Bea", "token": "t" * 32}

    number, words = words_on(client.post("/c/r", typed).content.decode())
    client.post("/c/r", typed)

    assert Enquiry.objects.count() == 2
    added = Enquiry.objects.get(reference=number)
    assert (added.sought, added.facts, added.relation) == (enquiry.sought, enquiry.facts, Relation.SISTER)
    assert len(words.split()) == 6


def test_she_takes_everything_back_and_it_is_destroyed(client: Client) -> None:
    enquiry = make_enquiry(sighting="seen in a video")
    phrase = passphrases.give_passphrase(enquiry, language="uk")
    client.post("/b", {"number": enquiry.reference, "secret": phrase})
    client.post("/c/p", {"kind": "kinship", "file": jpeg()})
    question = actions.ask_question(enquiry.sought, text="Does he wear glasses?", by=make_staff("tracer"))
    client.post(f"/c/q/{question.reference}", {"text": "Yes"})
    file = pictures.path_of(Document.objects.get().reference)
    assert file.exists()
    assert client.get("/c/e").status_code == 200
    assert client.post("/c/e", {"secret": "abc"}).status_code == 200
    assert Enquiry.objects.get().withdrawn_at is None

    answer = client.post("/c/e", {"secret": phrase})

    enquiry.refresh_from_db()
    assert "Clear-Site-Data" in answer.headers
    assert (enquiry.facts, enquiry.enquirer, enquiry.telephone_index) == ({}, None, None)
    assert enquiry.erased_at is not None
    assert enquiry.sought.state == State.WITHDRAWN
    for gone in (Credential, Correction, Document):
        assert not gone.objects.exists()
    assert Question.objects.get().answer == ""
    assert client.get("/c").headers["Location"] == "/b"
    assert Event.objects.filter(deed="enquiries.erased", about=enquiry.reference, actor="").count() == 1


def test_leaving_quickly_clears_everything(client: Client) -> None:
    enquiry = make_enquiry()
    come_in(client, enquiry)
    asked = Client(enforce_csrf_checks=True, cookies=None)
    asked.cookies = client.cookies

    answer = asked.post("/leave")

    assert answer.headers["Location"] == "/n"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert all(cookie["max-age"] == 0 for cookie in answer.cookies.values())
    assert client.get("/c").headers["Location"] == "/b"
    assert "Homeward" not in client.get("/n").content.decode()


def test_the_family_process_needs_no_register_key(client: Client, monkeypatch) -> None:
    from homeward.lib import keys

    monkeypatch.setenv("HOMEWARD_ZONE", "family")
    keys._roots.cache_clear()
    keys.derived.cache_clear()
    with pytest.raises(keys.KeyMissing):
        keys.key("register", "anything")

    number, _words = words_on(ask_for_ostap(client))
    client.post("/a/w")

    assert number in client.get("/c").content.decode()
    for name in ("tell", "papers", "relative", "wishes", "new_words", "erase"):
        assert client.get(reverse(f"enquiries_family:{name}")).status_code == 200


def test_no_address_carries_anything_of_hers(client: Client) -> None:
    ask_for_ostap(client)
    client.post("/a/w")
    html = client.get("/c").content.decode()

    number = Enquiry.objects.get().reference
    assert not any(number in link for link in re.findall(r'(?:href|action)="([^"]*)"', html))
