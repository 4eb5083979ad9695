"""Conversations: found by their words, excerpted, opened whole, and only by whoever may see what was said."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.customer.profile.rules import default_policy
from onefold.gate import conversations
from onefold.gate.conversations import EXCERPT_CHARACTERS_MAX, conversation, heard_page, question
from onefold.gate.gathering import Gathered
from onefold.gate.owning import owned_by
from onefold.gate.products import holdings_of
from onefold.gate.scope import Scope
from onefold.gate.timeline import timeline_page
from onefold.kernel.errors import CallerError, NotFound
from tests.unit.gate.bank import FULL, PURPOSES, Bank, ms, permit, scope

TALK = """[0:00:01] Anna: My card is gone
[0:00:04] Agent: Gone?
[0:00:05] Agent: It is blocked now
[1:00:00] ?: bye"""
NOTHING = "this is a long letter about nothing at all. " * 20
LONG = f"Dear bank, {NOTHING}The zebra is here. {NOTHING}"
HIDDEN = FULL | {"pii": "hidden"}
MASKED = FULL | {"pii": "masked"}


@pytest.fixture
def bank():
    return Bank()


@pytest.fixture
def anna(bank):
    it = bank.add("party", "core", "C1", full_name="Anna Karimova")
    bank.join(it)
    return it


def say(bank, party, key, text="hello", day=2, source="crm", **values):
    said = {
        "action": "note",
        "channel": "call",
        "happened_at": ms(day),
        "text": text,
        "party": party,
    } | values
    return bank.add("interaction", source, key, **said)


def search(bank, party, text, given=None, view=None, **asked):
    view = view or scope(bank, given)
    held = holdings_of(view, [party])
    page: dict[str, Any] = {"kind": "", "cursor": "", "limit": 50} | asked
    return timeline_page(view, owned_by(view, [party], held), words=question(text), **page)


def opened(bank, party, moment, text="", given=None, view=None):
    view = view or scope(bank, given)
    owned = owned_by(view, [party], holdings_of(view, [party]))
    return conversation(view, owned, moment, question(text))


def everybody(bank, text, given=None, view=None, cursor="", limit=20):
    view = view or scope(bank, given)
    return heard_page(view, default_policy(), question(text), cursor, limit, ms(100))


def said(turns):
    return [(it.at, it.who, "".join(piece.text for piece in it.said)) for it in turns]


# ------------------------------------------------------------------ one customer


def test_a_question_finds_what_was_said_to_this_customer_newest_first(bank, anna):
    other = bank.add("party", "core", "C2", full_name="Bo")
    say(bank, anna, "1", "The card is gone", day=2)
    say(bank, anna, "2", "Nothing about it", day=3)
    say(bank, other, "3", "A card", day=4)
    say(bank, anna, "4", "CARDS, again: gone!", day=5)
    found = search(bank, anna, "gone card")
    assert [it.text for it in found.items] == ["CARDS, again: gone!", "The card is gone"]
    assert found.next is None


def test_what_was_asked_for_is_marked_in_title_and_text(bank, anna):
    say(bank, anna, "1", "The card is gone", topic="lost card")
    (it,) = search(bank, anna, "card").items
    assert [piece.text for piece in it.found_text if piece.found] == ["card"]
    assert [piece.text for piece in it.found_title if piece.found] == ["card"]
    assert "".join(piece.text for piece in it.found_text) == it.text
    assert "".join(piece.text for piece in it.found_title) == it.title


def test_cases_and_what_was_said_on_a_device_are_found_too(bank, anna):
    device = bank.add("device", "crm", "D1")
    account = bank.add("account", "core", "A1", party=anna, product="card")
    say(bank, None, "1", "card on the phone", day=2, device=device)
    bank.add("interaction", "crm", "3", party=anna, device=device, action="login", happened_at=ms(3))
    bank.add("case", "crm", "2", account=account, topic="dispute", text="card charged twice", opened_at=ms(3))
    assert [it.kind for it in search(bank, anna, "card").items] == ["case", "interaction"]
    assert [it.kind for it in search(bank, anna, "card", kind="case").items] == ["case"]
    assert search(bank, anna, "card", kind="risk").items == ()


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_find_each_conversation_once(bank, anna, limit, monkeypatch):
    monkeypatch.setattr(conversations, "_READ_AT_ONCE", 3)
    monkeypatch.setattr(conversations, "_READ_MOST", 6)
    for number in range(12):
        say(bank, anna, f"n{number}", f"card {number}", source="aml" if number % 4 else "crm", day=2)
    seen, cursor = [], ""
    while cursor is not None:
        page = search(bank, anna, "card", limit=limit, cursor=cursor)
        seen += [it.text for it in page.items]
        cursor = page.next
    assert sorted(seen) == ["card 0", "card 4", "card 8"]


@pytest.mark.parametrize("fields", [HIDDEN, MASKED])
def test_whoever_may_not_see_what_was_said_finds_nothing_by_it(bank, anna, fields):
    moment = say(bank, anna, "1", "The card is gone")
    given = permit(fields=fields)
    page = search(bank, anna, "card", given)
    assert (page.items, page.withheld[0].what) == ((), "search in conversations")
    assert everybody(bank, "card", given).items == ()
    assert everybody(bank, "card", given).withheld
    whole = opened(bank, anna, moment, "card", given)
    assert "card" not in str(said(whole.turns))
    assert whole.withheld[0].what == "what was said"
    assert not any(piece.found for turn in whole.turns for piece in turn.said)


def test_a_text_its_contract_calls_special_is_hidden_where_others_are_shown(bank, anna):
    moment = say(bank, anna, "1", "the illness and the card", topic="health")
    say(bank, anna, "2", "the card", source="core")
    given = permit(fields=FULL | {"special": "hidden"})
    view = Scope(given, Gathered(bank.state), PURPOSES, classes={"crm": {"interaction.text": "special"}})
    assert [it.text for it in search(bank, anna, "card", view=view).items] == ["the card"]
    assert [it.moment.text for it in everybody(bank, "card", view=view).items] == ["the card"]
    assert opened(bank, anna, moment, view=view).turns == ()
    told = timeline_page(view, owned_by(view, [anna], {}), kind="", cursor="", limit=9)
    assert sorted(it.text for it in told.items) == ["", "the card"]


def test_a_closed_source_is_found_by_nothing(bank, anna):
    moment = say(bank, anna, "1", "The card is gone", source="aml")
    assert search(bank, anna, "card").items == ()
    assert len(search(bank, anna, "card", permit("compliance")).items) == 1
    with pytest.raises(NotFound):
        opened(bank, anna, moment)


def test_a_question_without_a_word_is_told(bank):
    assert question("") == ()
    with pytest.raises(CallerError, match="no word"):
        question("- ! a")


# ------------------------------------------------------------------ excerpts and whole documents


def test_a_long_text_is_an_excerpt_that_opens(bank, anna):
    say(bank, anna, "1", LONG)
    (line,) = timeline_page(scope(bank), owned_by(scope(bank), [anna], {}), kind="", cursor="", limit=9).items
    assert line.opens
    assert line.text.startswith("Dear bank, this is a long letter")
    assert len(line.text) <= EXCERPT_CHARACTERS_MAX + 2
    (found,) = search(bank, anna, "zebra").items
    assert "The zebra is here." in found.text


def test_a_short_note_is_all_there_is(bank, anna):
    say(bank, anna, "1", "short")
    (line,) = timeline_page(scope(bank), owned_by(scope(bank), [anna], {}), kind="", cursor="", limit=9).items
    assert (line.text, line.opens) == ("short", False)


def test_a_conversation_opens_to_who_said_what(bank, anna):
    moment = say(bank, anna, "1", TALK, topic="Lost card", participants="Anna, Agent", employee="E7")
    (line,) = timeline_page(scope(bank), owned_by(scope(bank), [anna], {}), kind="", cursor="", limit=9).items
    assert line.text.startswith("Anna: My card is gone\nAgent: Gone?")
    assert line.opens
    whole = opened(bank, anna, moment, "gone")
    assert whole.is_talk
    assert said(whole.turns) == [
        ("0:00:01", "Anna", "My card is gone"),
        ("0:00:04", "Agent", "Gone? It is blocked now"),
        ("1:00:00", "", "bye"),
    ]
    assert [piece.text for turn in whole.turns for piece in turn.said if piece.found] == ["gone", "Gone"]
    assert (whole.participants, whole.employee, whole.topic) == ("Anna, Agent", "E7", "Lost card")


def test_a_letter_opens_to_its_paragraphs(bank, anna):
    moment = say(bank, anna, "1", "Dear bank,\n\nhello\nthere", attachments="a.pdf")
    whole = opened(bank, anna, moment)
    assert not whole.is_talk
    assert said(whole.turns) == [("", "", "Dear bank,"), ("", "", "hello\nthere")]
    assert whole.attachments == "a.pdf"


def test_what_is_nobodys_or_somebody_elses_does_not_open(bank, anna):
    other = bank.add("party", "core", "C2", full_name="Bo")
    theirs = say(bank, other, "1", "secret")
    for moment in (theirs, anna, b"x" * 16, bank.add("consent", "crm", "c", party=anna)):
        with pytest.raises(NotFound, match="no such conversation"):
            opened(bank, anna, moment)


def test_a_deleted_conversation_is_neither_found_nor_opened(bank, anna):
    moment = say(bank, anna, "1", "card")
    bank.delete("interaction", "crm", "1")
    assert search(bank, anna, "card").items == everybody(bank, "card").items == ()
    with pytest.raises(NotFound):
        opened(bank, anna, moment)


# ------------------------------------------------------------------ everybody


def test_customers_are_found_by_what_was_said_with_them(bank, anna):
    bo = bank.add("party", "core", "C2", full_name="Bo Larsen")
    bank.join(bo)
    device = bank.add("device", "crm", "D1")
    bank.add("interaction", "crm", "4", party=bo, device=device, action="login", happened_at=ms(4))
    say(bank, anna, "1", "the card is gone", day=2)
    say(bank, None, "2", "a card on the phone", day=3, device=device)
    say(bank, None, "3", "a card of nobody", day=4)
    found = everybody(bank, "card")
    assert [(it.name, it.moment.text) for it in found.items] == [
        ("Bo Larsen", "a card on the phone"),
        ("Anna Karimova", "the card is gone"),
    ]


def test_a_customer_whose_records_do_not_permit_the_purpose_is_found_by_nothing(bank, anna):
    say(bank, anna, "1", "the card is gone")
    assert everybody(bank, "card", permit("marketing", role="relationship_manager")).items == ()
    bank.add(
        "consent", "crm", "c", party=anna, purpose="marketing", channel="any", fact="granted", given_at=ms(1)
    )
    assert len(everybody(bank, "card", permit("marketing", role="relationship_manager")).items) == 1


def test_a_page_of_customers_goes_on(bank, anna):
    for number in range(5):
        say(bank, anna, f"n{number}", f"card {number}", day=number + 1)
    first = everybody(bank, "card", limit=3)
    second = everybody(bank, "card", limit=3, cursor=first.next)
    assert [it.moment.text for it in (*first.items, *second.items)] == [f"card {n}" for n in (4, 3, 2, 1, 0)]
    assert second.next is None
