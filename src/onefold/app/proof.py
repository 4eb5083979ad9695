"""Proving that nothing was changed: the logs against their checkpoints, the state against the log."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack, closing
from pathlib import Path

from onefold.adapters.files.disk import lock
from onefold.adapters.files.keys import KeyFiles, public_key_id, read_public_key
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.verify import verify_folder
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.contracts import open_contracts
from onefold.app.folder import DataFolder
from onefold.app.rooms import LOGS, worker_at
from onefold.channels.cli.house import Checked, Replayed, Verified, Watch
from onefold.kernel.errors import CallerError, Unavailable
from onefold.pipeline.fingerprint import state_hash
from onefold.record.contracts.corrections import newest_corrections
from onefold.record.log.seal import Sealer

REPLAY = "replay"
_STATE = "state.db"


def verify(folder: DataFolder) -> Verified:
    """Every log against its signed checkpoints, with the public key alone; nothing is opened or changed.

    That the data keys of a log are there is looked at too: without them it proves itself and says nothing.
    """
    keys = {"log": folder.subject_keys, "quarantine": folder.quarantine_keys}
    public = read_public_key(folder.keys / "signing.pub")
    checked = []
    for name in LOGS:
        report = verify_folder(
            folder.log(name), folder.checkpoints, name, str(folder.cell), {public_key_id(public): public}
        )
        findings = [str(it) for it in report.findings]
        if name in keys and report.records and not (keys[name].is_file() and keys[name].stat().st_size):
            findings.append(
                f"{keys[name].name}: is missing, so no body can be read; restore it from a backup"
            )
        checked.append(Checked(name, report.records, report.sealed_through, report.unsealed, tuple(findings)))
    return Verified(tuple(checked))


def replay(folder: DataFolder, into: Path, watch: Watch, *, adopt: bool = False) -> Replayed:
    """Builds the state anew from the log into an empty folder and compares it with the one in use.

    Events are read by the corrections of contracts that the state in use has. With `adopt` they are read by
    the newest, and the new state takes the place of the one in use, for which nobody may be writing the log.
    `CallerError` where the folder is not empty; `Unavailable` where the state in use stands elsewhere in the
    log, or a server runs that would have to be stopped.
    """
    if into.exists() and any(into.iterdir()):
        raise CallerError(f"The folder {into} is not empty.", hint="Name a new one.")
    with ExitStack() as stack:
        if adopt:
            held = lock(folder.log("log") / "lock", f"the log of {folder.cell}")
            stack.callback(os.close, held)
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        replayed = _rebuilt(folder, into / _STATE, watch, adopt=adopt)
        if adopt:
            _put_in_use(into / _STATE, folder.state)
        return replayed


def _rebuilt(folder: DataFolder, state: Path, watch: Watch, *, adopt: bool) -> Replayed:
    started = time.monotonic()
    keys = KeyFiles(folder.keys)
    end = FileSegmentReader(folder.log("log")).last_sequence
    sealer = Sealer(SqliteSubjectKeys(folder.subject_keys, keys.custody(), create=end == 0), os.urandom)
    contracts = open_contracts(keys.cell_key(folder.cell), folder.contracts)
    with closing(SqliteState(folder.state)) as present:
        known = present.corrections
    newest = newest_corrections(contracts.all())
    frames = 0
    corrections = newest if adopt else known
    with worker_at(state, folder.log("log"), sealer, contracts, corrections) as worker:
        while worker.offset < end and (taken := worker.run_once()):
            frames += taken
            watch(REPLAY, worker.offset, max(end, worker.offset))
    with (
        closing(SqliteCustomerReader(state)) as rebuilt,
        closing(SqliteCustomerReader(folder.state)) as in_use,
        in_use.snapshot(),
        rebuilt.snapshot(),
    ):
        if in_use.offset != rebuilt.offset and not adopt:
            raise Unavailable(
                "The state in use does not stand where the log ends.",
                detail=f"It stands at {in_use.offset}, the replay at {rebuilt.offset}.",
                hint="Let the server finish, or start it once, and replay again.",
            )
        hashes = state_hash(rebuilt), state_hash(in_use)
        at = rebuilt.offset
    waiting = tuple(
        f"{source} {version}"
        for (source, first), version in sorted(newest.items())
        if known.get((source, first)) != version
    )
    return Replayed(frames, at, time.monotonic() - started, *hashes, waiting, adopt)


def _put_in_use(rebuilt: Path, state: Path) -> None:
    """Takes the old state away whole before the new one comes: a crash between leaves none, which is remade.

    Left beside the new one, the old one's write-ahead log would be taken for the new one's.
    """
    for path in (state, *(state.with_name(state.name + end) for end in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    shutil.move(rebuilt, state)
