"""The party records of a generated world as its contracts map them, and who is behind each.

Files of whole worlds hold mostly payments, so of each block only the party rows are written. They go through
the ordinary door of a house once: what is measured is what its contracts make of a source. The records are
kept in the folder of temporary files, since a million of them take many minutes.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from onefold.adapters.files.keys import KeyFiles
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.customer.fragments.model import Values
from onefold.kernel.ids import Cell
from onefold.kernel.time import day_from_date
from onefold.testing.world import truth
from onefold.testing.world.behaviour.calendar import Calendar
from onefold.testing.world.generate import DEFAULT_UNTIL, SHEETS, make_block
from onefold.testing.world.measure import read_truth
from onefold.testing.world.model import BLOCK_PEOPLE, Setting
from onefold.testing.world.write import Encoded, Files

CONTRACTS = Path(__file__).resolve().parents[1] / "contracts" / "world"
CELL = Cell("bench", "uz")
SEED = 11
PARTY_FILES = (
    "core-banking/CUSTOMERS.csv",
    "crm/contacts.jsonl",
    "telecom/subscribers.csv",
    "digital/identifies.jsonl",
    "marketing/contacts.csv",
)
_KEPT = tuple(it for it in SHEETS if it.path in {*PARTY_FILES, truth.RECORDS.path})
_VERSION = 1
_AT_ONCE = 50_000
_WORKERS = 2


class Record(NamedTuple):
    """A party record: its source and key there, what it says, and who is behind it."""

    source: str
    key: str
    values: Values
    who: str


def records(people: int) -> list[Record]:
    """The records of a world of so many people (twice as many records, nearly), in an order of chance."""
    folder = Path(tempfile.gettempdir()) / f"onefold-bench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"parties-{_VERSION}-{people}-{SEED}.msgpack"
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(msgspec.msgpack.encode(_made(people)))
        fresh.rename(path)
    found = msgspec.msgpack.decode(path.read_bytes(), type=list[Record])
    random.Random(SEED).shuffle(found)
    return found


def _made(people: int) -> list[Record]:
    with TemporaryDirectory() as name:
        world, data = Path(name) / "world", Path(name) / "data"
        _write(world, people)
        house = LocalHouse()
        house.create(data, CELL, [CONTRACTS], None)
        for file in PARTY_FILES:
            source, path = file.partition("/")[0], world / file
            as_of = DEFAULT_UNTIL.isoformat()
            house.load(data, source, [path], as_of=as_of, backfill=False, watch=lambda *_: None)
        key = KeyFiles(read_folder(data).keys).cell_key(CELL)
        known = {key.birth_id(it[0], "party", it[1]): (*it, who) for it, who in read_truth(world).items()}
        made, ids = [], list(known)
        with house.working(data) as rooms:
            for first in range(0, len(ids), _AT_ONCE):
                for it, fragment in rooms.reader.fragments(ids[first : first + _AT_ONCE]).items():
                    if fragment.values is not None:
                        source, name, who = known[it]
                        made.append(Record(source, name, fragment.values, who))
    return sorted(made, key=lambda it: (it.source, it.key))


def _write(out: Path, people: int) -> None:
    """The party files and the truth about them, as `generate` writes them among all others."""
    setting = Setting(seed=SEED, people=people, until=day_from_date(DEFAULT_UNTIL))
    with Files(out, _KEPT) as files:
        for block in _blocks(setting):
            files.add(block)


def _blocks(setting: Setting) -> Iterator[Encoded]:
    count = -(-setting.people // BLOCK_PEOPLE)
    with ProcessPoolExecutor(_WORKERS, get_context("spawn"), _begin, (setting,)) as pool:
        yield from pool.map(_block, range(count))


_worker: list[tuple[Setting, Calendar]] = []


def _begin(setting: Setting) -> None:
    _worker.append((setting, Calendar(setting)))


def _block(number: int) -> Encoded:
    setting, calendar = _worker[-1]
    made = make_block(setting, calendar, number).files
    return {it.path: made[it.path] for it in _KEPT if it.path in made}
