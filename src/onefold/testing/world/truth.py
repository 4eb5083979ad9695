"""The truth beside the world, which nothing in the product reads: who is behind a record, what happened."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from onefold.testing.world.model import Block, Setting
from onefold.testing.world.names.spelling import OWN, spell
from onefold.testing.world.sheets import BadRow, Pages, Sheet


def _sheet(name: str, *columns: tuple[str, pa.DataType]) -> Sheet:
    return Sheet(f"truth/{name}.parquet", schema=pa.schema(columns))


RECORDS = _sheet(
    "records",
    ("source", pa.string()), ("key", pa.string()), ("who", pa.string()), ("kind", pa.string()),
    ("household", pa.string()), ("faults", pa.list_(pa.string())),
)  # fmt: skip
PEOPLE = _sheet(
    "people",
    ("who", pa.string()), ("kind", pa.string()), ("household", pa.string()), ("culture", pa.string()),
    ("woman", pa.bool_()), ("born", pa.date32()), ("given", pa.string()), ("middle", pa.string()),
    ("family", pa.string()), ("maiden", pa.string()), ("national_id", pa.string()), ("guardian", pa.string()),
)  # fmt: skip
EVENTS = _sheet(
    "events", ("kind", pa.string()), ("who", pa.string()), ("other", pa.string()), ("day", pa.date32())
)
BAD_ROWS = _sheet(
    "bad_rows", ("source", pa.string()), ("file", pa.string()), ("key", pa.string()), ("fault", pa.string())
)
VISITS = _sheet("visits", ("message", pa.string()), ("device", pa.string()), ("who", pa.string()))
RELATIONS = _sheet(
    "relations",
    ("source", pa.string()), ("key", pa.string()), ("kind", pa.string()), ("who", pa.string()),
    ("other", pa.string()), ("household", pa.string()), ("since", pa.date32()), ("until", pa.date32()),
)  # fmt: skip
"""What a source states of who stands to whom; its rows are written where the source is."""
SHEETS = (RECORDS, PEOPLE, EVENTS, BAD_ROWS, VISITS, RELATIONS)


def tell(setting: Setting, block: Block, bad: list[BadRow], pages: Pages) -> None:
    """Writes the truth of one block, after its sources: they note the faults of their records."""
    _people(block, pages.of(PEOPLE))
    homes = {person.id: person.household.id for person in block.people}
    homes |= {company.id: company.owner.household.id for company in block.companies}
    kinds = {company.id: "organisation" for company in block.companies}
    for source, records in block.records.items():
        pages.of(RECORDS).extend(
            (source, it.key, it.who.id, kinds.get(it.who.id, "person"), homes[it.who.id], list(it.faults))
            for it in records
        )
    pages.of(EVENTS).extend((it.kind, it.person, it.other, it.day or None) for it in block.events)
    pages.of(BAD_ROWS).extend(bad)
    pages.of(VISITS).extend((it.message, it.device, it.person or None) for it in block.visits)


def _people(block: Block, rows: list[Any]) -> None:
    for it in block.people:
        given, middle, family, maiden = (
            " ".join(spell(part, it.culture, OWN) for part in name.split())
            for name in (it.given, it.middle, it.family, it.maiden)
        )
        guardian = it.guardian.id if it.guardian else None
        rows.append(
            (it.id, "person", it.household.id, it.culture, it.woman, it.born, given, middle, family,
             maiden or None, it.national_id, guardian)
        )  # fmt: skip
    for company in block.companies:
        owner = company.owner
        rows.append(
            (company.id, "organisation", owner.household.id, None, None, company.since, None, None,
             company.name, None, company.tax_id, owner.id)
        )  # fmt: skip
