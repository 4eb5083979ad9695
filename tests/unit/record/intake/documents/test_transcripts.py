"""WebVTT: who said what and when; nothing that was said is passed over without a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.contracts.errors import Reason, RowFault
from tests.letters import read, transcript

CALL = """WEBVTT - Call 17

STYLE
::cue { color: red }

NOTE
somebody's note --

1
00:00:01.500 --> 00:00:04.000 align:start
<v.loud Anna Karimova>Good day &amp; hello,
it is <i>about</i> <00:00:02.000>a card</v>
<v Agent>Yes?

01:00:04.000 --> 01:00:06.400
noise
"""


def refused(data: bytes | str) -> Reason:
    with pytest.raises(RowFault) as caught:
        read("vtt", data)
    return caught.value.reason


def test_cues_are_messages_with_author_second_and_text():
    row = read("vtt", CALL)
    assert row.pop("document")
    assert row == {
        "title": "Call 17",
        "messages": [
            {"author": "Anna Karimova", "at": 1.5, "text": "Good day & hello, it is about a card"},
            {"author": "Agent", "at": 1.5, "text": "Yes?"},
            {"author": "", "at": 3604.0, "text": "noise"},
        ],
        "participants": ["Anna Karimova", "Agent"],
        "duration_seconds": 3606,
    }


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\r"), ("WEBVTT", "\ufeffWEBVTT")])
def test_line_ends_and_a_mark_of_utf8_make_no_other_transcript(change):
    assert read("vtt", CALL.replace(*change)) == read("vtt", CALL)


def test_a_header_of_several_lines_and_a_cue_right_behind_it_are_read():
    cue = "00:01.000 --> 00:02.000\nhi"
    assert (
        read("vtt", f"WEBVTT\nKind: captions\n\n{cue}")["messages"]
        == read("vtt", f"WEBVTT\n{cue}")["messages"]
    )


@pytest.mark.parametrize(
    "data",
    [
        "00:01.000 --> 00:02.000\nhi",
        "WEBVTTX\n\n00:01.000 --> 00:02.000\nhi",
        "WEBVTT\n\n00:01 --> 00:02\nhi",
        "WEBVTT\n\n00:61.000 --> 00:62.000\nhi",
        "WEBVTT\n\nsomething that is no cue",
        "WEBVTT\n\n1\n2\n00:01.000 --> 00:02.000\nhi",
    ],
)
def test_what_is_no_transcript_or_not_a_whole_one_is_told(data):
    assert refused(data) is Reason.BAD_DOCUMENT


def test_other_ends_are_told():
    assert refused("WEBVTT") is Reason.DOCUMENT_EMPTY
    assert refused("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna></v>") is Reason.DOCUMENT_EMPTY
    assert refused(b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff") is Reason.BAD_TEXT


def test_another_word_is_another_document():
    one, same, other = (read("vtt", transcript((1, "A", it)))["document"] for it in ("x", "x", "y"))
    assert one == same != other


@given(
    st.lists(
        st.sampled_from(
            [
                "WEBVTT",
                "\n",
                "\n\n",
                "00:01.000",
                " --> ",
                "<v ",
                ">",
                "</v>",
                "Anna",
                "NOTE",
                "&",
                "\x00",
                ":",
                "\r",
            ]
        ),
        max_size=40,
    )
)
def test_any_pieces_are_a_transcript_or_a_reason(pieces):
    try:
        row = read("vtt", "WEBVTT\n" + "".join(pieces))
    except RowFault:
        return
    assert row["messages"]
