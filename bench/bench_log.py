"""What the log costs: sealing and appending against the disk's own syncs and bandwidth, in the same run.

Prints a line a target: what, target, measured, ratio to a limit measured here, OK or SHORT. Costs are
processor time, rates are by the clock. `--quick` ends within half a minute. Everything is written below a
folder that `--folder` names (a temporary one if not).
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import cryptography
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onefold.adapters.files.checkpoints import FileCheckpoints
from onefold.adapters.files.keys import FileKeyCustody, FileSigner
from onefold.adapters.files.segments import FileSegmentReader, FileSegmentWriter
from onefold.adapters.files.verify import verify_folder
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.record.log.model import EventHeader, EventKind, FrameHeader
from onefold.record.log.seal import Sealer
from onefold.record.log.service import GroupCommit

CELL = "bench/here"
EVENTS_A_FRAME = 2
FRAMES_A_BATCH = 1000
BODY = os.urandom(150).hex().encode()[:200]

SEAL_AND_APPEND_US_AN_EVENT = 12.0
SEAL_US_A_FRAME = 10.0
KEYS_US = 15.0
CACHED_KEY_US = 2.0
READ_US_A_FRAME = 8.0
OPEN_US_A_FRAME = 15.0
VERIFIED_A_SECOND = 50_000
EVENTS_A_SECOND = 20_000
SYNCS_A_LONE_APPEND = 1.5
APPENDS_A_SECOND = 5_000
THREADS = 32


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cpu_seconds(work: Callable[[], object]) -> float:
    """How much processor something takes, whoever else uses the machine."""
    started = time.process_time()
    work()
    return time.process_time() - started


def cipher_us() -> float:
    """One AES-256-GCM encryption of a frame's size under a fresh key: what sealing cannot be faster than."""
    key, nonce, header, body = os.urandom(32), os.urandom(12), bytes(250), BODY * EVENTS_A_FRAME
    return (
        cpu_seconds(lambda: [AESGCM(key).encrypt(nonce, body, header) for _ in range(20_000)]) / 20_000 * 1e6
    )


def line(what: str, target: str, measured: str, ratio: str, *, good: bool) -> None:
    """One result."""
    print(f"{what:<46} {target:>14} {measured:>12} {ratio:>26}  {'OK' if good else 'SHORT'}")


def at_most(what: str, limit: float, measured: float, ratio: str = "") -> None:
    """One cost; a small one is good."""
    line(what, f"≤ {limit:g}", f"{measured:.2f}", ratio, good=measured <= limit)


def at_least(what: str, limit: float, measured: float, ratio: str = "") -> None:
    """One rate; a large one is good."""
    line(what, f"≥ {limit:,.0f}", f"{measured:,.0f}", ratio, good=measured >= limit)


def sync_seconds(folder: Path, size: int, times: int) -> list[float]:
    """Appends of a size to one file, each synced: what the disk does with nothing above it."""
    data = os.urandom(size)
    descriptor = os.open(folder / "raw", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    took = []
    for number in range(times):
        started = time.perf_counter()
        os.pwrite(descriptor, data, number * size)
        os.fdatasync(descriptor)
        took.append(time.perf_counter() - started)
    os.close(descriptor)
    return took


def frames(count: int, subjects: list[bytes]) -> list[tuple[FrameHeader, list[bytes]]]:
    """Frames of small events, each of its subject."""
    event = EventHeader(
        os.urandom(16), os.urandom(16), EventKind.UPSERT, 1_700_000_000_000, os.urandom(16), 200
    )
    return [
        (
            FrameHeader(
                CELL, "core", "transactions", "1.0.0", "transaction", subjects[number % len(subjects)],
                1_700_000_000_000, b"", (event,) * EVENTS_A_FRAME,
            ),
            [BODY] * EVENTS_A_FRAME,
        )
        for number in range(count)
    ]  # fmt: skip


class Bench:
    """One log with everything it needs, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.signer = FileSigner(os.urandom(32))
        self.keys = SqliteSubjectKeys(folder / "subject-keys.db", FileKeyCustody(os.urandom(32)))
        self.sealer = Sealer(self.keys, os.urandom)

    def writer(self, name: str, *, sync: bool = True) -> FileSegmentWriter:
        """A new log of that name."""
        checkpoints = FileCheckpoints(self.folder / "checkpoints", self.signer)
        return FileSegmentWriter(self.folder / name, name, CELL, checkpoints, SystemClock(), sync=sync)

    def subject_keys(self, count: int) -> list[bytes]:
        """Times the making and finding of keys; the subjects."""
        subjects = [os.urandom(16) for _ in range(count)]
        batches = [subjects[at : at + 1000] for at in range(0, count, 1000)]
        made = cpu_seconds(lambda: [self.keys.obtain(batch) for batch in batches]) / count * 1e6
        found = cpu_seconds(lambda: [self.keys.find(batch) for batch in batches]) / count * 1e6
        at_most("µs to make a subject key, in bulk", KEYS_US, made)
        at_most("µs to find one in the cache", CACHED_KEY_US, found)
        return subjects

    def sealing(self, count: int, subjects: list[bytes]) -> None:
        """Times sealing, appending, reading and opening in bulk."""
        given = frames(count, subjects)
        batches = [given[at : at + FRAMES_A_BATCH] for at in range(0, count, FRAMES_A_BATCH)]
        sealed: list[list[tuple[bytes, bytes]]] = []
        sealing = cpu_seconds(lambda: sealed.extend(self.sealer.seal(batch) for batch in batches))
        unsynced = self.writer("unsynced", sync=False)
        appending = cpu_seconds(lambda: [unsynced.append(batch) for batch in sealed])
        unsynced.close()
        a_frame, an_event = sealing / count * 1e6, (sealing + appending) / count / EVENTS_A_FRAME * 1e6
        share = f"{sealing / (sealing + appending):.0%} is sealing"
        floor = f"{a_frame / cipher_us():.1f} × the bare cipher"
        at_most("µs to seal a frame of two events", SEAL_US_A_FRAME, a_frame, floor)
        at_most("µs an event, sealed and appended, no syncs", SEAL_AND_APPEND_US_AN_EVENT, an_event, share)
        self._against_bandwidth(sealed, count)
        self._reading(count)

    def _against_bandwidth(self, sealed: list[list[tuple[bytes, bytes]]], count: int) -> None:
        writer = self.writer("log")
        took = seconds(lambda: [writer.append(batch) for batch in sealed])
        writer.close()
        size = sum(path.stat().st_size for path in (self.folder / "log").glob("*.seg"))
        raw = sum(sync_seconds(self.folder, size // len(sealed), len(sealed)))
        rate = count * EVENTS_A_FRAME / took
        share = f"{raw / took:.2f} of raw write+sync"
        at_least("events/s appended and synced in batches", EVENTS_A_SECOND, rate, share)
        megabytes = f"{size / took / 1e6:.0f} MB/s, raw {size / raw / 1e6:.0f} MB/s"
        print(f"{'':<46} {size / 1e6:.0f} MB in {len(sealed)} groups: {megabytes}")

    def _reading(self, count: int) -> None:
        reader = FileSegmentReader(self.folder / "log")
        read = cpu_seconds(lambda: sum(1 for _ in reader.scan())) / count * 1e6
        records = reader.read(0, 10_000)
        opened = cpu_seconds(lambda: self.sealer.open(records)) / len(records) * 1e6
        public = {self.signer.key_id: self.signer.public_key}
        checked = count / cpu_seconds(
            lambda: verify_folder(self.folder / "log", self.folder / "checkpoints", "log", CELL, public)
        )
        at_most("µs to read a frame in order", READ_US_A_FRAME, read)
        floor = f"{opened / cipher_us():.1f} × the bare cipher"
        at_most("µs to open a frame of two events", OPEN_US_A_FRAME, opened, floor)
        at_least("frames/s verified", VERIFIED_A_SECOND, checked)

    def acknowledging(self, appends: int) -> None:
        """Times single appends, alone and by many threads, against single syncs of the disk."""
        entry = self.sealer.seal(frames(1, [os.urandom(16)]))
        writer = self.writer("single")
        commit = GroupCommit(writer)
        raw = sync_seconds(self.folder, 900, appends)
        alone = [seconds(lambda: commit.append(entry)) for _ in range(appends)]
        median, limit = statistics.median(alone), statistics.median(raw)
        ratio = f"{median / limit:.2f} of a raw sync"
        at_most("ms a lone append, median", round(SYNCS_A_LONE_APPEND * limit * 1e3, 2), median * 1e3, ratio)

        def work() -> None:
            for _ in range(appends // 4):
                commit.append(entry)

        threads = [threading.Thread(target=work) for _ in range(THREADS)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = THREADS * (appends // 4) / (time.perf_counter() - started)
        # A slow disk bounds it too: half of what it could do if every sync took a record of every thread.
        target = min(APPENDS_A_SECOND, THREADS / 2 / limit)
        ratio = f"{rate * limit:.1f} times raw syncs/s"
        at_least(f"appends/s by {THREADS} threads, each synced", target, rate, ratio)
        writer.close()
        slow = sorted(raw)[int(0.99 * len(raw))]
        print(f"{'':<46} a raw sync: median {limit * 1e3:.2f} ms, p99 {slow * 1e3:.2f} ms")


def main() -> None:
    """Runs and prints everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers, within half a minute")
    parser.add_argument("--folder", type=Path, help="where to write: the disk that is measured")
    given = parser.parse_args()
    events = 20_000 if given.quick else 100_000
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" cryptography {cryptography.__version__}, msgspec {msgspec.__version__}"
    )
    print(f"{'what':<46} {'target':>14} {'measured':>12} {'ratio':>26}")
    with TemporaryDirectory(dir=given.folder) as temporary:
        bench = Bench(Path(temporary))
        subjects = bench.subject_keys(10_000 if given.quick else 50_000)
        bench.sealing(events // EVENTS_A_FRAME, subjects)
        bench.acknowledging(100 if given.quick else 400)


if __name__ == "__main__":
    main()
