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
from onefold.record.log.model import Record
from onefold.record.log.ports import SegmentReader, SubjectKeys

PAGE_MAX = 500
NONCE_BYTES = 12
_WINDOW = 500
_READ_A_PAGE = 100_000


class HeldHeader(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The plain part of a held row. `digest` tells equal rows with equal faults; `size` is 0 if refused."""

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


class HeldPage(msgspec.Struct, frozen=True):
    """Newest first; `next` continues, empty at the end."""

    items: tuple[Held, ...]
    next: str


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

    def hold(self, faults: Sequence[tuple[str, Fault]], at: int) -> int:
        """Keeps (source, fault) pairs and returns the last sequence once they are durable."""
        sources = sorted({source for source, _ in faults})
        found = self._keys.obtain([self._key_id(source) for source in sources])
        ciphers = {source: AESGCM(found[self._key_id(source)]) for source in sources}
        return self._commit.append(
            [self._seal(ciphers[source], source, fault, at) for source, fault in faults]
        )

    def _seal(self, cipher: AESGCM, source: str, fault: Fault, at: int) -> tuple[bytes, bytes]:
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
            )
        )
        return header, cipher.encrypt(nonce, fault.body, header) if fault.body else b""

    def page(self, *, source: str = "", reason: str = "", cursor: str = "", limit: int = 50) -> HeldPage:
        """Up to `limit` rows below `cursor` (the `next` of the page before), of a source, with a reason."""
        limit = max(1, min(limit, PAGE_MAX))
        newest = self.last_sequence
        below = min(_sequence(cursor), newest + 1) if cursor else newest + 1
        items: list[Held] = []
        for record in self._backwards(below):
            below = record.sequence
            header = decode_held(record)
            if source in {"", header.source} and reason in {"", header.reason}:
                items.append(_listed(record.sequence, header))
                if len(items) == limit:
                    break
        return HeldPage(tuple(items), str(below) if below > 1 else "")

    def read(self, sequence: int) -> tuple[Held, bytes]:
        """One held row and its bytes as they may be kept (JSON, or the line as it came); empty if refused."""
        found = self._reader.read(sequence - 1, 1) if 0 < sequence <= self.last_sequence else []
        if not found:
            raise NotFound("There is no such row in quarantine.")
        header = decode_held(found[0])
        listed = _listed(sequence, header)
        keys = self._keys.find([self._key_id(header.source)])
        if not keys or not found[0].payload:
            return listed, b""
        try:
            return listed, AESGCM(*keys.values()).decrypt(header.nonce, found[0].payload, found[0].header)
        except InvalidTag as error:
            raise Damaged("A row in quarantine does not open.", detail=f"Record {sequence}.") from error

    def headers(self, after: int) -> Iterator[tuple[int, HeldHeader]]:
        """Every header above a sequence, in order: what the door's index is made of."""
        while batch := self._reader.read(after, _WINDOW):
            for record in batch:
                yield record.sequence, decode_held(record)
            after = batch[-1].sequence

    def _backwards(self, below: int) -> Iterator[Record]:
        """Records below a sequence, newest first, as many as one page may read."""
        for top in range(below, max(1, below - _READ_A_PAGE), -_WINDOW):
            after = max(0, top - 1 - _WINDOW)
            yield from reversed(self._reader.read(after, top - 1 - after))

    def _key_id(self, source: str) -> bytes:
        return self._cell_key.digest(b"quarantine", source.encode())


def decode_held(record: Record) -> HeldHeader:
    """The header of a stored record; `Damaged` when it is not one."""
    try:
        return _HEADER.decode(record.header)
    except msgspec.MsgspecError as error:
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
    )


def _sequence(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CallerError("That is not a place in the quarantine.", hint="It is a number.")
    return int(text)
