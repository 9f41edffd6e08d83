"""Some calls: one that waits, one owed, one with a spoken message; all invented."""

import io
import math
import struct
import wave
from collections.abc import Callable

from homeward.access.models import Staff
from homeward.hotline import actions
from homeward.hotline.models import Call
from homeward.hotline.script import Keyed, Silence

_PATHS = (
    ("demo 1", "+380500000101", ("1", "", "2")),
    ("demo 2", "+380500000102", ("2", "", "4", "4", "1#", "1")),
    ("demo 3", "+380500000103", ("3", "", "3", "")),
    ("demo 4", "+380500000104", ("4", "", "5")),
    ("demo 5", "+380500000105", ("1", "", "2")),
)


def some_calls(told: Callable[[int, int], None]) -> None:
    """Five callers; the operator speaks with the first of them."""
    for done, (line_id, number, keys) in enumerate(_PATHS, 1):
        if not Call.objects.filter(line_id=line_id).exists():
            actions.ring(line_id, number=number)
            for key in keys:
                actions.hear(line_id, Keyed(key) if key else Silence())
            if line_id == "demo 4":
                actions.leave_message(line_id, _a_tone(), seconds=2)
                actions.hang_up(line_id)
            elif line_id == "demo 1":
                _spoken_with()
        told(done, len(_PATHS))


def _spoken_with() -> None:
    otto = Staff.objects.get(username="operator")
    call = actions.take_next(by=otto)
    if call is not None:
        actions.flag_distress(call, by=otto)
        actions.end_call(call, outcome="comfort", note="Asked for a call from the psychologist.", by=otto)


def _a_tone() -> bytes:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", int(6000 * math.sin(n / 4))) for n in range(16000)))
    return sound.getvalue()
