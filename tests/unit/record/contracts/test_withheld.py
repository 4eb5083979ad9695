"""What was published before a rule is read under it: nothing is shown to more than its class allows."""

from __future__ import annotations

import json

import pytest

from onefold.record.canon.entities import ENTITIES, FieldClass
from onefold.record.contracts.compatibility import compare
from onefold.record.contracts.corrections import check_correction
from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.model import Contract, Withheld
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.withheld import decides, told
from tests.unit.record.contracts.sample import CELL_KEY, customers, document, prop, table

AT = 1_714_521_600_000
ROW = {"id": "1", "name": "Anna", "born": "1990-01-02", "mobile": "+998901234567"}


def published(*tables: dict, version: str = "1.0.0") -> Contract:
    """Read as one that went live before."""
    return parse_contract(json.dumps(document(*tables, version=version)).encode(), "old.yaml", published=True)


def classed(path: str, stated: str, **words) -> dict:
    """The customer table with one property of another class."""
    found = customers(**words)
    found["properties"] = [
        it | ({"classification": stated} if it["name"] == path else {}) for it in found["properties"]
    ]
    return found


def values(contract: Contract, row: dict, name: str = "customer") -> dict:
    """What rows come to mean under it."""
    item = Contracts(CELL_KEY, [contract]).latest("core").object(name)
    return item.values(item.check(row), AT)


@pytest.mark.parametrize("stated", ["special", "secret"])
def test_what_more_people_would_see_is_left_out_of_what_was_published_before(stated):
    found = published(classed("name", stated))
    assert found.objects["customer"].withheld == (Withheld("full_name", "name", FieldClass(stated)),)
    assert values(found, ROW).keys() == {"birth_date"}
    with pytest.raises(BrokenContract):
        parse_contract(json.dumps(document(classed("name", stated))).encode(), "new.yaml")


def test_of_two_ways_only_the_one_is_left_out_that_reads_it():
    ways = {"full_name": {"from": "name", "or": {"from": "mobile"}}}
    assert values(published(classed("name", "special", map=ways)), ROW) == {"full_name": ROW["mobile"]}

    ways = {"full_name": {"from": "mobile", "or": {"from": "name"}}}
    found = published(classed("name", "special", map=ways))
    assert values(found, ROW | {"mobile": ""}) == {}
    assert values(found, ROW) == {"full_name": ROW["mobile"]}


def test_the_time_of_an_event_is_left_out_where_it_is_made_of_it():
    since = table(
        "account",
        [prop("id", required=True, classification="pci"), prop("day", classification="secret")],
        entity="household", delivers="record", key="id",
        occurredAt={"from": "day", "as": "instant", "format": "YYYY-MM-DD"},
        subject={"entity": "household", "key": "id"},
        map={"name": "id", "since_on": {"from": "day", "as": "date"}},
    )  # fmt: skip
    found = published(since)
    assert {it.field for it in found.objects["account"].withheld} == {"since_on"}


def test_what_protects_somebody_goes_on_deciding():
    """Without a day of birth nobody would be a minor, so that more would be allowed (law L5)."""
    found = published(classed("born", "special"))
    assert found.objects["customer"].withheld == (
        Withheld("birth_date", "born", FieldClass.SPECIAL, decides=True),
    )
    assert "birth_date" in values(found, ROW)


def test_no_withdrawal_suppression_or_hold_is_lost():
    for entity, needed in {
        "consent": {
            "party",
            "purpose",
            "channel",
            "fact",
            "given_at",
            "data_class",
            "controller",
            "until_at",
        },
        "suppression": set(ENTITIES["suppression"].fields),
        "risk": {"kind", "status", "party", "account", "raised_at"},
        "hold": {"party", "state", "hold"},
        "holder": {"role"},
    }.items():
        assert {it for it in needed if not decides(entity, it)} == set(), entity
    assert not decides("consent", "evidence")
    assert not decides("party", "city")


def test_a_suppression_of_a_special_word_is_still_one():
    stop = table(
        "stop",
        [prop("id", required=True), prop("why", classification="special"), prop("who", classification="pii")],
        entity="suppression", delivers="record", key="id", subject={"entity": "party", "key": "who"},
        map={
            "party": {"from": "who", "as": "ref"}, "channel": {"value": "any"}, "state": {"value": "on"},
            "reason": {"from": "why", "as": "values", "values": {"F": "fraud"}},
        },
    )  # fmt: skip
    assert values(published(stop), {"id": "1", "why": "F", "who": "9"}, "stop")["reason"] == "fraud"


def test_leaving_it_out_breaks_nobody_who_reads_as_it_is_withheld_already():
    old = published(classed("name", "special"))
    left = {"birth_date": "born", "phone": {"from": "mobile", "as": "phone"}}
    new = parse_contract(
        json.dumps(document(classed("name", "special", map=left), version="1.1.0")).encode(), "new.yaml"
    )
    assert [it for it in compare(old, new) if it.breaks] == []
    mended = json.dumps(document(classed("name", "special", map=left), version="1.0.0+1")).encode()
    check_correction(parse_contract(mended, "mended.yaml"), old)


def test_the_operator_is_told_the_field_what_fed_it_and_what_to_publish():
    (said,) = told(published(classed("name", "secret"), version="1.0.0+2"))
    assert said.startswith(
        "core 1.0.0+2: party.full_name is fed by customer.name, which is secret; it is left out."
    )
    assert "the correction 1.0.0+3" in said
    assert told(published(customers())) == ()
