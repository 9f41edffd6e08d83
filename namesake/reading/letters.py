"""One alphabet for both scripts: the sounds a name is made of, and how each spelling is read.

A name passes through clerks of many countries. Щербач is Shcherbach to the British, Chtcherbatch to the
French, Schtscherbatsch to the Germans, Szczerbacz to the Poles. All of them, and the Cyrillic original, are
read here as a short string over 24 sounds, so that a comparison never has to know who wrote it.

A spelling whose country cannot be told has several readings. Each comes from one *manner* of reading
(English, French, German ...), so that a reading is consistent in itself: whoever writes "tch" for ч does
not write "j" for й. The first reading is the likeliest.

Sounds are written here as letters: j is ж, c is ц, q is ч, w is ш; the rest are themselves. In arrays they
are codes 1..24, and 0 is "nothing".
"""
from __future__ import annotations

import unicodedata
from functools import lru_cache

SOUNDS = "abcdefghijklmnopqrstuvwz"
_CODE_OF = {sound: code for code, sound in enumerate(SOUNDS, start=1)}
LONGEST_TOKEN = 40  # letters read of one token; no name needs more, and it bounds the work on hostile input
MOST_READINGS = 5

# The Cyrillic letters of all languages concerned. й, ы, и, і are one sound: no two schemes agree on them.
_CYRILLIC = (
    "а:a б:b в:v г:g ґ:g д:d е:e ё:e є:ie ж:j з:z и:i й:i і:i ї:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f "
    "х:h ц:c ч:q ш:w щ:w ъ: ы:i ь: э:e ю:iu я:ia ў:v ’: ѣ:e ѳ:f ѵ:i ѫ:u "
    "ј:i љ:l њ:n ћ:q ђ:dj џ:dj ѓ:g ќ:k ѕ:dz ѐ:e ѝ:i "
    "ә:a ғ:g қ:k ң:n ө:o ұ:u ү:u һ:h җ:j ӣ:i ӯ:u ҳ:h ҷ:j ҡ:k ҙ:z ҫ:s ӑ:a ӗ:e ӳ:u ӏ: ҕ:g ӈ:n ҥ:n ӧ:o ӱ:u ӟ:z ӝ:j ӥ:i ӵ:q ҝ:g ҹ:j ӹ:i "
    "ье:e ъе:e ыи:i жж:j тц:c тс:c дс:c сч:w жч:w шч:w шт$:wt кс:ks щ$:w "
)
# Ukrainian and Belarusian г is breathed, Bulgarian щ and ъ are heard, Belarusian ў stands for у as well.
_CYRILLIC_MANNERS = (
    "г:h ё:io",
    "щ:wt ъ:a ў:u ё:o",
)

# How Latin is read when nothing says otherwise: English, ICAO and the scientific standards, which rarely collide.
_LATIN = (
    "a:a b:b c:k d:d e:e f:f g:g h:h i:i j:i k:k l:l m:m n:n o:o p:p q:k r:r s:s t:t u:u v:v w:v x:ks y:i z:z "
    "c>e:c c>i:c c>y:c cc:k ck:k ch:q cz:q tch:q tsch:q č:q ć:q ç:q ĉ:q ċ:q cs:q c’:q ch’:q "
    "ts:c tz:c ţ:c ț:c tc:c t’s:c "
    "zh:j ž:j ż:j ź:z ẑ:z ẓ:z dzh:dj dž:dj zz:z "
    "sh:w sch:w shch:w shh:w š:w ś:s ş:w ș:w ŝ:w šč:w szcz:w sz:w chtch:w schtsch:w stch:w śč:w šć:w shtsh:w "
    "chtsch:w ssch:w chch:w shc:w ŝč:w sc>i:s sc>e:s šh:w sch’:w "
    "kh:h x:ks ẖ:h ḥ:h ḩ:h ḫ:h ĥ:h ẋ:h "
    "ph:f th:t rh:r gh:g dh:d bh:b wh:v gu>e:g gu>i:g qu:k ou:u oo:u ee:i zgh:zg "
    "off$:ov eff$:ev ow$:ov ew$:ev ov$:ov ff:f "
    "ye:e je:e ie:e iy:i ij:i yi:i ji:i iu:iu yu:iu ju:iu iou:iu you:iu ya:ia ja:ia yo:io jo:io yy:i ẹ:e "
    "ä:e ö:o ü:u ø:o å:o æ:e œ:e ß:s ł:l đ:d ð:d þ:t ı:i ě:e ė:e ə:a ŭ:u ĭ:i ÿ:i ŷ:i ğ:g ǧ:g ģ:g ķ:k ļ:l ņ:n ñ:n ħ:h ŋ:n "
    "â:ia û:iu ê:ie è:e é:e ë:e ï:i î:i ô:io ì:i "
    "ovas$:ov evas$:ev iovas$:iov skis$:ski ckis$:cki enka$:enko "
)
# Each manner changes only what it reads otherwise.
_LATIN_MANNERS = (
    # French, and telegram English with j for ж
    "j:j ch:w tch:q dj:dj g>e:j g>i:j g>y:j gn:n eau:o au:o ai:e oi:ua ine$:in ov:ov x$: e$: â:a ê:e ô:o û:u s$: ou:u ts:c",
    # German
    "ch:h z:c s:z ss:s ß:s st:st sp:sp sch:w tsch:q sh:j w:v v:f eu:oi äu:oi j:i ei:ai tz:c ck:k ie:i ö:e ü:iu ä:e",
    # Polish, Czech, Croatian, the scientific standards: c is ц before every letter
    "c:c ch:h cz:q sz:w rz:j ż:j ó:u w:v y:i q:q x:h â:ia û:iu cs:cs ć:q dż:dj ck:ck",
    # Turkish, Azerbaijani, English j; Uzbek x and q; chat digits
    "c:dj j:dj ch:q x:h q:k ə:e ğ: e^:e 4:q 6:w 9:ia 3:z g’:g o’:o w:w oğlu$:oglu",
)


def _parse(table: str) -> dict[str, tuple[int, bytes]]:
    """Rules as {spelling: (letters consumed, sounds)}; "c>e" reads c before e and leaves the e."""
    rules: dict[str, tuple[int, bytes]] = {}
    for entry in table.split():
        spelling, _, sounds = entry.partition(":")
        taken = spelling.partition(">")[0]
        if spelling[-1] == "$" and ">" not in spelling:
            taken = spelling
        rules[spelling.replace(">", "")] = (len(taken), bytes(_CODE_OF[s] for s in sounds))
    return rules


_BASE = _parse(_CYRILLIC + _LATIN)
_MANNERS = (
    _BASE,
    *(_BASE | _parse(m) for m in _LATIN_MANNERS),
)
_CYRILLIC_READINGS = (_BASE, *(_BASE | _parse(m) for m in _CYRILLIC_MANNERS))
_LONGEST_RULE = max(len(spelling) for manner in _MANNERS for spelling in manner)

# Letters of one script that look like letters of the other: typed by mistake, or copied from a scan.
_LATIN_LOOKS_CYRILLIC = str.maketrans("ABCEHIKMOPTXaceiopxyk", "АВСЕНІКМОРТХасеіорхук")
_CYRILLIC_LOOKS_LATIN = str.maketrans("АВСЕНІКМОРТХУЈЅасеіорхукјѕ", "ABCEHIKMOPTXYJSaceiopxykjs")


def _is_cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u052f"


def tidy_token(token: str) -> str:
    """The token in lower case, one script, composed letters, no apostrophes of any shape but ’."""
    token = unicodedata.normalize("NFC", token[:LONGEST_TOKEN])
    cyrillic = sum(map(_is_cyrillic, token))
    if cyrillic and not token.isupper() or cyrillic:
        latin = sum("a" <= letter.lower() <= "z" for letter in token)
        if latin:
            token = token.translate(_LATIN_LOOKS_CYRILLIC if cyrillic >= latin else _CYRILLIC_LOOKS_LATIN)
    return token.lower().translate(_SIGNS)


_SIGNS = str.maketrans({sign: "’" for sign in "'`ʹʼ′‘´ʻ"} | {"ʺ": "", '"': "", "-": "", "\u0301": ""})


def _read(token: str, rules: dict[str, tuple[int, bytes]]) -> bytes:
    sounds = bytearray()
    text = token + "$"
    at, end = 0, len(token)
    while at < end:
        for length in range(min(_LONGEST_RULE, end + 1 - at), 0, -1):
            rule = rules.get(text[at : at + length])
            if rule is not None:
                break
        else:
            base = unicodedata.normalize("NFKD", text[at])[0]
            rule = rules.get(base, (1, b""))
        for sound in rule[1]:
            if sound == 5 and sounds and sounds[-1] == 9:  # "ie" is heard as "e" by half the schemes
                sounds.pop()
            if not sounds or sounds[-1] != sound:  # doubled letters are a matter of spelling
                sounds.append(sound)
        at += max(1, rule[0])
    return bytes(sounds)


@lru_cache(maxsize=1 << 18)
def fold_token(token: str) -> tuple[bytes, ...]:
    """One to five readings of one token as sound codes 1..24, the likeliest first."""
    tidy = tidy_token(token)
    manners = _CYRILLIC_READINGS if any(map(_is_cyrillic, tidy)) else _MANNERS
    readings: dict[bytes, None] = {}
    for rules in manners:
        reading = _read(tidy, rules)
        if reading:
            readings[reading] = None
    return tuple(readings)[:MOST_READINGS] or (b"",)


def spell(sounds: bytes) -> str:
    """Sound codes as letters, for tests and for the curious."""
    return "".join(SOUNDS[code - 1] for code in sounds)
