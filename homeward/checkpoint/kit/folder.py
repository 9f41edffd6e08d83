"""The kit itself: a folder with what the house gave it, and its log."""

import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeward.checkpoint.kit import bundle
from homeward.checkpoint.kit.bundle import KEPT, NotOpened
from homeward.checkpoint.kit.log import Entry, Log, NotALog, read_lines, uses
from homeward.signer.cose import PublicKey
from homeward.signer.trust import KeySet, Manifest, Revocations, Untrusted, read_key_set, read_revocations
from homeward.signer.verify import Colour, Known, Verdict, check_document, check_pass

__all__ = ["Clock", "Kit", "NotALog", "NotLoaded", "NotOpened", "Untrusted"]


class NotLoaded(Exception):
    """The kit holds no keys yet, or nothing to do this with."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The kit's clock, and one that nobody can set: seconds since this start of the machine, with the name of that start."""

    now: Callable[[], int] = lambda: int(time.time())
    steady: Callable[[], tuple[str, float]] = lambda: _since_start()


def _since_start() -> tuple[str, float]:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip(), time.clock_gettime(time.CLOCK_BOOTTIME)
    except (OSError, AttributeError):
        return f"process {os.getpid()}", time.monotonic()


class Kit:
    """One kit in its folder."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.folder, self.clock = folder, clock or Clock()
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        self._state = self._read()
        self._manifest: Manifest | None = None
        self.wipe_if_due()

    # --- what it holds ---------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The kit's own random name."""
        return str(self._state["kit"])

    @property
    def root(self) -> PublicKey | None:
        """The root it has pinned."""
        said = self._state.get("root")
        return PublicKey(bytes.fromhex(said["x"]), bytes.fromhex(said["y"])) if said else None

    @property
    def keys(self) -> KeySet:
        """The key set. Raises NotLoaded."""
        if self.root is None:
            raise NotLoaded
        return read_key_set(bytes.fromhex(self._state["keys"]), self.root)

    @property
    def revocations(self) -> Revocations:
        """The newest list of revoked passes. Raises NotLoaded."""
        return read_revocations(bytes.fromhex(self._state["revocations"]), self.keys)

    @property
    def holds_list(self) -> bool:
        """Whether a sealed list of travellers is here."""
        return bool(self._state.get("list"))

    @property
    def log(self) -> Log:
        """Its log."""
        return Log(self.folder / "log.jsonl", self.name)

    # --- from the house --------------------------------------------------------------------------------------------

    def load(self, content: bytes) -> bundle.Bundle:
        """Take a kit file. Raises Untrusted: of another house, older than what is here, or not signed."""
        given = bundle.read(content, pinned=self.root)
        if self.root is not None and (
            given.keys.number < self.keys.number or given.revocations.number < self.revocations.number
        ):
            raise Untrusted("this kit file is older than what the kit holds already")
        now = self.clock.now()
        newest = max(given.keys.made_at, given.revocations.made_at)
        start, steady = self.clock.steady()
        self._state.update(
            root={"x": given.root.x.hex(), "y": given.root.y.hex()},
            keys=given.signed_keys.hex(),
            revocations=given.signed_revocations.hex(),
            list=given.sealed.out(),
            list_from=given.revocations.made_at,
            floor=max(self._state["floor"], newest),
            # A clock that stands before the file was made is behind by that much at least.
            sync={"at": now, "start": start, "steady": steady, "behind": max(0, newest - now)},
            seen=now,
        )
        self._write()
        self._manifest = None
        self.wipe_if_due()
        return given

    def open_list(self, pin: str) -> Manifest:
        """Open the day's list for this session. Raises NotOpened, NotLoaded, Untrusted."""
        said = self._state.get("list")
        if not said:
            raise NotLoaded
        self._manifest = bundle.open_list(bundle.sealed_in(said), pin, self.keys)
        self._rise(self._manifest.made_at)
        return self._manifest

    def take(self, content: bytes) -> int:
        """Remember what other kits let through; how many lines were new. Raises NotALog."""
        known = {each.hash for each in self._others()}
        new = [each for each in read_lines(content) if each.hash not in known and each.kit != self.name]
        with (self.folder / "others.jsonl").open("ab") as file:
            file.write(b"".join(each.line() for each in new))
            file.flush()
            os.fsync(file.fileno())
        return len(new)

    def _others(self) -> list[Entry]:
        path = self.folder / "others.jsonl"
        content = path.read_bytes() if path.exists() else b""
        return read_lines(content[: content.rfind(b"\n") + 1])

    # --- checking --------------------------------------------------------------------------------------------------

    def check_pass(self, text: str, *, document: str = "") -> Verdict:
        """The verdict; what is green is used from then on."""
        return self._checked("pass", lambda known: check_pass(text, known, document=document))

    def check_document(self, number: str) -> Verdict:
        """The verdict on a traveller without a pass."""
        return self._checked("document", lambda known: check_document(number, known))

    def let_through(self, number: str) -> Entry | None:
        """After a telephone call: the traveller last shown amber with this printed number is let through. None where there is none."""
        shown = self._state.get("amber")
        if not shown or shown["number"] != "".join(each for each in number if each.isdigit()):
            return None
        with self.log.turn() as turn:
            entry = turn.add(
                at=self.clock.now(),
                kind="phone",
                pass_id=shown["pass"],
                colour=int(Colour.AMBER),
                reason=shown["reason"],
                through=True,
            )
        self._state.pop("amber")
        self._write()
        return entry

    def known(self, entries: list[Entry]) -> Known:
        """What the kit knows at this moment. Raises NotLoaded."""
        now = self.clock.now()
        used = {bytes.fromhex(name): each[0].at for name, each in uses([*entries, *self._others()]).items()}
        return Known(
            keys=self.keys,
            now=now,
            floor=self._state["floor"],
            clock_off_by=self._clock_off_by(now),
            revocations=self.revocations,
            manifest=self._manifest,
            used=used,
        )

    def _checked(self, kind: str, check: Callable[[Known], Verdict]) -> Verdict:
        self.wipe_if_due()
        with self.log.turn() as turn:
            known = self.known(turn.entries)
            verdict = check(known)
            traveller = verdict.traveller
            # The line is on the disk before anybody sees the colour: a lost battery cannot make a used pass new.
            turn.add(
                at=known.now, kind=kind, pass_id=traveller.pass_id.hex() if traveller else "", colour=int(verdict.colour),
                reason=verdict.reason, through=verdict.colour == Colour.GREEN,
            )  # fmt: skip
        self._rise(verdict.floor)
        if verdict.colour == Colour.AMBER and traveller is not None:
            self._state["amber"] = {
                "number": traveller.number,
                "pass": traveller.pass_id.hex(),
                "reason": verdict.reason,
            }
        else:
            self._state.pop("amber", None)
        self._state["seen"] = max(self._state.get("seen", 0), known.now)
        self._write()
        return verdict

    def _clock_off_by(self, now: int) -> int:
        """How far the own clock ran away since the file came: against the machine's running time, and against itself."""
        sync = self._state.get("sync")
        if not sync:
            return 0
        start, steady = self.clock.steady()
        drift = -int(sync["behind"])
        if start == sync["start"]:
            drift += int((now - sync["at"]) - (steady - sync["steady"]))
        back = now - int(self._state.get("seen", 0))
        return min(drift, back) if back < 0 else drift

    def _rise(self, moment: int) -> None:
        if moment > self._state["floor"]:
            self._state["floor"] = moment
            self._write()

    # --- wiping ----------------------------------------------------------------------------------------------------

    def wipe_if_due(self) -> bool:
        """Remove the list of travellers 72 hours after it was made, by the own clock or by the newest signed time."""
        if not self.holds_list:
            return False
        moment = max(self.clock.now(), self._state["floor"])
        if moment - self._state["list_from"] <= KEPT:
            return False
        self.wipe()
        return True

    def wipe(self) -> None:
        """Remove the list of travellers now. The log stays: it holds no names."""
        self._manifest = None
        for name in ("list", "list_from", "amber"):
            self._state.pop(name, None)
        self._write()

    # --- the file --------------------------------------------------------------------------------------------------

    def _read(self) -> dict[str, Any]:
        try:
            held: dict[str, Any] = json.loads((self.folder / "kit.json").read_text())
            return held
        except FileNotFoundError:
            self._state = {"kit": secrets.token_hex(8), "floor": 0}
            self._write()
            return self._state

    def _write(self) -> None:
        path = self.folder / "kit.json"
        aside = path.with_suffix(".new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self._state, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
