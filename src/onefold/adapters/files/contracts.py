"""Contract files: those people write, and the folder of every version that was ever published.

A published file is kept under its source, version and digest and never changes: the log names the version
that each frame was taken under, and cannot be mapped without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from onefold.kernel.errors import CallerError, Damaged, Unavailable
from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.model import Contract
from onefold.record.contracts.parse import parse_contract

_SUFFIXES = {".yaml", ".yml"}


def find_contracts(path: Path) -> list[Path]:
    """A contract file, or those in a folder and the folders in it, by name; `CallerError` for none."""
    if path.is_file():
        return [path]
    found = sorted(it for it in path.rglob("*") if it.suffix in _SUFFIXES and it.is_file())
    if not found:
        raise CallerError(f"There is no contract in {path}.", hint="Contracts are .yaml files.")
    return found


def read_contract(path: Path) -> Contract:
    """One contract as written by people; `BrokenContract` with every fault."""
    return parse_contract(_bytes(path), path.name)


class PublishedContracts:
    """The folder of published versions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __iter__(self) -> Iterator[Contract]:
        """Every version ever published; `Damaged` when a file is not what was published."""
        for path in sorted(self._folder.glob("*.yaml")):
            data = _bytes(path)
            if not path.stem.endswith(sha256(data).hexdigest()[:16]):
                raise Damaged(
                    f"The published contract {path.name} was changed.",
                    hint="Restore it from a backup; publish changes as a new version.",
                )
            yield parse_contract(data, path.name, published=True)

    def publish(self, path: Path) -> tuple[Contract, bool]:
        """Checks and keeps a contract, durably; False when exactly it was published before.

        `BrokenContract` when it has faults, or when its version was published with other content.
        """
        data = _bytes(path)
        contract = parse_contract(data, path.name)
        stem = f"{contract.source}-{contract.version}"
        name = f"{stem}-{contract.digest[:16]}.yaml"
        if (self._folder / name).exists():
            return contract, False
        if any(self._is_version(it, stem) for it in self._folder.glob(f"{stem}-*.yaml")):
            raise BrokenContract(
                path.name, ("contract.version: was published with other content; raise the version",)
            )
        self._write(name, data)
        return contract, True

    @staticmethod
    def _is_version(path: Path, stem: str) -> bool:
        """Whether a file is of this version, and not of one whose name only starts alike (1.0.0-rc)."""
        return len(path.stem) == len(stem) + 17 and path.stem[:-17] == stem

    def _write(self, name: str, data: bytes) -> None:
        draft = self._folder / f".{name}.draft"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / name)
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise Unavailable("The contract cannot be kept.", detail=error.strerror or "") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CallerError(f"{path.name} cannot be read.", detail=error.strerror or "") from error
