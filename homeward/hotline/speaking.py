"""What a call hears next: the script's texts with what they need from the house, for every line alike."""

import os
from dataclasses import dataclass

from homeward.hotline import actions, queries, spoken
from homeward.hotline.models import Call
from homeward.hotline.script import TABLE, State, Takes, longest_of, texts_of
from homeward.lib import clock


@dataclass(frozen=True, slots=True)
class Speech:
    """One text: its code, its language, its words."""

    code: str
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What is spoken now, and what is listened for then."""

    state: State
    takes: Takes
    says: tuple[Speech, ...]
    longest: int


def turn_of(call: Call) -> Turn:
    """The turn of a call as it stands. In the queue the place is spoken every thirty seconds, else nothing."""
    talk = actions.talk_of(call)
    line = queries.line()
    says: list[Speech] = []
    for code in texts_of(talk, surge=line.surge):
        says += _speech(code, call, talk.language)
        if code == "surge" and line.partner_lines:
            words = spoken.text("partners", talk.language, lines=" ".join(line.partner_lines))
            says.append(Speech("partners", talk.language, words))
    return Turn(talk.state, TABLE[talk.state].takes, tuple(says), longest_of(talk.state))


def _speech(code: str, call: Call, language: str) -> list[Speech]:
    if code == "language":
        bureau = os.environ.get("HOMEWARD_BUREAU_NAME", "")
        named = [Speech("bureau", "uk", bureau)] if bureau else []
        return named + [Speech(f"language_{spoken_in}", spoken_in, words) for spoken_in, words in spoken.LANGUAGE]
    if code != "place":
        return [Speech(code, language, spoken.text(code, language))]
    if call.told_at is not None and clock.now() - call.told_at < queries.TELL_EVERY:
        return []
    actions.note_told(call)
    place = queries.place_of(call)
    minutes = queries.expected_minutes(place)
    if minutes is None:
        return [Speech(f"place_unsure_{place}", language, spoken.text("place_unsure", language, place=place))]
    words = spoken.text("place", language, place=place, minutes=minutes)
    return [Speech(f"place_{place}_{minutes}", language, words)]
