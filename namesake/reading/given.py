"""Given names that stand for one another: Николай, Микола, Мікалай; Саша and Александр."""
from __future__ import annotations

from functools import lru_cache

from namesake.reading.letters import fold_token

_SETS = """
александр олександр аляксандр alexander саша сашко сашка шура sania саня
николай микола мікалай nicholas коля
"""


def _classes() -> dict[bytes, tuple[int, ...]]:
    table: dict[bytes, tuple[int, ...]] = {}
    for number, line in enumerate(_SETS.split("\n")):
        for name in line.split():
            sounds = fold_token(name)[0]
            table[sounds] = (*table.get(sounds, ()), number)
    return table


@lru_cache(maxsize=1)
def _table() -> dict[bytes, tuple[int, ...]]:
    return _classes()


@lru_cache(maxsize=1 << 16)
def given_class(token: str) -> tuple[int, ...]:
    """Numbers of the classes this given name belongs to; empty where the name is not known."""
    table = _table()
    for sounds in fold_token(token):
        if sounds in table:
            return table[sounds]
    return ()
