"""Everything about one customer, and of other people nothing."""

from __future__ import annotations

import msgspec
import pytest

from onefold.customer.profile.rules import default_policy
from onefold.gate.dossier import read_dossier
from onefold.gate.everything import NEVER_TOLD, Everything, everything_of
from tests.unit.gate.bank import FULL, KEY, PURPOSES, Bank, ms, permit, scope

NOW = ms(20_000)
BORIS = ("Boris", "Smirnov", "boris@bank.example", "+998901234567", "C-boris-7")


@pytest.fixture
def bank() -> Bank:
    """Anna, who shares an account with Boris; a child of hers; and what hangs on all of that."""
    bank = Bank()
    anna = bank.add(
        "party",
        "core",
        "C-anna-1",
        full_name="Anna Petrova-Smirnov",
        family_name="Petrova-Smirnov",
        email="anna@bank.example",
        manager="Rustam",
    )
    boris = bank.add(
        "party",
        "core",
        "C-boris-7",
        full_name="Boris Smirnov",
        family_name="Smirnov",
        given_name="Boris",
        email="boris@bank.example",
        phone="+998901234567",
    )
    bank.add("party", "core", "C-child", full_name="Timur Petrov", guardian=anna)
    bank.join(anna)
    own = bank.add("account", "core", "A1", product="deposit", name="savings", number="1111222233334444")
    joint = bank.add("account", "core", "A2", product="deposit", name="of Boris and me", number="99998888")
    theirs = bank.add("account", "core", "A3", product="deposit", name="used", number="5555666677778888")
    bank.add("holder", "core", "H1", party=anna, account=own, role="owner")
    bank.add("holder", "core", "H2", party=anna, account=joint, role="joint")
    second = bank.add("holder", "core", "H3", party=boris, account=joint, role="joint")
    bank.add("holder", "core", "H4", party=boris, account=theirs, role="owner")
    bank.add("holder", "core", "H5", party=anna, account=theirs, role="authorised")
    bank.add("account", "core", "K1", product="card", name="card of the other", account=joint, holder=second)
    unknown = KEY.birth_id("core", "holder", "H-that-nobody-stated-yet")
    bank.add("account", "core", "K2", product="card", name="whose is it", account=joint, holder=unknown)
    bank.add("account", "core", "L1", product="loan", name="loan", account=joint)
    for key, account, text in (
        ("T1", own, "rent"),
        ("T2", joint, "salary of BORIS"),
        ("T3", joint, "bread"),
        ("T4", theirs, "nothing of hers"),
        ("T5", joint, "phone +998901234567"),
        ("T6", joint, "from Smirnov"),
    ):
        bank.add("transaction", "core", key, account=account, booked_at=ms(19_000), direction="credit",
                 amount=100, currency="UZS", text=text)  # fmt: skip
    bank.add("case", "crm", "S1", party=anna, topic="complaint", status="open", text="the card")
    bank.add("case", "crm", "S2", account=joint, topic="dispute", status="open", text="whose is it")
    bank.add("case", "crm", "S3", account=joint, party=boris, topic="dispute", status="open", text="his")
    bank.add("interaction", "crm", "I1", party=anna, channel="branch", action="note", happened_at=ms(19_000),
             text="Came with Boris", employee="Rustam")  # fmt: skip
    bank.add("interaction", "crm", "I2", party=boris, channel="branch", action="note", text="his visit")
    bank.add("risk", "aml", "R1", party=anna, kind="alert", status="open", rule="velocity")
    bank.add("suppression", "aml", "P1", party=anna, channel="any", reason="fraud", state="on")
    bank.add("suppression", "crm", "P2", party=anna, channel="sms", reason="wish", state="on")
    bank.add("consent", "crm", "O1", party=anna, purpose="marketing", channel="email", fact="granted",
             given_at=ms(18_000), evidence="form 7")  # fmt: skip
    phone = bank.add("device", "crm", "D1", party=anna, platform="ios")
    other = bank.add("device", "crm", "D2", party=boris, platform="android")
    bank.add("interaction", "crm", "V1", device=phone, channel="app", action="login")
    bank.add("interaction", "crm", "V3", device=phone, party=boris, channel="app", action="login")
    bank.add("interaction", "crm", "V2", device=other, channel="app", action="login")
    return bank


def told(bank: Bank, key: str = "C-anna-1", fields: dict[str, str] | None = None) -> Everything:
    given = permit("compliance", role="privacy_officer", fields=fields)
    found = scope(bank, given)
    dossier = read_dossier(found, KEY.birth_id("core", "party", key), NOW)
    everything, _ = everything_of(found, dossier, default_policy(PURPOSES.trusted()), NOW)
    return everything


def keys(found: Everything) -> dict[str, set[str]]:
    by_entity: dict[str, set[str]] = {}
    for it in found.records:
        by_entity.setdefault(it.entity, set()).add(it.key)
    return by_entity


def test_every_record_of_the_customer_is_told_and_none_of_anybody_else(bank):
    assert keys(told(bank)) == {
        "party": {"C-anna-1"},
        "account": {"A1", "A2", "L1"},
        "holder": {"H1", "H2", "H5"},
        "transaction": {"T1", "T2", "T3", "T5", "T6"},
        "case": {"S1"},
        "interaction": {"I1", "V1"},
        "suppression": {"P2"},
        "consent": {"O1"},
        "device": {"D1"},
    }


def test_no_word_of_another_holder_stands_anywhere_in_it(bank):
    found = told(bank)
    text = msgspec.json.encode(found).decode()
    for word in BORIS:
        if word != "Smirnov":  # She bears it, too.
            assert word.casefold() not in text.casefold(), word
    assert "Timur" not in text
    assert "Rustam" not in text
    records = {it.key: it for it in found.records}
    assert records["T2"].withheld == ("text",)
    assert "text" in records["T5"].withheld
    assert records["T6"].values["text"] == "from Smirnov"
    assert records["A2"].withheld == ("name",)
    assert records["T3"].values["text"] == "bread"
    left_out = {it.what for it in found.withheld}
    assert "4 texts that name other people" in left_out
    assert "1 records on shared accounts that do not say whose they are" in left_out
    assert "1 products on shared accounts that do not say whose they are" in left_out


def test_another_holder_is_known_in_another_script_and_by_two_letters():
    bank = Bank()
    anna = bank.add("party", "core", "C-anna-1", full_name="Anna Smirnova")
    bank.join(anna)
    li = bank.add("party", "core", "C-li", full_name="Li Timur")
    account = bank.add("account", "core", "A1", product="deposit")
    for key, whose in (("H1", anna), ("H2", li)):
        bank.add("holder", "core", key, party=whose, account=account, role="joint")
    for key, text in {
        "T1": "от Тимура и Ли",
        "T2": "Оплата Ли",
        "T3": "есть ли чек",
        "T4": "Смирнова",
    }.items():
        bank.add("transaction", "core", key, account=account, booked_at=ms(19_000), direction="credit",
                 amount=100, currency="UZS", text=text)  # fmt: skip
    records = {it.key: it for it in told(bank).records}
    assert {it for it in ("T1", "T2", "T3", "T4") if records[it].withheld} == {"T1", "T2"}


def test_a_card_on_an_account_of_nobody_else_is_told_whatever_became_of_its_holder():
    bank = Bank()
    anna = bank.add("party", "core", "C-anna-1", full_name="Anna Smirnova")
    bank.join(anna)
    account = bank.add("account", "core", "A1", product="deposit", name="savings")
    bank.add("holder", "core", "H0", party=anna, account=account, role="owner")
    former = bank.add("holder", "core", "H1", party=anna, account=account, role="owner")
    foreign = bank.add("holder", "closed", "H2", party=anna, account=account, role="owner")
    bank.delete("holder", "core", "H1")
    bank.add(
        "account",
        "core",
        "K1",
        product="card",
        name="of a holder that is gone",
        account=account,
        holder=former,
    )
    bank.add(
        "account", "core", "K2", product="card", name="of a foreign one", account=account, holder=foreign
    )
    assert keys(told(bank))["account"] == {"A1", "K1", "K2"}


def test_whether_there_are_alerts_is_not_told(bank):
    text = msgspec.json.encode(told(bank)).decode()
    assert "velocity" not in text
    nothing = Bank()
    nothing.join(nothing.add("party", "core", "C-anna-1", full_name="Anna"))
    for it in (told(bank), told(nothing)):
        assert set(NEVER_TOLD) <= set(it.withheld)


def test_every_record_says_who_said_it_and_when_and_every_value_of_the_profile_where_it_is_from(bank):
    found = told(bank)
    assert all(it.source and it.said_at for it in found.records)
    assert found.profile["email"].source == "core"
    assert "manager" not in found.profile
    assert found.name == "Anna Petrova-Smirnov"


def test_what_the_permit_hides_is_hidden_and_named(bank):
    found = told(bank, fields=FULL | {"pci": "hidden"})
    movement = next(it for it in found.records if it.entity == "transaction")
    assert "amount" in movement.withheld
    assert "amount" not in movement.values
    assert movement.key == ""


def test_who_acts_for_a_child_is_not_told_to_whoever_asks_for_the_child(bank):
    bank.join(KEY.birth_id("core", "party", "C-child"))
    text = msgspec.json.encode(told(bank, "C-child")).decode()
    assert "Timur" in text
    for word in ("Anna", KEY.birth_id("core", "party", "C-anna-1").hex()):
        assert word not in text


def test_that_a_relation_is_kept_is_told_from_either_end_and_not_to_whom(bank):
    anna, boris = (KEY.birth_id("core", "party", it) for it in ("C-anna-1", "C-boris-7"))
    home = bank.add("household", "core", "HH1", name="Family of Boris Smirnov")
    bank.add("relation", "core", "C-anna-1 C-boris-7", party=anna, other=boris, kind="spouse", since_on=9_000)
    bank.add("relation", "core", "R2", party=boris, other=anna, kind="attorney", title="wife of Boris")
    bank.add("relation", "core", "R3", party=anna, household=home, kind="household")
    bank.add("relation", "core", "R4", party=boris, household=home, kind="household")
    bank.add("relation", "core", "R5", party=boris, other=KEY.birth_id("core", "party", "C9"), kind="parent")
    bank.add("relation", "aml", "R6", party=anna, other=boris, kind="beneficial_owner")
    found = told(bank)
    relations = {it.id: it for it in found.records if it.entity == "relation"}
    kinds = sorted(str(it.values["kind"]) for it in relations.values())
    assert kinds == ["attorney", "beneficial_owner", "household", "spouse"]
    spouse = next(it for it in relations.values() if it.values["kind"] == "spouse")
    assert (spouse.key, spouse.values["since_on"]) == ("", "1994-08-23")
    [household] = [it for it in found.records if it.entity == "household"]
    assert (household.withheld, household.values) == (("name",), {})
    text = msgspec.json.encode(found).decode()
    for word in ("boris", boris.hex()):
        assert word not in text.casefold()


def test_a_customer_who_holds_nothing_with_anybody_is_told_everything():
    bank = Bank()
    anna = bank.join(bank.add("party", "core", "C1", full_name="Anna Petrova"))
    card = bank.add("account", "core", "K1", product="card", name="card", party=anna)
    bank.add("case", "crm", "S1", account=card, topic="dispute", status="open", text="about Boris")
    assert keys(told(bank, "C1")) == {"party": {"C1"}, "account": {"K1"}, "case": {"S1"}}
