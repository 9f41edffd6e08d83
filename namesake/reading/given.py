"""Given names that stand for one another: Николай, Микола, Мікалай; Саша and Александр.

The names are in `given_names.txt`, compared as sounds, so that every romanisation of every entry is known too.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from namesake.reading.letters import fold_token

_FORMAL, _SHORT = 1, 2


@cache
def _known() -> dict[bytes, tuple[tuple[int, ...], int]]:
    """Sounds to the classes they belong to, and whether they are a formal or a short form."""
    known: dict[bytes, tuple[tuple[int, ...], int]] = {}

    def learn(name: str, number: int, form: int) -> None:
        for sounds in fold_token(name)[:2]:
            classes, forms = known.get(sounds, ((), 0))
            known[sounds] = (classes if number in classes else (*classes, number), forms | form)

    number = 0
    text = resources.files("namesake.reading").joinpath("given_names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("="):
            for name in line[1:].split():
                learn(name, number, _FORMAL)
                number += 1
            continue
        formal, _, short = line.partition("|")
        for name in formal.split():
            learn(name, number, _FORMAL)
        for name in short.split():
            learn(name, number, _SHORT)
        number += 1
    return known


@lru_cache(maxsize=1 << 17)
def given_class(token: str) -> tuple[int, ...]:
    """Numbers of the classes this given name belongs to; empty where the name is not known."""
    if len(token) < 2:
        return ()
    known = _known()
    for sounds in fold_token(token):
        if sounds in known:
            return known[sounds][0]
    return ()


@lru_cache(maxsize=1 << 17)
def is_formal_given(token: str) -> bool:
    """Whether the token is a given name as it stands in papers, not a short form."""
    if len(token) < 2:
        return False
    known = _known()
    return any(known[sounds][1] & _FORMAL for sounds in fold_token(token) if sounds in known)


def given_sounds() -> dict[bytes, tuple[int, ...]]:
    """All known given names as sounds, with their classes."""
    return {sounds: classes for sounds, (classes, _) in _known().items()}
