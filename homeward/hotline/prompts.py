"""Sound for what the line says: a recorded file where the bureau has one, else espeak-ng, once for each text.

Recorded files lie as `<language>/<code>.wav` in the folder HOMEWARD_HOTLINE_PROMPTS. Whatever their rate, a telephone
hears 8,000 samples a second.
"""

import hashlib
import os
import shutil
import subprocess
import wave
from collections.abc import Sequence
from pathlib import Path

from homeward.hotline.speaking import Speech
from homeward.lib import paths
from homeward.lib.refusals import Refusal

RATE = 8_000
_PAUSE = b"\0\0" * (RATE // 5)
_VOICES = {"uk": "uk", "ru": "ru", "en": "en-gb", "fr": "fr-fr"}


class CannotSpeak(Refusal):
    """There is neither a recorded file nor espeak-ng."""


def folder() -> Path:
    """Where spoken texts are kept; nothing personal is in them."""
    made = paths.home() / "prompts"
    made.mkdir(parents=True, exist_ok=True)
    return made


def spoken(says: Sequence[Speech]) -> Path | None:
    """One sound file with these texts after each other; None for none."""
    if not says:
        return None
    recorded = [_recorded(speech) for speech in says]
    named = "|".join(
        f"{speech.language}:{speech.words}:{path.stat().st_mtime_ns if path else ''}"
        for speech, path in zip(says, recorded, strict=True)
    )
    target = folder() / f"{hashlib.sha256(named.encode()).hexdigest()[:24]}.wav"
    if not target.exists():
        frames = _PAUSE.join(
            _frames(path) if path else _synthesised(speech) for speech, path in zip(says, recorded, strict=True)
        )
        aside = target.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}")
        with wave.open(str(aside), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(frames)
        aside.replace(target)
    return target


def seconds(path: Path) -> float:
    """How long a file sounds."""
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


def _recorded(speech: Speech) -> Path | None:
    given = os.environ.get("HOMEWARD_HOTLINE_PROMPTS", "")
    path = Path(given) / speech.language / f"{speech.code}.wav"
    return path if given and path.exists() else None


def _synthesised(speech: Speech) -> bytes:
    program = shutil.which("espeak-ng")
    if program is None:
        raise CannotSpeak("espeak-ng is not installed, and no recorded file says this text")
    aside = folder() / f"{os.urandom(8).hex()}.raw.wav"
    try:
        command = [program, "-v", _VOICES[speech.language], "-s", "145", "-w", str(aside), speech.words]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return _frames(aside)
    finally:
        aside.unlink(missing_ok=True)


def _frames(path: Path) -> bytes:
    import numpy as np

    with wave.open(str(path)) as file:
        rate, channels, raw = file.getframerate(), file.getnchannels(), file.readframes(file.getnframes())
        if file.getsampwidth() != 2:
            raise CannotSpeak(f"{path.name} is not a WAV file of 16 bits")
    samples = np.frombuffer(raw, dtype="<i2").reshape(-1, channels).mean(axis=1)
    if rate != RATE and samples.size:
        # A mean over neighbours before thinning out: enough against hissing for speech.
        if rate > RATE:
            width = max(1, round(rate / RATE))
            samples = np.convolve(samples, np.ones(width) / width, mode="same")
        wanted = np.arange(int(samples.size * RATE / rate)) * rate / RATE
        samples = np.interp(wanted, np.arange(samples.size), samples)
    return bytes(samples.astype("<i2").tobytes())
