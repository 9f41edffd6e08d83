import socket
from pathlib import Path

import pytest

from homeward.lib import paths
from homeward.lib.changes.models import latest_number
from homeward.matching import client, protocol
from homeward.matching.memory import Memory, snapshot_folder
from homeward.matching.server import Server
from homeward.matching.sides import registered
from homeward.tracing.tests.cast import ASKED, NAMESAKE, RECORDED, ask, record
from namesake import Person

pytestmark = pytest.mark.django_db

SOUGHT = Person(surname="Щербацкий", given="Остап", born="1990-05-28")


def rounded(memory: Memory, side: str) -> list[tuple[int, float, float]]:
    """The answer without the last digits, which hang on the order of a sum."""
    return [(key, round(bits, 6), round(probability, 9)) for key, bits, probability in memory.search(side, SOUGHT, 5)]


def test_a_change_is_known_after_following() -> None:
    memory = Memory(registered())
    memory.build()
    entry = record()

    assert memory.search("register", SOUGHT, 5) == []
    assert memory.follow() == 1

    assert memory.search("register", SOUGHT, 5)[0][0] == entry.pk
    assert memory.applied == latest_number()


def test_building_and_following_end_alike() -> None:
    followed = Memory(registered())
    followed.build()
    for particulars in (RECORDED, NAMESAKE, {**RECORDED, "aliases": "Szczerbacki"}):
        record(particulars)
    ask()
    while followed.follow():
        pass

    built = Memory(registered())
    built.build()

    for side in ("register", "sought"):
        assert rounded(followed, side) == rounded(built, side)


def test_a_snapshot_is_sealed_and_restores_the_same_answers() -> None:
    memory = Memory(registered())
    record()
    memory.build()
    memory.save()

    restored = Memory(registered())

    assert restored.restore()
    assert rounded(restored, "register") == rounded(memory, "register")
    content = b"".join(path.read_bytes() for path in snapshot_folder().iterdir())
    for name in (RECORDED["surname"], ASKED["surname"]):
        assert name.encode() not in content


def test_a_damaged_snapshot_is_not_believed() -> None:
    memory = Memory(registered())
    record()
    memory.build()
    memory.save()
    head = snapshot_folder() / "head"
    head.write_bytes(head.read_bytes()[:-1] + b"\0")

    assert not Memory(registered()).restore()


def test_the_socket_answers_as_the_memory_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "matcher_socket", lambda: tmp_path / "m.sock")
    entry = record()
    memory = Memory(registered())
    memory.build()
    server = Server(tmp_path / "m.sock", memory)
    server.serve_in_background()
    try:
        assert client.search("register", SOUGHT, 5).found[0].key == entry.pk
        assert client.status().sizes["register"] == 1
        assert client.compare(SOUGHT, SOUGHT).bits > 0
        assert oct((tmp_path / "m.sock").stat().st_mode & 0o777) == "0o600"
        with pytest.raises(client.MatcherAway):
            client._ask({"ask": "nonsense", "side": "register"})
    finally:
        server.shutdown()
        server.server_close()


def test_without_a_matcher_the_question_is_refused_calmly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "matcher_socket", lambda: tmp_path / "none.sock")
    client._local.connection = None

    with pytest.raises(client.MatcherAway):
        client.search("register", SOUGHT)


def test_frames_that_are_none_end_the_line() -> None:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"\xff\xff\xff\xff")
        with pytest.raises(protocol.Broken):
            protocol.receive(right)


def test_persons_cross_the_socket_whole() -> None:
    person = Person(surname="A", born="~1985", aliases=("B", "C"), father="D")

    assert protocol.person_in(protocol.person_out(person)) == person
