"""Rows that were not let in: durable and encrypted on segments of their own, listed without values.

A header holds codes, field names and a keyed digest; the row itself is sealed under a key of its source,
apart from the keys of subjects, because nobody knows yet whom a broken row is about. A refused row has
no body at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onefold.kernel.errors import CallerError, Damaged, NotFound
from onefold.kernel.ids import CellKey
from onefold.record.contracts.errors import REFUSALS, Reason
from onefold.record.intake.model import Fault
from onefold.record.intake.ports import DurableAppend
from onefold.record.intake.runs import Run
from onefold.record.log.model import Record
from onefold.record.log.ports import SegmentReader, SubjectKeys

NONCE_BYTES = 12
_WINDOW = 500


class HeldHeader(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The plain part of a held row. `digest` tells equal rows with equal faults; `size` is 0 if refused.

    `way` and `began_at` name the run that brought it; rows that were held before runs were kept have none.
    """

    cell: str
    source: str
    object: str
    contract: str
    reason: str
    field: str
    line: int
    held_at: int
    digest: bytes
    size: int
    nonce: bytes
    way: str = ""
    began_at: int = 0


class Held(msgspec.Struct, frozen=True):
    """One held row as listed: where it came from, why it is here; no value of it."""

    sequence: int
    source: str
    object: str
    contract: str
    reason: str
    about: str
    field: str
    line: int
    held_at: int
    refused: bool
    size: int
    way: str = ""
    began_at: int = 0


_ENCODE = msgspec.msgpack.Encoder().encode
_HEADER = msgspec.msgpack.Decoder(HeldHeader)


class Quarantine:
    """The quarantine of one cell.

    `keys` is a key store of its own, one key a source; `entropy(n)` gives n unpredictable bytes.
    """

    def __init__(
        self,
        cell: str,
        cell_key: CellKey,
        commit: DurableAppend,
        reader: SegmentReader,
        keys: SubjectKeys,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._cell = cell
        self._cell_key = cell_key
        self._commit = commit
        self._reader = reader
        self._keys = keys
        self._entropy = entropy

    @property
    def last_sequence(self) -> int:
        """The last durable sequence; 0 when empty."""
        return self._commit.last_sequence

    def hold(self, faults: Sequence[tuple[str, Fault, Run]], at: int) -> int:
        """Keeps (source, fault, run that brought it) and returns the last sequence once they are durable."""
        sources = sorted({source for source, _, _ in faults})
        found = self._keys.obtain([self._key_id(source) for source in sources])
        ciphers = {source: AESGCM(found[self._key_id(source)]) for source in sources}
        return self._commit.append(
            [self._seal(ciphers[source], source, fault, run, at) for source, fault, run in faults]
        )

    def _seal(self, cipher: AESGCM, source: str, fault: Fault, run: Run, at: int) -> tuple[bytes, bytes]:
        nonce = self._entropy(NONCE_BYTES)
        header = _ENCODE(
            HeldHeader(
                self._cell,
                source,
                fault.object,
                fault.contract,
                fault.reason.value,
                fault.field,
                fault.line,
                at,
                fault.digest,
                len(fault.body),
                nonce,
                run.way,
                run.began_at,
            )
        )
        return header, cipher.encrypt(nonce, fault.body, header) if fault.body else b""

    def listed(self, sequence: int) -> Held:
        """One held row without what it says."""
        return _listed(sequence, decode_held(self._record(sequence)))

    def read(self, sequence: int) -> tuple[Held, bytes]:
        """One held row and its bytes as they may be kept (JSON, or the line as it came); empty if refused."""
        found = self._record(sequence)
        header = decode_held(found)
        listed = _listed(sequence, header)
        keys = self._keys.find([self._key_id(header.source)])
        if not keys or not found.payload:
            return listed, b""
        try:
            return listed, AESGCM(*keys.values()).decrypt(header.nonce, found.payload, found.header)
        except InvalidTag as error:
            raise Damaged("A row in quarantine does not open.", detail=f"Record {sequence}.") from error

    def headers(self, after: int) -> Iterator[tuple[int, HeldHeader]]:
        """Every header above a sequence, in order: what the door's index is made of."""
        while batch := self._reader.read(after, _WINDOW):
            for record in batch:
                yield record.sequence, decode_held(record)
            after = batch[-1].sequence

    def _record(self, sequence: int) -> Record:
        found = self._reader.read(sequence - 1, 1) if 0 < sequence <= self.last_sequence else []
        if not found:
            raise NotFound("There is no such row in quarantine.")
        return found[0]

    def _key_id(self, source: str) -> bytes:
        return self._cell_key.digest(b"quarantine", source.encode())


def decode_held(record: Record) -> HeldHeader:
    """The header of a stored record; `Damaged` when it is not one."""
    try:
        return _HEADER.decode(record.header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged("A quarantine record cannot be read.", detail=f"Record {record.sequence}.") from error


def _listed(sequence: int, header: HeldHeader) -> Held:
    known = header.reason in set(Reason)
    return Held(
        sequence=sequence,
        source=header.source,
        object=header.object,
        contract=header.contract,
        reason=header.reason,
        about=Reason(header.reason).about if known else "",
        field=header.field,
        line=header.line,
        held_at=header.held_at,
        refused=header.reason in REFUSALS,
        size=header.size,
        way=header.way,
        began_at=header.began_at,
    )


def sequence_of(text: str) -> int:
    """The number of a row in quarantine; `CallerError` when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CallerError("That is not the id of a row in quarantine.", hint="It is a number.")
    return int(text)
