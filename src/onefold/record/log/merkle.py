"""The Merkle tree of a segment and the chain of segments: what makes a log provable.

The tree is that of RFC 9162 (Certificate Transparency 2.0), section 2.1, over SHA-256:

    leaf(record)  = H(0x00 ‖ header ‖ H(payload))
    node(l, r)    = H(0x01 ‖ l ‖ r)
    root of n     = node(root of the first k, root of the other n - k), k the largest power of two < n
    root of 0     = H()

The prefixes keep a leaf from ever being read as a node (second preimage). A leaf holds the digest of the
payload in the place of the payload: dropping the payload (erasure) leaves every leaf, root and proof as it
was. Where the header ends is unambiguous because the digest is the last 32 bytes.

Any n leaves split into perfect subtrees, one for each 1 in the binary form of n. Their roots, largest
first, are all that is needed to add a leaf (an increment with carries: each carry is one node) and to name
the root at any moment (folding them from the right). `Frontier` keeps just those, so a writer pays one
leaf and on average one node a record, and opening a log means one pass over its last segment.

Segments are chained:

    chain(0)      = H(0x03 ‖ cell ‖ 0x00 ‖ log name), so that two logs never share a chain
    chain(n)      = H(0x02 ‖ chain(n - 1) ‖ root(n) ‖ u64 size(n))

A signed checkpoint names segment, size, root and chain root. Whoever holds one, and has the files, sees any
byte of a header or payload changed, any record cut, swapped or added below it. What lies behind the last
checkpoint is protected by checksums only, which find accidents and not an attacker.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(header: bytes, payload_digest: bytes) -> bytes:
    """The leaf of one record; `payload_digest` is the SHA-256 of its payload."""
    return sha256(b"\x00" + header + payload_digest).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The parent of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def log_digest(cell: str, name: str) -> bytes:
    """Which log this is: stands in every segment's header and starts its chain."""
    return sha256(b"\x03" + cell.encode() + b"\x00" + name.encode()).digest()


def chain_root(previous: bytes, root: bytes, size: int) -> bytes:
    """The chain after a segment of `size` records with that tree root."""
    return sha256(b"\x02" + previous + root + size.to_bytes(8, "big")).digest()


class Frontier:
    """A growing tree, kept as the roots of its perfect subtrees."""

    __slots__ = ("_subtrees", "size")

    def __init__(self) -> None:
        self._subtrees: list[bytes] = []
        self.size = 0
        """Leaves so far."""

    def append(self, leaf: bytes) -> None:
        """Adds one leaf hash."""
        carry = self.size
        while carry & 1:
            leaf = sha256(b"\x01" + self._subtrees.pop() + leaf).digest()
            carry >>= 1
        self._subtrees.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The tree root over the leaves so far."""
        if not self._subtrees:
            return EMPTY_ROOT
        *larger, root = self._subtrees
        for subtree in reversed(larger):
            root = node_hash(subtree, root)
        return root


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root over all leaf hashes at once."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


class Tree:
    """A finished tree with all its nodes, so that each of many paths costs as many steps as it is long.

    A node without a sibling moves up as it is: that is the tree of the definition, level by level.
    """

    __slots__ = ("_levels",)

    def __init__(self, leaves: Sequence[bytes]) -> None:
        level = list(leaves)
        self._levels = [level]
        while len(level) > 1:
            pairs = range(0, len(level) - 1, 2)
            level = [*(node_hash(level[at], level[at + 1]) for at in pairs), *level[len(pairs) * 2 :]]
            self._levels.append(level)

    @property
    def size(self) -> int:
        """Leaves."""
        return len(self._levels[0])

    def path(self, index: int) -> list[bytes]:
        """The sibling hashes that lead from leaf `index` to the root, nearest first (RFC 9162, 2.1.3.1)."""
        if not 0 <= index < self.size:
            raise AssertionError("the leaf is in the tree")
        path: list[bytes] = []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                path.append(level[index ^ 1])
            index >>= 1
        return path


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path of one leaf alone."""
    return Tree(leaves).path(index)


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` is number `index` of the `size` leaves under `root`.

    The algorithm of RFC 9162, 2.1.3.2: no leaf but the one in question is needed.
    """
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            computed = node_hash(computed, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and computed == root


def consistency_path(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """What shows that the first `size` leaves are the beginning of all of them (RFC 9162, 2.1.4.1)."""
    if not 1 <= size <= len(leaves):
        raise AssertionError("the smaller tree is part of the larger one, and not empty")
    path: list[bytes] = []
    first, count = 0, len(leaves)
    while size < count:
        split = 1 << ((count - 1).bit_length() - 1)
        if size <= split:
            path.append(tree_root(leaves[first + split : first + count]))
            count = split
        else:
            path.append(tree_root(leaves[first : first + split]))
            first += split
            count -= split
            size -= split
    if first:
        path.append(tree_root(leaves[first : first + count]))
    path.reverse()
    return path


def consistent(size: int, root: bytes, larger: int, larger_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree of `larger` leaves begins with the one of `size`.

    The algorithm of RFC 9162, 2.1.4.2: no leaf is needed.
    """
    if not 1 <= size <= larger:
        return False
    if size == larger:
        return not path and root == larger_root
    # A smaller tree that is one perfect subtree of the larger one starts the path itself.
    hashes = [root, *path] if size & (size - 1) == 0 else list(path)
    if not hashes:
        return False
    position, last = size - 1, larger - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and (old, new) == (root, larger_root)
