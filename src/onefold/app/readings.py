"""By what a state reads the log: the corrections of contracts, and the model that decides who is who.

A state is a function of the log and of both. It keeps which, and one that is made anew takes what the log
and the contracts say is the newest.
"""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from onefold.adapters.files.models import ModelFolder
from onefold.adapters.sqlite.store import SqliteState
from onefold.app.folder import DataFolder
from onefold.customer.identity.adoption import ENTITY, Adoption, last_of
from onefold.pipeline.adoptions import adoptions_in
from onefold.record.contracts.corrections import Corrections, newest_corrections, number_of
from onefold.record.contracts.registry import Contracts
from onefold.record.log.frames import decode_header
from onefold.record.log.ports import SegmentReader
from onefold.runtimes.embedded.worker import Opener

_FRAMES = 2_000


class Reading(NamedTuple):
    """What every row of a state is read by."""

    corrections: Corrections
    adoption: Adoption

    def may_follow(self, present: Reading) -> bool:
        """Whether a state read by this may take the place of one that is read by another.

        Not where that has a newer correction, or another adoption than the one this was built upon.
        """
        before, now = present.adoption, self.adoption
        return (now == before or now.number == before.number + 1) and all(
            number_of(self.corrections.get(named, "")) >= number_of(version)
            for named, version in present.corrections.items()
        )

    def mended_since(self, present: Reading) -> list[tuple[str, str]]:
        """The corrections, as (source, version), that another does not read by yet."""
        return [
            (named[0], version)
            for named, version in sorted(self.corrections.items())
            if present.corrections.get(named) != version
        ]


def shelf_of(folder: DataFolder) -> ModelFolder:
    """The models of a folder."""
    return ModelFolder(folder.models)


def adoptions_of(reader: SegmentReader, opener: Opener, after: int = 0) -> list[Adoption]:
    """Every adoption that the log holds after a sequence; headers are read, and nothing else is opened."""
    found: list[Adoption] = []
    while batch := reader.read(after, _FRAMES):
        after = batch[-1].sequence
        meant = [it for it in batch if decode_header(it.header).entity == ENTITY]
        found += adoptions_in(opener.open(meant)) if meant else ()
    return found


def reading_of_log(reader: SegmentReader, opener: Opener, contracts: Contracts) -> Reading:
    """What a state is read by that is made now."""
    return Reading(newest_corrections(contracts.all()), last_of(adoptions_of(reader, opener)))


def reading_kept(state: SqliteState) -> Reading:
    """What a state says that it is read by."""
    return Reading(state.corrections, state.adoption)


def reading_in_use(
    folder: DataFolder, reader: SegmentReader, opener: Opener, contracts: Contracts
) -> Reading:
    """What the state in use is read by, or will be; it is made where there is none, since readers need it."""
    with closing(SqliteState(folder.state)) as state:
        return reading_kept(state) if state.offset else reading_of_log(reader, opener, contracts)
