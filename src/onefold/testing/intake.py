"""A whole door in memory: contracts, keys, log, quarantine and index, for tests and for trying a contract."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from onefold.kernel.ids import Cell, CellKey
from onefold.record.contracts.model import Contract
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.door import Door
from onefold.record.intake.held import HeldRows, Wanted
from onefold.record.intake.model import Offered
from onefold.record.intake.ports import DoorIndex
from onefold.record.intake.quarantine import Held, Quarantine
from onefold.record.intake.settlement import Settlements
from onefold.record.log.seal import Opened, Sealer
from onefold.record.log.service import GroupCommit
from onefold.testing.clock import SetClock
from onefold.testing.door import MemoryDoorIndex
from onefold.testing.segments import MemorySegments, MemorySubjectKeys

CELL = Cell("demo", "uz")
NOW_MS = 1_750_000_000_000
"""2025-06-15T15:06:40Z."""


class MemoryIntake:
    """One cell's intake without a disk. `reopen` is a restart: what was durable is there, the rest is not."""

    def __init__(self, *contracts: Contract, index: DoorIndex | None = None) -> None:
        self.cell_key = CellKey(b"\x07" * 32)
        self.contracts = Contracts(self.cell_key, contracts)
        self.clock = SetClock(NOW_MS)
        self.log = MemorySegments()
        self.held = MemorySegments()
        self.settled = MemorySegments()
        self.keys = MemorySubjectKeys()
        self.quarantine_keys = MemorySubjectKeys()
        self.index: DoorIndex = index or MemoryDoorIndex()
        self.sealer = Sealer(self.keys, os.urandom)
        self.door = self._open()

    def _open(self) -> Door:
        self.quarantine = Quarantine(
            str(CELL), self.cell_key, GroupCommit(self.held), self.held, self.quarantine_keys, os.urandom
        )
        settlements = Settlements(str(CELL), GroupCommit(self.settled), self.settled)
        self.held_rows = HeldRows(self.quarantine, settlements)
        return Door(
            CELL,
            self.cell_key,
            self.contracts,
            self.sealer,
            self.keys,
            GroupCommit(self.log),
            self.log,
            self.quarantine,
            self.index,
            self.clock,
        )

    def reopen(self) -> Door:
        """A new door over the same logs, keys and index."""
        self.door = self._open()
        return self.door

    def listed(self) -> list[Held]:
        """Every held row, newest first."""
        return list(self.held_rows.read(self.held_rows.sequences(Wanted())))

    def frames(self) -> list[Opened]:
        """Every frame of the log, opened."""
        return self.sealer.open(self.log.scan())

    def bodies(self) -> list[bytes]:
        """The body of every event that can be opened, in log order."""
        return [body for _, _, bodies in self.frames() for body in bodies or ()]


def rows(*given: dict[str, Any], message_ids: Iterable[str] = ()) -> list[Offered]:
    """Rows as a reader would offer them, numbered from 1."""
    ids = list(message_ids)
    return [Offered(row, number, ids[number - 1] if ids else "") for number, row in enumerate(given, start=1)]
