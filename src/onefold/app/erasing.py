"""The eraser of a folder: every room that stores personal data, in the order in which they forget.

A new room goes on the list in `eraser_of`; `tests/style/test_stores.py` finds one that does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from onefold.adapters.files.erasing import Drops, ExportErasure, SegmentErasure
from onefold.adapters.files.packages import PackageErasure
from onefold.adapters.sqlite.erasing import StateErasure
from onefold.app.device_rules import devices_of
from onefold.app.vaults import Vaults
from onefold.customer.erasure.service import Eraser
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.cutting import Cutting
from onefold.gate.fetching.service import Fetching
from onefold.gate.kept import CutErasure
from onefold.record.contracts.registry import Contracts
from onefold.record.erasure.ledger import ErasureLedger
from onefold.record.erasure.model import Erased
from onefold.record.erasure.ports import Erasable
from onefold.record.erasure.remains import goes
from onefold.record.intake.door import Door
from onefold.record.intake.naming import rows_about
from onefold.record.intake.quarantine import Quarantine
from onefold.record.log.frames import decode_header
from onefold.record.log.seal import Sealer
from onefold.record.tokens.service import TokenVault
from onefold.usecases.ports import Barrier
from onefold.usecases.rooms import Rooms

CATCH_UP_SECONDS = 600.0


def eraser_of(
    vaults: Vaults,
    door: Door,
    ledger: ErasureLedger,
    sealer: Sealer,
    contracts: Contracts,
    reader: CustomerReader,
    barrier: Barrier,
    fetching: Fetching,
    tokens: TokenVault,
    cutting: Cutting,
    last: Sequence[Erasable],
) -> Eraser:
    """The eraser over all rooms of a folder; who is away in `last` holds up none before."""
    return Eraser(
        cell=str(vaults.cell),
        cell_key=vaults.cell_key,
        clock=vaults.clock,
        reader=reader,
        ledger=ledger,
        log=vaults.commits["log"],
        frames=vaults.readers["log"],
        sealer=sealer,
        keys=vaults.subject_keys,
        first=(
            _segments(vaults, "quarantine", lambda erased: _held(erased, vaults, door.quarantine, contracts)),
            ExportErasure(vaults.folder.exports),
            PackageErasure(vaults.folder.packages),
        ),
        last=(
            _segments(vaults, "log", _logged),
            StateErasure(vaults.folder.state),
            tokens,
            fetching,
            CutErasure(cutting),
            *last,
        ),
        caught_up=lambda sequence: barrier.wait_for(sequence, CATCH_UP_SECONDS),
        paused=door.pause,
        devices=devices_of(vaults.folder),
    )


def finish_erasures(rooms: Rooms) -> None:
    """Does what a crash left unfinished, and what a restored backup brought back."""
    rooms.tokens.resume()
    done = rooms.eraser.resume()
    if done is not None:
        reasons = (f"erasure {done.id}: {done.fragments} records",)
        rooms.gate.note("onefold", "erased", "resumed", reasons)


def _segments(vaults: Vaults, name: str, drops: Drops) -> SegmentErasure:
    return SegmentErasure(
        name,
        vaults.folder.log(name),
        str(vaults.cell),
        vaults.writers[name],
        vaults.checkpoints,
        vaults.clock,
        drops,
    )


def _logged(erased: Erased) -> Callable[[bytes], bool]:
    """Frames that are about somebody who is erased; what stays of them was said again before."""
    return lambda header: goes(decode_header(header), erased.subjects, erased.fragments)


def _held(
    erased: Erased, vaults: Vaults, quarantine: Quarantine, contracts: Contracts
) -> Callable[[bytes], bool]:
    """Rows in quarantine that are about somebody who is erased, or name them."""
    found = sorted(rows_about(erased, quarantine, contracts))
    records = (vaults.readers["quarantine"].read(it - 1, 1) for it in found)
    headers = {it.header for some in records for it in some}
    return headers.__contains__
