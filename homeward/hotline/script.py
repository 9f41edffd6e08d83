"""The call script: one table of states, the same for a SIP line and for a hosted provider. Pure: no line, database or clock.

`TABLE` says for each state what is spoken, what is listened for and where it goes. `advance` is one step. What only the
house can do (look a passphrase up, write a call-back down) is a state of its own, which it answers with `Answered`.
`docs/hotline.md` shows the table, drawn from here (`drawn`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

LANGUAGES = {"1": "uk", "2": "ru", "3": "en", "4": "fr"}
HOURS = {"1": (8, 12), "2": (12, 17), "3": (17, 21), "4": (8, 21)}
COVERS = {"1": "library", "2": "pharmacy", "3": "delivery", "4": "none"}
TRIES = 3
REFERENCE_DIGITS, PASSPHRASE_DIGITS = 9, 20
# A number as keyed in; with more it is none.
SHORTEST_NUMBER, LONGEST_NUMBER = 6, 15
# No state reads more keys than this; what comes after is thrown away.
LONGEST_KEYS = 32


class State(StrEnum):
    """Where a call is."""

    LANGUAGE = "language"
    WHAT = "what"
    MENU = "menu"
    REFERENCE = "reference"
    DIGITS = "digits"
    CHECK = "check"
    NEUTRAL = "neutral"
    NOT_KNOWN = "not_known"
    BUSY = "busy"
    DISTRESS = "distress"
    QUEUE = "queue"
    CONNECTED = "connected"
    HOURS = "hours"
    NUMBER = "number"
    COVER = "cover"
    BOOK = "book"
    BOOKED = "booked"
    MESSAGE = "message"
    KEPT = "kept"
    GOODBYE = "goodbye"


class Takes(StrEnum):
    """What is listened for."""

    NOTHING = "nothing"  # goes on when it was spoken
    KEY = "key"
    KEYS = "keys"  # several, ended by # or a pause
    VOICE = "voice"
    WAITING = "waiting"  # in the queue
    HOUSE = "house"  # the house answers, nothing is spoken
    PERSON = "person"
    END = "end"


@dataclass(frozen=True, slots=True)
class Row:
    """One state: the texts spoken, what is listened for, where it goes; `lost` after three silent or wrong tries."""

    takes: Takes
    says: tuple[str, ...] = ()
    keys: Mapping[str, State] = field(default_factory=dict)
    then: State | None = None
    lost: State | None = None


_S, _T = State, Takes
TABLE: dict[State, Row] = {
    _S.LANGUAGE: Row(_T.KEY, ("language",), dict.fromkeys(LANGUAGES, _S.WHAT), lost=_S.QUEUE),
    _S.WHAT: Row(_T.NOTHING, ("what",), then=_S.MENU),
    _S.MENU: Row(
        _T.KEY,
        ("menu",),
        {"1": _S.REFERENCE, "2": _S.QUEUE, "3": _S.DISTRESS, "4": _S.HOURS, "5": _S.MESSAGE, "0": _S.QUEUE},
        lost=_S.QUEUE,
    ),
    _S.REFERENCE: Row(_T.KEYS, ("reference",), then=_S.DIGITS, lost=_S.QUEUE),
    _S.DIGITS: Row(_T.KEYS, ("digits",), then=_S.CHECK, lost=_S.QUEUE),
    _S.CHECK: Row(_T.HOUSE, keys={"known": _S.NEUTRAL, "unknown": _S.NOT_KNOWN, "busy": _S.BUSY}),
    _S.NEUTRAL: Row(_T.NOTHING, ("neutral",), then=_S.MENU),
    _S.NOT_KNOWN: Row(_T.NOTHING, ("not_known",), then=_S.REFERENCE, lost=_S.QUEUE),
    _S.BUSY: Row(_T.NOTHING, ("busy",), then=_S.MENU, lost=_S.QUEUE),
    _S.DISTRESS: Row(_T.NOTHING, ("distress",), then=_S.QUEUE),
    _S.QUEUE: Row(_T.WAITING, ("place",), {"1": _S.HOURS}),
    _S.CONNECTED: Row(_T.PERSON, ("connected",)),
    _S.HOURS: Row(_T.KEY, ("hours",), dict.fromkeys(HOURS, _S.NUMBER), lost=_S.NUMBER),
    _S.NUMBER: Row(_T.KEYS, ("number",), then=_S.COVER, lost=_S.COVER),
    _S.COVER: Row(_T.KEY, ("cover",), dict.fromkeys(COVERS, _S.BOOK), lost=_S.BOOK),
    _S.BOOK: Row(_T.HOUSE, keys={"done": _S.BOOKED}),
    _S.BOOKED: Row(_T.NOTHING, ("booked",), then=_S.GOODBYE),
    _S.MESSAGE: Row(_T.VOICE, ("message",), then=_S.KEPT, lost=_S.GOODBYE),
    _S.KEPT: Row(_T.NOTHING, ("kept",), then=_S.GOODBYE),
    _S.GOODBYE: Row(_T.END, ("goodbye",)),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """How far a call is and what was keyed in. `own_number`: the line told whence she calls."""

    state: State = State.LANGUAGE
    language: str = "uk"
    tries: int = 0
    refused: int = 0
    own_number: bool = False
    distress: bool = False
    reference: str = ""
    passphrase: str = ""
    hours: str = "4"
    number: str = ""
    cover: str = "4"
    # Whether a person was wanted: who hangs up then is called back.
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys were pressed."""

    keys: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing came, or (where nothing is listened for) all was spoken."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The house has done what the state asks of it."""

    code: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Her voice was recorded and is kept."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An operator takes the call."""


Event = Keyed | Silence | Answered | Recorded | Taken


def advance(talk: Talk, event: Event, *, surge: bool = False) -> Talk:
    """One step. An event that does not belong to the state changes nothing."""
    row = TABLE[talk.state]
    match event:
        case Taken() if talk.state == State.QUEUE:
            return replace(talk, state=State.CONNECTED, tries=0)
        case Answered(code) if row.takes == Takes.HOUSE and code in row.keys:
            refused = talk.refused + (code in ("unknown", "busy"))
            return _into(replace(talk, refused=refused), row.keys[code], surge=surge)
        case Recorded() if row.takes == Takes.VOICE and row.then:
            return _into(talk, row.then, surge=surge)
        case Keyed(keys):
            return _keyed(talk, row, "".join(key for key in keys if key in "0123456789")[:LONGEST_KEYS], surge=surge)
        case Silence():
            return _silent(talk, row, surge=surge)
    return talk


def _keyed(talk: Talk, row: Row, keys: str, *, surge: bool) -> Talk:
    if row.takes in (Takes.KEY, Takes.WAITING):
        key = keys[:1]
        if key not in row.keys:
            return talk if row.takes == Takes.WAITING else _silent(talk, row, surge=surge)
        said = {
            State.LANGUAGE: {"language": LANGUAGES.get(key, talk.language)},
            State.HOURS: {"hours": key},
            State.COVER: {"cover": key},
        }.get(talk.state, {})
        return _into(replace(talk, **said), row.keys[key], surge=surge)  # type: ignore[arg-type]
    if row.takes == Takes.KEYS and row.then:
        fits = {
            State.REFERENCE: len(keys) == REFERENCE_DIGITS,
            State.DIGITS: len(keys) == PASSPHRASE_DIGITS,
            State.NUMBER: SHORTEST_NUMBER <= len(keys) <= LONGEST_NUMBER or (keys == "1" and talk.own_number),
        }[talk.state]
        if not fits:
            return _silent(talk, row, surge=surge)
        said = {
            State.REFERENCE: {"reference": keys},
            State.DIGITS: {"passphrase": keys},
            State.NUMBER: {"number": "" if keys == "1" else keys},
        }[talk.state]
        return _into(replace(talk, **said), row.then, surge=surge)  # type: ignore[arg-type]
    return talk


def _silent(talk: Talk, row: Row, *, surge: bool) -> Talk:
    """Nothing, or nothing that fits: once more, and after three times on without keys."""
    if row.takes == Takes.NOTHING and row.then:
        lost = row.lost if row.lost and talk.refused >= TRIES else None
        return _into(talk, lost or row.then, surge=surge)
    if row.takes not in (Takes.KEY, Takes.KEYS, Takes.VOICE) or row.lost is None:
        return talk
    if talk.tries + 1 < TRIES:
        return replace(talk, tries=talk.tries + 1)
    if talk.state == State.LANGUAGE and surge:
        # She cannot press keys, and nobody is free: she can still speak.
        return _into(talk, State.MESSAGE, surge=surge)
    if talk.state == State.NUMBER and not talk.own_number:
        # Nobody could call her back: she can still speak.
        return _into(talk, State.MESSAGE, surge=surge)
    return _into(talk, row.lost, surge=surge)


def _into(talk: Talk, state: State, *, surge: bool) -> Talk:
    if state == State.DISTRESS:
        talk = replace(talk, distress=True)
    if state == State.QUEUE:
        talk = replace(talk, wanted=True)
        if surge and not talk.distress:
            # In a surge a call-back comes first; whoever is in distress waits for a person.
            state = State.HOURS
    if state in (State.HOURS, State.MESSAGE):
        talk = replace(talk, wanted=True)
    return replace(talk, state=state, tries=0)


def texts_of(talk: Talk, *, surge: bool = False) -> tuple[str, ...]:
    """The codes of what is spoken now (`spoken.py` has the words)."""
    says = TABLE[talk.state].says
    if talk.state == State.MENU and surge:
        says = ("surge", "menu_surge")
    if talk.state == State.NUMBER and talk.own_number:
        says = ("number_own",)
    if talk.tries:
        says = ("again", *says)
    return says


def longest_of(state: State) -> int:
    """After how many keys it need not wait for #."""
    return {State.REFERENCE: REFERENCE_DIGITS, State.DIGITS: PASSPHRASE_DIGITS, State.NUMBER: LONGEST_NUMBER}.get(
        state, 1
    )


def drawn() -> str:
    """The table as a Mermaid diagram, for the documents."""
    lines = ["stateDiagram-v2", "    [*] --> language"]
    for state, row in TABLE.items():
        goes: dict[State, list[str]] = {}
        for key, target in row.keys.items():
            goes.setdefault(target, []).append(key)
        if row.then:
            done = {Takes.KEYS: "keyed in", Takes.VOICE: "recorded"}.get(row.takes, "")
            goes.setdefault(row.then, []).extend([done] if done else [])
        if row.takes == Takes.WAITING:
            goes.setdefault(State.CONNECTED, []).append("operator")
        if row.lost:
            goes.setdefault(row.lost, []).append("three times nothing")
        for target, why in goes.items():
            lines.append(f"    {state.value} --> {target.value}" + (f": {', '.join(why)}" if why else ""))
        if row.takes in (Takes.END, Takes.PERSON):
            lines.append(f"    {state.value} --> [*]")
    return "\n".join(lines)
