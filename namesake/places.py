"""Places: the town in what a clerk or a mother wrote as the place of birth."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_PLACE = 120
_GENERIC = re.compile(
    r"\b(?:г|гор|город|місто|м|с|село|сел|д|дер|деревня|пос|посёлок|поселок|селище|смт|пгт|пгт|рп|ст|станица|станиця|х|хутор|аул|"
    r"горад|вёска|city|of|town|village|g|gorod|selo|pos|st|stanitsa|derevnya|misto|smt|pgt|ville|de|stadt)\b\.?",
    re.IGNORECASE,
)
_REGION = re.compile(
    r"\b(?:обл|область|вобласць|обл-ть|край|республика|республіка|респ|район|р-н|раён|ао|oblast\w*|region|krai|kray|raion|rayon|district|"
    r"republic|respublika|voblasts|губерния)\b\.?",
    re.IGNORECASE,
)
_COUNTRY = frozenset(
    [
        "россия",
        "російська",
        "рф",
        "русский",
        "украина",
        "україна",
        "ссср",
        "срср",
        "усср",
        "урср",
        "рсфср",
        "беларусь",
        "белоруссия",
        "russia",
        "ukraine",
        "ussr",
        "belarus",
        "russie",
        "rossiya",
        "ukraina",
    ]
)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`‘´ʹ][^\W\d_]+)*['’ʹ]?|\d+")


@lru_cache(maxsize=1 << 16)
def town_of(text: str) -> tuple[str, ...]:
    """The words that name the town; those of the region where no town is named; nothing where nothing is."""
    text = text[:LONGEST_PLACE]
    if "," not in text and "." not in text and " " not in text:
        return tuple(_WORD.findall(text))
    towns: list[list[str]] = []
    regions: list[list[str]] = []
    for part in re.split(r"[,;()]", text):
        region = _REGION.search(part)
        words = [w for w in _WORD.findall(_GENERIC.sub(" ", _REGION.sub(" ", part))) if w.lower() not in _COUNTRY]
        if not words:
            continue
        if region is None:
            towns.append(words)
        elif region.end() >= len(part.rstrip()) - 1 and len(words) > 1:
            # "Курская обл. г. Льгов" without commas ends with the town, "г. Льгов Курской обл." with the region
            towns.append(words[:-1])
        elif len(words) > 1:
            towns.append(words[1:])
        else:
            regions.append(words)
    best = towns or regions
    return tuple(best[0][:4]) if best else ()
