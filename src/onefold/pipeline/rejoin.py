"""Joining releases again with what the log held when they were made: the fold, and no decision.

Two passes over the frames, in the order of the log. The first finds which consents and suppressions ever
spoke of a fragment that something was released of: a source may put a row down to another party later, so
nobody can tell before the end. The second folds those and the fragments themselves, and stops at each release
where the log stood then. Memory holds the fragments concerned and what was said of them, and nothing else of
however long a log.

What is taken over from the record of a release is who was held to be the customer. What is folded again is
what those fragments were, what they said, and which of them verified identifiers joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from onefold.customer.consent.rejoin import Said
from onefold.customer.fragments.model import Fragment, Statement
from onefold.customer.fragments.permissions import facts_of, suppressions_of
from onefold.customer.fragments.state import fold
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.proven import proven_pairs
from onefold.kernel.errors import SourceError
from onefold.pipeline.ports import Mapping, Opened
from onefold.record.log.model import FrameHeader

_SPEAKING = ("consent", "suppression")

Wanted = Callable[[FrameHeader], bool]
Frames = Callable[[Wanted], Iterable[Opened]]
"""The frames of the log in order, opened where they are wanted; each call begins anew."""


class Asked(msgspec.Struct, frozen=True):
    """One customer of one release: the record, the log sequence its state had, the instant, the fragments.

    `place` is where the customer stands among those of the record.
    """

    record: int
    sequence: int
    at: int
    members: tuple[bytes, ...]
    place: int = 0


def rejoined(asked: Sequence[Asked], frames: Frames, mapping: Mapping) -> Iterator[tuple[Asked, Said | None]]:
    """What had been said when each was released, in the order of the log.

    None where a fragment cannot be read any more: its person was erased since.
    """
    concerned = {member for it in asked for member in it.members}
    ids = concerned | _speaking(frames, mapping, concerned)
    due = sorted(asked, key=lambda it: (it.sequence, it.record))
    past = _Past(mapping)
    place = 0
    for sequence, frame, bodies in frames(_of(ids)):
        while place < len(due) and due[place].sequence < sequence:
            yield due[place], past.said(due[place])
            place += 1
        if place == len(due):
            return
        past.take(frame, bodies, ids)
    for it in due[place:]:
        yield it, past.said(it)


def _of(ids: set[bytes]) -> Wanted:
    """The frames that say something of these fragments."""

    def wanted(frame: FrameHeader) -> bool:
        return frame.entity in ("party", *_SPEAKING) and any(it.fragment_id in ids for it in frame.events)

    return wanted


def _speaking(frames: Frames, mapping: Mapping, concerned: set[bytes]) -> set[bytes]:
    """The consents and suppressions that ever spoke of one of the parties."""
    found: set[bytes] = set()
    for _, frame, bodies in frames(lambda it: it.entity in _SPEAKING):
        for statement in _statements(frame, bodies, mapping):
            if (statement.values or {}).get("party") in concerned:
                found.add(statement.fragment_id)
    return found


def _statements(frame: FrameHeader, bodies: Sequence[bytes] | None, mapping: Mapping) -> Iterator[Statement]:
    for event, body in zip(frame.events, bodies or (), strict=False):
        try:
            yield mapping.statement(frame, event, body)
        except SourceError:
            # Set aside: it has no effect on the state either.
            continue


class _Past:
    """The fragments concerned as the log had them at one sequence."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._fragments: dict[bytes, Fragment] = {}
        self._spoken_of: defaultdict[bytes, set[bytes]] = defaultdict(set)
        """Party → the consents and suppressions that ever named it."""

    def take(self, frame: FrameHeader, bodies: Sequence[bytes] | None, ids: set[bytes]) -> None:
        """Folds what a frame says of the fragments."""
        for it in _statements(frame, bodies, self._mapping):
            if it.fragment_id not in ids:
                continue
            self._fragments[it.fragment_id] = fold(self._fragments.get(it.fragment_id), it)
            named = (it.values or {}).get("party")
            if it.entity in _SPEAKING and named is not None:
                self._spoken_of[named].add(it.fragment_id)

    def said(self, asked: Asked) -> Said | None:
        """All that the members had said by now; None where one of them is not there."""
        members = asked.members
        if any(it not in self._fragments for it in members):
            return None
        speaking = [
            self._fragments[key] for key in sorted(set().union(*map(self._spoken_of.__getitem__, members)))
        ]
        facts = [fact for it in speaking if it.entity == "consent" for fact in facts_of(it)]
        stopped = [one for it in speaking if it.entity == "suppression" for one in suppressions_of(it)]
        return Said(
            members,
            [it for it in facts if it.party in members],
            [it for it in stopped if it.party in members],
            self._joined(members),
            asked.at,
        )

    def _joined(self, members: Sequence[bytes]) -> dict[bytes, frozenset[bytes]]:
        """Each member with those that a path of verified identifiers leads to."""
        portraits = [
            portrait_of(it, values) for it in members if (values := self._fragments[it].values) is not None
        ]
        neighbours: dict[bytes, set[bytes]] = {it: {it} for it in members}
        for one, other in proven_pairs(portraits):
            neighbours[one].add(other)
            neighbours[other].add(one)
        joined = {}
        for it in members:
            reached, edge = {it}, [it]
            while edge:
                fresh = neighbours[edge.pop()] - reached
                reached |= fresh
                edge += fresh
            joined[it] = frozenset(reached)
        return joined
