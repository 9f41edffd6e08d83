"""The word lists: 4,096 words a language, told apart however they are typed."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.enquiries import words

LANGUAGES = pytest.mark.parametrize("language", words.LANGUAGES)
# One of the usual ways of writing Cyrillic in Latin letters each: the Ukrainian passport, the Russian passport, a telephone.
PASSPORT_UK = dict(zip("гхжцчшщийюяєїґь", "h kh zh ts ch sh shch y i iu ia ie i g ".split(" "), strict=True))  # noqa: SIM905
PASSPORT_RU = dict(zip("гхжцчшщийыэюяъь", "g kh zh ts ch sh shch i i y e iu ia ie ".split(" "), strict=True))  # noqa: SIM905
BY_EAR = dict(zip("гхжцчшщийыэюяєїґьъ", "g h zh c ch sh sch i y y e yu ya ye yi g ' ".split(" "), strict=True))  # noqa: SIM905
PLAIN = dict(zip("абвдезіклмнопрстуф", "abvdeziklmnoprstuf", strict=True))


def written(word: str, way: dict[str, str]) -> str:
    return "".join((PLAIN | way)[sign] for sign in word)


@LANGUAGES
def test_six_words_carry_seventy_two_bits(language: str) -> None:
    chosen = words.words_of(language)

    assert len(set(chosen)) == len(chosen) == words.SIZE
    assert 6 * math.log2(len(chosen)) >= 72


@LANGUAGES
def test_words_are_short_plain_and_in_the_letters_of_the_language(language: str) -> None:
    for word in words.words_of(language):
        assert 4 <= len(word) <= 8
        assert word == unicodedata.normalize("NFC", word.lower())
        assert all(("CYRILLIC" in unicodedata.name(sign)) == (language in ("uk", "ru")) for sign in word)


@LANGUAGES
def test_the_first_four_letters_are_one_words_alone(language: str) -> None:
    assert len({words.fold(word)[:4] for word in words.words_of(language)}) == words.SIZE


@LANGUAGES
def test_no_two_words_sound_alike_in_latin_letters(language: str) -> None:
    assert len({words.latin(word) for word in words.words_of(language)}) == words.SIZE


@LANGUAGES
@given(st.data())
def test_a_word_is_read_however_it_is_typed(language: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words.words_of(language)))
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    typed = [
        word,
        word.upper(),
        word[: max(4, len(word) - 2)],
        unicodedata.normalize("NFD", word),
        word[:2] + "’" + word[2:],
    ]
    if language in ("en", "fr"):
        typed += [bare, bare.upper()]
        typed.append(
            words.fold(word).translate(str.maketrans("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфівапролдячсмить"))
        )
    else:
        typed += [word.replace("е", "ё", 1), word.translate(str.maketrans("іи", "иі")), word.replace("й", "и")]
        keys = words._KEYS[language]
        if all(sign in keys for sign in word):
            typed.append(word.translate(str.maketrans(keys, words._KEYS_LATIN)))

    for said in typed:
        if len(words.fold(said)) >= 4:
            assert words.word_meant(said, language) == word, said


@pytest.mark.parametrize(
    ("language", "way"), [("uk", PASSPORT_UK), ("ru", PASSPORT_RU), ("uk", BY_EAR), ("ru", BY_EAR)]
)
def test_every_cyrillic_word_may_be_typed_in_latin_letters(language: str, way: dict[str, str]) -> None:
    missed = [word for word in words.words_of(language) if words.word_meant(written(word, way), language) != word]

    # A handful read as another word's keys on a switched keyboard would be too many already.
    assert missed == []


@LANGUAGES
@given(st.text(max_size=40))
def test_nothing_typed_makes_it_fall(language: str, typed: str) -> None:
    meant = words.word_meant(typed, language)

    assert meant is None or meant in words.words_of(language)
