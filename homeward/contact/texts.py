"""The closed list of what may leave the house on an outside channel, word for word. The only variable is the reference.

No name, no place, no news, not even ours: it says that there is something to read. There is one doorbell for whatever it
rings for, and each text with its reference fits into one text message of 70 signs.
"""

from enum import StrEnum

LANGUAGES = ("uk", "ru", "en", "fr")


class Text(StrEnum):
    """What a message may say."""

    DOORBELL = "doorbell"
    LINKED = "linked"


_TEXTS: dict[Text, dict[str, str]] = {
    Text.DOORBELL: {
        "uk": "Для Вас є що прочитати.",
        "ru": "Для Вас есть что прочитать.",
        "en": "There is something to read.",
        "fr": "Il y a quelque chose à lire.",
    },
    Text.LINKED: {
        "uk": "Повідомлення надходитимуть сюди.",
        "ru": "Сообщения будут приходить сюда.",
        "en": "Messages will come to this place.",
        "fr": "Les messages arriveront ici.",
    },
}


def language_of(language: str) -> str:
    """The language we have; English where we have none of hers."""
    return language if language in LANGUAGES else "en"


def words(text: Text, language: str) -> str:
    """The words without the reference."""
    return _TEXTS[text][language_of(language)]


def outside(text: Text, language: str, reference: str) -> str:
    """Exactly what leaves the house."""
    return f"{words(text, language)} {reference}"
