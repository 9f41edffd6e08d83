import html
import json
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeward.disclosure import actions as disclosure
from homeward.disclosure.kinds import Kind
from homeward.disclosure.models import CallOutcome
from homeward.disclosure.tests.cast import at_level
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.matching.memory import Memory
from homeward.partners import actions, api, rates
from homeward.partners.models import Key, Referral
from homeward.partners.tests.cast import OSTAP, Api, a_partner
from homeward.register import actions as register
from homeward.register.models import EventKind
from homeward.testing import make_staff, sign_in
from homeward.tracing import actions as tracing
from homeward.tracing.models import PotentialMatch
from homeward.tracing.tests.cast import follow, record

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.urls("homeward.config.urls_family")]


def test_a_batch_is_written_down_then_filed(client: Client) -> None:
    east = Api(a_partner())

    answer = east.refer("E-1", "E-2")

    assert [each["outcome"] for each in answer.json()["outcomes"]] == ["accepted", "accepted"]
    assert east.get("/referrals/E-1").json()["state"] == "received"
    assert actions.file_in_turn() == 2
    enquiry = Enquiry.objects.get(partner_number="E-1")
    assert enquiry.facts["surname"] == "Щербацький"
    assert enquiry.relation == "mother"
    assert Referral.objects.filter(content__isnull=False).count() == 0
    assert east.get("/referrals/E-1").json()["state"] == "searching"


def test_the_same_batch_twice_is_one(client: Client) -> None:
    east = Api(a_partner())
    east.refer("E-1")
    actions.file_in_turn()

    again = east.refer("E-1")
    other = east.refer("E-1", relation="father")
    twice = east.refer("E-2", "E-2")
    actions.file_in_turn()

    assert again.json()["outcomes"][0]["outcome"] == "known"
    assert other.json()["outcomes"][0]["outcome"] == "number_taken"
    assert [each["outcome"] for each in twice.json()["outcomes"]] == ["accepted", "known"]
    assert Enquiry.objects.count() == 2


def test_a_row_without_a_name_is_said_so(client: Client) -> None:
    answer = Api(a_partner()).post("/referrals", {"referrals": [{"number": "1", "facts": {"unit": "12"}}]})

    assert answer.json()["outcomes"] == [{"number": "1", "outcome": "no_name"}]


def test_a_partner_sees_its_own_only(client: Client) -> None:
    east, west = Api(a_partner()), Api(a_partner("Committee West"))
    east.refer("E-1")

    assert west.get("/referrals/E-1").status_code == 404
    assert west.get("/referrals").json() == {"referrals": [], "next": None}
    assert [row["number"] for row in east.get("/referrals").json()["referrals"]] == ["E-1"]


def test_pages_follow_each_other(client: Client) -> None:
    east = Api(a_partner())
    east.refer(*[f"E-{number}" for number in range(250)])

    first = east.get("/referrals").json()
    second = east.get(f"/referrals?after={first['next']}").json()

    assert len(first["referrals"]) == 200
    assert len(second["referrals"]) == 50
    assert second["next"] is None


@pytest.mark.parametrize("key", ["", "hw-", "hw-" + "0" * 64, "Щ", "x" * 10_000])
def test_a_wrong_key_is_nobody(client: Client, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}".encode().decode("latin-1")} if key else {}

    answer = client.get("/partners/v1/referrals", headers=headers)

    assert answer.status_code == 401


def test_a_key_is_kept_as_a_hash_and_rotated_with_a_week_to_change_over(client: Client) -> None:
    partner = a_partner()
    old = Api(partner)
    new = Api(partner)
    assert old.get("/referrals").status_code == 200
    assert new.get("/referrals").status_code == 200
    assert old.key.encode() not in b"".join(bytes(key.key_index) for key in Key.objects.all())

    with clock.freeze(clock.now() + timedelta(days=8)):
        assert old.get("/referrals").status_code == 401
        assert new.get("/referrals").status_code == 200
    actions.end_keys(partner, by=make_staff("administrator"))
    assert new.get("/referrals").status_code == 401


def test_a_full_day_is_said_so_and_nothing_of_the_batch_is_taken(client: Client) -> None:
    east = Api(a_partner(a_day=3))
    east.refer("1", "2")

    answer = east.refer("3", "4")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert Referral.objects.count() == 2


def test_the_flood_of_one_does_not_delay_another(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    east, west = Api(a_partner()), Api(a_partner("Committee West"))
    for start in range(0, 500, 100):
        east.refer(*[f"E-{number}" for number in range(start, start + 100)])
    west.refer("W-1")

    actions.file_in_turn()

    assert west.get("/referrals/W-1").json()["state"] == "searching"
    assert Referral.objects.filter(state="waiting").count() == 500 - actions.TURN
    monkeypatch.setattr(rates, "BURST", 5)
    monkeypatch.setattr(api, "BUCKETS", rates.Buckets())
    statuses = [east.get("/referrals/E-1").status_code for _ in range(30)]
    assert statuses.count(429) > 10
    assert west.get("/referrals/W-1").status_code == 200


def test_the_partner_that_may_not_refer_now_is_told(client: Client) -> None:
    assert Api(a_partner(is_open=False)).refer("1").status_code == 403


# --- the oracle ----------------------------------------------------------------------------------------------------


def held(number: str) -> PotentialMatch:
    entry = record()
    follow()
    match = PotentialMatch.objects.get(sought=Enquiry.objects.get(partner_number=number).sought_id, entry=entry)
    match = tracing.say_same(match, version=match.version, by=make_staff("tracer"))
    return tracing.confirm_same(match, version=match.version, by=make_staff("verifier"))


def the_same(east: Api) -> set[bytes]:
    """What the partner sees of each, with its own number taken out."""
    found = set()
    for number in ("A-1", "A-2", "A-3"):
        answer = east.get(f"/referrals/{number}")
        headers = sorted((name, value) for name, value in answer.headers.items())
        found.add(repr(headers).encode() + answer.content.replace(number.encode(), b"#"))
    return found


@pytest.mark.parametrize("level", [0, 1, 2])
def test_held_dead_and_unknown_are_byte_identical_until_the_family_has_been_told(
    client: Client, in_process_matcher: Memory, level: int
) -> None:
    east = Api(a_partner())
    east.refer("A-1", "A-2")
    east.post("/referrals", {"referrals": [{"number": "A-3", "facts": {"surname": "Nobody", "given": "Known"}}]})
    actions.file_in_turn()
    assert len(the_same(east)) == 1
    alive, dead = held("A-1"), held("A-2")
    entry = dead.entry
    entry.refresh_from_db()
    register.record_event(entry, kind=EventKind.DIED, version=entry.version, by=make_staff("registrar"))
    assert len(the_same(east)) == 1

    enquiries = {number: Enquiry.objects.get(partner_number=number) for number in ("A-1", "A-2", "A-3")}
    for enquiry in enquiries.values():
        at_level(enquiry, level)
    assert len(the_same(east)) == 1
    statements = set()
    for number in enquiries:
        with CaptureQueriesContext(connection) as caught:
            east.get(f"/referrals/{number}")
        statements.add(tuple(query["sql"].replace(number, "#") for query in caught if "last_used" not in query["sql"]))
    assert len({len(each) for each in statements}) == 1
    if level < 2:
        return

    answers = []
    for match, kind in ((alive, Kind.IN_CAPTIVITY), (dead, Kind.CALL)):
        proposal = disclosure.propose_answer(
            Enquiry.objects.get(sought=match.sought), kind=kind, by=make_staff("case_worker")
        )
        answers.append(
            disclosure.approve_answer(proposal, payload_hash=proposal.payload_hash, by=make_staff("approver"))
        )
    assert len(the_same(east)) == 1
    disclosure.open_answer(answers[0].enquiry)
    disclosure.note_call(answers[1], outcome=CallOutcome.TOLD, by=make_staff("case_worker"))

    states = [east.get(f"/referrals/{number}").json()["state"] for number in ("A-1", "A-2", "A-3")]
    assert states == ["informed", "informed", "searching"]


def test_the_work_behind_the_answer_tells_nothing(client: Client, in_process_matcher: Memory) -> None:
    """The same questions to the database for both; 2,000 timings each are `./dev bench oracle`."""
    east = Api(a_partner())
    east.refer("A-1")
    east.post("/referrals", {"referrals": [{"number": "A-3", "facts": {"surname": "Nobody", "given": "Known"}}]})
    actions.file_in_turn()
    held("A-1")
    asked = {}
    for number in ("A-1", "A-3"):
        with CaptureQueriesContext(connection) as queries:
            east.get(f"/referrals/{number}")
        asked[number] = [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in queries]

    assert asked["A-1"] == asked["A-3"] != []


# --- whatever is sent ------------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
rows = st.fixed_dictionaries(
    {"number": st.text(max_size=70), "facts": st.dictionaries(st.sampled_from([*OSTAP, "x"]), st.text(max_size=40))},
    optional={"relation": st.text(max_size=8), "language": st.text(max_size=3), "enquirer": anything},
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.one_of(anything, st.fixed_dictionaries({"referrals": st.lists(rows | anything, max_size=4)})))
def test_no_body_is_a_fault(client: Client, body: object) -> None:
    with transaction.atomic():
        east = Api(a_partner(), client)
        answer = east.post("/referrals", body)
        transaction.set_rollback(True)

    assert answer.status_code < 500
    json.loads(answer.content)


def test_a_zero_sign_is_refused_in_words(client: Client) -> None:
    answer = Api(a_partner()).post("/referrals", {"referrals": [{"number": "\0", "facts": {}}]})

    assert answer.status_code == 400
    assert "cannot be read" in answer.json()["detail"]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=300), path=st.text(max_size=40), query=st.text(max_size=20))
def test_no_bytes_and_no_address_is_a_fault(client: Client, body: bytes, path: str, query: str) -> None:
    from urllib.parse import quote

    with transaction.atomic():
        east = Api(a_partner(), client)
        answers = [
            east.post("/referrals", body),
            east.post("/pfif", body, "application/xml"),
            east.get(f"/referrals/{quote(path)}"),
            east.get(f"/referrals?after={quote(query)}"),
        ]
        transaction.set_rollback(True)

    assert all(answer.status_code < 500 for answer in answers)


def test_an_answer_does_not_echo_what_was_sent(client: Client) -> None:
    answer = Api(a_partner()).post("/referrals", {"referrals": [{"number": "1", "facts": "Щербацький", "Secret": "x"}]})

    assert answer.status_code == 422
    assert "Щербацький" not in answer.content.decode()


def test_the_description_is_open_and_complete(client: Client) -> None:
    described = client.get("/partners/v1/openapi.json").json()
    page = client.get("/partners").content.decode()

    assert "/partners/v1/referrals" in described["paths"]
    assert "ReferralIn" in page
    assert "<script" not in page
    shapes = described["components"]["schemas"].values()
    said = {shape["description"] for shape in shapes if "description" in shape}
    said |= {call["description"] for calls in described["paths"].values() for call in calls.values()}
    for language in ("uk", "ru", "fr"):
        theirs = html.unescape(client.get("/partners", headers={"Accept-Language": language}).content.decode())
        assert [text for text in said if f"<p>{text}</p>" in theirs] == []


@pytest.mark.urls("homeward.config.urls_staff")
def test_the_administrator_makes_a_partner_and_its_key_on_the_pages(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    adam = sign_in(Client(), make_staff("administrator"))
    adam.post("/partners/new", {"name": "Committee South", "desk": "1", "a_minute": 60, "a_day": 100, "is_open": "on"})
    key_row = actions.partner_called("Committee South")

    shown = adam.post(f"/partners/{key_row.reference}/key").content.decode()

    assert "hw-" in shown
    assert "hw-" not in adam.get(f"/partners/{key_row.reference}").content.decode()
    assert "Committee South" in adam.get("/partners/").content.decode()
    assert Key.objects.count() == 1


def test_direct_sql_cannot_clear_a_record(client: Client) -> None:
    partner = a_partner(records=True)
    Api(partner).refer("1")
    actions.file_in_turn()
    enquiry = Enquiry.objects.get()
    proposal = actions.propose_record(enquiry, partner, status="", consent="by telephone", by=make_staff("case_worker"))
    values = ["1", partner.pk, enquiry.pk, "", proposal.pk, proposal.payload_hash]

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO partners_clearance (reference, partner_id, enquiry_id, status, proposal_id, payload_hash, "
            "cleared_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [*values, "2026-01-01 00:00:00+00:00", "2036-01-01 00:00:00+00:00"],
        )
