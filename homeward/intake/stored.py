"""Uploaded lists as they lie in the data folder: sealed in frames, so that a list of any size is read as a stream."""

from __future__ import annotations

import hashlib
import io
import os
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

from homeward.intake.refusals import ListRefused
from homeward.lib import paths
from homeward.lib.sealed import SealBroken, seal, unseal

FRAME = 1 << 20
_PURPOSE = "intake list"


def path_of(reference: str) -> Path:
    """Where the list of this batch lies."""
    folder = paths.home() / "lists"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{reference}.sealed"


def keep(pieces: Iterable[bytes], *, reference: str, key_class: str, largest: int) -> tuple[int, str]:
    """Seal a list into the data folder; its size and SHA-256. Whole or not at all."""
    target = path_of(reference)
    aside = target.with_suffix(".new")
    digest = hashlib.sha256()
    size = number = 0
    waiting = bytearray()
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:

            def write(frame: bytes) -> None:
                nonlocal number
                sealed = seal(frame, key_class=key_class, purpose=_PURPOSE, about=f"{reference}|{number}")
                file.write(struct.pack(">I", len(sealed)) + sealed)
                number += 1

            for piece in pieces:
                size += len(piece)
                if size > largest:
                    raise ListRefused("too_large", limit=f"{largest // (1 << 20)} MB")
                digest.update(piece)
                waiting += piece
                while len(waiting) >= FRAME:
                    write(bytes(waiting[:FRAME]))
                    del waiting[:FRAME]
            if waiting:
                write(bytes(waiting))
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return size, digest.hexdigest()


class _Unsealed(io.RawIOBase):
    """A sealed list as a stream of its plain bytes. A missing or foreign frame ends it with a refusal."""

    def __init__(self, reference: str, key_class: str, size: int) -> None:
        try:
            self._file = path_of(reference).open("rb")
        except FileNotFoundError as missing:
            raise ListRefused("changed") from missing
        self._reference, self._key_class, self._left = reference, key_class, size
        self._number = 0
        self._frame = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._frame:
            if self._left <= 0:
                return 0
            head = self._file.read(4)
            sealed = self._file.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
            about = f"{self._reference}|{self._number}"
            try:
                frame = unseal(sealed, key_class=self._key_class, purpose=_PURPOSE, about=about)
            except SealBroken as broken:
                raise ListRefused("changed") from broken
            self._number += 1
            self._left -= len(frame)
            self._frame = memoryview(frame)
        count = min(len(buffer), len(self._frame))
        buffer[:count] = self._frame[:count]
        self._frame = self._frame[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def opener_of(reference: str, *, key_class: str, size: int) -> Callable[[], BinaryIO]:
    """Opens the kept list from its start, each time anew."""
    return lambda: cast(BinaryIO, io.BufferedReader(_Unsealed(reference, key_class, size), FRAME))


def forget(reference: str) -> None:
    """Remove the kept file; its batch stays."""
    path_of(reference).unlink(missing_ok=True)
