"""Workers of a folder's states, and going over from one state to another that was built beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import structlog

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.app.contracts import Published
from onefold.app.folder import DataFolder
from onefold.app.readings import (
    Reading,
    adoptions_of,
    reading_in_use,
    reading_kept,
    reading_of_log,
    shelf_of,
)
from onefold.app.succession import left_by, put_in_use, take_away
from onefold.customer.identity.adoption import Adoption, last_of
from onefold.kernel.errors import CallerError, Damaged
from onefold.pipeline.mapping import ContractMapping
from onefold.record.contracts.registry import Contracts
from onefold.record.log.seal import Sealer
from onefold.runtimes.embedded.worker import BATCH_EVENTS, BULK_EVENTS, Worker
from onefold.usecases.models import provider_under


@contextmanager
def worker_at(
    folder: DataFolder,
    state: Path,
    opener: Sealer,
    contracts: Contracts,
    reading: Reading | None = None,
    batch_events: int = BATCH_EVENTS,
) -> Iterator[Worker]:
    """The worker that takes the log of a folder into a state; one at a time for each state.

    An empty state begins with what it is to be read by, or with the newest; another keeps its own.
    """
    with closing(SqliteState(state)) as store, closing(FileSegmentReader(folder.log("log"))) as reader:
        if store.offset == 0:
            store.begin(*(reading or reading_of_log(reader, opener, contracts)))
        kept = reading_kept(store)
        mapping = ContractMapping(contracts, kept.corrections)
        provider, number = provider_under(shelf_of(folder), kept.adoption), kept.adoption.number
        yield Worker(reader, opener, mapping, store, batch_events, provider=provider, adoption=number)


def worker_of(
    folder: DataFolder, opener: Sealer, contracts: Contracts, batch_events: int = BATCH_EVENTS
) -> AbstractContextManager[Worker]:
    """The worker of the folder's own state."""
    return worker_at(folder, folder.state, opener, contracts, batch_events=batch_events)


def go_over(
    folder: DataFolder, opener: Sealer, contracts: Contracts, say: Callable[[Adoption], None]
) -> None:
    """Puts the state in use that was left for us, once it has all that the log has.

    Whoever was told that a withdrawal is in force must not see a state that does not know it yet. The log is
    ours already, so that nothing comes in meanwhile. Where the state is one of another model, the log is told
    of it (`say`) before: if we end in between, the log says what is to be, and the state is still here.
    """
    with closing(FileSegmentReader(folder.log("log"))) as reader:
        present = reading_in_use(folder, reader, opener, contracts)
        with closing(SqliteState(folder.state)) as state:
            later = adoptions_of(reader, opener, state.offset) if state.offset else []
    said = last_of([present.adoption, *later])
    if folder.next_state.is_file() and _is_ready(folder, present._replace(adoption=said)):
        _take_over(folder, opener, contracts, present, said, say)
    elif said != present.adoption:
        # Half of going over was done, and the state that was built is gone: it is made anew from the log.
        take_away(folder.state)


def _is_ready(folder: DataFolder, present: Reading) -> bool:
    """Whether the state that was left may take over; one that may not is taken away, and we serve on.

    Its model is looked at before the log is told: what the log says is in force must be there to be read.
    """
    with closing(SqliteState(folder.next_state)) as coming:
        reading = reading_kept(coming)
    if not reading.may_follow(present):
        structlog.get_logger("onefold.state").warning(
            "state_overtaken", hint="Something else was adopted meanwhile."
        )
        take_away(folder.next_state)
        return False
    if reading.adoption != present.adoption:
        try:
            provider_under(shelf_of(folder), reading.adoption)
        except (CallerError, Damaged) as error:
            structlog.get_logger("onefold.state").warning(
                "model_not_adopted", version=reading.adoption.version, why=str(error)
            )
            take_away(folder.next_state)
            return False
    return True


def _take_over(
    folder: DataFolder,
    opener: Sealer,
    contracts: Contracts,
    present: Reading,
    said: Adoption,
    say: Callable[[Adoption], None],
) -> None:
    with closing(SqliteState(folder.next_state)) as coming:
        reading = reading_kept(coming)
    if reading.adoption != said:
        say(reading.adoption)
    with worker_at(folder, folder.next_state, opener, contracts, batch_events=BULK_EVENTS) as worker:
        while worker.run_once():
            pass
    Published(folder.contracts).record_adopted(reading.mended_since(present), left_by(folder))
    put_in_use(folder.next_state, folder.state)
