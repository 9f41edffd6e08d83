"""How clerks and families of six languages write a name: the spellings of the demo's lists.

Deliberately not the romanisation of `namesake`: the demo should not be matched by the same table that wrote it.
"""

from __future__ import annotations

import random

VOWELS = "аеёиоуыэюяєіїАЕЁИОУЫЭЮЯЄІЇ"
SOFTENING = "еёиюяєіїь"

_TABLES: dict[str, dict[str, str]] = {
    "en": dict(
        zip(
            "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя",
            [
                "a",
                "b",
                "v",
                "g",
                "g",
                "d",
                "e",
                "e",
                "ie",
                "zh",
                "z",
                "i",
                "i",
                "i",
                "i",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "kh",
                "ts",
                "ch",
                "sh",
                "shch",
                "",
                "y",
                "",
                "e",
                "yu",
                "ya",
            ],
            strict=True,
        )
    ),
    "de": dict(
        zip(
            "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя",
            [
                "a",
                "b",
                "w",
                "g",
                "g",
                "d",
                "e",
                "jo",
                "je",
                "sch",
                "s",
                "i",
                "i",
                "ji",
                "j",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "ch",
                "z",
                "tsch",
                "sch",
                "schtsch",
                "",
                "y",
                "",
                "e",
                "ju",
                "ja",
            ],
            strict=True,
        )
    ),
    "pl": dict(
        zip(
            "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя",
            [
                "a",
                "b",
                "w",
                "g",
                "g",
                "d",
                "ie",
                "io",
                "je",
                "ż",
                "z",
                "i",
                "i",
                "ji",
                "j",
                "k",
                "ł",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "ch",
                "c",
                "cz",
                "sz",
                "szcz",
                "",
                "y",
                "",
                "e",
                "iu",
                "ia",
            ],
            strict=True,
        )
    ),
    "fr": dict(
        zip(
            "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя",
            [
                "a",
                "b",
                "v",
                "g",
                "g",
                "d",
                "e",
                "io",
                "ie",
                "j",
                "z",
                "i",
                "i",
                "ï",
                "ï",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "ou",
                "f",
                "kh",
                "ts",
                "tch",
                "ch",
                "chtch",
                "",
                "y",
                "",
                "e",
                "iou",
                "ia",
            ],
            strict=True,
        )
    ),
}
# At the beginning of a word and after a vowel these letters carry their own "y".
_OPENING = {
    "en": {"е": "ye", "є": "ye", "ю": "yu", "я": "ya", "ї": "yi"},
    "de": {"е": "je", "є": "je", "ю": "ju", "я": "ja", "ї": "ji"},
    "pl": {"е": "je", "є": "je", "ю": "ju", "я": "ja", "ё": "jo", "ї": "ji"},
    "fr": {"е": "ie", "є": "ie", "ю": "iou", "я": "ia", "ї": "ï"},
}
_ENDINGS = {
    "en": {"ский": "skiy", "цкий": "tskiy", "ський": "skyi", "цький": "tskyi", "ий": "iy", "ій": "ii"},
    "de": {"ский": "skij", "цкий": "zkij", "ський": "skyj", "цький": "zkyj", "ий": "ij", "ій": "ij"},
    "pl": {"ский": "ski", "цкий": "cki", "ський": "ski", "цький": "cki", "ий": "ij", "ій": "ij"},
    "fr": {"ский": "ski", "цкий": "tski", "ський": "sky", "цький": "tsky", "ий": "i", "ій": "iï"},
}


def romanise(name: str, *, from_language: str, into: str) -> str:
    """The name as a speaker of `into` writes it down, from its Russian or Ukrainian spelling."""
    return "-".join(_romanise_word(word, from_language, into) for word in name.split("-"))


def _romanise_word(word: str, source: str, into: str) -> str:
    lower = word.lower().replace("'", "").replace("’", "")
    ending = ""
    for cyrillic, latin in _ENDINGS[into].items():
        if lower.endswith(cyrillic):
            lower, ending = lower[: -len(cyrillic)], latin
            break
    table = dict(_TABLES[into])
    if source == "uk":
        table.update({"г": "h", "и": "y", "е": "e", "х": "ch" if into in ("pl", "de") else "kh"})
    letters: list[str] = []
    for place, letter in enumerate(lower):
        before = lower[place - 1] if place else ""
        after = lower[place + 1] if place + 1 < len(lower) else ""
        opening = _OPENING[into].get(letter)
        if opening and (not before or before in VOWELS or before in "ьъ") and not (source == "uk" and letter == "е"):
            letters.append(opening)
        elif into == "pl" and letter == "л":
            letters.append("l" if after and after in SOFTENING else "ł")
        elif into == "pl" and letter == "е" and before and before in "жчшщцлр":
            letters.append("e")
        elif into in ("de", "fr") and letter == "с" and before and before in VOWELS and after and after in VOWELS:
            letters.append("ss")
        elif into == "fr" and letter == "г" and source == "ru" and after and after in "еиіёє":
            letters.append("gu")
        else:
            letters.append(table.get(letter, letter))
    spelt = "".join(letters) + ending
    if into == "fr" and spelt.endswith("in"):
        spelt += "e"
    return spelt[:1].upper() + spelt[1:]


def feminine(surname: str, language: str) -> str:
    """A woman's form of a surname; unchanged where the language has none."""
    for ending, changed in (
        ("ський", "ська"),
        ("цький", "цька"),
        ("ский", "ская"),
        ("цкий", "цкая"),
        ("ный", "ная"),
        ("ний", "на"),
        ("кий", "ка"),
        ("вой", "вая"),
        ("вий", "ва"),
    ):
        if surname.endswith(ending):
            return surname[: -len(ending)] + changed
    if surname.endswith(("ов", "ев", "ёв", "єв", "ин", "ін", "їн")):
        return surname + "а"
    return surname


_CONFUSED = {"о": "а", "а": "о", "е": "и", "и": "е", "і": "и", "ы": "и", "д": "т", "б": "п", "з": "с", "г": "к", "ё": "е",
             "a": "o", "o": "a", "e": "i", "i": "y", "y": "i", "z": "s", "s": "z", "w": "v", "v": "w", "k": "c"}  # fmt: skip


def mistype(name: str, rng: random.Random) -> str:
    """One slip of the pen inside the word: a letter heard wrongly, lost, doubled or changed places with its neighbour."""
    if len(name) < 5:
        return name
    place = rng.randrange(1, len(name) - 1)
    slip = rng.random()
    if slip < 0.45:
        places = [p for p in range(1, len(name)) if name[p] in _CONFUSED]
        if places:
            place = rng.choice(places)
            return name[:place] + _CONFUSED[name[place]] + name[place + 1 :]
    if slip < 0.65:
        return name[:place] + name[place + 1 :]
    if slip < 0.85:
        return name[:place] + name[place] + name[place:]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
