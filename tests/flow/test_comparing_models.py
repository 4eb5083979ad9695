"""What a comparison of models says that segments would hold is what they hold once the model is adopted."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.app.demo import CELL
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.customer.identity.adoption import RULES
from onefold.insight.segments.model import (
    ACCOUNT_MEASURES,
    CUSTOMER_MEASURES,
    All,
    Any,
    AnyAccount,
    Comparison,
    Condition,
    Not,
    Number,
    Segment,
    Sum,
    Window,
)
from onefold.insight.segments.service import members
from onefold.usecases.adopt_model import adopt_model, rollback_model
from onefold.usecases.compare_models import compare_models
from onefold.usecases.models import ModelHouse, population_in
from onefold.usecases.train_model import train_model
from tests.flow.server import CONTRACTS
from tests.flow.test_models import allowed, silent

HOUSE = LocalHouse()
SOURCES = ("core-banking", "crm", "marketing")
SEGMENTS = 30
SEED = 11


def segments(seed: int) -> dict[str, Segment]:
    """Rules of many shapes, so that some hold everybody, some nobody, and most some."""
    chance = random.Random(seed)

    def comparison(measures: frozenset[str]) -> Condition:
        window = Window(None, chance.choice((0, -30, -200)))
        least = Number(chance.choice((0, 1, 2, 5, 20, 100_000, 5_000_000)))
        quantity = Sum(chance.choice(sorted(measures)), window)
        sides = (quantity, least) if chance.random() < 0.5 else (least, quantity)
        return Comparison(chance.choice(("less", "at_most")), *sides)

    def condition() -> Condition:
        if chance.random() < 0.5:
            return comparison(CUSTOMER_MEASURES)
        return AnyAccount(comparison(ACCOUNT_MEASURES))

    def rule() -> Condition:
        both = condition(), condition()
        return chance.choice((both[0], Not(both[0]), All(both), Any(both)))

    return {f"s{at}": Segment(f"s{at}", 1, "S", "s", "o", rule()) for at in range(SEGMENTS)}


def owners(models: ModelHouse) -> dict[bytes, bytes]:
    """Whose every record is, in the state in use."""
    with models.reader.snapshot() as reader:
        return population_in(reader, silent).members


def counted(data: Path, days: dict[str, int], wanted: dict[str, Segment]) -> dict[str, set[bytes]]:
    """Who is in each, in the state in use."""
    with closing(SqliteCustomerReader(read_folder(data).state)) as reader:
        return {name: set(members(it, reader, days[name])) for name, it in wanted.items()}


def held(customers: dict[bytes, bytes], some: set[bytes]) -> set[bytes]:
    """The records of some customers."""
    return {it for it, of in customers.items() if of in some}


def test_what_segments_would_hold_is_what_they_hold_once_it_is_adopted_and_again_when_it_is_not(tmp_path):
    data, wanted = tmp_path / "data", segments(SEED)
    HOUSE.world(tmp_path / "world", 250, SEED, silent)
    HOUSE.create(data, CELL, [CONTRACTS / f"{it}.yaml" for it in SOURCES], None)
    for source in SOURCES:
        files = [tmp_path / "world" / source]
        HOUSE.load(data, source, files, as_of="2026-09-30", backfill=False, watch=silent)
    with HOUSE.models(data) as models:
        version = train_model(allowed(models, "train_model"), models, silent).version
        house = replace(models, segments=wanted)
        days = {name: house.newest_day(it) for name, it in wanted.items()}
        before, was = counted(data, days, wanted), owners(house)
        there = compare_models(allowed(house, "compare_models"), house, RULES, version, silent)
        back = compare_models(allowed(house, "compare_models"), house, version, RULES, silent)
        assert counted(data, days, wanted) == before, "nothing has changed"
        assert adopt_model(allowed(models, "adopt_model"), models, version, silent).succeeded.in_use
    after = counted(data, days, wanted)
    with HOUSE.models(data) as models:
        will = owners(models)
    assert was != will, "the test would show nothing"
    touched = 0
    for told, returned in zip(there.segments, back.segments, strict=True):
        now, then = before[told.segment], after[told.segment]
        assert (told.members, told.then) == (len(now), len(then)), told
        records_now, records_then = held(was, now), held(will, then)
        assert told.entering == len(then) - len({will[it] for it in records_now} & then)
        assert told.leaving == len(now) - len({was[it] for it in records_then} & now)
        assert (returned.members, returned.then) == (told.then, told.members)
        assert (returned.entering, returned.leaving) == (told.leaving, told.entering)
        touched += told.members != told.then or told.entering > 0
    assert touched > 2, "the rules look at nothing that changes"
    with HOUSE.models(data) as models:
        rollback_model(allowed(models, "adopt_model"), models, silent)
    assert counted(data, days, wanted) == before
