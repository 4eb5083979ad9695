"""A model of Splink that decides live records: Splink's weights, pinned, and what cannot be followed."""

from __future__ import annotations

import json
from datetime import date

import pyarrow as pa
import pytest

from onefold.app.splinking import SplinkResolver
from onefold.customer.identity.adopted.merging import PROOF
from onefold.customer.identity.adopted.splinked import SplinkProvider
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.splink.model import model_from_splink
from onefold.customer.identity.splink.pinned import (
    FORMAT,
    fields_of_columns,
    pinned_from_json,
    pinned_model,
)
from onefold.kernel.errors import CallerError
from onefold.kernel.time import day_from_date
from tests import splink
from tests.splink import level, settings

COLUMNS = {
    "given_name": "given_name",
    "family_name": "family_name",
    "birth_date": "birth_date",
    "born": "birth_date",
    "national_id": "national_id",
    "phone": "phone",
    "email": "email",
    "street": "address",
    "city": "city",
    "postcode": "postcode",
}
"""What of the columns of the fixture is canonical."""
EQUAL = ('"{0}_l" IS NULL OR "{0}_r" IS NULL', '"{0}_l" = "{0}_r"')


def comparison(column, m=0.9, u=0.01, **more):
    null, equal = (it.format(column) for it in EQUAL)
    levels = [level(null, is_null_level=True), level(equal, m, u, **more), level("ELSE", 1 - m, 1 - u)]
    return {"output_column_name": column, "comparison_levels": levels}


def about(*columns, rules=('l."surname" = r."surname"',), **more):
    """A file that compares columns for equality."""
    return settings(comparisons=[comparison(it) for it in columns], rules=rules, **more)


def portrait(number, **values):
    return portrait_of(number.to_bytes(16, "big"), values)


def provider(data, portraits=(), columns=None, dates=(), *, strict=False, customers=None, duckdb=None):
    columns = columns or {"surname": "family_name", "first_name": "given_name", "dob": "birth_date"}
    owners = customers or {it.fragment_id: it.fragment_id for it in portraits}
    made = pinned_model(data, duckdb, columns, dates, portraits, owners, "2026-01-01", "a test")
    return SplinkProvider(pinned_from_json(made.to_json()), strict=strict)


def kept(data):
    """Splink's own model without what looks at columns that are no fields, and without term frequencies."""
    said = json.loads(data)
    model = model_from_splink(data)
    said["comparisons"] = [
        it
        for it, found in zip(said["comparisons"], model.comparisons, strict=True)
        if {*found.left, *found.right} <= COLUMNS.keys()
    ]
    for it in said["comparisons"]:
        for one in it["comparison_levels"]:
            one.pop("tf_adjustment_column", None)
    return json.dumps(said).encode()


def test_its_weights_are_those_of_splink():
    data, table = kept(splink.model()), splink.records()
    assert len(json.loads(data)["comparisons"]) > 5, "hardly anything is compared"
    pairs = SplinkResolver(data).resolve(table).pairs.to_pylist()
    rows = {it["unique_id"]: it for it in table.to_pylist()}

    def read(key):
        row = rows[int(key)]
        values = {field: row[name] for name, field in COLUMNS.items() if row[name] is not None}
        born = values.pop("birth_date", None)
        day = {"birth_date": day_from_date(born)} if isinstance(born, date) else {}
        return portrait(row["unique_id"] + 1, **values, **day)

    asked = [(read(it["record_id_l"]), read(it["record_id_r"])) for it in pairs]
    found = provider(data, columns=COLUMNS, dates=("born",), strict=True).bits(asked)
    assert len(found) > 100
    assert found == pytest.approx([it["match_weight"] for it in pairs], abs=1e-9)


def test_a_value_that_many_customers_share_counts_as_often_as_it_was_that_day_and_others_on_average():
    tf = {"tf_adjustment_column": "surname"}
    data = settings(comparisons=[comparison("surname", **tf)], rules=("l.surname = r.surname",))
    names = ["Karimov"] * 12 + ["Petrov"] * 3 + ["Aliev"]
    everybody = [portrait(at, family_name=it) for at, it in enumerate(names)]
    deciding = provider(data, everybody)
    table = pa.table({"unique_id": list(range(16)), "surname": names})
    theirs = {
        (it["record_id_l"], it["record_id_r"]): it["match_weight"]
        for it in SplinkResolver(data).resolve(table).pairs.to_pylist()
    }
    (common,) = deciding.bits([(everybody[0], everybody[1])])
    assert common == pytest.approx(theirs["0", "1"], abs=1e-12)
    rare, alone = deciding.bits(
        [(everybody[12], everybody[13]), (everybody[15], portrait(99, family_name="Aliev"))]
    )
    assert rare == alone > common, "three and one are two on average"
    stranger = portrait(50, family_name="Nobody"), portrait(51, family_name="Nobody")
    assert deciding.bits([stranger]) == [rare]


def test_nothing_that_tells_of_few_is_written():
    tf = {"tf_adjustment_column": "email"}
    data = settings(comparisons=[comparison("email", **tf)], rules=("l.email = r.email",))
    everybody = [portrait(at, email="info@bank.uz", family_name="Karimov") for at in range(20)]
    made = pinned_model(
        data, None, {"email": "email"}, (), everybody, {it.fragment_id: b"" for it in everybody}, "", ""
    )
    assert made.terms["email"].frequencies == {}
    tf = {"tf_adjustment_column": "surname"}
    data = settings(comparisons=[comparison("surname", **tf)], rules=("l.surname = r.surname",))
    one = {it.fragment_id: b"one" for it in everybody}
    made = pinned_model(data, None, {"surname": "family_name"}, (), everybody, one, "", "")
    assert made.terms["surname"].frequencies == {}, "one customer with many records is no crowd"


def test_records_meet_by_the_equalities_of_a_rule_across_columns_too():
    deciding = provider(about("surname", rules=("l.surname = r.first_name and l.dob < r.dob",)))
    one, other = (
        portrait(1, family_name="Anvar", given_name="Ali"),
        portrait(2, family_name="Ali", given_name="Anvar"),
    )
    alone = portrait(3, family_name="Petrov", given_name="Olga")
    keys = [deciding.keys_of([it])[0] for it in (one, other, alone)]
    assert keys[0] & keys[1]
    assert not keys[2] & (keys[0] | keys[1])
    assert set(deciding.fields_of_keys(one).values()) == {("family_name", "given_name")}


def test_proof_comes_before_anything_that_splink_says():
    deciding = provider(about("surname"))
    said = {"customer_number": "C-1", "given_name": "Anna", "identifiers_verified": True}
    one, other = (
        portrait(at, family_name=it, **said) for at, it in enumerate(("Petrov", "Karimova"), start=1)
    )
    assert deciding.weights([(one, other)])[0] >= PROOF
    careful = portrait(3, family_name="Petrov", vulnerable=True)
    assert deciding.weights([(one, careful)])[0] < 0
    assert deciding.weights([(one, portrait(4, family_name="Petrov"))])[0] > 0


def test_a_condition_that_cannot_be_asked_does_not_hold_and_stops_nobody():
    odd = 'date_diff(\'day\', "dob_l", "dob_r") < 10'
    data = settings(level(odd, 0.9, 0.1), rules=("l.surname = r.surname",))
    pair = portrait(1, birth_date=7000), portrait(2, birth_date=7001)
    assert provider(data).bits([pair]) == pytest.approx([-2 + -3.1699250014423126])
    with pytest.raises(CallerError, match="comparison 'name'"):
        provider(data, strict=True).bits([pair])
    assert provider(data, dates=("dob",), strict=True).bits([pair]) == pytest.approx(
        [-2 + 3.1699250014423126]
    )


SURNAME = {"surname": "family_name"}


@pytest.mark.parametrize(
    ("data", "stated", "words"),
    [
        (about("surname", "shoe_size"), {}, "Comparison 'shoe_size' looks at shoe_size.*--map shoe_size"),
        (about("surname", rules=("l.block = r.block",)), {}, "Blocking rule .* looks at block"),
        (about("surname"), {"surname": "gender"}, "no field that identity keeps"),
        (about("surname"), {"town": "city"}, "does not look at a column town"),
    ],
)
def test_a_column_that_identity_does_not_keep_is_refused_by_name(data, stated, words):
    with pytest.raises(CallerError, match=words):
        fields_of_columns(model_from_splink(data), SURNAME, stated)


def test_columns_are_what_their_names_say_or_what_is_stated():
    model = model_from_splink(about("surname", "email", "both", "addr"))
    found = fields_of_columns(
        model,
        {"surname": "family_name", "email": "email", "addr": "street"},
        {"both": "given_name+family_name"},
    )
    assert found == {
        "surname": "family_name",
        "email": "email",
        "both": "given_name+family_name",
        "addr": "address",
    }
    deciding = provider(about("both", rules=("l.both = r.both",)), columns={"both": "given_name+family_name"})
    one, other = (portrait(at, given_name="Anna", family_name="Petrova") for at in (1, 2))
    assert deciding.likeness([(one, other)])[0] > 0


def test_one_that_says_nothing_of_two_records_of_one_source_is_refused():
    with pytest.raises(CallerError, match="link_only"):
        provider(about("surname", link_type="link_only"))


@pytest.mark.parametrize(
    "harm", [{"hub_limit": 1}, {"columns": {}}, {"format": "x"}, {"columns": {"surname": "gender"}}]
)
def test_a_file_that_was_changed_is_refused(harm):
    data = pinned_model(about("surname"), None, {"surname": "family_name"}, (), (), {}, "", "").to_json()
    assert json.loads(data)["format"] == FORMAT
    assert pinned_from_json(data)
    with pytest.raises(CallerError):
        pinned_from_json(json.dumps(json.loads(data) | harm).encode())
