import subprocess
from pathlib import Path

import pytest

from homeward.register import actions as register
from homeward.register.models import EventKind
from homeward.returns import dead, effects, notices, papers
from homeward.returns.effects import Thing
from homeward.returns.models import DeathRecordKind, ItemKind, Notice, NoticeKind
from homeward.returns.tests.cast import a_return, rhea
from homeward.testing import make_staff

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(folder / "paper.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout


def test_a_packet_carries_its_complete_list(tmp_path: Path) -> None:
    entry = a_return().entry
    things = [Thing(ItemKind.EFFECT, "Годинник «Луч»"), Thing(ItemKind.MONEY, "notes", currency="UAH", amount=123456)]
    packet = effects.seal_packet(effects.list_packet(entry, things, seal_number="S-77", by=rhea()), by=rhea())

    said = text_of(papers.packet_list(packet), tmp_path)

    for words in ("S-77", "Годинник «Луч»", "1234.56 UAH", "Остап", "Опис запечатаного пакета"):
        assert words in said


def test_a_notice_carries_the_particulars_of_article_122(tmp_path: Path) -> None:
    one = a_return()
    made = notices.queue_notices(one.entry, kind=NoticeKind.RELEASED, event={"place": "Київ"}, by=rhea())

    said = text_of(papers.notice(made[0]), tmp_path)

    for words in ("Notice of release", "Київ", "Остап", "1990-05-28", "Сповіщення про звільнення"):
        assert words in said
    notices.note_sent(made[0], route="courier", by=rhea())
    with pytest.raises(notices.NotSent):
        notices.note_sent(made[0], route="courier", by=rhea())
    notices.note_acknowledged(Notice.objects.get(pk=made[0].pk), by=rhea())


def test_the_notification_of_death_stays_open(tmp_path: Path) -> None:
    one = a_return()
    with pytest.raises(dead.NotYet):
        dead.record_death(one.entry, {"grave": "A 1"}, kind=DeathRecordKind.NOTIFICATION, by=rhea())
    register.record_event(one.entry, kind=EventKind.DIED, version=one.entry.version, by=make_staff("registrar"))
    one.entry.refresh_from_db()
    particulars = {"died_on": "2026-03-01", "cause": "illness", "grave": "Row A, 1"}
    dead.record_death(one.entry, particulars, kind=DeathRecordKind.NOTIFICATION, by=rhea())

    dead.record_death(
        one.entry, {"grave": "Row C, 9", "moved_on": "2026-09-01"}, kind=DeathRecordKind.MOVEMENT, by=rhea()
    )

    said = text_of(papers.death_notification(one.entry), tmp_path)
    assert "Row C, 9" in said
    assert "Row A, 1" not in said
    assert "Сповіщення про смерть" in said
    assert one.entry.death_records.count() == 2
    assert Notice.objects.filter(kind=NoticeKind.DIED).count() == 2
