"""What identity looks at and what it says: portraits of party fragments, evidence, judgements. All frozen."""

from __future__ import annotations

from collections.abc import Callable, Collection, MutableMapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

import msgspec

Pair = tuple[bytes, bytes]
"""Two fragment ids, the smaller first."""

Edge = tuple[int, bytes, bytes]
"""(weight, smaller id, greater id)."""


class Fate(StrEnum):
    """What became of an edge when its component was decided."""

    JOINED = "joined"
    WITHIN = "within"
    APART = "apart"
    COMPETING = "competing"
    LET_GO = "let_go"
    OUTWEIGHED = "outweighed"


Fates = MutableMapping[Pair, Fate]
"""By edge. `JOINED`: it brought two clusters together; these are a greatest spanning tree of each customer.

`WITHIN`: they were together by then. `APART`: some of one cluster may not be with some of the other.
`COMPETING`: it speaks as strongly for another who may not be with this one. `LET_GO`: the component was too
large. `OUTWEIGHED`: what the other pairs of the two clusters say is more.
"""

SAID_SAME = 1 << 50
"""What a steward's `same` weighs: more than anything a provider finds."""

LIKENESS = (
    *("given_name", "middle_name", "family_name", "full_name", "organisation_name"),
    *("email", "phone", "national_id", "tax_id", "customer_number"),
    *("address", "city", "region", "postcode", "country"),
)
"""The canonical fields of a party, but for the day of birth, that two records can be alike in.

Gender is not among them: it is of a special category, and linking is no purpose that it was given for.
"""


def pair_of(one: bytes, other: bytes) -> Pair:
    """The pair of two fragments, whichever is named first."""
    return (one, other) if one < other else (other, one)


class Portrait(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What of a party fragment can tell who it is, in comparable form. Empty text or None: not said.

    Equal portraits are the same to identity: a fragment whose portrait did not change needs no new decision.
    """

    fragment_id: bytes
    kind: str
    name: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    organisation: tuple[str, ...]
    birth_date: int | None
    national_id: str
    tax_id: str
    customer_number: str
    identifiers_verified: bool
    email: str
    email_verified: bool
    phone: str
    phone_verified: bool
    address: tuple[str, ...]
    place: tuple[str, ...]
    since_on: int | None
    careful: bool = False
    """To be joined by proof alone: the record says vulnerable or protected, or has a guardian."""
    said: tuple[str, ...] = ()
    """The values of `LIKENESS` as they were said: an engine that learns has comparable forms of its own."""
    read: tuple[str, ...] = ()
    """What the engine in force reads of `said`, in the place of it (`EvidenceProvider.read`)."""

    def __hash__(self) -> int:
        """Of the id alone, which two portraits at hand seldom share: the rest takes longer than its use."""
        return hash(self.fragment_id)


class Evidence(msgspec.Struct, frozen=True):
    """One reason to think that two fragments are one party. `weight` orders reasons; it is no probability.

    `verified`: the reason is an identifier that both sources have proof of, so a consent may follow it.
    """

    left: bytes
    right: bytes
    weight: int
    rule: str
    verified: bool


class Conflict(msgspec.Struct, frozen=True):
    """One reason why two fragments can never be in one customer."""

    left: bytes
    right: bytes
    rule: str


class Verdict(StrEnum):
    """A steward's word on two fragments."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class Judgement(msgspec.Struct, frozen=True):
    """The word that stands for a pair: the newest of all given."""

    left: bytes
    right: bytes
    verdict: Verdict
    actor: str
    reason: str
    at: int


class Bounds(NamedTuple):
    """What clusters of a component have to keep to.

    `apart`: two may never be together. `doubted`: proof between others may not bring them together.
    `careful`: one is joined by proof alone. `parted`: the pairs that nothing but a steward's word parts.
    """

    apart: Callable[[bytes, bytes], bool]
    doubted: Callable[[bytes, bytes], bool]
    careful: Callable[[bytes], bool]
    parted: Collection[Pair]


class EvidenceProvider(Protocol):
    """Where evidence comes from: the rules, and beside them any engine that keeps these promises.

    Both methods are pure functions of their arguments, `evidence` and `conflicts` are symmetric, and
    evidence between two fragments exists only if they share a key: keys are how candidates are found.
    """

    @property
    def hub_limit(self) -> int:
        """The greatest limit of any key: one that more fragments hold is a hub in any case."""
        ...

    def hub_limit_of(self, key: bytes) -> int:
        """A key that more fragments hold is a hub: it brings no candidates together, for anybody."""
        ...

    @property
    def component_limit(self) -> int:
        """How many fragments are decided together at most."""
        ...

    def read(self, portrait: Portrait) -> Portrait:
        """A portrait as the state keeps it, with what this engine reads of it in the place of what was said.

        Whatever else is asked of either has the same answer; that of the one that was read costs less.
        """
        ...

    def keys_of(self, portraits: Sequence[Portrait]) -> list[frozenset[bytes]]:
        """16-byte digests under which candidates meet, of each: of many at once they may cost less."""
        ...

    def fields_of_keys(self, portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
        """Of each key of one, the canonical fields it is made of; `name` is any field of a person's name."""
        ...

    def weights(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """What each pair weighs: above 0 it belongs together, below it does not, 0 says nothing.

        A pure function of each pair alone, and symmetric. Above 0 only where there is evidence.
        """
        ...

    def clusters(
        self,
        nodes: Collection[bytes],
        edges: Sequence[Edge],
        bounds: Bounds,
        fates: Fates | None = None,
    ) -> list[list[bytes]]:
        """The customers among fragments that edges above 0 connect, each in id order, by their least id.

        `fates`, where given, is told what became of each edge above 0.
        """
        ...

    def evidence(self, left: Portrait, right: Portrait) -> Sequence[Evidence]:
        """Every reason for, strongest first."""
        ...

    def doubts(self, left: Portrait, right: Portrait) -> bool:
        """Whether proof between others may not bring these two together, though likeness may."""
        ...

    def conflicts(self, left: Portrait, right: Portrait) -> Sequence[Conflict]:
        """Every reason against that no evidence of other pairs can outweigh."""
        ...
