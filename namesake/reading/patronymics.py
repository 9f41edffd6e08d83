"""The father's name in the patronymic, and back: Russian, Ukrainian, Belarusian, Turkic; Cyrillic or Latin."""

from __future__ import annotations

import re
from functools import lru_cache

# Fathers whose patronymic follows no rule, and the patronymic's stem.
_IRREGULAR = {
    "илья": ("ильич",), "никита": ("никитич",), "лука": ("лукич",), "фома": ("фомич",), "кузьма": ("кузьмич",),
    "ілля": ("ілліч", "ілльович"), "микита": ("микитович", "микитич"), "хома": ("хомич", "хомович"),
    "павел": ("павлович",), "лев": ("львович", "левович"), "пётр": ("петрович",), "петр": ("петрович",),
    "яков": ("яковлевич",), "яків": ("якович",), "михаил": ("михайлович",), "гавриил": ("гаврилович", "гавриилович"),
    "даниил": ("данилович", "даниилович"), "микола": ("миколайович", "миколович"), "григорій": ("григорович", "григорійович"),
    "лаўрэн": ("лаўрэнавіч",), "савва": ("саввич",), "фока": ("фокич",), "сава": ("савич",), "иов": ("иович",),
    "мікалай": ("мікалаевіч",), "федір": ("федорович",), "фёдор": ("фёдорович", "федорович"), "антін": ("антонович",),
    "прокіп": ("прокопович",), "сидір": ("сидорович",), "нестір": ("несторович",), "тодор": ("тодорович",),
}  # fmt: skip
_FATHERS: dict[str, tuple[str, ...]] = {}
for _father, _several in _IRREGULAR.items():
    for _one in _several:
        _FATHERS[_one] = (*_FATHERS.get(_one, ()), _father)
_DAUGHTER = (
    ("ілліна", "ілліч"), ("ильинична", "ильич"), ("инична", "ич"), ("ична", "ич"), ("івна", "ович"), ("ївна", "йович"),
    ("овна", "ович"), ("евна", "евич"), ("аўна", "авіч"), ("еўна", "евіч"), ("ёвна", "ёвич"),
    ("ichna", "ich"), ("ovna", "ovich"), ("evna", "evich"), ("ivna", "ovych"), ("yivna", "yovych"), ("aŭna", "avič"),
)  # fmt: skip
_TURKIC = re.compile(r"[\s-]*(?:оглы|оглу|огли|оғлы|углы|улы|ұлы|уулу|угли|ўғли|кызы|кизи|қызы|гызы|"
                     r"o[gğ]lu|ogly|ogli|og’li|o['‘ʻ]g['‘ʻ]li|uly|ulu|uulu|ugli|[kqg][iyı]z[iyı])$", re.I)  # fmt: skip
_LATIN_SON = re.compile(r"(ovi(?:ch|tch|tsch|cz|c|č|ć)|ov[yȳ](?:ch|tch|č)|owi(?:tsch|cz)|owytsch|avi(?:ch|č))$")
_LATIN_SON_SOFT = re.compile(
    r"([eé]vi(?:ch|tch|tsch|cz|c|č|ć)|ev[yȳ](?:ch|tch|č)|ewi(?:tsch|cz)|[yij]ov[yȳ](?:ch|tch|č))$"
)
_CYRILLIC_SON = re.compile(r"(ьевич|иевич|йович|ьович|евич|ович|евіч|авіч|овіч|ёвич)$")
PATRONYMIC = re.compile(
    r"(?:(?:[оеё]в|ьйов|йов|ьов)[иі]ч|авіч|[иіё]ч|[оеё]вна|[іїи]вна|[аеё]ўна|[иі]чна|"
    r"[oeéa][vw][iyȳ](?:ch|tch|tsch|cz|c|č|ć)|[oe]vna|ivna|yivna|ichna|[oe]wna|"
    r"o[gğ]lu|ogly|оглы|оглу|огли|уулу|[кқг][ыи]з[ыи]|ұлы|улы|uulu|[kqg][yiı]z[yiı])$"
)
_VOWELS = "аоуыэяёюиеіїє"


@lru_cache(maxsize=1 << 14)
def patronymic_of(given: str) -> tuple[str, ...]:
    """The patronymics a son of this father may bear, the likeliest first; empty where none can be made."""
    name = given.strip().lower()[:40]
    if len(name) < 2:
        return ()
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    if name.isascii():
        if name.endswith(("ii", "iy", "ij", "yi")):
            return (name[:-2] + "ievich", name[:-2] + "evich", name[:-2] + "iiovych")
        if name.endswith(("y", "i", "j")):
            return (name[:-1] + "evich", name + "ovych")
        return (name.rstrip("aeio") + "ovich", name.rstrip("aeio") + "ovych")
    stem, last = name[:-1], name[-1]
    ukrainian = any(letter in "іїєґ" for letter in name)
    if name.endswith(("ий", "ій")):
        if ukrainian:
            return (name + "ович", name[:-2] + "ович")
        return (name[:-2] + "ьевич", name[:-2] + "иевич")
    if last == "й":
        return (name + "ович", stem + "евич") if ukrainian else (stem + "евич", name + "ович")
    if last == "ь":
        return (stem + "евич", stem + "ьович")
    if last in "ао":
        return (stem + "ович", stem + "ич")
    if last in "я":
        return (stem + "евич", stem + "ич")
    if last in _VOWELS:
        return (name + "евич", name + "ович")
    if last in "жшчщц":
        return (name + "евич", name + "ович")
    return (name + "ович", name + "авіч")


@lru_cache(maxsize=1 << 16)
def father_of(patronymic: str) -> tuple[str, ...]:
    """The father's given names a patronymic may come from, the likeliest first; empty where it is none."""
    name = patronymic.strip().lower().replace("ё", "е")[:60]
    turkic = _TURKIC.search(name)
    if turkic is not None:
        father = name[: turkic.start()].strip(" -")
        return (father,) if father else ()
    for daughter, son in _DAUGHTER:
        if name.endswith(daughter):
            name = name[: -len(daughter)] + son
            break
    if name in _FATHERS:
        return _FATHERS[name]
    found = _CYRILLIC_SON.search(name)
    if found is not None:
        stem, ending = name[: found.start()], found[1]
        if not stem:
            return ()
        if ending in ("ьевич", "иевич"):
            return (stem + "ий", stem + "ь")
        if ending in ("йович",):
            return (stem + "й",)
        if ending in ("евич", "ёвич", "евіч"):
            if stem[-1] in "жшчщцл":
                return (stem, stem + "ь", stem + "й")
            return (stem + "й", stem + "ь") if stem[-1] in _VOWELS else (stem + "ь", stem + "ий", stem)
        if ending == "ьович":
            return (stem + "ь",)
        return (stem, stem + "о", stem + "а")
    if name.endswith(("ич", "іч", "ych", "ich")) and len(name) > 5 and name[-3] in "тмкл":
        stem = name[: -2 if not name.isascii() else -3]
        return (stem + ("а" if not name.isascii() else "a"),)
    soft = _LATIN_SON_SOFT.search(name)
    if soft is not None:
        stem = name[: soft.start()].rstrip("'’ʹ")
        if soft[1][0] in "yij":
            return (stem + "y",) if stem else ()
        if not stem:
            return ()
        if stem[-1] in "iy":
            return (stem[:-1] + ("y" if stem[-2:-1] and stem[-2] in "aeou" else "iy"),)
        return (stem + "y", stem + "iy") if stem[-1] in "aeou" else (stem + "iy", stem)
    hard = _LATIN_SON.search(name)
    if hard is not None and hard.start():
        stem = name[: hard.start()]
        return (stem, stem + "o", stem + "a")
    return ()
