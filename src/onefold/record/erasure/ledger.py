"""The erasure ledger: who must never come back, whatever a source sends and whatever backup is restored.

A log of its own outside the data folder, append-only and synced like the others, because it has to be newer
than any backup: a folder that is restored meets the ledger of today. It holds keyed digests and no key opens
anything in it.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

import msgspec

from onefold.kernel.errors import Damaged
from onefold.record.erasure.model import Erasure, Phase
from onefold.record.log.ports import SegmentReader

_WINDOW = 500
_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Erasure).decode


class Append(Protocol):
    """A durable append."""

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        """Returns the sequence of the last entry once all are durable."""
        ...


class ErasureLedger:
    """The ledger of one cell, read when it opens; thread-safe. Implements `ErasedIds`."""

    def __init__(self, commit: Append, reader: SegmentReader) -> None:
        self._commit = commit
        self._reader = reader
        self._guard = threading.Lock()
        self._refused: set[bytes] = set()
        self._subjects: set[bytes] = set()
        self._parties: dict[str, tuple[bytes, ...]] = {}
        self._done: set[str] = set()
        self._never: set[bytes] = set()
        for found in self._records():
            self._take(found)

    @property
    def refused(self) -> AbstractSet[bytes]:
        """Subjects and fragments of which nothing is taken any more."""
        return self._refused

    @property
    def never(self) -> AbstractSet[bytes]:
        """Digests of addresses that must not be written to or called, whoever has them now."""
        return self._never

    @property
    def subjects(self) -> frozenset[bytes]:
        """Everybody whose key is destroyed."""
        with self._guard:
            return frozenset(self._subjects)

    def parties(self) -> dict[str, tuple[bytes, ...]]:
        """Erasure → the party fragments of whom it was about."""
        with self._guard:
            return dict(self._parties)

    def unfinished(self) -> list[str]:
        """Erasures that were begun and are not done, the oldest first."""
        with self._guard:
            return [it for it in self._parties if it not in self._done]

    def add(self, erasure: Erasure) -> None:
        """Writes a record down; once it is durable, the door knows it."""
        with self._guard:
            self._commit.append([(_ENCODE(erasure), b"")])
            self._take(erasure)

    def read(self, ids: Collection[str]) -> Erasure:
        """All that was said of these erasures, as one record of the newest."""
        found = [it for it in self._records() if it.id in ids and it.phase is Phase.BEGUN]
        assert found, "an erasure is read that was never begun"
        return msgspec.structs.replace(
            found[-1],
            parties=tuple(dict.fromkeys(key for it in found for key in it.parties)),
            subjects=tuple(dict.fromkeys(key for it in found for key in it.subjects)),
            covered=tuple(dict.fromkeys(key for it in found for key in it.covered)),
            alone=tuple(dict.fromkeys(key for it in found for key in it.alone)),
            never=tuple(dict.fromkeys(key for it in found for key in it.never)),
        )

    def _records(self) -> list[Erasure]:
        found: list[Erasure] = []
        after = 0
        while batch := self._reader.read(after, _WINDOW):
            found += [_decoded(it.sequence, it.header) for it in batch]
            after = batch[-1].sequence
        return found

    def _take(self, erasure: Erasure) -> None:
        if erasure.phase is Phase.DONE:
            self._done.add(erasure.id)
            return
        self._done.discard(erasure.id)
        known = self._parties.get(erasure.id, ())
        self._parties[erasure.id] = tuple(dict.fromkeys((*known, *erasure.parties)))
        self._subjects.update(erasure.subjects)
        self._never.update(erasure.never)
        self._refused.update(erasure.subjects, erasure.parties, erasure.alone)


def _decoded(sequence: int, header: bytes) -> Erasure:
    try:
        return _DECODE(header)
    except msgspec.MsgspecError as error:
        raise Damaged("The erasure ledger cannot be read.", detail=f"Record {sequence}.") from error
