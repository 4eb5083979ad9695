"""The product as the command line sees it: one object with everything it can do on this machine.

What serves over HTTP is imported when it is asked for: it takes longer to import than most commands to run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec

from onefold.adapters.files.custody import FolderCustody
from onefold.adapters.files.disk import is_locked
from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.files.machines import MachinesFile
from onefold.adapters.files.session_keys import rotate_session_key
from onefold.adapters.files.tables import open_table
from onefold.adapters.files.users import UsersFile
from onefold.adapters.files.webhook_secrets import WebhookSecretsFile
from onefold.adapters.files.workplaces import workplace
from onefold.app.clock import SystemClock
from onefold.app.consent_proof import prove_consent
from onefold.app.contracts import Published, open_contracts
from onefold.app.creating import create
from onefold.app.entering import check_bounds
from onefold.app.folder import DataFolder, read_folder
from onefold.app.keys import rotate
from onefold.app.loading import load
from onefold.app.logbook import FolderLogs
from onefold.app.package import verify_package
from onefold.app.policies import policies_of, read_texts
from onefold.app.processor import ask_for_certificate, put_certificate
from onefold.app.proof import replay, verify, verify_proof
from onefold.app.rooms import open_rooms
from onefold.channels.cli.diagnosed import DiagnoseAsked, DiagnoseSummary
from onefold.channels.cli.house import (
    ConsentProved,
    Created,
    Demo,
    Loaded,
    PackageRead,
    Period,
    ProofRead,
    Pulled,
    Replayed,
    Rotated,
    TopicsRead,
    Verified,
    Watch,
)
from onefold.channels.cli.linked import LinkAsked, LinkSummary
from onefold.gate.policy_files import checked
from onefold.gate.portfolios import relation_named
from onefold.gate.rules import Decision
from onefold.gate.shields import groups_named
from onefold.insight.segments.service import shipped_segments
from onefold.kernel.ids import Cell
from onefold.record.contracts.errors import UnknownSource
from onefold.usecases.models import ModelHouse
from onefold.usecases.publish_contract import Segments
from onefold.usecases.rooms import Rooms
from onefold.usecases.try_contract import Tried, try_contract

CATCH_UP_SECONDS = 600.0


class LocalHouse:
    """Implements `House` with data folders."""

    def create(self, data: Path, cell: Cell, contracts: Sequence[Path], checkpoints: Path | None) -> Created:
        """Makes or opens a data folder and publishes the contracts that are new."""
        return create(data, cell, contracts, checkpoints)

    def users(self, data: Path) -> UsersFile:
        """The people and write keys of a folder."""
        folder = read_folder(data)
        return UsersFile(folder.root, folder.cell)

    def rotate_session_key(self, data: Path, *, at_once: bool) -> str:
        """Makes the key that sessions are signed with from now on; returns its id."""
        from onefold.channels.api.tokens import LIFE_SECONDS

        good_for = 0 if at_once else LIFE_SECONDS
        return rotate_session_key(read_folder(data).keys, SystemClock().now_ms() // 1000, good_for)

    def machines(self, data: Path) -> MachinesFile:
        """The programs of a folder."""
        return MachinesFile(read_folder(data).root, SystemClock())

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
        """Makes a program; `CallerError` where its role may not do for that purpose what it is to do."""
        book = self.machines(data)
        check_bounds(read_folder(data), role, purpose, actions)
        return book.create(kind, name, role, purpose, actions, days, controller)

    def check_policies(self, folder: Path) -> tuple[str, int]:
        """The version of the policies in a folder, and how many files; `BrokenPolicies` with every fault."""
        policies = checked(read_texts(folder))
        return policies.version, len(policies.texts)

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
        policies = policies_of(read_folder(data))
        return policies.under(jurisdiction or policies.jurisdiction).decide(
            role,
            action,
            purpose,
            channel,
            relation_named(portfolio),
            glass=glass,
            groups=groups_named(groups),
        )

    def unlimited(self, data: Path, roles: Sequence[str]) -> tuple[str, ...]:
        """Those of the roles that the policies of a folder keep to no portfolio."""
        policies = policies_of(read_folder(data))
        return tuple(it for it in roles if not policies.limits(it))

    def new_write_key(self, data: Path, source: str) -> str:
        """Makes a write key; `UnknownSource` where no contract is published for the source."""
        folder = _with_contract(data, source)
        return UsersFile(folder.root, folder.cell).new_write_key(source)

    def new_webhook_secret(self, data: Path, source: str, given: str, *, alone: bool) -> str:
        """Makes or takes a secret; `UnknownSource` where no contract is published for the source."""
        folder = _with_contract(data, source)
        book = WebhookSecretsFile(folder.root, FolderCustody(folder.keys))
        return book.add(source, given, alone=alone)

    @contextmanager
    def working(self, data: Path) -> Iterator[Rooms]:
        """The rooms of a folder, with a state that has everything the log has."""
        with open_rooms(read_folder(data)) as opened:
            opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, CATCH_UP_SECONDS)
            yield opened.rooms

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
        """Takes files of a source to queryable profiles."""
        return load(
            read_folder(data),
            source,
            paths,
            as_of=as_of,
            backfill=backfill,
            watch=watch,
            accept_deletions=accept_deletions,
        )

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
        from onefold.app.pulling import pull

        return pull(
            read_folder(data),
            source,
            objects,
            since=since,
            until=until,
            watch=watch,
            accept_deletions=accept_deletions,
        )

    def consume(self, data: Path, source: str, *, until_end: bool, watch: Watch) -> TopicsRead:
        """Reads the topics of a source to queryable profiles."""
        from onefold.app.consuming import consume

        return consume(read_folder(data), source, until_end=until_end, watch=watch)

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
        """Serves until it is told to stop; `secure` where a proxy in front ends TLS, `tls` where we do."""
        from onefold.app.serving import serve

        serve(read_folder(data), host, port, secure=secure, ready=ready, tls=tls)

    def demo(
        self, data: Path, host: str, port: int, people: int, *, watch: Watch, ready: Callable[[Demo], None]
    ) -> None:
        """Makes a bank that does not exist, loads it, and serves it."""
        from onefold.app.demo import demo

        demo(data, host, port, people, watch=watch, ready=ready)

    def world(self, out: Path, people: int, seed: int, watch: Watch) -> int:
        """Writes the files of a world, as the six sources would export them."""
        from onefold.app.demo import make_world

        return make_world(out, people, seed, watch).total_rows

    def openapi(self) -> bytes:
        """The OpenAPI document."""
        from onefold.channels.api.openapi import document
        from onefold.channels.api.routes import ENDPOINTS

        return msgspec.json.format(msgspec.json.encode(document(ENDPOINTS)), indent=2) + b"\n"

    def logbook(self) -> FolderLogs:
        """Looks at the logs of a folder."""
        return FolderLogs()

    def contract_shelf(self, data: Path) -> Published:
        """The published contracts of a folder; also while it is served."""
        return Published(read_folder(data).contracts)

    def models(self, data: Path) -> AbstractContextManager[ModelHouse]:
        """A folder as models of identity see it; also while it is served."""
        from onefold.app.adopting import model_house

        return model_house(read_folder(data))

    def segments(self) -> Segments:
        """The segments of the house."""
        return shipped_segments()

    def try_contract(self, file: tuple[str, bytes], sample: Path, object_name: str) -> Tried:
        """A sample as a contract would take it now."""
        return try_contract(file, sample, open_table, SystemClock().now_ms(), object_name)

    def verify(self, data: Path) -> Verified:
        """Checks every log of a folder, offline."""
        return verify(read_folder(data))

    def diagnose(self, asked: DiagnoseAsked, watch: Watch) -> DiagnoseSummary:
        """Looks at files before anything is loaded."""
        from onefold.app.diagnosing import diagnose_files

        return diagnose_files(asked, watch)

    def link(self, asked: LinkAsked) -> LinkSummary:
        """Finds which records of files are one customer."""
        from onefold.app.linking import resolve_files

        return resolve_files(asked)

    def verify_package(self, path: Path, public_key: Path | None) -> PackageRead:
        """Checks an evidence package by itself."""
        return verify_package(path, public_key)

    def rotate_key(self, data: Path, actor: str, *, signing: bool) -> Rotated:
        """Makes a new key; moves everything over at once where no server runs that does so."""
        folder = read_folder(data)
        if is_locked(folder.log("log") / "lock"):
            return Rotated(rotate(folder, signing=signing), by_server=True)
        with open_rooms(folder, follow=False) as opened:
            opened.keys.look(actor)
            key = rotate(folder, signing=signing)
            return Rotated(key, by_server=False, moved=opened.keys.look(actor))

    def ask_for_certificate(self, data: Path) -> bytes:
        """The request for a certificate of the key that is to answer controllers (PEM)."""
        return ask_for_certificate(read_folder(data))

    def put_certificate(self, data: Path, actor: str, file: Path | None) -> str:
        """Puts a certificate in use; written down at once where no server runs that does so."""
        folder = read_folder(data)
        if is_locked(folder.log("log") / "lock"):
            return put_certificate(folder, SystemClock(), file)
        with open_rooms(folder, follow=False) as opened:
            put = put_certificate(folder, SystemClock(), file)
            opened.keys.look(actor)
            return put

    def verify_proof(self, path: Path, public_key: Path | None) -> ProofRead:
        """Checks a proof file by itself."""
        return verify_proof(path, public_key)

    def prove_consent(self, data: Path, period: Period, watch: Watch) -> ConsentProved:
        """Judges every release of a period again."""
        return prove_consent(read_folder(data), period, watch)

    def replay(self, data: Path, into: Path, watch: Watch, *, adopt: bool = False) -> Replayed:
        """Builds the state anew into another folder and compares it, or puts it in use."""
        return replay(read_folder(data), into, watch, adopt=adopt)

    def verify_state(self, data: Path, watch: Watch) -> Replayed:
        """Builds the state anew and compares it; nothing of what was built stays."""
        folder = read_folder(data)
        with workplace(folder.root) as place:
            return replay(folder, place / "state", watch)


def _with_contract(data: Path, source: str) -> DataFolder:
    """The folder, if a contract of that source is published in it."""
    folder = read_folder(data)
    contracts = open_contracts(KeyFiles(folder.keys).cell_key(folder.cell), folder.contracts)
    known = contracts.sources()
    if source not in known:
        raise UnknownSource(
            "No contract is published for that source.",
            detail=f"Known: {', '.join(known) or 'none'}.",
            hint="Publish one first: onefold init --contracts.",
        )
    return folder
