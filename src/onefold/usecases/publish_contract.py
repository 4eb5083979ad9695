"""Publish a version of a contract, or give it its next status. A change that breaks somebody is refused.

The files are kept by the shelf, which is the contracts folder of the data folder. Whatever process serves the
folder takes the version in by itself, and says in the log that it is live.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from onefold.insight.segments.model import Segment
from onefold.kernel.errors import CallerError
from onefold.record.contracts.corrections import check_correction, first_of, number_of
from onefold.record.contracts.lifecycle import check_step, takes_data
from onefold.record.contracts.model import Contract
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import BUILTIN, order
from onefold.usecases.diff_contract import ChangeLine, Difference, difference, in_force

Segments = Mapping[str, Segment]
"""The segments of the house, by id: they read what contracts give."""


class IncompatibleContract(CallerError):
    """The new version would break somebody who goes on as before; each is named with what breaks them."""

    code = "incompatible_contract"
    status = 409


class Shelf(Protocol):
    """Where published contracts are kept."""

    def contracts(self) -> list[Contract]:
        """Every version with its status."""
        ...

    def put(self, data: bytes, contract: Contract) -> None:
        """Takes a file in, durable; `BrokenContract` where it is there with other content."""
        ...

    def record(self, source: str, version: str, status: str, by: str, reason: str) -> None:
        """Keeps that a version came to a status, durable."""
        ...


class Publication(NamedTuple):
    """What a call came to. `was` is empty for a version that is new; `notes` are for the operator."""

    source: str
    version: str
    was: str
    status: str
    difference: Difference
    notes: tuple[str, ...]


def publish_contract(
    shelf: Shelf,
    segments: Segments,
    file: tuple[str, bytes],
    *,
    status: str = "",
    by: str,
    despite: str = "",
) -> Publication:
    """Publishes (file name, bytes) with its own status or the one named.

    `IncompatibleContract` names whom it would break; with `despite`, a reason, it goes live all the same and
    the reason is kept. `WrongStatus` for a step backwards, `BrokenContract` for a file with faults.
    """
    name, data = file
    contract = parse_contract(data, name)
    if contract.source == BUILTIN:
        raise CallerError(f"{BUILTIN} is the name of Onefold's own facts.", hint="Call the source otherwise.")
    wanted = status or contract.status
    versions = [it for it in shelf.contracts() if it.source == contract.source]
    present = next((it for it in versions if it.version == contract.version), None)
    was = present.status if present else ""
    check_step(f"{contract.source} {contract.version}", was or wanted, wanted)
    found = Difference("", ())
    if takes_data(wanted) and not takes_data(was):
        found = judge(versions, contract, segments, despite=bool(despite))
    shelf.put(data, contract)
    if was != wanted:
        shelf.record(contract.source, contract.version, wanted, by, despite)
    notes = _notes(versions, contract, wanted)
    return Publication(contract.source, contract.version, was, wanted, found, notes)


def judge(
    versions: Sequence[Contract], new: Contract, segments: Segments, *, despite: bool = False
) -> Difference:
    """How a version that is to take data differs from those in force; `IncompatibleContract` if it breaks.

    A correction is held against what it corrects, whatever is in force since. What it changes for readers is
    told and not refused: that is what it is for, and nothing changes before somebody replays.
    """
    if number_of(new.version):
        versions = [it for it in versions if first_of(it.version) == first_of(new.version)]
        check_correction(new, next((it for it in versions if not number_of(it.version)), None))
        despite = True
    known, mode = in_force(versions, new)
    if known and order(new.version) <= order(known[0].version):
        raise CallerError(
            f"{new.source} {new.version} is not newer than {known[0].version}, which is in force.",
            hint="Raise the version.",
        )
    found = difference(known, new, segments, mode)
    if found.barred and not despite:
        raise IncompatibleContract(
            f"{new.source} {new.version} breaks what {known[0].version} promised ({mode.value}).",
            detail="".join(f"\n  {told(it)}" for it in found.barred) + "\n",
            hint="Mend it, retire what it breaks first, or say with --despite why it must be.",
        )
    return found


def told(line: ChangeLine) -> str:
    """One change in a line: what, and whom it breaks by name where they are known."""
    who = list(line.breaks)
    if line.consumers:
        who = [it for it in who if "readers" not in it] + [f"who reads it: {', '.join(line.consumers)}"]
    return line.text + (f" [breaks {', '.join(who)}]" if who else "")


def _notes(versions: Sequence[Contract], new: Contract, wanted: str) -> tuple[str, ...]:
    older = [it for it in versions if it.status == "active" and it.version != new.version]
    if wanted == "active" and older:
        names = ", ".join(it.version for it in older)
        return (f"{names} is still active but no longer used; deprecate it with --status deprecated.",)
    if wanted == "deprecated" and not older:
        return (f"{new.source} goes on under {new.version}, with a warning: no other version is active.",)
    if wanted == "retired" and not any(takes_data(it.status) for it in versions if it.version != new.version):
        return (f"No version of {new.source} is in force: nothing more is taken from it.",)
    return ()
