import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.disclosure.models import Wish
from homeward.disclosure.tests.cast import confirmed_and_kin
from homeward.disclosure.tests.test_kinship import answered, said
from homeward.enquiries.models import Enquiry
from homeward.lib import clock
from homeward.matching.memory import Memory
from homeward.partners import actions, pfif
from homeward.partners.models import Clearance, Referral
from homeward.partners.tests.cast import Api, a_partner
from homeward.testing import make_staff

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PERSON = {
    "person_record_id": "partner.example/p1",
    "entry_date": "2026-02-01T10:00:00Z",
    "expiry_date": "2026-12-01T10:00:00Z",
    "author_name": "Ada",
    "author_email": "ada@partner.example",
    "author_phone": "+380 (44) 123-45-67 ext. 3",
    "source_name": "Partner",
    "source_date": "2026-02-01T10:00:00Z",
    "source_url": "https://partner.example/p1",
    "full_name": "Остап Щербацький",
    "given_name": "Остап",
    "family_name": "Щербацький",
    "alternate_names": "Ostap\nOstik",
    "description": "tall",
    "sex": "male",
    "date_of_birth": "1990-05-28",
    "age": "30-40",
    "home_city": "Луцьк",
    "home_state": "UA-07",
    "home_postal_code": "43000",
    "home_country": "UA",
    "photo_url": "https://partner.example/p.jpg",
    "profile_urls": "https://one.example/a\nhttps://two.example/b",
}
NOTE = {
    "note_record_id": "partner.example/n1",
    "person_record_id": "partner.example/p1",
    "entry_date": "2026-02-01T10:00:00Z",
    "author_name": "Ada",
    "author_email": "ada@partner.example",
    "source_date": "2026-02-01T10:00:00Z",
    "author_made_contact": "false",
    "status": "information_sought",
    "last_known_location": "Луцьк",
    "text": "He wrote last in January.",
    "photo_url": "https://partner.example/n.jpg",
}


def xml(*records: pfif.Record, version: str = "1.4", slash: str = "") -> bytes:
    text = pfif.write(records).decode()
    return text.replace("http://zesty.ca/pfif/1.4", f"http://zesty.ca/pfif/{version}{slash}").encode()


def person(**changes: str | None) -> pfif.Record:
    fields = {name: text for name, text in {**PERSON, **changes}.items() if text is not None}
    return pfif.Record("person", fields, [pfif.Record("note", dict(NOTE))])


def rules(content: bytes) -> set[str]:
    return {f"{fault.rule}:{fault.field}" for fault in pfif.faults_of(pfif.read(content), on=NOW)}


def test_the_good_document_breaks_no_rule() -> None:
    assert rules(xml(person())) == set()


FORMATS = [
    ("person_record_id", "no-slash"), ("person_record_id", "/only"), ("person_record_id", "1digit.example/x"),
    ("person_record_id", "partner.example/"), ("person_record_id", "partner example/x"),
    ("source_date", "2026-02-01"), ("source_date", "2026-02-01T10:00:00"), ("source_date", "2026-02-30T10:00:00Z"),
    ("source_date", "2026-02-01T25:00:00Z"), ("source_date", "2026-02-01T10:00:00+02:00"), ("source_date", "yesterday"),
    ("entry_date", "2026/02/01"), ("entry_date", "2026-13-01T10:00:00Z"), ("expiry_date", "2026-12-01 10:00:00Z"),
    ("author_email", "ada"), ("author_email", "a da@x"), ("author_email", "@x"), ("author_email", "ada@"),
    ("author_phone", "call me"), ("author_phone", "+"), ("author_phone", "044x"),
    ("source_url", "partner.example/p1"), ("source_url", "ftp://partner.example"), ("source_url", "https://"),
    ("photo_url", "p.jpg"), ("photo_url", "javascript:alert(1)"), ("photo_url", "data:image/png;base64,AA"),
    ("profile_urls", "https://one.example/a\nnone"), ("profile_urls", "https://one.example/a https://two.example/b c"),
    ("sex", "M"), ("sex", "Male"), ("sex", "unknown"),
    ("date_of_birth", "28.05.1990"), ("date_of_birth", "1990-13"), ("date_of_birth", "1990-02-30"),
    ("date_of_birth", "90"), ("date_of_birth", "1990-5-28"),
    ("age", "about 30"), ("age", "40-30"), ("age", "30-"), ("age", "-30"), ("age", "30-30"),
    ("home_state", "Volyn"), ("home_state", "ua-07"), ("home_state", "UA-1234"),
    ("home_country", "UKR"), ("home_country", "ua"), ("home_country", "Ukraine"),
]  # fmt: skip
UNFAULTY = {("author_phone", "+"), ("profile_urls", "https://one.example/a https://two.example/b c")}


@pytest.mark.parametrize(("field", "bad"), [case for case in FORMATS if case not in UNFAULTY])
def test_a_wrong_format_is_found_and_the_repaired_one_is_not(field: str, bad: str) -> None:
    broken = person(**{field: bad})
    broken.notes = []

    assert f"format:{field}" in rules(xml(broken))
    repaired = person()
    repaired.notes = []
    assert rules(xml(repaired)) == set()


NOTE_FORMATS = [
    ("note_record_id", "n1"), ("linked_person_record_id", "p2"), ("source_date", "2026"), ("entry_date", "x"),
    ("author_email", "x"), ("author_made_contact", "yes"), ("author_made_contact", "TRUE"), ("status", "captured"),
    ("status", "alive"), ("status", "believed_captured"), ("photo_url", "x"), ("phone_of_found_person", "none"),
    ("email_of_found_person", "none"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "bad"), NOTE_FORMATS)
def test_a_wrong_note_is_found(field: str, bad: str) -> None:
    broken = person()
    broken.notes[0].fields[field] = bad

    assert f"format:{field}" in rules(xml(broken))


@pytest.mark.parametrize("field", ["person_record_id", "source_date", "full_name"])
def test_a_missing_mandatory_field_of_a_person_is_found(field: str) -> None:
    assert f"missing:{field}" in rules(xml(person(**{field: None})))


@pytest.mark.parametrize("field", ["note_record_id", "source_date", "author_name", "text"])
def test_a_missing_mandatory_field_of_a_note_is_found(field: str) -> None:
    broken = person()
    del broken.notes[0].fields[field]

    assert f"missing:{field}" in rules(xml(broken))


def _inserted(content: bytes, before: str, more: str) -> bytes:
    return content.replace(before.encode(), (more + before).encode(), 1)


@pytest.mark.parametrize(
    ("before", "more", "rule"),
    [
        ("<pfif:sex>", "<pfif:sex>male</pfif:sex>", "field_twice:sex"),
        ("<pfif:sex>", "<pfif:rank>x</pfif:rank>", "unknown_field:rank"),
        ("<pfif:sex>", "<pfif:home_street/>", "empty:home_street"),
        ("<pfif:sex>", "<pfif:home_street><b/></pfif:home_street>", "element_in_field:home_street"),
        ("<pfif:person>", "<pfif:people/>", "unknown_element:people"),
    ],
)
def test_a_wrong_shape_is_found(before: str, more: str, rule: str) -> None:
    assert rule in rules(_inserted(xml(person()), before, more))


def test_identifiers_are_used_once_and_notes_belong() -> None:
    assert "id_twice:person_record_id" in rules(xml(person(), person()))
    stray = person()
    stray.notes[0].fields["person_record_id"] = "partner.example/p2"
    assert "note_of_another:person_record_id" in rules(xml(stray))
    lone = pfif.Record("note", {name: text for name, text in NOTE.items() if name != "person_record_id"})
    assert "missing:person_record_id" in rules(xml(lone))


def test_links_go_both_ways() -> None:
    one, other = person(), person(person_record_id="partner.example/p2")
    other.notes[0].fields.update(note_record_id="partner.example/n2", person_record_id="partner.example/p2")
    one.notes[0].fields["linked_person_record_id"] = "partner.example/p2"
    assert "link_one_way:linked_person_record_id" in rules(xml(one, other))
    other.notes[0].fields["linked_person_record_id"] = "partner.example/p1"
    assert rules(xml(one, other)) == set()
    one.notes[0].fields["linked_person_record_id"] = "partner.example/p1"
    assert "link_to_itself:linked_person_record_id" in rules(xml(one))


def test_what_expired_is_a_placeholder_of_four_fields() -> None:
    day = "2026-01-10T10:00:00Z"
    good = pfif.Record(
        "person",
        {
            "person_record_id": "a.example/1",
            "source_date": day,
            "entry_date": day,
            "expiry_date": "2026-01-10T09:00:00Z",
        },
    )
    assert rules(xml(good)) == set()
    kept = person(expiry_date="2026-01-10T09:00:00Z")
    assert {"kept_after_expiry:full_name", "notes_after_expiry:note"} <= rules(xml(kept))
    differ = pfif.Record("person", {**good.fields, "entry_date": "2026-01-10T11:00:00Z"})
    assert "placeholder_dates_differ:entry_date" in rules(xml(differ))
    late = pfif.Record("person", {**good.fields, "source_date": NOW.strftime("%Y-%m-%dT%H:%M:%SZ")})
    assert "placeholder_too_late:source_date" in rules(xml(late))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not xml", b"<pfif/>", b"<html/>", b'<pfif xmlns="http://zesty.ca/pfif/1.5"/>',
        b'<person xmlns="http://zesty.ca/pfif/1.4"/>', b"\xff\xfe\x00", b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><pfif xmlns="http://zesty.ca/pfif/1.4">&b;</pfif>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><pfif xmlns="http://zesty.ca/pfif/1.4"/>',
        b'<pfif xmlns="http://zesty.ca/pfif/1.4"><person></pfif>', b" " * (pfif.MOST_BYTES + 1),
    ],
)  # fmt: skip
def test_what_is_no_pfif_is_refused(content: bytes) -> None:
    with pytest.raises(pfif.Unreadable):
        pfif.read(content)


@pytest.mark.parametrize("version", ["1.1", "1.2", "1.3", "1.4"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_older_versions_and_both_namespaces_are_read(version: str, slash: str) -> None:
    old = {"given_name": "first_name", "family_name": "last_name", "description": "other"}
    content = xml(person(), version=version, slash=slash).decode()
    for new, name in old.items() if version != "1.4" else ():
        content = re.sub(f"(</?pfif:){new}>", rf"\g<1>{name}>", content)

    document = pfif.read(content.encode())

    assert document.version == version
    assert document.persons[0].fields["family_name"] == "Щербацький"
    assert pfif.faults_of(document, on=NOW) == []


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=200, deadline=None)
@given(full=text, family=text, aliases=st.lists(text, max_size=3), born=st.sampled_from(["", "1990", "1990-05", "x"]))
def test_what_is_written_is_read_again(full: str, family: str, aliases: list[str], born: str) -> None:
    class Row:
        reference = "1234-5678-9012-3"
        cleared_at = NOW
        expires_at = NOW + timedelta(days=90)
        status = "information_sought"
        enquiry = Enquiry(facts={"full": full, "surname": family or "A", "aliases": "; ".join(aliases), "born": born})

    with clock.freeze(NOW):
        record = pfif.record_of(Row)  # type: ignore[arg-type]
        content = pfif.write([record])
        read = pfif.read(content)
        assert [fault for fault in pfif.faults_of(read, on=NOW) if fault.rule != "missing"] == []
        again = pfif.write(read.persons)

    assert again == content
    shuffled = list(record.fields.items())
    Random(1).shuffle(shuffled)
    assert pfif.write([pfif.Record("person", dict(shuffled), record.notes)]) == content


# --- with the house --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_person_of_a_file_becomes_a_referral_with_its_row() -> None:
    east = a_partner()
    bad_email = person(person_record_id="partner.example/p2", author_email="none")
    bad_email.notes = []
    nameless = person(person_record_id="partner.example/p3", full_name=None, given_name=None, family_name=None)
    nameless.fields.pop("alternate_names")
    nameless.notes = []
    past = pfif.Record(
        "person", {**PERSON, "person_record_id": "partner.example/p4", "expiry_date": "2020-01-01T00:00:00Z"}
    )

    report = pfif.bring(xml(person(), bad_email, nameless, past), east)
    again = pfif.bring(xml(person()), east)

    assert [row.outcome for row in report] == ["accepted", "accepted", "no_name", "expired"]
    assert "format:author_email" in report[1].faults
    assert again[0].outcome == "known"
    actions.file_in_turn()
    enquiry = Enquiry.objects.get(partner_number="partner.example/p1")
    assert enquiry.facts["surname"] == "Щербацький"
    assert enquiry.facts["aliases"] == "Ostap; Ostik"
    assert enquiry.facts["born"] == "1990-05-28"
    assert enquiry.enquirer["email"] == "ada@partner.example"


SECRETS = ("+380441234567", "ada@secret.example", "Вул. Таємна", "СЛ-778899", "45261", "scar", "Camp", "hospital")


@pytest.mark.django_db
@pytest.mark.both_databases
def test_nothing_of_family_service_or_captivity_goes_out_and_only_what_was_cleared(
    in_process_matcher: Memory,
) -> None:
    east, west = a_partner(records=True), a_partner("Committee West", records=True)
    match = confirmed_and_kin(in_process_matcher)
    enquiry = match.enquiry
    enquiry.enquirer = {"name": "Ada", "telephone": SECRETS[0], "email": SECRETS[1], "address": SECRETS[2]}
    enquiry.facts = {**enquiry.facts, "service_number": SECRETS[3], "marks": "scar", "last_news": "Camp, hospital"}
    enquiry.save()
    cleo, abel = make_staff("case_worker"), make_staff("approver")
    with pytest.raises(actions.NotCleared):
        actions.propose_record(enquiry, east, status="believed_alive", consent="spoken", by=cleo)
    answered(match)
    with pytest.raises(actions.NotCleared):
        actions.propose_record(enquiry, east, status="believed_alive", consent="spoken", by=cleo)
    said(match, Wish.NOW)
    proposal = actions.propose_record(enquiry, east, status="believed_alive", consent="spoken", by=cleo)
    assert b"person_record_id" not in pfif.export(Clearance.objects.all())
    cleared = actions.approve_record(proposal, payload_hash=proposal.payload_hash, by=abel)

    from homeward.partners.queries import standing_clearances

    out = pfif.export(standing_clearances(east)).decode()
    assert "Szczerbacki" in out
    assert pfif.faults_of(pfif.read(out.encode())) == []
    for secret in (*SECRETS, enquiry.reference, match.entry.reference, "Ada", "captiv", "prisoner"):
        assert secret not in out
    assert b"person_record_id" not in pfif.export(standing_clearances(west))

    actions.end_clearance(cleared, by=cleo)
    with clock.freeze(clock.now() + timedelta(days=2)):
        gone = pfif.export(standing_clearances(east))
        document = pfif.read(gone)
        assert set(document.persons[0].fields) == set(pfif.PLACEHOLDER_FIELDS)
        assert pfif.faults_of(document) == []
    with clock.freeze(clock.now() + timedelta(days=40)):
        assert b"person_record_id" not in pfif.export(standing_clearances(east))


@pytest.mark.django_db
@pytest.mark.urls("homeward.config.urls_family")
def test_pfif_over_the_interface() -> None:
    east = Api(a_partner())

    answer = east.post("/pfif", xml(person()), "application/xml")
    broken = east.post("/pfif", b"<no", "application/xml")

    assert answer.json()["rows"][0]["outcome"] == "accepted"
    assert broken.status_code == 422
    assert east.get("/pfif").content.startswith(b"<?xml")


@pytest.mark.django_db
def test_the_commands(tmp_path: Path) -> None:
    a_partner()
    file = tmp_path / "list.xml"
    file.write_bytes(xml(person()))
    out = StringIO()

    call_command("import_pfif", file, "--partner", "Committee East", stdout=out)
    call_command("export_pfif", "--partner", "Committee East", "--output", tmp_path / "out.xml", stdout=out)

    assert "partner.example/p1\taccepted" in out.getvalue()
    assert Referral.objects.count() == 1
    assert (tmp_path / "out.xml").read_bytes().startswith(b"<?xml")
