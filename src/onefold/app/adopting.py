"""Adopting a model: a state is built under it beside the one in use, which then takes its place.

It is the way in which corrected mappings come into force (ADR 0017): whoever serves the folder serves on
while the state is built, and goes over to it. What says that the model was adopted comes into the log with
that, by whoever goes over (`workers.py`), since one process alone writes the log.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import closing, contextmanager

from onefold.adapters.files.disk import is_locked
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.users import UsersFile
from onefold.adapters.files.workplaces import workplace
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.door import SqliteDoorIndex
from onefold.adapters.sqlite.store import SqliteState
from onefold.app.clock import SystemClock
from onefold.app.folder import DataFolder
from onefold.app.model_records import ShelfTrail
from onefold.app.policies import policies_of
from onefold.app.readings import adoptions_of, reading_in_use, shelf_of
from onefold.app.rebuilding import build_state, contracts_of, opener_of
from onefold.app.rooms import open_rooms
from onefold.app.succession import leave, until_taken
from onefold.customer.identity.adoption import Adoption
from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.service import Gate
from onefold.gate.sources import ContractPurposes
from onefold.insight.segments.model import Segment
from onefold.insight.segments.service import shipped_segments
from onefold.kernel.errors import CallerError, Unavailable
from onefold.usecases.evaluate_segment import newest_day_of
from onefold.usecases.model_shelf import Succeeded, Told
from onefold.usecases.models import ModelHouse

_STATE = "state.db"


@contextmanager
def model_house(folder: DataFolder) -> Iterator[ModelHouse]:
    """The folder as models see it; also while it is served. `Unavailable` where there is no state yet."""
    with closing(SqliteCustomerReader(folder.state)) as reader:
        if not folder.state.is_file() or reader.offset == 0:
            raise Unavailable(
                "There is no state to read yet.", hint="Load something, or start the server, which makes it."
            )
        shelf, clock = shelf_of(folder), SystemClock()
        yield ModelHouse(
            cell=folder.cell,
            gate=Gate(
                folder.cell,
                policies_of(folder),
                reader,
                ContractPurposes(contracts_of(folder)),
                ShelfTrail(shelf, clock),
                DeterministicRules(),
                clock,
            ),
            users=UsersFile(folder.root, folder.cell),
            shelf=shelf,
            reader=reader,
            bulk=reader,
            segments=shipped_segments(),
            newest_day=lambda it: _newest_day(folder, it),
            standing=_standing(folder),
            successor=FolderSuccessor(folder),
            now_ms=clock.now_ms,
        )


def _standing(folder: DataFolder) -> Adoption:
    with closing(SqliteState(folder.state)) as state:
        return state.adoption


def _newest_day(folder: DataFolder, segment: Segment) -> int:
    with closing(SqliteDoorIndex(folder.door)) as door:
        return newest_day_of(door.counts(), contracts_of(folder), SystemClock().now_ms(), segment)


class FolderSuccessor:
    """Implements `Successor`."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    def history(self) -> list[Adoption]:
        """Every adoption that the log holds, in order."""
        with closing(FileSegmentReader(self._folder.log("log"))) as reader:
            return adoptions_of(reader, opener_of(self._folder))

    def succeed(self, adoption: Adoption, told: Told) -> Succeeded:
        """Builds a state under an adoption, beside the one in use, and leaves it for whoever serves.

        Where nobody does, we go over to it ourselves.
        """
        folder = self._folder
        with closing(FileSegmentReader(folder.log("log"))) as reader:
            present = reading_in_use(folder, reader, opener_of(folder), contracts_of(folder))
        with workplace(folder.root) as place:
            built = build_state(folder, place / _STATE, present._replace(adoption=adoption), told)
            leave(place / _STATE, folder)
        if not is_locked(folder.log("log") / "lock"):
            # Whoever opened it in between goes over to it as well.
            with contextlib.suppress(Unavailable), open_rooms(folder, follow=False):
                pass
        taken = until_taken(folder)
        if taken and _standing(folder) != adoption:
            raise CallerError(
                "This was not adopted: something else was meanwhile, or the model was changed.",
                hint="Look at it with `onefold model show`, and adopt again if it is still meant.",
            )
        return Succeeded(built.frames, built.at, built.seconds, taken)
