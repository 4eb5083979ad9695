"""What the pure step asks for and what it ends in. Every runtime answers the first and commits the second.

Tables of the state (all derived; deleting them and replaying the log gives the same rows):

- `fragments`  fragment_id → Fragment
- `links`      (to_id, relation, at, from_id): `from_id` refers to `to_id`; relation is "entity.field",
               `at` orders children in time (ms; 0 where the entity has no time)
- `keys`       (key, fragment_id): identity keys of party fragments (16-byte digests, rule-tagged)
- `terms`      (term, kind, fragment_id): what a person may type to find a party fragment
- `members`    fragment_id → customer_id, for party fragments
- `customers`  customer_id → number of fragments
- `buckets`    (owner_id, measure, day) → integer sum
- `outbox`     (sequence) facts for the world outside: customer ids changed, merged, split
"""

from __future__ import annotations

import msgspec

from onefold.customer.fragments.model import Fragment

Link = tuple[bytes, str, int, bytes]
Term = tuple[str, str, bytes]
BucketKey = tuple[bytes, str, int]


class NeedFragments(msgspec.Struct, frozen=True):
    """Asks for fragments by id. Answer: `dict[bytes, Fragment]`, missing ids absent."""

    ids: tuple[bytes, ...]


class NeedHoldersOfKeys(msgspec.Struct, frozen=True):
    """Asks which fragments hold each identity key. Answer: `dict[bytes, list[bytes]]`.

    Lists are cut at `most` + 1 ids: a longer one is a hub and its tail is not needed.
    """

    keys: tuple[bytes, ...]
    most: int


class NeedMembers(msgspec.Struct, frozen=True):
    """Asks the present customer of party fragments. Answer: `dict[bytes, bytes]`."""

    fragment_ids: tuple[bytes, ...]


class NeedLinks(msgspec.Struct, frozen=True):
    """Asks who refers to these ids by a relation. Answer: `dict[bytes, list[bytes]]` in (at, id) order."""

    to_ids: tuple[bytes, ...]
    relation: str


class NeedCustomers(msgspec.Struct, frozen=True):
    """Asks the member fragments of customers. Answer: `dict[bytes, list[bytes]]`."""

    customer_ids: tuple[bytes, ...]


Need = NeedFragments | NeedHoldersOfKeys | NeedMembers | NeedLinks | NeedCustomers


class CustomerFact(msgspec.Struct, frozen=True, array_like=True):
    """A fact for the outbox: `kind` is CustomerMerged, CustomerSplit or CustomerIdChanged."""

    kind: str
    customer_ids: tuple[bytes, ...]
    fragment_ids: tuple[bytes, ...]


class Writes(msgspec.Struct):
    """Everything one batch changes. Buckets are differences to add; the rest are puts and removals."""

    fragments: dict[bytes, Fragment] = msgspec.field(default_factory=dict)
    links_added: set[Link] = msgspec.field(default_factory=set)
    links_removed: set[Link] = msgspec.field(default_factory=set)
    keys_added: set[tuple[bytes, bytes]] = msgspec.field(default_factory=set)
    keys_removed: set[tuple[bytes, bytes]] = msgspec.field(default_factory=set)
    terms_added: set[Term] = msgspec.field(default_factory=set)
    terms_removed: set[Term] = msgspec.field(default_factory=set)
    members: dict[bytes, bytes | None] = msgspec.field(default_factory=dict)
    customers: dict[bytes, int] = msgspec.field(default_factory=dict)
    buckets: dict[BucketKey, int] = msgspec.field(default_factory=dict)
    facts: list[CustomerFact] = msgspec.field(default_factory=list)
