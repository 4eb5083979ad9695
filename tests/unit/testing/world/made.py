"""Small pieces of a world, made once for the tests that look at them."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow.parquet as pq

from onefold.testing.world.generate import WorldSummary, generate
from onefold.testing.world.lives import live
from onefold.testing.world.model import Block, Setting
from onefold.testing.world.population import populate
from onefold.testing.world.presence import register

UNTIL = 20_726
"""2026-09-30."""


def setting(people: int = 3000, seed: int = 5, *, latin: bool = False) -> Setting:
    """A world's setting."""
    return Setting(seed=seed, people=people, until=UNTIL, latin=latin)


@cache
def blocks(people: int = 3000, seed: int = 5) -> tuple[Block, ...]:
    """The blocks of a world with everything but their files."""
    found = []
    for number in range(-(-people // 500)):
        block = populate(setting(people, seed), number)
        register(setting(people, seed), block)
        live(setting(people, seed), block)
        found.append(block)
    return tuple(found)


@cache
def world(people: int = 1000, seed: int = 5) -> tuple[Path, WorldSummary]:
    """A whole world in a folder that lasts as long as the test run."""
    folder = Path(mkdtemp(prefix="onefold-world-"))
    return folder, generate(folder, people=people, seed=seed)


def truth(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of one file of the truth."""
    rows: list[dict[str, Any]] = pq.read_table(folder / "truth" / f"{name}.parquet").to_pylist()
    return rows


def delivered(folder: Path, source: str, name: str) -> list[dict[str, str]]:
    """The rows of a semicolon file of core banking, without those that were spoiled."""
    text = (folder / source / f"{name}.csv").read_text(encoding="cp1251")
    spoiled = {row["key"] for row in truth(folder, "bad_rows") if row["file"] == f"{source}/{name}.csv"}
    return [
        row
        for row in csv.DictReader(io.StringIO(text), delimiter=";")
        if not spoiled & {next(iter(row.values()))} and _is_whole(row)
    ]


def _is_whole(row: dict[str, str]) -> bool:
    """A line that broke off, or lost its key, is not."""
    return None not in row.values() and next(iter(row.values())) != ""
