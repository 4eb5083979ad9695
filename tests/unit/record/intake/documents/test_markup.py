"""HTML as text: what a reader sees, in time that grows with the length alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.intake.documents.markup import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<b>b</b>c", "abc"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br/>two<BR>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("1 &lt; 2 &amp; 3 &#1051; &nope;", "1 < 2 & 3 Л &nope;"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<a title=\"x>y\" href='z'>link</a>", "link"),
        ("a<!-- <b> -->b", "ab"),
        ("a<!-- never closed", "a"),
        ("a<script>if (1 < 2) x('</p>')</SCRIPT >b", "ab"),
        ("a<style>p{}</style>b<script>never closed", "ab"),
        ("<svg/>a", "a"),
        ("<title>x</title><body>  a\n  b </body>", "a b"),
        ("<p>a</p>\n\n\n\n<div></div><p>b</p>", "a\n\nb"),
        ("", ""),
    ],
)
def test_html_is_what_a_reader_sees(html, text):
    assert text_of_html(html) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a ", '<a "', "<!--", "<script>", "</", "<a '\"", "<style", "&", "<a \"<b ' "]
)
@pytest.mark.timeout(20)
def test_what_is_never_closed_costs_no_more_than_its_length(piece):
    assert "<script>" not in text_of_html(piece * 200_000)


@given(
    st.lists(
        st.sampled_from(["<", ">", "a", "<b", '"', "'", "<!--", "-->", "<script>", "</script>", "&#", " "])
    )
)
def test_any_pieces_become_text(pieces):
    assert "<script>" not in text_of_html("".join(pieces))
