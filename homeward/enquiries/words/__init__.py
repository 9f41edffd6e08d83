"""Our own word lists for passphrases: 4,096 plain words in each of four languages, told apart by their first four letters.

Where they come from and how they were chosen: docs/decisions/0008-our-own-words.md. A word is read tolerantly: capitals,
accents, apostrophes, ё/е and і/и make no difference, four letters are enough, Cyrillic words may be typed in Latin letters
or with the keyboard switched to the wrong language.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("uk", "ru", "en", "fr")
SIZE = 4096
_FOLDER = Path(__file__).resolve().parent
_MARKS = re.compile(r"[^a-zа-яіїєґ]")
_SAME = str.maketrans(
    {"і": "и", "ї": "и", "й": "и", "ы": "и", "є": "е", "э": "е", "ё": "е", "ґ": "г", "ь": "", "ъ": ""}
)
_LATIN = {
    **dict(zip("абвгдежзийклмнопрстуфхцчшщыэ", "abvhdezziiklmnoprstufhccssie", strict=True)), "ю": "iu", "я": "ia",
}  # fmt: skip
_LETTERS = (
    ("shch", "s"), ("sch", "s"), ("sh", "s"), ("zh", "z"), ("kh", "h"), ("ch", "c"), ("tch", "c"), ("ts", "c"),
    ("tz", "c"), ("cz", "c"), ("ou", "u"), ("ph", "f"), ("x", "h"), ("g", "h"), ("w", "v"), ("q", "k"), ("y", "i"), ("j", "i"),
    ("ia", "a"), ("ie", "e"), ("iu", "u"), ("io", "o"),
)  # fmt: skip
_KEYS_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_KEYS = {"uk": "йцукенгшщзхїфівапролджєячсмитьбю", "ru": "йцукенгшщзхъфывапролджэячсмитьбю"}


def fold(text: str) -> str:
    """The letters that tell words apart: no capitals, accents or apostrophes; letters that are taken for each other are one."""
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFD", text.casefold().translate(_SAME))
        if not unicodedata.combining(sign)
    )
    return _MARKS.sub("", bare.replace("œ", "oe").replace("æ", "ae").translate(_SAME))


def latin(text: str) -> str:
    """How a word sounds in Latin letters, whatever the way of writing it: `zhyto`, `žyto` and `жито` come out alike."""
    sounds = "".join(_LATIN.get(sign, sign) for sign in fold(text))
    for written, sound in _LETTERS:
        sounds = sounds.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", sounds)


@lru_cache(maxsize=4)
def words_of(language: str) -> tuple[str, ...]:
    """The 4,096 words of a language, in their order."""
    return tuple((_FOLDER / f"{language}.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=4)
def _by_start(language: str) -> dict[str, str]:
    return {fold(word)[:4]: word for word in words_of(language)}


@lru_cache(maxsize=4)
def _by_sound(language: str) -> dict[str, str]:
    return {latin(word): word for word in words_of(language)}


def _other_keyboard(text: str, language: str) -> str:
    """The same keys with the keyboard switched: `ghbdsn` for `привіт`, `іщгз` for `soup`."""
    keys = _KEYS.get(language)
    if keys is not None:
        return text.casefold().translate(str.maketrans(_KEYS_LATIN, keys))
    for keys in _KEYS.values():
        text = text.casefold().translate(str.maketrans(keys, _KEYS_LATIN))
    return text


def word_meant(typed: str, language: str) -> str | None:
    """The word of this language's list that was meant, or None."""
    folded = fold(typed)
    if len(folded) >= 4 and (word := _by_start(language).get(folded[:4])):
        return word
    if language in _KEYS and (sounds := latin(typed)) and (word := _by_sound(language).get(sounds)):
        return word
    switched = fold(_other_keyboard(typed, language))
    return _by_start(language).get(switched[:4]) if len(switched) >= 4 else None
