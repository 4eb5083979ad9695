"""Tables of people and firms from the generated world, with the truth: one row a record of any source.

Only the party rows are made, as the sources' own exporters state them; no ledger is run. A table is kept in
the folder of temporary files, since a million records take minutes to make.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.kernel.time import day_from_date, iso_day
from onefold.testing.world.draws import below, stream
from onefold.testing.world.errors import state
from onefold.testing.world.generate import DEFAULT_UNTIL
from onefold.testing.world.lives import live
from onefold.testing.world.model import BLOCK_PEOPLE, Setting
from onefold.testing.world.population import populate
from onefold.testing.world.presence import register
from onefold.testing.world.sources.core_banking import phone_text

COLUMNS = (
    *("cluster", "source", "record_id", "given_name", "middle_name", "family_name", "organisation"),
    *("birth_date", "national_id", "phone", "email", "street", "city", "postcode"),
)
SEED = 1
_RECORDS_A_PERSON = 1.75
_VERSION = 1


def world_table(records: int, *, latin: bool = True, seed: int = SEED) -> pa.Table:
    """So many records; `cluster` says who is behind each. Kept between runs."""
    name = f"world-{_VERSION}-{records}-{seed}-{'latin' if latin else 'mixed'}.parquet"
    folder = Path(tempfile.gettempdir()) / f"onefold-bench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        _write(fresh, records, latin=latin, seed=seed)
        fresh.rename(path)
    return pq.read_table(path)


def _write(path: Path, records: int, *, latin: bool, seed: int) -> None:
    schema = pa.schema([(it, pa.string()) for it in COLUMNS])
    people = max(BLOCK_PEOPLE, int(records / _RECORDS_A_PERSON))
    setting = Setting(seed=seed, people=people, until=day_from_date(DEFAULT_UNTIL), latin=latin)
    left = records
    with pq.ParquetWriter(path, schema) as file:
        batch: list[tuple[str, ...]] = []
        for row in _rows(setting):
            batch.append(row)
            left -= 1
            if len(batch) == 50_000 or not left:
                columns = [pa.array(it, pa.string()) for it in zip(*batch, strict=True)]
                file.write_table(pa.table(columns, schema=schema))
                batch = []
            if not left:
                break
    assert not left, "the world has fewer records than were asked for"


def _rows(setting: Setting) -> Iterator[tuple[str, ...]]:
    for number in range(-(-setting.people // BLOCK_PEOPLE)):
        block = populate(setting, number)
        register(setting, block)
        live(setting, block)
        rng = stream(setting.seed, number, "party rows")
        for source, found in block.records.items():
            for record in found:
                it = state(rng, setting, record)
                born = "" if it.born is None else iso_day(it.born)
                names = (it.given, it.middle, it.family)
                if source == "core-banking" or (source == "telecom" and record.made_on % 2):
                    names = (it.given.upper(), it.middle.upper(), it.family.upper())
                phone = phone_text(it.phone, below(rng, 3))
                yield (
                    *(record.who.id, source, record.key, *names, it.organisation, born),
                    *(it.national_id or it.tax_id, phone, it.email, it.address, it.city, it.postcode),
                )
