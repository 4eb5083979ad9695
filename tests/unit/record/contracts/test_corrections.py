"""Which correction of a version counts."""

from __future__ import annotations

from onefold.record.contracts.corrections import first_of, newest_corrections, number_of
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import order
from tests.clients import CONTRACT, corrected


def contract(version: str, status: str = "active"):
    text = corrected(version).replace("status: active", f"status: {status}")
    return parse_contract(text.encode(), "bank.yaml")


def test_a_correction_is_named_after_the_version_it_corrects():
    assert [first_of(it) for it in ("1.0.0", "1.0.0+2", "1.0.0-rc1+3")] == ["1.0.0", "1.0.0", "1.0.0-rc1"]
    assert [number_of(it) for it in ("1.0.0", "1.0.0+2", "1.0.0-rc1+13")] == [0, 2, 13]
    assert order("1.0.0") < order("1.0.0+1") < order("1.0.0+2") < order("1.0.1")


def test_the_last_one_that_went_live_counts():
    first = parse_contract(CONTRACT.encode(), "bank.yaml")
    assert newest_corrections([first]) == {}
    known = [
        contract("1.0.0+10"),
        first,
        contract("1.0.0+9"),
        contract("1.0.0+11", "draft"),
        contract("2.0.0"),
    ]
    assert newest_corrections(known) == {("bank", "1.0.0"): "1.0.0+10"}
