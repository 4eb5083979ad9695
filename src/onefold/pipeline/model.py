"""What the pure step asks for and what it ends in. Every runtime answers the first and commits the second.

Tables of the state (all derived; deleting them and replaying the log gives the same rows):

- `fragments`  fragment_id → Fragment
- `links`      (to_id, relation, at, from_id): `from_id` refers to `to_id`; relation is "entity.field",
               `at` orders children in time (ms; 0 where the entity has no time)
- `keys`       (key, fragment_id): identity keys of party fragments (16-byte digests, rule-tagged)
- `portraits`  fragment_id → what identity compares of a party fragment that stands, as the engine in force
               reads it (customer/identity/portraits.py, encoded)
- `terms`      (term, kind, fragment_id): what a person may type to find a party or an account
- `sightings`  (device, at, fragment_id, party, leaves): that somebody was on a device, or left it
- `passages`   (fragment_id, at, words): the words said in a conversation, and whom it is about
- `members`    fragment_id → customer_id, for party fragments
- `customers`  customer_id → number of fragments
- `contacts`   customer_id → Contacts: which sources know the customer, and which know an address; the
               channels it prefers; the signs of sensitive groups
- `spells`     (customer_id, purpose, channel, from_at, until_at, obstacle): what stands in the way of
               contacting the customer, and when; where there is none, what silence means stands
- `buckets`    (owner_id, measure, day) → integer sum
- `set_aside`  event_id → SetAside: events that are in the log and could not be mapped
- `outbox`     (sequence) facts for the world outside: customer ids changed, merged, split

All but the outbox are counted in the state hash: a fact tells what one batch did, and how the log was cut
into batches must not show. An event set aside is counted, because a replay under the same contracts sets the
same events aside.
"""

from __future__ import annotations

import msgspec

from onefold.customer.consent.reach import Spell
from onefold.customer.fragments.links import Link
from onefold.customer.fragments.measures import BucketKey
from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.attribution import Sighting
from onefold.customer.profile.groups import NO_ELDEST, NO_YOUNGEST
from onefold.customer.profile.passages import Passage
from onefold.customer.profile.terms import Term


class NeedFragments(msgspec.Struct, frozen=True):
    """Asks for fragments by id. Answer: `dict[bytes, Fragment]`, missing ids absent."""

    ids: tuple[bytes, ...]


class NeedPortraits(msgspec.Struct, frozen=True):
    """Asks for the portraits of party fragments. Answer: `dict[bytes, bytes]`, encoded.

    Absent are fragments that do not stand, and those that are no parties.
    """

    ids: tuple[bytes, ...]


class NeedHoldersOfKeys(msgspec.Struct, frozen=True):
    """Asks which fragments hold each identity key. Answer: `dict[bytes, list[bytes]]`.

    Keys that nobody holds are absent. Lists are in id order and cut at `most` + 1 ids: a longer one is a
    hub and its tail is not needed.
    """

    keys: tuple[bytes, ...]
    most: int


class NeedMembers(msgspec.Struct, frozen=True):
    """Asks the present customer of party fragments. Answer: `dict[bytes, bytes]`, missing ids absent."""

    fragment_ids: tuple[bytes, ...]


class NeedFragmentsOf(msgspec.Struct, frozen=True):
    """Asks for the party fragments of customers. Answer: `dict[bytes, list[bytes]]`, in id order.

    Customers that are not known are absent.
    """

    customer_ids: tuple[bytes, ...]


class NeedLinks(msgspec.Struct, frozen=True):
    """Asks who refers to these ids by a relation. Answer: `dict[bytes, list[bytes]]` in (at, id) order.

    Ids that nobody refers to are absent.
    """

    to_ids: tuple[bytes, ...]
    relation: str


Need = NeedFragments | NeedPortraits | NeedHoldersOfKeys | NeedMembers | NeedFragmentsOf | NeedLinks


class CustomerFact(msgspec.Struct, frozen=True, array_like=True):
    """A fact for the outbox: `kind` is CustomerMerged, CustomerSplit or CustomerIdChanged."""

    kind: str
    customer_ids: tuple[bytes, ...]
    fragment_ids: tuple[bytes, ...]


class SetAside(msgspec.Struct, frozen=True, array_like=True):
    """An event that its contract could not map: where it stands and why, nothing of what it says."""

    event_id: bytes
    fragment_id: bytes
    source: str
    object: str
    contract: str
    reason: str
    field: str


class Contacts(msgspec.Struct, frozen=True, array_like=True):
    """The sources that know a customer at all, and those that know an address of each kind.

    Each of these is a text of their names in order, each between commas (`,core,crm,`); empty where there are
    none.
    """

    sources: str
    email: str
    phone: str
    address: str
    partial: str
    """Those that know parts of an address and not the address: which of them survives is not known here."""
    preferred: str
    """Not sources but channels: those that any record names as the one to be reached by."""
    clocks: str
    """Not sources but clues to where the customer's clock stands, of each record one (profile/clocks.py)."""
    groups: str = ""
    """Not sources but the sensitive groups that somebody said the customer is of."""
    youngest: int = NO_YOUNGEST
    eldest: int = NO_ELDEST
    """The days of birth that the records know: the last and the first (profile/groups.py)."""


class Writes(msgspec.Struct):
    """Everything one batch changes. Buckets are differences to add; the rest are puts and removals."""

    fragments: dict[bytes, Fragment] = msgspec.field(default_factory=dict)
    links_added: set[Link] = msgspec.field(default_factory=set)
    links_removed: set[Link] = msgspec.field(default_factory=set)
    keys_added: set[tuple[bytes, bytes]] = msgspec.field(default_factory=set)
    keys_removed: set[tuple[bytes, bytes]] = msgspec.field(default_factory=set)
    portraits: dict[bytes, bytes | None] = msgspec.field(default_factory=dict)
    terms_added: set[Term] = msgspec.field(default_factory=set)
    terms_removed: set[Term] = msgspec.field(default_factory=set)
    sightings_added: set[Sighting] = msgspec.field(default_factory=set)
    sightings_removed: set[Sighting] = msgspec.field(default_factory=set)
    passages: dict[bytes, Passage | None] = msgspec.field(default_factory=dict)
    """Fragment → its passage; None where it has none any more."""
    members: dict[bytes, bytes | None] = msgspec.field(default_factory=dict)
    customers: dict[bytes, int] = msgspec.field(default_factory=dict)
    """Customer → number of fragments; 0 where it ceases to be."""
    contacts: dict[bytes, Contacts | None] = msgspec.field(default_factory=dict)
    """Customer → who can be asked for an address; None where it ceases to be."""
    spells: dict[bytes, tuple[Spell, ...]] = msgspec.field(default_factory=dict)
    """Customer → all its spells; they take the place of those that were there."""
    buckets: dict[BucketKey, int] = msgspec.field(default_factory=dict)
    set_aside: dict[bytes, SetAside] = msgspec.field(default_factory=dict)
    erased: set[bytes] = msgspec.field(default_factory=set)
    """Fragments of which nothing is known from now on; what was set aside of them goes, too."""
    facts: list[CustomerFact] = msgspec.field(default_factory=list)
