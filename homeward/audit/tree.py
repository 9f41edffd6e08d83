"""Merkle trees as RFC 6962 §2.1 defines them: SHA-256, a leaf under 0x00, a node under 0x01.

Pure functions: no database, no clock. A tree of n leaves is known by its compact range: the roots of its perfect
subtrees, largest first, one for every bit of n. Adding a leaf touches at most log2(n) of them.
"""

from collections.abc import Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps a node from being passed off as a leaf."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\1" + left + right).digest()


class CompactRange:
    """The tree over the leaves seen so far, in as many hashes as its size has bits set."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        if len(peaks) != size.bit_count() or any(len(peak) != HASH_SIZE for peak in peaks):
            raise ValueError("the peaks do not fit the size")
        self.size = size
        self.peaks = list(peaks)

    @classmethod
    def unpack(cls, size: int, packed: bytes) -> "CompactRange":
        """From what `pack` gave."""
        if len(packed) % HASH_SIZE:
            raise ValueError("the peaks do not fit the size")
        return cls(size, [packed[i : i + HASH_SIZE] for i in range(0, len(packed), HASH_SIZE)])

    def pack(self) -> bytes:
        """The peaks in one string."""
        return b"".join(self.peaks)

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf: as in binary counting, each trailing 1 of the size merges two equal subtrees."""
        carried, size = hashed_leaf, self.size
        while size & 1:
            carried = node_hash(self.peaks.pop(), carried)
            size >>= 1
        self.peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        total = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            total = node_hash(peak, total)
        return total


def root_of(hashed_leaves: Sequence[bytes]) -> bytes:
    """The root over these leaves."""
    compact = CompactRange()
    for hashed in hashed_leaves:
        compact.append(hashed)
    return compact.root()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, hashed_leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root (RFC 6962 §2.1.1), nearest first."""
    if not 0 <= index < len(hashed_leaves):
        raise ValueError("no such leaf")
    start, end, path = 0, len(hashed_leaves), []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(hashed_leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(hashed_leaves[start:middle]))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, hashed_leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that show the first `old_size` leaves to be a beginning of these (RFC 6962 §2.1.2)."""
    if not 0 < old_size <= len(hashed_leaves):
        raise ValueError("no such tree")
    start, end, path = 0, len(hashed_leaves), []
    whole = True  # whether the old tree is just the subtree at hand, whose root the asker already has
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(root_of(hashed_leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(hashed_leaves[start:middle]))
            start, whole = middle, False
    if not whole:
        path.append(root_of(hashed_leaves[start:end]))
    return path[::-1]


def includes(index: int, size: int, hashed_leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows the leaf to stand at `index` of the tree of that size and root."""
    if not 0 <= index < size or any(len(part) != HASH_SIZE for part in (hashed_leaf, root, *proof)):
        return False
    at, last, hashed = index, size - 1, hashed_leaf
    for part in proof:
        if last == 0:
            return False  # the proof goes on above the root
        if at & 1 or at == last:
            hashed = node_hash(part, hashed)
            while not at & 1 and at:  # levels where the right edge has no sibling
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, part)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def extends(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the old tree to be a beginning of the new one. A tree of no leaf proves nothing."""
    if not 0 < old_size <= size or any(len(part) != HASH_SIZE for part in (old_root, root, *proof)):
        return False
    if old_size == size:
        return not proof and old_root == root
    parts = list(proof)
    if old_size & (old_size - 1) == 0:
        parts.insert(0, old_root)  # the old tree is a perfect subtree of the new one: its root begins the way
    if not parts:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(part, first), node_hash(part, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, part)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == root
