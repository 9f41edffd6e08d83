"""The loops that touch many names or many persons, compiled by Numba; they hold no lock of the interpreter.

A *block* is one written name as bytes: how many readings, their lengths, their penalties, the classes of
given names, the sounds (see the offsets below). A query is a row of blocks. A vocabulary holds each
distinct name of one trait once, whoever bears it; a person is a row of numbers into vocabularies.

All bits are multiples of 1/1024, whose float64 sums are exact, so that a search, a comparison and every
engine of the batch agree to the last bit whatever the order of their additions.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from numba import types
from numba.extending import intrinsic

WIDTH = 24  # sounds kept of one name
READINGS = 8  # readings kept of one name
LENGTHS, PENALTIES, CLASSES, SOUNDS_AT = 1, 1 + READINGS, 1 + 2 * READINGS, 9 + 2 * READINGS
BLOCK = 224
AT_SURNAME, AT_GIVEN, AT_PATRONYMIC, AT_PLACE, AT_MOTHER, AT_UNIT, AT_NUMBER = (
    0, BLOCK, 2 * BLOCK, 3 * BLOCK, 4 * BLOCK, 5 * BLOCK, 5 * BLOCK + 32,
)  # fmt: skip
QUERY = 5 * BLOCK + 64
INITIAL = 25  # the sound code that opens an initial: [INITIAL, sounds of the letter]

SURNAME, GIVEN, PATRONYMIC, BORN, PLACE, UNIT, NUMBER, FATHER, MOTHER = range(9)
TRAIT_COUNT = 9
FAR_BELOW = 30.0  # bits: who is so much less likely than another is not listed, and adds nothing to the sum
SILENT = 255

# Levels of names: how near two names are. The nine bins between SAME and DIFFERENT are bins of distance.
SAME, EQUIVALENT, FIRST_BIN, INITIAL_FITS, DIFFERENT, INITIAL_OTHER = 0, 1, 2, 11, 12, 13
BIN_EDGES = np.array([0.3, 0.5, 0.7, 0.9, 1.15, 1.4, 1.75, 2.1, 2.6])
FARTHEST = 2.6
LEVELS = 16
# Levels of numbers: same 0, one sign 1, different 2. Levels of birth dates:
(
    B_SAME, B_SWAPPED, B_YEAR_OFF, B_DAY_CLOSE, B_DAY_OFF, B_YEARS_OFF, B_OTHER_MONTH, B_SAME_MONTH, B_SAME_YEAR, B_ABOUT_SAME,
    B_YEAR_NEAR, B_ABOUT_NEAR, B_YEAR_ONLY, B_YEAR_CLOSE, B_YEARS_CLOSE, B_OTHER,
) = range(16)  # fmt: skip

FIRST_DOOR_YEAR, LAST_DOOR_YEAR = 1850, 2099
DOOR_DAYS = (LAST_DOOR_YEAR - FIRST_DOOR_YEAR + 1) * 372

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
U32 = npt.NDArray[np.uint32]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]


class Vocabulary(NamedTuple):
    """Each distinct name of one trait. Entry 0 is "not given"."""

    sounds: U8  # [entry * WIDTH]
    lengths: U8
    alt_start: I32  # further readings of the entry lie at alt_start .. alt_start + alt_count
    alt_count: U8
    alt_sounds: U8
    alt_lengths: U8
    alt_penalties: U8
    group: I32  # entries that are one name as far as frequency goes
    group_count: I32  # [group] persons who bear it
    classes: npt.NDArray[np.int16]  # [entry * 4]
    signature0: npt.NDArray[np.uint64]  # which pairs of neighbouring sounds occur
    signature1: npt.NDArray[np.uint64]
    signature_size: U8


class Settled(NamedTuple):
    """The bulk of the persons, sorted by surname, then given name. A pair is a distinct (surname, given)."""

    keys: I64
    pair: I32
    patronymic: I32
    born: U32
    place: I32
    unit: I32
    alive: U8
    extra: I32  # row -> extra, 0 none; empty where nobody has extras
    surname_start: I32  # [surname entry] -> first pair
    pair_surname: I32
    pair_given: I32
    pair_start: I32
    day_start: I32  # [day] -> first place in day_rows
    day_rows: I32


class Fresh(NamedTuple):
    """Persons added one by one since; chained by surname and by day. Links are row + 1, 0 ends a chain."""

    keys: I64
    surname: I32
    given: I32
    patronymic: I32
    born: U32
    place: I32
    unit: I32
    alive: U8
    extra: I32
    same_surname: I32
    same_day: I32
    surname_head: I32
    day_head: I32


class Extras(NamedTuple):
    """What few persons have."""

    number: I32
    mother: I32


class Scratch(NamedTuple):
    """What one thread needs to search: bits already weighed per entry, and working arrays.

    The first half of given, patronymic, place and unit holds bits (NaN: not yet weighed), the second which
    entries were weighed, the last place how many: so that nothing else has to be wiped for the next query.
    """

    given: F64
    patronymic: F64
    place: F64
    unit: F64
    seen: U8
    scores: U8
    chosen: I32
    near: F64
    marks: npt.NDArray[np.uint64]
    rows: F64
    most: F64
    days: I64
    tally: I32
    touched: I32
    eights: npt.NDArray[np.uint64]  # the scores again, eight at a time
    pool: I32
    ranks: U8  # [place in pool]
    letters: npt.NDArray[np.uint64]  # [reading * 32 + sound]: where the sound stands in the reading, one bit a place


class Scales(NamedTuple):
    """The weights as the kernels read them."""

    costs: F64  # [26 * 26]
    level_bits: F64  # [trait * LEVELS + level]
    rarity_bits: F64  # bits per bit of rarity, same shape
    prior: F64  # [trait] share of persons bearing a name nobody bears here, before anybody was counted
    limits: F64  # see LIMIT_*


LIMIT_TRUST, LIMIT_SWAP_BITS, LIMIT_ABSENT, LIMIT_BREADTH, LIMIT_SURE, LIMIT_WIDE = range(6)


@intrinsic  # type: ignore[untyped-decorator]
def _popcount(typingctx: Any, value: Any) -> Any:
    signature = types.uint64(types.uint64)

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return signature, build


def _skeleton_classes() -> npt.NDArray[np.uint8]:
    """Sounds that are taken for one another fall into one class; 12 classes with the edge of the name."""
    classes = np.zeros(32, np.uint8)
    for number, sounds in enumerate(("aou", "ei", "bp", "vf", "td", "szc", "jwq", "ghk", "l", "r", "mn"), start=1):
        for sound in sounds:
            classes["abcdefghijklmnopqrstuvwz".index(sound) + 1] = number
    return classes


_CLASS_OF = _skeleton_classes()
_SCALE = np.array([math.sqrt(8.0 / min(max(length, 3), 14)) for length in range(WIDTH + 2)])
# None of the loops allocates: without Numba's reference counts a call costs what it does in C.
# What only other kernels call needs no way in from Python: making it takes longer than compiling the loop itself.
_inner = {"cache": True, "nogil": True, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_compiled = numba.njit(**_inner)
_inlined = numba.njit(**_inner, forceinline=True)
_called = numba.njit(cache=True, nogil=True, _nrt=False, no_cfunc_wrapper=True)
_entered = numba.njit(cache=True, nogil=True)
# A constant handed to a kernel, or an entry of 32 bits, would have it compiled once more for each: as a plain number it is
# compiled once. Inlined it costs nothing.
_n = np.int64


@_compiled
def _distance(a, at, la, b, bt, lb, costs, limit, rows):  # type: ignore[no-untyped-def]
    """Weighted edit distance, or something above limit as soon as it must exceed it."""
    if abs(la - lb) * 0.2 > limit:
        return limit + 1.0
    # What both begin and end with costs nothing: most of a surname, where the two are at all alike.
    while la and lb and a[at] == b[bt]:
        at += 1
        bt += 1
        la -= 1
        lb -= 1
    while la and lb and a[at + la - 1] == b[bt + lb - 1]:
        la -= 1
        lb -= 1
    before, last, current = 0, 1, 2
    rows[last, 0] = 0.0
    for j in range(lb):
        rows[last, j + 1] = rows[last, j] + costs[b[bt + j]]
    for i in range(la):
        x = np.int64(a[at + i])
        row = x * 26
        drop = costs[row]
        rows[current, 0] = rows[last, 0] + drop
        least = rows[current, 0]
        for j in range(lb):
            y = np.int64(b[bt + j])
            best = rows[last, j] + costs[row + y]
            other = rows[last, j + 1] + drop
            if other < best:
                best = other
            other = rows[current, j] + costs[y]
            if other < best:
                best = other
            if i and j and x == b[bt + j - 1] and y == a[at + i - 1]:
                other = rows[before, j - 1] + 0.6
                if other < best:
                    best = other
            rows[current, j + 1] = best
            if best < least:
                least = best
        if least > limit:
            return limit + 1.0
        before, last, current = last, current, before
    return rows[last, lb]


@_inlined
def _name_distance(q, at, v, x, costs, rows):  # type: ignore[no-untyped-def]
    """The least distance of any reading of the query to the first of the entry, or the reverse; scaled to 8 sounds."""
    count = np.int64(q[at])
    lx = np.int64(v.lengths[x])
    best = FARTHEST + 0.01
    for r in range(count):
        la = np.int64(q[at + LENGTHS + r])
        scale = _SCALE[max(la, lx)]
        penalty = q[at + PENALTIES + r] * 0.01
        if best <= penalty:
            continue
        d = _distance(q, at + SOUNDS_AT + r * WIDTH, la, v.sounds, x * WIDTH, lx, costs, (best - penalty) / scale, rows)
        d = d * scale + penalty
        if d < best:
            best = d
            if best < 1e-9:
                return 0.0
    la = np.int64(q[at + LENGTHS])
    start = np.int64(v.alt_start[x])
    for r in range(start, start + np.int64(v.alt_count[x])):
        penalty = v.alt_penalties[r] * 0.01
        if best <= penalty:
            continue
        lr = np.int64(v.alt_lengths[r])
        scale = _SCALE[max(la, lr)]
        d = _distance(q, at + SOUNDS_AT, la, v.alt_sounds, r * WIDTH, lr, costs, (best - penalty) / scale, rows)
        d = d * scale + penalty
        if d < best:
            best = d
    return best


@_inlined
def _bin_of(distance):  # type: ignore[no-untyped-def]
    if distance < 1e-9:
        return SAME
    for edge in range(BIN_EDGES.size):
        if distance <= BIN_EDGES[edge]:
            return FIRST_BIN + edge
    return DIFFERENT


@_inlined
def name_level(q, at, w0, w1, v, x, costs, rows):  # type: ignore[no-untyped-def]
    """How near the written name at `at` of the query (w0, w1: its signature) is to the entry x, and the distance."""
    first, other = np.int64(q[at + SOUNDS_AT]), np.int64(v.sounds[x * WIDTH])
    if first == INITIAL or other == INITIAL:
        b = np.int64(v.sounds[x * WIDTH + (1 if other == INITIAL else 0)])
        for r in range(np.int64(q[at])):
            place = at + SOUNDS_AT + r * WIDTH
            a = np.int64(q[place + 1]) if q[place] == INITIAL else np.int64(q[place])
            if costs[a * 26 + b] <= 0.45:
                return INITIAL_FITS, 0.0
        return INITIAL_OTHER, FARTHEST
    # Names that share less than a third of the pairs of sounds of the poorer are not laid side by side at all.
    shared = np.int64(_popcount(v.signature0[x] & w0)) + np.int64(_popcount(v.signature1[x] & w1))
    poorer = min(np.int64(v.signature_size[x]), np.int64(_popcount(w0)) + np.int64(_popcount(w1)))
    distance = FARTHEST + 0.01
    if shared * 3 >= poorer:
        distance = _name_distance(q, at, v, x, costs, rows)
        if distance < 1e-9:
            return SAME, 0.0
    for i in range(4):
        known = np.int64(q[at + CLASSES + 2 * i]) | np.int64(q[at + CLASSES + 2 * i + 1]) << 8
        if known == 0:
            break
        for j in range(4):
            if v.classes[x * 4 + j] == known:
                return EQUIVALENT, distance
    return _bin_of(distance), distance


@_compiled
def _number_level(q, at, v, x):  # type: ignore[no-untyped-def]
    la, lb = np.int64(q[at]), np.int64(v.lengths[x])
    if la == lb:
        wrong = 0
        first = -1
        last = -1
        for i in range(la):
            if q[at + 1 + i] != v.sounds[x * WIDTH + i]:
                wrong += 1
                if first < 0:
                    first = i
                last = i
        if wrong == 0:
            return 0
        if wrong == 1 and la >= 3:
            return 1
        if (
            wrong == 2 and la >= 4 and last == first + 1
            and q[at + 1 + first] == v.sounds[x * WIDTH + last] and q[at + 1 + last] == v.sounds[x * WIDTH + first]
        ):  # fmt: skip
            return 1
        return 2
    # One sign left out, or one too many: the longer without it is the shorter.
    if abs(la - lb) == 1 and max(la, lb) >= 5:
        i = j = skipped = 0
        while i < la and j < lb:
            if q[at + 1 + i] == v.sounds[x * WIDTH + j]:
                i += 1
                j += 1
            else:
                skipped += 1
                if la > lb:
                    i += 1
                else:
                    j += 1
        if skipped <= 1:
            return 1
    return 2


@_compiled
def born_level(q, x):  # type: ignore[no-untyped-def]
    """How two packed dates agree (see the B_ constants); symmetric."""
    y, z = q >> 12, x >> 12
    m, n = (q >> 8) & 15, (x >> 8) & 15
    d, e = (q >> 3) & 31, (x >> 3) & 31
    spread = max(q & 7, x & 7)
    years = abs(y - z)
    if spread:
        if years == 0:
            return B_ABOUT_SAME
        if years <= spread:
            return B_ABOUT_NEAR
        if years <= spread + 2:
            return B_YEARS_CLOSE
        return B_OTHER
    if d and e:
        if years == 0:
            if m == n:
                if d == e:
                    return B_SAME
                off = abs(d - e)
                if off == 1 or off == 10 or (d % 10 == e // 10 and e % 10 == d // 10):
                    return B_DAY_CLOSE
                return B_DAY_OFF
            if m == e and d == n:
                return B_SWAPPED
            if d == e:
                return B_OTHER_MONTH
            return B_YEAR_ONLY
        if m == n and d == e:
            if years == 1:
                return B_YEAR_OFF
            if years <= 3 or years == 10 or (y % 10 == z // 10 % 10 and z % 10 == y // 10 % 10):
                return B_YEARS_OFF
        if years == 1:
            return B_YEAR_CLOSE
        return B_OTHER
    if years == 0:
        if m and n:
            return B_SAME_MONTH if m == n else B_YEAR_ONLY
        return B_SAME_YEAR
    if years == 1:
        return B_YEAR_NEAR
    if years <= 3:
        return B_YEARS_CLOSE
    return B_OTHER


@_inlined
def _rarity(count, people, prior, trust):  # type: ignore[no-untyped-def]
    return -math.log2((count + trust * prior) / (people + trust))


@_inlined
def _weigh(trait, level, rarity, w):  # type: ignore[no-untyped-def]
    # In steps of 1/1024 bit: sums of such numbers are exact in any order, on any machine.
    at = trait * LEVELS + level
    return math.floor((w.level_bits[at] + w.rarity_bits[at] * rarity) * 1024.0 + 0.5) / 1024.0


@_inlined
def _weigh_name(trait, q, at, rarity, v, x, people, w, marks, rows):  # type: ignore[no-untyped-def]
    place = at // BLOCK * 2
    level, _ = name_level(q, at, marks[place], marks[place + 1], v, x, w.costs, rows)
    other = _rarity(v.group_count[v.group[x]], people, w.prior[trait], w.limits[LIMIT_TRUST])
    return _weigh(trait, level, min(rarity, other), w)


@_inlined
def _weigh_known(trait, q, at, rarity, v, x, people, w, marks, rows, known):  # type: ignore[no-untyped-def]
    """As `_weigh_name`; `known` keeps the level of each entry (1 above it, 0: not yet compared) beyond this query."""
    if known.size:
        level = np.int64(known[x]) - 1
        if level < 0:
            place = at // BLOCK * 2
            level, _ = name_level(q, at, marks[place], marks[place + 1], v, x, w.costs, rows)
            known[x] = level + 1
    else:
        place = at // BLOCK * 2
        level, _ = name_level(q, at, marks[place], marks[place + 1], v, x, w.costs, rows)
    other = _rarity(v.group_count[v.group[x]], people, w.prior[trait], w.limits[LIMIT_TRUST])
    return _weigh(trait, level, min(rarity, other), w)


@_inlined
def _weigh_number(trait, q, at, rarity, v, x, people, w):  # type: ignore[no-untyped-def]
    level = _number_level(q, at, v, x)
    other = _rarity(v.group_count[v.group[x]], people, w.prior[trait], w.limits[LIMIT_TRUST])
    return _weigh(trait, level, min(rarity, other), w)


@_compiled
def _most(trait, rarity, w):  # type: ignore[no-untyped-def]
    """The most bits a trait can give at this rarity; silence gives none."""
    best = 0.0
    for level in range(LEVELS):
        bits = _weigh(trait, level, rarity, w)
        if bits > best:
            best = bits
    return best


@_inlined
def _day_of(packed):  # type: ignore[no-untyped-def]
    """The door of a whole date, -1 for others."""
    year, month, day = packed >> 12, (packed >> 8) & 15, (packed >> 3) & 31
    if day == 0 or packed & 7 or not FIRST_DOOR_YEAR <= year <= LAST_DOOR_YEAR:
        return -1
    return ((year - FIRST_DOOR_YEAR) * 12 + month - 1) * 31 + day - 1


@_called
def chain(surnames, dates, same_surname, same_day, surname_head, day_head, first, last):  # type: ignore[no-untyped-def]
    """Link new rows to those of the same surname and of the same day; a reader meanwhile finds the chain whole."""
    for row in range(first, last):
        s = surnames[row]
        same_surname[row] = surname_head[s]
        surname_head[s] = row + 1
        day = _day_of(np.int64(dates[row]))
        if day >= 0:
            same_day[row] = day_head[day]
            day_head[day] = row + 1


@_called
def signature(sounds, at, length, out):  # type: ignore[no-untyped-def]
    """Add the pairs of neighbouring sound classes to the 128-bit set `out`."""
    last = 0
    for i in range(length + 1):
        this = np.int64(_CLASS_OF[sounds[at + i]]) if i < length else 0
        bit = (last * 12 + this) % 128
        out[bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)
        last = this


@_compiled
def _mark(q, marks):  # type: ignore[no-untyped-def]
    """The signatures of the five names of a query."""
    for field in range(5):
        at = field * BLOCK
        marks[2 * field] = marks[2 * field + 1] = 0
        for r in range(np.int64(q[at])):
            start = at + SOUNDS_AT + r * WIDTH
            last = 0
            length = np.int64(q[at + LENGTHS + r])
            for i in range(length + 1):
                this = np.int64(_CLASS_OF[q[start + i]]) if i < length else 0
                bit = (last * 12 + this) % 128
                marks[2 * field + (bit >> 6)] |= np.uint64(1) << np.uint64(bit & 63)
                last = this


@_compiled
def _score_surnames(w0, w1, signature0, signature1, sizes, count, scores):  # type: ignore[no-untyped-def]
    """How much every entry shares with the query's signature: 64 and above where it shares a good part, below 128."""
    for x in range(count):
        shared = _popcount(signature0[x] & w0) + _popcount(signature1[x] & w1)
        scores[x] = np.uint8(min(3 * np.int32(shared) - np.int32(sizes[x]) + 64, np.int32(127)))


@_compiled
def _pool_surnames(scores, eights, least, count, pool):  # type: ignore[no-untyped-def]
    """Entries that score `least` or more; looks at eight entries at a time, and guesses nothing within them."""
    found = 0
    lift = np.uint64(0x0101010101010101) * np.uint64(128 - least)
    high = np.uint64(0x8080808080808080)
    for eight in range((count + 7) // 8):
        if (eights[eight] + lift) & high:
            for x in range(max(8 * eight, 1), min(8 * eight + 8, count)):
                pool[found] = x
                found += np.int64(scores[x] >= least)
    return found


@_compiled
def _spread_letters(q, at, letters):  # type: ignore[no-untyped-def]
    """Where each sound stands in each reading, twice side by side for `_edits_of_two`."""
    for r in range(np.int64(q[at])):
        letters[32 * r : 32 * r + 32] = 0
        for i in range(np.int64(q[at + LENGTHS + r])):
            letters[32 * r + np.int64(q[at + SOUNDS_AT + r * WIDTH + i])] |= np.uint64(0x100000001) << np.uint64(i)


@_inlined
def _edits_of_two(letters, r, m, v, x, y):  # type: ignore[no-untyped-def]
    """Edits (one each: other sound, sound left out, sound too many, neighbours exchanged) from reading r to x and to y.

    Hyyrö's bit-parallel method; a reading has at most 24 sounds, so two names fit side by side into one word.
    """
    base = 32 * r
    low, high = np.uint64(0xFFFFFFFF), np.uint64(0xFFFFFFFF00000000)
    ones, one = np.uint64(0x100000001), np.uint64(1)
    whole = (ones << np.uint64(m)) - ones
    keep = whole | (ones << np.uint64(m))
    last = np.uint64(m - 1)
    nx, ny = np.int64(v.lengths[x]), np.int64(v.lengths[y])
    vp, vn, d, old = whole, np.uint64(0), np.uint64(0), np.uint64(0)
    first, second = m, m
    for j in range(max(nx, ny)):
        sound = (letters[base + np.int64(v.sounds[x * WIDTH + j])] & low) | (
            letters[base + np.int64(v.sounds[y * WIDTH + j])] & high
        )
        exchanged = (((~d) & sound) << one) & old
        d = ((((sound & vp) + vp) ^ vp) | sound | vn | exchanged) & whole
        hp, hn = (vn | ~(d | vp)) & whole, d & vp
        up, down = hp >> last, hn >> last
        if j < nx:
            first += np.int64(up & one) - np.int64(down & one)
        if j < ny:
            second += np.int64((up >> np.uint64(32)) & one) - np.int64((down >> np.uint64(32)) & one)
        hp = ((hp << one) | ones) & keep
        hn = (hn << one) & keep
        vp, vn = (hn | ~(d | hp)) & whole, hp & d
        old = sound
    return first, second


@_compiled
def _rank_surnames(q, at, v, pool, pooled, most, scores, seen, letters, ranks, tally):  # type: ignore[no-untyped-def]
    """Rank pooled entries that were not seen yet, the `most` that share most: first by edits, then by what they share.

    Keeps those alone in the pool, says how many, and counts each rank.
    """
    _spread_letters(q, at, letters)
    tally[:] = 0
    for place in range(pooled):
        tally[scores[pool[place]]] += 1
    least, total = 256, 0
    while least > 0 and total + np.int64(tally[least - 1]) <= most:
        least -= 1
        total += np.int64(tally[least])
    tally[:] = 0
    kept = 0
    for place in range(pooled):
        x = pool[place]
        if scores[x] >= least and not seen[x]:
            pool[kept] = x
            kept += 1
    readings = np.int64(q[at])
    # Ten steps of what is shared, 64 none and 64 + twice the sounds all.
    step = np.int64(9 * 256) // (2 * (np.int64(q[at + LENGTHS]) + 1))
    for place in range(0, kept, 2):
        x = np.int64(pool[place])
        y = np.int64(pool[min(place + 1, kept - 1)])
        best_x, best_y = np.int64(24), np.int64(24)
        for r in range(readings):
            edits_x, edits_y = _edits_of_two(letters, r, np.int64(q[at + LENGTHS + r]), v, x, y)
            best_x, best_y = min(best_x, edits_x), min(best_y, edits_y)
        shared = (np.int64(scores[x]) - 64) * step >> 8
        rank = 10 * best_x + (9 - shared if shared < 9 else 0)
        ranks[place] = rank
        tally[rank] += 1
        if place + 1 < kept:
            shared = (np.int64(scores[y]) - 64) * step >> 8
            rank = 10 * best_y + (9 - shared if shared < 9 else 0)
            ranks[place + 1] = rank
            tally[rank] += 1
    return kept


@_compiled
def _choose_surnames(pool, kept, ranks, tally, breadth, v, chosen):  # type: ignore[no-untyped-def]
    """The `breadth` entries of the best ranks that somebody bears; of the last rank those that come first."""
    breadth = min(breadth, chosen.size)
    worst, total = 0, np.int64(tally[0])
    while worst < 255 and total < breadth:
        worst += 1
        total += np.int64(tally[worst])
    room = breadth - (total - np.int64(tally[worst])) if total > breadth else np.int64(tally[worst])
    found = 0
    for place in range(kept):
        if ranks[place] < worst or (ranks[place] == worst and room > 0):
            room -= ranks[place] == worst
            if v.group_count[v.group[pool[place]]] > 0:
                chosen[found] = pool[place]
                found += 1
    return found


@_compiled
def _sort_down(values, items, count):  # type: ignore[no-untyped-def]
    """Shell sort of both arrays, largest value first, equal values by item."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap:
        for i in range(gap, count):
            value, item = values[i], items[i]
            j = i
            while j >= gap and (values[j - gap] < value or (values[j - gap] == value and items[j - gap] > item)):
                values[j], items[j] = values[j - gap], items[j - gap]
                j -= gap
            values[j], items[j] = value, item
        gap //= 3


@_inlined
def _keep(key, row, bits, swapped, keys, found_rows, found_bits, found_swapped, state):  # type: ignore[no-untyped-def]
    """Keep one scored row among the best; state = [how many, sum of 2**bits, best bits]."""
    if bits > state[2]:
        state[2] = bits
    share = math.exp2(bits) if bits > state[2] - FAR_BELOW else 0.0
    state[1] += share
    count = int(state[0])
    room = keys.size
    if count == room and (bits < found_bits[count - 1] or (bits == found_bits[count - 1] and key > keys[count - 1])):
        return
    for i in range(count):
        if keys[i] == key:
            # Another spelling of somebody already found: he counts once, with his best.
            if bits <= found_bits[i]:
                state[1] -= share
                return
            state[1] -= math.exp2(found_bits[i])
            for j in range(i, count - 1):
                keys[j], found_rows[j], found_bits[j], found_swapped[j] = (
                    keys[j + 1], found_rows[j + 1], found_bits[j + 1], found_swapped[j + 1],
                )  # fmt: skip
            count -= 1
            break
    if count < room:
        count += 1
    i = count - 1
    while i > 0 and (bits > found_bits[i - 1] or (bits == found_bits[i - 1] and key < keys[i - 1])):
        keys[i], found_rows[i], found_bits[i], found_swapped[i] = (
            keys[i - 1],
            found_rows[i - 1],
            found_bits[i - 1],
            found_swapped[i - 1],
        )
        i -= 1
    keys[i], found_rows[i], found_bits[i], found_swapped[i] = key, row, bits, swapped
    state[0] = count


@_compiled
def _number_bits(trait, q, at, rarity, v, x, people, w):  # type: ignore[no-untyped-def]
    return _weigh_number(trait, q, at, rarity, v, x, people, w) if q[at] else 0.0


@_compiled
def _other_bits(trait, q, at, rarity, v, x, people, w, marks, rows):  # type: ignore[no-untyped-def]
    """Weigh a name not met before in this query."""
    return _weigh_name(trait, q, at, rarity, v, x, people, w, marks, rows) if q[at] and x else 0.0


@_compiled
def _known_bits(trait, q, at, rarity, v, x, people, w, marks, rows, known):  # type: ignore[no-untyped-def]
    return _weigh_known(trait, q, at, rarity, v, x, people, w, marks, rows, known) if q[at] and x else 0.0


@_inlined
def _remember(memo, x, bits):  # type: ignore[no-untyped-def]
    last = memo.size - 1
    count = np.int64(memo[last])
    memo[memo.size // 2 + count] = x
    memo[last] = count + 1
    memo[x] = bits
    return bits


@_compiled
def _forget(memo):  # type: ignore[no-untyped-def]
    last, half = memo.size - 1, memo.size // 2
    for place in range(np.int64(memo[last])):
        memo[np.int64(memo[half + place])] = np.nan
    memo[last] = 0.0


@_inlined
def _tail(
    q,
    born,
    rarities,
    floor,
    pat,
    date,
    place,
    unit,
    extra,
    P,
    L,
    U,
    N,
    M,
    extras,
    people,
    w,
    most,
    pm,
    lm,
    um,
    marks,
    rows,
    pk,
    lk,
):
    # type: ignore[no-untyped-def]
    """Bits of all traits but surname and given name; below every floor as soon as the floor is out of reach.

    Each distinct name is weighed once per query. What cannot reach the floor even with the most the
    remaining traits can give is not weighed to the end.
    """
    bits = 0.0
    if born and date:
        bits += _weigh(BORN, born_level(born, np.int64(date & 0xFFFFFF)), 0.0, w)
    if bits + most[1] < floor:
        return -2000.0
    if pat:
        if np.isnan(pm[pat]):
            _remember(
                pm,
                pat,
                _known_bits(_n(PATRONYMIC), q, _n(AT_PATRONYMIC), rarities[2], P, _n(pat), people, w, marks, rows, pk),
            )
        bits += pm[pat]
    if unit:
        if np.isnan(um[unit]):
            _remember(um, unit, _number_bits(_n(UNIT), q, _n(AT_UNIT), rarities[4], U, _n(unit), people, w))
        bits += um[unit]
    if bits + most[2] < floor:
        return -2000.0
    if place:
        if np.isnan(lm[place]):
            _remember(
                lm,
                place,
                _known_bits(_n(PLACE), q, _n(AT_PLACE), rarities[3], L, _n(place), people, w, marks, rows, lk),
            )
        bits += lm[place]
    if extra:
        number, mother = extras.number[extra], extras.mother[extra]
        if number and q[AT_NUMBER]:
            bits += _number_bits(_n(NUMBER), q, _n(AT_NUMBER), rarities[5], N, _n(number), people, w)
        if mother and q[AT_MOTHER]:
            bits += _other_bits(_n(MOTHER), q, _n(AT_MOTHER), rarities[6], M, _n(mother), people, w, marks, rows)
    return bits


@_inlined
def _given_bits(q, at, rarity, G, g, people, w, gm, marks, rows, gk):  # type: ignore[no-untyped-def]
    return _remember(gm, g, _known_bits(_n(GIVEN), q, _n(at), rarity, G, _n(g), people, w, marks, rows, gk))


@_inlined
def _surname_bits(q, at, rarity, S, s, people, w, marks, rows):  # type: ignore[no-untyped-def]
    return _other_bits(_n(SURNAME), q, _n(at), rarity, S, _n(s), people, w, marks, rows)


@_compiled
def _consider(row, s_bits, q, at_g, born, rarities, rarity_g, G, P, L, U, N, M, main, fresh, extras, people, w, most, gm, pm, lm, um,
              marks, rows, gk, pk, lk, swapped, keys, found_rows, found_bits, found_swapped, state):  # fmt: skip
    # type: ignore[no-untyped-def]
    """Weigh one living row (settled, or fresh as -row - 1) and keep it if it is among the best."""
    if row >= 0:
        g = np.int64(main.pair_given[main.pair[row]])
        key, pat, date, town, unit = (
            main.keys[row],
            main.patronymic[row],
            main.born[row],
            main.place[row],
            main.unit[row],
        )
        extra = np.int64(main.extra[row]) if main.extra.size else np.int64(0)
    else:
        f = -row - 1
        g = np.int64(fresh.given[f])
        key, pat, date, town, unit = fresh.keys[f], fresh.patronymic[f], fresh.born[f], fresh.place[f], fresh.unit[f]
        extra = np.int64(fresh.extra[f])
    if swapped and (g == 0 or G.sounds[g * WIDTH] == INITIAL):
        return
    base = s_bits + (
        gm[g] if not np.isnan(gm[g]) else _given_bits(q, at_g, rarity_g, G, g, people, w, gm, marks, rows, gk)
    )
    floor = _floor(found_bits, keys.size, state) - base
    tail = _tail(
        q,
        born,
        rarities,
        floor,
        pat,
        date,
        town,
        unit,
        extra,
        P,
        L,
        U,
        N,
        M,
        extras,
        people,
        w,
        most,
        pm,
        lm,
        um,
        marks,
        rows,
        pk,
        lk,
    )
    if tail >= floor:
        _keep(key, row, base + tail, swapped, keys, found_rows, found_bits, found_swapped, state)


@_inlined
def _floor(found_bits, room, state):  # type: ignore[no-untyped-def]
    """Bits below which nobody is worth looking at: the last of a full list, or a billionth of the best found so far."""
    floor = state[2] - FAR_BELOW
    if np.int64(state[0]) == room and found_bits[room - 1] > floor:
        floor = found_bits[room - 1]
    return floor


@_inlined
def _is_sure(state, people, w):  # type: ignore[no-untyped-def]
    return state[2] > -1000.0 and math.exp2(state[2]) > w.limits[LIMIT_SURE] * (
        state[1] + people * w.limits[LIMIT_ABSENT]
    )


@_compiled
def _row_entries(row, main, fresh):  # type: ignore[no-untyped-def]
    if row >= 0:
        pair = main.pair[row]
        return np.int64(main.pair_surname[pair]), np.int64(main.pair_given[pair])
    return np.int64(fresh.surname[-row - 1]), np.int64(fresh.given[-row - 1])


@_called
def search(queries, dates, all_rarities, all_more, more_starts, S, G, P, L, U, N, M, main, fresh, extras, sizes, w, scratch, known_given,
           known_patronymic, known_place, slots, all_keys, all_rows, all_bits, all_swapped, states):  # fmt: skip
    # type: ignore[no-untyped-def]
    """Fill the best persons for each query. A state becomes [how many, sum of 2**bits over all weighed, best bits]."""
    gm, pm, lm, um, seen, scores, chosen, near, marks, rows, most, days, tally, touched, pool, ranks, letters = (
        scratch.given, scratch.patronymic, scratch.place, scratch.unit, scratch.seen, scratch.scores, scratch.chosen, scratch.near,
        scratch.marks, scratch.rows, scratch.most, scratch.days, scratch.tally, scratch.touched, scratch.pool, scratch.ranks,
        scratch.letters,
    )  # fmt: skip
    people = float(sizes[0])
    surnames, fresh_count = sizes[1], sizes[2]
    for query in range(queries.shape[0]):
        q, born, rarities, state = queries[query], dates[query], all_rarities[query], states[query]
        more_rows = all_more[more_starts[query] : more_starts[query + 1]]
        keys, found_rows, found_bits, found_swapped = (
            all_keys[query],
            all_rows[query],
            all_bits[query],
            all_swapped[query],
        )
        state[0] = state[1] = 0.0
        state[2] = -1000.0
        room = keys.size
        _mark(q, marks)
        settled_surnames = main.surname_start.size - 1
        # The most that the traits from here on can give: [all but names, all but names and birth, place and extras]
        most[2] = 0.0
        if q[AT_PLACE]:
            most[2] += _most(_n(PLACE), rarities[3], w)
        if q[AT_NUMBER]:
            most[2] += _most(_n(NUMBER), rarities[5], w)
        if q[AT_MOTHER]:
            most[2] += _most(_n(MOTHER), rarities[6], w)
        most[1] = most[2]
        if q[AT_PATRONYMIC]:
            most[1] += _most(_n(PATRONYMIC), rarities[2], w)
        if q[AT_UNIT]:
            most[1] += _most(_n(UNIT), rarities[4], w)
        most[0] = most[1] + (_most(_n(BORN), 0.0, w) if born else 0.0)
        for i in range(4):
            days[i] = -1
        if born:
            days[0] = _day_of(born)
            if days[0] >= 0:
                year, month, day = born >> 12, (born >> 8) & 15, (born >> 3) & 31
                if day <= 12 and day != month:
                    days[1] = _day_of(year << 12 | day << 8 | month << 3)
                days[2] = _day_of((year - 1) << 12 | month << 8 | day << 3)
                days[3] = _day_of((year + 1) << 12 | month << 8 | day << 3)
        both_names = (
            q[AT_SURNAME] > 0
            and q[AT_GIVEN] > 0
            and q[AT_GIVEN + SOUNDS_AT] != INITIAL
            and q[AT_SURNAME + SOUNDS_AT] != INITIAL
        )

        # What earlier queries of the same given name, patronymic or place found out about the names here.
        own_given = known_given[slots[query, 0]] if slots[query, 0] >= 0 else known_given[0][:0]
        pk = known_patronymic[slots[query, 1]] if slots[query, 1] >= 0 else known_patronymic[0][:0]
        lk = known_place[slots[query, 2]] if slots[query, 2] >= 0 else known_place[0][:0]
        for swapped in range(2):
            gk = own_given if swapped == 0 else own_given[:0]
            at_s, at_g = (AT_SURNAME, AT_GIVEN) if swapped == 0 else (AT_GIVEN, AT_SURNAME)
            rarity_s = rarities[0] if swapped == 0 else rarities[7]
            rarity_g = rarities[1] if swapped == 0 else rarities[8]
            offset = 0.0
            if swapped:
                # Where the given name is a known one and the surname is not, nobody has swapped them.
                unlikely = (
                    q[AT_GIVEN + CLASSES] + q[AT_GIVEN + CLASSES + 1] > 0
                    and q[AT_SURNAME + CLASSES] + q[AT_SURNAME + CLASSES + 1] == 0
                )
                if not both_names or unlikely or _is_sure(state, people, w):
                    break
                offset = w.limits[LIMIT_SWAP_BITS]
            given_most = _most(_n(GIVEN), rarity_g, w) if q[at_g] else 0.0
            touched_count = 0
            if q[at_s]:
                m0, m1 = marks[at_s // BLOCK * 2], marks[at_s // BLOCK * 2 + 1]
                _score_surnames(m0, m1, S.signature0, S.signature1, S.signature_size, surnames, scores)
                # First the surnames nearest by their sounds; many more where nobody found among them is likely.
                for widening in range(2):
                    if widening and _is_sure(state, people, w):
                        break
                    breadth = np.int64(w.limits[LIMIT_WIDE]) if widening else np.int64(w.limits[LIMIT_BREADTH])
                    # What is shared with the name itself: nearly all at first, a good half later. The longer, the more.
                    length = int(q[at_s + LENGTHS]) + 1
                    lowest = 64 + np.int64(max(2, (5 if widening else 9) * length // 10 - 1))
                    pooled = _pool_surnames(scores, scratch.eights, lowest, surnames, pool)
                    pooled = _rank_surnames(
                        q, _n(at_s), S, pool, _n(pooled), _n(10 * breadth), scores, seen, letters, ranks, tally
                    )
                    found = _choose_surnames(pool, pooled, ranks, tally, breadth, S, chosen)
                    for i in range(found):
                        s = np.int64(chosen[i])
                        near[i] = _surname_bits(q, at_s, rarity_s, S, s, people, w, marks, rows) + offset
                        if touched_count < touched.size:
                            seen[s] = 1
                            touched[touched_count] = s
                            touched_count += 1
                    _sort_down(near, chosen, found)
                    for place in range(found):
                        s = np.int64(chosen[place])
                        s_bits = near[place]
                        if swapped and S.sounds[s * WIDTH] == INITIAL:
                            continue
                        floor = _floor(found_bits, room, state)
                        if s_bits + given_most + most[0] < floor:
                            break
                        if s < settled_surnames:
                            for pair in range(main.surname_start[s], main.surname_start[s + 1]):
                                g = np.int64(main.pair_given[pair])
                                if swapped and (g == 0 or G.sounds[g * WIDTH] == INITIAL):
                                    continue  # an initial has no other field to stand in
                                g_bits = gm[g]
                                if np.isnan(g_bits):
                                    g_bits = _given_bits(q, at_g, rarity_g, G, g, people, w, gm, marks, rows, gk)
                                base = s_bits + g_bits
                                floor = _floor(found_bits, room, state) - base
                                if most[0] < floor:
                                    continue
                                for row in range(main.pair_start[pair], main.pair_start[pair + 1]):
                                    if main.alive[row]:
                                        tail = _tail(
                                            q, born, rarities, floor, main.patronymic[row], main.born[row], main.place[row],
                                            main.unit[row], np.int64(main.extra[row]) if main.extra.size else np.int64(0),
                                            P, L, U, N, M, extras, people, w, most, pm, lm, um, marks, rows, pk, lk,
                                        )  # fmt: skip
                                        if tail >= floor:
                                            _keep(
                                                main.keys[row],
                                                row,
                                                base + tail,
                                                swapped,
                                                keys,
                                                found_rows,
                                                found_bits,
                                                found_swapped,
                                                state,
                                            )
                                            floor = _floor(found_bits, room, state) - base
                        link = np.int64(fresh.surname_head[s])
                        while link:
                            row = link - 1
                            link = np.int64(fresh.same_surname[row])
                            if row < fresh_count and fresh.alive[row]:
                                _consider(
                                    -row - 1, s_bits, q, at_g, born, rarities, rarity_g, G, P, L, U, N, M, main, fresh, extras, people, w,
                                    most, gm, pm, lm, um, marks, rows, gk, pk, lk, swapped,
                                    keys, found_rows, found_bits, found_swapped, state,
                                )  # fmt: skip
            # The other doors: persons whose surname is beyond repair, by their day of birth or their number;
            # and everybody, where neither a surname nor a day is known.
            surname_most = _most(_n(SURNAME), rarity_s, w) if q[at_s] else 0.0
            everybody = q[at_s] == 0 and days[0] < 0 and more_rows.size == 0
            sure = _is_sure(state, people, w)
            for door in range(6):
                if door < 4 and sure:
                    continue
                first, last, link = np.int64(0), np.int64(0), np.int64(0)
                if door < 4:
                    if days[door] < 0:
                        continue
                    day = days[door]
                    if day + 1 < main.day_start.size:
                        first, last = np.int64(main.day_start[day]), np.int64(main.day_start[day + 1])
                    link = np.int64(fresh.day_head[day])
                elif door == 4:
                    last = np.int64(more_rows.size)
                elif everybody:
                    last = np.int64(main.keys.size + fresh_count)
                else:
                    continue
                while first < last or link:
                    if first < last:
                        if door < 4:
                            row = np.int64(main.day_rows[first])
                        elif door == 4:
                            row = np.int64(more_rows[first])
                        else:
                            row = first if first < main.keys.size else -(first - main.keys.size) - 1
                        first += 1
                    else:
                        row = -link
                        link = np.int64(fresh.same_day[link - 1])
                    if row >= 0:
                        if not main.alive[row]:
                            continue
                    elif -row - 1 >= fresh_count or not fresh.alive[-row - 1]:
                        continue
                    s, g = _row_entries(row, main, fresh)
                    if swapped and (s == 0 or S.sounds[s * WIDTH] == INITIAL):
                        continue
                    if seen[s]:
                        continue
                    if door == 4:
                        code = _day_of(np.int64((main.born[row] if row >= 0 else fresh.born[-row - 1]) & 0xFFFFFF))
                        if code >= 0 and (code == days[0] or code == days[1] or code == days[2] or code == days[3]):
                            continue
                    g_bits = gm[g]
                    if np.isnan(g_bits):
                        g_bits = _given_bits(q, at_g, rarity_g, G, g, people, w, gm, marks, rows, gk)
                    floor = _floor(found_bits, room, state)
                    if surname_most + offset + g_bits + most[0] < floor:
                        continue
                    s_bits = _surname_bits(q, at_s, rarity_s, S, s, people, w, marks, rows) + offset
                    _consider(
                        row, s_bits, q, at_g, born, rarities, rarity_g, G, P, L, U, N, M, main, fresh, extras, people, w,
                        most, gm, pm, lm, um, marks, rows, gk, pk, lk, swapped, keys, found_rows, found_bits, found_swapped, state,
                    )  # fmt: skip
            for i in range(touched_count):
                seen[touched[i]] = 0
            _forget(gm)

        _forget(pm)
        _forget(lm)
        _forget(um)
        if both_names:
            # Whoever was found one way round may fit better the other way.
            offset = w.limits[LIMIT_SWAP_BITS]
            count = np.int64(state[0])
            for i in range(count):
                s, g = _row_entries(found_rows[i], main, fresh)
                if s == 0 or g == 0 or S.sounds[s * WIDTH] == INITIAL or G.sounds[g * WIDTH] == INITIAL:
                    continue
                straight = _surname_bits(q, AT_SURNAME, rarities[0], S, s, people, w, marks, rows) + _other_bits(
                    _n(GIVEN), q, _n(AT_GIVEN), rarities[1], G, _n(g), people, w, marks, rows
                )
                turned = (
                    offset
                    + _surname_bits(q, AT_GIVEN, rarities[7], S, s, people, w, marks, rows)
                    + _other_bits(_n(GIVEN), q, _n(AT_SURNAME), rarities[8], G, _n(g), people, w, marks, rows)
                )
                old = found_bits[i]
                if found_swapped[i] and straight >= turned:
                    found_bits[i], found_swapped[i] = old - turned + straight, 0
                elif not found_swapped[i] and turned > straight:
                    found_bits[i], found_swapped[i] = old - straight + turned, 1
                if found_bits[i] != old:
                    state[1] += math.exp2(found_bits[i]) - math.exp2(old)
                j = i
                while j > 0 and (
                    found_bits[j] > found_bits[j - 1] or (found_bits[j] == found_bits[j - 1] and keys[j] < keys[j - 1])
                ):
                    keys[j], keys[j - 1] = keys[j - 1], keys[j]
                    found_rows[j], found_rows[j - 1] = found_rows[j - 1], found_rows[j]
                    found_bits[j], found_bits[j - 1] = found_bits[j - 1], found_bits[j]
                    found_swapped[j], found_swapped[j - 1] = found_swapped[j - 1], found_swapped[j]
                    j -= 1
        while state[0] > 0.0 and found_bits[np.int64(state[0]) - 1] < state[2] - FAR_BELOW:
            state[0] -= 1.0


@_compiled
def _explain_name(trait, q, at, rarity, v, x, people, w, marks, rows, i, bits, levels, values):  # type: ignore[no-untyped-def]
    place = at // BLOCK * 2
    level, distance = name_level(q, at, marks[place], marks[place + 1], v, x, w.costs, rows)
    other = _rarity(v.group_count[v.group[x]], people, w.prior[trait], w.limits[LIMIT_TRUST])
    bits[i, trait] = _weigh(trait, level, min(rarity, other), w)
    levels[i, trait] = level
    values[i, trait, 0] = distance
    values[i, trait, 1] = other


@_compiled
def _explain_number(trait, q, at, rarity, v, x, people, w, i, bits, levels, values):  # type: ignore[no-untyped-def]
    level = _number_level(q, at, v, x)
    other = _rarity(v.group_count[v.group[x]], people, w.prior[trait], w.limits[LIMIT_TRUST])
    bits[i, trait] = _weigh(trait, level, min(rarity, other), w)
    levels[i, trait] = level
    values[i, trait, 1] = other


@_entered
def explain(q, born, rarities, S, G, P, L, U, N, M, extras, people, w, s, g, pat, date, place, unit, extra, swapped, bits, levels,
            values):  # fmt: skip
    # type: ignore[no-untyped-def]
    """Bits, level and values of every trait of the persons given as entries; the sum is what `search` gave them."""
    rows = np.empty((3, WIDTH + 2), np.float64)
    marks = np.zeros(10, np.uint64)
    _mark(q, marks)
    for i in range(s.size):
        at_s, at_g = (AT_SURNAME, AT_GIVEN) if swapped[i] == 0 else (AT_GIVEN, AT_SURNAME)
        levels[i, :] = SILENT
        if s[i] and q[at_s]:
            _explain_name(
                _n(SURNAME),
                q,
                _n(at_s),
                rarities[0] if swapped[i] == 0 else rarities[7],
                S,
                _n(s[i]),
                people,
                w,
                marks,
                rows,
                i,
                bits,
                levels,
                values,
            )
        if swapped[i]:
            bits[i, SURNAME] += w.limits[LIMIT_SWAP_BITS]
        if g[i] and q[at_g]:
            _explain_name(
                _n(GIVEN),
                q,
                _n(at_g),
                rarities[1] if swapped[i] == 0 else rarities[8],
                G,
                _n(g[i]),
                people,
                w,
                marks,
                rows,
                i,
                bits,
                levels,
                values,
            )
        if pat[i] and q[AT_PATRONYMIC]:
            _explain_name(
                _n(PATRONYMIC),
                q,
                _n(AT_PATRONYMIC),
                rarities[2],
                P,
                _n(pat[i]),
                people,
                w,
                marks,
                rows,
                i,
                bits,
                levels,
                values,
            )
        if born and date[i]:
            levels[i, BORN] = born_level(born, np.int64(date[i] & 0xFFFFFF))
            bits[i, BORN] = _weigh(BORN, levels[i, BORN], 0.0, w)
        if place[i] and q[AT_PLACE]:
            _explain_name(
                _n(PLACE),
                q,
                _n(AT_PLACE),
                rarities[3],
                L,
                _n(place[i]),
                people,
                w,
                marks,
                rows,
                i,
                bits,
                levels,
                values,
            )
        if unit[i] and q[AT_UNIT]:
            _explain_number(_n(UNIT), q, _n(AT_UNIT), rarities[4], U, _n(unit[i]), people, w, i, bits, levels, values)
        if extra[i]:
            number, mother = extras.number[extra[i]], extras.mother[extra[i]]
            if number and q[AT_NUMBER]:
                _explain_number(
                    _n(NUMBER), q, _n(AT_NUMBER), rarities[5], N, _n(number), people, w, i, bits, levels, values
                )
            if mother and q[AT_MOTHER]:
                _explain_name(
                    _n(MOTHER),
                    q,
                    _n(AT_MOTHER),
                    rarities[6],
                    M,
                    _n(mother),
                    people,
                    w,
                    marks,
                    rows,
                    i,
                    bits,
                    levels,
                    values,
                )


@_entered
def explain_many(queries, dates, rarities, S, G, P, L, U, N, M, extras, people, w, counts, s, g, pat, date, place, unit, extra,
                 swapped, bits, levels, values):  # fmt: skip
    # type: ignore[no-untyped-def]
    """`explain` for each query; the persons found lie one query after the other, `counts` says how many each has."""
    first = 0
    for query in range(counts.size):
        last = first + counts[query]
        if last > first:
            explain(
                queries[query], dates[query], rarities[query], S, G, P, L, U, N, M, extras, people, w, s[first:last], g[first:last],
                pat[first:last], date[first:last], place[first:last], unit[first:last], extra[first:last], swapped[first:last],
                bits[first:last], levels[first:last], values[first:last],
            )  # fmt: skip
        first = last


@_compiled
def _name_by_chance(trait, q, at, rarity, v, rows_of, people, w, marks, rows, per_rarity, sums, asked):  # type: ignore[no-untyped-def]
    if q[at] == 0:
        return
    total = 0.0
    for x in range(1, rows_of.size):
        total += rows_of[x]
    if total == 0.0:
        return
    place = at // BLOCK * 2
    for x in range(1, rows_of.size):
        if rows_of[x]:
            level, _ = name_level(q, at, marks[place], marks[place + 1], v, x, w.costs, rows)
            other = _rarity(v.group_count[v.group[x]], people, w.prior[trait], w.limits[LIMIT_TRUST])
            sums[trait, level] += rows_of[x] / total * math.exp2(per_rarity[trait, level] * min(rarity, other))
    asked[trait] += 1


@_entered
def levels_by_chance(queries, dates, all_rarities, S, G, P, L, U, surnames, givens, patronymics, places, units, births, births_count,
                     people, w, per_rarity, sums, asked):  # fmt: skip
    # type: ignore[no-untyped-def]
    """How often each level is met where nobody is the same person, each meeting weighed by its rarity bits."""
    rows = np.empty((3, WIDTH + 2), np.float64)
    marks = np.zeros(10, np.uint64)
    for query in range(queries.shape[0]):
        q, rarities = queries[query], all_rarities[query]
        _mark(q, marks)
        _name_by_chance(
            SURNAME, q, AT_SURNAME, rarities[0], S, surnames, people, w, marks, rows, per_rarity, sums, asked
        )
        _name_by_chance(
            _n(GIVEN), q, _n(AT_GIVEN), rarities[1], G, givens, people, w, marks, rows, per_rarity, sums, asked
        )
        _name_by_chance(
            PATRONYMIC, q, AT_PATRONYMIC, rarities[2], P, patronymics, people, w, marks, rows, per_rarity, sums, asked
        )
        _name_by_chance(
            _n(PLACE), q, _n(AT_PLACE), rarities[3], L, places, people, w, marks, rows, per_rarity, sums, asked
        )
        if q[AT_UNIT]:
            total = units[1:].sum()
            if total > 0:
                for x in range(1, units.size):
                    if units[x]:
                        level = _number_level(q, AT_UNIT, U, x)
                        other = _rarity(U.group_count[U.group[x]], people, w.prior[UNIT], w.limits[LIMIT_TRUST])
                        gained = math.exp2(per_rarity[UNIT, level] * min(rarities[4], other))
                        sums[UNIT, level] += units[x] / total * gained
                asked[UNIT] += 1
        if dates[query] and births.size:
            total = births_count.sum()
            for place in range(births.size):
                sums[BORN, born_level(dates[query], births[place])] += births_count[place] / total
            asked[BORN] += 1
