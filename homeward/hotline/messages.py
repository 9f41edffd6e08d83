"""Spoken messages at rest: AES-256-GCM under the key class `voice`, which neither the family site nor Telegram holds."""

import io
import wave

from homeward.lib.sealed import seal, unseal

LONGEST = 120  # seconds
_PURPOSE = "hotline_spokenmessage|sealed"


def sealed(sound: bytes, *, about: str) -> bytes:
    """A sound file, sealed for this row."""
    return seal(sound, key_class="voice", purpose=_PURPOSE, about=about)


def opened(value: bytes, *, about: str) -> bytes:
    """The sound file again. Raises KeyMissing in a process that may not."""
    return unseal(value, key_class="voice", purpose=_PURPOSE, about=about)


def length_of(sound: bytes) -> float:
    """Seconds of a WAV file; 0 where it is none."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return 0.0


def with_its_length(unfinished: bytes) -> bytes:
    """A WAV file of 16 bits and 8,000 samples a second whose head (44 bytes) was not completed."""
    frames = unfinished[44:]
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(frames[: len(frames) // 2 * 2])
    return whole.getvalue()
