"""What is found out about extracts. Values are as the sources said them: who shows them masks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from onefold.customer.identity.linking.columns import Ints
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.linker import Linked


class Said(NamedTuple):
    """The records that were read, and what the linker made of them.

    `texts` gives each column's values in the order of the files, "" where nothing is said; `sources` and
    `ids` go with them. `order[i]` is the place there of the i-th row of `fields` and `linked`. `holders`
    says which sources have a column at all, `kinds` what each column that tells something was taken for.
    """

    names: tuple[str, ...]
    sources: Ints
    ids: Sequence[str]
    texts: Mapping[str, Sequence[str]]
    holders: Mapping[str, tuple[int, ...]]
    kinds: Mapping[str, str]
    order: Ints
    fields: Sequence[Field]
    linked: Linked


class Range(msgspec.Struct, frozen=True):
    """An estimate and the ends of its interval."""

    low: float
    middle: float
    high: float


class Quality(msgspec.Struct, frozen=True):
    """How good the result seems to be, in pairs of records, without any labels; see `estimates.py`.

    `joined` pairs are in one customer. `wrong` of them are of two persons; `apart` pairs of one person were
    looked at and left apart, `unseen` ones shared no key and were not looked at.
    """

    joined: int
    candidates: int
    wrong: Range
    apart: Range
    unseen: Range
    precision: Range
    recall: Range


class SourceFacts(msgspec.Struct, frozen=True):
    """One source. Each record is `alone`, with another one of its source, of another source, or of both."""

    name: str
    records: int
    customers: int
    alone: int
    inside: int
    across: int
    both: int


class Together(msgspec.Struct, frozen=True):
    """Customers that are in exactly these sources (places in the list of sources)."""

    sources: tuple[int, ...]
    customers: int


class ColumnFacts(msgspec.Struct, frozen=True):
    """The values of one column in one source, a record each.

    Filled are good ones, placeholders, invalid and unchecked ones.
    `shared` records hold a value that more than `SHARED_MOST` records of the source hold. `formats` are the
    commonest shapes (9 a digit, a a letter) with how many records have them.
    """

    source: int
    column: str
    kind: str
    records: int
    filled: int
    distinct: int
    placeholders: int
    invalid: int
    unchecked: int
    shared: int
    formats: tuple[tuple[str, int], ...]


class Hub(msgspec.Struct, frozen=True):
    """A value that many records share, in comparable form."""

    kind: str
    value: str
    records: int
    customers: int
    sources: tuple[int, ...]


class Shown(msgspec.Struct, frozen=True):
    """One record of an example: its source, its row there (from 1), its id, and (kind, column, value)s."""

    source: int
    row: int
    id: str
    values: tuple[tuple[str, str, str], ...]


class Example(msgspec.Struct, frozen=True):
    """Records that show something: what was compared and how it came out, and how probable one person is."""

    records: tuple[Shown, ...]
    levels: tuple[tuple[str, str], ...] = ()
    probability: float | None = None
    note: str = ""


class Examples(msgspec.Struct, frozen=True):
    """Some examples of a kind, and how many there are in all."""

    kind: str
    total: int
    some: tuple[Example, ...]


class Facts(msgspec.Struct, frozen=True):
    """Everything that a report says."""

    sources: tuple[SourceFacts, ...]
    records: int
    customers: int
    sizes: tuple[tuple[int, int], ...]
    together: tuple[Together, ...]
    matched: tuple[tuple[float, ...], ...]
    probabilities: tuple[tuple[int, int], ...]
    columns: tuple[ColumnFacts, ...]
    hubs: tuple[Hub, ...]
    quality: Quality
    examples: tuple[Examples, ...]
    keys: int
    dropped: int
    unnamed: tuple[tuple[str, int], ...]

    @property
    def surplus(self) -> int:
        """Records beyond one for each customer."""
        return self.records - self.customers
