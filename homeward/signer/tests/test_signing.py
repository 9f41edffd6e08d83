"""The signer signs what two people approved, as the log knows it, and nothing that merely stands in the database."""

import json
import os
import secrets
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from homeward.audit.models import Event
from homeward.decisions import actions as decisions
from homeward.decisions.models import Proposal
from homeward.lib import clock, keys
from homeward.signer import actions, client, cose, keyring, passes, signing, trust, verify
from homeward.signer.client import SignerRefuses
from homeward.signer.models import Published, Revocation
from homeward.signer.tests.test_verify import make_receipt
from homeward.testing import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = 86_400


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_SIGNER_KEYS", str(tmp_path / "signing.json"))


def content(**changes: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    return {
        "pass": "1234-5678-9012-3", "pass_id": secrets.token_hex(16), "number": "482915034", "name": "VYHADANKO HALYNA",
        "born": "1971-03-09", "document_type": "P", "document": "FA123456", "point": "medyka", "window_from": now + DAY,
        "window_until": now + DAY + 7200, "not_before": now, "expires": now + 2 * DAY, "companions": 0, "portrait": "",
        "code": True, "journey": "", **changes,
    }  # fmt: skip


def proposed(kind: str = passes.KIND, **changes: Any) -> Proposal:
    payload = content(**changes)
    return decisions.propose(kind, payload["pass_id"][:20], payload, by=make_staff("case_worker"))


def approved(kind: str = passes.KIND, **changes: Any) -> Proposal:
    proposal = proposed(kind, **changes)
    return decisions.approve(proposal, proposal.payload_hash, make_staff("approver"))


def known(**changes: Any) -> verify.Known:
    held = keyring.key_set()
    now = int(clock.now().timestamp())
    return verify.Known(
        keys=held, now=now + DAY + 60, revocations=trust.Revocations(1, now + DAY, frozenset()), **changes
    )


def test_an_approved_pass_is_signed_and_checks() -> None:
    proposal = approved()

    text = client.sign_pass(proposal)

    verdict = verify.check_pass(text, known())
    assert (verdict.colour, verdict.reason) == (verify.Colour.AMBER, "no_list")
    assert verdict.traveller == passes.traveller_of(proposal.payload)
    assert len(text) <= passes.LONGEST
    assert len(text) == passes.length_of(proposal.payload, issuer="TRAINING")
    assert Event.objects.filter(deed="signer.pass", about=proposal.subject).count() == 1


def test_signing_again_gives_the_same_text() -> None:
    proposal = approved()

    assert client.sign_pass(proposal) == client.sign_pass(proposal)


def test_only_allow_listed_claims_are_in_a_pass() -> None:
    from homeward.signer import base45, cbor

    message = cose.read(base45.decode(client.sign_pass(approved(portrait="ab" * 16))[4:]))
    claims = cbor.decode(message.payload)

    assert set(claims) == {1, 4, 5, 6, 7, -70001}
    assert set(claims[-70001]) == set(range(1, 10))


@pytest.mark.parametrize("how", ["not approved", "voided", "another kind", "no code", "ended", "revoked", "not a pass"])
def test_what_is_not_covered_is_not_signed(how: str) -> None:
    changes: dict[str, Any] = {"no code": {"code": False}, "not a pass": {"name": "Галина"}}.get(how, {})
    if how == "ended":
        now = int(clock.now().timestamp())
        changes = {"not_before": now - 2 * DAY, "window_from": now - DAY, "window_until": now - 60, "expires": now - 1}
    if how == "not approved":
        proposal = proposed()
    elif how == "another kind":
        proposal = approved("disclosure.answer")
    else:
        proposal = approved(**changes)
    if how == "voided":
        decisions.void(proposal, by=None)
    if how == "revoked":
        actions.revoke(bytes.fromhex(proposal.payload["pass_id"]), expires_at=clock.now() + timedelta(days=2))

    with pytest.raises(SignerRefuses):
        client.sign_pass(proposal)


def test_an_approval_written_by_sql_is_not_signed() -> None:
    """Threat 23: whoever can write the database cannot write the log under its seal."""
    proposal, other = proposed(), make_staff("approver")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decisions_proposal SET approved_by_id = %s, approved_at = %s WHERE id = %s",
            [other.pk, timezone.now(), proposal.pk],
        )
    proposal.refresh_from_db()
    assert proposal.approved_at is not None

    with pytest.raises(SignerRefuses):
        client.sign_pass(proposal)


def test_a_log_line_of_someone_else_does_not_carry_an_approval_by_sql() -> None:
    """Not even with a log line copied from a true approval of the same thing."""
    proposal, other = proposed(), make_staff("approver")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decisions_proposal SET approved_by_id = %s, approved_at = %s WHERE id = %s",
            [other.pk, timezone.now(), proposal.pk],
        )
    from homeward import audit

    detail: dict[str, str | int | bool] = {"kind": proposal.kind, "proposal": proposal.reference}
    audit.record("decisions.approved", by=make_staff("approver"), about=proposal.subject, detail=detail)

    with pytest.raises(SignerRefuses):
        client.sign_pass(proposal)


def test_content_changed_by_sql_is_not_signed() -> None:
    one, two = approved(), approved(name="PIDMINA OLHA")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decisions_proposal SET payload = (SELECT payload FROM decisions_proposal WHERE id = %s) WHERE id = %s",
            [two.pk, one.pk],
        )

    with pytest.raises(SignerRefuses):
        client.sign_pass(one)


def test_a_manifest_holds_approved_travellers_only() -> None:
    first, second, gone = (
        approved(),
        approved(name="DRUHA OLHA", document="FB654321", code=False),
        approved(document="FC1111"),
    )
    actions.revoke(bytes.fromhex(gone.payload["pass_id"]), expires_at=clock.now() + timedelta(days=2))

    signed = client.sign_manifest(day="2026-11-26", point="medyka", proposals=[first, second, gone])

    held = trust.read_manifest(signed, keyring.key_set())
    assert [each.name for each in held.travellers] == ["VYHADANKO HALYNA", "DRUHA OLHA"]
    assert held.number == 1
    with pytest.raises(SignerRefuses):
        client.sign_manifest(day="2026-11-26", point="medyka", proposals=[first, proposed()])
    with pytest.raises(SignerRefuses):
        client.sign_manifest(day="2026-11-26", point="dorohusk", proposals=[first])


def test_lists_of_revoked_passes_are_numbered_and_forget_what_ended() -> None:
    now = clock.now()
    actions.revoke(b"a" * 16, expires_at=now + timedelta(days=2))
    actions.revoke(b"a" * 16, expires_at=now + timedelta(days=2))
    actions.revoke(b"b" * 16, expires_at=now - timedelta(days=2))

    lists = [trust.read_revocations(client.sign_revocations(), keyring.key_set()) for _ in range(2)]

    assert [each.number for each in lists] == [1, 2]
    assert lists[0].passes == {b"a" * 16}


@pytest.mark.parametrize("table", ["signer_revocation", "signer_published"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_what_the_signer_remembers_is_not_changed_by_sql(table: str, verb: str) -> None:
    Revocation.objects.create(pass_id="a" * 32, expires_at=clock.now())
    Published.objects.create(kind="revoked", number=1, digest="0" * 64)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


def test_a_receipt_needs_its_decision() -> None:
    release = approved("returns.release")
    receipt = make_receipt(decision=signing.decision_digest(release), issued_at=int(clock.now().timestamp()))

    text = client.sign_receipt(release, receipt)

    assert verify.check_receipt(text, keyring.key_set())[1] == receipt
    for proposal, said in (
        (release, make_receipt(issued_at=receipt.issued_at)),
        (approved(), receipt),
        (proposed("returns.release", pass_id=secrets.token_hex(16)), receipt),
        (release, make_receipt(decision=receipt.decision, issued_at=receipt.issued_at - 30 * DAY)),
    ):
        with pytest.raises(SignerRefuses):
            client.sign_receipt(proposal, said)


# --- keys ----------------------------------------------------------------------------------------------------------


def test_the_key_file_is_the_owners_alone() -> None:
    keyring.make()

    assert stat.S_IMODE(os.stat(keyring.path()).st_mode) == 0o600


def test_keys_live_thirty_days_and_renew_in_time() -> None:
    first = keyring.key_set()
    later = clock.now() + timedelta(days=9)

    with clock.freeze(later):
        second = keyring.key_set()
        until = int(later.timestamp()) + keyring.AHEAD
        private = keyring.private_key(trust.Purpose.PASS, until=until)

    assert all(key.not_after - key.not_before <= 30 * DAY + 60 for key in second.keys)
    assert second.number == first.number + 1
    assert {key.public.kid for key in first.keys} < {key.public.kid for key in second.keys}
    assert cose.public_of(private).kid not in {key.public.kid for key in first.keys}


def test_keys_made_while_the_clock_ran_ahead_do_not_stop_the_signing() -> None:
    now = clock.now()
    with clock.freeze(now + timedelta(days=6)):
        keyring.make()

    private = keyring.private_key(trust.Purpose.RECEIPT, until=int(now.timestamp()) + DAY)

    assert cose.public_of(private).kid in {key.public.kid for key in keyring.key_set().keys}


@pytest.mark.parametrize("zone", ["family", "matcher"])
def test_families_process_never_holds_the_signing_key(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.make()
    monkeypatch.setenv("HOMEWARD_ZONE", zone)

    with pytest.raises(keys.KeyMissing):
        keyring.trust()


@pytest.mark.parametrize("zone", ["staff", "worker", "command", "family", "matcher"])
def test_beside_a_signer_nobody_holds_its_key(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.make()
    monkeypatch.setenv("HOMEWARD_SIGNER", "/nowhere")
    monkeypatch.setenv("HOMEWARD_ZONE", zone)

    with pytest.raises(keys.KeyMissing):
        keyring.trust()
    monkeypatch.setenv("HOMEWARD_ZONE", "signer")
    assert keyring.trust()


def test_the_deploy_check_fails_while_the_key_is_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> set[str]:
        return {
            str(each.id) for each in run_checks(include_deployment_checks=True) if str(each.id).startswith("signer")
        }

    assert found() == {"signer.E001"}
    keyring.make()
    monkeypatch.setenv("HOMEWARD_SIGNER", "/nowhere")
    assert found() == {"signer.E002"}
    keyring.path().unlink()
    assert found() == set()


def test_production_does_not_start_where_it_can_read_the_signing_key(tmp_path: Path) -> None:
    keyring.make()
    environment = {
        **os.environ,
        "HOMEWARD_PRODUCTION": "1",
        "HOMEWARD_ZONE": "staff",
        "HOMEWARD_HOSTS": "house.example",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    said = subprocess.run(
        [sys.executable, "-m", "homeward", "check"], env=environment, capture_output=True, text=True, check=False
    )

    assert said.returncode != 0
    assert "signing key" in said.stderr


def test_the_offline_root_signs_a_new_key_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_SIGNER", str(tmp_path / "signer.sock"))
    monkeypatch.setenv("HOMEWARD_ZONE", "signer")
    offline = tmp_path / "offline"
    call_command("signer_keys", "make-root", str(offline))
    call_command("signer_keys", "begin", str(offline / "root.pub"))
    for turn in ("1", "2"):
        call_command("signer_keys", "request", str(tmp_path / f"request{turn}"))
        call_command(
            "signer_keys",
            "sign",
            str(tmp_path / f"request{turn}"),
            str(offline / "root.key"),
            str(tmp_path / f"set{turn}"),
        )
        call_command("signer_keys", "take", str(tmp_path / f"set{turn}"))

    assert keyring.key_set().number == 2
    assert "root" not in json.loads(keyring.path().read_text())
    assert keyring.private_key(trust.Purpose.PASS, until=int(clock.now().timestamp()) + keyring.AHEAD)
    # An older set, or one of another root, is not taken.
    from django.core.management.base import CommandError

    with pytest.raises(CommandError):
        call_command("signer_keys", "take", str(tmp_path / "set1"))


@pytest.mark.django_db(transaction=True)
def test_the_signer_answers_at_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from homeward.signer.management.commands.signer import Server

    keyring.make()
    embedded = keyring.issuer()
    proposal = approved()
    monkeypatch.setenv("HOMEWARD_SIGNER", str(tmp_path / "s.sock"))
    monkeypatch.setenv("HOMEWARD_ZONE", "signer")
    server = Server(tmp_path / "s.sock")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        text = client.sign_pass(proposal)
        root, signed = client.trust()
        with pytest.raises(SignerRefuses):
            client.sign_pass(proposed())
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

    verdict = verify.check_pass(
        text, verify.Known(keys=trust.read_key_set(signed, root), now=int(clock.now().timestamp()))
    )
    assert verdict.traveller is not None
    assert (embedded, keyring.issuer()) == ("TRAINING", "HW")
    with pytest.raises(client.SignerAway):
        client.sign_pass(proposal)
