"""A log as flat files on one disk: the single writer, and what it promises.

**What is where.** `<first sequence>.seg` files, each at most about 64 MiB, each starting with the chain root
of the one before (layout.py has the bytes, merkle.py the tree and the chain). `lock` is held by the
writer. `durable` says how far readers may read; it can be deleted.

**Acknowledged means on the disk.** `append` writes one group with one `pwrite`, syncs the file's data, and
only then moves the durable mark and returns. A new segment is made under another name, synced, renamed, and
its folder synced, before anything is written to it. Nothing is ever overwritten, and a group starts only
when the one before is durable.

**A crash** leaves at most one unfinished group, at the end. Opening cuts it whole (tail.py says how it is
told from damage) and keeps the cut bytes in `<segment>.torn`. What was written behind the durable mark and
survived is written once more and synced before it counts: after a failed sync a kernel may show bytes in
its cache that are not on the disk (Rebello et al., "Can applications recover from fsync failures?", 2020).

**A full disk**: the part of the group that was written is cut off again and the caller gets `Unavailable`;
the next append tries anew. **A failed sync** poisons the writer: until the log is opened again nothing is
acknowledged, since nobody can say what reached the disk. The exception is a sync that fails for want of
space: the group is cut, and if *that* syncs, everything before it stands as it did.

**Readers**, in any thread or process, never see a record before it is durable: they read up to the mark,
which moves a whole group at a time. Without a living writer they read to the end of the last whole group.

**Checkpoints** are signed when the log is made, when a segment is full, on close, and every so many records
or seconds with something new. A checkpoint that cannot be written fails no append: `checkpoint_fault` says
so for the health page, and a later append tries again.

**Whether anything can be added** is found out before somebody needs it (`fault`): a small file is written
beside the segments and synced, every few seconds at most. What the last append met counts for longer, since
a disk may take a small file and no large one; then it is tried anew, or a server that nobody sends anything
to while it is unwell would never be well.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from onefold.adapters.files.disk import NO_SPACE, Disk, UnsyncedDisk, failed, lock
from onefold.adapters.files.layout import HEAD_BYTES, Head, encode_group, encode_head, segment_name
from onefold.adapters.files.mark import Mark, write_mark
from onefold.adapters.files.recovery import Recovered, recover
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.kernel.time import Clock
from onefold.record.log.checkpoints import Checkpoint
from onefold.record.log.merkle import Frontier, chain_root, log_digest
from onefold.record.log.ports import Checkpoints

__all__ = ["FileSegmentReader", "FileSegmentWriter"]

SEGMENT_BYTES = 64 * 1024 * 1024
CHECKPOINT_RECORDS = 50_000
CHECKPOINT_SECONDS = 60
REHEARSED = "rehearsed.new"
"""The file that is written to see whether the log can be; opening takes away what a crash left of it."""
REHEARSED_BYTES = 4096
REHEARSED_MS = 5_000
FAILED_MS = 30_000


class FileSegmentWriter:
    """Implements `SegmentWriter`; one at a time a folder, `Unavailable` if another process has it.

    `name` is the log's (`log`, `audit`, `quarantine`), `cell` its cell; both are bound into every proof.
    `Damaged` when the files are not what was written, `CallerError` when they are another log's. With
    `sync=False` nothing is durable and only tests and measurements want it.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        cell: str,
        checkpoints: Checkpoints,
        clock: Clock,
        *,
        sync: bool = True,
        disk: Disk | None = None,
        segment_bytes: int = SEGMENT_BYTES,
        checkpoint_records: int = CHECKPOINT_RECORDS,
        checkpoint_seconds: int = CHECKPOINT_SECONDS,
    ) -> None:
        self._folder = folder
        self._name = name
        self._cell = cell
        self._checkpoints = checkpoints
        self._clock = clock
        self._disk = disk or (Disk() if sync else UnsyncedDisk())
        self._segment_bytes = segment_bytes
        self._checkpoint_records = checkpoint_records
        self._checkpoint_ms = checkpoint_seconds * 1000
        self._guard = threading.RLock()
        self._unclean = False
        self._poison = ""
        self._file = -1
        self._mark = -1
        self._lock = -1
        self.checkpoint_fault = ""
        """Why the last checkpoint could not be written; empty when it could."""
        self._rehearsing = threading.Lock()
        self._found = ("", 0, 0)
        self._open()

    @property
    def last_sequence(self) -> int:
        """The last durable sequence; 0 when empty."""
        return self._last

    @property
    def unsealed(self) -> int:
        """Records behind the last checkpoint."""
        return self._last - self._sealed

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        """One group: all durable on return, or `Unavailable` and none ever seen."""
        with self._guard:
            try:
                last = self._append(entries)
            except Unavailable as error:
                self._find(error.message, FAILED_MS)
                raise
            self._find("", REHEARSED_MS)
            return last

    def fault(self) -> str:
        """Why nothing can be added now; empty where it can. Tells no more than errors of `append` do."""
        with self._rehearsing:
            before = _, at, counts_ms = self._found
            if abs(self._clock.now_ms() - at) >= counts_ms:
                fault = ""
                try:
                    with self._guard:
                        self._check_usable()
                    self._rehearse()
                except Unavailable as error:
                    fault = error.message
                with self._guard:
                    if self._found is before:  # An append that ended meanwhile knows better.
                        self._find(fault, REHEARSED_MS)
            return self._found[0]

    def _find(self, fault: str, counts_ms: int) -> None:
        self._found = fault, self._clock.now_ms(), counts_ms

    def _rehearse(self) -> None:
        path = self._folder / REHEARSED
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                self._disk.write(descriptor, bytes(REHEARSED_BYTES), 0)
                self._disk.sync(descriptor)
            finally:
                os.close(descriptor)
                path.unlink()
        except OSError as error:
            raise failed(error, f"nothing can be added to the {self._name}") from error

    def _append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        self._check_usable()
        if not entries:
            return self._last
        data, leaves = encode_group(self._last + 1, entries)
        if self._end + len(data) > self._segment_bytes and self._frontier.size:
            self._roll()
            data, leaves = encode_group(self._last + 1, entries)
        self._write(data)
        for leaf in leaves:
            self._frontier.append(leaf)
        self._end += len(data)
        self._last += len(leaves)
        # The group is durable whether or not readers can be told; the next one tells them.
        with contextlib.suppress(OSError):
            self._move_mark()
        self.checkpoint_if_due()
        return self._last

    def roll(self) -> None:
        """Starts a new segment, so that the one before can be compacted; nothing if it is empty."""
        with self._guard:
            self._check_usable()
            if self._frontier.size:
                self._roll()

    def checkpoint_if_due(self) -> None:
        """Writes a checkpoint when enough is new or enough time has passed; call it when idle, too."""
        with self._guard:
            waited = self._clock.now_ms() - self._checkpoint_at
            if self.checkpoint_fault:
                due = waited >= self._checkpoint_ms
            else:
                due = self.unsealed >= self._checkpoint_records or (
                    self.unsealed > 0 and waited >= self._checkpoint_ms
                )
            if due:
                self._try_checkpoint(self._checkpoint())

    def checkpoint(self) -> None:
        """Writes a checkpoint now if anything is new; `Unavailable` when it cannot be written."""
        with self._guard:
            self._check_usable()
            if self.unsealed:
                self._add_checkpoint(self._checkpoint())

    def close(self) -> None:
        """Writes a checkpoint and lets go of the lock; the lock goes even when the checkpoint fails."""
        with self._guard:
            if self._file < 0:
                return
            try:
                if not self._poison and self.unsealed:
                    self._add_checkpoint(self._checkpoint())
            finally:
                for descriptor in (self._file, self._mark, self._lock):
                    os.close(descriptor)
                self._file = -1

    def _open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = lock(self._folder / "lock", f"the {self._name} of {self._cell}")
            signed = self._checkpoints.read(self._cell, self._name)
            known = [it.statement for it in signed if isinstance(it.statement, Checkpoint)]
            origin = log_digest(self._cell, self._name)
            self._adopt(recover(self._folder, origin, known, self._disk))
            self._sealed = max((it.last_sequence for it in known), default=-1)
            self._checkpoint_at = self._clock.now_ms()
            if not known:
                self._add_checkpoint(self._checkpoint())
        except (OnefoldError, OSError) as error:
            for descriptor in (self._file, self._mark, self._lock):
                if descriptor >= 0:
                    os.close(descriptor)
            if isinstance(error, OSError):
                raise failed(error, f"the {self._name} of {self._cell} cannot be opened") from error
            raise

    def _adopt(self, state: Recovered) -> None:
        self._origin = state.head.log
        self._head = state.head
        self._frontier = state.frontier
        self._end = state.end
        self._last = state.head.first + state.frontier.size - 1
        self._file = os.open(self._folder / segment_name(state.head.first), os.O_RDWR)
        self._mark = os.open(self._folder / "durable", os.O_RDWR | os.O_CREAT, 0o600)
        self._move_mark()

    def _check_usable(self) -> None:
        if self._file < 0:
            raise Unavailable("The log is closed.", hint="Open it again.")
        if self._poison:
            raise Unavailable(
                "The log stopped after a failed sync.",
                retry_after_seconds=60,
                detail=self._poison,
                hint="Check the disk, then restart: opening finds out what is really there.",
            )
        if self._unclean:
            self._cut()

    def _write(self, data: bytes) -> None:
        what = f"nothing was added to the {self._name}"
        self._unclean = True
        try:
            self._disk.write(self._file, data, self._end)
        except OSError as error:
            self._cut()
            raise failed(error, what) from error
        try:
            self._disk.sync(self._file)
        except OSError as error:
            self._after_failed_sync(error)
            raise failed(error, what) from error
        self._unclean = False

    def _cut(self) -> None:
        """Takes back what an append that failed, or was interrupted, has left behind the durable end."""
        try:
            self._disk.truncate(self._file, self._end)
        except OSError as error:
            raise failed(error, f"the {self._name} cannot take back an unfinished write") from error
        self._unclean = False

    def _after_failed_sync(self, error: OSError) -> None:
        self._poison = os.strerror(error.errno) if error.errno else "unknown error"
        if error.errno not in NO_SPACE:
            return
        try:
            self._disk.truncate(self._file, self._end)
            self._disk.sync(self._file)
        except OSError as again:
            self._poison = os.strerror(again.errno) if again.errno else "unknown error"
            return
        self._poison = ""
        self._unclean = False

    def _roll(self) -> None:
        root = self._frontier.root()
        sealed = self._checkpoint()
        head = Head(self._origin, self._last + 1, chain_root(self._head.chain, root, self._frontier.size))
        path = self._folder / segment_name(head.first)
        try:
            self._disk.replace(path, encode_head(head))
            file = os.open(path, os.O_RDWR)
        except OSError as error:
            raise failed(error, f"the {self._name} cannot start a new segment") from error
        os.close(self._file)
        self._file = file
        self._head = head
        self._end = HEAD_BYTES
        self._frontier = Frontier()
        # Readers must know that the old segment is whole before anybody may compact it.
        with contextlib.suppress(OSError):
            self._move_mark()
        self._try_checkpoint(sealed)

    def _move_mark(self) -> None:
        write_mark(self._mark, Mark(self._last, self._head.first, self._end))

    def _checkpoint(self) -> Checkpoint:
        root, size = self._frontier.root(), self._frontier.size
        return Checkpoint(
            log=self._name,
            cell=self._cell,
            segment=self._head.first,
            size=size,
            root=root.hex(),
            chain=chain_root(self._head.chain, root, size).hex(),
            at=self._clock.now_ms(),
        )

    def _add_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._checkpoint_at = checkpoint.at
        self._checkpoints.add(checkpoint)
        self._sealed = checkpoint.last_sequence
        self.checkpoint_fault = ""

    def _try_checkpoint(self, checkpoint: Checkpoint) -> None:
        try:
            self._add_checkpoint(checkpoint)
        except Unavailable as error:
            self.checkpoint_fault = str(error)
