"""The keys of a model as digests: what a record is found under while others come and go.

They are the keys of the linker (linking/candidates.py) that the model was trained with, one by one: an atom
of a field, or two atoms of two fields. Whether a value is a hub is for whoever counts the holders.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import product

from onefold.customer.identity.linking.candidates import JOINT, atoms_of_text


class Keying:
    """The keys of records whose texts stand in the order of these fields (name, kind)."""

    def __init__(self, fields: Sequence[tuple[str, str]], names: Sequence[str]) -> None:
        self._parts = [(name, name.split(JOINT)) for name in names]
        self._atoms = atoms_of_text(fields, {it for _, parts in self._parts for it in parts})

    def keys_of(self, texts: Sequence[str]) -> set[bytes]:
        """The digests of a record, 16 bytes each."""
        held = {name: values(texts) for name, values in self._atoms.items()}
        return {
            _digest(name, values)
            for name, parts in self._parts
            for values in product(*(held.get(it, ()) for it in parts))
        }


def _digest(name: str, values: Sequence[str]) -> bytes:
    return blake2b("\0".join((name, *values)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
