"""The composition of a process that makes cuts for another: the state of a folder, and nothing else of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.app.children import begin_as_child
from onefold.gate.cutting import Cutter
from onefold.gate.kept import Kept
from onefold.runtimes.embedded.cutters import CutterPool, answer_questions

CUTTERS_MAX = 8
_CHILD = "import sys; from onefold.app.cutting import cut_for_parent; cut_for_parent(sys.argv[1])"


@contextmanager
def cutters(state: Path) -> Iterator[CutterPool]:
    """A process for each core this one may use, until the block ends."""
    count = min(CUTTERS_MAX, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
    pool = CutterPool([sys.executable, "-c", _CHILD, str(state.absolute())], count)
    try:
        yield pool
    finally:
        pool.close()


def cut_for_parent(state: str) -> None:
    """The child: reads the state when it is first asked, and ends with its parent."""
    begin_as_child()
    cutter = cutter_of(SqliteCustomerReader(Path(state)))
    with open(0, "rb", buffering=0) as source, open(1, "wb", buffering=0) as sink:
        answer_questions(source, sink, cutter.cut, cutter.forget)


def cutter_of(reader: SqliteCustomerReader) -> Cutter:
    """Whoever cuts in this process, and keeps what was made lately."""
    return Cutter(reader, Kept(reader))
