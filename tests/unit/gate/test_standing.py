"""What the view tells of consent: the answer for all records, and for how many of them it is a yes."""

from __future__ import annotations

from onefold.gate.dossier import read_dossier
from onefold.gate.model import ConsentView
from onefold.gate.standing import consent_views
from tests.unit.gate.bank import Bank, ms, permit, scope

DAY = 100


def told(*said: tuple[str, str], verified: bool = False) -> ConsentView:
    """What is told of marketing by e-mail, once these records of Anna's two sources said these facts."""
    bank = Bank()
    who = {"national_id": "31201800001234", "birth_date": 3_652, "identifiers_verified": verified}
    parties = {it: bank.add("party", it, "anna", full_name="Anna Karimova", **who) for it in ("core", "crm")}
    anna = bank.join(*parties.values())
    for number, (source, fact) in enumerate(said):
        words = {"purpose": "marketing", "channel": "email", "fact": fact, "given_at": ms(10 + number)}
        bank.add("consent", source, f"{number}", party=parties[source], **words)
    asked = scope(bank, permit("servicing"))
    views = consent_views(read_dossier(asked, anna, ms(DAY)))
    return next(it for it in views if (it.purpose, it.channel) == ("marketing", "email"))


def test_a_yes_of_some_records_is_told_and_is_no_yes():
    line = told(("crm", "granted"))
    assert (line.state, line.granted, line.records) == ("unknown", 1, 2)
    assert (line.source, line.since[:10]) == ("crm", "1970-01-11")


def test_a_yes_of_all_records_is_a_yes():
    line = told(("crm", "granted"), ("core", "granted"))
    assert (line.state, line.granted, line.records) == ("granted", 2, 2)


def test_a_yes_that_reaches_the_others_by_a_verified_identifier_is_theirs_too():
    line = told(("crm", "granted"), verified=True)
    assert (line.state, line.granted) == ("granted", 2)


def test_a_no_of_one_is_the_no_of_all():
    line = told(("core", "granted"), ("crm", "withdrawn"))
    assert (line.state, line.granted, line.source) == ("withdrawn", 0, "crm")
