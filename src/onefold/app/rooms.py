"""Opening the rooms of a data folder on files and SQLite, and closing them in the right order."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.resources import files

from onefold.adapters.files.keys import KeyFiles, read_public_keys
from onefold.adapters.files.machines import MachinesFile
from onefold.adapters.files.packages import PackageFolder
from onefold.adapters.files.proofs import FileProofs
from onefold.adapters.files.segments import FileSegmentWriter
from onefold.adapters.files.users import UsersFile
from onefold.adapters.files.webhook_secrets import WebhookSecretsFile
from onefold.adapters.files.workplaces import clear_workplaces
from onefold.adapters.sqlite.audit import SqliteAuditIndex
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.door import SqliteDoorIndex
from onefold.adapters.sqlite.owner import claim
from onefold.adapters.sqlite.schemas import SqliteSchemas
from onefold.adapters.sqlite.store import SqliteState
from onefold.adapters.sqlite.tokens import SqliteTokens
from onefold.app.biometrics import references_in
from onefold.app.connections import lookups
from onefold.app.contracts import Published, open_contracts
from onefold.app.cutting import cutter_of, cutters
from onefold.app.device_rules import devices_of
from onefold.app.erasing import eraser_of, finish_erasures
from onefold.app.folder import LEDGER, DataFolder
from onefold.app.keys import KeyFollower
from onefold.app.model_records import audit_models, say_adopted
from onefold.app.papers import FolderPapers
from onefold.app.policies import keep_policies, policies_of
from onefold.app.processor import processor_of
from onefold.app.publishing import audit_statuses, say_which_contracts_are_live
from onefold.app.readings import Reading, reading_in_use, shelf_of
from onefold.app.vaults import Vaults, databases, open_vaults
from onefold.app.ways import ways_of
from onefold.app.workers import go_over, worker_of
from onefold.channels.activation.csv_folder import CsvFolder
from onefold.customer.profile.groups import USUAL, Ages
from onefold.gate.ages import read_ages
from onefold.gate.contacting.model import ContactingRules
from onefold.gate.contacting.parse import read_rules
from onefold.gate.cutting import Cutting
from onefold.gate.fetching.service import Fetching
from onefold.gate.never import NeverContact
from onefold.gate.service import Gate
from onefold.gate.sources import ContractPurposes
from onefold.insight.segments.service import shipped_segments
from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.kernel.time import MS_PER_DAY
from onefold.pipeline.mapping import ContractMapping
from onefold.pipeline.retelling import Retelling
from onefold.record.audit.service import INDEX_AT_ONCE, AuditLog
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.service import SchemaRegistry
from onefold.record.erasure.ledger import ErasureLedger
from onefold.record.intake.door import Door
from onefold.record.intake.held import HeldRows
from onefold.record.intake.quarantine import Quarantine
from onefold.record.intake.settlement import Settlements
from onefold.record.intake.witness import Witness, WitnessedLog
from onefold.record.log.checkpoints import Signed
from onefold.record.log.proof import ConsistencyProof, RecordProof
from onefold.record.log.seal import Sealer
from onefold.record.requests.deadlines import Laws
from onefold.record.requests.parse import read_laws
from onefold.record.requests.register import RequestRegister
from onefold.record.requests.telling import TellingLedger
from onefold.record.tokens.rules import token_key
from onefold.record.tokens.service import TokenVault
from onefold.runtimes.embedded.process import WorkerProcess
from onefold.runtimes.embedded.service import WorkerThread
from onefold.usecases.attempts import Attempts
from onefold.usecases.begun import BegunSignIns
from onefold.usecases.contacts import Contacts
from onefold.usecases.models import provider_under
from onefold.usecases.ports import Barrier
from onefold.usecases.rooms import Rooms
from onefold.usecases.tries import Tries

LOGS = ("log", "audit", "quarantine", "settled", "requests", "told", LEDGER)
_WORK = "import sys; from onefold.app.working import work; work(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Opened:
    """Rooms, and what keeps them running."""

    rooms: Rooms
    writers: tuple[FileSegmentWriter, ...]
    fetching: Fetching
    keys: KeyFollower
    cutting: Cutting

    def wait_for_cutters(self) -> None:
        """Returns when whoever cuts has started: whoever asks a server that serves waits for no start.

        One that cannot be started is told to whoever asks; that keeps nobody else from being served.
        """
        with suppress(Unavailable):
            self.cutting.forget(frozenset())

    def checkpoint_if_due(self) -> None:
        """Signs for what is new where enough time has passed; to be called when nothing else happens."""
        for writer in self.writers:
            writer.checkpoint_if_due()

    def index_audit(self, most: int = INDEX_AT_ONCE) -> bool:
        """Takes some of what is new in the audit into its index; whether there is more. Fails nobody."""
        with suppress(OnefoldError):
            return self.rooms.audit.catch_up(most)
        return False

    def forget_what_is_over(self) -> None:
        """Lets go of answers of sources whose seconds are over, and of packages whose days are.

        What could not be removed is tried again at the next look; that fails nobody.
        """
        self.fetching.sweep()
        with suppress(OnefoldError):
            remove_old_packages(self.rooms)

    def count_turned_away(self, *, last: bool = False) -> None:
        """Writes down how many were turned away unknown, once a minute; what fails is tried again."""
        with suppress(OnefoldError):
            self.rooms.turned_away.write_down(self.rooms.audit, self.rooms.clock.now_ms(), last=last)


def remove_old_packages(rooms: Rooms) -> None:
    """Answers to data subjects lie here for so many days; that one goes is in the audit before it does."""
    before = rooms.clock.now_ms() - rooms.laws.packages_days * MS_PER_DAY
    for name in rooms.packages.made_before(before):
        rooms.gate.note("onefold", "package_removed", "done", (f"request {name.removesuffix('.zip')}",))
        rooms.packages.remove(name)


def contacting_rules(folder: DataFolder) -> ContactingRules:
    """The folder's own rules of contacting, else those that come with Onefold."""
    own = folder.contacting
    return read_rules(own.read_text("utf-8"), own.name) if own.is_file() else shipped_rules()


def shipped_rules() -> ContactingRules:
    """The rules of contacting that come with Onefold."""
    shipped = files("onefold.gate.contacting") / "contacting.yaml"
    return read_rules(shipped.read_text("utf-8"), shipped.name)


def ages_of(folder: DataFolder) -> Ages:
    """The folder's own ages, else the usual ones."""
    own = folder.ages
    if not own.is_file():
        return USUAL
    return read_ages(own.read_text("utf-8"), own.name, folder.cell.jurisdiction)


def _packages(folder: DataFolder) -> PackageFolder:
    """The packages, without what a killed process left half-made: some of them, and the state of a check."""
    packages = PackageFolder(folder.packages)
    packages.drop_unfinished()
    clear_workplaces(folder.root)
    return packages


@contextmanager
def open_rooms(folder: DataFolder, *, follow: bool = True, processes: bool = False) -> Iterator[Opened]:
    """The rooms, for this process alone. With `follow` a thread takes what is logged into the state.

    Without it somebody else must (a load has a process of its own for that). With `processes` the log is
    followed and views are cut by processes of their own, for whoever serves many callers.
    """
    with ExitStack() as stack:
        vaults = open_vaults(folder, stack, LOGS)
        sealer = Sealer(vaults.subject_keys, os.urandom)
        contracts = open_contracts(vaults.cell_key, folder.contracts)
        ledger = ErasureLedger(vaults.commits[LEDGER], vaults.readers[LEDGER])
        tokens = _tokens(vaults, stack, ledger)
        last = tries, bodies = Tries(), references_in(vaults)
        door = _door(vaults, contracts, sealer, stack, ledger)
        audit = _audit(vaults, stack.enter_context(closing(SqliteAuditIndex(folder.audit_index))))
        reading = _gone_over(vaults, sealer, contracts, door, audit)
        barrier: Barrier = NoBarrier()
        if follow:
            following = _process_at(folder) if processes else _thread_at(folder, sealer, contracts)
            barrier = stack.enter_context(following)
        reader = stack.enter_context(closing(SqliteCustomerReader(folder.state)))
        cutting: Cutting = stack.enter_context(cutters(folder.state)) if processes else cutter_of(reader)
        fetching = _fetching(vaults, stack, contracts)
        secrets = WebhookSecretsFile(folder.root, vaults.custody)
        settlements = _settlements(vaults)
        rooms = Rooms(
            cell=vaults.cell,
            clock=vaults.clock,
            gate=_gate(vaults, contracts, reader, audit, cutting, fetching, ledger, reading, tokens, sealer),
            users=UsersFile(folder.root, vaults.cell),
            machines=MachinesFile(folder.root, vaults.clock),
            secrets=secrets,
            attempts=Attempts(vaults.clock),
            contracts=contracts,
            door=door,
            settlements=settlements,
            requests=_register(vaults),
            tellings=_tellings(vaults),
            laws=laws(folder),
            held=HeldRows(door.quarantine, settlements),
            log=vaults.commits["log"],
            proofs=WriterProofs(tuple(vaults.writers.values())),
            writing=LogWriting((vaults.writers["log"], vaults.writers["audit"])),
            barrier=barrier,
            reader=reader,
            bulk=reader,
            segments=shipped_segments(),
            audit=audit,
            audit_proofs=SignedProofs(folder, vaults.writers["audit"]),
            papers=FolderPapers(folder.contracts, folder.policies_kept),
            destination=CsvFolder(folder.exports),
            packages=_packages(folder),
            schemas=SchemaRegistry(contracts, stack.enter_context(closing(SqliteSchemas(folder.schemas)))),
            witness=_witness(vaults),
            eraser=eraser_of(
                vaults, door, ledger, sealer, contracts, reader, barrier, fetching, tokens, cutting, last
            ),
            begun=BegunSignIns(vaults.clock),
            ways=ways_of(folder),
            contacts=Contacts(audit, contacting_rules(folder)),
            processor=processor_of(folder),
            tokens=tokens,
            biometrics=bodies,
            tries=tries,
            least_group=folder.least_group,
        )
        keys = _following_keys(vaults, secrets, rooms)
        opened = Opened(rooms, tuple(vaults.writers.values()), fetching, keys, cutting)
        _begin(opened, folder, follow=follow)
        yield opened


def _begin(opened: Opened, folder: DataFolder, *, follow: bool) -> None:
    """Does what waited for somebody to open the folder."""
    claim(databases(folder), KeyFiles(folder.keys).cell_key(folder.cell))
    say_which_contracts_are_live(opened.rooms)
    audit_statuses(opened.rooms, Published(folder.contracts))
    opened.index_audit()
    opened.forget_what_is_over()
    if follow:
        finish_erasures(opened.rooms)


def laws(folder: DataFolder) -> Laws:
    """The folder's own deadlines, else those that come with Onefold."""
    own = folder.laws
    if own.is_file():
        return read_laws(own.read_text("utf-8"), own.name)
    return read_laws((files("onefold.record.requests") / own.name).read_text("utf-8"), own.name)


def _gone_over(vaults: Vaults, sealer: Sealer, contracts: Contracts, door: Door, audit: AuditLog) -> Reading:
    """Goes over to the state that was left for us, if one was; what the state in use is read by."""
    folder = vaults.folder
    audit_models(audit, shelf_of(folder).notes())
    go_over(folder, sealer, contracts, partial(say_adopted, door, audit))
    return reading_in_use(folder, vaults.readers["log"], sealer, contracts)


def _register(vaults: Vaults) -> RequestRegister:
    return RequestRegister(str(vaults.cell), vaults.commits["requests"], vaults.readers["requests"])


def _tellings(vaults: Vaults) -> TellingLedger:
    return TellingLedger(str(vaults.cell), vaults.commits["told"], vaults.readers["told"])


def _audit(vaults: Vaults, index: SqliteAuditIndex) -> AuditLog:
    log, reader = vaults.commits["audit"], vaults.readers["audit"]
    return AuditLog(log, reader, vaults.cell, vaults.cell_key, vaults.clock, index)


def _fetching(vaults: Vaults, stack: ExitStack, contracts: Contracts) -> Fetching:
    made = Fetching(vaults.cell, contracts, lookups(vaults.folder), vaults.clock, time.monotonic)
    return stack.enter_context(closing(made))


def _tokens(vaults: Vaults, stack: ExitStack, ledger: ErasureLedger) -> TokenVault:
    store = stack.enter_context(closing(SqliteTokens(vaults.folder.tokens)))
    return TokenVault(token_key(vaults.cell_key), vaults.subject_keys, store, ledger, os.urandom)


def _settlements(vaults: Vaults) -> Settlements:
    return Settlements(str(vaults.cell), vaults.commits["settled"], vaults.readers["settled"])


def _door(
    vaults: Vaults, contracts: Contracts, sealer: Sealer, stack: ExitStack, ledger: ErasureLedger
) -> Door:
    commits, readers = vaults.commits, vaults.readers
    index = stack.enter_context(closing(SqliteDoorIndex(vaults.folder.door)))
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
        ledger,
    )


def _witness(vaults: Vaults) -> Witness:
    return Witness(
        [WitnessedLog(vaults.commits[name], vaults.readers[name]) for name in ("log", "quarantine")]
    )


def _gate(
    vaults: Vaults,
    contracts: Contracts,
    reader: SqliteCustomerReader,
    audit: AuditLog,
    cutting: Cutting,
    fetching: Fetching,
    ledger: ErasureLedger,
    reading: Reading,
    tokens: TokenVault,
    sealer: Sealer,
) -> Gate:
    purposes = ContractPurposes(contracts)
    provider = provider_under(shelf_of(vaults.folder), reading.adoption)
    retelling = Retelling(vaults.readers["log"], sealer, ContractMapping(contracts, reading.corrections))
    never = NeverContact(vaults.cell_key, ledger)
    policies = policies_of(vaults.folder)
    note = partial(audit.record, "policies", actor="onefold", outcome="changed")
    keep_policies(vaults.folder, policies, partial(note, policy_version=policies.version))
    of_cell = (vaults.cell, policies, reader, purposes, audit, provider, vaults.clock)
    return Gate(
        *of_cell,
        cutting,
        fetching,
        never,
        retelling,
        ages_of(vaults.folder),
        tokens,
        devices_of(vaults.folder),
    )


@dataclass(frozen=True, slots=True)
class WriterProofs:
    """What the writers of the logs say of their checkpoints."""

    writers: tuple[FileSegmentWriter, ...]

    @property
    def fault(self) -> str:
        """Why the last one of a log could not be written; empty when all could."""
        return next((it.checkpoint_fault for it in self.writers if it.checkpoint_fault), "")


@dataclass(frozen=True, slots=True)
class LogWriting:
    """What the writers of log and audit say of their disk."""

    writers: tuple[FileSegmentWriter, ...]

    def fault(self) -> str:
        """Why one of them cannot add anything; empty where all can."""
        return next((fault for it in self.writers if (fault := it.fault())), "")


def _following_keys(vaults: Vaults, secrets: WebhookSecretsFile, rooms: Rooms) -> KeyFollower:
    holders = (vaults.subject_keys, vaults.held_keys, secrets)
    return KeyFollower(vaults.custody, vaults.signer, holders, rooms.audit, rooms.processor)


class SignedProofs:
    """Implements `AuditProofs`: has what is not signed for yet signed first, by whatever key signs now."""

    def __init__(self, folder: DataFolder, writer: FileSegmentWriter) -> None:
        self._folder = folder
        self._writer = writer
        self._keys: dict[str, bytes] = {}
        self._made: FileProofs | None = None

    def prove(self, sequence: int) -> RecordProof:
        """The proof of one record."""
        if sequence > self._writer.last_sequence - self._writer.unsealed:
            self._writer.checkpoint()
        return self._proofs().prove(sequence)

    def since(self, first: Signed) -> ConsistencyProof:
        """That the log only grew since a checkpoint."""
        self._writer.checkpoint()
        return self._proofs().since(first)

    def _proofs(self) -> FileProofs:
        folder, keys = self._folder, read_public_keys(self._folder.keys)
        if self._made is None or keys != self._keys:
            self._keys = keys
            self._made = FileProofs(folder.log("audit"), folder.checkpoints, "audit", str(folder.cell), keys)
        return self._made


class NoBarrier:
    """For a process that does not keep the state up to date: it cannot promise that anything is in force."""

    failure = None

    def wake(self) -> None:
        """Nobody here sleeps."""

    def wait_for(self, sequence: int, timeout_seconds: float) -> None:
        """A bug: whoever needs the barrier opens the rooms with `follow`."""
        raise AssertionError("these rooms do not follow the log")


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
