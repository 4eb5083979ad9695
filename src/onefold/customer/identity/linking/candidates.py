"""Which pairs are looked at at all: those that share a key that not too many share.

Theory
------
A record has *atoms*: a value of one field, or a coarser cut of it that survives a slip (the sound of a name,
the year of a birth, the area of a postcode). A *key* is made of atoms of different fields. Names give an atom
for each word wherever it stands, so exchanged columns and left-out names are found all the same.

No list of keys suits every table, so they are chosen by counting: an atom alone is a key where few share its
values; where many do, it is made narrower by an atom of another field. A key value that more than
`HUB_LIMIT` records share is a hub: it is dropped whole and counted, and so is a key that would bring too many
pairs. Atoms that are too wide alone meet in twos and not in threes. So a slip in one field hides no pair that
agrees in two others, unless more than `HUB_LIMIT` records agree in those two as well, or the key of the
two was dropped. A pair that agrees in everything is looked at besides: the whole record is a key.
Who was looked for by no key at all is `hidden`: nothing is known of whether anybody is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import APART, Column, Flags, Ints, column_of, mapped
from onefold.customer.identity.linking.copies import lots_of
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.levels import area
from onefold.customer.identity.normal.sounds import consonants_of

HUB_LIMIT = 100
PAIRS_A_RECORD = 30
_HUB_SHARE = 200
SOUND_LETTERS = 4
WORDS_A_NAME = 4


class Atom(NamedTuple):
    """One cut of one field: the rows that have it, ascending, its value for each (a row can have many).

    `codes` are places in `values`.
    """

    name: str
    field: str
    rows: Ints
    codes: Ints
    values: Sequence[object]

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.values)

    @property
    def single(self) -> bool:
        """Whether no row has two values."""
        return len(self.rows) < 2 or bool((np.diff(self.rows) > 0).all())


class Candidates(NamedTuple):
    """Pairs of rows (left < right, in order), the keys that made them, and what was dropped.

    `hubs` counts key values that too many share, and keys that would bring too many pairs. Of each row:
    whether it stood in something that was dropped (`crowded`), and whether no key was left to it (`hidden`).
    """

    left: Ints
    right: Ints
    keys: tuple[str, ...]
    hubs: int
    hub_records: int
    crowded: Flags
    hidden: Flags


def sound(word: str) -> str:
    """The first consonants of a word in comparable form, `a` for a vowel in front."""
    bones = consonants_of(word)
    return (bones[:1] + bones[1:].replace("h", ""))[:SOUND_LETTERS]


def core(street: str) -> str:
    """The first number of an address and the sound of its longest word."""
    parts = street.split()
    number = next((it for it in parts if it[0].isdigit()), "")
    named = min(
        (it for it in parts if it.isalpha() and len(it) > 3), key=lambda it: (-len(it), it), default=""
    )
    return f"{number} {sound(named)}" if number and named else ""


def _whole(text: str) -> str:
    return text


_CUTS: dict[str, tuple[tuple[str, Callable[[str], str]], ...]] = {
    "birth_date": (("whole", _whole), ("year", lambda it: it[:4]), ("day", lambda it: it[4:])),
    "postcode": (("whole", _whole), ("area", area)),
    "email": (("whole", _whole), ("local", lambda it: it.partition("@")[0])),
    "phone": (("whole", _whole),),
    "identifier": (("whole", _whole),),
    "street": (("whole", _whole), ("core", core)),
    "organisation": (("whole", _whole), ("first", lambda it: sound(it.split()[0]))),
    "city": (("whole", _whole),),
    "region": (("whole", _whole),),
    "category": (("whole", _whole),),
}


def atoms_of(fields: Sequence[Field]) -> list[Atom]:
    """Every atom of every field."""
    found = [
        _cut(f"{it.name}.{name}", it.name, it.column, cut)
        for it in fields
        for name, cut in _CUTS.get(it.kind, ())
    ]
    persons = [it for it in fields if it.kind == "name"]
    return [*found, *_words(persons)] if persons else found


def _cut(name: str, field: str, column: Column, cut: Callable[[str], str]) -> Atom:
    """A cut of each value; of each of its alternatives where it has some."""
    if not any(APART in it for it in column.values):
        return _single(name, field, mapped(column, cut))
    held = [
        (at, said)
        for at, value in enumerate(column.values)
        for said in sorted({cut(it) for it in value.split(APART) if it})
        if said
    ]
    return _many(name, held, column.codes.astype(np.int64), len(column.values), field)


def _single(name: str, field: str, column: Column) -> Atom:
    rows = np.flatnonzero(column.codes)
    return Atom(name, field, rows, column.codes[rows].astype(np.int64), column.values)


def _words(persons: Sequence[Field]) -> list[Atom]:
    """The sounds of the words of a name, wherever they stand, and every two of them."""
    combos, inverse = np.unique(
        np.stack([it.column.codes for it in persons], axis=1), axis=0, return_inverse=True
    )
    ones: list[tuple[int, str]] = []
    twos: list[tuple[int, str]] = []
    for at, row in enumerate(combos.tolist()):
        said = [
            word for it, code in zip(persons, row, strict=True) for word in it.column.values[code].split()
        ]
        sounds = sorted({heard for word in said if len(heard := sound(word)) > 1})[:WORDS_A_NAME]
        ones += [(at, it) for it in sounds]
        twos += [(at, " ".join(it)) for it in combinations(sounds, 2)]
    return [
        _many("name.word", ones, inverse.reshape(-1), len(combos)),
        _many("name.words", twos, inverse.reshape(-1), len(combos)),
    ]


def _many(name: str, held: list[tuple[int, str]], inverse: Ints, distinct: int, field: str = "name") -> Atom:
    """An atom of which each distinct combination may have several values."""
    values = column_of(text for _, text in held)
    owners = np.fromiter((at for at, _ in held), dtype=np.int64, count=len(held))
    counts = np.bincount(owners, minlength=distinct)
    starts = np.concatenate([[0], np.cumsum(counts)])
    many = counts[inverse]
    rows = np.repeat(np.arange(len(inverse)), many)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
    return Atom(
        name, field, rows, values.codes[starts[inverse[rows]] + within].astype(np.int64), values.values
    )


class Runs(NamedTuple):
    """Rows ordered by the value of a key, where each value's run starts, and how long it is."""

    rows: Ints
    starts: Ints
    sizes: Ints

    @property
    def pairs(self) -> int:
        """How many pairs the values bring together that are no hubs."""
        sizes = self.sizes[self.sizes <= HUB_LIMIT]
        return int((sizes * (sizes - 1) // 2).sum())

    @property
    def hub_rows(self) -> int:
        """How many rows stand in hubs."""
        return int(self.sizes[self.sizes > HUB_LIMIT].sum())


def candidates(fields: Sequence[Field], sources: Ints | None = None) -> Candidates:
    """The pairs of rows that share a key; with `sources`, only pairs of rows of two sources."""
    rows = len(fields[0].column.codes)
    whole = runs_of((_whole_records(fields),))
    found = [np.unique(pairs_of(whole, rows))]
    names: list[str] = []
    hubs = hub_rows = 0
    crowded, sought = np.zeros((2, rows), dtype=np.bool_)
    for name, runs, used in _chosen(atoms_of(fields), rows):
        dropped = runs.sizes > (HUB_LIMIT if used else 1)
        lost = np.repeat(dropped, runs.sizes)
        crowded[runs.rows[lost]] = True
        sought[runs.rows[~lost]] |= used
        hubs += int((runs.sizes > HUB_LIMIT).sum()) + (not used)
        hub_rows += runs.hub_rows
        if used:
            found.append(np.unique(pairs_of(runs, rows)))
            names.append(name)
    pairs = np.unique(np.concatenate(found))
    left, right = pairs // rows, pairs % rows
    if sources is not None:
        across = sources[left] != sources[right]
        left, right = left[across], right[across]
    return Candidates(left, right, tuple(names), hubs, hub_rows, crowded, ~sought)


def _whole_records(fields: Sequence[Field]) -> Atom:
    """Everything that a record says, where that names a person."""
    lots = lots_of(fields)
    rows = np.flatnonzero(lots >= 0)
    return Atom("record", "record", rows, lots[rows], range(len(lots)))


def _chosen(atoms: Sequence[Atom], rows: int) -> Iterator[tuple[str, Runs, bool]]:
    """Keys, and whether they are worth their pairs: atoms alone, and two of those that are too wide."""
    wide: list[Atom] = []
    most = PAIRS_A_RECORD * rows
    for atom in atoms:
        runs = runs_of((atom,))
        yield atom.name, runs, runs.pairs <= most
        if runs.pairs > most or runs.hub_rows * _HUB_SHARE > rows:
            wide.append(atom)
    for one, other in combinations(wide, 2):
        if one.field != other.field:
            runs = runs_of((one, other))
            yield f"{one.name} + {other.name}", runs, runs.pairs <= most


def runs_of(atoms: Sequence[Atom]) -> Runs:
    """The runs of a key made of atoms, each row under every combination of its values."""
    first, *rest = atoms
    rows, codes = first.rows, first.codes
    for it in rest:
        ends = np.searchsorted(it.rows, rows, side="right")
        begins = np.searchsorted(it.rows, rows, side="left")
        many = ends - begins
        places = (
            np.repeat(begins, many) + np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
        )
        rows, codes = np.repeat(rows, many), np.repeat(codes, many) * it.size + it.codes[places]
    order = np.argsort(codes, kind="stable")
    rows, codes = rows[order], codes[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    return Runs(rows, starts, np.diff(starts, append=len(codes)))


def pairs_of(runs: Runs, rows_in_all: int) -> Ints:
    """Every pair within each run that is no hub, as left * rows + right."""
    found = [np.zeros(0, dtype=np.int64)]
    for size in np.unique(runs.sizes[(runs.sizes > 1) & (runs.sizes <= HUB_LIMIT)]).tolist():
        members = runs.rows[runs.starts[runs.sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        found.append((members[:, one] * rows_in_all + members[:, other]).ravel())
    return np.concatenate(found)
