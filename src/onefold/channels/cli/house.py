"""What the composition root offers the command line: the product as a whole, by data folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from onefold.channels.cli.diagnosed import DiagnoseAsked, DiagnoseSummary
from onefold.channels.cli.linked import LinkAsked, LinkSummary
from onefold.channels.cli.logbook import LogBook
from onefold.gate.rules import Decision
from onefold.kernel.ids import Cell
from onefold.usecases.measure_quality import RuleResult
from onefold.usecases.model import Accounting, Machine
from onefold.usecases.models import ModelHouse
from onefold.usecases.publish_contract import Segments, Shelf
from onefold.usecases.rooms import Rooms
from onefold.usecases.try_contract import Tried


class Created(NamedTuple):
    """A data folder, and the contract versions that went live with this call."""

    cell: str
    checkpoints: Path
    published: tuple[str, ...]


class ObjectLoaded(NamedTuple):
    """The account of one object of a load, and the files it came from.

    `note` says what a full snapshot lacked, `is_stopped` that it was in doubt and nothing was deleted.
    """

    name: str
    files: tuple[str, ...]
    counts: Accounting
    reasons: dict[str, int]
    note: str = ""
    is_stopped: bool = False
    quality: tuple[RuleResult, ...] = ()
    suspicions: tuple[str, ...] = ()


class Loaded(NamedTuple):
    """What a load came to. `events` rows are in profiles that were not, `skipped` files fit no object.

    `held` rows are in quarantine that were not: one that was held before, or comes twice, is held once.
    """

    objects: tuple[ObjectLoaded, ...]
    skipped: tuple[Path, ...]
    events: int
    held: int
    seconds: float
    notes: tuple[str, ...] = ()


class Pulled(NamedTuple):
    """What databases answered: the account of each object, which names no files."""

    objects: tuple[ObjectLoaded, ...]
    seconds: float


class TopicsRead(NamedTuple):
    """What the topics of a source held: the account of their rows, and messages that hold none, by kind."""

    rows: ObjectLoaded
    ignored: dict[str, int]
    messages: int
    seconds: float


class Checked(NamedTuple):
    """One log, verified."""

    name: str
    records: int
    sealed_through: int
    unsealed: int
    findings: tuple[str, ...]


class Verified(NamedTuple):
    """Every log of a folder against its checkpoints.

    And the state against a replay where one was asked for.
    """

    logs: tuple[Checked, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not any(it.findings for it in self.logs)


class ProofRead(NamedTuple):
    """A proof file by itself. `what` says what was signed and when, `record` and `payload` what is proved.

    `record` is 0 for a proof that a log only grew. `keys` are the ids of the public keys it was checked with.
    """

    what: str
    record: int
    payload: str
    keys: tuple[str, ...]
    faults: tuple[str, ...]


class PackageRead(NamedTuple):
    """An evidence package by itself: whose it is, its records, the ids of the keys it was checked with."""

    cell: str
    records: int
    keys: tuple[str, ...]
    faults: tuple[str, ...]


class Rotated(NamedTuple):
    """A key that was rotated. `by_server`: one runs, notices, and moves everything over in the background."""

    key: str
    by_server: bool
    moved: int = 0


class Period(NamedTuple):
    """Which releases are meant: from one instant to before another (ms; 0 for no end), and of what."""

    since_ms: int = 0
    until_ms: int = 0
    channel: str = ""
    campaign: str = ""


class Violation(NamedTuple):
    """A release that ought not to have been: its record in the audit, the customer, and why."""

    record: int
    customer: str
    why: str


class ConsentProved(NamedTuple):
    """Releases judged again. `customers` were, one by one; `erased` cannot be any more.

    `resting_on_none` are releases for a contract or a legal duty, `of_before` those from before records said
    what they rested on. `root` and `chain` are of the newest checkpoint, which covers the audit through
    `sealed_through`. `findings` say where audit or log are not what was signed.
    """

    releases: int
    customers: int
    resting_on_none: int
    erased: int
    of_before: int
    violations: tuple[Violation, ...]
    audit_records: int
    sealed_through: int
    root: str
    chain: str
    findings: tuple[str, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.violations and not self.findings


class Replayed(NamedTuple):
    """A state built anew from the log beside the one in use; `at` is the log sequence both stand at.

    `waiting` are corrections of contracts that the state in use is read without. With `adopted` the state
    that was built is the one in use now, read by all of them, and the two need not be the same; `handed_over`
    says that it was left for a server.
    """

    frames: int
    at: int
    seconds: float
    rebuilt: str
    in_use: str
    waiting: tuple[str, ...] = ()
    adopted: bool = False
    handed_over: bool = False

    @property
    def same(self) -> bool:
        """Whether both are one."""
        return self.rebuilt == self.in_use


class Demo(NamedTuple):
    """What the demo made: who may sign in, with which word, and a write key."""

    url: str
    logins: dict[str, tuple[str, ...]]
    password: str
    write_key: str


class Watch(Protocol):
    """Told how far a long task is."""

    def __call__(self, task: str, done: int, total: int | None) -> None:
        """`done` of `total` (None where nobody knows) of the task of that name."""
        ...


class UserBook(Protocol):
    """People of a folder."""

    def add(
        self, login: str, password: str, roles: tuple[str, ...], portfolios: tuple[str, ...] | None = None
    ) -> None:
        """Adds a person, or changes one."""
        ...

    def assign(self, login: str, portfolios: tuple[str, ...]) -> None:
        """Gives a person other portfolios; none: no limit."""
        ...

    def logins(self) -> dict[str, tuple[str, ...]]:
        """Every login with its roles."""
        ...

    def portfolios(self) -> dict[str, tuple[str, ...]]:
        """The portfolios of every login that keeps some."""
        ...

    def disable(self, login: str) -> None:
        """Lets nobody in with it, and ends its sessions."""
        ...

    def enable(self, login: str) -> None:
        """Lets its owner in again."""
        ...

    def end_sessions(self, login: str) -> None:
        """Ends every session of it."""
        ...


class MachineBook(Protocol):
    """Programs of a folder."""

    def of_kind(self, kind: str) -> dict[str, Machine]:
        """Every program of a kind by id, those that are over too."""
        ...

    def revoke(self, kind: str, machine_id: str) -> None:
        """Lets it in no more."""
        ...


class House(Protocol):
    """One product on one machine."""

    def create(self, data: Path, cell: Cell, contracts: Sequence[Path], checkpoints: Path | None) -> Created:
        """Makes or opens a data folder and publishes contracts."""
        ...

    def users(self, data: Path) -> UserBook:
        """The people of a folder."""
        ...

    def rotate_session_key(self, data: Path, *, at_once: bool) -> str:
        """Makes the key that sessions are signed with from now on; `at_once` ends those from before."""
        ...

    def machines(self, data: Path) -> MachineBook:
        """The programs of a folder."""
        ...

    def new_machine(
        self,
        data: Path,
        kind: str,
        name: str,
        role: str,
        purpose: str,
        actions: Sequence[str],
        days: int,
        controller: str = "",
    ) -> tuple[str, str]:
        """A program's id and its secret, shown this once; it is given nothing that its role may not.

        It acts for a controller; empty: for ourselves.
        """
        ...

    def check_policies(self, folder: Path) -> tuple[str, int]:
        """The version of the policies in a folder, and how many files; `BrokenPolicies` with every fault."""
        ...

    def decide(
        self,
        data: Path,
        role: str,
        action: str,
        purpose: str,
        channel: str,
        portfolio: str,
        glass: bool,
        groups: Sequence[str],
        jurisdiction: str,
    ) -> Decision:
        """What the policies of a folder answer, in its cell or under the law named; nobody is looked at."""
        ...

    def unlimited(self, data: Path, roles: Sequence[str]) -> tuple[str, ...]:
        """Those of the roles that the policies of a folder keep to no portfolio."""
        ...

    def new_write_key(self, data: Path, source: str) -> str:
        """A write key of a source with a published contract, shown this once."""
        ...

    def new_webhook_secret(self, data: Path, source: str, given: str, *, alone: bool) -> str:
        """What a source signs its webhooks with: the secret given, or a new one; `alone` ends the former."""
        ...

    def working(self, data: Path) -> AbstractContextManager[Rooms]:
        """The rooms of a folder, for one use case after another."""
        ...

    def load(
        self,
        data: Path,
        source: str,
        paths: Sequence[Path],
        *,
        as_of: str,
        backfill: bool,
        watch: Watch,
        accept_deletions: bool = False,
    ) -> Loaded:
        """Takes files of a source through the door to queryable profiles."""
        ...

    def pull(
        self,
        data: Path,
        source: str,
        objects: Sequence[str],
        *,
        since: str,
        until: str,
        watch: Watch,
        accept_deletions: bool = False,
    ) -> Pulled:
        """Takes what the database of a source answers to queryable profiles."""
        ...

    def consume(self, data: Path, source: str, *, until_end: bool, watch: Watch) -> TopicsRead:
        """Reads the topics of a source to queryable profiles, until their end or until Ctrl-C."""
        ...

    def serve(
        self,
        data: Path,
        host: str,
        port: int,
        *,
        secure: bool,
        ready: Callable[[], None],
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        """Serves until it is told to stop; `ready` is called once the port is ours.

        `tls`: a certificate and its key. `secure`: a proxy in front ends TLS.
        """
        ...

    def demo(
        self, data: Path, host: str, port: int, people: int, *, watch: Watch, ready: Callable[[Demo], None]
    ) -> None:
        """Makes a bank that does not exist, loads it, and serves it; goes on where it was stopped."""
        ...

    def world(self, out: Path, people: int, seed: int, watch: Watch) -> int:
        """Writes the files of a bank that does not exist; answers how many rows its sources have."""
        ...

    def openapi(self) -> bytes:
        """The OpenAPI document."""
        ...

    def logbook(self) -> LogBook:
        """Looks at the logs of a folder."""
        ...

    def contract_shelf(self, data: Path) -> Shelf:
        """The published contracts of a folder; also while it is served."""
        ...

    def models(self, data: Path) -> AbstractContextManager[ModelHouse]:
        """A folder as models of identity see it; also while it is served."""
        ...

    def segments(self) -> Segments:
        """The segments of the house, which read what contracts give."""
        ...

    def try_contract(self, file: tuple[str, bytes], sample: Path, object_name: str) -> Tried:
        """A sample as a contract would take it; nothing is stored."""
        ...

    def verify(self, data: Path) -> Verified:
        """Checks every log of a folder, offline."""
        ...

    def diagnose(self, asked: DiagnoseAsked, watch: Watch) -> DiagnoseSummary:
        """Looks at files before anything is loaded and writes a report."""
        ...

    def link(self, asked: LinkAsked) -> LinkSummary:
        """Finds which records of files are one customer; no folder is needed."""
        ...

    def verify_package(self, path: Path, public_key: Path | None) -> PackageRead:
        """Checks an evidence package by itself: no folder is needed."""
        ...

    def rotate_key(self, data: Path, actor: str, *, signing: bool) -> Rotated:
        """Makes a new master key, or one that signs checkpoints."""
        ...

    def ask_for_certificate(self, data: Path) -> bytes:
        """The request for a certificate of the key that is to answer controllers (PEM)."""
        ...

    def put_certificate(self, data: Path, actor: str, file: Path | None) -> str:
        """Puts a certificate in use, without a file one that signs itself; returns its id."""
        ...

    def verify_proof(self, path: Path, public_key: Path | None) -> ProofRead:
        """Checks a proof file by itself: no folder is needed."""
        ...

    def prove_consent(self, data: Path, period: Period, watch: Watch) -> ConsentProved:
        """Judges every release of a period again, by the log as it stood then."""
        ...

    def replay(self, data: Path, into: Path, watch: Watch, *, adopt: bool = False) -> Replayed:
        """Builds the state anew from the log into another folder; `adopt` puts it in use, corrected."""
        ...

    def verify_state(self, data: Path, watch: Watch) -> Replayed:
        """Compares the state in use with one built anew, of which nothing stays."""
        ...
