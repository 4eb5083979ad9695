"""Passages, conversations and lists of names: what was said, in one form, or a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.canon.talk import turns_of
from onefold.record.contracts.conversations import listed, passage, talk
from onefold.record.contracts.errors import Reason, RowFault

CHAT = [
    {"author": "Anna", "at": "2025-09-01T10:00:00Z", "text": "Hello\nthere"},
    {"author": "Bot", "text": "Hi"},
    {"author": None, "at": "2025-09-01T11:01:05.700Z", "text": "bye"},
    {"author": "Anna", "at": "2025-09-01T09:00:00Z", "text": "out of order"},
    {"author": "Anna", "text": "  "},
]


def reason(transform, raw) -> Reason:
    with pytest.raises(RowFault) as caught:
        transform(raw)
    return caught.value.reason


def test_a_passage_keeps_its_lines_and_loses_what_is_not_seen():
    raw = "  Dear\tbank,\r\n\r\n\r\n\r\nhello \u202ethere\x00\u200b \r\n"
    assert passage({})(raw) == "Dear bank,\n\nhello there"
    assert passage({})(" \n ") is None
    assert passage({})("e\u0301") == "\u00e9"
    assert reason(passage({"limit": 3}), "four") is Reason.TOO_LONG


def test_a_chat_is_a_conversation_that_begins_with_its_first_message():
    assert talk({})(CHAT) == (
        "[0:00:00] Anna: Hello there\n[0:00:00] Bot: Hi\n[1:01:05] ?: bye\n[0:00:00] Anna: out of order"
    )


def test_entries_are_named_by_the_contract_dots_going_deeper():
    said = talk({"author": "from.name", "at": "sent", "text": "body", "format": "epoch_s"})
    messages = [{"from": {"name": "A"}, "sent": 100, "body": "x"}, {"from": {}, "sent": 163, "body": "y"}]
    assert said(messages) == "[0:00:00] A: x\n[0:01:03] ?: y"


def test_seconds_count_from_the_beginning():
    said = talk({"clock": "seconds"})
    assert said([{"at": 65.9, "author": "A", "text": "x"}, {"at": "70", "author": "B", "text": "y"}]) == (
        "[0:01:05] A: x\n[0:01:10] B: y"
    )


@pytest.mark.parametrize(
    ("options", "raw", "told"),
    [
        ({}, "hello", Reason.BAD_TYPE),
        ({}, ["hello"], Reason.BAD_TYPE),
        ({}, [{"text": {"a": 1}}], Reason.BAD_TYPE),
        ({}, [{"at": "soon", "text": "x"}], Reason.BAD_INSTANT),
        ({"clock": "seconds"}, [{"at": "nan", "text": "x"}], Reason.BAD_INSTANT),
        ({"clock": "seconds"}, [{"at": -1, "text": "x"}], Reason.BAD_INSTANT),
        ({"clock": "seconds"}, [{"at": True, "text": "x"}], Reason.BAD_INSTANT),
        ({"limit": 20}, [{"text": "x" * 20}], Reason.TOO_LONG),
        ({}, [{}] * 100_001, Reason.TOO_LONG),
    ],
)
def test_what_is_no_conversation_is_told(options, raw, told):
    assert reason(talk(options), raw) is told


def test_nothing_said_is_nothing():
    assert talk({})([]) is None
    assert talk({})([{"author": "A"}]) is None


def test_a_list_has_each_item_once():
    assert listed({})(["b", "a", " b ", None, ""]) == "b, a"
    assert listed({"each": "author", "separator": "; "})(CHAT) == "Anna; Bot"
    assert listed({})([]) is None
    assert reason(listed({}), "a") is Reason.BAD_TYPE
    assert reason(listed({"each": "x"}), ["a"]) is Reason.BAD_TYPE
    assert reason(listed({"limit": 2}), ["abc"]) is Reason.TOO_LONG


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda it: st.lists(it, max_size=4) | st.dictionaries(st.sampled_from(["author", "at", "text"]), it),
)


@given(JSON, st.sampled_from(["seconds", "instants"]))
def test_whatever_comes_is_a_conversation_or_a_reason(raw, clock):
    try:
        text = talk({"clock": clock})(raw)
    except RowFault:
        return
    assert text is None or turns_of(text)


def test_a_second_beyond_every_number_is_told():
    assert reason(talk({"clock": "seconds"}), [{"at": 10**400, "text": "x"}]) is Reason.BAD_INSTANT
