"""Proving that every release rested on a consent: the audit and the log of a folder, joined again.

Reads alone: no lock is taken and nothing is written, so it runs beside a server. How a release is judged is
in `customer/consent/rejoin.py`, and what is folded for it in `pipeline/rejoin.py`; the gate has no part in
either.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from typing import NamedTuple

from onefold.adapters.files.custody import FolderCustody
from onefold.adapters.files.keys import KeyFiles, read_public_keys
from onefold.adapters.files.proofs import FileProofs
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.verify import verify_folder
from onefold.adapters.sqlite.store import SqliteState
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.contracts import open_contracts
from onefold.app.folder import DataFolder
from onefold.channels.cli.house import ConsentProved, Period, Violation, Watch
from onefold.customer.consent.model import Use
from onefold.customer.consent.rejoin import Said, contact_fault, look_fault, rests_on_somebodys_word
from onefold.pipeline.mapping import ContractMapping
from onefold.pipeline.ports import Opened
from onefold.pipeline.rejoin import Asked, Frames, Wanted, rejoined
from onefold.record.audit.model import AuditRecord
from onefold.record.audit.service import decode_record
from onefold.record.log.checkpoints import Checkpoint
from onefold.record.log.frames import decode_header
from onefold.record.log.seal import Sealer

_BATCH = 2_000
_CONTACT = "release"
_COMBINING = frozenset({"view", "transactions", "balances", "timeline", "everything"})
"""Kinds of records whose `fragments` are those that what was shown was made of."""
RELEASES = _COMBINING | {
    _CONTACT, "search", "relations", "conversation", "references", "reveal", "verification", "explanation",
    "reviews", "hubs",
}  # fmt: skip
"""Kinds of records with which something of a customer left."""


class _Releases(NamedTuple):
    """The records of one period by their place, what is to be judged of them, and what need not or cannot."""

    records: dict[int, AuditRecord]
    asked: list[Asked]
    resting_on_none: int
    of_before: int


def prove_consent(folder: DataFolder, period: Period, watch: Watch) -> ConsentProved:
    """Judges every release of the period again, over logs that were verified first."""
    started = time.monotonic()
    public = read_public_keys(folder.keys)
    reports = {
        name: verify_folder(folder.log(name), folder.checkpoints, name, str(folder.cell), public)
        for name in ("audit", "log")
    }
    covered = reports["audit"]
    with closing(FileSegmentReader(folder.log("audit"))) as reader:
        found = _releases(reader, covered.records, period, watch)
    violations, erased, customers = _judged(folder, found, watch)
    proofs = FileProofs(folder.log("audit"), folder.checkpoints, "audit", str(folder.cell), public)
    checkpoints = [it.statement for it in proofs.checkpoints() if isinstance(it.statement, Checkpoint)]
    newest = max(checkpoints, key=_reach, default=None)
    return ConsentProved(
        releases=len(found.records),
        customers=customers,
        resting_on_none=found.resting_on_none,
        erased=erased,
        of_before=found.of_before,
        violations=tuple(violations),
        audit_records=covered.records,
        sealed_through=covered.sealed_through,
        root=newest.root if newest else "",
        chain=newest.chain if newest else "",
        findings=tuple(f"{name}: {it}" for name, report in reports.items() for it in report.findings),
        seconds=time.monotonic() - started,
    )


def _reach(checkpoint: Checkpoint) -> int:
    return checkpoint.last_sequence


def _releases(reader: FileSegmentReader, last: int, period: Period, watch: Watch) -> _Releases:
    """Every release of the period; those that rest on a contract or a legal duty are counted alone."""
    found = _Releases({}, [], 0, 0)
    resting_on_none = of_before = after = 0
    while after < last and (batch := reader.read(after, _BATCH)):
        after = batch[-1].sequence
        for stored in batch:
            record = decode_record(stored)
            if not _is_meant(record, period):
                continue
            found.records[stored.sequence] = record
            if not rests_on_somebodys_word(record.purpose):
                resting_on_none += 1
            elif record.rests is None:
                of_before += 1
            else:
                found.asked.extend(_asked(stored.sequence, record))
        watch("audit", after, max(after, last))
    return found._replace(resting_on_none=resting_on_none, of_before=of_before)


def _is_meant(record: AuditRecord, period: Period) -> bool:
    return (
        record.kind in RELEASES
        and record.outcome == "allowed"
        and bool(record.customers)
        and period.since_ms <= record.at
        and (not period.until_ms or record.at < period.until_ms)
        and period.channel in ("", record.channel)
        and (not period.campaign or period.campaign in record.details.values())
    )


def _asked(sequence: int, record: AuditRecord) -> Iterator[Asked]:
    assert record.rests is not None
    for at in range(len(record.customers)):
        members = record.rests.members[at] if at < len(record.rests.members) else ()
        yield Asked(
            sequence, record.rests.sequence, record.rests.at, tuple(bytes.fromhex(it) for it in members), at
        )


def _judged(folder: DataFolder, found: _Releases, watch: Watch) -> tuple[list[Violation], int, int]:
    """The violations, how many customers were erased since, and how many were judged."""
    violations: list[Violation] = []
    erased = judged = 0
    if not found.asked:
        return violations, erased, judged
    keys = KeyFiles(folder.keys)
    through = max(it.sequence for it in found.asked)
    with ExitStack() as stack:
        subject_keys = SqliteSubjectKeys(folder.subject_keys, FolderCustody(folder.keys), create=False)
        sealer = Sealer(stack.enter_context(closing(subject_keys)), os.urandom)
        reader = stack.enter_context(closing(FileSegmentReader(folder.log("log"))))
        state = stack.enter_context(closing(SqliteState(folder.state)))
        contracts = open_contracts(keys.cell_key(folder.cell), folder.contracts)
        mapping = ContractMapping(contracts, state.corrections)
        frames = _frames(reader, sealer, through, watch)
        for asked, said in rejoined(found.asked, frames, mapping):
            if said is None:
                erased += 1
                continue
            judged += 1
            record = found.records[asked.record]
            if fault := _fault(said, record, asked.place):
                violations.append(Violation(asked.record, record.customers[asked.place], fault))
    return violations, erased, judged


def _fault(said: Said, record: AuditRecord, place: int) -> str:
    """Why a release ought not to have been made of one of its customers; empty where that was right."""
    assert record.rests is not None
    rests = record.rests
    if record.kind == _CONTACT:
        classes = (rests.data_class, *rests.chosen_by)
        asked = (Use(record.purpose, record.channel, it, record.controller) for it in classes)
        return next(filter(None, (contact_fault(said, it) for it in asked)), "")
    uses = rests.uses[place] if place < len(rests.uses) else {}
    if not uses:
        use = Use(record.purpose, record.channel, rests.data_class, record.controller)
        return look_fault(said, _used(record), use)
    permitted = {it for fragments in uses.values() for it in fragments}
    if any(it.hex() not in permitted for it in _used(record)):
        return "a record was used of which no class of data was asked for"
    faults = (
        look_fault(
            said, map(bytes.fromhex, fragments), Use(record.purpose, record.channel, name, record.controller)
        )
        for name, fragments in uses.items()
    )
    return next(filter(None, faults), "")


def _used(record: AuditRecord) -> list[bytes]:
    return [bytes.fromhex(it) for it in record.fragments] if record.kind in _COMBINING else []


def _frames(reader: FileSegmentReader, sealer: Sealer, through: int, watch: Watch) -> Frames:
    def frames(wanted: Wanted) -> Iterable[Opened]:
        after = 0
        while after < through and (batch := reader.read(after, min(_BATCH, through - after))):
            after = batch[-1].sequence
            yield from sealer.open(it for it in batch if wanted(decode_header(it.header)))
            watch("log", after, through)

    return frames
