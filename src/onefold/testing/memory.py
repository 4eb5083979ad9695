"""A state in dictionaries: the least that keeps the promises of StepState and CustomerReader.

Slow and plain on purpose: property tests read it as the meaning of the ports, and the stores on disk have to
agree with it (`tests/ports`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from onefold.customer.consent.reach import ALL_PURPOSES, TOLD_APART, UNDECIDED, Spell, silence
from onefold.customer.fragments.links import Link
from onefold.customer.fragments.measures import BucketKey
from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import Sighting
from onefold.customer.profile.groups import Births, Signs, groups_of
from onefold.customer.profile.passages import Passage, holds, owner_word
from onefold.customer.profile.ports import CLOSED, ELSEWHERE, NO_ADDRESS, SHIELDED, Reachable, ReachQuestion
from onefold.customer.profile.terms import Term
from onefold.customer.profile.walking import whole_keys
from onefold.kernel.canonical import canonical_bytes
from onefold.pipeline.errors import Fenced
from onefold.pipeline.model import (
    Contacts,
    CustomerFact,
    Need,
    NeedFragments,
    NeedFragmentsOf,
    NeedHoldersOfKeys,
    NeedLinks,
    NeedMembers,
    NeedPortraits,
    SetAside,
    Writes,
)
from onefold.record.canon.groups import Group, Groups

Listed = TypeVar("Listed")


class MemoryState:
    """Both ports over plain sets; one thread, nothing survives the process."""

    def __init__(self) -> None:
        self._offset = 0
        self._fragments: dict[bytes, Fragment] = {}
        self._links: set[Link] = set()
        self._keys: set[tuple[bytes, bytes]] = set()
        self._portraits: dict[bytes, bytes] = {}
        self._terms: set[Term] = set()
        self._sightings: set[Sighting] = set()
        self._passages: dict[bytes, Passage] = {}
        self._members: dict[bytes, bytes] = {}
        self._customers: dict[bytes, int] = {}
        self._contacts: dict[bytes, Contacts] = {}
        self._spells: dict[bytes, tuple[Spell, ...]] = {}
        self._buckets: dict[BucketKey, int] = {}
        self._set_aside: dict[bytes, SetAside] = {}
        self.facts: list[CustomerFact] = []

    # --- StepState

    @property
    def offset(self) -> int:
        """The last log sequence whose effect is visible."""
        return self._offset

    def answer(self, need: Need) -> Any:
        """The answer documented on each Need."""
        match need:
            case NeedFragments(ids):
                return self.fragments(ids)
            case NeedPortraits(ids):
                return {it: self._portraits[it] for it in ids if it in self._portraits}
            case NeedHoldersOfKeys(keys, most):
                return self.holders(keys, most)
            case NeedMembers(fragment_ids):
                return self.customers_of(fragment_ids)
            case NeedFragmentsOf(customer_ids):
                held = ((customer, it) for it, customer in sorted(self._members.items()))
                return _grouped(customer_ids, held, len(self._members))
            case NeedLinks(to_ids, relation):
                rows = (
                    (to_id, from_id) for to_id, name, _, from_id in sorted(self._links) if name == relation
                )
                return _grouped(to_ids, rows, len(self._links))

    def commit(self, writes: Writes, expected_offset: int, offset: int) -> None:
        """Applies all; `Fenced` when the offset is not the expected one."""
        if self._offset != expected_offset:
            raise Fenced(expected_offset, self._offset)
        self._fragments |= writes.fragments
        self._links = (self._links - writes.links_removed) | writes.links_added
        self._keys = (self._keys - writes.keys_removed) | writes.keys_added
        self._portraits = _put(self._portraits, writes.portraits)
        self._terms = (self._terms - writes.terms_removed) | writes.terms_added
        self._sightings = (self._sightings - writes.sightings_removed) | writes.sightings_added
        self._passages = _put(self._passages, writes.passages)
        self._members = _put(self._members, writes.members)
        self._customers = _put(self._customers, {it: size or None for it, size in writes.customers.items()})
        self._contacts = _put(self._contacts, writes.contacts)
        self._spells = _put(self._spells, {it: spells or None for it, spells in writes.spells.items()})
        for key, amount in writes.buckets.items():
            self._buckets[key] = self._buckets.get(key, 0) + amount
        kept = {key: it for key, it in self._set_aside.items() if it.fragment_id not in writes.erased}
        self._set_aside = kept | writes.set_aside
        self.facts += writes.facts
        self._offset = offset

    def tidy(self) -> None:
        """Nothing is put off here."""

    # --- CustomerReader

    @contextmanager
    def snapshot(self) -> Iterator[MemoryState]:
        """Nothing else writes in one thread, so the state is its own snapshot."""
        yield self

    def customer_of(self, id_bytes: bytes) -> bytes | None:
        """The present customer behind the id of a party fragment."""
        return self._members.get(id_bytes)

    def customers_of(self, fragment_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """`customer_of` for many."""
        return {it: self._members[it] for it in fragment_ids if it in self._members}

    def fragments_of(self, customer_id: bytes) -> list[bytes]:
        """Party fragment ids of a customer, in id order."""
        return sorted(it for it, customer in self._members.items() if customer == customer_id)

    def records_of(self, customer_ids: Sequence[bytes]) -> dict[bytes, list[Fragment]]:
        """The party fragments of many customers, each in id order; those without any are absent."""
        found = {it: [self._fragments[key] for key in self.fragments_of(it)] for it in customer_ids}
        return {it: held for it, held in found.items() if held}

    def fragments(self, ids: Sequence[bytes]) -> dict[bytes, Fragment]:
        """Fragments by id, deleted ones too; missing ones absent."""
        return {it: self._fragments[it] for it in ids if it in self._fragments}

    def holders(self, keys: Sequence[bytes], most: int) -> dict[bytes, list[bytes]]:
        """Who holds each identity key, cut at `most` + 1."""
        return _grouped(keys, sorted(self._keys), most + 1)

    def held_keys(self, after: bytes, most: int) -> list[tuple[bytes, bytes]]:
        """(key, fragment_id) above `after` in order, the last key whole."""
        return whole_keys([it for it in sorted(self._keys) if it[0] > after][: most + 1], most)

    def linked(
        self,
        to_ids: Sequence[bytes],
        relation: str,
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[tuple[int, bytes, bytes]]:
        """(at, from_id, to_id), newest first, below `before`."""
        rows = sorted(
            {
                (at, from_id, to_id)
                for to_id, name, at, from_id in self._links
                if name == relation and to_id in to_ids
            },
            reverse=True,
        )
        return [row for row in rows if before is None or row[:2] < before][:most]

    def every_link(self, relation: str, most: int) -> list[tuple[int, bytes, bytes]]:
        """(at, from_id, to_id) of all who refer to anybody by a relation."""
        found = [(at, from_id, to_id) for to_id, name, at, from_id in self._links if name == relation]
        return sorted(found)[:most]

    def related(
        self, to_ids: Sequence[bytes], relations: Sequence[str], most: int
    ) -> list[tuple[str, int, bytes, bytes]]:
        """(relation, at, from_id, to_id) of those who refer to any of `to_ids` by any of the relations."""
        found = [
            (name, at, from_id, to_id)
            for to_id, name, at, from_id in self._links
            if name in relations and to_id in to_ids
        ]
        return found[:most]

    def referring(
        self, to_ids: Sequence[bytes], relations: Sequence[str], most: int
    ) -> list[tuple[str, int, Fragment, bytes]] | None:
        """`related`, with the fragments themselves; None where there are more than `most`."""
        found = [
            (name, at, self._fragments[from_id], to_id)
            for name, at, from_id, to_id in self.related(to_ids, relations, len(self._links))
            if from_id in self._fragments
        ]
        return found if len(found) <= most else None

    def find(self, terms: Sequence[str], kinds: Sequence[str], most: int) -> list[tuple[str, str, bytes]]:
        """(term, kind, fragment_id) for terms that start with any given one."""
        found: set[Term] = set()
        for wanted in terms:
            for kind in kinds:
                found.update(
                    sorted(it for it in self._terms if it[1] == kind and it[0].startswith(wanted))[:most]
                )
        return sorted(found)

    def heard(
        self,
        words: Sequence[str],
        owners: Sequence[bytes],
        *,
        before: tuple[int, bytes] | None = None,
        most: int = 1000,
    ) -> list[tuple[int, bytes]]:
        """(at, fragment_id) of passages with words that begin with each of these, newest first."""
        about = [owner_word(it) for it in owners]
        found = [(it.at, it.fragment_id) for it in self._passages.values() if holds(it, words, about)]
        return [row for row in sorted(found, reverse=True) if before is None or row < before][:most]

    def devices_of(self, party_ids: Sequence[bytes], most: int) -> list[bytes]:
        """The devices on which any of the parties was seen, in id order, cut at `most`."""
        return sorted({it.device for it in self._sightings if it.party and it.party in party_ids})[:most]

    def sightings(self, device_ids: Sequence[bytes], most: int) -> dict[bytes, list[Sighting]]:
        """Who was seen on each device, in order of (at, fragment id), cut at `most` + 1."""
        rows = ((it.device, it) for it in sorted(self._sightings))
        return _grouped(device_ids, rows, most + 1)

    def seen_on(self, after: bytes, most: int) -> list[tuple[bytes, bytes]]:
        """(device, party) of the sightings on the devices behind `after`, the last device whole."""
        rows = [(it.device, it.party) for it in sorted(self._sightings) if it.party and it.device > after]
        return whole_keys(rows[: most + 1], most)

    def buckets(
        self, owner_ids: Sequence[bytes], measure: str, from_day: int, to_day: int
    ) -> list[tuple[bytes, int, int]]:
        """(owner, day, sum), by owner and day."""
        return sorted(
            (owner, day, amount)
            for (owner, name, day), amount in self._buckets.items()
            if owner in owner_ids and name == measure and from_day <= day < to_day and amount
        )

    def reachable(self, question: ReachQuestion, customers: Sequence[bytes] | None) -> Reachable:
        """What stands between many customers and being contacted."""
        found = Reachable([], [], {}, [])
        for customer in sorted(self._customers if customers is None else set(customers)):
            if customer not in self._customers:
                continue
            word = self._word(question, customer)
            if word == UNDECIDED:
                found.undecided.append(customer)
            elif word:
                found.left_out[word] = found.left_out.get(word, 0) + 1
            else:
                found.free.append(customer)
                found.clocks.extend([self._contacts[customer].clocks] if question.clocks else [])
        return found

    def _word(self, question: ReachQuestion, customer: bytes) -> str:
        contacts = self._contacts.get(customer)
        if contacts is None or not _any_of(question.sources, contacts.sources):
            return CLOSED
        if _groups(contacts, question.births) in question.shielded:
            return SHIELDED
        standing = {
            it.purpose: it.obstacle
            for it in self._spells.get(customer, ())
            if it.channel == question.channel and it.from_at <= question.now < it.until_at
            if question.is_ours or it.purpose == ALL_PURPOSES
        }
        silent = silence(question.purpose, question.channel) if question.is_ours else UNDECIDED
        word = standing.get(ALL_PURPOSES) or standing.get(question.purpose, silent)
        known = getattr(contacts, question.address) if question.address else contacts.sources
        if not word and not _any_of(question.sources, known):
            return NO_ADDRESS
        unsure = question.address == "address" and _any_of(question.sources, contacts.partial)
        unsure |= question.by_data and any(it.purpose == TOLD_APART for it in self._spells.get(customer, ()))
        prefers = question.preferring and contacts.preferred not in ("", f",{question.channel},")
        return word or (UNDECIDED if unsure else ELSEWHERE if prefers else "")

    def customers(self, after: bytes, most: int) -> list[bytes]:
        """Customer ids above `after` in order."""
        return sorted(it for it in self._customers if it > after)[:most]

    def walk(self) -> Iterator[tuple[str, bytes]]:
        """(table, canonical row) of every derived row."""
        tables: dict[str, Any] = {
            "fragments": self._fragments.values(),
            "links": self._links,
            "keys": self._keys,
            "portraits": self._portraits.items(),
            "terms": self._terms,
            "sightings": ((*it[:4], int(it.leaves)) for it in self._sightings),
            "passages": map(tuple, self._passages.values()),
            "members": self._members.items(),
            "customers": self._customers.items(),
            "contacts": ((key, *msgspec.structs.astuple(it)) for key, it in self._contacts.items()),
            "spells": ((key, *it) for key, spells in self._spells.items() for it in spells),
            "buckets": ((*key, amount) for key, amount in self._buckets.items() if amount),
            "set_aside": self._set_aside.values(),
        }
        for table, rows in tables.items():
            for row in rows:
                yield table, canonical_bytes(row)


def _any_of(sources: frozenset[str], listed: str) -> bool:
    return any(f",{it}," in listed for it in sources)


def _groups(contacts: Contacts, births: Births) -> Groups:
    said = frozenset(Group(it) for it in contacts.groups.split(",") if it)
    return groups_of(Signs(contacts.youngest, contacts.eldest, said), births)


def _grouped(
    wanted: Sequence[bytes], rows: Iterable[tuple[bytes, Listed]], most: int
) -> dict[bytes, list[Listed]]:
    """First column → second column for the wanted ones, lists cut at `most`, in the order of the rows."""
    among = set(wanted)
    groups: dict[bytes, list[Listed]] = defaultdict(list)
    for first, second in rows:
        if first in among and len(groups[first]) < most:
            groups[first].append(second)
    return dict(groups)


def _put(held: dict[bytes, Any], changes: dict[bytes, Any]) -> dict[bytes, Any]:
    merged = held | changes
    return {key: value for key, value in merged.items() if value is not None}
