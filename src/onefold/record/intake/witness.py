"""Says where the logs of a cell stand, so that it can be checked later whether they are still the same logs.

An offset that a broker keeps says: all before it is in your log. That is true only of the log it was said of.
After a restore from a backup, or in a new house under an old name, it would lose rows. So the offset is kept
with a statement about the log; one that the log does not bear out is not believed, and the topic is read from
its beginning, which doubles nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from onefold.record.intake.ports import DurableAppend
from onefold.record.log.ports import SegmentReader

_WORD = "onefold"
_DIGEST_BYTES = 8


class WitnessedLog(NamedTuple):
    """One append-only log, and how it is read."""

    log: DurableAppend
    reader: SegmentReader


class Witness:
    """Of the logs that a row may go to: that of events and the quarantine, always in the same order."""

    def __init__(self, logs: Sequence[WitnessedLog]) -> None:
        self._logs = tuple(logs)

    def statement(self) -> str:
        """Where each log ends now, durably: the sequence of its last record and a digest of its header."""
        return " ".join([_WORD, *(self._at(it, it.log.last_sequence) for it in self._logs)])

    def bears_out(self, statement: str) -> bool:
        """Whether every log still has the record that the statement names, and the same one."""
        word, *places = statement.split(" ")
        if word != _WORD or len(places) != len(self._logs):
            return False
        return all(self._has(it, place) for it, place in zip(self._logs, places, strict=True))

    def _has(self, log: WitnessedLog, place: str) -> bool:
        number = place.partition(":")[0]
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            return False
        return int(number) <= log.log.last_sequence and self._at(log, int(number)) == place

    def _at(self, log: WitnessedLog, sequence: int) -> str:
        """A record as it is named; the payload may be erased one day, the header stays."""
        if sequence == 0:
            return "0:"
        (record,) = log.reader.read(sequence - 1, 1)
        return f"{sequence}:{sha256(record.header).digest()[:_DIGEST_BYTES].hex()}"
