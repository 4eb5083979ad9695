"""A proof that one record stands in a log, to be checked by whoever holds a checkpoint, without the log."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from onefold.kernel.errors import CallerError
from onefold.record.log.checkpoints import Checkpoint
from onefold.record.log.merkle import included, inclusion_path, leaf_hash


class InclusionProof(msgspec.Struct, frozen=True):
    """Record `sequence` is leaf `sequence - segment` of the first `size` leaves of its segment.

    `path` is that of RFC 9162 in hex, nearest sibling first.
    """

    sequence: int
    segment: int
    size: int
    path: tuple[str, ...]


def prove(leaves: Sequence[bytes], sequence: int, checkpoint: Checkpoint) -> InclusionProof:
    """The proof for one record from the leaves of its segment; `CallerError` if not signed for."""
    index = sequence - checkpoint.segment
    if not 0 <= index < checkpoint.size <= len(leaves):
        raise CallerError(
            "The checkpoint does not speak of that record.",
            detail=f"It vouches for {checkpoint.segment} to {checkpoint.last_sequence}.",
        )
    path = inclusion_path(leaves[: checkpoint.size], index)
    return InclusionProof(sequence, checkpoint.segment, checkpoint.size, tuple(it.hex() for it in path))


def proves(proof: InclusionProof, header: bytes, payload_digest: bytes, checkpoint: Checkpoint) -> bool:
    """Whether the record with this header and payload digest is among those the checkpoint signed.

    The signature of the checkpoint is the caller's to check (`checkpoints.holds`).
    """
    if (checkpoint.segment, checkpoint.size) != (proof.segment, proof.size):
        return False
    try:
        path = [bytes.fromhex(it) for it in proof.path]
        root = bytes.fromhex(checkpoint.root)
    except ValueError:
        return False
    index = proof.sequence - proof.segment
    return included(leaf_hash(header, payload_digest), index, proof.size, path, root)
