"""Mending the mapping of a contract version whose rows are in the log already: 1.4.0+2 corrects 1.4.0.

Theory. The log keeps rows as they were offered, and a frame names the version it was taken under. That
version says two things. What was *taken*: which rows, under which key, about whom, at which instant, what was
kept. It is in the log and cannot be otherwise any more. And what they *mean*: `map`, which is applied after
the log and so can be mended. A correction is the same version (semantic versions call what follows `+` build
metadata: it does not count in precedence) with other meaning; all rows of a version, old and new, are read by
one correction, never some by one and some by another. Hence

    state = fold(log, for each version the correction that this state is made with)

and a state keeps the name of each. A correction that is published takes effect on the past when the state is
made again from the log, whole and at once; until then the state in use stands as it is, since half of it made
by one reading and half by another would be no function of anything.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from onefold.record.contracts.errors import BrokenContract, Fault
from onefold.record.contracts.model import Contract, ObjectContract

MARK = "+"
Corrections = dict[tuple[str, str], str]
"""(source, version as first published) to the version that mends it."""

_MEANING = {"rules": {}, "absent": (), "about": "", "owner": "", "quality": (), "withheld": ()}


def first_of(version: str) -> str:
    """The version as it was first published."""
    return version.partition(MARK)[0]


def number_of(version: str) -> int:
    """Which correction it is; 0 for the version as first published."""
    return int(version.partition(MARK)[2] or 0)


def newest_corrections(contracts: Iterable[Contract]) -> Corrections:
    """For each version that was corrected and went live, its last correction."""
    newest: Corrections = {}
    for it in contracts:
        named = it.source, first_of(it.version)
        if number_of(it.version) > number_of(newest.get(named, "")) and it.status not in (
            "proposed",
            "draft",
        ):
            newest[named] = it.version
    return newest


def check_correction(contract: Contract, first: Contract | None) -> None:
    """`BrokenContract` where more than the meaning would change, or there is nothing to correct."""
    name = f"{contract.source} {contract.version}"
    if first is None:
        what = f"corrects {first_of(contract.version)}, which was never published"
        raise BrokenContract(name, (Fault("contract.version", what),))
    faults = [
        Fault(
            f"contract.schema.{it}", "is in one of the two alone; a correction changes map, and nothing else"
        )
        for it in sorted(contract.objects.keys() ^ first.objects.keys())
    ]
    for it in sorted(contract.objects.keys() & first.objects.keys()):
        differing = _differing(first.objects[it], contract.objects[it])
        faults += [
            Fault(
                f"contract.schema.{it}.{word}",
                "decided what is in the log; a correction changes map, so publish a new version for this",
            )
            for word in differing
        ]
    if faults:
        raise BrokenContract(name, faults)


def _differing(one: ObjectContract, other: ObjectContract) -> list[str]:
    """The words in which two objects decide differently what is taken."""
    left = msgspec.structs.asdict(msgspec.structs.replace(one, **_MEANING))
    right = msgspec.structs.asdict(msgspec.structs.replace(other, **_MEANING))
    return [word for word in left if left[word] != right[word]]
