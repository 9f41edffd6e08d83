"""The kit's words, in four languages; the page reads the same file."""

import json
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "uk", "pl", "ru")


@lru_cache(maxsize=1)
def all_words() -> dict[str, dict[str, str]]:
    """Each text by its name and language."""
    words: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return words


def word(name: str, language: str) -> str:
    """One text."""
    return all_words()[name][language]
