"""Check contracts before anybody relies on them: every fault with its place in the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.parse import parse_contract


class Linted(NamedTuple):
    """One file: what it is a contract of if it is sound, else a line for each fault."""

    name: str
    contract: str
    faults: tuple[str, ...]


def lint_contracts(files: Sequence[tuple[str, bytes]]) -> tuple[Linted, ...]:
    """Each of (file name, bytes), checked by itself; `file:line:column: place: what to do`."""
    return tuple(_lint(name, data) for name, data in files)


def _lint(name: str, data: bytes) -> Linted:
    try:
        found = parse_contract(data, name)
    except BrokenContract as broken:
        return Linted(name, "", tuple(fault.at(name) for fault in broken.faults))
    return Linted(name, f"{found.source} {found.version}", ())
