"""The contracts of one cell: by source and version, compiled once, and found by the name of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

from onefold.kernel.ids import CellKey
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import BrokenContract, Fault, UnknownSource
from onefold.record.contracts.keys import BirthIds
from onefold.record.contracts.lifecycle import UNBORN, takes_data
from onefold.record.contracts.model import CALLS, Contract
from onefold.record.contracts.parse import parse_contract

BUILTIN = "onefold"

Reload = Callable[[], Iterable[Contract]]
"""Reads again what is published."""


class CompiledContract:
    """One version of one source's contract with its objects ready to use."""

    def __init__(self, contract: Contract, ids: BirthIds) -> None:
        self.contract = contract
        self.objects = {name: CompiledObject(contract, item, ids) for name, item in contract.objects.items()}
        for found in self.objects.values():
            found.also = tuple(self.objects[name] for name in found.item.also)
        names = contract.stamped.objects if contract.stamped else ()
        self.stamps = tuple(self.objects[name] for name in names)
        self._calls = {call: found for found in self.objects.values() for call in found.item.calls}

    def object(self, name: str) -> CompiledObject:
        """An object by its name; `UnknownSource` when the contract has none."""
        found = self.objects.get(name)
        if found is None:
            raise UnknownSource(
                f"The contract of {self.contract.source} has no object of that name.",
                detail=f"It has: {', '.join(self.objects)}.",
            )
        return found

    def call(self, name: str, event: str) -> CompiledObject | None:
        """The object for a call, `track:Order Completed` before `track`; None when there is none.

        Messages in envelopes are calls of the envelope: (`cloudevents`, a type), (`debezium`, a table).
        """
        return self._calls.get(f"{name}:{event}") or self._calls.get(name)

    def made_of(self, name: str, event: str) -> tuple[CompiledObject, ...]:
        """All that may be made of a call: of one that has no object, what its stamp says."""
        found = self.call(name, event)
        if found is None:
            return self.stamps if name in CALLS else ()
        return (found, *found.also)


class Contracts:
    """What the door, the pipeline and the screens ask for contracts. Holds every version ever published.

    With `reload`, a version that is not known is looked for once more where contracts are published: another
    process may have published it. `revision` grows with every change.
    """

    def __init__(
        self, cell_key: CellKey, contracts: Iterable[Contract] = (), reload: Reload | None = None
    ) -> None:
        self.ids = BirthIds(cell_key)
        self._reload = reload
        self._versions: dict[str, dict[str, CompiledContract]] = {}
        self._latest: dict[str, CompiledContract] = {}
        self.revision = 0
        self.add(builtin_contract())
        for contract in contracts:
            self.add(contract)

    def add(self, contract: Contract) -> None:
        """Makes one version usable, or gives it its new status.

        The same version with other content is a `BrokenContract`, unless it was only a draft so far.
        """
        versions = dict(self._versions.get(contract.source, {}))
        present = versions.get(contract.version)
        if present is None or (
            present.contract.digest != contract.digest and present.contract.status in UNBORN
        ):
            versions[contract.version] = CompiledContract(contract, self.ids)
        elif present.contract.digest == contract.digest:
            if present.contract.status == contract.status:
                return
            present.contract = contract
        else:
            raise BrokenContract(
                f"{contract.source} {contract.version}",
                (Fault("contract.version", "was published with other content; raise the version"),),
            )

        # Replaced and not changed: other threads read it.
        self._versions = {**self._versions, contract.source: versions}
        self._latest = {}
        self.revision += 1

    def refresh(self) -> bool:
        """Takes in what was published since; whether anything was."""
        before = self.revision
        for contract in self._reload() if self._reload else ():
            self.add(contract)
        return self.revision != before

    def sources(self) -> list[str]:
        """The sources that may deliver, by name, without Onefold's own."""
        return sorted(
            source
            for source, versions in self._versions.items()
            if source != BUILTIN and any(takes_data(it.contract.status) for it in versions.values())
        )

    def latest(self, source: str) -> CompiledContract:
        """The newest active version, else the newest deprecated one; `UnknownSource` when there is none."""
        known = self._latest
        found = known.get(source)
        if found is None:
            found = known[source] = self._newest(source)
        return found

    def _newest(self, source: str) -> CompiledContract:
        usable = [it for it in self._versions.get(source, {}).values() if takes_data(it.contract.status)]
        if not usable:
            raise UnknownSource(
                "No contract is published for that source.",
                detail=f"Known: {', '.join(self.sources()) or 'none'}.",
                hint="Publish one; docs/reference/contract.md shows how.",
            )
        return max(usable, key=lambda it: (it.contract.status == "active", order(it.contract.version)))

    def version(self, source: str, version: str) -> CompiledContract:
        """One version, in force or not: what is needed to map what was logged under it."""
        found = self._versions.get(source, {}).get(version)
        if found is None and self.refresh():
            found = self._versions.get(source, {}).get(version)
        if found is None:
            raise UnknownSource(
                f"Version {version} of the contract of {source} is missing.",
                hint="Put its file back into the contracts folder; the log cannot be mapped without it.",
            )
        return found

    def object(self, source: str, version: str, name: str) -> CompiledObject:
        """The compiled object a logged frame names."""
        return self.version(source, version).object(name)

    def all(self) -> list[Contract]:
        """Every version of every source, Onefold's own included."""
        return [it.contract for versions in self._versions.values() for it in versions.values()]

    def for_file(self, name: str, source: str | None = None) -> CompiledObject:
        """The one object whose file pattern fits a file name; `UnknownSource` when none or several do."""
        wanted = [source] if source else self.sources()
        found = [it for known in wanted for it in self.latest(known).objects.values() if it.item.fits(name)]
        if len(found) == 1:
            return found[0]
        listed = ", ".join(f"{it.source}/{it.name} ({it.item.file.name})" for it in found if it.item.file)
        raise UnknownSource(
            "No contract says what this file is." if not found else "More than one contract fits this file.",
            detail=f"Fitting: {listed}." if found else f"Sources: {', '.join(wanted) or 'none'}.",
            hint="Name the source and the object, or mend file.name in the contract.",
        )


def builtin_contract() -> Contract:
    """The contract of Onefold's own facts: judgements, consents taken in the console, published contracts."""
    path = files("onefold.record.contracts") / "onefold.yaml"
    return parse_contract(path.read_bytes(), "onefold.yaml")


def published_row(contract: Contract) -> dict[str, Any]:
    """The row of object `contract` of source `onefold` that records a contract going live."""
    return {"source": contract.source, "version": contract.version, "digest": contract.digest}


def order(version: str) -> tuple[tuple[int, ...], str]:
    """1.10.0 is newer than 1.9.2, and 1.0.0 newer than 1.0.0-rc1."""
    numbers, _, label = version.partition("-")
    return tuple(int(part) for part in re.findall(r"\d+", numbers)), label or "~"
