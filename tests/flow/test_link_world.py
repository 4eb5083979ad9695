"""Who is who in a made bank and telecom: households, firms, scripts and two phones."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from onefold import Resolver
from onefold.testing.world.generate import generate
from onefold.testing.world.tables import KINDS, WHO, tables
from tests.linking import CITIES, FAMILY, GIVEN


@pytest.mark.parametrize(("seed", "latin"), [(41, False), (42, True)])
def test_people_of_a_bank_are_found_and_households_and_firms_are_kept_apart(tmp_path, seed, latin):
    generate(tmp_path / "world", people=1_000, seed=seed, latin=latin)
    given = tables(tmp_path / "world")
    found = Resolver(KINDS | {WHO: ""}, id="record_id", truth=WHO).resolve(
        *given.values(), sources=list(given)
    )
    assert found.measures.precision > 0.98
    assert found.measures.recall > 0.95
    assert found.measures.calibration_error < 0.03


def test_a_home_phone_and_a_mobile_are_one_field_of_which_the_best_two_are_compared():
    draw = random.Random(7)
    columns: dict[str, list[str]] = {
        it: [] for it in ("first_name", "last_name", "home_phone", "mobile", "city", WHO)
    }
    for person in range(400):
        home, mobile = (f"9{draw.randint(10**7, 10**8 - 1)}" for _ in range(2))
        ways = ((home, mobile), (mobile, home), ("", mobile), (mobile, ""))
        name = [draw.choice(GIVEN), draw.choice(FAMILY)]
        city = draw.choice(CITIES)
        for _ in range(draw.randint(1, 3)):
            for column, value in zip(
                columns.values(), [*name, *draw.choice(ways), city, str(person)], strict=True
            ):
                column.append(value)
    found = Resolver(truth=WHO).resolve(pa.table(columns))
    assert found.measures.precision > 0.98
    assert found.measures.recall > 0.93
