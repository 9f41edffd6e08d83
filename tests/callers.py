"""Real callers for `homeward phone`: sipp speaks SIP for them, a thread here hears, talks and presses keys in RTP."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def sipp_or_skip() -> str:
    """The path of sipp. Where it or the SIP library is absent the test is skipped; on CI that is a failure."""
    path = shutil.which("sipp")
    reason = "" if path else "sipp is not installed (Debian: apt-get install sip-tester)"
    if not reason and not shutil.which("espeak-ng"):
        reason = "espeak-ng is not installed (Debian: apt-get install espeak-ng)"
    if not reason:
        try:
            import pjsua2  # noqa: F401
        except ImportError:
            reason = "pjsua2 has no wheel for this Python"
    if not reason:
        assert path
        return path
    if os.environ.get("CI") and "wheel" not in reason:
        pytest.fail(reason)
    pytest.skip(reason)


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    """A port nobody uses at this moment."""
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _level(byte: int) -> int:
    """A sample of A-law (ITU-T G.711), without its sign."""
    byte ^= 0x55
    step, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    return (mantissa << 4) + 8 if step == 0 else ((mantissa << 4) + 0x108) << (step - 1)


LEVEL = [_level(byte) for byte in range(256)]
TONE = bytes([0x2A, 0x25, 0x2A, 0x55, 0xAA, 0xA5, 0xAA, 0xD5] * 20)  # 1 kHz in A-law


class Mouth:
    """Ear and mouth of all callers: how loud each line was, a tone towards it, and keys by RFC 2833."""

    def __init__(self, keys: str = "") -> None:
        self.keys = keys
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = int(self.socket.getsockname()[1])
        self.heard: dict[tuple[str, int], int] = {}
        self.packets: dict[tuple[str, int], int] = {}
        self.ending = False
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Mouth":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending = True
        self.thread.join()
        self.socket.close()

    def _run(self) -> None:
        while not self.ending:
            try:
                packet, line = self.socket.recvfrom(2048)
            except TimeoutError:
                continue
            count = self.packets[line] = self.packets.get(line, 0) + 1
            payload = packet[12:]
            if packet[1] & 0x7F == 8 and payload:
                self.heard[line] = max(self.heard.get(line, 0), sum(LEVEL[byte] for byte in payload) // len(payload))
            self._answer(line, count)

    def _answer(self, line: tuple[str, int], count: int) -> None:
        # A key every half second, eight packets long; else the tone.
        number, place = divmod(count - 50, 25)
        if 0 <= number < len(self.keys) and 0 <= place < 8:
            digit = "0123456789*#".index(self.keys[number])
            event = struct.pack(">BBH", digit, 10 | (0x80 if place >= 5 else 0), 160 * (min(place, 5) + 1))
            head = struct.pack(">BBHII", 0x80, 101 | (0x80 if place == 0 else 0), count, 160 * (50 + number * 25), 7)
            self.socket.sendto(head + event, line)
            return
        self.socket.sendto(struct.pack(">BBHII", 0x80, 8, count, 160 * count, 7) + TONE, line)


def scenario(mouth: int, *, keys: str, pause: int, talk: int) -> str:
    """What sipp does: call, press keys by INFO, talk, hang up."""
    infos = "".join(
        f"""<pause milliseconds="{pause}"/><send retrans="500"><![CDATA[
INFO sip:hotline@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+38050[call_number]00000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:hotline@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: {number + 10} INFO
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={key}
Duration=160
]]></send><recv response="200"/>"""
        for number, key in enumerate(keys)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE scenario SYSTEM "sipp.dtd"><scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:hotline@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+38050[call_number]00000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:hotline@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio {mouth} RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
]]></send>
<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200"/>
<send><![CDATA[
ACK sip:hotline@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+38050[call_number]00000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:hotline@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>{infos}<pause milliseconds="{talk}"/><send retrans="500"><![CDATA[
BYE sip:hotline@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+38050[call_number]00000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:hotline@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 900 BYE
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send><recv response="200"/></scenario>"""


def call(sipp: str, folder: Path, sip: int, mouth: Mouth, *, keys: str = "", calls: int = 1, at_once: int = 4,
         rate: int = 5, pause: int = 100, talk: int = 2500) -> int:  # fmt: skip
    """So many calls; how many failed."""
    script = folder / f"caller-{os.urandom(4).hex()}.xml"
    script.write_text(scenario(mouth.port, keys=keys, pause=pause, talk=talk))
    command = [
        sipp, f"127.0.0.1:{sip}", "-sf", str(script), "-m", str(calls), "-l", str(at_once), "-r", str(rate),
        "-i", "127.0.0.1", "-p", str(free_port()), "-nostdin", "-timeout", "600", "-cp", str(free_port(socket.SOCK_STREAM)),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=700)
    failed = [line for line in done.stdout.splitlines() if "Failed call" in line]
    return int(failed[-1].split("|")[-1]) if failed else done.returncode


def short_prompts(folder: Path) -> Path:
    """Recorded prompts of a fifth of a second, so that a test does not listen for minutes."""
    from homeward.hotline import spoken

    codes = [*spoken.TEXTS, *(f"language_{language}" for language in spoken.LANGUAGES)]
    for language in spoken.LANGUAGES:
        (folder / language).mkdir(parents=True, exist_ok=True)
        for code in codes:
            with wave.open(str(folder / language / f"{code}.wav"), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes(struct.pack("<8h", 0, 6000, 9000, 6000, 0, -6000, -9000, -6000) * 200)
    return folder


@contextmanager
def phone(home: Path, **settings: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`homeward phone` as a process of its own, answering; its port."""
    port = free_port()
    environment = {**os.environ, "HOMEWARD_HOME": str(home), "HOMEWARD_ZONE": "phone", **settings}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "homeward", "phone", "--listen", f"127.0.0.1:{port}"], env=environment, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=(home / "phone.log").open("w"), text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        # The library says a few words of its own first.
        while "answers" not in (line := process.stdout.readline()):
            assert line, (home / "phone.log").read_text()
        yield port, process
    finally:
        process.terminate()
        assert process.wait(timeout=60) == 0, (home / "phone.log").read_text()


def wait_until(true: object, *, seconds: float = 60) -> None:
    """Until it holds; a test that waits in vain fails."""
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.1)
