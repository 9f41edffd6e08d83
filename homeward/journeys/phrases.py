"""Pass-phrases for meeting a stranger: she hears ours and answers with hers. Everyday words, easy to say, hard to guess."""

import secrets

_FIRST = {
    "uk": ("синя", "тиха", "тепла", "дерев'яна", "нова", "стара", "висока", "біла", "зелена", "мала", "рання", "осіння"),
    "ru": ("синяя", "тихая", "тёплая", "деревянная", "новая", "старая", "высокая", "белая", "зелёная", "малая", "ранняя", "осенняя"),
    "en": ("blue", "quiet", "warm", "wooden", "new", "old", "tall", "white", "green", "small", "early", "autumn"),
    "fr": ("calme", "tiède", "nouvelle", "ancienne", "haute", "blanche", "verte", "petite", "claire", "jolie", "longue", "simple"),
}  # fmt: skip
_SECOND = {
    "uk": ("лампа", "яблуня", "книга", "криниця", "ложка", "хустка", "стежка", "ковдра", "полиця", "верба", "чашка", "дошка"),
    "ru": ("лампа", "яблоня", "книга", "ложка", "скамейка", "дорожка", "полка", "верба", "чашка", "доска", "корзина", "тетрадь"),
    "en": ("lamp", "apple tree", "book", "well", "spoon", "scarf", "path", "blanket", "shelf", "willow", "cup", "basket"),
    "fr": ("lampe", "tasse", "table", "chaise", "cuillère", "écharpe", "page", "couverture", "étagère", "feuille", "corbeille", "route"),
}  # fmt: skip


def new_pair(language: str) -> tuple[str, str]:
    """Two different phrases: what we say, what she answers."""
    code = language if language in _FIRST else "uk"
    ours = hers = ""
    while ours == hers:
        ours, hers = (
            f"{secrets.choice(_FIRST[code])} {secrets.choice(_SECOND[code])} {secrets.randbelow(90) + 10}"
            for _n in range(2)
        )
    return ours, hers
