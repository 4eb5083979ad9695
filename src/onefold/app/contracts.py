"""Published contracts: files by source, version and digest, never changed once they are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onefold.adapters.files.disk import Disk, failed
from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import BrokenContract, Fault
from onefold.record.contracts.model import Contract
from onefold.record.contracts.parse import parse_contract

PUBLISHED_OTHERWISE = "was published with other content; raise the version"


def read_published(folder: Path) -> list[Contract]:
    """Every contract version that went live, by file name."""
    return [
        parse_contract(path.read_bytes(), path.name, published=True) for path in sorted(folder.glob("*.yaml"))
    ]


def publish_files(folder: Path, paths: Sequence[Path]) -> list[Contract]:
    """Takes new contracts in, each whole and durable; those that are there already are passed over.

    `BrokenContract` for one that cannot be used, and for a version that is there with other content (a
    published version never changes: the log is mapped by it); then none of them is taken.
    """
    published = read_published(folder)
    digests = {(it.source, it.version): it.digest for it in published}
    present = {it.digest for it in published}
    fresh: list[tuple[bytes, Contract]] = []
    for name, data in _texts(paths):
        contract = parse_contract(data, name)
        digest = digests.setdefault((contract.source, contract.version), contract.digest)
        if digest != contract.digest:
            raise BrokenContract(
                name, (Fault("contract.version", f"{contract.version} {PUBLISHED_OTHERWISE}"),)
            )
        if digest not in present:
            fresh.append((data, contract))
            present.add(digest)
    for data, contract in fresh:
        name = f"{contract.source}-{contract.version}-{contract.digest[:12]}.yaml"
        try:
            Disk().replace(folder / name, data)
        except OSError as error:
            raise failed(error, f"the contract of {contract.source} was not published") from error
    return [contract for _, contract in fresh]


def _texts(paths: Sequence[Path]) -> list[tuple[str, bytes]]:
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
