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

What is compared is bounded, since time and memory are: keys are taken from the narrowest on, until all of
them together would bring more than `PAIRS_MOST` pairs, or `PAIRS_OF_LARGE` a record where that is more. A
small table keeps every key; what a large one loses by it is measured in ADR 0034.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import (
    APART,
    Column,
    Flags,
    Ints,
    distinct,
    mapped,
    numbered,
    ordered,
)
from onefold.customer.identity.linking.copies import lots_of
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.levels import area
from onefold.customer.identity.normal.sounds import consonants_of
from onefold.kernel.memory import remembered

HUB_LIMIT = 100
JOINT = " + "
"""Between the atoms of one key in its name."""
PAIRS_A_RECORD = 30
PAIRS_MOST = 20_000_000
PAIRS_OF_LARGE = 24
_HUB_SHARE = 200
SOUND_LETTERS = 4
WORDS_A_NAME = 4


class Atom(NamedTuple):
    """One cut of one field: the rows that have it, ascending, its value for each (a row can have many).

    Values are numbers below `size`; `text` says what one stands for, the same whatever rows there are.
    """

    name: str
    field: str
    rows: Ints
    codes: Ints
    size: int
    text: Callable[[int], str]

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


@remembered(65_536)
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


def atom_names(fields: Sequence[tuple[str, str]]) -> set[str]:
    """What the atoms of fields, by name and kind, are called."""
    found = {f"{name}.{cut}" for name, kind in fields for cut, _ in _CUTS.get(kind, ())}
    return found | ({"name.word", "name.words"} if any(kind == "name" for _, kind in fields) else set())


Cuts = Callable[[Sequence[str]], Sequence[str]]
"""From what a record says, field by field, to its values of one atom."""


def atoms_of_text(fields: Sequence[tuple[str, str]], wanted: Collection[str]) -> dict[str, Cuts]:
    """How the wanted of the atoms are cut out of a record's texts, which stand in the order of the fields."""
    found: dict[str, Cuts] = {
        f"{field}.{name}": partial(_cuts_of_text, at, cut)
        for at, (field, kind) in enumerate(fields)
        for name, cut in _CUTS.get(kind, ())
    }
    persons = [at for at, (_, kind) in enumerate(fields) if kind == "name"]
    if persons:
        found["name.word"] = partial(_sounds_of_text, persons)
        found["name.words"] = partial(_twos_of_text, persons)
    return {name: how for name, how in found.items() if name in wanted}


def _cuts_of_text(at: int, cut: Callable[[str], str], texts: Sequence[str]) -> Sequence[str]:
    """As `_cut`, of one record."""
    text = texts[at]
    if APART not in text:
        value = cut(text) if text else ""
        return (value,) if value else ()
    return sorted({cut(it) for it in text.split(APART) if it} - {""})


def _sounds_of_text(persons: Sequence[int], texts: Sequence[str]) -> Sequence[str]:
    """As `_heard`, of one record: the first sounds, none twice."""
    heard = {sound(word) for at in persons for word in texts[at].split()}
    return sorted(it for it in heard if len(it) > 1)[:WORDS_A_NAME]


def _twos_of_text(persons: Sequence[int], texts: Sequence[str]) -> Sequence[str]:
    return [" ".join(it) for it in combinations(_sounds_of_text(persons, texts), 2)]


def _cut(name: str, field: str, column: Column, cut: Callable[[str], str]) -> Atom:
    """A cut of each value; of each of its alternatives where it has some."""
    if not any(APART in it for it in column.values):
        return _single(name, field, mapped(column, cut))
    said = [sorted({cut(it) for it in value.split(APART) if it} - {""}) for value in column.values]
    texts = sorted({it for row in said for it in row})
    place = {it: at for at, it in enumerate(texts)}
    table = np.full((len(said), max(map(len, said))), -1, dtype=np.int64)
    for at, row in enumerate(said):
        table[at, : len(row)] = [place[it] for it in row]
    return _many(name, field, table, column.codes.astype(np.int64), texts.__getitem__)


def _single(name: str, field: str, column: Column) -> Atom:
    rows = np.flatnonzero(column.codes)
    codes = column.codes[rows].astype(np.int64)
    return Atom(name, field, rows, codes, len(column.values), column.values.__getitem__)


def _words(persons: Sequence[Field]) -> list[Atom]:
    """The sounds of the words of a name, wherever they stand, and every two of them."""
    numbers = numbered([it.column.codes for it in persons], [len(it.column.values) for it in persons])
    first, inverse = distinct(numbers)
    heard, sounds = _heard(persons, first)
    room = len(sounds) + 1
    twos = [
        np.where((one > 0) & (other > 0), one * room + other, -1) for one, other in combinations(heard.T, 2)
    ]

    def text(number: int) -> str:
        return " ".join(sounds[it - 1] for it in divmod(number, room) if it)

    ones = np.where(heard > 0, heard, -1)
    return [
        _many("name.word", "name", ones, inverse, text),
        _many("name.words", "name", np.stack(twos, axis=1), inverse, text),
    ]


def _heard(persons: Sequence[Field], rows: Ints) -> tuple[Ints, list[str]]:
    """Up to `WORDS_A_NAME` sounds of each row as rising numbers, none twice; 0 where there are fewer.

    And the sounds, of which number 1 is the first.
    """
    place: dict[str, str] = {}
    said = [[_sounds(it, place) for it in field.column.values] for field in persons]
    ranked = sorted({it for column in said for row in column for it in row})
    rank = {it: at for at, it in enumerate(ranked, 1)}
    blocks = []
    for field, column in zip(persons, said, strict=True):
        width = max((len(it) for it in column), default=0)
        table = np.zeros((len(column), width), dtype=np.int64)
        for at, sounds in enumerate(column):
            table[at, : len(sounds)] = [rank[it] for it in sounds]
        blocks.append(table[field.column.codes[rows]])
    blank = len(rank) + 1
    found = np.concatenate([*blocks, np.zeros((len(rows), WORDS_A_NAME), dtype=np.int64)], axis=1)
    found[found == 0] = blank
    found.sort(axis=1)
    found[:, 1:][found[:, 1:] == found[:, :-1]] = blank
    found.sort(axis=1)
    found = found[:, :WORDS_A_NAME]
    found[found == blank] = 0
    return found, ranked


def _sounds(name: str, known: dict[str, str]) -> list[str]:
    """The sounds of the words of a name; `known` is filled with those of words met."""
    found = []
    for word in name.split():
        if word not in known:
            known[word] = sound(word)
        if len(known[word]) > 1:
            found.append(known[word])
    return found


def _many(name: str, field: str, table: Ints, inverse: Ints, text: Callable[[int], str]) -> Atom:
    """An atom of which each distinct value may have several: a row of numbers each, -1 for none."""
    values, dense = np.unique(table, return_inverse=True)
    shift = 0 if len(values) and values[0] < 0 else 1
    dense = dense.reshape(table.shape) + shift
    many = (table >= 0).sum(axis=1)[inverse]
    rows = np.repeat(np.arange(len(inverse)), many)
    starts = np.concatenate([[0], np.cumsum((table >= 0).sum(axis=1))])
    flat = dense[table >= 0]
    within = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
    codes = flat[starts[inverse[rows]] + within]
    size = int(dense.max(initial=0)) + 1
    return Atom(name, field, rows, codes, size, lambda code: text(int(values[code - shift])))


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
    whole = runs_of((_whole_records(fields),), rows)
    found = [pairs_of(whole, rows)]
    names: list[str] = []
    hubs = hub_rows = 0
    crowded, sought = np.zeros((2, rows), dtype=np.bool_)
    atoms = atoms_of(fields)
    keys = list(_chosen(atoms, rows))
    narrow = _afforded(keys, rows)
    for at, (name, of, pairs) in enumerate(keys):
        runs = runs_of(of, rows)
        used = at in narrow
        dropped = runs.sizes > (HUB_LIMIT if used else 1)
        lost = np.repeat(dropped, runs.sizes)
        crowded[runs.rows[lost]] = True
        sought[runs.rows[~lost]] |= used
        hubs += int((runs.sizes > HUB_LIMIT).sum()) + (not used)
        hub_rows += runs.hub_rows
        if used:
            found.append(pairs_of(runs, rows) if pairs else np.zeros(0, dtype=np.int64))
            names.append(name)
    left, right = _once(found, rows, sources)
    return Candidates(left, right, tuple(names), hubs, hub_rows, crowded, ~sought)


def _afforded(keys: Sequence[_Key], rows: int) -> set[int]:
    """Which keys are taken: from the narrowest on, as many as may be compared in all."""
    most = max(PAIRS_MOST, PAIRS_OF_LARGE * rows)
    found: set[int] = set()
    total = 0
    for at in sorted(range(len(keys)), key=lambda it: (keys[it].pairs, keys[it].name)):
        total += keys[at].pairs
        if total > most or keys[at].pairs > PAIRS_A_RECORD * rows:
            break
        found.add(at)
    return found


def _once(found: list[Ints], rows: int, sources: Ints | None) -> tuple[Ints, Ints]:
    """Every pair once, in order; the lists are emptied on the way."""
    pairs = np.concatenate(found)
    found.clear()
    pairs.sort()
    pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] if len(pairs) else pairs
    left = pairs // rows
    pairs -= left * rows
    if sources is None:
        return left, pairs
    across = sources[left] != sources[pairs]
    return left[across], pairs[across]


def _whole_records(fields: Sequence[Field]) -> Atom:
    """Everything that a record says, where that names a person."""
    lots = lots_of(fields)
    rows = np.flatnonzero(lots >= 0)
    return Atom("record", "record", rows, lots[rows], int(lots.max(initial=0)) + 1, str)


class _Key(NamedTuple):
    """A key: its name, its atoms, and how many pairs it brings together."""

    name: str
    atoms: tuple[Atom, ...]
    pairs: int


def _chosen(atoms: Sequence[Atom], rows: int) -> Iterator[_Key]:
    """Keys: atoms alone, and two of those that are too wide."""
    wide: list[Atom] = []
    for atom in atoms:
        runs = runs_of((atom,), rows)
        yield _Key(atom.name, (atom,), runs.pairs)
        if runs.pairs > PAIRS_A_RECORD * rows or runs.hub_rows * _HUB_SHARE > rows:
            wide.append(atom)
    for one, other in combinations(wide, 2):
        if one.field != other.field:
            yield _Key(f"{one.name}{JOINT}{other.name}", (one, other), runs_of((one, other), rows).pairs)


def runs_of(atoms: Sequence[Atom], rows_in_all: int) -> Runs:
    """The runs of a key made of atoms, each row under every combination of its values."""
    first, *rest = sorted(atoms, key=lambda it: it.single)
    rows, codes = first.rows, first.codes
    for it in rest:
        if it.single:
            column = np.zeros(rows_in_all, dtype=np.int64)
            column[it.rows] = it.codes
            other = column[rows]
            kept = other > 0
            rows, codes = rows[kept], codes[kept] * it.size + other[kept]
            continue
        begins = np.searchsorted(it.rows, rows, side="left")
        many = np.searchsorted(it.rows, rows, side="right") - begins
        within = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
        rows, codes = (
            np.repeat(rows, many),
            np.repeat(codes, many) * it.size + it.codes[np.repeat(begins, many) + within],
        )
    order, codes = ordered(codes)
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    return Runs(rows[order], starts, np.diff(starts, append=len(codes)))


def pairs_of(runs: Runs, rows_in_all: int) -> Ints:
    """Every pair within each run that is no hub, as left * rows + right."""
    found = [np.zeros(0, dtype=np.int64)]
    for size in np.unique(runs.sizes[(runs.sizes > 1) & (runs.sizes <= HUB_LIMIT)]).tolist():
        members = runs.rows[runs.starts[runs.sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        found.append((members[:, one] * rows_in_all + members[:, other]).ravel())
    return np.concatenate(found)
