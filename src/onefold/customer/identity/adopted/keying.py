"""The keys of a model as digests: what a record is found under while others come and go.

They are the keys of the linker (linking/candidates.py) that the model was trained with, one by one: an atom
of a field, or two atoms of two fields. Whether a value is a hub is for whoever counts the holders; how many
are too many is told by the digest itself, whose last two bits are the rung of its key (`RUNGS`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import product

from onefold.customer.identity.linking.candidates import JOINT, atoms_of_text

RUNGS = (10, 30)
"""The limits that a key can have below the one of all: the last bits of its digests are its place here."""
_LAST = 3
"""The rung of keys without a limit of their own."""


class Keying:
    """The keys of records whose texts stand in the order of these fields (name, kind).

    `limits` are those of the keys that have one of their own: of `RUNGS`, or the key has none.
    """

    def __init__(
        self, fields: Sequence[tuple[str, str]], names: Sequence[str], limits: Mapping[str, int]
    ) -> None:
        self._rungs = {name: RUNGS.index(it) for name, it in limits.items() if it in RUNGS}
        parts = {name: name.split(JOINT) for name in names}
        atoms = atoms_of_text(fields, {it for some in parts.values() for it in some})
        whole = {name: some for name, some in parts.items() if atoms.keys() >= set(some)}
        self._atoms = {it: atoms[it] for some in whole.values() for it in some}
        self._single = [name for name, some in whole.items() if len(some) == 1]
        self._joint = [(name, some) for name, some in whole.items() if len(some) > 1]

    def keys_of(self, texts: Sequence[str]) -> set[bytes]:
        """The digests of a record, 16 bytes each."""
        return {digest for _, digest in self._named(texts)}

    def fields_of_keys(self, texts: Sequence[str]) -> dict[bytes, tuple[str, ...]]:
        """Of each key of a record, the fields it is made of; `name` is any field of a person's name."""
        return {digest: _fields(name) for name, digest in self._named(texts)}

    def _named(self, texts: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        known = {name: values_of(texts) for name, values_of in self._atoms.items()}
        for name in self._single:
            for value in known[name]:
                yield name, self._digest(name, f"{name}\0{value}")
        for name, atoms in self._joint:
            for values in product(*[known[it] for it in atoms]):
                yield name, self._digest(name, "\0".join((name, *values)))

    def _digest(self, name: str, key: str) -> bytes:
        found = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        return on_rung(found, self._rungs.get(name, _LAST))


def on_rung(digest: bytes, rung: int = _LAST) -> bytes:
    """A digest that says of itself which limit its key has."""
    return digest[:-1] + bytes((digest[-1] & ~_LAST | rung,))


def limit_of(digest: bytes, usual: int) -> int:
    """How many may hold a key; the usual limit where it has none of its own, and never more."""
    rung = digest[-1] & _LAST
    return min(RUNGS[rung], usual) if rung < len(RUNGS) else usual


def _fields(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.rpartition(".")[0] for it in name.split(JOINT)))
