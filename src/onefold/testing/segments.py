"""In-memory logs, subject keys and checkpoints: the ports of record/log without a disk."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256

from onefold.kernel.errors import Unavailable
from onefold.kernel.keys import KEY_BYTES
from onefold.record.log.checkpoints import Signed, Statement
from onefold.record.log.model import Record


class MemorySegments:
    """Writer and reader of one log in one: what was appended is at once readable."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._guard = threading.Lock()
        self._closed = False

    @property
    def last_sequence(self) -> int:
        """The last sequence; 0 when empty."""
        return len(self._records)

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        """Keeps the entries and returns the last sequence."""
        with self._guard:
            if self._closed:
                raise Unavailable("The log is closed.")
            start = len(self._records) + 1
            self._records += [
                Record(start + place, header, payload, sha256(payload).digest())
                for place, (header, payload) in enumerate(entries)
            ]
            return len(self._records)

    def read(self, after: int, most: int) -> list[Record]:
        """Up to `most` records with a sequence above `after`."""
        return self._records[after : after + most]

    def scan(self) -> Iterator[Record]:
        """Every record from the first."""
        yield from self._records

    def compact(self, sequence: int) -> None:
        """Drops the payload of one record and keeps its digest, as erasure does."""
        record = self._records[sequence - 1]
        self._records[sequence - 1] = Record(sequence, record.header, None, record.payload_digest)

    def close(self) -> None:
        """Refuses appends from now on."""
        self._closed = True


class MemorySubjectKeys:
    """Keys in a dictionary; a destroyed one is never made again."""

    def __init__(self) -> None:
        self._keys: dict[bytes, bytes | None] = {}
        self._guard = threading.Lock()

    def obtain(self, subject_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """Keys, made where there were none."""
        with self._guard:
            for subject in subject_ids:
                if subject not in self._keys:
                    self._keys[subject] = os.urandom(KEY_BYTES)
        return self.find(subject_ids)

    def find(self, subject_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """The keys that exist."""
        return {subject: key for subject in subject_ids if (key := self._keys.get(subject)) is not None}

    def destroy(self, subject_ids: Collection[bytes]) -> None:
        """Forgets the keys for good."""
        with self._guard:
            self._keys |= dict.fromkeys(subject_ids)


class MemoryCheckpoints:
    """Statements in a list, unsigned: for tests that are not about proofs."""

    def __init__(self) -> None:
        self._signed: list[Signed] = []

    def add(self, statement: Statement) -> None:
        """Keeps one."""
        self._signed.append(Signed(statement, "", ""))

    def read(self, cell: str, log: str) -> list[Signed]:
        """All of one log, in order."""
        return [it for it in self._signed if (it.statement.cell, it.statement.log) == (cell, log)]
