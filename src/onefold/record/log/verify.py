"""Checking a log against its signed checkpoints, offline: pure over what an adapter reads of the files.

The adapter feeds segments in order, with every record it could read, and says where it could not.
The verifier computes trees and chain from the records alone and compares them with what each checkpoint
signed, so it trusts nothing that stands in the files. What it finds are sentences for a person, each with a
file and, where known, a sequence. What is behind the last checkpoint is counted and said to be unsealed:
there checksums find accidents, but nobody has signed for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from onefold.record.log.checkpoints import Checkpoint, Compaction, Signed, holds
from onefold.record.log.merkle import Frontier, chain_root, leaf_hash, log_digest
from onefold.record.log.model import Record

FINDINGS_MAX = 1000


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong: in which file, at which record (0: not at one), and what."""

    place: str
    sequence: int
    what: str

    def __str__(self) -> str:
        where = f"{self.place}, record {self.sequence}" if self.sequence else self.place
        return f"{where}: {self.what}"


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked and what was found. Sound when `findings` is empty.

    `sealed_through` is the last sequence a valid checkpoint vouches for, `unsealed` the records behind it,
    `compacted` those whose payload was erased and whose leaf stands. `torn_bytes` at the end were never
    acknowledged (a crash, or a write going on now). Roots are hex.
    """

    log: str
    cell: str
    segments: int
    records: int
    compacted: int
    checkpoints: int
    sealed_through: int
    unsealed: int
    torn_bytes: int
    chain: str
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class LogVerifier:
    """Feed it statements, then segments and records in order, then ask for the report."""

    def __init__(self, log: str, cell: str, public_keys: Mapping[str, bytes]) -> None:
        self._log = log
        self._cell = cell
        self._public_keys = public_keys
        self._findings: list[Finding] = []
        self._more_findings = 0
        self._due: dict[int, dict[int, list[Checkpoint]]] = {}
        self._dropped: dict[int, list[tuple[int, int]]] = {}
        self._checkpoints = 0
        self._sealed_through = 0
        self._unmet: set[Checkpoint] = set()
        self._segments = 0
        self._records = 0
        self._compacted = 0
        self._torn_bytes = 0
        self._acknowledged = (0, "")
        self._origin = log_digest(cell, log)
        self._place = ""
        self._first = 1
        self._chain = self._origin
        self._frontier = Frontier()
        self._broken = False

    def found(self, place: str, sequence: int, what: str) -> None:
        """Notes something wrong; above a thousand only their number is kept."""
        if len(self._findings) < FINDINGS_MAX:
            self._findings.append(Finding(place, sequence, what))
        else:
            self._more_findings += 1

    @property
    def sealed_through(self) -> int:
        """The last sequence a valid checkpoint vouches for."""
        return self._sealed_through

    def statement(self, signed: Signed, place: str) -> None:
        """Takes what was signed; a statement that does not hold is a finding and vouches for nothing."""
        statement = signed.statement
        if (statement.log, statement.cell) != (self._log, self._cell):
            self.found(place, 0, "speaks of another log")
        elif signed.key_id not in self._public_keys:
            self.found(place, 0, f"is signed by a key that was not given ({signed.key_id})")
        elif not holds(signed, self._public_keys):
            self.found(place, 0, "its signature is wrong")
        elif isinstance(statement, Compaction):
            self._dropped.setdefault(statement.segment, []).extend(statement.dropped)
        else:
            self._checkpoints += 1
            self._due.setdefault(statement.segment, {}).setdefault(statement.size, []).append(statement)
            self._unmet.add(statement)
            self._sealed_through = max(self._sealed_through, statement.last_sequence)

    def segment(self, place: str, first: int, log: bytes, previous_chain: bytes) -> None:
        """Begins a segment, as its file's header states it."""
        broken = self._broken
        self._begin(place, first)
        if log != self._origin:
            self.found(place, 0, "the header names another log or cell")
        if previous_chain != self._chain and not broken:
            self.found(place, 0, "the header does not continue the chain of the segment before")
        # One fault, one finding: the checkpoints of this segment decide whether its header speaks the truth.
        self._chain = previous_chain
        self._meet()

    def segment_without_header(self, place: str, first: int) -> None:
        """Begins a segment whose header cannot be read; its records are counted where they should be."""
        self.found(place, 0, "its header was changed or cut")
        self._begin(place, first)
        self._meet()

    def records(self, records: Iterable[Record]) -> None:
        """Takes the next records of the segment."""
        allowed = self._allowed()
        for record in records:
            self._frontier.append(leaf_hash(record.header, record.payload_digest))
            self._records += 1
            if record.payload is None:
                self._compacted += 1
                if record.sequence not in allowed:
                    self.found(
                        self._place, record.sequence, "its payload is gone and no signed erasure says so"
                    )
            if self._frontier.size in self._due.get(self._first, {}):
                self._meet()

    def unreadable(self, sequence: int, what: str) -> None:
        """The record could not be read, nor anything behind it in this segment."""
        self.found(self._place, sequence, what)
        self._broken = True

    def acknowledged(self, sequence: int, place: str) -> None:
        """A record that the log's own mark says was acknowledged, checkpoint or not."""
        self._acknowledged = (sequence, place)

    def torn(self, size: int) -> None:
        """The last segment ends in bytes of a group that was never acknowledged."""
        self._torn_bytes += size

    def report(self) -> VerifyReport:
        """What it comes to."""
        self._close_segment()
        last = self._first + self._frontier.size - 1 if self._segments else 0
        if not self._checkpoints:
            self.found("checkpoints", 0, "there is no valid checkpoint, so nothing vouches for the log")
        for it in sorted(self._unmet, key=lambda it: (it.segment, it.size)):
            if not self._segments or it.last_sequence > last:
                what = f"record {it.last_sequence} was signed for, but the log ends at {last}"
            else:
                what = f"no segment that starts at record {it.segment} was found whole"
            self.found("checkpoints", it.last_sequence, what)
        if self._acknowledged[0] > last:
            what = f"was acknowledged, but the log ends at {last}"
            self.found(self._acknowledged[1], self._acknowledged[0], what)
        if self._more_findings:
            self._findings.append(Finding("verify", 0, f"{self._more_findings} more findings are not listed"))
        return VerifyReport(
            log=self._log,
            cell=self._cell,
            segments=self._segments,
            records=self._records,
            compacted=self._compacted,
            checkpoints=self._checkpoints,
            sealed_through=self._sealed_through,
            unsealed=max(0, last - self._sealed_through),
            torn_bytes=self._torn_bytes,
            chain=self._chain.hex(),
            findings=tuple(self._findings),
        )

    def _begin(self, place: str, first: int) -> None:
        expected = self._first + self._frontier.size if self._segments else 1
        if first != expected and not self._broken:
            self.found(place, first, f"the segment should start at {expected}: a file is missing or cut")
        self._close_segment()
        self._segments += 1
        self._place = place
        self._first = first
        self._frontier = Frontier()
        self._broken = False

    def _meet(self) -> None:
        """Compares the tree as it stands with the checkpoints of just this size."""
        due = self._due.get(self._first, {}).pop(self._frontier.size, [])
        if not due:
            return
        root = self._frontier.root()
        chain = chain_root(self._chain, root, self._frontier.size)
        for it in due:
            self._unmet.discard(it)
            if it.root != root.hex():
                what = f"records {it.segment} to {it.last_sequence} are not those that were signed"
                self.found(self._place, it.last_sequence, what)
            elif it.chain != chain.hex():
                self.found(self._place, it.segment, "the segments before are not those that were signed")

    def _close_segment(self) -> None:
        if self._segments:
            self._chain = chain_root(self._chain, self._frontier.root(), self._frontier.size)

    def _allowed(self) -> set[int]:
        ranges = self._dropped.get(self._first, [])
        return {sequence for first, last in ranges for sequence in range(first, last + 1)}
