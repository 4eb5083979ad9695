"""Bulk files: how fast they are profiles, how much memory and disk they take, and what a kill costs.

Prints a line a target: what, target, measured, ratio to a limit measured here, OK or SHORT. `--quick` ends
within a minute: its files are small, so its figures are rougher and its memory says little. The whole run
loads `--rows` transactions (ten million if not told) and takes about as long as they do. Everything is
written below `--folder` (a temporary one if not).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.bulk_files import AS_OF, write_balances, write_holders, write_transactions
from bench.ground import ROOT, line, machine, sqlite_rows_a_second, sync_ms
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.app.demo import CELL
from onefold.app.folder import DataFolder, read_folder
from onefold.app.house import LocalHouse
from onefold.app.loading import load
from onefold.channels.cli.house import Loaded
from onefold.pipeline.fingerprint import state_hash

EVENTS_A_SECOND = 20_000
SNAPSHOT_ROWS = 1_000_000
AGAIN_SECONDS = 15.0
MEMORY_MB = 1_500
BYTES_A_TRANSACTION = 400
SOURCE = "core-banking"
_WATCH_SECONDS = 0.2


class Sizes(NamedTuple):
    """How much each part of a run loads."""

    rate_rows: int
    snapshot_rows: int
    rows: int


FULL = Sizes(300_000, 1_000_000, 10_000_000)
QUICK = Sizes(60_000, 50_000, 60_000)


# ------------------------------------------------------------------ folders


def a_bank(folder: Path, accounts: int) -> DataFolder:
    """A folder that knows so many accounts, and their holders."""
    data, files = folder / "data", folder / "holders"
    files.mkdir(parents=True)
    LocalHouse().create(data, CELL, [ROOT / "contracts" / "world"], None)
    write_holders(files, accounts)
    found = read_folder(data)
    take(found, files)
    shutil.rmtree(files)
    return found


def take(folder: DataFolder, path: Path) -> Loaded:
    """One delivery, taken to queryable profiles by this process and a child of it."""
    return load(folder, SOURCE, [path], as_of=AS_OF, backfill=False, watch=lambda *_: None)


def hash_of(folder: DataFolder) -> str:
    """The state hash of what was committed."""
    with closing(SqliteCustomerReader(folder.state)) as reader:
        return state_hash(reader)


def bytes_of(folder: DataFolder) -> dict[str, int]:
    """What the log, the index of the door and the state take on the disk."""
    size = {"log": sum(it.stat().st_size for it in folder.log("log").glob("*.seg"))}
    for name, path in (("door index", folder.door), ("state", folder.state)):
        with closing(sqlite3.connect(path)) as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size[name] = path.stat().st_size
    return size


def moved(folder: DataFolder) -> tuple[int, int]:
    """(transactions, sum of their amounts), as the state has them."""
    with closing(sqlite3.connect(folder.state)) as base:
        rows = base.execute(
            "SELECT measure, sum(amount) FROM measured WHERE measure IN ('credit', 'debit', 'movements')"
            " GROUP BY measure"
        )
        sums = dict(rows.fetchall())
    return sums.get("movements", 0), sums.get("credit", 0) + sums.get("debit", 0)


# ------------------------------------------------------------------ a load in processes of its own


class Running:
    """`onefold load` in a session of its own, and the most memory that its processes had together."""

    def __init__(self, folder: DataFolder, path: Path) -> None:
        command = [sys.executable, "-m", "onefold", "load", SOURCE, str(path), "--data", str(folder.root)]
        self.process = subprocess.Popen(
            [*command, "--as-of", AS_OF],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.peak_mb = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self.process.poll() is None:
            self.peak_mb = max(self.peak_mb, sum(map(_memory_kib, _session_of(self.process.pid))) / 1024)
            time.sleep(_WATCH_SECONDS)

    def end(self) -> int:
        """How it ended."""
        code = self.process.wait()
        self._thread.join()
        return code

    def kill(self) -> None:
        """`kill -9` to all of its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.end()
        # The child of the dead one was in its session; nobody holds the log any more when it is gone.
        while _session_of(self.process.pid):
            time.sleep(0.02)


def _session_of(leader: int) -> list[int]:
    found = []
    for it in Path("/proc").iterdir():
        if it.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                if os.getsid(int(it.name)) == leader:
                    found.append(int(it.name))
    return found


def _memory_kib(pid: int) -> int:
    """Its proportional share of memory: pages that processes share count once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(it.split()[1]) for it in lines if it.startswith("Pss:")), 0)


def log_bytes(folder: DataFolder) -> int:
    """How long the log is now."""
    return sum(it.stat().st_size for it in folder.log("log").glob("*.seg"))


# ------------------------------------------------------------------ targets


def rates(folder: Path, sizes: Sizes, sqlite_rate: float) -> None:
    """Transactions and balances, file to profile; a snapshot again; a kill, beside an unharmed twin."""
    accounts = max(500, sizes.rate_rows // 100)
    bank = a_bank(folder, accounts)
    twin = folder / "twin"
    for it in (bank.root, bank.checkpoints):
        shutil.copytree(it, twin / it.name)
    path = folder / "TRANSACTIONS.csv"
    write_transactions(path, sizes.rate_rows, accounts)
    before = bytes_of(bank)
    loaded = take(bank, path)
    rate = loaded.events / loaded.seconds
    line(
        "transactions a second, file to profile",
        f"≥ {EVENTS_A_SECOND:,}",
        f"{rate:,.0f}",
        f"{rate / sqlite_rate:.1%} of SQLite's raw appends; {loaded.events:,} in {loaded.seconds:.1f} s",
        rate >= EVENTS_A_SECOND,
    )
    after = disk(bank, before, loaded.events)
    killed_beside(
        read_folder(twin / bank.root.name), path, (after["log"] - before["log"]) // 3, hash_of(bank)
    )
    again(bank, folder, sizes.snapshot_rows, accounts)
    shutil.rmtree(bank.root)
    shutil.rmtree(twin)
    path.unlink()


def disk(bank: DataFolder, before: dict[str, int], events: int, details: int = 0) -> dict[str, int]:
    """Bytes on the disk for each of the events, and in all; the target is of rows without more details."""
    after = bytes_of(bank)
    parts = {name: (size - before[name]) / events for name, size in after.items()}
    total = sum(parts.values())
    line(
        "bytes on the disk a transaction",
        "" if details else f"≤ {BYTES_A_TRANSACTION}",
        f"{total:.0f}",
        ", ".join(f"{name} {size:.0f}" for name, size in parts.items()),
        None if details else total <= BYTES_A_TRANSACTION,
    )
    return after


def again(bank: DataFolder, folder: Path, rows: int, accounts: int) -> None:
    """A snapshot, and the same one again."""
    path = write_balances(folder / "BALANCES.csv", rows, max(accounts, -(-rows // 250)))
    first = take(bank, path)
    line(
        "balances a second, file to profile",
        f"≥ {EVENTS_A_SECOND:,}",
        f"{first.events / first.seconds:,.0f}",
        f"{first.events:,} in {first.seconds:.1f} s",
        first.events / first.seconds >= EVENTS_A_SECOND,
    )
    before = hash_of(bank)
    second = take(bank, path)
    target = AGAIN_SECONDS * rows / SNAPSHOT_ROWS
    same = second.events == 0 and hash_of(bank) == before
    line(
        f"seconds to load its {rows:,} rows again",
        f"≤ {target:g}",
        f"{second.seconds:.1f}",
        f"{first.seconds / second.seconds:.1f} × as fast; {'nothing changed' if same else 'CHANGED'}",
        second.seconds <= target and same,
    )
    path.unlink()


def killed_beside(twin: DataFolder, path: Path, log_size: int, unharmed: str) -> None:
    """The same file into a copy of the same folder, killed in the middle and loaded again: the same state?"""
    kill_at(twin, path, log_size)
    assert Running(twin, path).end() == 0, "the second load failed"
    good = hash_of(twin) == unharmed
    line(
        "killed (-9) in the middle, loaded again",
        "the same",
        "the same" if good else "OTHERWISE",
        "state hash beside that of a load that was not killed",
        good,
    )


def kill_at(folder: DataFolder, path: Path, size: int) -> Running:
    """Loads until the log has grown by so many bytes, then kills."""
    begin, running = log_bytes(folder), Running(folder, path)
    while log_bytes(folder) - begin < size:
        assert running.process.poll() is None, "the load ended before it could be killed"
        time.sleep(0.01)
    running.kill()
    return running


def large(folder: Path, rows: int, details: int) -> None:
    """One large file, killed in the middle and gone on with: memory, disk, nothing lost or doubled."""
    accounts = max(500, min(100_000, rows // 100))
    bank = a_bank(folder, accounts)
    path = folder / "TRANSACTIONS.csv"
    total = write_transactions(path, rows, accounts, details=details)
    before, begin = bytes_of(bank), log_bytes(bank)
    size = path.stat().st_size
    print(f"a file of {size / 1e9:.2f} GB, {rows:,} transactions of {accounts:,} accounts")
    started = time.monotonic()
    first = kill_at(bank, path, size * 2 // 5)
    killed = time.monotonic() - started
    began = time.monotonic()
    length, second = log_bytes(bank), Running(bank, path)
    while log_bytes(bank) == length and second.process.poll() is None:
        time.sleep(0.005)
    resumed = time.monotonic() - began
    assert second.end() == 0, "the second load failed"
    took = killed + time.monotonic() - began
    memory = max(first.peak_mb, second.peak_mb)
    line(
        "MB of memory, all processes together",
        f"≤ {MEMORY_MB:,}",
        f"{memory:,.0f}",
        f"{rows:,} transactions in {took:.0f} s, {rows / took:,.0f} a second",
        memory <= MEMORY_MB,
    )
    disk(bank, before, rows, details)
    same = moved(bank) == (rows, total)
    line(
        f"killed (-9) behind {(length - begin) / 1e6:,.0f} MB of log",
        "the same",
        "the same" if same else "OTHERWISE",
        f"went on within {resumed:.1f} s; number and sum are those of the file",
        same,
    )


def main() -> None:
    """Runs everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, default=0, help="of the large file; 0: as the run has it")
    parser.add_argument("--details", type=int, default=0, help="characters more in each row of that file")
    parser.add_argument("--only", choices=("rates", "large"), default="")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    sizes = QUICK if asked.quick else FULL
    print(f"{machine()}, {os.cpu_count()} processors, {platform.platform()}")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    print(f"load of the machine before this: {os.getloadavg()[0]:.1f}")
    with _folder(asked.folder) as folder:
        sync = sync_ms(folder, 200)
        line("ms to sync a page", "", f"{statistics.median(sync):.2f}", "")
        sqlite_rate = sqlite_rows_a_second(folder, 100_000)
        line("rows SQLite appends", "", f"{sqlite_rate:,.0f}/s", "200 bytes, 1,000 a transaction")
        if asked.only != "large":
            rates(folder / "rates", sizes, sqlite_rate)
        if asked.only != "rates":
            large(folder / "large", asked.rows or sizes.rows, asked.details)


@contextmanager
def _folder(beside: Path | None) -> Iterator[Path]:
    with TemporaryDirectory(dir=beside) as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
