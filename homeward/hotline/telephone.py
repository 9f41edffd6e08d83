"""A SIP telephone in the process (pjsua2): answers, speaks, hears keys, records a message, puts through.

It runs the same script as the webhooks and knows nothing of it but what is spoken and what is listened for. One thread
serves the line; what asks the database runs beside it, one step of a call after the other, so sound never stops for it.
"""

import gc
import logging
import os
import shutil
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pjsua2 as pj
from django.db import close_old_connections

from homeward.hotline import actions, messages, prompts
from homeward.hotline.models import AtDesk, Call
from homeward.hotline.script import Keyed, Silence, Takes
from homeward.hotline.speaking import Turn, turn_of

log = logging.getLogger("homeward.phone")
# How long a key is waited for, and how long the next of several.
KEY_WAIT, NEXT_KEY_WAIT = 6.0, 4.0
LOOK_EVERY = 1.0
# The library as packaged carries four at once and turns the fifth away as busy; built otherwise it may carry more.
MOST_CALLS = 30
_BEEP = 0.3


class Sounding:
    """What a step gives back: the turn, its sound, and whom to put through to."""

    __slots__ = ("desk", "seconds", "sound", "turn")

    def __init__(self, turn: Turn, sound: Path | None, desk: str) -> None:
        self.turn, self.sound, self.desk = turn, sound, desk
        self.seconds = prompts.seconds(sound) if sound else 0.0


def _sounding(call: Call) -> Sounding:
    turn = turn_of(call)
    desk = ""
    if turn.takes == Takes.PERSON and call.operator_id:
        desk = AtDesk.objects.values_list("sip_address", flat=True).filter(staff=call.operator_id).first() or ""
    return Sounding(turn, prompts.spoken(turn.says), desk)


class Line(pj.Call):  # type: ignore[misc]
    """One call on the line."""

    def __init__(self, phone: "Phone", account: pj.Account, call_id: int) -> None:
        super().__init__(account, call_id)
        self.phone = phone
        self.line_id = f"sip:{os.urandom(12).hex()}"
        self.number = ""
        self.turn: Turn | None = None
        self.player: pj.AudioMediaPlayer | None = None
        self.recorder: pj.AudioMediaRecorder | None = None
        self.recording: Path | None = None
        self.recording_since = 0.0
        self.spoken_until = self.heard_at = 0.0
        self.keys = ""
        self.steps: deque[Callable[[], Sounding | None]] = deque()
        self.step: Future[Sounding | None] | None = None
        self.started = self.gone = self.told_gone = self.put_through = False
        self.desk = ""

    def onCallState(self, _prm: object) -> None:
        """She hung up, or we did."""
        try:
            self.gone = self.gone or self.getInfo().state == pj.PJSIP_INV_STATE_DISCONNECTED
        except pj.Error:
            self.gone = True

    def onCallMediaState(self, _prm: object) -> None:
        """Sound flows: the script begins."""
        if not self.started and self.audio() is not None:
            self.started = True
            self.steps.append(lambda: _sounding(actions.ring(self.line_id, number=self.number)))

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        """A key, by RFC 2833 or by INFO."""
        # Also while nothing is listened for: who knows the line keys ahead.
        if len(self.keys) < 200:
            self.keys += prm.digit
            self.heard_at = time.monotonic()

    def audio(self) -> pj.AudioMedia | None:
        """The sound of this call, while there is any."""
        try:
            info = self.getInfo()  # held: what stands in it goes with it
        except pj.Error:
            # The library has let go of her already; it says so in a moment.
            self.gone = True
            return None
        for number, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                return self.getAudioMedia(number)
        return None

    # --- one look at it, many times a second

    def look(self) -> bool:
        """Go on where something is due; False once nothing is left of the call."""
        if self.step is not None and self.step.done():
            done, self.step = self.step, None
            try:
                sounding = done.result()
            except Exception as fault:
                # Her call must not end in silence, nor the other calls with it.
                log.error("a step of a call failed: %s", type(fault).__name__)
                self._hang_up()
                sounding = None
            if sounding is not None and not self.gone:
                self._speak(sounding)
        if self.gone:
            return self._leave()
        if self.step is None and not self.steps and self.turn is not None:
            self._listen(self.turn, time.monotonic())
        self._next_step()
        return True

    def _next_step(self) -> None:
        if self.step is None and self.steps:
            self.step = self.phone.pool.submit(_with_connection, self.steps.popleft())

    def _leave(self) -> bool:
        """Write down what is left, then let go."""
        if not self.told_gone:
            self.told_gone = True
            self._stop_speaking()
            sound, length = self._stop_recording()
            self.steps.clear()
            if self.started:
                if sound and length >= 1:
                    self.steps.append(lambda: _kept(self.line_id, sound, length))
                self.steps.append(lambda: _gone(self.line_id, self.number))
        self._next_step()
        return self.step is not None or bool(self.steps)

    def _listen(self, turn: Turn, now: float) -> None:
        match turn.takes:
            case Takes.KEY:
                if self.keys:
                    self._go(Keyed(self.keys[0]), left=self.keys[1:])
                elif now > self.spoken_until + KEY_WAIT:
                    self._go(Silence())
            case Takes.KEYS:
                # As the provider does: so many keys are taken, what comes after is for the next question.
                first = self.keys[: turn.longest]
                if "#" in first or len(first) == turn.longest or (first and now > self.heard_at + NEXT_KEY_WAIT):
                    keyed = first.partition("#")[0]
                    self._go(Keyed(keyed), left=self.keys[len(keyed) :].removeprefix("#"))
                elif not self.keys and now > self.spoken_until + KEY_WAIT:
                    self._go(Silence())
                elif self.keys:
                    self._stop_speaking()
            case Takes.NOTHING:
                if now > self.spoken_until or self.keys:
                    self._go(Silence(), left=self.keys)
            case Takes.WAITING:
                if self.keys:
                    self._go(Keyed(self.keys[0]), left=self.keys[1:])
                elif now > max(self.spoken_until, self.heard_at + LOOK_EVERY):
                    self.heard_at = now
                    self.steps.append(lambda: _again(self.line_id))
            case Takes.VOICE:
                self._record(now)
            case Takes.PERSON:
                if now > self.spoken_until and not self.put_through:
                    self._put_through()
            case Takes.END:
                if now > self.spoken_until:
                    self._hang_up()

    def _go(self, event: Keyed | Silence, *, left: str = "") -> None:
        self._stop_speaking()
        self.turn, self.keys = None, left
        self.steps.append(lambda: _sounding(actions.hear(self.line_id, event)))

    # --- sound

    def _speak(self, sounding: Sounding) -> None:
        self.turn, self.desk = sounding.turn, sounding.desk
        audio = self.audio()
        if sounding.sound is None or audio is None:
            return
        self._stop_speaking()
        self.player = pj.AudioMediaPlayer()
        self.player.createPlayer(str(sounding.sound), pj.PJMEDIA_FILE_NO_LOOP)
        self.player.startTransmit(audio)
        self.spoken_until = time.monotonic() + sounding.seconds + 0.1

    def _stop_speaking(self) -> None:
        self.player = None
        self.spoken_until = min(self.spoken_until, time.monotonic())

    def _record(self, now: float) -> None:
        if self.recorder is None:
            audio = self.audio()
            if now <= self.spoken_until + _BEEP or audio is None:
                self.keys = ""
                return
            self.recording = self.phone.folder / f"{os.urandom(8).hex()}.wav"
            self.recorder = pj.AudioMediaRecorder()
            self.recorder.createRecorder(str(self.recording))
            audio.startTransmit(self.recorder)
            self.recording_since = now
        elif "#" in self.keys or now > self.recording_since + messages.LONGEST:
            sound, length = self._stop_recording()
            self.turn, self.keys = None, ""
            if length >= 1:
                self.steps.append(lambda: _sounding(actions.leave_message(self.line_id, sound, seconds=round(length))))
            else:
                self._go(Silence())

    def _stop_recording(self) -> tuple[bytes, float]:
        """The sound, and its length; of the file nothing is left."""
        if self.recorder is None or self.recording is None:
            return b"", 0.0
        # The library closes it when its own clock comes round: the head does not say the length yet.
        self.recorder = None
        try:
            sound = messages.with_its_length(self.recording.read_bytes())
        finally:
            self.recording.unlink(missing_ok=True)
            self.recording = None
        return sound, messages.length_of(sound)

    def _put_through(self) -> None:
        if not self.desk:
            return
        self.put_through = True
        try:
            self.xfer(self.desk, pj.CallOpParam(True))
        except pj.Error as fault:
            log.error("a call could not be put through: %s", fault.reason)

    def _hang_up(self) -> None:
        self.turn = None
        try:
            self.hangup(pj.CallOpParam(True))
        except pj.Error:
            self.gone = True


def _with_connection(step: Callable[[], Sounding | None]) -> Sounding | None:
    close_old_connections()
    return step()


def _again(line_id: str) -> Sounding:
    return _sounding(Call.objects.get(line_id=line_id))


def _kept(line_id: str, sound: bytes, length: float) -> None:
    actions.leave_message(line_id, sound, seconds=round(length))


def _gone(line_id: str, number: str) -> None:
    actions.ring(line_id, number=number)
    actions.hang_up(line_id)


class _Account(pj.Account):  # type: ignore[misc]
    def __init__(self, phone: "Phone") -> None:
        super().__init__()
        self.phone = phone

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """Every call is answered at once; beyond what the line bears it is busy, which a caller hears."""
        line = Line(self.phone, self, prm.callId)
        answer = pj.CallOpParam()
        try:
            remote = line.getInfo().remoteUri
        except pj.Error:
            remote = ""
        line.number = remote.partition("sip:")[2].partition("@")[0]
        busy = len(self.phone.lines) >= MOST_CALLS
        answer.statusCode = 486 if busy else 200
        try:
            line.answer(answer)
        except pj.Error:
            busy = True
        line.gone = line.gone or busy
        self.phone.lines.append(line)


class Phone:
    """The telephone: runs until told to end."""

    def __init__(self, host: str, port: int) -> None:
        self.lines: list[Line] = []
        self.pool = ThreadPoolExecutor(4, thread_name_prefix="steps")
        self.ending = False
        shared = Path("/dev/shm")  # noqa: S108  memory, never a disk
        self.folder = (shared if shared.is_dir() else Path("/tmp")) / f"homeward-phone-{os.getuid()}-{port}"  # noqa: S108
        # Whatever a phone that died left behind goes first.
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        settings = pj.EpConfig()
        settings.uaConfig.threadCnt, settings.uaConfig.mainThreadOnly = 0, True
        settings.uaConfig.maxCalls = MOST_CALLS + 2
        settings.logConfig.level = settings.logConfig.consoleLevel = 1
        settings.medConfig.clockRate = settings.medConfig.sndClockRate = prompts.RATE
        settings.medConfig.noVad = True
        self.endpoint.libInit(settings)
        transport = pj.TransportConfig()
        transport.port, transport.boundAddress, transport.publicAddress = port, host, host
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        account = pj.AccountConfig()
        account.idUri = f"sip:hotline@{host}:{port}"
        media = account.mediaConfig.transportConfig
        media.boundAddress, media.publicAddress = host, host
        self.account = _Account(self)
        self.account.create(account)

    def run(self) -> None:
        """Serve the line until `end`."""
        while not self.ending:
            self._turn()
        self.close()

    def _turn(self) -> None:
        # In a function of its own: a line that a name still holds when the library goes takes the process with it.
        self.endpoint.libHandleEvents(10)
        for line in list(self.lines):
            line.gone = line.gone or (self.ending and not line.isActive())
            try:
                stays = line.look()
            except pj.Error as fault:
                # One call's fault is not the other calls' end.
                log.error("a call failed: %s", fault.reason)
                line.gone, stays = True, True
            if not stays:
                self.lines.remove(line)

    def end(self) -> None:
        """Safe to call from a signal handler."""
        self.ending = True

    def close(self) -> None:
        """Hang up, write down what is left, and let go of everything before the library goes."""
        self.endpoint.hangupAllCalls()
        until = time.monotonic() + 10
        while self.lines and time.monotonic() < until:
            self._turn()
        self.lines.clear()
        self.pool.shutdown()
        self.account.shutdown()
        del self.account
        gc.collect()
        self.endpoint.libDestroy()
        shutil.rmtree(self.folder, ignore_errors=True)
