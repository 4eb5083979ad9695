"""A whole world into a folder, block by block; a seed gives the same bytes with any number of workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import msgspec

from onefold.kernel.errors import CallerError
from onefold.kernel.time import day_from_date
from onefold.testing.world import truth
from onefold.testing.world.behaviour.calendar import Calendar
from onefold.testing.world.behaviour.holdings import hold
from onefold.testing.world.draws import stream
from onefold.testing.world.lives import live
from onefold.testing.world.model import BLOCK_PEOPLE, Setting
from onefold.testing.world.population import populate
from onefold.testing.world.presence import register
from onefold.testing.world.sheets import Pages, Sheet, spoil_some
from onefold.testing.world.sources import (
    agreements,
    core_banking,
    crm,
    digital,
    marketing,
    relations,
    risk,
    telecom,
)
from onefold.testing.world.write import Encoded, Files, encode

DEFAULT_UNTIL = date(2026, 9, 30)
"""The last day of a world whose caller names none, so that runs reproduce."""

MOST_PEOPLE = 12_000_000
SHEETS: tuple[Sheet, ...] = (
    *core_banking.SHEETS, agreements.AGREEMENTS, *relations.SHEETS, *crm.SHEETS, *telecom.SHEETS,
    *digital.SHEETS, *risk.SHEETS, *marketing.SHEETS, *truth.SHEETS,
)  # fmt: skip
_AHEAD = 3
"""Blocks a worker may be ahead of the files: what bounds the memory of a parallel run."""


class WorldSummary(msgspec.Struct, frozen=True):
    """What was written: `records` are of people and companies, `rows` counts those of each file."""

    people: int
    companies: int
    households: int
    records: int
    bad_rows: int
    rows: dict[str, int]

    @property
    def total_rows(self) -> int:
        """Rows of all files of the sources, bad ones included, the truth not."""
        return sum(count for path, count in self.rows.items() if not path.startswith("truth/"))


class _Made(msgspec.Struct):
    """One block ready to be written."""

    people: int
    companies: int
    households: int
    files: Encoded


def generate(
    out: Path,
    *,
    people: int,
    seed: int,
    until: date | None = None,
    progress: Callable[[int, int], None] | None = None,
    latin: bool = False,
    workers: int = 1,
) -> WorldSummary:
    """Writes `<out>/<source>/…` and `<out>/truth/…` for a world of `people`, up to and with the day `until`.

    `progress` is told (people done, people in all) after each block. `latin` keeps Cyrillic out of names and
    addresses. `CallerError` when the size or the folder cannot be.
    """
    if not 1 <= people <= MOST_PEOPLE:
        raise CallerError("A world has between 1 and 12 million people.", hint="Choose a size in between.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CallerError("The folder for the world is not empty.", hint="Name a new or empty folder.")
    setting = Setting(seed=seed, people=people, until=day_from_date(until or DEFAULT_UNTIL), latin=latin)
    totals = {"people": 0, "companies": 0, "households": 0}
    with Files(out, SHEETS) as files:
        for made in _blocks(setting, workers):
            files.add(made.files)
            for name in totals:
                totals[name] += getattr(made, name)
            if progress:
                progress(totals["people"], people)
    rows = files.rows
    return WorldSummary(
        **totals, records=rows[truth.RECORDS.path], bad_rows=rows[truth.BAD_ROWS.path], rows=rows
    )


def _blocks(setting: Setting, workers: int) -> Iterator[_Made]:
    """The blocks in order; with several workers made apart, never more than a few ahead."""
    count = -(-setting.people // BLOCK_PEOPLE)
    if workers <= 1 or count < 2 * workers:
        calendar = Calendar(setting)
        for number in range(count):
            yield make_block(setting, calendar, number)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (setting,)) as pool:
        waiting: deque[Future[_Made]] = deque()
        for number in range(count):
            waiting.append(pool.submit(_in_worker, number))
            if len(waiting) >= workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_worker: list[tuple[Setting, Calendar]] = []


def _begin(setting: Setting) -> None:
    _worker.append((setting, Calendar(setting)))


def _in_worker(number: int) -> _Made:
    setting, calendar = _worker[-1]
    return make_block(setting, calendar, number)


def make_block(setting: Setting, calendar: Calendar, number: int) -> _Made:
    """One block, from people to bytes: a function of the setting and the number alone."""
    block = populate(setting, number)
    register(setting, block)
    live(setting, block)
    held = hold(stream(setting.seed, number, "holdings"), setting, block)
    pages = Pages(SHEETS)
    core_banking.export(stream(setting.seed, number, "core-banking"), setting, calendar, block, held, pages)
    crm.export(stream(setting.seed, number, "crm"), setting, calendar, block, held, pages)
    telecom.export(stream(setting.seed, number, "telecom"), setting, calendar, block, pages)
    digital.export(stream(setting.seed, number, "digital"), setting, calendar, block, pages)
    risk.export(stream(setting.seed, number, "risk"), setting, calendar, block, held, pages)
    marketing.export(stream(setting.seed, number, "marketing"), setting, calendar, block, pages)
    bad = agreements.export(setting, block, pages)
    relations.export(setting, block, pages)
    for sheet in SHEETS:
        rng = stream(setting.seed, number, f"bad rows in {sheet.path}")
        bad += spoil_some(rng, sheet, pages.of(sheet), number)
    truth.tell(setting, block, bad, pages)
    return _Made(len(block.people), len(block.companies), len(block.households), encode(SHEETS, pages.rows))
