"""Contracts that every target reads by, and the whole way of an input through them: the strongest oracle.

What a door accepts is logged, opened, mapped, folded and written to a state, as the worker does it. Nothing
may be lost on the way, nothing set aside, and whatever was held or refused has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from onefold.adapters.sqlite.store import SqliteState
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import CellKey
from onefold.pipeline.fingerprint import state_hash
from onefold.pipeline.mapping import ContractMapping
from onefold.pipeline.step import drive, step
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.door import Door
from onefold.record.intake.model import Offered, Receipt
from onefold.record.intake.quarantine import Quarantine
from onefold.record.log.seal import Opened, Sealer
from onefold.record.log.service import GroupCommit
from onefold.testing.clock import SetClock
from onefold.testing.door import MemoryDoorIndex
from onefold.testing.intake import CELL, NOW_MS
from onefold.testing.memory import MemoryState
from onefold.testing.segments import MemorySegments, MemorySubjectKeys
from tests.fuzz.shapes import core
from tests.fuzz.target import says_nothing_personal

ROOT = Path(__file__).resolve().parents[2]
CELL_KEY = CellKey(b"\x07" * 32)
PLACES = ("contracts/world", "examples/streams")

Call = tuple[str, str, Offered]


@cache
def contracts() -> Contracts:
    """The bank of the world, the bank that streams, and one whose objects have every kind of property."""
    paths = sorted(path for place in PLACES for path in (ROOT / place).glob("*.yaml"))
    parsed = [parse_contract(it.read_bytes(), it.name, published=True) for it in paths]
    return Contracts(CELL_KEY, [*parsed, core()])


def compiled(source: str, name: str) -> CompiledObject:
    """An object of one of them."""
    return contracts().latest(source).object(name)


class Cell:
    """A cell in memory that has seen nothing yet."""

    def __init__(self) -> None:
        self._keys = MemorySubjectKeys()
        self._log, held = MemorySegments(), MemorySegments()
        self._nonces = 0
        self._sealer = Sealer(self._keys, self._nonce)
        self.quarantine = Quarantine(
            str(CELL), CELL_KEY, GroupCommit(held), held, MemorySubjectKeys(), self._nonce
        )
        self.door = Door(
            CELL,
            CELL_KEY,
            contracts(),
            self._sealer,
            self._keys,
            GroupCommit(self._log),
            self._log,
            self.quarantine,
            MemoryDoorIndex(),
            SetClock(NOW_MS),
        )

    def _nonce(self, size: int) -> bytes:
        self._nonces += 1
        return (self._nonces % (1 << 8 * size)).to_bytes(size, "big")

    def frames(self) -> list[Opened]:
        """Every frame of the log, opened."""
        return self._sealer.open(self._log.scan())


def through(offer: Callable[[Cell], Receipt | None]) -> Receipt | None:
    """One input from the door to the state; what it was answered, None where the whole was turned away."""
    cell = Cell()
    try:
        receipt = offer(cell)
    except CallerError as error:
        says_nothing_personal(error)
        assert not cell.frames(), "what was turned away has logged something"
        return None
    if receipt is None:
        return None
    _accounted(cell, receipt)
    _folded(cell.frames())
    return receipt


def offer_calls(source: str, calls: Sequence[Call]) -> Receipt | None:
    """Calls, the whole way."""

    def offer(cell: Cell) -> Receipt:
        receipt = cell.door.offer_calls(source, calls)
        assert receipt.tally.offered == len(calls)
        return receipt

    return through(offer)


def offer_rows(source: str, name: str, rows: Sequence[Offered]) -> Receipt | None:
    """Rows of one object, the whole way."""

    def offer(cell: Cell) -> Receipt:
        receipt = cell.door.offer(source, name, rows)
        assert receipt.tally.offered == len(rows)
        return receipt

    return through(offer)


def _accounted(cell: Cell, receipt: Receipt) -> None:
    tally = receipt.tally
    tally.check()
    turned = tally.quarantined + tally.refused
    assert sum(tally.reasons.values()) == turned, "a row was turned away without a reason"
    assert {*tally.reasons} <= {*Reason}, "a reason that is none"
    assert len(receipt.turned) == min(turned, 1000)
    held = [sequence for sequence, _ in cell.quarantine.headers(0)]
    assert (len(held) > 0) == (turned > 0)
    for sequence in held:
        kept, body = cell.quarantine.read(sequence)
        assert kept.reason in tally.reasons
        assert kept.size == len(body)


def _folded(frames: list[Opened]) -> None:
    """The log as the worker takes it, in two orders and into the store on disk: one state."""
    mapping = ContractMapping(contracts())
    there, back, stored = MemoryState(), MemoryState(), SqliteState(Path(":memory:"))
    states: tuple[tuple[Any, list[Opened]], ...] = ((there, frames), (back, frames[::-1]), (stored, frames))
    try:
        for state, order in states:
            writes = drive(step(order, mapping), state)
            assert not writes.set_aside, f"accepted, and not readable: {[*writes.set_aside.values()]}"
            state.commit(writes, 0, len(frames))
    finally:
        stored.close()
    assert state_hash(there) == state_hash(back), "the order in which things were said made a difference"


def rows_equal(left: Sequence[Offered], right: Sequence[Offered]) -> bool:
    """Whether two readers offer the same."""
    return [_seen(it) for it in left] == [_seen(it) for it in right]


def _seen(offered: Offered) -> tuple[Any, ...]:
    return (repr(offered.row), offered.line, offered.message_id, offered.fault, offered.raw, offered.digest)
