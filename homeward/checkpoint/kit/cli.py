"""`homeward kit`: the checkpoint's kit in the terminal. Exit code: 0 green, 1 amber, 2 red; 3 where the kit itself cannot."""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from homeward.checkpoint.kit.folder import Clock, Kit, NotALog, NotLoaded, NotOpened, Untrusted
from homeward.checkpoint.kit.log import breaks, merged, read_lines, uses
from homeward.checkpoint.kit.words import LANGUAGES, word
from homeward.signer.verify import PASS_PREFIX, Colour, Verdict

CANNOT = 3
LONGEST_NUMBER = 20  # what is longer is the text of some code
_PAINT = {Colour.GREEN: "\033[30;42m", Colour.AMBER: "\033[30;43m", Colour.RED: "\033[97;41m"}


def main(argv: Sequence[str], *, clock: Clock | None = None, out: TextIO | None = None) -> int:
    """Run one kit command; its exit code."""
    parser = _parser()
    asked = parser.parse_args(argv)
    screen = _Screen(out or sys.stdout, asked.language)
    try:
        if asked.command == "merge":
            return _merge(asked, screen)
        kit = Kit(Path(asked.kit), clock)
        code: int = globals()[f"_{asked.command}"](kit, asked, screen)
        return code
    except NotLoaded:
        screen.say(word("nothing", asked.language))
    except NotOpened:
        screen.say(word("wrong_pin", asked.language))
    except Untrusted as fault:
        screen.say(f"{word('bad_file', asked.language)} ({fault})")
    except NotALog as fault:
        screen.say(f"Not taken: {fault}.")
    except OSError as fault:
        screen.say(f"{fault.filename}: {fault.strerror}")
    return CANNOT


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--kit", default=os.environ.get("HOMEWARD_KIT") or str(Path.home() / ".homeward-kit"),
        help="the kit's folder (HOMEWARD_KIT; default ~/.homeward-kit)",
    )  # fmt: skip
    common.add_argument("--language", choices=LANGUAGES, default=_language())
    parser = argparse.ArgumentParser(prog="homeward kit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, about: str, *, pin: bool = False) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, parents=[common])
        if pin:
            made.add_argument("--no-list", action="store_true", help="without today's list: amber at best")
        return made

    command("load", "take today's kit file").add_argument("file", type=Path)
    verify = command("verify", "check the text of a pass; green uses it up", pin=True)
    verify.add_argument("text", help="the text in the code; - reads it from the input")
    verify.add_argument("--document", default="", help="the number on the travel document in her hand")
    command("passport", "check a travel document's number against today's list", pin=True).add_argument("number")
    command("scan", "check line after line, as a hand scanner types them", pin=True)
    command("through", "after a telephone call: note that the last amber traveller passed").add_argument("number")
    command("log", "show what was checked").add_argument("--raw", action="store_true", help="the lines as they stand")
    command("take", "remember what another kit let through").add_argument("log", type=Path)
    merge = command("merge", "put logs of kits together: each line once; exit code 1 where a pass was used twice")
    merge.add_argument("logs", type=Path, nargs="+", help="log files or kit folders")
    merge.add_argument("--into", type=Path, help="write the merged log here")
    command("wipe", "remove the list of travellers now")
    command("status", "what the kit holds")
    return parser


def _language() -> str:
    named = os.environ.get("LANG", "en")[:2]
    return named if named in LANGUAGES else "en"


class _Screen:
    """Where it is said, in which language."""

    def __init__(self, out: TextIO, language: str) -> None:
        self.out, self.language = out, language

    def say(self, text: str) -> None:
        print(text, file=self.out, flush=True)

    def show(self, verdict: Verdict) -> None:
        """The colour, the reason, who it is."""
        name = verdict.colour.name.lower()
        title = word(name, self.language).upper()
        if self.out.isatty():
            title = f"{_PAINT[verdict.colour]}  {title}  \033[0m"
        self.say(f"{title}  {word(f'reason.{verdict.reason}', self.language)}")
        for doubt in verdict.doubts:
            self.say(f"   {word(f'reason.{doubt}', self.language)}")
        if verdict.used_at is not None:
            self.say(f"   {word('used_at', self.language)}: {_clock(verdict.used_at)}")
        person = verdict.traveller
        if person is not None:
            kind, number = person.document
            for label, value in (
                ("name", person.name), ("born", person.born), ("document", f"{kind} {number}"), ("companions", str(person.companions)),
                ("number", f"{person.number[:4]}-{person.number[4:8]}-{person.number[8:]}"),
                ("expected", f"{person.point}, {_clock(person.window[0])} - {_clock(person.window[1])}"),
            ):  # fmt: skip
                self.say(f"   {word(label, self.language)}: {value}")
        self.say(word(f"{name}_do", self.language))


def _clock(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _open_list(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> None:
    """Today's list, by the PIN from HOMEWARD_KIT_PIN or typed; without a PIN or a list the verdict is amber at best."""
    if asked.no_list or not kit.holds_list:
        return
    pin = os.environ.get("HOMEWARD_KIT_PIN", "")
    if not pin and sys.stdin.isatty():
        pin = getpass.getpass(f"{word('pin', screen.language)}: ")
    if pin:
        kit.open_list(pin)


def _load(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    first = kit.root is None
    given = kit.load(asked.file.read_bytes())
    if first:
        screen.say(f"Root {given.root.kid.hex()}: from now on this kit takes files under this root only.")
    screen.say(
        f"Key set {given.keys.number}, revoked passes {given.revocations.number} of {_clock(given.revocations.made_at)}."
    )
    if not kit.holds_list:
        screen.say(word("wiped", screen.language))
    return 0


def _verify(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    _open_list(kit, asked, screen)
    text = sys.stdin.readline() if asked.text == "-" else asked.text
    verdict = kit.check_pass(text, document=asked.document)
    screen.show(verdict)
    return int(verdict.colour)


def _passport(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    _open_list(kit, asked, screen)
    verdict = kit.check_document(asked.number)
    screen.show(verdict)
    return int(verdict.colour)


def _scan(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    _open_list(kit, asked, screen)
    for line in sys.stdin:
        text = line.strip("\r\n\t")
        if text:
            is_pass = text.startswith(PASS_PREFIX) or len(text) > LONGEST_NUMBER
            screen.show(kit.check_pass(text) if is_pass else kit.check_document(text))
    return 0


def _through(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    entry = kit.let_through(asked.number)
    screen.say(word("noted", screen.language) if entry else "No traveller with this number was last shown amber.")
    return 0 if entry else CANNOT


def _log(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    entries = kit.log.entries()
    for each in entries:
        if asked.raw:
            screen.say(each.line().decode().rstrip())
        else:
            colour = Colour(each.colour).name.lower()
            through = "  passed" if each.through else ""
            screen.say(f"{each.number:>5}  {_clock(each.at)}  {each.kind:<8} {colour:<5} {each.reason}{through}")
    broken = breaks(entries)
    if broken and not asked.raw:
        screen.say("The chain does not hold at line " + ", ".join(str(number) for _kit, number in broken))
    return CANNOT if broken else 0


def _take(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    screen.say(f"{kit.take(_log_of(asked.log))} new lines.")
    return 0


def _log_of(path: Path) -> bytes:
    return (path / "log.jsonl" if path.is_dir() else path).read_bytes()


def _merge(asked: argparse.Namespace, screen: _Screen) -> int:
    logs = [read_lines(_log_of(path)) for path in asked.logs]
    together = merged(*logs)
    if asked.into:
        asked.into.write_bytes(b"".join(each.line() for each in together))
    kits = len({each.kit for each in together})
    screen.say(f"{sum(map(len, logs))} lines read, {len(together)} different, of {kits} kits.")
    for kit, number in breaks(together):
        screen.say(f"Kit {kit}: the chain does not hold at line {number}.")
    twice = {name: found for name, found in uses(together).items() if len(found) > 1}
    for name, found in twice.items():
        where = ", ".join(f"{_clock(each.at)} at kit {each.kit}" for each in found)
        screen.say(f"Pass {name} was used {len(found)} times: {where}")
    return 1 if twice else 0


def _wipe(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    kit.wipe()
    screen.say(word("wiped", screen.language))
    return 0


def _status(kit: Kit, asked: argparse.Namespace, screen: _Screen) -> int:
    keys, revocations = kit.keys, kit.revocations
    assert kit.root is not None
    screen.say(f"Kit {kit.name}, root {kit.root.kid.hex()}, key set {keys.number}.")
    screen.say(f"Revoked passes: list {revocations.number} of {_clock(revocations.made_at)}.")
    screen.say(word("closed" if kit.holds_list else "wiped", screen.language))
    screen.say(f"{len(kit.log.entries())} lines in the log.")
    return 0
