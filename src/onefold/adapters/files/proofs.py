"""Making proofs from the files of a log and its checkpoints; needs public keys alone and changes nothing.

A record is proved by the first checkpoint that signed for it, so its proof is the same whenever it is made.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from onefold.adapters.files.checkpoints import checkpoint_name, read_checkpoints
from onefold.adapters.files.disk import failed
from onefold.adapters.files.layout import HEAD_BYTES, Fault, decode_head, segment_name
from onefold.adapters.files.recovery import damaged, segments_in
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.verify import read_leaves
from onefold.kernel.errors import CallerError, Damaged, NotFound
from onefold.record.log.checkpoints import Checkpoint, Signed, holds
from onefold.record.log.merkle import Tree, tree_root
from onefold.record.log.proof import (
    ConsistencyProof,
    Grown,
    Proof,
    RecordProof,
    faults_of,
    prove,
    prove_consistency,
)

_TREES = 2


class FileProofs:
    """Proofs of one log; safe to share by threads.

    `public_keys`, by id, are those its checkpoints are signed with.
    """

    def __init__(
        self, folder: Path, checkpoints: Path, log: str, cell: str, public_keys: Mapping[str, bytes]
    ) -> None:
        self._folder = folder
        self._outside = checkpoints
        self._log = log
        self._cell = cell
        self._keys = public_keys
        self._guard = threading.Lock()
        self._trees: OrderedDict[tuple[int, int], Tree] = OrderedDict()
        self._seen = (-1, -1)
        self._signed: list[Signed] = []

    @property
    def sealed_through(self) -> int:
        """The last record that a checkpoint vouches for; 0 where there is none."""
        return max((_of(it).last_sequence for it in self.checkpoints()), default=0)

    def checkpoints(self) -> Sequence[Signed]:
        """The checkpoints whose signature holds, in the order they were signed."""
        with self._guard:
            return self._checkpoints()

    def prove(self, sequence: int) -> RecordProof:
        """The proof of one record.

        `NotFound` where nobody has signed for it, `Damaged` where it is not what was signed.
        """
        with self._guard:
            signed = self._first_for(sequence)
            checkpoint = _of(signed)
            tree = self._tree(checkpoint)
            with closing(FileSegmentReader(self._folder)) as reader:
                (record,) = reader.read(sequence - 1, 1)
            proof = prove(
                tree, record, signed, self._chain_before(checkpoint.segment), self._keys[signed.key_id]
            )
        _checked(proof, self._keys)
        return proof

    def prove_all(self, sequences: Sequence[int]) -> list[RecordProof]:
        """The proof of each record, in order."""
        return [self.prove(it) for it in sequences]

    def since(self, first: Signed) -> ConsistencyProof:
        """That the log, as it was signed last, only added to what `first` signed.

        `CallerError` for a checkpoint of another log.
        """
        checkpoint, named = first.statement, (self._log, self._cell)
        if not isinstance(checkpoint, Checkpoint) or (checkpoint.log, checkpoint.cell) != named:
            raise CallerError(f"That is no checkpoint of the {self._log} of {self._cell}.")
        with self._guard:
            second = max(self._checkpoints(), key=lambda it: _of(it).last_sequence, default=first)
            until = _of(second)
            if until.last_sequence < checkpoint.last_sequence:
                raise Damaged(
                    "What was signed is not there any more.",
                    detail=f"It vouches for {checkpoint.last_sequence} records, the newest checkpoint for "
                    f"{until.last_sequence}.",
                )
            firsts = [it for it in segments_in(self._folder) if checkpoint.segment <= it <= until.segment]
            leaves = {it: read_leaves(self._folder, it) for it in firsts}
            if until.segment in leaves:
                leaves[until.segment] = leaves[until.segment][: until.size]
            proof = prove_consistency(
                leaves.get(checkpoint.segment, []),
                first,
                second,
                self._chain_before(checkpoint.segment),
                [Grown(tree_root(it).hex(), len(it)) for it in leaves.values()],
                [self._keys[it] for it in dict.fromkeys((first.key_id, second.key_id)) if it in self._keys],
            )
        _checked(proof, self._keys)
        return proof

    def _checkpoints(self) -> list[Signed]:
        path = self._outside / checkpoint_name(self._cell, self._log)
        try:
            found = path.stat()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise failed(error, f"{path.name} cannot be read") from error
        if self._seen != (found.st_size, found.st_mtime_ns):
            signed = read_checkpoints(self._outside, self._cell, self._log)
            self._signed = [
                it for it in signed if isinstance(it.statement, Checkpoint) and holds(it, self._keys)
            ]
            self._seen = found.st_size, found.st_mtime_ns
        return self._signed

    def _first_for(self, sequence: int) -> Signed:
        for it in self._checkpoints():
            if _of(it).segment <= sequence <= _of(it).last_sequence:
                return it
        raise NotFound(
            "Nobody has signed for that record.",
            hint="Records are signed for within a minute, or when the server is stopped.",
        )

    def _tree(self, checkpoint: Checkpoint) -> Tree:
        named = checkpoint.segment, checkpoint.size
        if named not in self._trees:
            leaves = read_leaves(self._folder, checkpoint.segment)
            self._trees[named] = Tree(leaves[: checkpoint.size])
            while len(self._trees) > _TREES:
                self._trees.popitem(last=False)
        self._trees.move_to_end(named)
        return self._trees[named]

    def _chain_before(self, first: int) -> bytes:
        path = self._folder / segment_name(first)
        try:
            with path.open("rb") as file:
                head = decode_head(file.read(HEAD_BYTES))
        except OSError as error:
            raise failed(error, f"{path.name} cannot be read") from error
        if head is None:
            raise damaged(path, Fault("prefix", 0, first, 0))
        return head.chain


def _of(signed: Signed) -> Checkpoint:
    assert isinstance(signed.statement, Checkpoint)
    return signed.statement


def _checked(proof: Proof, keys: Mapping[str, bytes]) -> None:
    """What is not as it was signed cannot be proved."""
    faults = faults_of(proof, keys)
    if faults:
        raise Damaged(
            "The log is not what was signed.", detail="; ".join(faults), hint="`onefold verify` says where."
        )
