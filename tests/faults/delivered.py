"""Doors of commands that take a delivery and end: files, full snapshots, a database asked by its cursor."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from onefold.app.creating import create
from onefold.app.folder import CONFIG
from onefold.kernel.ids import Cell
from tests.faults.killing import ALONE, EVERYTHING, Door, child_of, written_over
from tests.faults.processes import Process, children, process
from tests.faults.truth import LogCount, Said, check_said
from tests.unit.record.contracts.sample import customers, document, movements, prop, table

CELL = Cell("demo", "uz")
FOLLOWER = "onefold.app.follower"
CUSTOMERS, CHANGED, MOVEMENTS, BAD = 600, 200, 11_000, 3
STANDING, GONE = 13_000, 5_000
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
UNAVAILABLE = 4


class Delivered(Door):
    """Deliveries one after the other, each offered again until its command says that it is done."""

    targets = (EVERYTHING, ALONE, FOLLOWER)
    rows = MOVEMENTS
    """Transactions a delivery."""

    def __init__(self, data: Path, beside: Path | None = None) -> None:
        super().__init__(data)
        beside = beside or data.parent
        self.sent: list[Said] = []
        self.deliveries = 0
        self.names: dict[int, int] = {}
        self.drawn = random.Random(3)
        self.place = beside / "deliveries"
        self.place.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._open = False
        self._heard = LogCount(data, "core")
        self.code = 0
        """With what the command ended last."""
        contract = beside / "core.yaml"
        contract.write_text(json.dumps(self.contract()), encoding="utf-8")
        create(data, CELL, [contract], None)

    @abstractmethod
    def contract(self) -> dict:
        """What the source promises."""

    @abstractmethod
    def deliver(self) -> list[Said]:
        """Makes the next delivery; what it says that is new."""

    @abstractmethod
    def command(self) -> list[str]:
        """Takes the delivery at hand, again if need be."""

    @property
    def as_of(self) -> datetime:
        """What the delivery at hand speaks of."""
        return SINCE + timedelta(minutes=self.deliveries)

    def begin(self) -> Process:
        if self._process is None:
            if not self._open:
                self.deliveries += 1
                self.sent += self.deliver()
                self._open = True
            command = [sys.executable, "-m", "onefold", *self.command(), "--data", str(self.data)]
            with (self.place.parent / "said").open("wb") as said:
                self._process = subprocess.Popen(command, stdout=said, stderr=said)
        return process(self._process.pid)

    def measure(self) -> Mapping[str, int]:
        spans: dict[str, int] = {}
        for _ in range(2):
            main = self.begin()
            child = child_of(main, FOLLOWER)
            spans[FOLLOWER] = written_over(child) if child else 1
            self._bury()
            self._open = False
        # The second delivery is like those that follow.
        main = self.begin()
        spans[EVERYTHING] = spans[ALONE] = written_over(main)
        self.ended(killed=False)
        return spans

    def ended(self, *, killed: bool) -> None:
        code = self.code = self._bury()
        # Whose child was killed, or is still ending, is told to come again; whoever got through is done.
        assert killed or code in (0, UNAVAILABLE), f"{code}: {self.words()}"
        self._open = code != 0

    def is_in_the_log(self) -> bool:
        """Whether all that was sent so far is durable."""
        return self._heard.events() >= len(self.sent)

    def abandon(self) -> None:
        """Kills the command behind its last durable step; what it would have waited for is not made."""
        assert self._process is not None
        main = process(self._process.pid)
        for it in (main, *children(main.pid)):
            it.kill()
        self._bury()
        self._open = False

    def finish(self) -> None:
        while self._process is not None or self._open:
            self.begin()
            self.ended(killed=False)

    def check(self) -> None:
        check_said(self.data, "core", self.sent)

    def _bury(self) -> int:
        assert self._process is not None
        code = self._process.wait(180)
        self._process = None
        return code

    def words(self) -> str:
        """What the command said last."""
        return (self.place.parent / "said").read_text()[-2000:]

    def changed_customers(self) -> list[tuple[str, ...]]:
        """Rows of customers of whom some have another name than before."""
        number = self.deliveries
        first = (number * CHANGED) % CUSTOMERS
        changed = {(first + it) % CUSTOMERS for it in range(CHANGED)}
        for it in range(CUSTOMERS):
            if number == 1 or it in changed:
                self.names[it] = number
        return [(str(it), f"Anna {it} {named}", "1990-01-02", "") for it, named in self.names.items()]

    def new_movements(self) -> list[tuple[str, ...]]:
        """Rows of transactions that nobody had before, and a few that break the contract."""
        first = self.deliveries * self.rows
        rows = [
            (str(it), f"A-{it % 200}", "2025-06-15", "CD"[it % 2], f"{it % 97}.50")
            for it in range(first, first + self.rows)
        ]
        bad = [(f"{it}", "A-1", "2025-06-15", "C", "much") for it in range(first, first + BAD)]
        return [*rows, *((f"9{row[0]}", *row[1:]) for row in bad)]

    def instant(self) -> int:
        """The instant of the delivery at hand in milliseconds."""
        return int(self.as_of.timestamp() * 1000)

    def said_of_files(self) -> list[Said]:
        """What a delivery of both files says that is new."""
        named = [it for it, number in self.names.items() if number == self.deliveries]
        first = self.deliveries * self.rows
        told = [Said("customer", "party", str(it), "upsert", self.instant()) for it in named]
        day = int(datetime(2025, 6, 15, tzinfo=UTC).timestamp() * 1000)
        moved = range(first, first + self.rows)
        return told + [Said("movement", "transaction", str(it), "upsert", day) for it in moved]


class Csv(Delivered):
    """`onefold load` of delimited files, a record and an event object in one delivery."""

    name = "csv"

    def contract(self) -> dict:
        return document(customers(), movements())

    def command(self) -> list[str]:
        files = [str(it) for it in sorted((self.place / str(self.deliveries)).iterdir())]
        return ["load", "core", *files, "--as-of", self.as_of.isoformat()]

    def deliver(self) -> list[Said]:
        folder = self.place / str(self.deliveries)
        folder.mkdir()
        self.write(folder / "customers", ("id", "name", "born", "mobile"), self.changed_customers())
        self.write(folder / "movements", ("id", "account", "day", "side", "amount"), self.new_movements())
        return self.said_of_files()

    def write(self, path: Path, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """One file."""
        lines = [";".join(it) for it in (columns, *rows)]
        path.with_suffix(".csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Parquet(Csv):
    """The same in columns."""

    name = "parquet"

    def contract(self) -> dict:
        return document(
            customers(file={"name": "customers*.parquet", "format": "parquet"}),
            movements(file={"name": "movements*.parquet", "format": "parquet"}),
        )

    def write(self, path: Path, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(columns)})
        pq.write_table(table, path.with_suffix(".parquet"))


class Snapshots(Csv):
    """Full snapshots, of which each lacks some thousands that the one before had: hear all, then delete."""

    name = "snapshot"

    def __init__(self, data: Path, beside: Path | None = None) -> None:
        super().__init__(data, beside)
        self.standing: set[int] = set()

    def contract(self) -> dict:
        return document(customers(snapshot="full", snapshotStop=1))

    def deliver(self) -> list[Said]:
        folder = self.place / str(self.deliveries)
        folder.mkdir()
        gone = set(self.drawn.sample(range(STANDING), GONE))
        has = set(range(STANDING)) - gone
        rows = [(str(it), f"Anna {it}", "1990-01-02", "") for it in sorted(has)]
        self.write(folder / "customers", ("id", "name", "born", "mobile"), rows)
        came, went = has - self.standing, self.standing - has
        self.standing = has
        at = self.instant()
        told = [Said("customer", "party", str(it), "upsert", at) for it in came]
        return told + [Said("customer", "party", str(it), "delete", at) for it in went]


class Pull(Delivered):
    """`onefold pull` by a cursor: a table whose rows change, and one that grows."""

    name = "pull"

    def __init__(self, data: Path, beside: Path | None = None) -> None:
        super().__init__(data, beside)
        self.engine = sa.create_engine(f"sqlite:///{self.place / 'core.db'}")
        with self.engine.begin() as base:
            base.execute(sa.text("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, changed TEXT)"))
            base.execute(sa.text("CREATE TABLE movement (id INTEGER PRIMARY KEY, account TEXT, day TEXT,"
                                 " side TEXT, amount TEXT)"))  # fmt: skip
        with (data / CONFIG).open("a", encoding="utf-8") as config:
            config.write('[connections.core]\nurl_env = "FAULTS_CORE_URL"\n')
        os.environ["FAULTS_CORE_URL"] = f"sqlite:///{self.place / 'core.db'}"

    def contract(self) -> dict:
        asked = {"connection": "core", "sql": "SELECT id, name, changed FROM customer", "cursor": "changed"}
        party = table(
            "customer",
            [prop("id", required=True, logicalType="integer"), prop("name", classification="pii"), "changed"],
            entity="party",
            delivers="record",
            key="id",
            occurredAt={"from": "changed", "as": "instant"},
            map={"full_name": "name"},
            query=asked,
        )
        moved = {"connection": "core", "sql": "SELECT * FROM movement", "cursor": "id"}
        growing = movements(query=moved)
        words = [it for it in growing["customProperties"] if it["property"] != "file"]
        return document(party, {**growing, "customProperties": words})

    def deliver(self) -> list[Said]:
        self.changed_customers()
        changed = [it for it, number in self.names.items() if number == self.deliveries]
        rows = [row for row in self.new_movements() if row[4] != "much"]
        with self.engine.begin() as base:
            base.execute(
                sa.text("INSERT OR REPLACE INTO customer VALUES (:id, :name, :changed)"),
                [{"id": it, "name": f"Anna {it} {self.deliveries}", "changed": self.as_of.isoformat()}
                 for it in changed],
            )  # fmt: skip
            base.execute(
                sa.text("INSERT INTO movement VALUES (:id, :account, :day, :side, :amount)"),
                [dict(zip(("id", "account", "day", "side", "amount"), row, strict=True)) for row in rows],
            )
        return self.said_of_files()

    def command(self) -> list[str]:
        return ["pull", "core"]
