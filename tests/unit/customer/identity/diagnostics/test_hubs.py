"""Values that stand on many records of several customers."""

from __future__ import annotations

from onefold.customer.identity.diagnostics.columns import SHARED_MOST
from onefold.customer.identity.diagnostics.hubs import hubs_of
from onefold.customer.identity.diagnostics.model import Hub
from tests.diagnosing import said_of

MANY = SHARED_MOST + 1


def people(phones, name="Ann"):
    """A person a phone."""
    return {
        "name": [f"{name} {'abcdefghijklmnopqrst'[it] * 4}" for it in range(len(phones))],
        "phone": phones,
    }


def test_a_phone_of_many_customers_is_a_hub_with_its_records_customers_and_sources():
    one, other = people(["+44 20 7946 0018"] * MANY), people(["020 7946 0018", "5551234567"], "Bob")
    said = said_of({"crm": one, "shop": other}, customers=[*range(MANY - 1), MANY - 2, MANY, MANY + 1])
    assert hubs_of(said) == (Hub("phone", "079460018", MANY + 1, MANY, (0, 1)),)


def test_what_few_share_is_none():
    said = said_of({"crm": people(["5551234567"] * SHARED_MOST)}, customers=range(SHARED_MOST))
    assert hubs_of(said) == ()


def test_the_phone_of_one_customer_with_many_records_is_none():
    assert hubs_of(said_of({"crm": people(["5551234567"] * MANY)}, customers=[0] * MANY)) == ()
