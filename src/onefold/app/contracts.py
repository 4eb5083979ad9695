"""Published contracts: files by source, version and digest, and the status each has come to.

A file never changes once data can have come under it. What changes is its status, which is kept beside the
files with when, by whom and why; the newest entry of a version counts, and before there is one, its own word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from onefold.adapters.files.disk import Disk, alone_in, failed
from onefold.app.clock import SystemClock
from onefold.insight.segments.service import shipped_segments
from onefold.kernel.errors import CallerError, Damaged
from onefold.kernel.ids import CellKey
from onefold.kernel.time import iso_instant
from onefold.record.contracts.corrections import check_correction, first_of, number_of
from onefold.record.contracts.errors import BrokenContract, Fault
from onefold.record.contracts.lifecycle import UNBORN, takes_data
from onefold.record.contracts.model import Contract
from onefold.record.contracts.odcs import read_yaml
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts, order
from onefold.usecases.publish_contract import judge

PUBLISHED_OTHERWISE = "was published with other content; raise the version"
STATUS_FILE = "statuses.jsonl"
ADOPTED = "adopted"
"""Stands among the statuses for a correction that was put in force; it changes no status."""


class StatusEntry(msgspec.Struct, frozen=True):
    """That a version came to a status: when (ISO), by whom, and why where somebody had to say."""

    source: str
    version: str
    status: str
    at: str
    by: str
    reason: str = ""


_ENTRIES = msgspec.json.Decoder(StatusEntry)


class Published:
    """The contracts folder of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def contracts(self) -> list[Contract]:
        """Every contract version that was ever published, by file name, with the status it has now."""
        statuses = {(it.source, it.version): it.status for it in self.entries() if it.status != ADOPTED}
        found = [
            parse_contract(path.read_bytes(), path.name, published=True)
            for path in sorted(self.folder.glob("*.yaml"))
        ]
        return [
            msgspec.structs.replace(it, status=statuses.get((it.source, it.version), it.status))
            for it in found
        ]

    def entries(self) -> list[StatusEntry]:
        """Every change of a status, oldest first."""
        path = self.folder / STATUS_FILE
        try:
            return [_ENTRIES.decode(line) for line in path.read_bytes().splitlines()]
        except FileNotFoundError:
            return []
        except msgspec.MsgspecError as error:
            raise Damaged(
                f"{path} cannot be read.", hint="Restore the contracts folder from its backup."
            ) from error

    def history(self) -> list[StatusEntry]:
        """Every change of a status, and the first of what was published before these were kept."""
        entries = self.entries()
        told = {(it.source, it.version) for it in entries}
        untold = [it for it in self.contracts() if (it.source, it.version) not in told]
        return [StatusEntry(it.source, it.version, it.status, "", "") for it in untold] + entries

    def find(self, source: str, version: str) -> tuple[Path, Contract] | None:
        """The file of one version, and what it says."""
        for contract in self.contracts():
            if (contract.source, contract.version) == (source, version):
                return self.folder / _file_name(contract), contract
        return None

    def put(self, data: bytes, contract: Contract) -> None:
        """Takes a file in, whole and durable; a draft of the same version makes room for it.

        `BrokenContract` where the version is there with other content and data may have come under it.
        """
        with alone_in(self.folder):
            self._put(data, contract)

    def _put(self, data: bytes, contract: Contract) -> None:
        found = self.find(contract.source, contract.version)
        if found is not None:
            path, present = found
            if present.digest == contract.digest or is_same(path.read_bytes(), data):
                return
            if present.status not in UNBORN:
                fault = Fault("contract.version", f"{contract.version} {PUBLISHED_OTHERWISE}")
                raise BrokenContract(contract.name, (fault,))
        if number_of(contract.version):
            first = self.find(contract.source, first_of(contract.version))
            check_correction(contract, first[1] if first else None)
        self._write(self.folder / _file_name(contract), data, contract.source)
        if found is not None:
            found[0].unlink()

    def record(self, source: str, version: str, status: str, by: str, reason: str) -> None:
        """Keeps that a version came to a status, durable."""
        with alone_in(self.folder):
            self._record(source, version, status, by, reason)

    def _record(self, source: str, version: str, status: str, by: str, reason: str) -> None:
        entry = StatusEntry(source, version, status, iso_instant(SystemClock().now_ms()), by, reason)
        lines = [msgspec.json.encode(it) + b"\n" for it in (*self.entries(), entry)]
        self._write(self.folder / STATUS_FILE, b"".join(lines), source)

    def record_adopted(self, corrections: Iterable[tuple[str, str]], by: str) -> None:
        """Keeps, for the audit, that corrections are put in force, as (source, version); each once."""
        with alone_in(self.folder):
            told = {(it.source, it.version) for it in self.entries() if it.status == ADOPTED}
            for source, version in corrections:
                if (source, version) not in told:
                    self._record(source, version, ADOPTED, by, "")

    def fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        """Something that is another once anything was published."""
        found = [(it.name, it.stat()) for it in self.folder.iterdir() if not it.name.startswith(".")]
        return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in found))

    def _write(self, path: Path, data: bytes, source: str) -> None:
        try:
            Disk().replace(path, data)
        except OSError as error:
            raise failed(error, f"the contract of {source} was not published") from error


def is_same(old: bytes, new: bytes) -> bool:
    """Whether two files say the same but for the status."""
    (before, one), (after, other) = read_yaml(old), read_yaml(new)
    if one or other or not isinstance(before, dict) or not isinstance(after, dict):
        return False
    return before | {"status": ""} == after | {"status": ""}


def read_published(folder: Path) -> list[Contract]:
    """Every contract version of a contracts folder, with its status."""
    return Published(folder).contracts()


def open_contracts(cell_key: CellKey, folder: Path) -> Contracts:
    """The contracts of a folder; a version that another process publishes is found when it is asked for."""
    return Contracts(cell_key, read_published(folder), reload=lambda: read_published(folder))


def publish_files(folder: Path, paths: Sequence[Path], by: str = "") -> list[Contract]:
    """Takes new contracts in; those that are there already are passed over.

    `BrokenContract` for one that cannot be used, and for a version that is there with other content (a
    published version never changes: the log is mapped by it), `IncompatibleContract` for one that breaks the
    version in force; then none of them is taken.
    """
    published = Published(folder)
    known = {(it.source, it.version): it for it in published.contracts()}
    fresh: list[tuple[bytes, Contract]] = []
    for name, data in contract_files(paths):
        contract = parse_contract(data, name)
        present = known.setdefault((contract.source, contract.version), contract)
        if present is contract:
            fresh.append((data, contract))
        elif present.digest != contract.digest:
            path = folder / _file_name(present)
            if not path.is_file() or not is_same(path.read_bytes(), data):
                fault = Fault("contract.version", f"{contract.version} {PUBLISHED_OTHERWISE}")
                raise BrokenContract(name, (fault,))
    versions = published.contracts()
    for _, contract in sorted(fresh, key=lambda it: order(it[1].version)):
        if takes_data(contract.status):
            judge([it for it in versions if it.source == contract.source], contract, shipped_segments())
        versions.append(contract)
    for data, contract in sorted(fresh, key=lambda it: order(it[1].version)):
        published.put(data, contract)
        published.record(contract.source, contract.version, contract.status, by, "")
    return [contract for _, contract in fresh]


def contract_files(paths: Sequence[Path]) -> list[tuple[str, bytes]]:
    """The contracts at paths, each a file or a folder of them, as (file name, bytes)."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])
            if not inside:
                raise CallerError(
                    f"There is no contract in {path}.", hint="Contracts are files named *.yaml."
                )
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise CallerError(f"There is no contract at {path}.")
    return [(path.name, path.read_bytes()) for path in found]


def _file_name(contract: Contract) -> str:
    return f"{contract.source}-{contract.version}-{contract.digest[:12]}.yaml"
