"""A moment is told in words: no code of the canon stands alone, and no word is said of what is hidden."""

from __future__ import annotations

import pytest

from onefold.gate.phrases import PHRASES, plain
from tests.unit.gate.bank import FULL, Bank, permit, scope


def told(entity: str, given=None, **values):
    bank = Bank()
    view = scope(bank, given or permit("compliance"))
    fragment = bank.add(entity, "crm", "1", **values)
    return PHRASES["product" if entity == "account" else entity](view, view.standing([fragment])[fragment])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"action": "login", "channel": "app"}, ("logged in to the mobile app", "")),
        ({"action": "login", "channel": "web"}, ("logged in to the website", "")),
        ({"action": "login"}, ("logged in", "")),
        (
            {"action": "page", "topic": "foreign_cards", "channel": "web"},
            ("looked at “foreign cards” on the website", ""),
        ),
        ({"action": "screen", "channel": "app"}, ("looked at a screen in the mobile app", "")),
        (
            {"action": "usage", "topic": "voice minutes", "quantity": 143, "channel": "call"},
            ("used 143 voice minutes", ""),
        ),
        (
            {"action": "sent", "topic": "autumn-loan", "channel": "email"},
            ("was sent an e-mail: autumn loan", ""),
        ),
        (
            {"action": "opened", "topic": "12-345", "channel": "push"},
            ("opened a push notification", "message 12-345"),
        ),
        ({"action": "clicked", "channel": "sms"}, ("followed a link in an SMS", "")),
        ({"action": "call", "topic": "card", "channel": "call"}, ("phone call: card", "")),
        ({"action": "note", "channel": "branch", "text": "asked"}, ("note at a branch", "asked")),
        ({"action": "transfer", "channel": "kiosk"}, ("transfer by kiosk", "")),
        ({}, ("contact", "")),
    ],
)
def test_what_was_done(values, words):
    assert told("interaction", **values) == words


@pytest.mark.parametrize(
    ("entity", "values", "words"),
    [
        ("case", {"topic": "dispute", "status": "open"}, ("dispute, open", "")),
        ("case", {}, ("case", "")),
        (
            "risk",
            {"kind": "alert", "status": "dismissed", "rule": "FAST-IN-FAST-OUT"},
            ("risk alert, dismissed", "Rule FAST-IN-FAST-OUT"),
        ),
        ("risk", {"kind": "block", "score": 900}, ("block", "Score 900 of 1,000")),
        (
            "consent",
            {"purpose": "marketing", "channel": "sms", "fact": "withdrawn", "evidence": "call 7"},
            ("withdrew consent to marketing by SMS", "Evidence: call 7"),
        ),
        (
            "consent",
            {"purpose": "analytics", "channel": "any", "fact": "objected"},
            ("objected to analytics by any channel", ""),
        ),
        (
            "suppression",
            {"channel": "call", "reason": "wish", "state": "off"},
            ("may be contacted by phone", "By their own wish"),
        ),
        ("suppression", {"state": "on", "reason": "other"}, ("do not contact by any channel", "Other")),
        ("account", {"product": "loan", "name": "Consumer loan"}, ("Consumer loan taken out", "")),
        ("account", {"product": "savings_plan"}, ("savings plan opened", "")),
    ],
)
def test_what_happened(entity, values, words):
    assert told(entity, **values) == words


def test_what_is_hidden_is_not_said():
    hidden = permit("compliance", fields=FULL | {"special": "hidden", "pii": "hidden"})
    assert told("risk", hidden, kind="alert", rule="CASH", score=700) == ("risk alert", "")
    assert told("interaction", hidden, action="note", text="secret") == ("note", "")


def test_that_care_is_asked_for_is_said_to_who_sees_the_person():
    said = {"state": "on", "channel": "call", "reason": "vulnerable"}
    assert told("suppression", **said) == ("do not contact by phone", "To be treated with care")
    masked = permit("marketing", fields=FULL | {"special": "hidden", "pii": "masked"})
    assert told("suppression", masked, **said) == ("do not contact by phone", "")


def test_a_number_keeps_its_signs():
    assert plain("autumn-loan_2") == "autumn loan_2"
    assert plain("12-345") == "12-345"
