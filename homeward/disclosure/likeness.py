"""How alike two texts are, without keeping either: MinHash over shingles (Broder, 1997), under a key of the house.

Scammers change a name, a sum, a link; so signs are folded, every run of digits is one sign, and links and punctuation go.
The share of equal places in two signatures estimates the share of common shingles.
"""

import hashlib
import re
import unicodedata

import numpy as np

from homeward.lib import keys

PLACES = 64
SHINGLE = 5
ALIKE = 0.5
_PRIME = (1 << 31) - 1


def folded(text: str) -> str:
    """What of a text counts."""
    text = unicodedata.normalize("NFKC", text[:4000]).casefold()
    text = re.sub(r"(https?://|www\.)\S+|\S+@\S+|@\w+", " ", text)
    text = re.sub(r"\d[\d\s.,()+-]*", "0 ", text)
    return " ".join(re.findall(r"\w+", text))


def signature(text: str) -> bytes:
    """64 places of four bytes; equal texts have equal ones."""
    words = folded(text) or "-"
    key = keys.key("family", "scam likeness")
    shingles = {words[i : i + SHINGLE] for i in range(max(1, len(words) - SHINGLE + 1))}
    hashes = np.array(
        [
            int.from_bytes(hashlib.blake2b(each.encode(), key=key, digest_size=4).digest(), "big") % _PRIME
            for each in shingles
        ],
        dtype=np.uint64,
    )
    # The permutations are drawn from the key too: who does not have it cannot make a text that collides.
    drawn = np.frombuffer(hashlib.shake_256(key + b"places").digest(PLACES * 8), dtype=">u4").astype(np.uint64)
    first, second = drawn[:PLACES] % (_PRIME - 1) + 1, drawn[PLACES:] % _PRIME
    lowest = ((hashes[:, None] * first[None, :] + second[None, :]) % _PRIME).min(axis=0)
    return bytes(lowest.astype(">u4").tobytes())


def likeness(one: bytes, other: bytes) -> float:
    """0 to 1."""
    same = np.frombuffer(one, dtype=">u4") == np.frombuffer(other, dtype=">u4")
    return float(same.mean())
