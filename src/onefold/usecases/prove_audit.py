"""Prove what the audit holds, to somebody who has neither the audit nor any reason to believe us.

A proof can be checked without the firm: `onefold verify --proof`. That one was made is in the audit, too.
"""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError, NotFound
from onefold.record.log.checkpoints import Signed, from_line
from onefold.record.log.proof import ConsistencyProof, RecordProof, decode_proof, encode_proof
from onefold.usecases.rooms import Rooms

AuditProof = RecordProof
"""What the API answers."""

proof_file = encode_proof
"""The bytes of a proof as `onefold verify --proof` takes them."""


def prove_audit(permit: Permit, rooms: Rooms, audit_id: str) -> AuditProof:
    """The proof of one record of the audit, which is signed for now if nobody did yet; `NotFound`."""
    permit.needs("prove_audit")
    found = rooms.audit.find(audit_id)
    if found is None:
        raise NotFound("There is no such record in the audit.")
    proof = rooms.audit_proofs.prove(int(found.id))
    rooms.gate.released(permit, "audit_proof", counts={"records": 1}, details={"record": found.id})
    return proof


def prove_growth(permit: Permit, rooms: Rooms, earlier: bytes) -> ConsistencyProof:
    """That the audit only grew since a checkpoint: the last line of its file, or that within a proof."""
    permit.needs("prove_audit")
    proof = rooms.audit_proofs.since(_signed(earlier))
    rooms.gate.released(permit, "audit_proof", counts={"segments": len(proof.segments)})
    return proof


def _signed(data: bytes) -> Signed:
    lines = [it for it in data.splitlines() if it.strip()]
    if not lines:
        raise CallerError("There is no checkpoint in that file.")
    if b'"proves"' not in lines[-1]:
        return from_line(lines[-1])
    proof = decode_proof(data)
    return proof.checkpoint if isinstance(proof, RecordProof) else proof.second
