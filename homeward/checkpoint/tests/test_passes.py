"""A pass needs two people; the database sees to it as well."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from homeward.audit.models import Event
from homeward.checkpoint import actions, papers, queries
from homeward.checkpoint.models import Pass, RevokedBecause
from homeward.checkpoint.tests.cast import make_pass, propose
from homeward.decisions import actions as decisions
from homeward.lib import clock, keys, references
from homeward.signer import base45, cbor, client, cose, keyring, trust, verify
from homeward.signer.models import Revocation
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def check(travel_pass: Pass, **changes: Any) -> verify.Verdict:
    now = int(clock.now().timestamp())
    known = verify.Known(keys=keyring.key_set(), now=now, revocations=trust.Revocations(1, now, frozenset()), **changes)
    return verify.check_pass(travel_pass.text, known)


def test_two_people_make_a_pass_that_checks() -> None:
    made = make_pass()

    assert made.text is not None
    assert made.text.startswith("TP1:")
    assert len(made.text) <= 400
    assert references.is_valid(made.printed_number)
    verdict = check(made)
    assert (verdict.colour, verdict.reason, verdict.doubts) == (verify.Colour.AMBER, "no_list", ("other_hour",))
    assert verdict.traveller is not None
    assert (verdict.traveller.name, verdict.traveller.document) == ("VYHADANKO HALYNA", ("P", "FA123456"))
    assert [each.deed for each in Event.objects.filter(about=made.reference).order_by("number")] == [
        "decisions.proposed", "decisions.approved", "signer.pass", "checkpoint.issued",
    ]  # fmt: skip


def test_a_pass_says_nothing_that_is_not_allow_listed() -> None:
    made = make_pass(journey="9999-8888-7777-6")
    claims = cbor.decode(cose.read(base45.decode(str(made.text)[4:])).payload)

    assert set(claims) == {1, 4, 5, 6, 7, -70001}
    assert set(claims[-70001]) == {1, 2, 3, 4, 5, 6, 7, 8, 9}
    assert claims[1] == "TRAINING"
    assert b"9999" not in cbor.encode(claims)


def test_the_proposer_cannot_approve_and_another_hash_is_not_approved() -> None:
    proposal = propose()

    with pytest.raises(decisions.SecondPersonNeeded):
        actions.approve_pass(proposal, payload_hash=proposal.payload_hash, by=proposal.proposed_by)
    with pytest.raises(decisions.ContentChanged):
        actions.approve_pass(proposal, payload_hash="1." + "0" * 64, by=make_staff("release_approver"))
    assert not Pass.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Галина"}, {"name": ""}, {"document": "?"}, {"point": "ПУНКТ"}, {"companions": 10}, {"companions": -1},
        {"window": (clock.now() - timedelta(days=2), clock.now() - timedelta(days=1))},
        {"window": (clock.now() + timedelta(days=2), clock.now() + timedelta(days=1))},
        {"window": (clock.now(), clock.now() + timedelta(days=6))},
        {"window": (clock.now() + timedelta(days=25), clock.now() + timedelta(days=26))},
        {"name": "A" * 39, "document": "9" * 14, "point": "a" * 20},
    ],
)  # fmt: skip
def test_what_a_pass_cannot_say_is_not_proposed(changes: dict[str, Any]) -> None:
    with pytest.raises(actions.NotPossible):
        propose(**changes)


def test_the_longest_usual_pass_stays_below_four_hundred_characters() -> None:
    made = make_pass(name="VYHADANKO-PRYKLADENKO OLEKSANDRA", document="FA1234567", point="pl-ua-medyka")

    assert len(str(made.text)) <= 400


def test_without_a_code_she_is_on_the_list_and_carries_nothing() -> None:
    made = make_pass(with_code=False)

    assert made.text is None
    assert papers.pass_svg(made) == ""
    assert list(queries.expected(timezone.localdate(made.window_from), "medyka")) == [made]
    assert queries.to_be_signed().count() == 0


def test_a_pass_taken_back_is_refused_everywhere() -> None:
    made, officer = make_pass(), make_staff("return_officer")

    actions.revoke_pass(made, because=RevokedBecause.LOST, by=officer)

    signed = trust.read_revocations(client.sign_revocations(), keyring.key_set())
    assert check(made).reason == "no_list"
    now = int(clock.now().timestamp())
    known = verify.Known(keys=keyring.key_set(), now=now, revocations=signed)
    assert verify.check_pass(str(made.text), known).reason == "revoked"
    assert Revocation.objects.count() == 1
    assert queries.pass_for_journey(made.journey) is None
    with pytest.raises(client.SignerRefuses):
        client.sign_pass(made.proposal)
    with pytest.raises(actions.NotStanding):
        actions.revoke_pass(made, because=RevokedBecause.LOST, by=officer)
    assert Event.objects.filter(deed="checkpoint.revoked", about=made.reference).count() == 1


def test_the_pass_of_a_journey_is_found() -> None:
    first, second = make_pass(), make_pass(name="PIDMINA OLHA", document="FB222222")

    assert queries.pass_for_journey(first.journey) == first
    assert list(queries.passes_for_journey(first.journey)) == [first, second]
    assert queries.pass_for_journey("") is None


def test_what_the_signer_could_not_sign_is_signed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_proposal: object) -> str:
        raise client.SignerAway("away")

    with monkeypatch.context() as patch:
        patch.setattr(client, "sign_pass", away)
        made = make_pass()
    assert made.text is None
    assert list(queries.to_be_signed()) == [made]

    assert actions.sign_waiting() == 1

    made.refresh_from_db()
    assert made.text is not None


def test_old_passes_are_forgotten() -> None:
    made = make_pass()

    with clock.freeze(made.expires_at + timedelta(days=91)):
        actions.forget_old()

    assert not Pass.objects.exists()


@pytest.mark.parametrize("zone", ["family", "staff"])
def test_her_own_page_may_open_her_pass_and_nothing_of_the_decision(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Pass.objects.get(pk=make_pass().pk)
    monkeypatch.setenv("HOMEWARD_ZONE", zone)
    keys._roots.cache_clear()
    keys.derived.cache_clear()
    from homeward.lib import sealed

    sealed._cipher.cache_clear()
    try:
        assert "<svg" in papers.pass_svg(made)
        if zone == "family":
            with pytest.raises(keys.KeyMissing):
                _ = made.proposal.payload
            with pytest.raises(keys.KeyMissing):
                keyring.trust()
    finally:
        monkeypatch.undo()
        keys._roots.cache_clear()


# --- the database --------------------------------------------------------------------------------------------------


def _insert(**changes: Any) -> None:
    said: dict[str, Any] = {
        "reference": "1", "journey": "", "pass_id": "a" * 32, "number": "482915034", "point": "medyka", "window_from": clock.now(),
        "window_until": clock.now() + timedelta(hours=1), "not_before": clock.now() - timedelta(days=1),
        "expires_at": clock.now() + timedelta(days=1), "holder": b"x", "with_code": True, "payload_hash": "x", "proposal_id": 0,
        "approved_at": clock.now(), "revoked_because": "", **changes,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO checkpoint_pass ({', '.join(said)}) VALUES ({', '.join(['%s'] * len(said))})",
            list(said.values()),
        )


@pytest.mark.parametrize(
    "sabotage",
    ["no approval", "refused", "voided", "another hash", "another subject", "another kind", "signed at birth"],
)
def test_no_pass_by_direct_sql(sabotage: str) -> None:
    proposal, approver = propose(), make_staff("release_approver")
    row: dict[str, Any] = {
        "reference": proposal.subject,
        "payload_hash": proposal.payload_hash,
        "proposal_id": proposal.pk,
    }
    if sabotage == "another kind":
        other = decisions.propose("returns.release", proposal.subject, {"x": 1}, by=make_staff("return_officer"))
        decisions.approve(other, other.payload_hash, approver)
        row.update(payload_hash=other.payload_hash, proposal_id=other.pk)
    elif sabotage == "refused":
        decisions.refuse(proposal, approver, "other")
    elif sabotage != "no approval":
        decisions.approve(proposal, proposal.payload_hash, approver)
    if sabotage == "voided":
        decisions.void(proposal, by=approver)
    if sabotage == "another hash":
        row["payload_hash"] = "1." + "0" * 64
    if sabotage == "another subject":
        row["reference"] = "1111-2222-3333-4"
    if sabotage == "signed at birth":
        row.update(text=b"TP1:", signed_at=clock.now())

    with pytest.raises(IntegrityError):
        _insert(**row)


def test_an_approved_pass_goes_in_by_the_same_sql() -> None:
    """So that the refusals above refuse for their reason."""
    proposal = propose()
    decisions.approve(proposal, proposal.payload_hash, make_staff("release_approver"))

    _insert(reference=proposal.subject, payload_hash=proposal.payload_hash, proposal_id=proposal.pk)

    assert Pass.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "point = 'dorohusk'", "number = '111111111'", "pass_id = 'b'", "journey = 'x'", "text = NULL, signed_at = NULL",
        "with_code = NOT with_code",
        "payload_hash = 'x'", "window_until = window_from", "expires_at = not_before",
    ],
)  # fmt: skip
def test_what_a_pass_says_is_not_changed_by_sql(change: str) -> None:
    make_pass()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE checkpoint_pass SET {change}")


@pytest.mark.parametrize(
    "change", ["revoked_at = NULL, revoked_by_id = NULL, revoked_because = ''", "revoked_because = 'misuse'"]
)
def test_a_pass_taken_back_stays_so(change: str) -> None:
    actions.revoke_pass(make_pass(), because=RevokedBecause.LOST, by=make_staff("return_officer"))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE checkpoint_pass SET {change}")


def test_an_approval_makes_one_pass() -> None:
    proposal = propose()
    actions.approve_pass(proposal, payload_hash=proposal.payload_hash, by=make_staff("release_approver"))

    with pytest.raises(decisions.AlreadyDecided):
        actions.approve_pass(proposal, payload_hash=proposal.payload_hash, by=make_staff("release_approver"))
    assert Pass.objects.count() == 1


# --- paper ---------------------------------------------------------------------------------------------------------


def test_the_code_on_the_paper_is_read_back(tmp_path: Path) -> None:
    import pypdfium2

    made = make_pass()
    page = pypdfium2.PdfDocument(papers.pass_paper(made, language="uk"))[0]

    picture: Image.Image = page.render(scale=200 / 72).to_pil()
    # As a scanner at a border is set: of all marks on the sheet only QR, for a fold or a table line is no bar code.
    read = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)

    assert [each.text for each in read] == [made.text]
    # A5, and the code at least 45 mm wide.
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [148, 210]
    corners = read[0].position
    assert (corners.top_right.x - corners.top_left.x) / 200 * 25.4 >= 45


@pytest.mark.parametrize("language", ["uk", "ru", "en", "fr"])
def test_the_paper_is_one_neutral_page(language: str) -> None:
    import pypdfium2

    made = make_pass()
    document = pypdfium2.PdfDocument(papers.pass_paper(made, language=language))

    text = document[0].get_textpage().get_text_bounded()
    assert len(document) == 1
    assert made.printed_number in text
    assert "VYHADANKO HALYNA" in text
    for word in ("prison", "captiv", "bureau", "war", "полон", "плен", "бюро", "війн", "войн", "captur", "guerre"):
        assert word not in text.lower()
