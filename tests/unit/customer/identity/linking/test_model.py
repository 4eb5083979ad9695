"""Models: whole numbers, readable, without values of records, the same weight however it is summed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from onefold.customer.identity.linking.columns import column_of
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.fields import fields_of
from onefold.customer.identity.linking.linker import Linked, link
from onefold.customer.identity.linking.model import LISTED, LISTED_LEAST, UNIT, digest_of, model_from_json
from onefold.customer.identity.linking.scoring import weigh
from onefold.kernel.errors import CallerError
from tests.linking import KINDS, households, people, table, truth_of


@pytest.fixture(scope="module")
def trained() -> Linked:
    return link(people(300, seed=5), None, 0.5, "2026-01-31", "somebody")


def test_a_model_is_read_back_as_it_was_written(trained):
    read = model_from_json(trained.model.to_json())
    assert read == trained.model.shareable()
    assert model_from_json(read.to_json()) == read
    assert trained.model.trained_on == "2026-01-31"
    assert trained.model.author == "somebody"


def test_a_model_holds_no_value_of_a_record(trained):
    text = trained.model.to_json().decode()
    values = {value for it in people(300, seed=5) for value in it.column.values if len(value) > 5}
    assert values
    assert not [it for it in values if it in text]


def test_no_value_of_few_records_is_found_in_what_is_written_by_trying_all(trained):
    read = model_from_json(trained.model.to_json())
    written = {it.name: it.frequencies for it in read.fields}
    listed = 0
    for field in people(300, seed=5):
        for value, count in zip(field.column.values, field.column.counts.tolist(), strict=True):
            if digest_of(value) in written[field.name]:
                listed += 1
                assert field.kind in LISTED
                assert count >= LISTED_LEAST
    assert listed > 5


def test_one_customer_with_many_records_is_not_found_in_what_is_written():
    """Twelve records of one person are one person: a surname that nobody else has is not listed."""
    columns = table(300, seed=5)
    for at in range(12):
        said = ["Zebediah", "Qwertyoglu", "1960-01-02", f"zebediah{at % 3}@mail.example", "Khiva"]
        for name, value in zip(("id", "who", *KINDS), (f"z{at}", "z", *said), strict=True):
            columns[name].append(value)
    fields = fields_of({kind: [(name, column_of(columns[name]))] for name, kind in KINDS.items()})
    model = link(fields, None, 0.5).model
    column = next(it.column for it in fields if it.name == "family_name")
    rare = column.values[column.codes[-1]]
    known, written = (
        next(it.frequencies for it in one.fields if it.name == "family_name")
        for one in (model, model_from_json(model.to_json()))
    )
    assert known[digest_of(rare)] >= LISTED_LEAST, "the records are as many as are listed of others"
    assert digest_of(rare) not in written
    assert written, "families that many people have are listed"


def test_what_is_written_weighs_pairs_much_as_what_was_learned(trained):
    fields = people(300, seed=5)
    left, right = trained.candidates.left, trained.candidates.right
    levels = compare(fields, left, right)
    exact = weigh(trained.model, fields, levels, left) / UNIT
    read = weigh(model_from_json(trained.model.to_json()), fields, levels, left) / UNIT
    assert ((exact > 0) == (read > 0)).mean() > 0.98
    for one, other in zip(trained.model.fields, trained.model.shareable().fields, strict=True):
        if any(one.shares) and not other.frequencies and one.frequencies:
            assert abs(other.unlisted + other.surprise) <= 1


def test_what_is_no_model_is_refused(trained):
    with pytest.raises(CallerError, match="no model"):
        model_from_json(b"{}")
    other = msgspec.structs.replace(trained.model, format="another/1")
    with pytest.raises(CallerError, match="format"):
        model_from_json(other.to_json())


def harmed(field: dict[str, Any] | None = None, **whole: Any) -> Callable[[dict[str, Any]], None]:
    """Changes something of a model that was written, or of its field of birth dates."""

    def change(model: dict[str, Any]) -> None:
        model.update(whole)
        for it in model["fields"]:
            it.update(field or {} if it["name"] == "birth_date" else {})

    return change


def fewer_levels(model: dict[str, Any]) -> None:
    """As a release would have written it that knows fewer levels; its tables have the same shapes."""
    born = next(it for it in model["fields"] if it["name"] == "birth_date")
    for name in ("levels", "matches", "others"):
        born[name] = born[name][:-1]
    for name in ("weights", "relatives"):
        born[name] = [it[:-1] for it in born[name]]


def narrow(model: dict[str, Any]) -> None:
    """A row of weights lacks a number."""
    model["fields"][0]["weights"][0].pop()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (fewer_levels, "levels"),
        (narrow, "shape"),
        (harmed({"relatives": []}), "shape"),
        (harmed({"shares": []}), "shares"),
        (harmed({"shares": [1 << 40]}), "birth_date"),
        (harmed({"parent": 99}), "hangs on"),
        (harmed({"parent": -2}), "hangs on"),
        (harmed({"kind": "mood"}), "kind"),
        (harmed({"name": "<b>", "kind": "mood"}), "A field of it"),
        (harmed({"surprise": 1 << 90}), "out of range"),
        (harmed({"said": 0}), "out of range"),
        (harmed({"frequencies": {"00": -1}}), "out of range"),
        (harmed(prior=1 << 62), "out of range"),
        (harmed(hub_limit=0), "hub limit"),
        (harmed(hub_limit=1 << 40), "hub limit"),
        (harmed(fields=[]), "no fields"),
        (harmed(keys=["phone.whole"]), "key"),
        (harmed(keys=["birth_date.year + city.whole + name.word"]), "key"),
        (harmed(keys=[""]), "key"),
        (harmed(calibration=[[5, 0.5], [1, 0.6]]), "calibration"),
        (harmed(calibration=[[1, 1.5]]), "calibration"),
    ],
)
def test_a_model_that_this_release_cannot_weigh_by_is_refused_and_says_why(trained, change, word):
    written = msgspec.json.decode(trained.model.to_json())
    change(written)
    with pytest.raises(CallerError, match=word):
        model_from_json(msgspec.json.encode(written))


def test_one_pair_alone_weighs_what_it_weighs_among_all(trained):
    fields = people(300, seed=5)
    left, right = trained.candidates.left, trained.candidates.right
    together = weigh(trained.model, fields, compare(fields, left, right), left)
    for at in range(0, len(left), max(1, len(left) // 50)):
        one, other = left[at : at + 1], right[at : at + 1]
        assert weigh(trained.model, fields, compare(fields, one, other), one)[0] == together[at]


def test_better_agreement_weighs_more_in_what_was_learned(trained):
    for field in trained.model.fields:
        if field.kind in {"name", "birth_date", "email"} and field.name != "middle_name":
            alone = field.weights[0]
            assert alone[0] == 0
            assert alone[1] > 0 > alone[-1]


def test_learning_finds_who_is_who_and_how_sure_it_is(trained):
    truth = np.array(truth_of(300, seed=5))
    labels = trained.labels
    same = labels[:, None] == labels[None, :]
    real = truth[:, None] == truth[None, :]
    right = (same & real).sum() - len(truth)
    assert right / (same.sum() - len(truth)) > 0.97
    assert right / (real.sum() - len(truth)) > 0.85
    assert ((trained.probabilities >= 0) & (trained.probabilities <= 1)).all()


def test_a_household_is_not_one_person():
    fields, truth = households(150, seed=9)
    labels = link(fields, None, 0.5).labels
    by_label: dict[int, set[int]] = {}
    for label, person in zip(labels.tolist(), truth, strict=True):
        by_label.setdefault(label, set()).add(person)
    assert sum(len(it) > 1 for it in by_label.values()) <= 0.02 * len(by_label)
    joined = sum(labels[at] == labels[at + 1] for at in range(0, len(truth), 2))
    assert joined >= 0.75 * len(truth) / 2
