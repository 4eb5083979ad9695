"""Products: every way a customer comes to one, each product once."""

from __future__ import annotations

from onefold.gate.products import account_views, holdings_of
from tests.unit.gate.bank import FULL, KEY, Bank, ms, permit, scope


def views(bank: Bank, *parties: bytes, given=None):
    found = scope(bank, given)
    return {it.name: it for it in account_views(found, holdings_of(found, parties).values())}


def a_couple(bank: Bank):
    anna = bank.add("party", "core", "C1")
    boris = bank.add("party", "core", "C2")
    account = bank.add("account", "core", "A1", product="deposit", name="joint", number="1234567890")
    bank.add("holder", "core", "H1", party=anna, account=account, role="owner")
    second = bank.add("holder", "core", "H2", party=boris, account=account, role="authorised")
    return anna, boris, account, second


def test_holders_of_one_account_both_see_it_each_in_his_role():
    bank = Bank()
    anna, boris, _, _ = a_couple(bank)
    assert views(bank, anna)["joint"].role == "owner"
    assert views(bank, boris)["joint"].role == "authorised"
    assert views(bank, boris)["joint"].holders == 2


def test_a_card_belongs_to_its_holder_and_a_loan_to_all_holders_of_its_account():
    bank = Bank()
    anna, boris, account, second = a_couple(bank)
    bank.add("account", "core", "K1", product="card", name="card", holder=second)
    bank.add(
        "account", "core", "L1", product="loan", name="loan", account=account, amount=9_900_00, currency="CZK"
    )
    assert set(views(bank, anna)) == {"joint", "loan"}
    assert set(views(bank, boris)) == {"joint", "loan", "card"}
    assert views(bank, boris)["loan"].amount == "9900.00"
    assert views(bank, boris)["card"].role == "authorised"


def test_a_card_that_names_its_account_as_well_is_shown_to_no_other_holder_but_a_guardian():
    bank = Bank()
    anna, boris, account, second = a_couple(bank)
    clara = bank.add("party", "core", "C3")
    bank.add("holder", "core", "H3", party=clara, account=account, role="guardian")
    bank.add("account", "core", "K1", product="card", name="by holder", account=account, holder=second)
    bank.add("account", "core", "K2", product="card", name="by party", account=account, party=boris)
    bank.add(
        "account", "core", "K3", product="card", name="by both", account=account, holder=second, party=boris
    )
    unknown = KEY.birth_id("core", "holder", "H-that-nobody-stated-yet")
    bank.add("account", "core", "K4", product="card", name="of whom", account=account, holder=unknown)
    cards = {"by holder", "by party", "by both"}
    assert set(views(bank, anna)) == {"joint"}
    assert set(views(bank, boris)) == {"joint", *cards}
    assert set(views(bank, clara)) == {"joint", *cards, "of whom"}


def test_an_account_that_names_its_party_is_owned_by_it():
    bank = Bank()
    anna = bank.add("party", "core", "C1")
    bank.add("account", "crm", "S1", product="subscription", name="line", party=anna)
    assert views(bank, anna)["line"].role == "owner"


def test_two_ways_to_one_account_give_it_once_under_the_stronger_role():
    bank = Bank()
    anna, boris, _, _ = a_couple(bank)
    assert [it.role for it in views(bank, anna, boris).values()] == ["owner"]


def test_movements_are_counted_and_closed_products_come_last():
    bank = Bank()
    anna = bank.add("party", "core", "C1")
    bank.add("account", "core", "A0", product="card", name="old", party=anna, status="closed")
    account = bank.add("account", "core", "A1", product="deposit", name="new", party=anna, status="open")
    for day in (1, 2, 2):
        key = f"{day}{bank.state.offset}"
        bank.add("transaction", "core", key, account=account, booked_at=ms(day), direction="debit", amount=1)
    found = scope(bank)
    shown = account_views(found, holdings_of(found, [anna]).values())
    told = [(it.name, it.transactions, it.moved_on) for it in shown]
    assert told == [("new", 3, "1970-01-03"), ("old", 0, None)]


def test_a_product_of_a_source_that_does_not_allow_the_purpose_is_not_there():
    bank = Bank()
    anna = bank.add("party", "core", "C1")
    bank.add("account", "aml", "W1", product="deposit", name="watched", party=anna)
    assert views(bank, anna) == {}
    assert set(views(bank, anna, given=permit("compliance"))) == {"watched"}


def test_numbers_follow_the_rights_over_account_data():
    bank = Bank()
    anna, _, _, _ = a_couple(bank)
    masked = permit(fields=FULL | {"pci": "masked"})
    hidden = permit(fields=FULL | {"pci": "hidden"})
    assert [views(bank, anna, given=it)["joint"].number for it in (None, masked, hidden)] == [
        "1234567890",
        "•••• 7890",
        "",
    ]
