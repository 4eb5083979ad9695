"""Chats and tickets in JSON: an object, or a list of them."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.contracts.documents import DocumentShape
from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.model import FileShape
from onefold.record.intake.documents.readers import read_document

FILE = FileShape("*.json", "json", documents=DocumentShape())


def refused(data: bytes) -> Reason:
    with pytest.raises(RowFault) as caught:
        read_document(data, FILE)
    return caught.value.reason


def test_an_object_is_a_row_and_a_list_as_many():
    chat = {"id": 7, "messages": [{"author": "a", "text": "hi"}]}
    (row,) = read_document(json.dumps(chat).encode(), FILE)
    assert row.pop("document")
    assert row == chat
    rows = read_document(json.dumps([chat, {"id": 8}]).encode("utf-8-sig"), FILE)
    assert [it["id"] for it in rows] == [7, 8]
    assert rows[0]["document"] != rows[1]["document"]


def test_the_order_of_entries_makes_no_other_document():
    one, other = (read_document(it, FILE)[0]["document"] for it in (b'{"a":1,"b":2}', b'{ "b":2, "a":1 }'))
    assert one == other


@pytest.mark.parametrize(
    "data", [b"1", b"[1]", b"{", b'{"a":"\\ud800"}', b"[" * 100_000, b'{"a":' * 9000, b"[{},null]"]
)
def test_what_is_no_object_is_told(data):
    assert refused(data) is Reason.BAD_JSON


def test_nothing_and_bytes_that_are_no_text_are_told():
    assert refused(b"[]") is Reason.DOCUMENT_EMPTY
    assert refused(b'{"a":"\xff"}') is Reason.BAD_TEXT


@given(
    st.binary(max_size=40)
    | st.recursive(st.none() | st.text(), lambda it: st.lists(it)).map(lambda it: json.dumps(it).encode())
)
def test_any_bytes_are_rows_or_a_reason(data):
    with contextlib.suppress(RowFault):
        assert read_document(data, FILE)


def rows(document: object, *each: str) -> list[dict]:
    file = FileShape("*.json", "json", documents=DocumentShape(each=each))
    found = read_document(json.dumps(document).encode(), file)
    return [{name: value for name, value in row.items() if name != "document"} for row in found]


def test_with_each_there_is_a_row_for_each_item_at_the_path_with_the_item_in_its_place():
    found = rows({"id": 1, "data": {"may": ["a", "b"], "x": 2}}, "data.may")
    assert found == [{"id": 1, "data": {"may": it, "x": 2}} for it in ("a", "b")]
    assert rows({"access": {"a": [1], "b": [], "c": None, "d": "all"}}, "access") == [
        {"access": "a"},
        {"access": "d"},
    ]


def test_paths_of_each_go_one_below_the_other():
    found = rows({"of": [{"n": 1, "may": ["a", "b"]}, {"n": 2, "may": ["c"]}]}, "of", "of.may")
    assert [(it["of"]["n"], it["of"]["may"]) for it in found] == [(1, "a"), (1, "b"), (2, "c")]


@pytest.mark.parametrize("may", [[], None, "a"])
def test_what_has_no_items_at_the_path_is_one_row(may):
    assert rows({"id": 1, "may": may}, "may") == [{"id": 1} if may == [] else {"id": 1, "may": may}]
    assert rows({"id": 1}, "data.may") == [{"id": 1}]


def test_an_object_with_more_items_than_are_taken_is_refused_whole():
    with pytest.raises(RowFault) as caught:
        rows({"may": list(range(10_001))}, "may")
    assert caught.value.reason is Reason.DOCUMENT_TOO_LARGE
