"""Who is who under a learned model, record by record: how soon, how many a second, in any order, by a hub.

The index is a state on disk with the party records of a generated world. A record that comes is appended to a
log that is synced and taken through the step into the state; beside it stands what a sync costs. The world
goes through the ordinary door once, so that what is compared is what contracts make of it.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.ground import line, percentile, sync_ms
from bench.identity_parties import CELL, Record, records
from onefold.adapters.files.checkpoints import FileCheckpoints
from onefold.adapters.files.keys import FileSigner
from onefold.adapters.files.segments import FileSegmentWriter
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.customer.identity.adopted.provider import ModelProvider
from onefold.customer.identity.adopted.training import model_of_portraits
from onefold.customer.identity.deciding import partition
from onefold.customer.identity.model import EvidenceProvider
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.rules import DeterministicRules
from onefold.pipeline.model import Writes
from onefold.pipeline.step import drive, step
from onefold.record.log.model import EventKind
from onefold.record.log.service import GroupCommit
from onefold.testing.clock import SetClock
from onefold.testing.sayings import CELL_KEY, PlainMapping, Saying, opened
from onefold.testing.world.measure import pairwise

PEOPLE, PEOPLE_QUICK = 50_000, 3_000
PEOPLE_OF_INDEX = 530_000
"""Of a world with a million records."""
BULK = 20_000
SINGLES, GROUPS = 1_000, ((100, 20), (1_000, 5))
"""Records one by one, and then in groups: how many in one commit, and how many commits."""
UNMERGES = 200
SHUFFLED, SHUFFLES = 50_000, 20
HUB = 10_000


def sayings(given: Sequence[Record], first: int) -> list[Saying]:
    """The records as events, numbered from `first`."""
    return [
        Saying(it.source, "party", it.key, EventKind.UPSERT, at, at, it.values)
        for at, it in enumerate(given, first)
    ]


class Index:
    """A state on disk with its log, and what has been taken into it."""

    def __init__(self, folder: Path, provider: EvidenceProvider) -> None:
        folder.mkdir()
        self._provider = provider
        self._state = SqliteState(folder / "state.db")
        self.reader = SqliteCustomerReader(folder / "state.db")
        checkpoints = FileCheckpoints(folder / "checkpoints", FileSigner(bytes(range(32))))
        self._log = GroupCommit(FileSegmentWriter(folder / "log", "log", str(CELL), checkpoints, SetClock()))

    def close(self) -> None:
        """Lets go of the files."""
        self.reader.close()
        self._state.close()

    def take(self, batch: Sequence[Saying], *, synced: bool = True) -> Writes:
        """Appends a batch to the log in one sync and takes it into the state in one transaction."""
        frames = opened(batch, self._state.offset + 1)
        if synced:
            self._log.append([(b"", msgspec.msgpack.encode(bodies)) for _, _, bodies in frames])
        writes = drive(step(frames, PlainMapping(), self._provider), self._state)
        self._state.commit(writes, self._state.offset, self._state.offset + len(batch))
        return writes


def live(given: Sequence[Record], provider: EvidenceProvider, folder: Path) -> None:
    """Builds the index, then measures one record at a time, groups, lookups and partings."""
    held = SINGLES + sum(size * count for size, count in GROUPS)
    base, coming = given[:-held], sayings(given[-held:], len(given))
    index = Index(folder / "index", provider)
    began = time.perf_counter()
    for first in range(0, len(base), BULK):
        index.take(sayings(base[first : first + BULK], first + 1), synced=False)
    took = time.perf_counter() - began
    line(
        f"{len(base):,} records into the index",
        "",
        f"{len(base) / took:,.0f}/s",
        f"{took:.0f} s, {BULK:,} at once",
    )
    took_ms, changed = [], 0
    worked = time.process_time()
    for saying in coming[:SINGLES]:
        began = time.perf_counter()
        writes = index.take([saying])
        took_ms.append((time.perf_counter() - began) * 1000)
        changed += any(size > 1 for size in writes.customers.values())
    worked = (time.process_time() - worked) / SINGLES * 1000
    took_ms.sort()
    syncs = sync_ms(folder, 200)
    beside = f"sync p50 {percentile(syncs, 0.5):.1f} ms; {changed / SINGLES:.0%} changed a cluster"
    median, slow = percentile(took_ms, 0.5), percentile(took_ms, 0.99)
    line("durable insert with cluster update, p50", "≤ 5 ms", f"{median:.1f} ms", beside, median <= 5)
    line("the same, p99", "≤ 25 ms", f"{slow:.1f} ms", f"{worked:.1f} ms of processor each", slow <= 25)
    _grouped(index, coming[SINGLES:])
    _lookups(index, base)
    _partings(index, base)


def _grouped(index: Index, coming: Sequence[Saying]) -> None:
    """So many records in one commit, as the worker takes what came while it was at work."""
    for size, count in GROUPS:
        now, coming = coming[: size * count], coming[size * count :]
        began, worked = time.perf_counter(), time.process_time()
        for first in range(0, len(now), size):
            index.take(now[first : first + size])
        rate = len(now) / (time.perf_counter() - began)
        worked = (time.process_time() - worked) / len(now) * 1000
        told = f"{worked:.2f} ms of processor each"
        line(f"inserts, {size:,} a commit", "≥ 1,000/s", f"{rate:,.0f}/s", told, rate >= 1000)


def _lookups(index: Index, base: Sequence[Record]) -> None:
    ids = [CELL_KEY.birth_id(it.source, "party", it.key) for it in base[:: max(1, len(base) // 5_000)]]
    took = []
    for it in ids:
        began = time.perf_counter()
        index.reader.customer_of(it)
        took.append((time.perf_counter() - began) * 1000)
    slow = percentile(sorted(took), 0.99)
    line("lookup, p99", "≤ 5 ms", f"{slow:.3f} ms", "", slow <= 5)


def _partings(index: Index, base: Sequence[Record]) -> None:
    """A steward takes a record out of a customer of several: `different` from each of the others."""
    took: list[float] = []
    for number, it in enumerate(base):
        if len(took) == UNMERGES:
            break
        fragment = CELL_KEY.birth_id(it.source, "party", it.key)
        customer = index.reader.customer_of(fragment)
        others = [key for key in index.reader.fragments_of(customer or b"") if key != fragment]
        if not others:
            continue
        at = 1_000_000 + number
        words = [
            Saying(
                "onefold", "judgement", f"{number} {place}", EventKind.UPSERT, at, 100 * at + place,
                {"left": fragment, "right": other, "verdict": "different", "actor": "s", "reason": "r"},
            )
            for place, other in enumerate(others)
        ]  # fmt: skip
        began = time.perf_counter()
        index.take(words)
        took.append((time.perf_counter() - began) * 1000)
        assert index.reader.customer_of(fragment) != index.reader.customer_of(others[0])
    slow = percentile(sorted(took), 0.99)
    line("unmerge, p99", "≤ 50 ms", f"{slow:.1f} ms", f"{len(took)} records taken out", slow <= 50)


def hub(given: Sequence[Record], provider: EvidenceProvider, folder: Path, size: int) -> None:
    """The same records into two indexes by turns; in one they all have a phone that thousands share."""
    phone, half = "+998901234567", len(given) // 2
    indexes = [Index(folder / name, provider) for name in ("without", "with")]
    crowd = [
        Record("crm", f"crowd-{it}", {"given_name": f"N{it}", "family_name": f"F{it}", "phone": phone}, "")
        for it in range(size)
    ]
    for index, base in zip(indexes, (given[:half], [*given[:half], *crowd]), strict=True):
        for first in range(0, len(base), BULK):
            index.take(sayings(base[first : first + BULK], first + 1), synced=False)
    took: list[list[float]] = [[], []]
    for saying in sayings(given[half : half + SINGLES], len(given) + size):
        shared = msgspec.structs.replace(saying, values={**saying.values, "phone": phone})
        for index, comes, times in zip(indexes, (saying, shared), took, strict=True):
            began = time.perf_counter()
            index.take([comes])
            times.append((time.perf_counter() - began) * 1000)
    bare, hubbed = (percentile(sorted(it), 0.99) for it in took)
    told = f"without it {bare:.1f} ms"
    line(f"p99 beside a phone of {size:,}", "≤ 1.5×", f"{hubbed / bare:.2f}×", told, hubbed <= 1.5 * bare)


def shuffles(given: Sequence[Record], provider: EvidenceProvider, folder: Path, times: int) -> None:
    """The same records in other orders and batches, and by the definition: one partition, one set of ids."""
    portraits = [portrait_of(CELL_KEY.birth_id(it.source, "party", it.key), it.values) for it in given]
    expected = partition(portraits, {}, provider)
    ids = list(expected)
    same, worked = 0, time.process_time()
    for seed in range(times):
        index, said = Index(folder / f"order-{seed}", provider), sayings(given, 1)
        chance = random.Random(seed)
        chance.shuffle(said)
        for batch in _batches(said, chance):
            index.take(batch, synced=False)
        same += index.reader.customers_of(ids) == expected
        index.close()
    line(
        f"{len(given):,} records, {times} orders and batchings",
        "all",
        f"{same}",
        f"equal to bulk, ids included; {(time.process_time() - worked) / times:.0f} s of processor each",
        same == times,
    )


def _batches(said: Sequence[Saying], chance: random.Random) -> Iterator[Sequence[Saying]]:
    at = 0
    while at < len(said):
        size = chance.choice((200, 1_000, 5_000))
        yield said[at : at + size]
        at += size


def quality(given: Sequence[Record], name: str, provider: EvidenceProvider) -> None:
    """F1 of the whole partition."""
    keys = {CELL_KEY.birth_id(it.source, "party", it.key): it for it in given}
    began = time.perf_counter()
    found = partition([portrait_of(key, it.values) for key, it in keys.items()], {}, provider)
    took = time.perf_counter() - began
    score = pairwise({key: it.who for key, it in keys.items()}, found)
    told = f"P {score.precision:.4f} R {score.recall:.4f}, {took:.1f} s in bulk"
    line(f"{len(given):,} records by {name}: F1", "", f"{score.f1:.4f}", told)


def run(_shared: Path | None, quick: bool) -> None:
    """Everything; on a small world within minutes when in a hurry, else within an hour or two."""
    given = records(PEOPLE_QUICK if quick else PEOPLE)
    provider = _trained(given)
    quality(given, "rules", DeterministicRules())
    quality(given, "model", provider)
    with TemporaryDirectory() as name:
        folder = Path(name)
        hub(given[: len(given) // 2], provider, folder, HUB // 10 if quick else HUB)
        shuffles(given[: 1_000 if quick else SHUFFLED], provider, folder, 3 if quick else SHUFFLES)
        if not quick:
            given = records(PEOPLE_OF_INDEX)
            provider = _trained(given)
        live(given, provider, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line("peak memory", "", f"{peak:,.0f} MiB", "of this process, training included")


def _trained(given: Sequence[Record]) -> ModelProvider:
    began = time.perf_counter()
    ids = [CELL_KEY.birth_id(it.source, "party", it.key) for it in given]
    portraits = [portrait_of(key, it.values) for key, it in zip(ids, given, strict=True)]
    model = model_of_portraits(portraits, "2026-01-01", "bench")
    took = time.perf_counter() - began
    line(f"trained on {len(given):,} records", "", f"{took:.1f} s", f"{len(model.keys)} keys")
    return ModelProvider(model)
