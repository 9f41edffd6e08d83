"""How far two written names are likely to be one person's: the names alone, any script, any order.

`compare_names` scores one pair, `score_pairs` many at once in a compiled kernel. A score is in bits of log odds,
as learnt where a pair is as likely of one person as of two: above zero speaks for one person, +10 is a thousand to one.

A name is a bag of tokens. Each token is folded into its readings; two tokens are aligned sound by sound, every pairing
of sounds weighed by how much likelier it is among spellings of one name than by chance. Tokens are then matched one to
one in any order, and what matched, what did not and how rare it is become one figure. The tables are in
`names.json`, which also says what they were learnt from.
"""

# The kernels mix the widths of numbers as the machine does; mypy would have each one converted by hand.
# mypy: disable-error-code="arg-type,assignment,return-value,no-any-return"
from __future__ import annotations

import base64
import json
import os
import unicodedata
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from namesake.reading.given import given_sounds
from namesake.reading.letters import CYRILLIC_COUNT, LONGEST_TOKEN, MOST_READINGS, TABLES, read_token

FEATURES = 27
LONGEST_NAME = 200  # characters of a name that are read
MOST_TOKENS = 8  # tokens of a name that are read
_CLASSES = 4
_THREADS = min(os.cpu_count() or 1, 8)

_F32 = npt.NDArray[np.float32]
_U8 = npt.NDArray[np.uint8]
_I32 = npt.NDArray[np.int32]
_U64 = npt.NDArray[np.uint64]
_U32 = npt.NDArray[np.uint32]


class _Learnt(NamedTuple):
    sounds: _F32  # [zone, x, y]: bits for sound x facing y; 0 is nothing; zones: inside, first, last
    commonness: _U8  # [hash of a reading]: log2 of how often the token was seen
    into: _F32  # [feature, unit]
    bias: _F32  # [unit]
    out: _F32  # [unit], the last is the constant


def _kernel_tables() -> tuple[_U64, _I32]:
    """Sorted hashes of known given names, and the classes of each."""
    known = given_sounds()
    hashes = np.array([_fingerprint(np.frombuffer(sounds, np.uint8), len(sounds)) for sounds in known], np.uint64)
    classes = np.full((len(known), _CLASSES), -1, np.int32)
    for row, several in enumerate(known.values()):
        classes[row, : len(several[:_CLASSES])] = several[:_CLASSES]
    order = np.argsort(hashes)
    return hashes[order], classes[order]


@numba.njit(cache=True, nogil=True)
def _fingerprint(sounds: _U8, length: int) -> np.uint64:
    value = np.uint64(14695981039346656037)
    for place in range(length):
        value = (value ^ np.uint64(sounds[place])) * np.uint64(1099511628211)
    return value ^ (value >> np.uint64(29))


def _letters() -> _U8:
    """Which code points are part of a word: 1 letters, digits and marks, 2 signs that stand inside words, 0 the rest."""
    kinds = np.zeros(0x3100, np.uint8)
    for point in range(0x3100):
        category = unicodedata.category(chr(point))
        if category[0] in "LMN":
            kinds[point] = 1
    for sign in "'`ʹʼ′‘´ʻ’":
        kinds[ord(sign)] = 2
    return kinds


_LETTERS = _letters()
# Words around a name that say nothing of whose it is.
_TITLES = (
    "sir lord lady baron baroness viscount earl count dame mr mrs ms dr prof sheikh shaykh haji hajji mullah mawlawi of the "
    "сэр лорд барон баронесса граф доктор господин пан пані шейх хаджи"
)


@numba.njit(cache=True, nogil=True)
def _tokenise(
    points: npt.NDArray[np.uint32], names: int, letters: _U8, titles: _U64, tokens: _I32, spans: npt.NDArray[np.int64]
) -> int:
    """Cut each line into tokens; write each name's token numbers; return how many different tokens there are."""
    room = 1 << 12
    while room < 2 * spans.shape[0]:
        room <<= 1
    table = np.full(room, -1, np.int32)
    different = 0
    at = 0
    size = points.size
    for name in range(names):
        line = at
        while at < size and points[at] != 10:
            at += 1
        stop = min(at, line + LONGEST_NAME)
        at += 1
        count = 0
        here = line
        while here < stop and count < MOST_TOKENS:
            point = points[here]
            kind = letters[point] if point < letters.size else 1
            if kind != 1:
                here += 1
                continue
            start = here
            value = np.uint64(14695981039346656037)
            lower = value
            while here < stop:
                point = points[here]
                kind = letters[point] if point < letters.size else 1
                if kind == 0:
                    break
                value = (value ^ np.uint64(point)) * np.uint64(1099511628211)
                if 65 <= point <= 90 or 0x410 <= point <= 0x42F:
                    point += 32
                lower = (lower ^ np.uint64(point)) * np.uint64(1099511628211)
                here += 1
            place = np.searchsorted(titles, lower)
            if place < titles.size and titles[place] == lower and (count or here < stop):
                continue
            slot = np.int64((value ^ (value >> np.uint64(31))) & np.uint64(room - 1))
            found = -1
            while table[slot] >= 0:
                other = table[slot]
                length = spans[other, 1] - spans[other, 0]
                if length == here - start:
                    same = True
                    for place in range(length):
                        if points[spans[other, 0] + place] != points[start + place]:
                            same = False
                            break
                    if same:
                        found = other
                        break
                slot = (slot + 1) & (room - 1)
            if found < 0:
                found = different
                table[slot] = found
                spans[found, 0] = start
                spans[found, 1] = here
                different += 1
            tokens[name, count] = found
            count += 1
        for place in range(count, MOST_TOKENS):
            tokens[name, place] = -1
    return different


@numba.njit(cache=True, nogil=True, fastmath=True)
def _align(a: _U8, n: int, b: _U8, m: int, table: _F32, row: _F32) -> float:
    """Bits for two readings being one token: the best alignment of their sounds, not far off the diagonal."""
    inside = table[0]
    row[0] = np.float32(0.0)
    for j in range(1, m + 1):
        row[j] = row[j - 1] + table[1 if j == 1 else (2 if j == m else 0), 0, b[j - 1]]
    slack_down = max(n - m, 0) + 3
    slack_right = max(m - n, 0) + 3
    far = np.float32(-99.0)
    for i in range(1, n + 1):
        x = a[i - 1]
        gap = inside[x, 0]
        low = max(1, i - slack_down)
        high = min(m, i + slack_right)
        corner = row[low - 1]
        if low == 1:
            row[0] = corner + table[1 if i == 1 else (2 if i == n else 0), x, 0]
        else:
            row[low - 1] = far
        if i > 1 and high < m:
            row[high + 1] = far
        left = row[low - 1]
        first = i == 1
        stop = high if i == n and high == m else high + 1
        for j in range(low, stop):
            y = b[j - 1]
            best = corner + (table[1, x, y] if first and j == 1 else inside[x, y])
            corner = row[j]
            best = max(best, max(corner + gap, left + inside[0, y]))
            row[j] = best
            left = best
        if stop == high:
            y = b[m - 1]
            zone = 1 if n == 1 and m == 1 else 2
            best = corner + table[zone, x, y]
            best = max(best, max(row[m] + table[2, x, 0], left + table[2, 0, y]))
            row[m] = best
    return row[m]


@numba.njit(cache=True, nogil=True)
def _ones(mask: np.uint32) -> int:
    mask = mask - ((mask >> np.uint32(1)) & np.uint32(0x55555555))
    mask = (mask & np.uint32(0x33333333)) + ((mask >> np.uint32(2)) & np.uint32(0x33333333))
    mask = (mask + (mask >> np.uint32(4))) & np.uint32(0x0F0F0F0F)
    return np.int64(((mask * np.uint32(0x01010101)) & np.uint32(0xFFFFFFFF)) >> np.uint32(24))


@numba.njit(cache=True, nogil=True)
def _describe(
    points: npt.NDArray[np.uint32], spans: npt.NDArray[np.int64], different: int,
    class_of: npt.NDArray[np.uint16], script_of: _U8, follow: npt.NDArray[np.int16], emit: _U8, roots: npt.NDArray[np.int16],
    known: _U64, known_classes: _I32, table: _F32, commonness: _U8,
    sounds: _U8, lengths: _U8, counts: _U8, own: _F32, common: _U8, classes: _I32, kinds: _U8, prints: _U64,
    masks: _U32, firsts: _U32, doubled: _U8,
) -> None:  # fmt: skip
    """Fold every different token and note what it weighs, how common it is, and what given name it is."""
    for token in range(different):
        start, stop = spans[token]
        count = read_token(
            points, start, stop, class_of, script_of, follow, emit, roots, CYRILLIC_COUNT, sounds[token], lengths[token]
        )
        counts[token] = count
        kinds[token] = 0
        common[token] = 0
        value = np.uint64(14695981039346656037)
        for place in range(start, stop):
            value = (value ^ np.uint64(points[place])) * np.uint64(1099511628211)
        prints[token] = value
        doubled[token] = 0
        for place in range(start + 1, stop):
            doubled[token] += points[place] == points[place - 1]
        masks[token] = 0
        for reading in range(count):
            for place in range(np.int64(lengths[token, reading])):
                masks[token] |= np.uint32(1) << np.uint32(sounds[token, reading, place])
            if reading == 0:
                firsts[token] = masks[token]
        for place in range(_CLASSES):
            classes[token, place] = -1
        for place in range(start, stop):
            point = points[place]
            if point < script_of.size and script_of[point]:
                kinds[token] = script_of[point]
                break
        weight = 0.0
        if count:
            n = np.int64(lengths[token, 0])
            for place in range(n):
                sound = sounds[token, 0, place]
                weight += table[1 if place == 0 else (2 if place == n - 1 else 0), sound, sound]
            slot = _fingerprint(sounds[token, 0], n) % np.uint64(commonness.size)
            common[token] = commonness[slot]
        own[token] = weight
        if stop - start > 1:
            for reading in range(count):
                print_ = _fingerprint(sounds[token, reading], np.int64(lengths[token, reading]))
                place = np.searchsorted(known, print_)
                if place < known.size and known[place] == print_:
                    for rank in range(_CLASSES):
                        classes[token, rank] = known_classes[place, rank]
                    break


@numba.njit(cache=True, nogil=True)
def _token_bits(x: int, y: int, sounds: _U8, lengths: _U8, counts: _U8, table: _F32, row: _F32) -> float:
    best = np.float32(-99.0)
    for i in range(np.int64(counts[x])):
        for j in range(np.int64(counts[y])):
            if i and j:
                break  # two unusual readings at once are rarely right, and there are many
            n = np.int64(lengths[x, i])
            m = np.int64(lengths[y, j])
            bits = _align(sounds[x, i], n, sounds[y, j], m, table, row)
            bits -= 0.7 * ((i > 0) + (j > 0))
            if bits > best:
                best = bits
    return best


@numba.njit(cache=True, nogil=True)
def _features(
    a: _I32, b: _I32, sounds: _U8, lengths: _U8, counts: _U8, own: _F32, common: _U8, classes: _I32, kinds: _U8,
    masks: _U32, firsts: _U32, doubled: _U8,
    table: _F32, row: _F32, joined: _U8, alike: _F32, bits: _F32, found: _F32,
) -> bool:  # fmt: skip
    """Write what two names have in common into `found`; False where one of them says nothing."""
    n = m = 0
    while n < MOST_TOKENS and a[n] >= 0:
        n += 1
    while m < MOST_TOKENS and b[m] >= 0:
        m += 1
    if n > m:
        a, b = b, a
        n, m = m, n
    for place in range(FEATURES):
        found[place] = 0.0
    if n == 0:
        return False
    equivalents = initials = merged = 0
    for i in range(n):
        x = a[i]
        for j in range(m):
            y = b[j]
            if x == y:
                alike[i, j] = 1.0
                bits[i, j] = max(own[x], 4.0)
                continue
            if counts[x] == 0 or counts[y] == 0:
                alike[i, j] = -1.0
                bits[i, j] = -8.0
                continue
            if lengths[x, 0] == 1 or lengths[y, 0] == 1:
                fits = sounds[x, 0, 0] == sounds[y, 0, 0]
                alike[i, j] = 0.62 if fits else -1.0
                bits[i, j] = 3.0 if fits else -8.0
                continue
            # Tokens with hardly a sound in common need no alignment.
            shared = _ones(masks[x] & masks[y])
            if 5 * shared < 2 * min(_ones(firsts[x]), _ones(firsts[y])):
                alike[i, j] = -0.5
                bits[i, j] = -10.0
                continue
            value = _token_bits(x, y, sounds, lengths, counts, table, row)
            # Between the share of the longer and of the shorter: Maxim in Maximus is more than half of a name.
            share = value * 0.5 * (1.0 / max(own[x], own[y], 1.0) + 1.0 / max(min(own[x], own[y]), 1.0))
            share = max(min(share, 1.0), -1.0)
            if share < 0.9 and classes[x, 0] >= 0 and classes[y, 0] >= 0:
                equal = False
                for p in range(_CLASSES):
                    for q in range(_CLASSES):
                        if classes[x, p] >= 0 and classes[x, p] == classes[y, q]:
                            equal = True
                if equal:
                    share = 0.9
                    value = max(value, 0.7 * min(own[x], own[y]))
            alike[i, j] = share
            bits[i, j] = value
    partner_a = np.full(MOST_TOKENS, -1, np.int8)
    partner_b = np.full(MOST_TOKENS, -1, np.int8)
    paired = 0
    quality = np.zeros(MOST_TOKENS, np.float32)
    gained = np.zeros(MOST_TOKENS, np.float32)
    while paired < n:
        best = -9.0
        bi = bj = -1
        for i in range(n):
            if partner_a[i] >= 0:
                continue
            for j in range(m):
                if partner_b[j] < 0 and alike[i, j] + 0.002 * bits[i, j] > best:
                    best = alike[i, j] + 0.002 * bits[i, j]
                    bi, bj = i, j
        if best < 0.30 and paired:
            break
        if bi < 0:
            break
        partner_a[bi] = bj
        partner_b[bj] = bi
        quality[bi] = alike[bi, bj]
        gained[bi] = bits[bi, bj]
        paired += 1
    # A token may be written as two: Jan Daniel, JanDaniel.
    for side in range(2):
        first, second = (a, b) if side == 0 else (b, a)
        lone, other = (partner_a, partner_b) if side == 0 else (partner_b, partner_a)
        size, width = (n, m) if side == 0 else (m, n)
        for i in range(size):
            x = first[i]
            place = lone[i]
            if counts[x] == 0 or lengths[x, 0] < 5:
                continue
            good = 0.0
            if place >= 0:
                good = quality[i] if side == 0 else quality[place]
            if good > 0.8:
                continue
            for j in range(width - 1):
                free_one = other[j] < 0 or other[j] == i
                free_two = other[j + 1] < 0 or other[j + 1] == i
                if not (free_one and free_two):
                    continue
                y, z = second[j], second[j + 1]
                if counts[y] == 0 or counts[z] == 0:
                    continue
                p, q = np.int64(lengths[y, 0]), np.int64(lengths[z, 0])
                if p + q > LONGEST_TOKEN or p + q + 2 < lengths[x, 0]:
                    continue
                for k in range(p):
                    joined[k] = sounds[y, 0, k]
                for k in range(q):
                    joined[p + k] = sounds[z, 0, k]
                value = _align(sounds[x, 0], np.int64(lengths[x, 0]), joined, p + q, table, row)
                share = value / max(own[x], own[y] + own[z], 1.0)
                if share > 0.75 and share > good:
                    if place >= 0:
                        other[place] = -1
                    lone[i] = j
                    other[j] = i
                    other[j + 1] = i
                    slot = i if side == 0 else j
                    quality[slot] = share
                    gained[slot] = value
                    if side == 1:
                        quality[j + 1] = share
                        gained[j + 1] = 0.0
                    merged += 1
                    break
    worst = 1.0
    worst_bits = 0.0
    worst_own = 3.0
    worst_other = 3.0
    mean = 0.0
    total_own = 0.0
    gain = 0.0
    rare = 0.0
    unmatched_a = 0
    contradicting = 0
    known_given = 0
    best_quality = -1.0
    unequal = 0
    second_worst = 1.0
    for i in range(n):
        x = a[i]
        weight = max(own[x], 3.0)
        q = quality[i] if partner_a[i] >= 0 else -0.3
        if partner_a[i] < 0:
            unmatched_a += 1
        if q < worst:
            second_worst = worst
            worst = q
            worst_bits = gained[i]
            worst_own = weight
            worst_other = max(own[b[partner_a[i]]], 3.0) if partner_a[i] >= 0 else weight
        elif q < second_worst:
            second_worst = q
        best_quality = max(best_quality, q)
        mean += weight * q
        total_own += weight
        if partner_a[i] >= 0 and q > 0.5:
            gain += gained[i]
            rare += min(16.0, max(0.0, 14.0 - common[x])) * q
            y = b[partner_a[i]]
            if x != y:
                unequal += abs(np.int64(doubled[x]) - np.int64(doubled[y]))
            if q == np.float32(0.9):
                equivalents += 1
            if lengths[x, 0] == 1 or lengths[y, 0] == 1:
                initials += 1
        if q < 0.75 and classes[x, 0] >= 0:
            known_given += 1
            for j in range(m):
                if (partner_b[j] < 0 or partner_b[j] == i) and classes[b[j], 0] >= 0 and alike[i, j] < 0.75:
                    contradicting += 1
                    break
    extra_own = 0.0
    extra = 0
    middle = 0
    all_own = 0.0
    for j in range(m):
        weight = max(own[b[j]], 3.0)
        all_own += weight
        if partner_b[j] < 0:
            extra += 1
            extra_own += weight if lengths[b[j], 0] > 2 else 0.2 * weight
            if 0 < j < m - 1:
                middle += 1
    crossed = 0
    for i in range(n):
        for k in range(i + 1, n):
            if partner_a[i] >= 0 and partner_a[k] >= 0 and partner_a[i] > partner_a[k]:
                crossed = 1
    found[0] = worst
    found[1] = second_worst
    found[2] = mean / max(total_own, 1.0)
    found[3] = best_quality
    found[4] = gain / 40.0
    found[5] = worst_bits / 20.0
    found[6] = worst_own / 20.0
    found[7] = rare / 30.0
    found[8] = unmatched_a
    found[9] = extra / 2.0
    found[10] = extra_own / all_own
    found[11] = middle / 2.0
    found[12] = 1.0 if n == 1 and m == 1 else 0.0
    found[13] = 1.0 if n == 1 and m > 1 else 0.0
    found[14] = 1.0 if n >= 3 else 0.0
    found[15] = contradicting
    found[16] = known_given
    found[17] = equivalents
    found[18] = initials
    found[19] = merged
    found[20] = crossed
    found[21] = 1.0 if kinds[a[0]] != kinds[b[0]] else 0.0
    found[22] = 1.0 if kinds[a[0]] == 1 and kinds[b[0]] == 1 else 0.0
    found[23] = 1.0 if worst > 0.97 else 0.0
    found[26] = min(unequal, 2)
    found[24] = worst_other / 20.0
    found[25] = worst_bits / max(worst_own, worst_other)
    return True


@numba.njit(cache=True, nogil=True)
def _score_all(
    tokens: _I32, sounds: _U8, lengths: _U8, counts: _U8, own: _F32, common: _U8, classes: _I32, kinds: _U8, prints: _U64,
    masks: _U32, firsts: _U32, doubled: _U8,
    table: _F32, into: _F32, bias: _F32, out: _F32, scores: _F32, kept: _F32,
) -> None:  # fmt: skip
    row = np.empty(2 * LONGEST_TOKEN + 2, np.float32)
    joined = np.empty(2 * LONGEST_TOKEN, np.uint8)
    alike = np.empty((MOST_TOKENS, MOST_TOKENS), np.float32)
    bits = np.empty((MOST_TOKENS, MOST_TOKENS), np.float32)
    found = np.empty(FEATURES, np.float32)
    units = bias.size
    for pair in range(scores.size):
        a, b = tokens[2 * pair], tokens[2 * pair + 1]
        # The two names are put in one order, so that neither the caller's order nor a tie can change the score.
        for place in range(MOST_TOKENS):
            if a[place] != b[place]:
                if a[place] < 0 or (b[place] >= 0 and prints[a[place]] > prints[b[place]]):
                    a, b = b, a
                break
        if not _features(
            a,
            b,
            sounds,
            lengths,
            counts,
            own,
            common,
            classes,
            kinds,
            masks,
            firsts,
            doubled,
            table,
            row,
            joined,
            alike,
            bits,
            found,
        ):
            scores[pair] = np.float32(-20.0)
            continue
        total = out[units]
        for unit in range(units):
            value = bias[unit]
            for place in range(FEATURES):
                value += found[place] * into[place, unit]
            if value > 0:
                total += value * out[unit]
        scores[pair] = total
        if kept.size:
            for place in range(FEATURES):
                kept[pair, place] = found[place]


@lru_cache(maxsize=1)
def _learnt() -> _Learnt:
    text = resources.files("namesake").joinpath("names.json").read_text(encoding="utf-8")
    stored = json.loads(text)
    commonness = np.frombuffer(zlib.decompress(base64.b64decode(stored["commonness"])), np.uint8)
    table = np.array(stored["sounds"], np.float32)
    return _Learnt(
        table,
        commonness,
        np.array(stored["into"], np.float32),
        np.array(stored["bias"], np.float32),
        np.array(stored["out"], np.float32),
    )


@lru_cache(maxsize=1)
def _titles() -> _U64:
    prints = []
    for word in _TITLES.split():
        value = 14695981039346656037
        for letter in word:
            value = (value ^ ord(letter)) * 1099511628211 & (1 << 64) - 1
        prints.append(value)
    return np.sort(np.array(prints, np.uint64))


@lru_cache(maxsize=1)
def _given() -> tuple[_U64, _I32]:
    return _kernel_tables()


def _line(name: str) -> str:
    return name[:LONGEST_NAME].replace("\n", " ") if "\n" in name or len(name) > LONGEST_NAME else name


def _run(a: Sequence[str], b: Sequence[str], keep: bool, learnt: _Learnt) -> tuple[_F32, _F32]:
    if len(a) != len(b):
        raise ValueError("as many names on the left as on the right")
    pairs = len(a)
    scores = np.empty(pairs, np.float32)
    kept = np.zeros((pairs if keep else 0, FEATURES), np.float32)
    if not pairs:
        return scores, kept
    names = [""] * (2 * pairs)
    names[0::2] = a
    names[1::2] = b
    text = "\n".join(names) + "\n"
    if text.count("\n") != 2 * pairs or len(text) > 60 * pairs:
        text = "\n".join([_line(name) for name in names]) + "\n"
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    tokens = np.empty((2 * pairs, MOST_TOKENS), np.int32)
    spans = np.empty((min(points.size, 2 * pairs * MOST_TOKENS) + 1, 2), np.int64)
    different = _tokenise(points, 2 * pairs, _LETTERS, _titles(), tokens, spans)
    room = max(different, 1)
    sounds = np.zeros((room, MOST_READINGS, LONGEST_TOKEN), np.uint8)
    lengths = np.zeros((room, MOST_READINGS), np.uint8)
    counts = np.zeros(room, np.uint8)
    own = np.zeros(room, np.float32)
    common = np.zeros(room, np.uint8)
    classes = np.empty((room, _CLASSES), np.int32)
    kinds = np.zeros(room, np.uint8)
    prints = np.zeros(room, np.uint64)
    masks = np.zeros(room, np.uint32)
    firsts = np.zeros(room, np.uint32)
    doubled = np.zeros(room, np.uint8)
    known, known_classes = _given()
    _describe(
        points, spans, different, *TABLES, known, known_classes, learnt.sounds, learnt.commonness,
        sounds, lengths, counts, own, common, classes, kinds, prints, masks, firsts, doubled,
    )  # fmt: skip
    tables = (
        *(sounds, lengths, counts, own, common, classes, kinds, prints, masks, firsts, doubled),
        *(learnt.sounds, learnt.into, learnt.bias, learnt.out),
    )
    # The kernel lets go of the interpreter, so that a long list is shared among the processors.
    parts = min(_THREADS, pairs // 2000) or 1
    edges = [pairs * part // parts for part in range(parts + 1)]

    def score(part: int) -> None:
        low, high = edges[part], edges[part + 1]
        _score_all(tokens[2 * low : 2 * high], *tables, scores[low:high], kept[low:high] if keep else kept)

    if parts == 1:
        score(0)
    else:
        with ThreadPoolExecutor(parts) as pool:
            list(pool.map(score, range(parts)))
    return scores, kept


def score_pairs(a: Sequence[str], b: Sequence[str]) -> _F32:
    """The score of each pair (a[i], b[i]), in bits of log odds; -20 where a name has no letters."""
    return _run(a, b, False, _learnt())[0]


def compare_names(a: str, b: str) -> float:
    """How far two written names speak for one person, in bits of log odds; the same for (b, a)."""
    return float(score_pairs([a], [b])[0])
