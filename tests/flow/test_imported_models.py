"""A model that Splink trained is imported, compared, adopted and taken back, as one of ours is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onefold.app.house import LocalHouse
from onefold.channels.cli.main import create_app, create_console
from onefold.customer.identity.adoption import RULES
from onefold.kernel.errors import CallerError, Refused
from onefold.usecases.compare_models import compare_models
from onefold.usecases.import_model import Imported, import_model
from onefold.usecases.show_model import show_model
from tests.flow.test_models import (
    adopt,
    allowed,
    decided,
    hash_of,
    is_as_replayed,
    members,
    records,
    rollback,
    silent,
    standing,
)
from tests.flow.test_models import folder as folder
from tests.flow.test_models import trained as trained
from tests.splink import level, settings

HOUSE = LocalHouse()


def comparison(column, m, u, near="", **more):
    levels = [level(f'"{column}_l" IS NULL OR "{column}_r" IS NULL', is_null_level=True)]
    levels.append(level(f'"{column}_l" = "{column}_r"', m, u, **more))
    if near:
        levels.append(level(near, 0.05, u))
    levels.append(level("ELSE", 0.05, 1 - 2 * u))
    return {"output_column_name": column, "comparison_levels": levels}


def model(*more, rules=("l.dob = r.dob", "l.email = r.email", "l.phone = r.phone")):
    near = 'date_diff(\'day\', "dob_l", "dob_r") BETWEEN -31 AND 31'
    return settings(
        comparisons=[
            comparison("surname", 0.8, 0.004, tf_adjustment_column="surname"),
            comparison("first_name", 0.8, 0.01),
            comparison("dob", 0.9, 0.0003, near),
            comparison("email", 0.7, 0.0001),
            comparison("phone", 0.7, 0.0001),
            *more,
        ],
        rules=rules,
        probability_two_random_records_match=0.0005,
    )


def imported(folder, data=None, **more) -> Imported:
    with HOUSE.models(folder.root) as models:
        asked = allowed(models, "train_model")
        return import_model(asked, models, data or model(), silent, **{"stated": {}, **more})


def test_it_is_compared_and_adopted_and_customers_are_as_it_says_and_as_a_replay_says(folder):
    before = hash_of(folder)
    version = imported(folder).version
    assert hash_of(folder) == before, "nothing changes before it is adopted"
    wanted = decided(folder, version)
    assert wanted != members(folder), "the test would show nothing"
    with HOUSE.models(folder.root) as models:
        compared = compare_models(allowed(models, "compare_models"), models, RULES, version, silent)
    assert adopt(folder, version)
    assert members(folder) == wanted
    assert compared.new.customers == len(set(wanted.values()))
    assert compared.merges > 0
    assert is_as_replayed(folder)
    assert HOUSE.verify(folder.root).sound
    assert rollback(folder) == RULES
    assert hash_of(folder) == before


def test_it_is_shown_and_its_import_is_on_record_once(folder):
    made = imported(folder)
    assert made.is_new
    assert dict(made.columns) == {
        "surname": "family_name",
        "first_name": "given_name",
        "dob": "birth_date",
        "email": "email",
        "phone": "phone",
    }
    again = imported(folder)
    assert (again.version, again.is_new) == (made.version, False)
    with HOUSE.models(folder.root) as models:
        shown = show_model(allowed(models, "show_model"), models, made.version).model
    assert shown is not None
    surname = next(it for it in shown.fields if it.name == "surname")
    assert (surname.levels[1].matches, surname.levels[1].others) == (0.8, 0.004)
    assert surname.levels[1].weights == pytest.approx((7.643856189774724,))
    assert shown.keys == ("l.dob = r.dob", "l.email = r.email", "l.phone = r.phone")
    assert [it.action for it in records(folder)].count("import_model") == 2


def test_dates_are_given_as_the_conditions_ask_for_them(folder):
    version = imported(folder).version
    kept = json.loads((folder.models / f"{version}.json").read_bytes())
    assert kept["dates"] == ["dob"]
    texts = comparison("born_on", 0.9, 0.001, "try_strptime(born_on_l, '%Y-%m-%d') IS NOT NULL")
    other = settings(comparisons=[texts], rules=("l.born_on = r.born_on",))
    kept = json.loads((folder.models / f"{imported(folder, other).version}.json").read_bytes())
    assert kept["dates"] == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([comparison("loyalty_tier", 0.9, 0.1)], "Comparison 'loyalty_tier' looks at loyalty_tier"),
        ([comparison("city", 0.9, 0.1, 'my_udf("city_l", "city_r")')], "comparison 'city' uses my_udf"),
        ([comparison("city", 0.9, 0.1, '"city_l" + 1 > 3')], "comparison 'city'"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_the_name_of_its_comparison(folder, more, words):
    with pytest.raises(CallerError, match=words):
        imported(folder, model(*more))
    assert imported(folder, model(comparison("tier", 0.9, 0.1)), stated={"tier": "postcode"}).is_new


def test_a_file_in_force_that_was_changed_is_refused(folder):
    version = imported(folder).version
    adopt(folder, version)
    path: Path = folder.models / f"{version}.json"
    path.write_bytes(path.read_bytes().replace(b'"hub_limit": 100', b'"hub_limit": 99'))
    with pytest.raises(Exception, match="is not what was adopted"):
        is_as_replayed(folder)


def test_the_command_imports_for_who_may_train(folder, tmp_path):
    (tmp_path / "splink.json").write_bytes(model(comparison("town_of_birth", 0.9, 0.1)))
    HOUSE.users(folder.root).add("stew", "a-long-password-1", ("steward",))
    app = create_app(HOUSE, create_console())

    def told(*words):
        asked = ["model", "import", str(tmp_path / "splink.json"), "--data", str(folder.root), *words]
        return CliRunner().invoke(app, asked)

    assert isinstance(told("--login", "stew").exception, Refused)
    assert "--map town_of_birth=FIELD" in str(told().exception)
    assert isinstance(told("--map", "town_of_birth").exception, CallerError)
    done = told("--map", "town_of_birth=city")
    assert done.exit_code == 0, done.output
    assert "town_of_birth is city" in done.output
    assert "onefold model compare rules splink-" in done.output
    assert standing(folder).version == RULES
