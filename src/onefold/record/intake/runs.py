"""Runs: one load, one pull, one day of messages; what each was offered and what became of it.

They are counted in the door's index, in the transaction that counts the accounts, so a run's account adds up
as exactly as theirs. The index can be made anew from the log, the runs in it cannot: what must last is that
a load was made and what it came to, and that is in the audit. Only the newest are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from onefold.kernel.ids import CellKey, id_text
from onefold.kernel.time import MS_PER_DAY
from onefold.record.intake.model import Tally

RUNS_KEPT = 500
"""Runs kept of one source: more than a year of one a day."""
_TOLD = 12


class Way(StrEnum):
    """How rows came."""

    FILES = "files"
    QUERY = "query"
    MESSAGES = "messages"
    """Over HTTP; a run is a day of them."""
    TOPICS = "topics"
    """From a broker; a run is a day of them."""
    MENDED = "mended"
    """Out of quarantine, handed in again."""
    STATED = "stated"
    """By people of the firm, in Onefold itself; a run is a day of them."""


class Run(msgspec.Struct, frozen=True):
    """One delivery of a source, known by how it came and when it began.

    `by`: a login, or the part of the house that does it by itself. `files` is how many there were and `mark`
    what tells them from others: a keyed digest, because the name of a file may be somebody's.
    """

    way: Way
    began_at: int
    by: str = ""
    files: int = 0
    mark: str = ""


class RunCount(msgspec.Struct, frozen=True):
    """The account of one run. `last_at` is when it was last offered something; `ended_at` 0 until it is over.

    A day of messages never ends: it is over when the day is.
    """

    source: str
    run: Run
    tally: Tally
    last_at: int
    ended_at: int


class DayCount(msgspec.Struct, frozen=True):
    """The account of one source and day (days since 1970, UTC), over all of its doors."""

    source: str
    day: int
    tally: Tally


def day_of(way: Way, now: int) -> Run:
    """The run of what comes one by one: a day of it."""
    return Run(way, now // MS_PER_DAY * MS_PER_DAY)


def mark_of(cell_key: CellKey, names: Iterable[str]) -> str:
    """What tells a delivery's files from others without saying their names."""
    told = b"\x00".join(name.encode("utf-8", "surrogateescape") for name in sorted(names))
    return id_text(cell_key.digest(b"files", told))[:_TOLD]
