"""Plain texts: a header that is one, and the text behind it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.contracts.errors import Reason, RowFault
from tests.letters import read

NOTE = "Customer: C-1\nOccurred at: 2025-09-01T10:00:00Z\nE-mail:\n\nDear bank,\n\n\n\n  hello  there\n"


def refused(data: bytes | str, **words) -> Reason:
    with pytest.raises(RowFault) as caught:
        read("text", data, **words)
    return caught.value.reason


def test_the_lines_of_the_header_are_columns_and_the_rest_is_the_text():
    row = read("text", NOTE)
    assert row.pop("document")
    assert row == {
        "customer": "C-1",
        "occurred_at": "2025-09-01T10:00:00Z",
        "e_mail": "",
        "text": "Dear bank,\n\nhello there",
    }


def test_without_a_header_all_of_it_is_text():
    assert read("text", "Note: this\n\nis text", header=False)["text"] == "Note: this\n\nis text"


def test_the_encoding_of_the_contract_counts():
    assert read("text", "Клиент: C-1\n\nДа".encode("cp1251"), encoding="cp1251")["клиент"] == "C-1"
    assert refused("Клиент: C-1\n\nДа".encode("cp1251")) is Reason.BAD_TEXT


@pytest.mark.parametrize(
    "data",
    [
        "Dear bank,\n\nhello",
        "a: 1\nA: 2\n\nx",
        "text: 1\n\nx",
        "file: 1\n\nx",
        "a: 1\n" * 101 + "\nx",
        ": 1\n\nx",
    ],
)
def test_a_header_that_is_none_or_says_a_thing_twice_is_told(data):
    assert refused(data) is Reason.BAD_DOCUMENT


@pytest.mark.parametrize("data", ["Customer: C-1", "Customer: C-1\n\n  \n"])
def test_a_header_alone_says_nothing(data):
    assert refused(data) is Reason.DOCUMENT_EMPTY


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.booleans())
def test_any_bytes_are_a_text_or_a_reason(data, header):
    try:
        row = read("text", data, header=header)
    except RowFault:
        return
    assert row["text"]
    assert "\x00" not in row["text"]
