"""Words of conversations: folded alike on both sides, marked where they stand, excerpts around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.fragments.model import Fragment
from onefold.customer.profile.passages import (
    OWNER,
    excerpt,
    holds,
    owner_word,
    passage_of,
    pieces,
    question,
)

ME, PARTY, DEVICE = b"i" * 16, b"p" * 16, b"d" * 16


def passage(entity="interaction", **values):
    return passage_of(Fragment(ME, entity, "crm", "1", ME, (7, ME), values, {}), values)


def words(text: str) -> list[str]:
    return passage(text=text).words.split(" ")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The CARD, the card.", ["card", "the"]),
        ("Её ёлка", ["ее", "елка"]),
        ("O‘zbekiston iste'mol", ["istemol", "ozbekiston"]),
        ("naïve café Straße", ["cafe", "naive", "strasse"]),
        ("हिंदी 卡片", ["हिंदी", "卡片"]),
        ("call 998-90 now_or", ["90", "998", "call", "now", "or"]),
        ("[0:01:05] Anna: gone\n[0:01:06] ?: here", ["gone", "here"]),
        ("x" * 100, ["x" * 32]),
    ],
)
def test_words_are_folded(text, folded):
    assert words(text) == folded


def test_a_passage_is_about_its_party_and_dated_as_its_fragment():
    found = passage(
        text="gone", topic="Card", attachments="a.pdf", party=PARTY, device=DEVICE, happened_at=99
    )
    assert found == (
        ME,
        99,
        " ".join(sorted(["a", "card", "gone", "pdf", owner_word(PARTY)])),
    )
    unnamed = passage(text="gone", device=DEVICE)
    assert owner_word(DEVICE) in unnamed.words
    case = passage("case", text="gone", account=DEVICE)
    assert owner_word(DEVICE) in case.words


def test_where_nothing_was_said_there_is_no_passage():
    assert passage(topic="page", party=PARTY) is None
    assert passage("party", full_name="Anna") is None
    assert passage_of(Fragment(ME, "interaction", "crm", "1", ME, (7, ME), None, {}), None) is None
    assert passage(attachments="a.pdf") is not None


def test_a_question_is_its_words():
    assert question("  Card’s GONE, a gone! 卡 5") == ("cards", "gone", "卡")
    assert question("- ' §" + "ab" * 20) == (("ab" * 20)[:32],)
    assert question("aa bb cc dd ee ff gg hh ii jj") == ("aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh")


@given(st.text(max_size=60))
def test_no_question_holds_the_sign_of_an_owner(text):
    assert all(OWNER not in it and it for it in question(text))


@given(st.text(max_size=60))
def test_every_word_of_a_text_finds_it(text):
    found = passage(text=text or "x")
    asked = question(text)
    assert holds(found, asked, ())
    assert not holds(found, asked, (owner_word(PARTY),))


def test_what_was_asked_for_is_marked_where_it_stands():
    assert pieces("Her CARDS are gone, card.", ("card",)) == (
        ("Her ", False),
        ("CARDS", True),
        (" are gone, ", False),
        ("card", True),
        (".", False),
    )
    assert pieces("Ёлка", ("елк",)) == (("Ёлка", True),)
    assert pieces("nothing", ()) == (("nothing", False),)
    assert pieces("", ("a",)) == ()


@given(st.text(max_size=60), st.text(max_size=20))
def test_pieces_are_the_text(text, asked):
    assert "".join(it.text for it in pieces(text, question(asked))) == text


LONG = "one two three four five six seven eight nine ten " * 10 + "zebra " + "eleven twelve " * 20


def test_an_excerpt_shows_what_was_asked_for():
    assert excerpt("short", ("x",), 100) == "short"
    assert excerpt(LONG, (), 30) == "one two three four five six…"
    found = excerpt(LONG, ("zeb",), 60)
    assert found.startswith("…")
    assert found.endswith("…")
    assert "zebra" in found
    assert len(found) <= 62


@given(st.text(max_size=400), st.text(max_size=20), st.integers(10, 200))
def test_an_excerpt_is_a_part_of_the_text_and_no_longer(text, asked, most):
    found = excerpt(text, question(asked), most)
    assert len(found) <= most + 2
    assert found.strip("…").strip() in text
