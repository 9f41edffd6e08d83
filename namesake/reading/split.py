"""Which word of a written name is the surname, which the given name, which the patronymic.

Families and clerks write names divided or not, in any order, with initials, titles, call signs in quotes,
and often in the case the sentence asked for: "ищу Иванова Сергея". The parts come back in the nominative.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from namesake.reading.given import given_class, is_formal_given
from namesake.reading.patronymics import PATRONYMIC

LONGEST_NAME = 200  # characters read of a whole name: bounds the work on hostile input
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class NameParts:
    """A written name, taken apart, in the nominative. Single letters among the tokens are initials."""

    surname: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    patronymic: tuple[str, ...] = ()
    call_signs: tuple[str, ...] = ()
    swapped: bool = False  # the surname stood in the field of the given name


_QUOTED = re.compile(
    r"[\"«„“”‟〝〞]([^\"«»„“”‟〝〞]{1,40})[\"»“”‟〝〞]|\((?:позывной|позивний|call ?sign)?:?\s*([^()]{1,40})\)|"
    r"(?:позывной|позивний|call ?sign)\s*:?\s*(\w{2,30})",
    re.I,
)
_QUOTE_SIGNS = re.compile(r"[\"«„“”(〝]|позывн|позивн|call", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`‘´ʹ\u0361\u0301-][^\W\d_]+)*['’ʹ]?|[46]?[^\W\d_]+(?:[46][^\W\d_]*)+")
_ASKING = re.compile(
    r"^(?:ищу|ищем|разыскив\w+|розыск|розшук\w*|шука\w+|пропал\w*|зник\w*|сын\w*|син\w*|муж\w*|чоловік\w*|брат\w*|"
    r"отца|батьк\w+|внук\w*|онук\w*|родственник\w*|военнослужащ\w+|военнопленн\w+|солдат\w*|рядово\w+|сержант\w*|ст|"
    r"лейтенант\w*|капитан\w*|майор\w*|полковник\w*|гр|гражданин\w*|про|о|об|мо[йёюяе]\w*|мого|своего|наш\w+|"
    r"looking|for|searching|mr|mrs|ms|dr|sir|son|brother|husband|missing|pvt|sgt|lt|capt|maj|col)$"
)
_ASKS = re.compile(r"ищ|разыск|розыск|розшук|шука|про |о ", re.I)
_SURNAME = re.compile(
    r"(?:[оеё]в|[иы]н|ск[иі]й|цк[иі]й|ськ[иі]й|цьк[иі]й|[оеё]ва|[иы]на|ская|цкая|ська|цька|енко|нко|[ую]к|[ую]ра|ч[аеи]к|"
    r"ян|янц|дзе|швили|швілі|ых|их|ык|ей?ко|ло|ба|[ое]вск\w\w?|ў|skiy?|skyi|skyy|sky|skij|ska|skaya|ckij?|ov|ev|yov|"
    r"ova|eva|yova|in|ina|yn|off|eff|ow|ew|enko|chuk|tchouk|uk|yuk|iuk|juk|yan|ian|dze|shvili|yev|ień|wicz|ko)$"
)
_TURKIC_WORD = re.compile(
    r"^(?:оглы|оглу|огли|углы|улы|ұлы|уулу|угли|ўғли|кызы|кизи|қызы|гызы|o[gğ]lu|ogly|ogli|uly|uulu|ugli|[kqg][iyı]z[iyı])$",
    re.I,
)


def _cases(table: str) -> tuple[tuple[str, str], ...]:
    """Pairs of an oblique ending and the nominative one."""
    return tuple((oblique, nominative) for oblique, _, nominative in (entry.partition(":") for entry in table.split()))


# Oblique endings of given names (men, then women) and of surnames, with the nominative they come from.
_GIVEN_CASES = _cases(
    "ея:ей ею:ей еем:ей ию:ия ия:ий ию:ий ием:ий ая:ай аю:ай аем:ай ія:ій ію:ій ієм:ій єм:й ря:рь рю:рь "
    "рем:рь ія:ія ью:ья ьи:ья ье:ья ла:ел лу:ел лом:ел ола:ола олу:ола оли:ола олою:ола ину:ина ію:ія "
    "ию:ия ї:я ю:я и:я у:а ы:а и:а ой:а ою:а ей:я е:а е:я а: у: ом: ові: ем:ь а:о у:о ом:о ові:о е: і:а "
    "я:ь "
)
_SURNAME_CASES = _cases(
    "ского:ский скому:ский ским:ский цкого:цкий цкому:цкий цким:цкий ського:ський ському:ський "
    "ським:ський цького:цький цькому:цький ова:ов ову:ов овым:ов овим:ов ове:ов ева:ев еву:ев евым:ев "
    "єва:єв ёва:ёв ёву:ёв ёвым:ёв ина:ин ину:ин иным:ин ына:ын ыну:ын ого:ый ому:ый ука:ук юка:юк уку:ук "
    "юку:юк ака:ак яка:як ика:ик яна:ян яну:ян ича:ич ичу:ич енка:енко енку:енко нця:нець ця:ець ца:ец "
)
_FEMININE_CASES = _cases(
    "ову:ова овой:ова ової:ова еву:ева евой:ева ину:ина иной:ина скую:ская ской:ская ську:ська ської:ська "
)
_MEN_IN_A = frozenset(
    (
        "илья",
        "ілля",
        "никита",
        "микита",
        "микола",
        "лука",
        "фома",
        "хома",
        "кузьма",
        "данила",
        "гаврила",
        "сава",
        "савва",
    )
)
_SON_CASES = _cases(
    "вича:вич вичу:вич вичем:вич вичові:вич ича:ич ичу:ич вну:вна вны:вна вне:вна вни:вна вною:вна вной:вна "
)


def _kept_case(written: str, form: str) -> str:
    return form.upper() if written.isupper() else form[:1].upper() + form[1:] if written[:1].isupper() else form


def _nominative_given(word: str) -> str:
    """The nominative of a given name in another case, or the word itself."""
    lower = word.lower()
    if len(lower) < 4 or lower.isascii() or given_class(lower):
        return word
    for ending, form in _GIVEN_CASES:
        if lower.endswith(ending):
            guess = lower[: -len(ending)] + form
            if guess != lower and is_formal_given(guess):
                return _kept_case(word, guess)
    return word


def _ending(word: str, cases: tuple[tuple[str, str], ...]) -> str:
    lower = word.lower()
    for ending, form in cases:
        if lower.endswith(ending) and len(lower) > len(ending) + 1:
            return _kept_case(word, lower[: -len(ending)] + form)
    return word


def _is_patronymic(word: str) -> bool:
    return len(word) > 4 and PATRONYMIC.search(word.lower()) is not None


def _flat(words: list[str]) -> tuple[str, ...]:
    tokens = [token for word in words for token in word.split("-") if token]
    return tuple(tokens[:_MOST_WORDS])


def _nominatives(s: list[str], g: list[str], p: list[str]) -> tuple[list[str], list[str], list[str]]:
    """All parts in the nominative, if the given name was written in another case."""
    if not g or g[0].isascii():
        return s, g, p
    nominative = _nominative_given(g[0])
    if nominative == g[0]:
        return s, g, p
    woman = nominative.lower().endswith(("а", "я")) and nominative.lower() not in _MEN_IN_A
    s = [_ending(word, _FEMININE_CASES if woman else _SURNAME_CASES) for word in s]
    return s, [nominative, *g[1:]], [_ending(word, _SON_CASES) for word in p]


def _undivided(words: list[str], comma: int) -> tuple[list[str], list[str], list[str]]:
    """Surname, given name and patronymic of words in unknown order; a comma stands after the surname."""
    if 0 < comma < len(words):
        rest = words[comma:]
        p = [word for word in rest[1:] if _is_patronymic(word)]
        return words[:comma], [word for word in rest if word not in p], p
    full = [word for word in words if len(word) > 1]
    if len(full) == 1 and len(words) > 1:  # Иванов С.П., С.П. Иванов
        initials = [word for word in words if len(word) == 1]
        return full, initials[:1], initials[1:]
    if len(words) == 1:
        return words, [], []
    p = []
    rest = list(words)
    if len(words) >= 3:
        for at in range(len(words) - 1, 0, -1):
            if _TURKIC_WORD.match(words[at]) and at >= 2:
                p, rest = [words[at - 1]], words[: at - 1] + words[at + 1 :]
                break
        else:
            sons = [at for at, word in enumerate(words) if _is_patronymic(_ending(word, _SON_CASES))]
            if sons:
                at = next(
                    (place for place in sons if place and given_class(_nominative_given(words[place - 1]))), sons[-1]
                )
                p, rest = [words[at]], words[:at] + words[at + 1 :]
                if at == len(words) - 1 and len(rest) == 2:
                    return rest[:1], rest[1:], p
                if (at >= 1 and not _SURNAME.search(words[at - 1].lower())) or at == 1:
                    return [word for word in rest if word is not words[at - 1]], [words[at - 1]], p
    if len(rest) < 2:
        return rest, [], p
    # What remains: the given name is the word known as one and least like a surname.
    capitals = [word.isupper() and len(word) > 1 for word in rest]
    scores = []
    for at, word in enumerate(rest):
        nominative = _nominative_given(word)
        score = 0.0
        if given_class(nominative):
            score += 3.0 if is_formal_given(nominative) else 2.0
        if _SURNAME.search(word.lower()) and not given_class(nominative):
            score -= 1.5
        if len(word) == 1:
            score += 1.0
        if any(capitals) and not all(capitals):
            score -= 1.5 if capitals[at] else 0.0
        scores.append(score)
    # Cyrillic papers put the surname first, Latin ones the given name.
    order = [(-score, (at == 0) if not rest[0].isascii() else at) for at, score in enumerate(scores)]
    best = min(range(len(rest)), key=lambda at: order[at])
    if len(rest) == 2:
        return [rest[1 - best]], [rest[best]], p
    # Of three and more, given names stand together: next to the best one, or all but the last.
    if best == 0:
        return rest[-1:], rest[:-1], p
    return rest[:best], rest[best:], p


def split_name(full: str = "", surname: str = "", given: str = "", patronymic: str = "") -> NameParts:
    """The parts of a name written in fields, or undivided in any order; never raises."""
    signs: list[str] = []

    def words(text: str) -> list[str]:
        text = text[:LONGEST_NAME]
        if _QUOTE_SIGNS.search(text):
            for match in _QUOTED.finditer(text):
                signs.append((match[1] or match[2] or match[3]).strip())
            text = _QUOTED.sub(" ", text)
        return list(_WORD.findall(text)[:_MOST_WORDS])

    s, g, p = words(surname), words(given), words(patronymic)
    swapped = False
    if full and not s and not g:
        w = words(full)
        kept = [word for word in w if not _ASKING.match(word.lower())]
        if len(kept) >= 2 or (kept and len(w) > 1):
            w = kept
        comma = len(words(full.partition(",")[0])) if "," in full[:LONGEST_NAME] else 0
        if w:
            s, g, several = _undivided(w, comma)
            p = p or several
    elif s and not g and len(s) > 1 and "-" not in surname:
        s, g, several = _undivided(s, 0)
        p = p or several
    elif g and not s and len(g) > 1:
        s, g, several = _undivided(g, 0)
        p = p or several
    else:
        if len(g) > 1 and not p and _is_patronymic(g[-1]) and not (len(g) == 2 and is_formal_given(g[-1])):
            g, p = g[:-1], g[-1:]
        elif len(g) > 2 and not p and _TURKIC_WORD.match(g[-1]):
            g, p = g[:-2], g[-2:-1]
        if len(p) > 1 and _TURKIC_WORD.match(p[-1]):
            p = p[:-1]
        if len(s) == 1 and len(g) == 1 and len(s[0]) > 1 and len(g[0]) > 1:
            # A short form may also be a surname; then the other word has to look like one.
            sure = is_formal_given(s[0]) or (given_class(s[0]) and _SURNAME.search(g[0].lower()))
            if sure and not given_class(_nominative_given(g[0])):
                s, g, swapped = g, s, True
        if (
            p
            and g
            and len(p) == 1
            and len(g) == 1
            and _is_patronymic(g[0])
            and not _is_patronymic(p[0])
            and given_class(p[0])
        ):
            g, p = p, g
    s, g, p = _nominatives(s, g, p)
    return NameParts(_flat(s), _flat(g), _flat(p), tuple(signs), swapped)
