"""Tell two versions of a contract apart: what changed, whom it breaks, and whether it could go live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from onefold.insight.segments.model import Segment
from onefold.record.contracts.changes import Change
from onefold.record.contracts.compatibility import compare, refused, with_consumers
from onefold.record.contracts.lifecycle import takes_data
from onefold.record.contracts.model import Compatibility, Consumer, Contract
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import order
from onefold.usecases.house_readers import house_readers


class ChangeLine(NamedTuple):
    """One change as it is told; `barred` where it may not go live, empty `breaks` where it harms nobody."""

    against: str
    text: str
    breaks: tuple[str, ...]
    consumers: tuple[str, ...]
    barred: bool


class Difference(NamedTuple):
    """Every change under the mode that counts."""

    mode: str
    changes: tuple[ChangeLine, ...]

    @property
    def barred(self) -> tuple[ChangeLine, ...]:
        """What keeps the new version from going live."""
        return tuple(it for it in self.changes if it.barred)


def diff_contracts(
    old: tuple[str, bytes], new: tuple[str, bytes], segments: Mapping[str, Segment], mode: str = ""
) -> Difference:
    """The difference of two files; under the mode the older one states, or under another one."""
    before = parse_contract(old[1], old[0])
    after = parse_contract(new[1], new[0])
    chosen = Compatibility(mode) if mode else before.compatibility
    return difference([before], after, segments, chosen)


def difference(
    versions: Sequence[Contract], new: Contract, segments: Mapping[str, Segment], mode: Compatibility
) -> Difference:
    """The changes from each of the versions."""
    lines: list[ChangeLine] = []
    for old in versions:
        consumers = known_readers(old, new, segments)
        changes = with_consumers(compare(old, new), consumers)
        barred = refused(changes, mode)
        lines += [_line(old.version, it, it in barred) for it in changes]
    return Difference(mode.value, tuple(lines))


def known_readers(old: Contract, new: Contract, segments: Mapping[str, Segment]) -> tuple[Consumer, ...]:
    """Who is known to read: those either version names, and those of the house."""
    return tuple(dict.fromkeys((*old.consumers, *new.consumers, *house_readers(segments))))


def in_force(versions: Iterable[Contract], new: Contract) -> tuple[list[Contract], Compatibility]:
    """The versions a new one is held against, newest first, and the mode that the newest of them states."""
    found = [it for it in versions if it.source == new.source and takes_data(it.status)]
    found = [it for it in found if it.version != new.version]
    found.sort(key=lambda it: order(it.version), reverse=True)
    if not found:
        return [], new.compatibility
    mode = found[0].compatibility
    return (found if mode.is_transitive else found[:1]), mode


def _line(against: str, change: Change, barred: bool) -> ChangeLine:
    return ChangeLine(against, str(change), tuple(it.value for it in change.breaks), change.consumers, barred)
