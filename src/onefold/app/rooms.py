"""Opening the rooms of a data folder on files and SQLite, and closing them in the right order."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from onefold.adapters.files.checkpoints import FileCheckpoints
from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.segments import FileSegmentWriter
from onefold.adapters.files.users import UsersFile
from onefold.adapters.files.webhook_secrets import WebhookSecretsFile
from onefold.adapters.sqlite.audit import SqliteAuditIndex
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.door import SqliteDoorIndex
from onefold.adapters.sqlite.schemas import SqliteSchemas
from onefold.adapters.sqlite.store import SqliteState
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.clock import SystemClock
from onefold.app.contracts import open_contracts
from onefold.app.cutting import cutters
from onefold.app.folder import DataFolder
from onefold.app.publishing import say_which_contracts_are_live
from onefold.channels.activation.csv_folder import CsvFolder
from onefold.customer.identity.rules import DeterministicRules
from onefold.gate.cutting import Cutting
from onefold.gate.rules import Policies
from onefold.gate.service import Gate
from onefold.gate.sources import ContractPurposes
from onefold.insight.segments.service import shipped_segments
from onefold.kernel.errors import OnefoldError
from onefold.kernel.ids import Cell, CellKey
from onefold.pipeline.mapping import ContractMapping
from onefold.record.audit.service import AuditLog
from onefold.record.contracts.corrections import Corrections, newest_corrections
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.service import SchemaRegistry
from onefold.record.intake.door import Door
from onefold.record.intake.quarantine import Quarantine
from onefold.record.intake.settlement import Settlements
from onefold.record.log.seal import Sealer
from onefold.record.log.service import GroupCommit
from onefold.runtimes.embedded.process import WorkerProcess
from onefold.runtimes.embedded.service import WorkerThread
from onefold.runtimes.embedded.worker import Worker
from onefold.usecases.attempts import Attempts
from onefold.usecases.ports import Barrier
from onefold.usecases.rooms import Rooms

LOGS = ("log", "audit", "quarantine", "settled")
_WORK = "import sys; from onefold.app.working import work; work(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Opened:
    """Rooms, and what keeps them running."""

    rooms: Rooms
    writers: tuple[FileSegmentWriter, ...]

    def checkpoint_if_due(self) -> None:
        """Signs for what is new where enough time has passed; to be called when nothing else happens."""
        for writer in self.writers:
            writer.checkpoint_if_due()

    def index_audit(self) -> None:
        """Takes what is new in the audit into its index, so that a search finds it there; fails nobody."""
        with suppress(OnefoldError):
            self.rooms.audit.catch_up()


def policies() -> Policies:
    """The policies that come with Onefold."""
    folder = files("onefold.gate") / "policies"
    texts = {it.name: it.read_text("utf-8") for it in folder.iterdir() if it.name.endswith(".cedar")}
    return Policies(texts)


@dataclass(frozen=True, slots=True)
class _Vaults:
    """What cannot be rebuilt, open for writing: logs and keys."""

    folder: DataFolder
    clock: SystemClock
    cell_key: CellKey
    writers: dict[str, FileSegmentWriter]
    commits: dict[str, GroupCommit]
    readers: dict[str, FileSegmentReader]
    subject_keys: SqliteSubjectKeys
    held_keys: SqliteSubjectKeys

    @property
    def cell(self) -> Cell:
        """The cell of all of them."""
        return self.folder.cell


@contextmanager
def open_rooms(folder: DataFolder, *, follow: bool = True, processes: bool = False) -> Iterator[Opened]:
    """The rooms, for this process alone. With `follow` a thread takes what is logged into the state.

    Without it somebody else must (a load has a process of its own for that). With `processes` the log is
    followed and views are cut by processes of their own, for whoever serves many callers.
    """
    with ExitStack() as stack:
        vaults = _open_vaults(folder, stack)
        sealer = Sealer(vaults.subject_keys, os.urandom)
        contracts = open_contracts(vaults.cell_key, folder.contracts)
        index = stack.enter_context(closing(SqliteDoorIndex(folder.door)))
        door = _door(vaults, contracts, sealer, index)
        # Readers need the file to be there.
        SqliteState(folder.state).close()
        barrier: Barrier = NoBarrier()
        if follow:
            following = _process_at(folder) if processes else _thread_at(folder, sealer, contracts)
            barrier = stack.enter_context(following)
        cutting = stack.enter_context(cutters(folder.state)) if processes else None
        reader = stack.enter_context(closing(SqliteCustomerReader(folder.state)))
        audit = AuditLog(
            vaults.commits["audit"],
            vaults.readers["audit"],
            vaults.cell,
            vaults.cell_key,
            vaults.clock,
            stack.enter_context(closing(SqliteAuditIndex(folder.audit_index))),
        )
        rooms = Rooms(
            cell=vaults.cell,
            clock=vaults.clock,
            gate=_gate(vaults, contracts, reader, audit, cutting),
            users=UsersFile(folder.root, vaults.cell),
            secrets=WebhookSecretsFile(folder.root, KeyFiles(folder.keys).custody()),
            attempts=Attempts(vaults.clock),
            contracts=contracts,
            door=door,
            settlements=Settlements(str(vaults.cell), vaults.commits["settled"], vaults.readers["settled"]),
            log=vaults.commits["log"],
            proofs=WriterProofs(tuple(vaults.writers.values())),
            barrier=barrier,
            reader=reader,
            bulk=reader,
            segments=shipped_segments(),
            audit=audit,
            destination=CsvFolder(folder.exports),
            schemas=SchemaRegistry(contracts, stack.enter_context(closing(SqliteSchemas(folder.schemas)))),
        )
        say_which_contracts_are_live(rooms)
        opened = Opened(rooms, tuple(vaults.writers.values()))
        opened.index_audit()
        yield opened


def _open_vaults(folder: DataFolder, stack: ExitStack) -> _Vaults:
    """Takes the locks of the logs first, so that a second process stops before it touches anything."""
    clock, keys = SystemClock(), KeyFiles(folder.keys)
    checkpoints = FileCheckpoints(folder.checkpoints, keys.signer())
    cell, custody = str(folder.cell), keys.custody()
    writers = {
        name: stack.enter_context(
            closing(FileSegmentWriter(folder.log(name), name, cell, checkpoints, clock))
        )
        for name in LOGS
    }

    def keys_of(name: str, path: Path) -> SqliteSubjectKeys:
        """The data keys of a log; made only for an empty one, since what is sealed opens under no others."""
        empty = writers[name].last_sequence == 0
        return stack.enter_context(closing(SqliteSubjectKeys(path, custody, create=empty)))

    return _Vaults(
        folder=folder,
        clock=clock,
        cell_key=keys.cell_key(folder.cell),
        writers=writers,
        commits={name: GroupCommit(writer) for name, writer in writers.items()},
        readers={name: stack.enter_context(closing(FileSegmentReader(folder.log(name)))) for name in LOGS},
        subject_keys=keys_of("log", folder.subject_keys),
        held_keys=keys_of("quarantine", folder.quarantine_keys),
    )


def _door(vaults: _Vaults, contracts: Contracts, sealer: Sealer, index: SqliteDoorIndex) -> Door:
    commits, readers = vaults.commits, vaults.readers
    quarantine = Quarantine(
        str(vaults.cell),
        vaults.cell_key,
        commits["quarantine"],
        readers["quarantine"],
        vaults.held_keys,
        os.urandom,
    )
    return Door(
        vaults.cell,
        vaults.cell_key,
        contracts,
        sealer,
        vaults.subject_keys,
        commits["log"],
        readers["log"],
        quarantine,
        index,
        vaults.clock,
    )


def _gate(
    vaults: _Vaults,
    contracts: Contracts,
    reader: SqliteCustomerReader,
    audit: AuditLog,
    cutting: Cutting | None,
) -> Gate:
    purposes = ContractPurposes(contracts)
    rules = DeterministicRules()
    return Gate(vaults.cell, policies(), reader, purposes, audit, rules, vaults.clock, cutting)


@dataclass(frozen=True, slots=True)
class WriterProofs:
    """What the writers of the logs say of their checkpoints."""

    writers: tuple[FileSegmentWriter, ...]

    @property
    def fault(self) -> str:
        """Why the last one of a log could not be written; empty when all could."""
        return next((it.checkpoint_fault for it in self.writers if it.checkpoint_fault), "")


class NoBarrier:
    """For a process that does not keep the state up to date: it cannot promise that anything is in force."""

    failure = None

    def wake(self) -> None:
        """Nobody here sleeps."""

    def wait_for(self, sequence: int, timeout_seconds: float) -> None:
        """A bug: whoever needs the barrier opens the rooms with `follow`."""
        raise AssertionError("these rooms do not follow the log")


@contextmanager
def worker_at(
    state: Path, log: Path, opener: Sealer, contracts: Contracts, corrections: Corrections | None = None
) -> Iterator[Worker]:
    """The worker that takes a log into a state; one at a time for each state.

    An empty state begins with the given corrections of contracts, or with the newest; another keeps its own.
    """
    with closing(SqliteState(state)) as store, closing(FileSegmentReader(log)) as reader:
        if store.offset == 0:
            store.begin(newest_corrections(contracts.all()) if corrections is None else corrections)
        yield Worker(reader, opener, ContractMapping(contracts, store.corrections), store)


def worker_of(folder: DataFolder, opener: Sealer, contracts: Contracts) -> AbstractContextManager[Worker]:
    """The worker of the folder's own state."""
    return worker_at(folder.state, folder.log("log"), opener, contracts)


@contextmanager
def _thread_at(folder: DataFolder, opener: Sealer, contracts: Contracts) -> Iterator[Barrier]:
    with worker_of(folder, opener, contracts) as worker:
        thread = WorkerThread(worker)
        thread.start()
        try:
            yield thread
        finally:
            thread.stop()


@contextmanager
def _process_at(folder: DataFolder) -> Iterator[Barrier]:
    with closing(SqliteState(folder.state)) as state:
        applied = state.offset
    process = WorkerProcess([sys.executable, "-c", _WORK, str(folder.root.resolve())], applied)
    process.start()
    try:
        yield process
    finally:
        process.stop()
