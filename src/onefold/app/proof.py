"""Proving that nothing was changed: the logs against their checkpoints, the state against the log."""

from __future__ import annotations

import getpass
import os
from contextlib import ExitStack, closing
from pathlib import Path

from onefold.adapters.files.disk import lock
from onefold.adapters.files.keys import public_key_id, read_public_key, read_public_keys
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.verify import verify_folder
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.app.contracts import Published
from onefold.app.folder import DataFolder
from onefold.app.readings import Reading, reading_in_use, reading_kept
from onefold.app.rebuilding import build_state, contracts_of, opener_of
from onefold.app.rooms import LOGS
from onefold.app.succession import hand_over, put_in_use
from onefold.channels.cli.house import Checked, ProofRead, Replayed, Verified, Watch
from onefold.kernel.errors import CallerError, Unavailable
from onefold.kernel.time import iso_instant
from onefold.pipeline.fingerprint import state_hash
from onefold.record.contracts.corrections import newest_corrections
from onefold.record.log.checkpoints import Checkpoint, Signed
from onefold.record.log.proof import RecordProof, decode_proof, faults_of

_STATE = "state.db"


def verify(folder: DataFolder) -> Verified:
    """Every log against its signed checkpoints, with the public key alone; nothing is opened or changed.

    That the data keys of a log are there is looked at too: without them it proves itself and says nothing.
    """
    keys = {"log": folder.subject_keys, "quarantine": folder.quarantine_keys}
    public = read_public_keys(folder.keys)
    checked = []
    for name in LOGS:
        report = verify_folder(folder.log(name), folder.checkpoints, name, str(folder.cell), public)
        findings = [str(it) for it in report.findings]
        if name in keys and report.records and not (keys[name].is_file() and keys[name].stat().st_size):
            findings.append(
                f"{keys[name].name}: is missing, so no body can be read; restore it from a backup"
            )
        checked.append(Checked(name, report.records, report.sealed_through, report.unsealed, tuple(findings)))
    return Verified(tuple(checked))


def verify_proof(path: Path, public_key: Path | None) -> ProofRead:
    """A proof file against its signature, by itself; with a public key, against that one."""
    try:
        proof = decode_proof(path.read_bytes())
    except OSError as error:
        raise CallerError(f"The proof {path.name} cannot be read.", detail=error.strerror or "") from error
    named = [proof.key] if isinstance(proof, RecordProof) else proof.keys
    keys = [read_public_key(public_key)] if public_key else [_key(it) for it in named]
    by_id = {public_key_id(it): it for it in keys}
    faults = tuple(faults_of(proof, by_id))
    if isinstance(proof, RecordProof):
        return ProofRead(said(proof.checkpoint), proof.record, proof.payload or "", tuple(by_id), faults)
    return ProofRead(f"{said(proof.first)}, then {said(proof.second)}", 0, "", tuple(by_id), faults)


def said(signed: Signed) -> str:
    """A checkpoint in words."""
    it = signed.statement
    if not isinstance(it, Checkpoint):
        return "no checkpoint"
    return f"the {it.log} of {it.cell} up to record {it.last_sequence} as of {iso_instant(it.at)}"


def _key(text: str) -> bytes:
    """A public key as a proof carries it; what is none proves nothing."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def replay(folder: DataFolder, into: Path, watch: Watch, *, adopt: bool = False) -> Replayed:
    """Builds the state anew from the log into an empty folder and compares it with the one in use.

    Events are read by the corrections of contracts that the state in use has. With `adopt` they are read by
    the newest, and the new state takes the place of the one in use: at once where nobody writes the log, else
    it is left for the server, which goes over to it, and keeps for the audit who left it. `CallerError` where
    the folder is not empty, or something else was adopted meanwhile; `Unavailable` where the state in use
    stands elsewhere in the log.
    """
    if into.exists() and any(into.iterdir()):
        raise CallerError(f"The folder {into} is not empty.", hint="Name a new one.")
    with ExitStack() as stack:
        alone = adopt and _alone(folder, stack)
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        replayed = _rebuilt(folder, into / _STATE, watch, adopt=adopt)
        if not adopt:
            return replayed
        built = _reading_of(into / _STATE)
        if alone:
            waiting = built.mended_since(_reading_of(folder.state))
            Published(folder.contracts).record_adopted(waiting, f"operator:{getpass.getuser()}")
            put_in_use(into / _STATE, folder.state)
            return replayed
    taken = hand_over(into / _STATE, folder)
    if taken and _reading_of(folder.state) != built:
        raise CallerError(
            "Something else was adopted meanwhile; what was built here was not, and is gone.",
            hint="Look at what is in force with `onefold model show`, and replay again if it is still meant.",
        )
    return replayed._replace(adopted=taken, handed_over=True)


def _reading_of(state: Path) -> Reading:
    with closing(SqliteState(state)) as kept:
        return reading_kept(kept)


def _alone(folder: DataFolder, stack: ExitStack) -> bool:
    """Whether nobody writes the log, nor will until the stack is unwound."""
    try:
        held = lock(folder.log("log") / "lock", f"the log of {folder.cell}")
    except Unavailable:
        return False
    stack.callback(os.close, held)
    return True


def _rebuilt(folder: DataFolder, state: Path, watch: Watch, *, adopt: bool) -> Replayed:
    contracts = contracts_of(folder)
    with closing(FileSegmentReader(folder.log("log"))) as log:
        known = reading_in_use(folder, log, opener_of(folder, empty=log.last_sequence == 0), contracts)
    newest = newest_corrections(contracts.all())
    reading = known._replace(corrections=newest) if adopt else known
    built = build_state(folder, state, reading, watch)
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
    waiting = tuple(map(" ".join, known._replace(corrections=newest).mended_since(known)))
    return Replayed(built.frames, at, built.seconds, *hashes, waiting, adopt)
