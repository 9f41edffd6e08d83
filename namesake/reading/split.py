"""Which word of a written name is the surname, which the given name, which the patronymic."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

LONGEST_NAME = 200  # characters read of a whole name: bounds the work on hostile input


@dataclass(frozen=True, slots=True)
class NameParts:
    """A written name, taken apart. Single letters among the tokens are initials."""

    surname: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    patronymic: tuple[str, ...] = ()
    call_signs: tuple[str, ...] = ()
    swapped: bool = False  # the surname stood in the field of the given name


_QUOTED = re.compile(r"[\"«„“”‟〝〞]([^\"«»„“”‟〝〞]{1,40})[\"»“”‟〝〞]|\((?:позывной|позивний|call ?sign)?:?\s*([^()]{1,40})\)", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`‘´ʹ][^\W\d_]+)*['’ʹ]?", re.U)
_PATRONYMIC = re.compile(
    r"(?:ович|евич|йович|ьич|ыч|евна|овна|івна|ївна|ична|евіч|овіч|аўна|еўна|[oeiy]vi[tcč]h?|[oe]vi[čcć]|[oe]vna|ivna|ichna|"
    r"[oe]v[iy][tc]ch|owi[ct][zs]?ch|owicz|ewicz)$"
)


def split_name(full: str = "", surname: str = "", given: str = "", patronymic: str = "") -> NameParts:
    """The parts of a name written in fields, or undivided in any order."""
    signs: list[str] = []

    def words(text: str) -> list[str]:
        text = text[:LONGEST_NAME]
        if '"' in text or "«" in text or "“" in text or "„" in text or "(" in text:
            for match in _QUOTED.finditer(text):
                signs.append((match[1] or match[2]).strip())
            text = _QUOTED.sub(" ", text)
        return _WORD.findall(text)

    s, g, p = words(surname), words(given), words(patronymic)
    if full and not s:
        w = words(full)
        if "," in full and not g:
            head, _, tail = full.partition(",")
            s, rest = words(head), words(tail)
        elif w:
            pats = [i for i, x in enumerate(w) if _PATRONYMIC.search(x.lower()) and i]
            if len(w) >= 3 and pats and pats[-1] == len(w) - 1:
                s, rest = w[:1], w[1:]
            elif len(w) >= 3 and pats:
                s, rest = w[pats[0] + 1 :], w[: pats[0] + 1]
            else:
                s, rest = w[:1], w[1:]
        else:
            rest = []
        g = g or rest[:1]
        p = p or rest[1:]
    return NameParts(tuple(s), tuple(g), tuple(p), tuple(signs))
