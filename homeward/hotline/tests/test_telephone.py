"""Real calls: sipp rings `homeward phone`, presses keys by INFO and RFC 2833, leaves messages, waits, hangs up."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from homeward.hotline.tests.cast import enquiry_with_digits
from tests.callers import ROOT, Mouth, call, phone, short_prompts, sipp_or_skip, wait_until

LOOK = """
import django, json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeward.config.settings")
django.setup()
from homeward.hotline import messages
from homeward.hotline.models import Call, SpokenMessage
print(json.dumps({
    "calls": [[c.path, c.ended_at is not None, c.call_backs.count(), c.keyed_id is not None] for c in Call.objects.order_by("pk")],
    "messages": [messages.length_of(messages.opened(bytes(m.sealed), about=m.reference)) for m in SpokenMessage.objects.all()],
}))
"""


def look(home: Path, zone: str = "staff") -> subprocess.CompletedProcess[str]:
    """What stands in the phone's own database, read by another process of the house."""
    environment = {**os.environ, "HOMEWARD_HOME": str(home), "HOMEWARD_ZONE": zone}
    environment.pop("DATABASE_URL", None)
    return subprocess.run([sys.executable, "-c", LOOK], env=environment, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.django_db(transaction=True)
def test_real_calls_go_the_way_of_the_script(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    sipp = sipp_or_skip()
    if connection.vendor != "sqlite":
        pytest.skip("the phone's database is copied from this one, which SQLite alone can do")
    # The house of the phone: this test's database and keyring, copied.
    from homeward.lib import keys

    monkeypatch.setenv("HOMEWARD_KEYS", str(keys.folder()))
    enquiry, digits = enquiry_with_digits()
    with sqlite3.connect(tmp_path / "homeward.sqlite3") as copy:
        connection.connection.backup(copy)
    copy.close()
    prompts = short_prompts(tmp_path / "recorded")
    spelt = enquiry.reference.replace("-", "")

    with phone(tmp_path, HOMEWARD_HOTLINE_PROMPTS=str(prompts)) as (port, _process):
        with Mouth() as mouth:
            # A language, then a message of some seconds; hung up while speaking.
            assert call(sipp, tmp_path, port, mouth, keys="35", calls=4, talk=3500) == 0
            assert len(mouth.heard) >= 4
            assert min(mouth.heard.values()) > 500
            # Number and twenty digits; then she hangs up in the queue.
            assert call(sipp, tmp_path, port, mouth, keys=f"11{spelt}{digits}2", pause=30, talk=2500) == 0
            # A hundred digits are a wrong number and wrong digits; and hung up at once.
            assert call(sipp, tmp_path, port, mouth, keys="11" + "7" * 100, pause=10, talk=1500) == 0
            assert call(sipp, tmp_path, port, mouth, talk=10) == 0
        # Keys in the sound itself, as most telephones send them.
        with Mouth(keys="254#") as mouth:
            assert call(sipp, tmp_path, port, mouth, talk=7000) == 0
        wait_until(lambda: all(ended for _path, ended, *_more in json.loads(look(tmp_path).stdout)["calls"]))

    seen = json.loads(look(tmp_path).stdout)
    paths = [path for path, *_more in seen["calls"]]
    assert [path.startswith("language,what,menu,message") for path in paths[:4]] == [True] * 4
    assert paths[4].startswith("language,what,menu,reference,digits,check,neutral,menu")
    assert paths[4].endswith("queue")
    assert seen["calls"][4][2:] == [1, True]
    assert paths[5].startswith("language,what,menu,reference,digits,check,not_known,reference")
    assert paths[6].startswith("language")
    assert paths[7].startswith("language,what,menu,message")
    assert len([length for length in seen["messages"] if length > 1]) >= 4
    # Who may not open them does not; and nothing of them lies about in the clear.
    assert "KeyMissing" in look(tmp_path, "family").stderr
    assert not [path for path in tmp_path.rglob("*.wav") if path.parent.name not in ("prompts", "uk", "ru", "en", "fr")]
    assert "Traceback" not in (tmp_path / "phone.log").read_text()


@pytest.mark.django_db
def test_a_clear_sentence_where_the_library_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import CommandError, call_command

    monkeypatch.setitem(sys.modules, "pjsua2", None)
    monkeypatch.delitem(sys.modules, "homeward.hotline.telephone", raising=False)
    with pytest.raises(CommandError, match="extra `phone`"):
        call_command("phone", listen="127.0.0.1:0")
