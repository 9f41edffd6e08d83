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
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

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
    "ье:e ъе:e ыи:i жж:j тц:c тс:c ьо:io сч:w жч:w шч:w шт$:wt кс:ks щ$:w "
)
# Ukrainian and Belarusian г is breathed, Bulgarian щ and ъ are heard, Belarusian ў stands for у as well.
_CYRILLIC_MANNERS = (
    "г:h ё:io ьо:o",
    "щ:wt ъ:a ў:u ё:o щё:wo",
)

# How Latin is read when nothing says otherwise: English, ICAO and the scientific standards, which rarely collide.
_LATIN = (
    "a:a b:b c:k d:d e:e f:f g:g h:h i:i j:i k:k l:l m:m n:n o:o p:p q:k r:r s:s t:t u:u v:v w:v x:ks y:i z:z "
    "c>e:c c>i:c c>y:c cc:k ck:k ch:q cz:q tch:q tsch:q č:q ć:q ç:q ĉ:q ċ:q cs:q ch’:q ic$:iq "
    "ts:c tz:c ţ:c ț:c t’s:c tsh:tw tc:c jj:i dju:diu dja:dia cki:cki "
    "zh:j ž:j ż:j ź:z ẑ:z ẓ:z dzh:dj dž:dj zz:z "
    "sh:w sch:w shch:w shh:w š:w ś:s ş:w ș:w ŝ:w šč:w szcz:w sz:w chtch:w schtsch:w stch:w śč:w šć:w shtsh:w "
    "chtsch:w ssch:w shc:w ŝč:w sc>i:s sc>e:s šh:w sch’:w "
    "kh:h ẖ:h ḥ:h ḩ:h ḫ:h ĥ:h ẋ:h "
    "ph:f th:t gh:g dh:d bh:b gu>e:g gu>i:g qu:k zgh:zg dj:dj "
    "off$:ov eff$:ev ow$:ov ew$:ev ov$:ov ff:f "
    "ye:e je:e ie:e iy:i ij:i yi:i ji:i iu:iu yu:iu ju:iu iou:iu you:iu ya:ia ja:ia yo:io jo:io yy:i ẹ:e "
    "sj>k:s zj>k:z lj>k:l nj>k:n cj>k:c lj>n:l lj>s:l lj$:l nj$:n sj$:s rj$:r tj$:t dj$:d zj$:z cj$:c "
    "ä:e ö:o ü:u ø:o å:o æ:e œ:e ß:s ł:l đ:dj ð:d þ:t ı:i ě:e ė:e ə:a ŭ:u ĭ:i ÿ:i ŷ:i ğ:g ǧ:g ģ:g ķ:k ļ:l ņ:n ñ:n ħ:h ŋ:n "
    "â:ia û:iu ê:ie è:e é:e ë:e ï:i î:i ô:io ì:i "
    "ovas$:ov evas$:ev iovas$:iov skis$:ski ckis$:cki jus$:i ius$:i ijus$:i "
)
# Each manner changes only what it reads otherwise. Six are tried, the first five distinct readings are kept.
_LATIN_MANNERS = (
    # GOST, ISO 9, telegram: one letter for one letter, x for х, cz for ц, sc for щ
    "c:c c>e:c c>i:c c>y:c cz:c x:h tz:tz th:th sc:w sc>e:w sc>i:w cs:cs gh:gh ck:ck ë:io ė:e dju:diu dja:dia yo:e jo:e yov$:ev jov$:ev",
    # French, and the telegram's j for ж
    "j:j ch:w tch:q dj:dj g>e:j g>i:j g>y:j gn:n eau:o au:o ai:e oi:ua ine$:in x$: e$: â:a ê:e ô:o û:u s$: ou:u ie$:i "
    "ii:i ille:il ault$:o je:je jo:jo ja:ja ju:ju ji:ji jou:ju ij:ij",
    # German
    "ch:h z:c s:z ss:s ß:s st:st sp:sp sk:sk sch:w tsch:q sh:j w:v v:f eu:oi äu:oi j:i ei:ai tz:c ck:k ie:i ö:e ü:iu ä:e "
    "ov:ov ev:ev off$:ov eff$:ev evs:evs ovs:ovs ew:ev ow:ov",
    # Polish, Czech, Croatian: c is ц before every letter; endings of the Balts and the Romans
    "c:c ch:h cz:q sz:w rz:j ż:j ó:u w:v y:i q:q x:h â:ia û:iu cs:cs ć:q dż:dj us$: as$: is$: s$: i>a: ř:rj "
    "ová$: ovai$:ov lj>a:l lj>e:l lj>i:l lj>o:l lj>u:l nj>a:n nj>e:n nj>i:n nj>o:n nj>u:n ou:u",
    # Turkish, Azerbaijani, English; Uzbek x and q; chat digits; ch as in Christina
    "c:dj j:dj dju:dju dja:dja ch:k x:h q:k ğ: 4:q 6:w 9:ia 3:z g’:g o’:o oğlu$:oglu ee:i ea:i gh: th:t rh:r wh:v oo:u ou:u y$:i tsh:q "
    "shi:si sho:sio shu:siu sha:sia chi:ti cho:tio chu:tiu cha:tia "
    "je:dje jo:djo ja:dja ju:dju ji:dji",
)
# Neighbouring scripts, letter by letter: enough to meet the same name again, not a reading of the language.
_NEIGHBOURS = (
    "α:a β:v γ:g δ:d ε:e ζ:z η:i θ:t ι:i κ:k λ:l μ:m ν:n ξ:ks ο:o π:p ρ:r σ:s ς:s τ:t υ:u φ:f χ:h ψ:ps ω:o "
    "ა:a ბ:b გ:g დ:d ე:e ვ:v ზ:z თ:t ი:i კ:k ლ:l მ:m ნ:n ო:o პ:p ჟ:j რ:r ს:s ტ:t უ:u ფ:p ქ:k ღ:g ყ:k შ:w ჩ:q ც:c ძ:dz წ:c ჭ:q "
    "ხ:h ჯ:dj ჰ:h ա:a բ:b գ:g դ:d ե:e զ:z է:e ը:e թ:t ժ:j ի:i լ:l խ:h ծ:c կ:k հ:h ձ:dz ղ:g ճ:q մ:m յ:i ն:n շ:w ո:o չ:q պ:p ջ:dj "
    "ռ:r ս:s վ:v տ:t ր:r ց:c ւ:v փ:p ք:k օ:o ֆ:f և:ev "
)

_Rules = dict[str, tuple[int, bytes]]
_END = "$"


def _parse(table: str) -> _Rules:
    """Rules as {spelling: (letters consumed, sounds)}; "c>e" reads c before e and leaves the e, $ is the end."""
    rules: _Rules = {}
    for entry in table.split():
        spelling, _, sounds = entry.partition(":")
        consumed = spelling.partition(">")[0].rstrip(_END)
        rules[spelling.replace(">", "")] = (len(consumed), bytes(_CODE_OF[sound] for sound in sounds))
    return rules


_COMMON = _parse(_CYRILLIC + _NEIGHBOURS + _LATIN)
_MANNERS: tuple[_Rules, ...] = (
    *(_COMMON | _parse(manner) for manner in ("", *_CYRILLIC_MANNERS)),
    *(_COMMON | _parse(manner) for manner in ("", *_LATIN_MANNERS)),
)
CYRILLIC_COUNT = 1 + len(_CYRILLIC_MANNERS)

# Letters of one script that look like letters of the other: typed by mistake, or read off a scan.
_CYRILLIC_FOR_LATIN = dict(zip("ABCEHIKMOPTXYaceiopxyk", "АВСЕНІКМОРТХУасеіорхук", strict=True))
_LATIN_FOR_CYRILLIC = dict(zip("АВСЕНІКМОРТХУЈЅасеіорхукјѕ", "ABCEHIKMOPTXYJSaceiopxykjs", strict=True))
_APOSTROPHES = "'`ʹʼ′‘´ʻ"
_POINTS = 0x2100  # code points below this are looked up; above it there are no letters of our scripts


class _Tables(NamedTuple):
    """The rules of all manners as one automaton over classes of letters."""

    class_of: npt.NDArray[np.uint16]  # [3, code point]: as written; Latin lookalikes as Cyrillic; and the reverse
    script_of: npt.NDArray[np.uint8]  # [code point]: 1 Cyrillic, 2 Latin, 0 other
    follow: npt.NDArray[np.int16]  # [node, class] -> node, 0 where no rule goes on
    emit: npt.NDArray[np.uint8]  # [node] -> letters consumed (0 = not the end of a rule), sounds, how many
    roots: npt.NDArray[np.int16]  # [manner] -> node


def _build() -> _Tables:
    letters = sorted({letter for manner in _MANNERS for spelling in manner for letter in spelling})
    number = {letter: place for place, letter in enumerate(letters, start=1)}
    class_of = np.zeros((3, _POINTS), np.uint16)
    script_of = np.zeros(_POINTS, np.uint8)

    def classify(letter: str) -> int:
        if letter in _APOSTROPHES:
            return number["’"]
        lower = letter.lower()
        if lower in number and lower != _END:
            return number[lower]
        base = unicodedata.normalize("NFKD", lower)[:1]
        return number.get(base, 0) if base != _END else 0

    for point in range(1, _POINTS):
        letter = chr(point)
        if point >= 0xD800:
            break
        class_of[0, point] = classify(letter)
        class_of[1, point] = classify(_CYRILLIC_FOR_LATIN.get(letter, letter))
        class_of[2, point] = classify(_LATIN_FOR_CYRILLIC.get(letter, letter))
        if 0x400 <= point <= 0x52F:
            script_of[point] = 1
        elif letter.isalpha() and (point < 0x250 or 0x1E00 <= point < 0x1F00):
            script_of[point] = 2

    nodes: list[dict[int, int]] = [{}]
    emits: list[tuple[int, bytes] | None] = [None]
    roots = []
    for manner in _MANNERS:
        root = len(nodes)
        nodes.append({})
        emits.append(None)
        roots.append(root)
        for spelling, rule in manner.items():
            node = root
            for letter in spelling:
                step = nodes[node].get(number[letter])
                if step is None:
                    step = len(nodes)
                    nodes.append({})
                    emits.append(None)
                    nodes[node][number[letter]] = step
                node = step
            emits[node] = rule
    follow = np.zeros((len(nodes), len(letters) + 1), np.int16)
    emit = np.zeros((len(nodes), 6), np.uint8)
    for node, steps in enumerate(nodes):
        for letter_class, step in steps.items():
            follow[node, letter_class] = step
        found = emits[node]
        if found is not None:
            emit[node, 0] = found[0]
            emit[node, 1] = len(found[1])
            emit[node, 2 : 2 + len(found[1])] = list(found[1])
    # the class of the end sign is handed to the kernel in the unused code point 0
    class_of[0, 0] = number[_END]
    return _Tables(class_of, script_of, follow, emit, np.array(roots, np.int16))


TABLES = _build()


@numba.njit(cache=True, nogil=True)
def read_token(
    points: npt.NDArray[np.uint32],
    start: int,
    stop: int,
    class_of: npt.NDArray[np.uint16],
    script_of: npt.NDArray[np.uint8],
    follow: npt.NDArray[np.int16],
    emit: npt.NDArray[np.uint8],
    roots: npt.NDArray[np.int16],
    cyrillic_count: int,
    sounds: npt.NDArray[np.uint8],
    lengths: npt.NDArray[np.uint8],
) -> int:
    """Write the distinct readings of points[start:stop] into the rows of sounds; return how many."""
    stop = min(stop, start + LONGEST_TOKEN)
    cyrillic = latin = 0
    for at in range(start, stop):
        point = points[at]
        if point < script_of.size:
            cyrillic += script_of[point] == 1
            latin += script_of[point] == 2
    written = 0
    if cyrillic and latin:
        written = 1 if cyrillic >= latin else 2
    first, last = (0, cyrillic_count) if cyrillic >= latin and cyrillic else (cyrillic_count, roots.size)
    end_class = class_of[0, 0]
    classes = np.empty(LONGEST_TOKEN + 1, np.uint16)
    kept = np.empty(LONGEST_TOKEN, np.uint32)
    size = 0
    for at in range(start, stop):
        point = points[at]
        if 0x300 <= point < 0x370 or point == 0xAD:
            continue  # stress marks, ties and soft hyphens say nothing about the sound
        kept[size] = point
        classes[size] = class_of[written, point] if 0 < point < script_of.size else 0
        size += 1
    classes[size] = end_class
    count = 0
    for manner in range(first, last):
        if count == MOST_READINGS:
            break
        length = 0
        at = 0
        while at < size:
            node = roots[manner]
            best = 0
            reach = at
            while reach <= size:
                node = follow[node, classes[reach]]
                if node == 0:
                    break
                reach += 1
                if emit[node, 0]:
                    best = node
            if best == 0:
                point = kept[at]
                # A letter of a script not read here still has to meet itself again.
                if point > 0x52F and not 0x2000 <= point < 0x2100 and length < LONGEST_TOKEN:
                    sounds[count, length] = point % 24 + 1
                    length += 1
                at += 1
                continue
            for place in range(emit[best, 1]):
                sound = emit[best, 2 + place]
                if sound == 5 and length and sounds[count, length - 1] == 9:
                    length -= 1  # "ie" is heard as "e" by half the schemes
                if length < LONGEST_TOKEN and not (length and sounds[count, length - 1] == sound):
                    sounds[count, length] = sound  # a doubled letter is a matter of spelling
                    length += 1
            at += emit[best, 0]
        if length == 0:
            continue
        fresh = True
        for other in range(count):
            if lengths[other] == length:
                same = True
                for place in range(length):
                    if sounds[other, place] != sounds[count, place]:
                        same = False
                        break
                if same:
                    fresh = False
                    break
        if fresh:
            lengths[count] = length
            count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _read_many(
    points: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    class_of: npt.NDArray[np.uint16],
    script_of: npt.NDArray[np.uint8],
    follow: npt.NDArray[np.int16],
    emit: npt.NDArray[np.uint8],
    roots: npt.NDArray[np.int16],
    cyrillic_count: int,
    sounds: npt.NDArray[np.uint8],
    lengths: npt.NDArray[np.uint8],
    counts: npt.NDArray[np.uint8],
) -> None:
    for word in range(counts.size):
        counts[word] = read_token(
            points, starts[word], starts[word + 1] - 1, class_of, script_of, follow, emit, roots, cyrillic_count,
            sounds[word], lengths[word],
        )  # fmt: skip


def _composed(text: str) -> str:
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text)


def _points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@lru_cache(maxsize=1 << 18)
def fold_token(token: str) -> tuple[bytes, ...]:
    """One to five readings of one token as sound codes 1..24, the likeliest first; (b"",) where nothing is read."""
    points = _points(_composed(token[:LONGEST_TOKEN]))
    sounds = np.empty((MOST_READINGS, LONGEST_TOKEN), np.uint8)
    lengths = np.empty(MOST_READINGS, np.uint8)
    count = read_token(points, 0, points.size, *TABLES, CYRILLIC_COUNT, sounds, lengths)
    if count == 0:
        return (b"",)
    return tuple([sounds[row, : lengths[row]].tobytes() for row in range(count)])


class Readings(NamedTuple):
    """The readings of many tokens: `sounds[i, r, :lengths[i, r]]` for r < `counts[i]`."""

    sounds: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.uint8]


def fold_many(tokens: Sequence[str]) -> Readings:
    """The readings of many tokens at once, as `fold_token` gives them one by one."""
    text = _composed("\n".join([token[:LONGEST_TOKEN].replace("\n", " ") for token in tokens]) + "\n")
    points = _points(text)
    starts = np.concatenate(([0], np.flatnonzero(points == 10) + 1)).astype(np.int64)
    sounds = np.zeros((len(tokens), MOST_READINGS, LONGEST_TOKEN), np.uint8)
    lengths = np.zeros((len(tokens), MOST_READINGS), np.uint8)
    counts = np.zeros(len(tokens), np.uint8)
    if tokens:
        _read_many(points, starts, *TABLES, CYRILLIC_COUNT, sounds, lengths, counts)
    return Readings(sounds, lengths, counts)


def spell(sounds: bytes) -> str:
    """Sound codes as letters, for tests and for the curious."""
    return "".join(SOUNDS[code - 1] for code in sounds)
