"""List the published contracts: every version, its status, and which one data comes under."""

from __future__ import annotations

from typing import NamedTuple

from onefold.record.contracts.lifecycle import takes_data
from onefold.record.contracts.registry import order
from onefold.record.contracts.withheld import told
from onefold.usecases.publish_contract import Shelf


class ContractLine(NamedTuple):
    """One version; `used` where the next delivery of the source comes under it.

    `withheld`: of that one, what its map feeds to fields that more people see, and what to publish instead.
    """

    source: str
    version: str
    status: str
    used: bool
    owner: str
    compatibility: str
    digest: str
    withheld: tuple[str, ...] = ()


def list_contracts(shelf: Shelf) -> tuple[ContractLine, ...]:
    """All of them, by source and version."""
    found = sorted(shelf.contracts(), key=lambda it: (it.source, order(it.version)))
    used: dict[str, tuple[bool, str]] = {}
    for it in found:
        if takes_data(it.status) and (it.status == "active" or not used.get(it.source, (False, ""))[0]):
            used[it.source] = (it.status == "active", it.version)
    return tuple(
        ContractLine(
            it.source,
            it.version,
            it.status,
            used.get(it.source, (False, ""))[1] == it.version,
            it.owner,
            it.compatibility.value,
            it.digest,
            told(it) if used.get(it.source, (False, ""))[1] == it.version else (),
        )
        for it in found
    )
