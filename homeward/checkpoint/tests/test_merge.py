"""From the house to a kit and back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from homeward.audit.models import Event
from homeward.checkpoint import actions, queries
from homeward.checkpoint.kit import bundle
from homeward.checkpoint.kit.folder import Clock, Kit
from homeward.checkpoint.models import DayList, KitEntry, Pass, RevokedBecause
from homeward.checkpoint.tests.cast import make_pass, propose
from homeward.lib import clock
from homeward.signer.verify import Colour
from homeward.testing import make_staff, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _now() -> int:
    return int(clock.now().timestamp())


def kit_of(folder: Path, *, point: str = "medyka") -> Kit:
    """A kit with the list of the day on which the passes of the cast are expected, opened an hour and a half later."""
    moment = clock.now() + timedelta(minutes=90)
    made, pin = actions.make_list(day=_day(), point=point, by=make_staff("checkpoint_officer"))
    assert made.file is not None
    kit = Kit(folder, Clock(now=lambda: int(moment.timestamp()), steady=lambda: ("s", moment.timestamp())))
    kit.load(bytes(made.file))
    kit.open_list(pin)
    return kit


def _day():  # type: ignore[no-untyped-def]
    from django.utils import timezone

    return timezone.localdate(clock.now() + timedelta(minutes=90))


def test_what_the_house_made_out_is_green_at_the_checkpoint(tmp_path: Path) -> None:
    made = make_pass()
    kit = kit_of(tmp_path)

    verdict = kit.check_pass(str(made.text), document="FA123456")

    assert (verdict.colour, verdict.reason) == (Colour.GREEN, "good")


def test_without_a_code_her_passport_does_the_same(tmp_path: Path) -> None:
    make_pass(with_code=False)

    assert kit_of(tmp_path).check_document("FA123456").colour == Colour.GREEN


def test_a_pass_taken_back_is_red_at_the_checkpoint(tmp_path: Path) -> None:
    made = make_pass()
    actions.revoke_pass(made, because=RevokedBecause.MISUSE, by=make_staff("release_approver"))

    assert kit_of(tmp_path).check_pass(str(made.text)).reason == "revoked"


def test_only_approved_travellers_are_on_a_list(tmp_path: Path) -> None:
    make_pass()
    propose(document="FB111111")

    kit = kit_of(tmp_path)

    assert kit.check_document("FB111111").reason == "not_on_list"


def test_the_pin_is_kept_nowhere_and_the_file_is_forgotten() -> None:
    make_pass(name="MARKERNAME HALYNA")
    made, pin = actions.make_list(day=_day(), point="medyka", by=make_staff("checkpoint_officer"))
    made.refresh_from_db()

    assert made.travellers == 1
    assert b"MARKERNAME" not in bytes(made.file or b"")
    assert pin.replace(" ", "").encode() not in bytes(made.file or b"")
    assert len(pin.replace(" ", "")) == 12
    with clock.freeze(clock.now() + timedelta(hours=73)):
        actions.forget_old()
    made.refresh_from_db()
    assert made.file is None


def test_a_log_is_merged_once_however_often_it_comes(tmp_path: Path) -> None:
    made = make_pass()
    kit = kit_of(tmp_path)
    kit.check_pass(str(made.text))
    kit.check_pass(str(made.text))
    content = (tmp_path / "log.jsonl").read_bytes()
    officer = make_staff("checkpoint_officer")

    done = [actions.merge_log(content, by=officer), actions.merge_log(content + content, by=officer)]

    assert [(each.new, each.used_twice, each.gaps) for each in done] == [(2, 0, 0), (0, 0, 0)]
    assert KitEntry.objects.count() == 2
    assert [each.through for each in queries.checks_of(made)] == [True, False]
    assert Event.objects.filter(deed="checkpoint.merged").count() == 1


def test_a_second_use_at_another_kit_is_flagged(tmp_path: Path) -> None:
    made = make_pass()
    officer = make_staff("checkpoint_officer")
    for name in ("one", "two"):
        kit = kit_of(tmp_path / name)
        assert kit.check_pass(str(made.text)).colour == Colour.GREEN
        done = actions.merge_log((tmp_path / name / "log.jsonl").read_bytes(), by=officer)

    assert done.used_twice == 1
    [(which, found)] = queries.used_twice()
    assert (which, len(found), len({each.kit for each in found})) == (made, 2, 2)
    assert Event.objects.filter(deed="checkpoint.used_twice", about=made.reference).count() == 1


def test_an_altered_log_is_not_taken_and_a_missing_part_is_shown(tmp_path: Path) -> None:
    make_pass()
    kit = kit_of(tmp_path)
    for number in range(4):
        kit.check_document(f"FX00000{number}")
    lines = (tmp_path / "log.jsonl").read_bytes().splitlines(keepends=True)
    officer = make_staff("checkpoint_officer")

    with pytest.raises(actions.NotAKitLog):
        actions.merge_log(lines[0] + lines[1].replace(b'"colour":1', b'"colour":0'), by=officer)
    assert not KitEntry.objects.exists()
    assert actions.merge_log(lines[0] + b"".join(lines[2:]), by=officer).gaps == 1
    assert actions.merge_log(b"".join(lines), by=officer).gaps == 0


def test_a_line_that_names_two_predecessors_is_shown(tmp_path: Path) -> None:
    kit = kit_of(tmp_path)
    kit.check_document("FX000001")
    kit.check_document("FX000002")
    first, second = kit.log.entries()
    forged = replace(second, at=second.at + 1)

    done = actions.merge_log(first.line() + second.line() + forged.line(), by=make_staff("checkpoint_officer"))

    assert done.gaps == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE checkpoint_kitentry SET through = NOT through", "DELETE FROM checkpoint_kitentry"]
)
def test_what_a_kit_recorded_stands(tmp_path: Path, statement: str) -> None:
    kit = kit_of(tmp_path)
    kit.check_document("FX000001")
    actions.merge_log((tmp_path / "log.jsonl").read_bytes(), by=make_staff("checkpoint_officer"))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- pages ---------------------------------------------------------------------------------------------------------


def test_from_proposal_to_paper_through_the_pages(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    officer, approver = (
        sign_in(Client(), make_staff("return_officer")),
        sign_in(Client(), make_staff("release_approver")),
    )
    begins = clock.now() + timedelta(hours=3)
    typed = {
        "name": "Vyhadanko Halyna", "born": "1971-03-09", "document_type": "P", "document": "FA 123456", "point": "Medyka",
        "window_from": f"{begins:%Y-%m-%dT%H:%M}", "window_until": f"{begins + timedelta(hours=5):%Y-%m-%dT%H:%M}", "companions": "1",
        "with_code": "on",
    }  # fmt: skip

    assert officer.post(reverse("checkpoint:propose"), typed).status_code == 302
    proposal = queries.open_proposals(queries.PROPOSAL_KIND).get()
    page = approver.get(reverse("checkpoint:decide", args=[proposal.reference])).content.decode()
    assert "VYHADANKO HALYNA" in page
    assert proposal.payload_hash in page
    assert officer.get(reverse("checkpoint:decide", args=[proposal.reference])).status_code == 403
    approver.post(reverse("checkpoint:decide", args=[proposal.reference]), {"payload_hash": proposal.payload_hash})

    made = Pass.objects.get()
    page = officer.get(reverse("checkpoint:pass", args=[made.reference])).content.decode()
    assert made.printed_number in page
    assert "Training key." in page
    paper = officer.get(reverse("checkpoint:paper", args=[made.reference]))
    assert paper.content.startswith(b"%PDF")
    assert "VYHADANKO" not in paper.headers["Content-Disposition"]
    assert made.printed_number in officer.get(reverse("checkpoint:passes"), {"q": made.printed_number}).content.decode()
    officer.post(reverse("checkpoint:revoke", args=[made.reference]), {"because": "lost"})
    made.refresh_from_db()
    assert made.revoked_because == "lost"
    assert officer.get(reverse("checkpoint:paper", args=[made.reference])).status_code == 404
    for deed in ("checkpoint.looked", "checkpoint.printed", "checkpoint.revoked"):
        assert Event.objects.filter(deed=deed, about=made.reference).exists()


def test_what_cannot_be_proposed_is_said_on_the_page(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    officer = sign_in(Client(), make_staff("return_officer"))

    page = officer.post(reverse("checkpoint:propose"), {"name": "Галина", "born": "1971-03-09", "document_type": "P", "document": "FA1234",
        "point": "medyka", "window_from": f"{clock.now():%Y-%m-%dT%H:%M}", "companions": "0",
        "window_until": f"{clock.now() + timedelta(hours=9):%Y-%m-%dT%H:%M}"}).content.decode()  # fmt: skip

    assert "Latin letters" in page
    assert "Галина" in page


def test_refusing_needs_a_reason(settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    proposal, approver = propose(), sign_in(Client(), make_staff("release_approver"))

    approver.post(reverse("checkpoint:refuse", args=[proposal.reference]), {"reason": ""})
    proposal.refresh_from_db()
    assert proposal.refused_at is None
    approver.post(reverse("checkpoint:refuse", args=[proposal.reference]), {"reason": "content"})

    proposal.refresh_from_db()
    assert proposal.refused_at is not None


def test_the_officer_makes_the_list_and_hands_in_the_log(tmp_path: Path, settings: object) -> None:
    settings.TRAINING = True  # type: ignore[attr-defined]
    made = make_pass()
    officer = sign_in(Client(), make_staff("checkpoint_officer"))

    page = officer.post(
        reverse("checkpoint:make_list"), {"day": _day().isoformat(), "point": "medyka"}
    ).content.decode()
    day_list = DayList.objects.get()
    file = officer.get(reverse("checkpoint:list_file", args=[day_list.reference]))
    pin = page.split('translate="no">')[1][:14]
    moment = _now() + 5400
    kit = Kit(tmp_path, Clock(now=lambda: moment, steady=lambda: ("s", float(moment))))
    kit.load(file.content)
    kit.open_list(pin)
    assert kit.check_pass(str(made.text)).colour == Colour.GREEN
    with (tmp_path / "log.jsonl").open("rb") as log:
        officer.post(reverse("checkpoint:merge"), {"log": log})

    assert KitEntry.objects.count() == 1
    # An officer at the checkpoint sees no pass's page and no name but what the kit shows.
    assert officer.get(reverse("checkpoint:pass", args=[made.reference])).status_code == 403
    assert "VYHADANKO" not in officer.get(reverse("checkpoint:today")).content.decode()
    assert pin not in officer.get(reverse("checkpoint:today")).content.decode()


def test_a_newer_list_takes_the_older_files_place() -> None:
    officer = make_staff("checkpoint_officer")
    first, _ = actions.make_list(day=_day(), point="medyka", by=officer)
    second, _ = actions.make_list(day=_day(), point="medyka", by=officer)

    first.refresh_from_db()
    assert (first.file, second.file is not None) == (None, True)
    assert bundle.read(bytes(second.file or b""), pinned=None).revocations.number == 2
