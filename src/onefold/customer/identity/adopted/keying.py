"""The keys of a model as digests: what a record is found under while others come and go.

They are the keys of the linker (linking/candidates.py) that the model was trained with, one by one: an atom
of a field, or two atoms of two fields. Whether a value is a hub is for whoever counts the holders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import product

from onefold.customer.identity.linking.candidates import JOINT, Atom, atoms_of
from onefold.customer.identity.linking.fields import Field


def keys_of_rows(fields: Sequence[Field], names: Sequence[str], rows: int) -> list[set[bytes]]:
    """The digests of each row, 16 bytes each, under the keys of these names."""
    kinds = {part.partition(".")[0] for name in names for part in name.split(JOINT)}
    told = [it for it in fields if it.name in kinds or it.kind in kinds]
    held = {it.name: _held(it) for it in atoms_of(told)}
    found: list[set[bytes]] = [set() for _ in range(rows)]
    for name in names:
        parts = [held.get(it, {}) for it in name.split(JOINT)]
        for row in min(parts, key=len):
            for values in product(*(it.get(row, ()) for it in parts)):
                found[row].add(_digest(name, values))
    return found


def _held(atom: Atom) -> Mapping[int, list[str]]:
    """Row → the values of an atom that it has."""
    held: dict[int, list[str]] = defaultdict(list)
    for row, code in zip(atom.rows.tolist(), atom.codes.tolist(), strict=True):
        held[row].append(atom.text(code))
    return held


def _digest(name: str, values: Sequence[str]) -> bytes:
    return blake2b("\0".join((name, *values)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
