"""The hosted provider: whether a request is really its own, and the script rendered to its XML."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from homeward.hotline.messages import LONGEST
from homeward.hotline.script import Takes
from homeward.hotline.speaking import Turn

VOICES = {"uk": "uk-UA", "ru": "ru-RU", "en": "en-GB", "fr": "fr-FR"}
# How often a waiting call is looked at: so long an operator waits at most for the connection.
LOOK_EVERY = 5


def token() -> str:
    """The secret shared with the provider; empty where the house uses none."""
    path = os.environ.get("HOMEWARD_HOTLINE_TOKEN_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except OSError as fault:
        raise ImproperlyConfigured(
            f"HOMEWARD_HOTLINE_TOKEN_FILE names a file that cannot be read ({type(fault).__name__})"
        ) from fault


def is_genuine(request: HttpRequest) -> bool:
    """Whether the provider signed exactly this request. Behind a proxy the public address is HOMEWARD_HOTLINE_URL."""
    secret = token()
    if not secret:
        return False
    base = os.environ.get("HOMEWARD_HOTLINE_URL", "").rstrip("/")
    address = base + request.get_full_path() if base else request.build_absolute_uri()
    signature = request.headers.get("X-Twilio-Signature", "")
    return bool(signature) and bool(RequestValidator(secret).validate(address, request.POST.dict(), signature))


def rendered(turn: Turn, *, desk: str = "") -> str:
    """One turn as XML. `desk`: the SIP address of the operator who took the call."""
    answer = VoiceResponse()
    if turn.takes in (Takes.KEY, Takes.KEYS, Takes.WAITING):
        several = turn.takes == Takes.KEYS
        gather = Gather(
            action="/hotline/keys", method="POST", input="dtmf", timeout=LOOK_EVERY, finish_on_key="#" if several else "",
            num_digits=turn.longest, action_on_empty_result=True,
        )  # fmt: skip
        _say(gather, turn)
        answer.append(gather)
        return str(answer)
    _say(answer, turn)
    if turn.takes == Takes.NOTHING:
        answer.redirect("/hotline/said", method="POST")
    elif turn.takes == Takes.VOICE:
        answer.record(
            action="/hotline/recorded", method="POST", max_length=LONGEST, finish_on_key="#", timeout=10, play_beep=True
        )
    elif turn.takes == Takes.PERSON:
        if desk:
            dial = Dial(action="/hotline/ended", method="POST")
            dial.sip(desk)
            answer.append(dial)
        else:
            answer.pause(length=LOOK_EVERY)
            answer.redirect("/hotline/said", method="POST")
    else:
        answer.hangup()
    return str(answer)


def _say(verb: VoiceResponse | Gather, turn: Turn) -> None:
    for speech in turn.says:
        verb.say(speech.words, language=VOICES[speech.language])
