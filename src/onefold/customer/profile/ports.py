"""What reading a customer needs from the state, whatever keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from onefold.customer.fragments.model import Fragment


class CustomerReader(Protocol):
    """Reads of one cell's state; each call sees one committed state."""

    def customer_of(self, id_bytes: bytes) -> bytes | None:
        """The present customer behind any id ever seen (customer or fragment); None if unknown."""
        ...

    def fragments_of(self, customer_id: bytes) -> list[bytes]:
        """Party fragment ids of a customer, in id order."""
        ...

    def fragments(self, ids: Sequence[bytes]) -> dict[bytes, Fragment]:
        """Fragments by id; missing ones absent."""
        ...

    def linked(
        self, to_ids: Sequence[bytes], relation: str, *, before: tuple[int, bytes] | None = None, most: int = 1000
    ) -> list[tuple[int, bytes, bytes]]:
        """(at, from_id, to_id) of those who refer to any of `to_ids`, newest first, below `before`."""
        ...

    def find(self, terms: Sequence[str], kinds: Sequence[str], most: int) -> list[tuple[str, str, bytes]]:
        """(term, kind, fragment_id) for terms that start with any given one, of the given kinds only."""
        ...

    def buckets(self, owner_ids: Sequence[bytes], measure: str, from_day: int, to_day: int) -> list[tuple[bytes, int, int]]:
        """(owner, day, sum) with from_day ≤ day < to_day, in day order."""
        ...

    def customers(self, after: bytes, most: int) -> list[bytes]:
        """Customer ids in order, for walking all of them."""
        ...

    def walk(self) -> Iterator[tuple[str, bytes]]:
        """(table, canonical row) of every derived row: what the state hash adds up."""
        ...
