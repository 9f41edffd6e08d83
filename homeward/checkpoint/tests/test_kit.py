"""The kit in its folder: what it takes, what it says, what it remembers, what it forgets."""

import io
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from homeward.checkpoint.kit import bundle, cli
from homeward.checkpoint.kit.folder import Clock, Kit, NotLoaded, NotOpened, Untrusted
from homeward.checkpoint.kit.log import NotALog, breaks, merged, read_line, read_lines, uses
from homeward.checkpoint.kit.words import LANGUAGES, all_words
from homeward.signer import cose
from homeward.signer.tests.cast import DAY, HOUR, NOW, Office, make_office, make_traveller
from homeward.signer.trust import Traveller
from homeward.signer.verify import Colour

PIN = "1234 5678 9012"
ROUNDS = 1000
OFFICE = make_office()


class Hands:
    """A clock that a test turns; the steady one goes on by itself."""

    def __init__(self, now: int = NOW) -> None:
        self.time, self.steady, self.start = now, 1000.0, "start-1"

    def clock(self) -> Clock:
        return Clock(now=lambda: self.time, steady=lambda: (self.start, self.steady))

    def pass_by(self, seconds: int) -> None:
        self.time += seconds
        self.steady += seconds

    def jump(self, seconds: int) -> None:
        self.time += seconds


def kit_file(
    *travellers: Traveller,
    office: Office = OFFICE,
    made_at: int = NOW - HOUR,
    number: int = 1,
    revoked: tuple[bytes, ...] = (),
) -> bytes:
    signed = office.signed_manifest(*travellers, made_at=made_at, number=number)
    return bundle.write(
        made_at=made_at,
        root=cose.public_of(office.root),
        keys=office.signed_keys,
        revocations=office.signed_revocations(*revoked, made_at=made_at, number=number),
        sealed=bundle.seal_list(signed, PIN, rounds=ROUNDS),
    )


def make_kit(folder: Path, *travellers: Traveller, hands: Hands | None = None, **said: Any) -> tuple[Kit, Hands]:
    hands = hands or Hands()
    kit = Kit(folder, hands.clock())
    kit.load(kit_file(*travellers, **said))
    kit.open_list(PIN)
    return kit, hands


def test_a_kit_without_a_file_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotLoaded):
        Kit(tmp_path / "kit").check_pass("TP1:")


def test_green_is_used_up_at_once(tmp_path: Path) -> None:
    halyna = make_traveller()
    kit, hands = make_kit(tmp_path, halyna)
    text = OFFICE.pass_of(halyna)

    first = kit.check_pass(text)
    hands.pass_by(10)
    again = kit.check_pass(text)

    assert (first.colour, again.colour, again.reason, again.used_at) == (Colour.GREEN, Colour.RED, "used", NOW)
    # And by her document as well.
    assert kit.check_document("FA123456").reason == "used"
    assert [(each.colour, each.through) for each in kit.log.entries()] == [(0, True), (2, False), (2, False)]


def test_a_started_kit_remembers(tmp_path: Path) -> None:
    halyna = make_traveller()
    kit, hands = make_kit(tmp_path, halyna)
    kit.check_pass(OFFICE.pass_of(halyna))

    later = Kit(tmp_path, hands.clock())
    later.open_list(PIN)

    assert later.check_pass(OFFICE.pass_of(halyna)).reason == "used"


def test_amber_is_let_through_after_a_call_and_counts_as_used(tmp_path: Path) -> None:
    halyna = make_traveller(point="dorohusk")
    kit, _hands = make_kit(tmp_path, halyna)
    text = OFFICE.pass_of(halyna)

    assert kit.check_pass(text).reason == "other_point"
    assert kit.check_pass(text).colour == Colour.AMBER  # looking twice uses nothing
    assert kit.let_through("0000") is None
    assert kit.let_through("4829-1503-4") is not None

    assert kit.check_pass(text).reason == "used"


def test_the_list_opens_with_its_pin_only(tmp_path: Path) -> None:
    halyna = make_traveller()
    _kit, hands = make_kit(tmp_path, halyna)
    closed = Kit(tmp_path, hands.clock())

    with pytest.raises(NotOpened):
        closed.open_list("1234 5678 9013")
    assert closed.check_pass(OFFICE.pass_of(halyna)).reason == "no_list"
    assert closed.open_list("123456789012").travellers == (halyna,)


def test_nothing_of_a_traveller_lies_open_in_the_folder(tmp_path: Path) -> None:
    halyna = make_traveller(name="MARKERNAME HALYNA", document=("P", "MARKER1234"))
    kit, _hands = make_kit(tmp_path, halyna)
    kit.check_pass(OFFICE.pass_of(halyna))
    kit.check_document("MARKER1234")

    for path in tmp_path.iterdir():
        assert b"MARKER" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_after_three_days_the_list_is_gone(tmp_path: Path) -> None:
    halyna = make_traveller()
    kit, hands = make_kit(tmp_path, halyna, made_at=NOW)
    hands.pass_by(72 * HOUR)
    assert kit.wipe_if_due() is False
    hands.pass_by(1)

    assert Kit(tmp_path, hands.clock()).holds_list is False
    assert b"sealed" not in (tmp_path / "kit.json").read_bytes()
    verdict = kit.check_document("FA123456")
    assert (verdict.colour, verdict.reason) == (Colour.AMBER, "no_list")


def test_a_running_kit_wipes_too_and_says_amber_at_best(tmp_path: Path) -> None:
    halyna = make_traveller(window=(NOW - HOUR, NOW + 80 * HOUR))
    text = OFFICE.pass_of(halyna, c4=NOW + 5 * DAY)
    kit, hands = make_kit(tmp_path, halyna, made_at=NOW)
    hands.pass_by(25 * HOUR)
    assert kit.check_pass(text).reason == "revocations_old"
    hands.pass_by(48 * HOUR)
    assert (kit.check_pass(text).reason, kit.holds_list) == ("revocations_gone", False)


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"office": make_office()}, "another house"), ({"made_at": NOW - 2 * HOUR, "number": 0}, "older")],
)
def test_a_file_of_another_house_or_of_yesterday_is_not_taken(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    kit, _hands = make_kit(tmp_path, make_traveller())

    with pytest.raises(Untrusted, match=said):
        kit.load(kit_file(make_traveller(), **changed))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"homeward_kit": 2}', b'{"homeward_kit": 1, "root": 5}']
)
def test_what_is_no_kit_file_is_not_taken(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Untrusted):
        Kit(tmp_path).load(content)


def test_a_newer_file_brings_revocations(tmp_path: Path) -> None:
    halyna = make_traveller()
    kit, _hands = make_kit(tmp_path, halyna)
    kit.load(kit_file(number=2, made_at=NOW, revoked=(halyna.pass_id,)))
    kit.open_list(PIN)

    assert kit.check_pass(OFFICE.pass_of(halyna)).reason == "revoked"


# --- clocks (SECURITY.md §4 row 7) ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jump", "colours"),
    [
        (-48 * HOUR, {Colour.AMBER}), (-16 * 60, {Colour.AMBER}), (16 * 60, {Colour.AMBER}), (48 * HOUR, {Colour.AMBER, Colour.RED}),
        (-14 * 60, {Colour.GREEN}), (14 * 60, {Colour.GREEN}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("restarted", [False, True])
def test_a_clock_that_jumps_is_never_green(tmp_path: Path, jump: int, colours: set[Colour], restarted: bool) -> None:
    halyna = make_traveller()
    kit, hands = make_kit(tmp_path, halyna)
    hands.pass_by(30 * 60)
    hands.jump(jump)
    if restarted:
        kit = Kit(tmp_path, hands.clock())
        if kit.holds_list:
            kit.open_list(PIN)

    verdict = kit.check_pass(OFFICE.pass_of(halyna))

    assert verdict.colour in colours


@pytest.mark.parametrize("jump", [-16 * 60, -48 * HOUR])
def test_a_machine_that_starts_anew_with_a_clock_gone_back_is_amber(tmp_path: Path, jump: int) -> None:
    halyna, other = make_traveller(), make_traveller(number="111111119", document=("P", "FB222222"))
    kit, hands = make_kit(tmp_path, halyna, other)
    kit.check_pass(OFFICE.pass_of(other))
    hands.jump(jump)
    hands.start, hands.steady = "start-2", 5.0

    again = Kit(tmp_path, hands.clock())
    again.open_list(PIN)

    assert again.check_pass(OFFICE.pass_of(halyna)).colour == Colour.AMBER


def test_a_clock_behind_the_file_is_amber_from_the_first(tmp_path: Path) -> None:
    halyna = make_traveller()
    kit, _hands = make_kit(tmp_path, halyna, hands=Hands(NOW - 20 * 60), made_at=NOW)

    assert kit.check_pass(OFFICE.pass_of(halyna, c6=NOW - DAY)).reason == "clock_behind"


def test_the_newest_signed_time_holds_for_all_later_passes(tmp_path: Path) -> None:
    halyna, olha = make_traveller(), make_traveller(number="111111119", document=("P", "FB222222"))
    kit, _hands = make_kit(tmp_path, halyna, olha)
    ahead = OFFICE.pass_of(halyna, c6=NOW + 600)

    assert kit.check_pass(ahead).reason == "clock_behind"
    assert kit.check_pass(OFFICE.pass_of(olha)).reason == "clock_behind"


# --- the log -------------------------------------------------------------------------------------------------------


def test_the_log_is_a_chain_and_every_alteration_shows(tmp_path: Path) -> None:
    kit, _hands = make_kit(tmp_path, make_traveller())
    for number in range(6):
        kit.check_document(f"FX00000{number}")
    lines = (tmp_path / "log.jsonl").read_bytes().splitlines(keepends=True)
    assert breaks(read_lines(b"".join(lines))) == []

    for gone in range(5):
        assert breaks(read_lines(b"".join(lines[:gone] + lines[gone + 1 :]))) != []
    with pytest.raises(NotALog):
        read_line(lines[2].replace(b'"amber"', b'"green"').replace(b'"colour":1', b'"colour":0'))
    for junk in (b"", b"{}", b"x", lines[0][:-10], b'{"at":"x"}'):
        with pytest.raises(NotALog):
            read_line(junk)


def test_two_kits_one_pass(tmp_path: Path) -> None:
    halyna = make_traveller()
    one, _ = make_kit(tmp_path / "one", halyna)
    two, hands = make_kit(tmp_path / "two", halyna)
    hands.pass_by(60)
    text = OFFICE.pass_of(halyna)

    # Apart, neither can know of the other: both say green. Together they show it.
    assert (one.check_pass(text).colour, two.check_pass(text).colour) == (Colour.GREEN, Colour.GREEN)
    together = merged(one.log.entries(), two.log.entries(), two.log.entries())
    assert len(together) == 2
    assert [len(found) for found in uses(together).values()] == [2]
    # And once one kit has taken in the other's log, it refuses.
    three, _ = make_kit(tmp_path / "three", halyna)
    assert three.take((tmp_path / "one" / "log.jsonl").read_bytes()) == 1
    assert three.take((tmp_path / "one" / "log.jsonl").read_bytes()) == 0
    assert three.check_pass(text).reason == "used"


def test_a_line_cut_short_by_a_lost_battery_is_put_aside(tmp_path: Path) -> None:
    kit, _hands = make_kit(tmp_path, make_traveller())
    for number in range(3):
        kit.check_document(f"FX00000{number}")
    whole = (tmp_path / "log.jsonl").read_bytes()
    (tmp_path / "log.jsonl").write_bytes(whole + b'{"at":17956')

    assert len(kit.log.entries()) == 3
    kit.check_document("FX000009")

    entries = kit.log.entries()
    assert (len(entries), breaks(entries)) == (4, [])
    assert (tmp_path / "log.torn").read_bytes() == b'{"at":17956\n'


WORKER = """
import sys
from pathlib import Path
from homeward.checkpoint.kit.folder import Kit
kit = Kit(Path(sys.argv[1]))
for number in range(100000):
    kit.check_document(f"FX{number:07d}")
    print(number, flush=True)
"""


def test_killed_in_mid_check_the_log_stands(tmp_path: Path) -> None:
    """Everything whose verdict was shown is in the log, whole and in order, however the machine died."""
    make_kit(tmp_path, make_traveller(), hands=Hands(int(time.time())), made_at=NOW)
    shown = 0
    for turn in range(12):
        running = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path.cwd()
        )
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(0.01 + turn * 0.013)
        os.kill(running.pid, signal.SIGKILL)
        rest, _ = running.communicate()
        shown += 1 + len([line for line in rest.split(b"\n")[:-1] if line])
        entries = Kit(tmp_path).log.entries()
        assert shown <= len(entries) <= shown + turn + 1
        assert breaks(entries) == []
    assert shown > 12


def test_the_kit_needs_no_house(tmp_path: Path) -> None:
    """Neither Django nor settings are touched by the command."""
    (tmp_path / "file.json").write_bytes(kit_file(make_traveller()))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HOMEWARD", "DJANGO"))}
    code = (
        "import sys, runpy; sys.argv = ['homeward', 'kit', 'load', sys.argv[1], '--kit', sys.argv[2]]\n"
        "try: runpy.run_module('homeward', run_name='__main__')\n"
        "except SystemExit as end: print('code', end.code, 'django' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "file.json"), str(tmp_path / "kit")],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )

    assert "code 0 False" in done.stdout


# --- the command ---------------------------------------------------------------------------------------------------


def run(tmp_path: Path, *arguments: str, hands: Hands) -> tuple[int, str]:
    out = io.StringIO()
    command, *rest = arguments
    code = cli.main([command, "--kit", str(tmp_path / "kit"), "--language", "en", *rest], clock=hands.clock(), out=out)
    return code, out.getvalue()


def test_the_command_says_it_in_words_and_by_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_KIT_PIN", PIN)
    halyna, olha = make_traveller(), make_traveller(number="111111119", document=("P", "FB222222"), point="dorohusk")
    hands, file = Hands(), tmp_path / "file.json"
    file.write_bytes(kit_file(halyna, olha))

    assert run(tmp_path, "verify", OFFICE.pass_of(halyna), hands=hands)[0] == cli.CANNOT
    assert run(tmp_path, "load", str(file), hands=hands)[0] == 0
    code, said = run(tmp_path, "verify", OFFICE.pass_of(halyna), "--document", "FA123456", hands=hands)
    assert (code, "GOOD" in said, "VYHADANKO HALYNA" in said, "4829-1503-4" in said) == (0, True, True, True)
    code, said = run(tmp_path, "passport", "fb 222222", hands=hands)
    assert (code, "WAIT" in said, "another crossing" in said) == (1, True, True)
    assert run(tmp_path, "through", "1111-1111-9", hands=hands)[0] == 0
    code, said = run(tmp_path, "verify", OFFICE.pass_of(halyna), hands=hands)
    assert (code, "NOT VALID" in said, "used already" in said) == (2, True, True)
    assert run(tmp_path, "verify", "nonsense", hands=hands)[0] == 2
    assert run(tmp_path, "passport", "FX999999", "--no-list", hands=hands)[0] == 1
    code, said = run(tmp_path, "log", hands=hands)
    assert (code, len(said.splitlines())) == (0, 6)
    assert run(tmp_path, "status", hands=hands)[0] == 0
    assert run(tmp_path, "wipe", hands=hands)[0] == 0
    assert run(tmp_path, "passport", "FA123456", hands=hands)[0] == 1
    monkeypatch.setenv("HOMEWARD_KIT_PIN", "0000 0000 0000")
    run(tmp_path, "load", str(file), hands=hands)
    assert run(tmp_path, "verify", "x", hands=hands)[0] == cli.CANNOT


def test_merging_by_command_shows_a_second_use(tmp_path: Path) -> None:
    halyna = make_traveller()
    for name in ("one", "two"):
        make_kit(tmp_path / name, halyna)[0].check_pass(OFFICE.pass_of(halyna))
    out = io.StringIO()

    once = cli.main(["merge", str(tmp_path / "one"), str(tmp_path / "one" / "log.jsonl")], out=out)
    twice = cli.main(["merge", str(tmp_path / "one"), str(tmp_path / "two"), "--into", str(tmp_path / "all")], out=out)

    assert (once, twice) == (0, 1)
    assert "was used 2 times" in out.getvalue()
    assert len((tmp_path / "all").read_bytes().splitlines()) == 2


def test_every_text_of_the_kit_is_there_in_every_language() -> None:
    for name, said in all_words().items():
        assert set(said) == set(LANGUAGES), name
        assert all(said.values()), name
