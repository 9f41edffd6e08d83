"""How and when she may be reached: she sees and changes it, and so does whoever speaks with her; only ends of places are shown."""

import pytest
from django.test import Client

from homeward.audit.models import Event
from homeward.contact.models import Address, Wishes
from homeward.enquiries import actions, passphrases, reach_family
from homeward.enquiries.models import Enquiry, Reach
from homeward.enquiries.tests.cast import ADA, make_enquiry
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_derivation")]
WHEN = {"from_hour": "10", "to_hour": "18", "time_zone": "Europe/Berlin", "quiet_days": ["6", "7"], "language": "fr"}


@pytest.fixture(autouse=True)
def training(settings):
    settings.TRAINING = True


def hers(client: Client, enquiry: Enquiry) -> Client:
    phrase = passphrases.give_passphrase(enquiry, language="uk")
    assert client.post("/b", {"number": enquiry.reference, "secret": phrase}).status_code == 302
    return client


def order(enquiry: Enquiry) -> list[tuple[str, str]]:
    rows = Address.objects.filter(wishes__subject=enquiry.reference).order_by("place")
    return [(row.channel, row.address) for row in rows]


@pytest.mark.usefixtures("family_site")
def test_she_adds_places_puts_them_in_her_order_and_takes_them_away(client: Client) -> None:
    enquiry = make_enquiry(enquirer={"name": "Ada"})
    hers(client, enquiry)
    assert "Зараз: ніяк." in client.get("/c/m", headers={"accept-language": "uk"}).content.decode()

    client.post("/c/m", {**WHEN, "add": "sms", "telephone": "050 123 45 67"})
    first = client.get("/c/m")
    places = {row.channel: f"place_{row.reference}" for row in Address.objects.all()}
    client.post("/c/m", {**WHEN, "add": "email", "email": "Ada@example.org", places["sms"]: "0"})
    places = {row.channel: f"place_{row.reference}" for row in Address.objects.all()}
    answer = client.post("/c/m", {**WHEN, places["sms"]: "1", places["email"]: "0", "cover_phrase": "the library"})

    assert answer.headers["Location"] == "/c"
    assert "501234567" not in first.content.decode()
    assert "67" in first.content.decode()
    assert order(enquiry) == [("email", "ada@example.org"), ("sms", "+380501234567")]
    wishes = Wishes.objects.get(subject=enquiry.reference)
    assert (wishes.from_hour, wishes.to_hour, wishes.quiet_days, wishes.language) == (10, 18, "67", "fr")
    assert (wishes.time_zone, wishes.cover_phrase) == ("Europe/Berlin", "the library")
    enquiry.refresh_from_db()
    assert enquiry.reach == Reach.EMAIL
    assert enquiry.enquirer == {
        "name": "Ada", "telephone": "+380501234567", "email": "ada@example.org", "cover_phrase": "the library",
    }  # fmt: skip
    assert enquiry.telephone_index == actions.telephone_index("+380501234567")

    client.post("/c/m", {**WHEN, places["sms"]: "away", places["email"]: "0"})

    enquiry.refresh_from_db()
    assert order(enquiry) == [("email", "ada@example.org")]
    assert enquiry.enquirer == {"name": "Ada", "email": "ada@example.org"}
    assert enquiry.telephone_index is None


@pytest.mark.usefixtures("family_site")
def test_not_at_all_forgets_every_place(client: Client) -> None:
    enquiry = make_enquiry(reach=Reach.SMS)
    hers(client, enquiry)
    assert order(enquiry)

    assert client.post("/c/m/n").headers["Location"] == "/c"

    enquiry.refresh_from_db()
    assert not Wishes.objects.exists()
    assert (enquiry.reach, enquiry.enquirer, enquiry.telephone_index) == (Reach.NONE, {"name": ADA["name"]}, None)
    assert Event.objects.filter(deed="contact.wishes_gone", about=enquiry.reference, actor="").count() == 1


@pytest.mark.usefixtures("family_site")
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"add": "sms", "telephone": "12"}, "telephone"), ({"add": "voice"}, "telephone"),
        ({"add": "email", "email": "ada at home"}, "email"), ({"telephone": "+380501234567"}, "add"),
        ({"from_hour": "18", "to_hour": "10"}, "to_hour"), ({"quiet_days": list("1234567")}, "quiet_days"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_asked_again_and_nothing_is_saved(client: Client, typed: dict[str, str], field: str) -> None:
    enquiry = make_enquiry(enquirer={"name": "Ada"})
    hers(client, enquiry)

    answer = client.post("/c/m", {**WHEN, **typed})

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Wishes.objects.exists()


@pytest.mark.usefixtures("family_site")
def test_another_familys_places_are_out_of_reach(client: Client) -> None:
    bea = make_enquiry(reach=Reach.SMS)
    enquiry = make_enquiry(enquirer={"name": "Ada"})
    hers(client, enquiry)
    theirs = Address.objects.get(wishes__subject=bea.reference)

    client.post("/c/m", {**WHEN, f"place_{theirs.reference}": "away", "add": "email", "email": "ada@example.org"})

    assert order(enquiry) == [("email", "ada@example.org")]
    assert order(bea) == [("sms", "+380501234567")]


def test_seven_places_are_too_many() -> None:
    enquiry = make_enquiry(enquirer={"name": "Ada"})
    when = {
        "language": "uk", "time_zone": "Europe/Kyiv", "hours": (9, 20), "quiet_days": [], "cover_phrase": "", "by": None,
    }  # fmt: skip
    for number in range(6):
        there = [each.reference for each in reach_family.stands_for(enquiry).places]
        reach_family.change(enquiry, order=there, added=("email", f"a{number}@example.org"), **when)
    there = [each.reference for each in reach_family.stands_for(enquiry).places]

    with pytest.raises(reach_family.TooManyPlaces):
        reach_family.change(enquiry, order=there, added=("email", "one@more.org"), **when)
    assert len(order(enquiry)) == 6


@pytest.mark.parametrize("role", ["operator", "kin_verifier"])
def test_staff_note_it_without_seeing_more_than_the_end(client: Client, role: str) -> None:
    colleague = make_staff(role)
    enquiry = make_enquiry(by=colleague, reach=Reach.SMS)
    sign_in(client, colleague)
    place = f"place_{Address.objects.get().reference}"
    path = f"/enquiries/{enquiry.reference}/wishes"

    shown = client.get(path).content.decode()
    client.post(path, {**WHEN, place: "0", "add": "voice", "telephone": "+380671234589"})

    assert "123 45 67" not in shown
    assert "1234567" not in shown
    assert ADA["cover_phrase"] not in shown
    assert order(enquiry) == [("sms", "+380501234567"), ("voice", "+380671234589")]
    assert Wishes.objects.get().cover_phrase == ADA["cover_phrase"]  # left empty, it stays
    assert Event.objects.filter(deed="contact.wishes_set", about=enquiry.reference, roles=role).count() >= 2
    client.post(f"{path}/none")
    assert not Wishes.objects.exists()


def test_other_desks_and_withdrawn_enquiries_are_not_there(client: Client) -> None:
    dov = make_staff("case_worker", desk="2")
    enquiry = make_enquiry(reach=Reach.SMS)
    sign_in(client, dov)

    for path in (f"/enquiries/{enquiry.reference}/wishes", f"/enquiries/{enquiry.reference}/wishes/none"):
        assert client.post(path, WHEN).status_code == 404
    assert order(enquiry)
