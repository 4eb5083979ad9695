"""Checking an evidence package by itself: every file by its digest, every record by its proof."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from pathlib import Path

import msgspec

from onefold.adapters.files.keys import public_key_id, read_public_key
from onefold.channels.cli.house import PackageRead
from onefold.kernel.errors import CallerError
from onefold.record.log.checkpoints import to_line
from onefold.record.log.proof import RecordProof, decode_proof, faults_of
from onefold.usecases.export_evidence import FORMAT, Manifest

_FAULTS_MAX = 100
_MANIFEST = "package.json"


def verify_package(path: Path, public_key: Path | None) -> PackageRead:
    """What does not hold in a package; `CallerError` where it is none. Needs no folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            files = {it: archive.read(it) for it in names}
        manifest = msgspec.json.decode(files[_MANIFEST], type=Manifest)
    except (OSError, zipfile.BadZipFile, KeyError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CallerError(f"{path.name} is no evidence package.", detail=str(error)) from error
    faults = []
    if manifest.format != FORMAT or len(names) != len(files):
        faults.append("it is of another format, or names a file twice")
    if set(files) != {*manifest.files, _MANIFEST}:
        faults.append("it does not hold the files it names")
    faults += [
        f"{name}: is not what the package says"
        for name, digest in manifest.files.items()
        if name in files and sha256(files[name]).hexdigest() != digest
    ]
    pinned = read_public_key(public_key) if public_key else None
    keys: dict[str, bytes] = {} if pinned is None else {public_key_id(pinned): pinned}
    faults += _faults_of_records(files, manifest.records, keys, trusting=pinned is None)
    return PackageRead(manifest.cell, manifest.records, tuple(sorted(keys)), tuple(faults[:_FAULTS_MAX]))


def _faults_of_records(
    files: dict[str, bytes], records: int, keys: dict[str, bytes], *, trusting: bool
) -> list[str]:
    """Each record against its proof; keys of the package itself are taken where none was given."""
    lines, proofs = (files.get(it, b"").split(b"\n")[:-1] for it in ("records.jsonl", "proofs.jsonl"))
    if not len(lines) == len(proofs) == records:
        return ["it does not hold as many records and proofs as it says"]
    signed = set(files.get("checkpoints.jsonl", b"").splitlines(keepends=True))
    faults: list[str] = []
    last = 0
    for line, data in zip(lines, proofs, strict=True):
        proof = _proof(data)
        if proof is None:
            faults.append("a proof is not one of a record")
            continue
        if trusting:
            key = read_key(files.get(f"keys/{proof.checkpoint.key_id}.pub", b""))
            keys.setdefault(public_key_id(key), key)
        place = f"record {proof.record}"
        faults += [f"{place}: {it}" for it in faults_of(proof, keys)]
        if (proof.payload or "").encode() != line:
            faults.append(f"{place}: is not what its proof is of")
        if to_line(proof.checkpoint) not in signed:
            faults.append(f"{place}: its checkpoint is not in the package")
        if proof.record <= last:
            faults.append(f"{place}: does not come after the one before")
        last = proof.record
    return faults


def _proof(data: bytes) -> RecordProof | None:
    try:
        proof = decode_proof(data)
    except CallerError:
        return None
    return proof if isinstance(proof, RecordProof) else None


def read_key(data: bytes) -> bytes:
    """A public key of a package; what is none checks nothing."""
    try:
        return bytes.fromhex(data.decode("ascii").strip())
    except ValueError:
        return b""
