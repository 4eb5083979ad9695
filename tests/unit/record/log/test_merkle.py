"""The tree against its plain recursive definition in RFC 9162, section 2.1, and known answers."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    chain_root,
    consistency_path,
    consistent,
    included,
    inclusion_path,
    leaf_hash,
    log_digest,
    tree_root,
)

# The inputs and roots that implementations of Certificate Transparency check themselves against.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves_of(count: int) -> list[bytes]:
    """Different leaf hashes."""
    return [sha256(b"leaf %d" % number).digest() for number in range(count)]


def split_of(count: int) -> int:
    """The largest power of two below a count."""
    split = 1
    while split * 2 < count:
        split *= 2
    return split


def plain_root(leaves: list[bytes]) -> bytes:
    """MTH of section 2.1.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = split_of(len(leaves))
    return sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


def plain_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1, word by word."""
    if len(leaves) == 1:
        return []
    split = split_of(len(leaves))
    if index < split:
        return [*plain_path(index, leaves[:split]), plain_root(leaves[split:])]
    return [*plain_path(index - split, leaves[split:]), plain_root(leaves[:split])]


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_known_trees_have_their_known_roots(size):
    leaves = [leaf_hash(bytes.fromhex(text), b"") for text in INPUTS[:size]]
    assert tree_root(leaves).hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(70))
def test_a_growing_tree_has_at_every_size_the_root_of_the_definition(size):
    frontier = Frontier()
    for leaf in leaves_of(size):
        frontier.append(leaf)
    assert frontier.size == size
    assert frontier.root() == plain_root(leaves_of(size))


def test_asking_for_the_root_does_not_disturb_the_tree():
    frontier = Frontier()
    for count, leaf in enumerate(leaves_of(40), 1):
        frontier.append(leaf)
        assert frontier.root() == frontier.root() == plain_root(leaves_of(count))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 33])
def test_every_leaf_has_the_path_of_the_definition_and_it_proves(size):
    leaves = leaves_of(size)
    root = plain_root(leaves)
    for index, leaf in enumerate(leaves):
        path = inclusion_path(leaves, index)
        assert path == plain_path(index, leaves)
        assert included(leaf, index, size, path, root)


def plain_consistency(size: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of section 2.1.4.1, word by word."""
    if size == len(leaves):
        return [] if whole else [plain_root(leaves)]
    split = split_of(len(leaves))
    if size <= split:
        return [*plain_consistency(size, leaves[:split], whole), plain_root(leaves[split:])]
    return [*plain_consistency(size - split, leaves[split:], False), plain_root(leaves[:split])]


@pytest.mark.parametrize("larger", [1, 2, 3, 7, 8, 9, 16, 21, 33])
def test_every_smaller_tree_has_the_path_of_the_definition_and_it_proves(larger):
    leaves = leaves_of(larger)
    for size in range(1, larger + 1):
        path = consistency_path(leaves, size)
        assert path == plain_consistency(size, leaves)
        assert consistent(size, plain_root(leaves[:size]), larger, plain_root(leaves), path)


# RFC 9162, 2.1.5: in the tree of seven leaves, the paths of leaves 0, 3, 4 and 6, and of trees of 3, 4 and 6.
def test_the_examples_of_the_rfc():
    a, b, c, d, e, f, j = leaves_of(7)
    g, h, i = (plain_root(it) for it in ([a, b], [c, d], [e, f]))
    k, m = plain_root([a, b, c, d]), plain_root([e, f, j])
    paths = {index: inclusion_path(leaves_of(7), index) for index in (0, 3, 4, 6)}
    assert paths == {0: [b, h, m], 3: [c, g, m], 4: [f, j, k], 6: [i, k]}
    assert consistency_path(leaves_of(7), 3) == [c, d, g, m]
    assert consistency_path(leaves_of(7), 4) == [m]
    assert consistency_path(leaves_of(7), 6) == [i, j, k]


@given(larger=st.integers(2, 40), data=st.data())
def test_a_consistency_proof_holds_for_nothing_but_its_two_trees(larger, data):
    leaves = leaves_of(larger)
    size = data.draw(st.integers(1, larger - 1))
    old, new, path = tree_root(leaves[:size]), tree_root(leaves), consistency_path(leaves, size)
    other = sha256(b"other").digest()
    changed = data.draw(st.integers(0, size - 1))
    rewritten = [*leaves[:changed], other, *leaves[changed + 1 :]]
    assert not consistent(size, old, larger, tree_root(rewritten), path)
    assert not consistent(size, old, larger, tree_root(rewritten), consistency_path(rewritten, size))
    assert not consistent(size, tree_root(rewritten[:size]), larger, new, path)
    assert not consistent(0, old, larger, new, path)
    assert not consistent(larger, old, larger, new, path)
    assert not consistent(size, old, larger, new, [])
    assert not consistent(size, old, larger, new, [*path, other])
    for place in range(len(path)):
        assert not consistent(size, old, larger, new, [*path[:place], other, *path[place + 1 :]])


@given(size=st.integers(1, 40), data=st.data())
def test_a_proof_holds_for_nothing_but_its_leaf_its_place_its_size_and_its_root(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_path(leaves, index), tree_root(leaves)
    other = sha256(b"other").digest()
    assert not included(other, index, size, path, root)
    assert not included(leaves[index], index, size, path, other)
    for wrong in {*range(-1, size + 2)} - {index}:
        assert not included(leaves[index], wrong, size, path, root)
    assert not included(leaves[index], index, size, [*path, other], root)
    for place in range(len(path)):
        assert not included(leaves[index], index, size, path[:place] + path[place + 1 :], root)
        assert not included(leaves[index], index, size, [*path[:place], other, *path[place + 1 :]], root)


def test_the_empty_tree_proves_nothing():
    assert tree_root([]) == EMPTY_ROOT
    assert not included(leaves_of(1)[0], 0, 0, [], EMPTY_ROOT)


def test_a_leaf_cannot_be_taken_for_a_node():
    left, right = leaves_of(2)
    assert leaf_hash(left, right) != tree_root([left, right])


def test_moving_a_byte_between_header_and_payload_gives_another_leaf():
    assert leaf_hash(b"ab", sha256(b"c").digest()) != leaf_hash(b"a", sha256(b"bc").digest())


def test_a_chain_depends_on_what_came_before_on_the_root_and_on_the_size():
    start, root = log_digest("demo/uz", "log"), tree_root(leaves_of(3))
    chains = {
        chain_root(start, root, 3),
        chain_root(start, root, 4),
        chain_root(start, tree_root(leaves_of(4)), 3),
        chain_root(chain_root(start, root, 3), root, 3),
    }
    assert len(chains) == 4


def test_logs_of_other_cells_or_names_start_other_chains():
    digests = {log_digest("demo/uz", "log"), log_digest("demo/uz", "audit"), log_digest("demo/de", "log")}
    assert len(digests) == 3
