"""Reading ahead: what hangs on a customer in a few questions instead of one for each thing somebody may ask.

A view asks for consents, suppressions, holders, products, cases and risks of each of its records. Gathered
once, they are answered from here for the length of one snapshot; what was not gathered is asked of the state
as ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import Sighting
from onefold.customer.profile.ports import CustomerReader, Reachable, ReachQuestion

GATHERED_MAX = 2000
"""A customer with more than this is read the ordinary way: newest first, cut where each asker says."""
OF_PARTY = (
    "consent.party",
    "suppression.party",
    "holder.party",
    "account.party",
    "risk.party",
    "case.party",
)
OF_ACCOUNT = ("account.account", "holder.account", "risk.account", "case.account")

Link = tuple[int, bytes, bytes]
"""(at, from_id, to_id)."""


_NONE: frozenset[bytes] = frozenset()


def _newest_first(found: tuple[str, int, Fragment, bytes]) -> tuple[int, bytes]:
    return found[1], found[2].fragment_id


class Gathered:
    """A reader within one snapshot that remembers what it was asked to gather, and every fragment it read."""

    def __init__(self, reader: CustomerReader) -> None:
        self._reader = reader
        self._gathered: dict[str, set[bytes]] = {}
        self._links: defaultdict[tuple[str, bytes], list[Link]] = defaultdict(list)
        self._fragments: dict[bytes, Fragment] = {}

    def fresh(self) -> Gathered:
        """The same snapshot with nothing remembered, for the next of many customers."""
        return Gathered(self._reader)

    def gather(self, to_ids: Sequence[bytes], relations: Sequence[str]) -> None:
        """Reads everybody who refers to the ids by the relations, and their fragments.

        `relations` are OF_PARTY or OF_ACCOUNT: what is gathered of one of them is gathered of all.
        """
        had = self._gathered.setdefault(relations[0], set())
        to_ids = [it for it in to_ids if it not in had]
        found = self._reader.referring(to_ids, relations, GATHERED_MAX) if to_ids else None
        if found is None:
            return
        had.update(to_ids)
        self._gathered |= dict.fromkeys(relations, had)
        found.sort(key=_newest_first, reverse=True)
        for relation, at, fragment, to_id in found:
            self._links[relation, to_id].append((at, fragment.fragment_id, to_id))
            self._fragments[fragment.fragment_id] = fragment

    def linked(
        self,
        to_ids: Sequence[bytes],
        relation: str,
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[Link]:
        """As the port says; from what was gathered where all of it was."""
        asked = set(to_ids)
        if before is not None or not asked <= self._gathered.get(relation, _NONE):
            return self._reader.linked(to_ids, relation, before=before, most=most)
        known = [links for it in asked if (links := self._links.get((relation, it)))]
        if len(known) < 2:
            return known[0][:most] if known else []
        return sorted(chain(*known), reverse=True)[:most]

    def fragments(self, ids: Sequence[bytes]) -> dict[bytes, Fragment]:
        """As the port says; each is read once."""
        known = self._fragments
        if missing := [it for it in ids if it not in known]:
            known |= self._reader.fragments(missing)
        return {it: known[it] for it in ids if it in known}

    @property
    def offset(self) -> int:
        """As the port says."""
        return self._reader.offset

    def customer_of(self, id_bytes: bytes) -> bytes | None:
        """As the port says."""
        return self._reader.customer_of(id_bytes)

    def customers_of(self, fragment_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """As the port says."""
        return self._reader.customers_of(fragment_ids)

    def fragments_of(self, customer_id: bytes) -> list[bytes]:
        """As the port says."""
        return self._reader.fragments_of(customer_id)

    def records_of(self, customer_ids: Sequence[bytes]) -> dict[bytes, list[Fragment]]:
        """As the port says; nothing of it is remembered, because many are asked for."""
        return self._reader.records_of(customer_ids)

    def members_of(self, customer_id: bytes) -> dict[bytes, Fragment]:
        """The party fragments of one customer, in id order."""
        found = {it.fragment_id: it for it in self._reader.records_of([customer_id]).get(customer_id, ())}
        self._fragments |= found
        return found

    def find(self, terms: Sequence[str], kinds: Sequence[str], most: int) -> list[tuple[str, str, bytes]]:
        """As the port says."""
        return self._reader.find(terms, kinds, most)

    def heard(
        self,
        words: Sequence[str],
        owners: Sequence[bytes],
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[tuple[int, bytes]]:
        """As the port says."""
        return self._reader.heard(words, owners, before=before, most=most)

    def devices_of(self, party_ids: Sequence[bytes], most: int) -> list[bytes]:
        """As the port says."""
        return self._reader.devices_of(party_ids, most)

    def sightings(self, device_ids: Sequence[bytes], most: int) -> dict[bytes, list[Sighting]]:
        """As the port says."""
        return self._reader.sightings(device_ids, most)

    def buckets(
        self, owner_ids: Sequence[bytes], measure: str, from_day: int, to_day: int
    ) -> list[tuple[bytes, int, int]]:
        """As the port says."""
        return self._reader.buckets(owner_ids, measure, from_day, to_day)

    def totals(self, owner_ids: Sequence[bytes], measure: str) -> dict[bytes, tuple[int, int]]:
        """As the port says."""
        return self._reader.totals(owner_ids, measure)

    def reachable(self, question: ReachQuestion, customers: Sequence[bytes] | None) -> Reachable:
        """As the port says."""
        return self._reader.reachable(question, customers)
