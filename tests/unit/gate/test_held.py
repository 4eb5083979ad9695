"""A held row is cut by the strictest of what each property is, to nobody in full who may not see people."""

from __future__ import annotations

import msgspec
import pytest

from onefold.gate.held import SHOWN_CHARACTERS_MAX, HeldValue, cut_held
from onefold.gate.model import Actor, Permit
from tests.unit.gate.bank import CELL
from tests.unit.record.contracts.sample import compiled, customers, movements, prop, table

STEWARD = {
    "open": "full",
    "internal": "full",
    "pii": "full",
    "pci": "hidden",
    "special": "hidden",
    "secret": "hidden",
}
MASKED = STEWARD | {"pii": "masked"}
TOKENS = STEWARD | {"pii": "token"}
ENGINEER = dict.fromkeys(STEWARD, "hidden") | {"open": "full"}
PURPOSES = ("stewardship",)
ROW = {"id": "C-7", "name": "Anna Karimova", "born": "2024-02-30", "mobile": "+998901234567"}


def permit(fields: dict[str, str]) -> Permit:
    actor = Actor("somebody", ("steward",), CELL)
    return Permit(actor, "steward", "stewardship", "console", "show_held_row", "1", fields)


def cut(item=None, row=ROW, fields=STEWARD, purposes=PURPOSES, broken="born"):
    body = row if isinstance(row, bytes) else msgspec.json.encode(row)
    return cut_held(permit(fields), item or compiled(customers()), purposes, body, broken)


def by_path(content) -> dict[str, HeldValue]:
    return {it.path: it for it in content.values}


def shown(content) -> dict[str, tuple[str, str]]:
    return {it.path: (it.shown, it.value) for it in content.values}


def test_a_steward_sees_the_row_with_the_property_that_broke_marked():
    content = cut()
    assert shown(content) == {path: ("full", value) for path, value in ROW.items()}
    assert [it.path for it in content.values if it.broken] == ["born"]
    assert content.withheld == content.line == ""


def test_an_engineer_sees_properties_and_types_and_what_broke_and_no_value_even_of_an_open_one():
    item = customers()
    item["properties"][0]["classification"] = "open"
    for content in (cut(fields=ENGINEER), cut(compiled(item), fields=ENGINEER), cut(fields=TOKENS)):
        assert {it.shown for it in content.values} == {"hidden"}
        assert not any(it.value for it in content.values)
        assert sum(it.broken for it in content.values) == 1
        assert {it.type for it in content.values} == {"string"}
        assert "Your role" in content.withheld


def test_under_a_mask_names_are_initials_numbers_their_last_four_and_the_rest_dots():
    assert shown(cut(fields=MASKED)) == {
        "id": ("masked", "•••"),
        "name": ("masked", "A. K."),
        "born": ("masked", "•••"),
        "mobile": ("masked", "•••• 4567"),
    }


def test_numbers_of_accounts_stay_hidden_from_a_steward_and_so_does_the_key_of_what_is_no_person():
    row = {"id": "7", "account": "40817810099910004312", "day": "2024-05-01", "side": "X", "amount": "12.50"}
    found = shown(cut(compiled(movements()), row, broken="side"))
    assert {path for path, (how, _) in found.items() if how == "hidden"} == {"id", "account", "amount"}
    assert found["side"] == ("full", "X")
    assert "4312" not in repr(found)


@pytest.mark.parametrize("never", ["special", "secret"])
def test_special_and_secret_values_are_shown_to_nobody_here(never):
    item = customers()
    item["properties"].append(prop("faith", classification=never))
    everything = dict.fromkeys(STEWARD, "full")
    found = cut(compiled(item), ROW | {"faith": "none of yours"}, fields=everything)
    assert shown(found)["faith"] == ("hidden", "")


def test_a_property_that_serves_other_purposes_is_hidden_and_so_is_the_row_of_a_source_that_does():
    item = customers()
    item["properties"][3]["customProperties"] = [{"property": "purposes", "value": ["servicing"]}]
    assert shown(cut(compiled(item)))["mobile"] == ("hidden", "")
    content = cut(purposes=("servicing",))
    assert {it.shown for it in content.values} == {"hidden"}
    assert content.withheld == "Its contract does not allow stewardship."


def test_what_was_kept_as_a_digest_is_told_as_one_and_cannot_be_edited():
    item = customers()
    item["properties"].append(prop("passport", classification="pii", store="reference"))
    found = by_path(cut(compiled(item), ROW | {"passport": "ref:abcdef"}))["passport"]
    assert (found.shown, found.value, found.editable) == ("digest", "", False)


def test_of_a_refused_row_there_is_nothing_but_its_properties():
    content = cut(row=b"")
    assert {it.shown for it in content.values} == {"hidden"}
    assert not any(it.editable for it in content.values)
    assert "digest" in content.withheld


def test_a_line_that_could_not_be_taken_apart_is_shown_only_where_all_of_it_may_be():
    line = b"C-7;Anna Karimova;1990"
    content = cut(row=line, broken="")
    assert (content.line, content.withheld) == (line.decode(), "")
    assert {it.value for it in content.values} == {""}
    for item, fields in ((compiled(movements()), STEWARD), (None, MASKED), (None, ENGINEER)):
        content = cut(item, line, fields, broken="")
        assert content.line == ""
        assert content.withheld


def test_a_message_that_no_contract_speaks_of_has_nothing_to_show():
    content = cut_held(permit(STEWARD), None, PURPOSES, b"{}", "type")
    assert content.values == ()
    assert content.withheld


def test_what_the_row_lacks_is_told_from_what_is_empty_and_a_long_value_is_cut():
    row = {"id": "", "name": "x" * (SHOWN_CHARACTERS_MAX + 1), "born": None}
    found = by_path(cut(row=row))
    assert (found["mobile"].shown, found["id"].shown, found["born"].value) == ("none", "full", "")
    assert (len(found["name"].value), found["name"].cut) == (SHOWN_CHARACTERS_MAX, True)


def test_nested_properties_are_found_where_they_stand():
    calls = table(
        "identify",
        [
            prop("userId", classification="pii"),
            prop("traits.email", classification="pii"),
            prop("tags", logicalType="array"),
        ],
        entity="party",
        delivers="event",
        key="userId",
        kind="patch",
        map={"email": "traits.email"},
    )
    row = {"userId": "u", "traits": {"email": "anna@post.example"}, "tags": ["a", 1]}
    found = by_path(cut(compiled(calls), row, broken="traits.email"))
    assert found["traits.email"].value == "anna@post.example"
    assert found["traits.email"].broken
    assert (found["tags"].value, found["tags"].editable) == ('["a",1]', False)
