"""Need to know: contacts masked, other desks closed, and an operator's pages that say nothing of the register."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from homeward.access.rights import Right
from homeward.audit import record
from homeward.audit.models import Event
from homeward.enquiries import actions, queries
from homeward.enquiries.facts import person_typed
from homeward.enquiries.models import Enquiry, State
from homeward.enquiries.tests.cast import OSTAP, make_enquiry
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CHANGING = re.compile(rb'name="(csrfmiddlewaretoken|filing_token)" value="[^"]*"|"X-CSRFToken": "[^"]*"')


@pytest.fixture(autouse=True)
def training(settings):
    settings.TRAINING = True


@pytest.mark.parametrize("role", ["operator", "tracer", "approver", "partner_clerk"])
def test_contacts_are_masked(client: Client, role: str) -> None:
    staff = make_staff(role)
    enquiry = make_enquiry(staff)

    page = sign_in(client, staff).get(enquiry.get_absolute_url()).content.decode()

    assert "Zubrytska" not in page
    assert "123 45" not in page
    assert "the library" not in page
    assert "67</dd>" in page


def test_contacts_are_shown_for_a_reason_that_is_recorded(client: Client) -> None:
    enquiry = make_enquiry()
    sign_in(client, make_staff("case_worker"))

    shown = client.post(f"/enquiries/{enquiry.reference}/contacts", {"purpose": "call_back"}).content.decode()

    assert "+380 50 123 45 67" in shown
    line = Event.objects.get(deed="enquiries.contacts_shown")
    assert (line.about, line.purpose) == (enquiry.reference, "call_back")


def test_without_a_reason_or_the_right_nothing_is_shown(client: Client) -> None:
    enquiry = make_enquiry()

    no_reason = sign_in(client, make_staff("case_worker")).post(f"/enquiries/{enquiry.reference}/contacts")
    no_right = sign_in(client, make_staff("operator")).post(
        f"/enquiries/{enquiry.reference}/contacts", {"purpose": "call_back"}
    )

    assert no_reason.status_code == 302
    assert no_right.status_code == 403
    assert not Event.objects.filter(deed="enquiries.contacts_shown").exists()


def test_looking_is_recorded(client: Client) -> None:
    enquiry = make_enquiry()
    sign_in(client, make_staff("tracer"))

    client.get(enquiry.get_absolute_url())
    client.get(enquiry.sought.get_absolute_url())

    assert Event.objects.filter(deed="enquiries.read", about=enquiry.reference).count() == 1
    assert Event.objects.filter(deed="enquiries.sought_read", about=enquiry.sought.reference).count() == 1


def test_a_clerk_sees_her_own_partner_only(client: Client) -> None:
    clerk = make_staff("partner_clerk", desk="east")
    mine = make_enquiry(clerk, partner=actions.partner_called("East", desk="east"))
    theirs = make_enquiry(make_staff("operator", desk="east"), partner=actions.partner_called("West", desk="west"))

    assert list(queries.enquiries_visible_to(clerk)) == [mine]
    assert sign_in(client, clerk).get(theirs.get_absolute_url()).status_code == 404


def test_looking_for_earlier_enquiries_spans_desks_and_masks_them(client: Client, in_process_matcher) -> None:
    make_enquiry(make_staff("operator", desk="2"), facts={**OSTAP, "unit": "A9999"})
    make_enquiry(facts={**OSTAP, "unit": "A1111"})
    sign_in(client, make_staff("operator"))

    page = client.post("/enquiries/earlier", {"surname": "Szubrycki", "given": "Ostap", "born": "1990"})
    text = page.content.decode()

    assert page.status_code == 200
    assert text.count("Зубрицький") == 2, "by another spelling, at both desks"
    assert "A1111" in text
    assert "A9999" not in text
    assert "Ada" not in text


def test_a_clerk_learns_the_name_only_of_other_partners_men(in_process_matcher) -> None:
    make_enquiry(make_staff("operator", desk="east"), facts={**OSTAP, "unit": "A9999"})

    found = queries.earlier_enquiries(person_typed(OSTAP), make_staff("partner_clerk", desk="east"))

    assert [(each.name, each.more, each.own_desk) for each in found] == [("Зубрицький Остап Іванович", "", False)]


def test_too_little_of_a_name_searches_nothing() -> None:
    assert person_typed({"surname": "Зу"}) is None
    assert person_typed({"born": "1990"}) is None


# --- the oracle -------------------------------------------------------------------------------------------------------


def pages_of(client: Client, enquiry: Enquiry) -> list[bytes]:
    """Every page of the room this person may fetch about the enquiry."""
    paths = [
        "/enquiries/", "/enquiries/?state=fate_established", "/enquiries/?state=searching",
        f"/enquiries/?number={enquiry.reference}", "/enquiries/new", "/enquiries/questions", enquiry.get_absolute_url(),
        enquiry.get_absolute_url() + "/change", enquiry.sought.get_absolute_url(),
    ]  # fmt: skip
    found = [client.get(path) for path in paths]
    found += [client.post("/enquiries/earlier", OSTAP), client.post("/enquiries/new", {**OSTAP, "look": "1"})]
    return [str(answer.status_code).encode() + CHANGING.sub(b"", answer.content) for answer in found]


@pytest.mark.parametrize("role", ["operator", "partner_clerk"])
def test_pages_are_the_same_whatever_the_register_holds(client: Client, role: str, in_process_matcher) -> None:
    staff = make_staff(role)
    enquiry = make_enquiry(staff)
    sign_in(client, staff)
    unknown = pages_of(client, enquiry)

    for state in State.values:
        if state == State.WITHDRAWN:
            continue  # the family's own act, which it may be told
        actions.set_states([enquiry.sought_id], state)
        # What tracing and disclosure write down about him.
        record("disclosure.call_made", by=None, about=enquiry.reference)
        record("tracing.compared", by=None, about=enquiry.sought.reference)
        assert pages_of(client, enquiry) == unknown, state


def test_those_who_trace_see_where_the_case_stands(client: Client) -> None:
    enquiry = make_enquiry()
    actions.set_states([enquiry.sought_id], State.FATE_ESTABLISHED)

    page = sign_in(client, make_staff("tracer")).get(enquiry.get_absolute_url()).content.decode()

    assert "fate established" in page


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_pages_through_every_enquiry_once(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    staff = make_staff("tracer")
    wanted = {make_enquiry(staff).reference for _ in range(8)}
    sign_in(client, staff)

    seen: list[str] = []
    path = "/enquiries/"
    while path:
        page = client.get(path).content.decode()
        seen += re.findall(r'<a class="row" href="/enquiries/([0-9-]+)"', page)
        older = re.search(r'href="(\?[^"]*)" rel="next"', page)
        path = f"/enquiries/{older.group(1)}".replace("&amp;", "&") if older else ""

    assert len(seen) == 8
    assert set(seen) == wanted


def test_filters_and_number(client: Client) -> None:
    one, other = make_enquiry(), make_enquiry(channel="web")
    actions.set_states([one.sought_id], State.SEARCHING)
    sign_in(client, make_staff("tracer"))

    assert other.reference not in client.get("/enquiries/?state=searching").content.decode()
    assert one.reference not in client.get("/enquiries/?channel=web").content.decode()
    assert client.get(f"/enquiries/?number={one.reference}").headers["Location"] == one.get_absolute_url()


@pytest.mark.parametrize("path", ["/enquiries/", "/enquiries/?state=received", "enquiry", "sought"])
def test_pages_take_few_queries(client: Client, path: str) -> None:
    first = make_enquiry(sighting="seen")
    for _ in range(6):
        make_enquiry(sought=first.sought)
    sign_in(client, make_staff("tracer"))
    path = {"enquiry": first.get_absolute_url(), "sought": first.sought.get_absolute_url()}.get(path, path)

    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200

    asked = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 12, asked


@pytest.mark.parametrize("few", [0, 900])
@pytest.mark.parametrize("role", ["operator", "tracer", "partner_clerk"])
def test_the_list_shows_what_may_be_seen_whichever_way_it_is_read(role: str, few: int, monkeypatch) -> None:
    monkeypatch.setattr(queries, "_FEW", few)
    staff = make_staff(role, desk="east")
    colleague, stranger = make_staff("operator", desk="east"), make_staff("operator", desk="2")
    make_enquiry(colleague, partner=actions.partner_called("East", desk="east"))
    for by in (staff, colleague, stranger):
        make_enquiry(by if by.may(Right.ENQUIRIES_FILE) else colleague)

    page = queries.enquiries_page(staff)

    assert page == list(queries.enquiries_visible_to(staff).order_by("-pk"))
    assert page


def test_where_two_partners_share_a_desk_a_clerk_sees_what_she_filed_only(client: Client) -> None:
    clerk = make_staff("partner_clerk", desk="east")
    east, west = actions.partner_called("East", desk="east"), actions.partner_called("West", desk="east")
    mine = make_enquiry(clerk, partner=east)
    theirs = make_enquiry(make_staff("partner_clerk", desk="east"), partner=west)
    sign_in(client, clerk)

    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert theirs.reference not in client.get("/enquiries/").content.decode()


def test_names_shown_while_typing_are_a_line_of_the_log(client: Client, in_process_matcher: object) -> None:
    operator = make_staff("operator")
    make_enquiry(operator)
    sign_in(client, operator)

    client.post(
        "/enquiries/earlier", {"surname": OSTAP["surname"], "given": OSTAP["given"], "born": OSTAP.get("born", "")}
    )
    client.post("/enquiries/earlier", {"surname": "Nobody", "given": "Ofthisname", "born": "1901"})

    line = Event.objects.get(deed="enquiries.searched")
    assert line.details == {"shown": 1}
    assert line.about == ""
