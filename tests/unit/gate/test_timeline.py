"""The timeline: one story of everything that leads to a customer, each moment once, newest first."""

from __future__ import annotations

import pytest

from onefold.gate.owning import owned_by
from onefold.gate.products import holdings_of
from onefold.gate.timeline import KINDS, timeline_page
from onefold.kernel.errors import CallerError
from tests.unit.gate.bank import FULL, Bank, ms, permit, scope


@pytest.fixture
def bank():
    return Bank()


@pytest.fixture
def anna(bank):
    return bank.add("party", "core", "C1", full_name="Anna")


def page(bank, party, given=None, *, kind="", cursor="", limit=50):
    view = scope(bank, given)
    held = holdings_of(view, [party])
    return timeline_page(view, owned_by(view, [party], held), kind=kind, cursor=cursor, limit=limit)


def titles(bank, party, given=None, **asked):
    return [it.title for it in page(bank, party, given, **asked).items]


def a_life(bank, anna):
    account = bank.add("account", "core", "A1", product="deposit", name="plus", party=anna, opened_on=1)
    device = bank.add("device", "crm", "D1")
    bank.add(
        "interaction",
        "crm",
        "1",
        party=anna,
        action="note",
        channel="branch",
        happened_at=ms(2),
        text="hello",
    )
    bank.add("interaction", "crm", "0", device=device, action="page", topic="loans", happened_at=ms(2, 23))
    bank.add(
        "interaction", "crm", "2", party=anna, device=device, action="login", channel="app", happened_at=ms(3)
    )
    bank.add("case", "crm", "3", party=anna, topic="dispute", status="open", opened_at=ms(4))
    bank.add("case", "crm", "4", account=account, topic="request", status="closed", opened_at=ms(5))
    bank.add(
        "consent", "crm", "5", party=anna, purpose="marketing", channel="sms", fact="granted", given_at=ms(6)
    )
    bank.add(
        "suppression", "crm", "6", party=anna, channel="email", reason="wish", state="on", since_at=ms(7)
    )
    bank.add("risk", "aml", "7", party=anna, kind="alert", status="open", score=700, raised_at=ms(8))


STORY = [
    "Do not contact by e-mail",
    "Agreed to marketing by SMS",
    "Request, closed",
    "Dispute, open",
    "Logged in to the mobile app",
    "Looked at “loans”",
    "Note at a branch",
    "Plus opened",
]


def test_everything_that_leads_to_the_customer_is_told_newest_first(bank, anna):
    a_life(bank, anna)
    assert titles(bank, anna) == STORY


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 9])
def test_pages_tell_the_same_story(bank, anna, limit):
    a_life(bank, anna)
    told, cursor = [], ""
    while cursor is not None:
        part = page(bank, anna, cursor=cursor, limit=limit)
        told += [it.title for it in part.items]
        cursor = part.next
    assert told == STORY


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone_is_that_part_of_the_story(bank, anna, kind):
    a_life(bank, anna)
    whole = [it.title for it in page(bank, anna).items if it.kind == kind]
    assert titles(bank, anna, kind=kind) == whole


def test_what_a_closed_source_says_is_not_told_but_to_who_may(bank, anna):
    a_life(bank, anna)
    assert "Risk alert, open" not in titles(bank, anna)
    officer = page(bank, anna, permit("compliance"), kind="risk").items
    assert [(it.title, it.text) for it in officer] == [("Risk alert, open", "Score 700 of 1,000")]
    hidden = permit("compliance", fields=FULL | {"special": "hidden"})
    assert [it.text for it in page(bank, anna, hidden, kind="risk").items] == [""]


def test_a_moment_that_leads_here_two_ways_is_told_once(bank, anna):
    device = bank.add("device", "crm", "D1", party=anna)
    bank.add("interaction", "crm", "1", party=anna, device=device, action="login", happened_at=ms(2))
    assert len(page(bank, anna).items) == 1


def test_what_was_said_follows_the_rights_over_personal_data(bank, anna):
    a_life(bank, anna)
    masked = permit(fields=FULL | {"pii": "masked"})
    hidden = permit(fields=FULL | {"pii": "hidden"})
    told = [page(bank, anna, it, kind="interaction").items[-1].text for it in (None, masked, hidden)]
    assert told == ["hello", "•••", ""]


def test_moments_of_one_instant_do_not_get_lost_between_pages(bank, anna):
    for number in range(9):
        bank.add("interaction", "crm", f"n{number}", party=anna, action=f"step {number}", happened_at=ms(2))
    first = page(bank, anna, limit=4)
    second = page(bank, anna, limit=50, cursor=first.next)
    assert len({it.id for it in (*first.items, *second.items)}) == 9


def test_a_product_is_opened_on_a_day_and_everything_else_at_an_instant(bank, anna):
    a_life(bank, anna)
    told = {it.kind: it.at for it in page(bank, anna).items}
    assert told["product"] == "1970-01-02"
    assert all("T" in at for kind, at in told.items() if kind != "product")


def test_a_kind_that_does_not_exist_is_told(bank, anna):
    with pytest.raises(CallerError, match="kind of moment"):
        page(bank, anna, kind="gossip")
