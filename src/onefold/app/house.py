"""The product as the command line sees it: one object with everything it can do on this machine.

What serves over HTTP is imported when it is asked for: it takes longer to import than most commands to run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.files.tables import open_table
from onefold.adapters.files.users import UsersFile
from onefold.adapters.files.webhook_secrets import WebhookSecretsFile
from onefold.app.clock import SystemClock
from onefold.app.contracts import Published, open_contracts
from onefold.app.creating import create
from onefold.app.folder import DataFolder, read_folder
from onefold.app.loading import load
from onefold.app.logbook import FolderLogs
from onefold.app.proof import replay, verify
from onefold.app.rooms import open_rooms
from onefold.channels.cli.house import Created, Demo, Loaded, Pulled, Replayed, Verified, Watch
from onefold.insight.segments.service import shipped_segments
from onefold.kernel.ids import Cell
from onefold.record.contracts.errors import UnknownSource
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

    def new_write_key(self, data: Path, source: str) -> str:
        """Makes a write key; `UnknownSource` where no contract is published for the source."""
        folder = _with_contract(data, source)
        return UsersFile(folder.root, folder.cell).new_write_key(source)

    def new_webhook_secret(self, data: Path, source: str, given: str, *, alone: bool) -> str:
        """Makes or takes a secret; `UnknownSource` where no contract is published for the source."""
        folder = _with_contract(data, source)
        book = WebhookSecretsFile(folder.root, KeyFiles(folder.keys).custody())
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

    def serve(self, data: Path, host: str, port: int, *, secure: bool, ready: Callable[[], None]) -> None:
        """Serves until it is told to stop; `secure` where a proxy in front ends TLS."""
        from onefold.app.serving import serve

        serve(read_folder(data), host, port, secure=secure, ready=ready)

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

    def segments(self) -> Segments:
        """The segments of the house."""
        return shipped_segments()

    def try_contract(self, file: tuple[str, bytes], sample: Path, object_name: str) -> Tried:
        """A sample as a contract would take it now."""
        return try_contract(file, sample, open_table, SystemClock().now_ms(), object_name)

    def verify(self, data: Path) -> Verified:
        """Checks every log of a folder, offline."""
        return verify(read_folder(data))

    def replay(self, data: Path, into: Path, watch: Watch, *, adopt: bool = False) -> Replayed:
        """Builds the state anew into another folder and compares it, or puts it in use."""
        return replay(read_folder(data), into, watch, adopt=adopt)


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
