"""What reading a customer needs from the state, whatever keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import Sighting
from onefold.customer.profile.groups import NO_ELDEST, NO_YOUNGEST, Births
from onefold.record.canon.groups import Groups


class ReachQuestion(NamedTuple):
    """For what, over which channel, at which instant, by data of which sources, at an address of which kind.

    `address` is `email`, `phone`, `address`, or empty where the channel needs none. `preferring`: who named
    another channel is not free. `clocks`: where the clocks of the free stand is asked for, too. `shielded`:
    customers of exactly one of these sets of sensitive groups are not free, where `births` say who is of age.
    `is_ours`: we ask for ourselves; of another controller the state knows nothing but suppressions, and whom
    these do not stop is undecided. `by_data`: they were chosen by other data than addresses, so whoever told
    classes of data apart, and is stopped by nothing else, is undecided.
    """

    purpose: str
    channel: str
    now: int
    sources: frozenset[str]
    address: str
    preferring: bool = False
    clocks: bool = False
    shielded: frozenset[Groups] = frozenset()
    births: Births = Births(NO_ELDEST, NO_YOUNGEST)
    is_ours: bool = True
    by_data: bool = False


class Reachable(NamedTuple):
    """Customers in order of id: nothing stands in the way of the `free`; the `undecided` are to be asked
    one by one; of the others, how many by what stands in the way.

    Words are those of `Consents.obstacle`, and CLOSED, SHIELDED, NO_ADDRESS and ELSEWHERE. `clocks`: for each
    of the free, in the same order, the clues of its records (clocks.py), each between commas, if asked for.
    """

    free: list[bytes]
    undecided: list[bytes]
    left_out: dict[str, int]
    clocks: list[str]


CLOSED = "closed"
"""No source that knows the customer may serve the purpose."""
SHIELDED = "shielded"
"""A source that may serve the purpose knows the customer, who is of groups that are not asked for."""
NO_ADDRESS = "no address"
"""No source that may serve the purpose knows an address of the kind."""
ELSEWHERE = "elsewhere"
"""Nothing else stands in the way, and some record of the customer names another channel to be reached by."""


class CustomerReader(Protocol):
    """Reads of one cell's state. Each call sees one committed state; a snapshot makes many calls see one."""

    @property
    def offset(self) -> int:
        """The last log sequence whose effect is visible."""
        ...

    def snapshot(self) -> AbstractContextManager[CustomerReader]:
        """Within it every call of this thread sees the state as it was committed when it began.

        Keep it short: what it sees cannot be cleared away meanwhile.
        """
        ...

    def customer_of(self, id_bytes: bytes) -> bytes | None:
        """The present customer behind a party fragment's id, hence behind any customer id ever given out.

        None if unknown, or if that fragment is deleted or erased.
        """
        ...

    def customers_of(self, fragment_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """`customer_of` for many; those without a customer are absent."""
        ...

    def fragments_of(self, customer_id: bytes) -> list[bytes]:
        """Party fragment ids of a customer, in id order."""
        ...

    def records_of(self, customer_ids: Sequence[bytes]) -> dict[bytes, list[Fragment]]:
        """The party fragments of many customers, each in id order; those without any are absent."""
        ...

    def fragments(self, ids: Sequence[bytes]) -> dict[bytes, Fragment]:
        """Fragments by id, deleted ones too; missing ones absent."""
        ...

    def holders(self, keys: Sequence[bytes], most: int) -> dict[bytes, list[bytes]]:
        """The party fragments that hold each identity key, in id order, cut at `most` + 1; others absent."""
        ...

    def held_keys(self, after: bytes, most: int) -> list[tuple[bytes, bytes]]:
        """(key, fragment_id) of the identity keys above `after` in order, the last key whole; cut at `most`.

        For walking all of them; a key that more than `most` hold comes cut, alone.
        """
        ...

    def linked(
        self,
        to_ids: Sequence[bytes],
        relation: str,
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[tuple[int, bytes, bytes]]:
        """(at, from_id, to_id) of those who refer to any of `to_ids`, newest first, below `before`.

        `before` is the (at, from_id) of the last one seen; equal instants are told apart by id.
        """
        ...

    def every_link(self, relation: str, most: int) -> list[tuple[int, bytes, bytes]]:
        """(at, from_id, to_id) of all who refer to anybody by a relation, in no order; cut at `most`.

        For relations of which a cell has few.
        """
        ...

    def related(
        self, to_ids: Sequence[bytes], relations: Sequence[str], most: int
    ) -> list[tuple[str, int, bytes, bytes]]:
        """(relation, at, from_id, to_id) of those who refer to any of `to_ids` by any of the relations.

        All in one question, in no order; cut at `most`, and nobody can say which are missing then.
        """
        ...

    def referring(
        self, to_ids: Sequence[bytes], relations: Sequence[str], most: int
    ) -> list[tuple[str, int, Fragment, bytes]] | None:
        """(relation, at, fragment, to_id): `related`, with the fragments themselves.

        None where there are more than `most`.
        """
        ...

    def find(self, terms: Sequence[str], kinds: Sequence[str], most: int) -> list[tuple[str, str, bytes]]:
        """(term, kind, fragment_id) for terms that start with any given one, of the given kinds only.

        Sorted, without repeats; at most `most` for each given term and kind.
        """
        ...

    def heard(
        self,
        words: Sequence[str],
        owners: Sequence[bytes],
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[tuple[int, bytes]]:
        """(at, fragment_id) of passages with a word that begins with each of these; newest first.

        Those about any of the owners (parties, devices, accounts); about anybody where none is named. The
        words are folded as `passages.question` does.
        """
        ...

    def devices_of(self, party_ids: Sequence[bytes], most: int) -> list[bytes]:
        """The devices on which any of the parties was seen, in id order, cut at `most`."""
        ...

    def sightings(self, device_ids: Sequence[bytes], most: int) -> dict[bytes, list[Sighting]]:
        """Who was seen on each device, in order of (at, fragment id), cut at `most` + 1; others absent."""
        ...

    def seen_on(self, after: bytes, most: int) -> list[tuple[bytes, bytes]]:
        """(device, party) of the sightings on devices behind `after`, the last device whole; cut at `most`.

        For walking all of them, each device together, in an order of the store's own. One on which more than
        `most` were seen comes cut, alone. Who only left is not among them.
        """
        ...

    def buckets(
        self, owner_ids: Sequence[bytes], measure: str, from_day: int, to_day: int
    ) -> list[tuple[bytes, int, int]]:
        """(owner, day, sum) with from_day ≤ day < to_day and the sum not zero, by owner and day."""
        ...

    def totals(self, owner_ids: Sequence[bytes], measure: str) -> dict[bytes, tuple[int, int]]:
        """Owner → the sum over all days, and the last of them; absent where each day's sum is zero."""
        ...

    def reachable(self, question: ReachQuestion, customers: Sequence[bytes] | None) -> Reachable:
        """What stands between many customers (None: all) and being contacted; ids of nobody are left out."""
        ...

    def customers(self, after: bytes, most: int) -> list[bytes]:
        """Customer ids above `after` in order, for walking all of them."""
        ...

    def walk(self) -> Iterator[tuple[str, bytes]]:
        """(table, canonical row) of every derived row: what the state hash adds up."""
        ...


class Reading(Protocol):
    """What was asked of one committed state, and every answer: to be held against a later one."""

    @property
    def size_bytes(self) -> int:
        """About what it takes in memory."""
        ...

    def names(self, ids: AbstractSet[bytes]) -> bool:
        """Whether something was asked or answered that has one of these ids."""
        ...


class RereadingReader(CustomerReader, Protocol):
    """A reader that can tell whether what it once read would be read again."""

    def noted(self) -> AbstractContextManager[Reading]:
        """Within a snapshot: notes whatever this thread asks in the block."""
        ...

    def stands(self, reading: Reading) -> bool:
        """Within a snapshot: whether every question of a reading has the answer in it that it had then.

        Nothing is asked again where nothing at all was committed since it was last found to stand.
        """
        ...
